"""Every key of the chat screen, once: what it does and where, for the bindings, the key line and the help."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding

FIRST = ("ctrl+c", "ctrl+q", "tab", "shift+tab")
WHERE = {"app": "anywhere", "prompt": "prompt", "transcript": "transcript", "reader": "article"}


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the help, and the bindings behind it: (keys, action) pairs."""

    where: str
    name: str  # as the help writes it
    does: str
    bound: tuple[tuple[str, str], ...] = ()


def _each(names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"open('{name}')") for name in names)


_TABS = (("tab", "focus_next"), ("shift+tab", "focus_previous"))
KEYS = (
    Key("prompt", "Enter", "ask"),  # handled with the letters before it, in the order typed
    Key("prompt", "ctrl+j, shift+enter", "new line", (("ctrl+j,shift+enter", "new_line"),)),
    Key(
        "prompt", "PageUp, PageDown", "scroll the transcript", (("pageup", "app.page(-1)"), ("pagedown", "app.page(1)"))
    ),
    Key("prompt", "↑, ↓", "choose a sample question, before the first turn"),
    Key("app", "Esc", "stop the answer, else close the article, else to the prompt", (("escape", "back"),)),
    Key(
        "app", "Tab, shift+Tab", "prompt, transcript, article", (("tab", "focus_next"), ("shift+tab", "focus_previous"))
    ),
    Key("app", "ctrl+n", "new conversation", (("ctrl+n", "new"),)),
    Key("app", "ctrl+c", "copy the selection", (("ctrl+c", "copy_or_tell"),)),
    Key("app", "ctrl+q", "quit", (("ctrl+q", "quit"),)),
    Key("app", "F1", "these keys", (("f1", "help"),)),
    Key("transcript", "1–9", "open the footnote of the chosen answer; a click on [2] does too", _each("123456789")),
    Key("transcript", "a–c", "open a closest passage", _each("abc")),
    Key("transcript", "↑, ↓ or k, j", "choose an answer", (("up,k", "choose(-1)"), ("down,j", "choose(1)"))),
    Key("transcript", "PageUp, PageDown", "scroll", (("pageup", "app.page(-1)"), ("pagedown", "app.page(1)"))),
    Key("transcript", "Home", "to the beginning; again for earlier turns", (("home", "top"),)),
    Key("transcript", "End", "to the end, and follow it", (("end", "follow"),)),
    Key("transcript", "r", "ask the chosen question again", (("r", "app.again"),)),
    Key("transcript", "p", "pin the chosen answer as an eval case", (("p", "app.pin"),)),
    Key("reader", "n, p", "next, previous footnote", (("n", "app.step(1)"), ("p", "app.step(-1)"))),
    Key("reader", "1–9, a–c", "another footnote or passage", _each("123456789abc")),
    Key("reader", "↑, ↓, PageUp, PageDown, Home, End", "scroll"),
)


def bindings(where: str) -> list[Binding]:
    """The bindings of one part of the screen.

    Some come before the widget that has the focus: what a text field would take for itself, and Tab, so that a key
    typed right after it goes to the new place.
    """
    return [
        Binding(keys, action, key.does, show=False, priority=where == "prompt" or keys in FIRST)
        for key in KEYS
        if key.where == where
        for keys, action in key.bound
    ]


def line(where: str, *, asking: bool, reading: bool) -> list[tuple[str, str]]:
    """The most useful keys at this moment: (key, what it does)."""
    told = {
        "prompt": [("⏎", "Ask"), ("^j", "Line"), ("tab", "Read")],
        "transcript": [("1-9", "Quote"), ("↑↓", "Answer"), ("r", "Again"), ("tab", "Ask")],
        "reader": [("n/p", "Footnote"), ("↑↓", "Scroll"), ("tab", "Ask")],
    }[where]
    if asking:
        told.append(("esc", "Stop"))
    elif reading or where != "prompt":
        told.append(("esc", "Back"))
    return [*told, ("^n", "New"), ("F1", "Help"), ("^q", "Quit")]
