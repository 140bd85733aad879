"""Every key of the chat, once: its action and its place, for the bindings, the key line and the help."""

from dataclasses import dataclass

from textual.binding import Binding, BindingType

# Keys bound ahead of the focused widget, so that a key typed right after Tab goes to the new place.
FIRST = ("ctrl+c", "ctrl+q", "tab", "shift+tab")
# The ids of the parts that bind keys, each with its heading in the help.
PARTS = {"chat": "anywhere", "app": "anywhere", "prompt": "prompt", "transcript": "transcript", "reader": "article"}


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the help, and the bindings behind it: (keys, action) pairs."""

    part: str
    name: str  # the keys as the help writes them
    does: str
    bound: tuple[tuple[str, str], ...] = ()


def _each(names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"screen.open('{name}')") for name in names)


_PAGES = (("pageup", "screen.page(-1)"), ("pagedown", "screen.page(1)"))
_TABS = (("tab", "app.focus_next"), ("shift+tab", "app.focus_previous"))
KEYS = (
    Key("prompt", "Enter", "ask"),  # the prompt handles these two itself, in the order typed
    Key("prompt", "ctrl+j, shift+enter", "new line"),
    Key("prompt", "PageUp, PageDown", "scroll the transcript", _PAGES),
    Key("prompt", "↑, ↓", "choose a sample question, before the first turn"),
    Key("chat", "Esc", "stop the answer, else close the article, else to the prompt", (("escape", "back"),)),
    Key("chat", "Tab, shift+Tab", "prompt, transcript, article", _TABS),
    Key("chat", "ctrl+n", "new conversation", (("ctrl+n", "new"),)),
    Key("app", "ctrl+c", "copy the selection", (("ctrl+c", "copy"),)),
    Key("app", "ctrl+q", "quit", (("ctrl+q", "quit"),)),
    Key("app", "F1", "these keys", (("f1", "help"),)),
    Key("transcript", "1–9", "open the footnote of the chosen answer; a click on [2] does too", _each("123456789")),
    Key("transcript", "a–c", "open a closest passage", _each("abc")),
    Key("transcript", "↑, ↓ or k, j", "choose an answer", (("up,k", "choose(-1)"), ("down,j", "choose(1)"))),
    Key("transcript", "PageUp, PageDown", "scroll", _PAGES),
    Key("transcript", "Home", "to the beginning; again for earlier turns", (("home", "top"),)),
    Key("transcript", "End", "to the end, and follow it", (("end", "follow"),)),
    Key("transcript", "r", "ask the chosen question again", (("r", "screen.again"),)),
    Key("transcript", "p", "pin the chosen answer as an eval case", (("p", "screen.pin"),)),
    Key("reader", "n, p", "next, previous footnote", (("n", "screen.step(1)"), ("p", "screen.step(-1)"))),
    Key("reader", "1–9, a–c", "another footnote or passage", _each("123456789abc")),
    Key("reader", "↑, ↓, PageUp, PageDown, Home, End", "scroll"),
)


def bindings(part: str) -> list[BindingType]:
    """The bindings of one part; those of the prompt come before the text field's own."""
    return [
        Binding(keys, action, key.does, show=False, priority=part == "prompt" or keys in FIRST)
        for key in KEYS
        if key.part == part
        for keys, action in key.bound
    ]


def line(part: str, *, asking: bool, reading: bool) -> list[tuple[str, str]]:
    """The most useful keys of the moment with their actions, for the line at the bottom."""
    hints = {
        "prompt": [("⏎", "Ask"), ("^j", "Line"), ("tab", "Read")],
        "transcript": [("1-9", "Quote"), ("↑↓", "Answer"), ("r", "Again"), ("tab", "Ask")],
        "reader": [("n/p", "Footnote"), ("↑↓", "Scroll"), ("tab", "Ask")],
    }[part]
    if asking:
        hints.append(("esc", "Stop"))
    elif reading or part != "prompt":
        hints.append(("esc", "Back"))
    return [*hints, ("^n", "New"), ("F1", "Help"), ("^q", "Quit")]
