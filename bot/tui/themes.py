"""The themes of the chat: dark and light of its own, and two that take the terminal's own colours.

Beside Textual's, each has the colours that the chat gives a meaning: `muted` for what stands beside the text, `cite`
for footnote numbers, `good`, `caution` and `fault` for states and warnings, `rule` for lines. Colour alone
tells nothing.
"""

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

MEANINGS = ("muted", "cite", "good", "caution", "fault", "rule")


def _own(name: str, *, dark: bool, foreground: str, grounds: tuple[str, str, str], bar: str, **meanings: str) -> Theme:
    """A theme whose scrollbars are seen against the background; `grounds` are background, surface and panel."""
    background, surface, panel = grounds
    bars = {f"scrollbar{state}": bar for state in ("", "-hover", "-active")}
    tracks = {f"scrollbar-{part}": background for part in ("background", "background-hover", "background-active")}
    return Theme(
        name, primary=meanings["cite"], accent=meanings["cite"], warning=meanings["caution"], error=meanings["fault"],
        success=meanings["good"], foreground=foreground, background=background, surface=surface, panel=panel, dark=dark,
        variables={
            **meanings, **bars, **tracks, "scrollbar-corner-color": background, "text-muted": meanings["muted"],
            "block-cursor-foreground": background, "block-cursor-background": meanings["cite"],
            "block-cursor-blurred-foreground": background, "block-cursor-blurred-background": meanings["cite"],
        },
    )  # fmt: skip


def _of_the_terminal(name: str) -> Theme:
    """Textual's theme of that name with our meanings."""
    theme = BUILTIN_THEMES[name]
    meanings = {
        "muted": "dim", "cite": theme.primary, "good": "ansi_green", "caution": theme.warning or "ansi_yellow",
        "fault": "ansi_red", "rule": "ansi_default",
    }  # fmt: skip
    return replace(theme, variables={**theme.variables, **meanings})


DARK = _own(
    "dark", dark=True, foreground="#e6e3dc", grounds=("#14161a", "#1b1e24", "#23272f"), bar="#8a919c", rule="#7b828c",
    muted="#a3a8b0", cite="#6cb6ff", good="#7fd493", caution="#f0b84c", fault="#ff8b80",
)  # fmt: skip
LIGHT = _own(
    "light", dark=False, foreground="#1d1f21", grounds=("#faf8f3", "#f3f0e8", "#e9e5da"), bar="#77736a", rule="#807c72",
    muted="#595e65", cite="#0b57a4", good="#1a6b33", caution="#7d5000", fault="#b3261e",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (DARK, LIGHT, *map(_of_the_terminal, ("ansi-dark", "ansi-light")))}
