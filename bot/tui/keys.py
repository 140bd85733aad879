"""Every key and command of the chat, once: for the bindings, the key line, the help and the slash commands.

Typing is never a command: of the printable keys only those act that `acts` names, all others reach the prompt.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from textual.binding import Binding, BindingType

# Keys bound ahead of the focused widget, so that a key typed right after Tab goes to the new place.
FIRST = ("ctrl+c", "ctrl+q", "ctrl+f", "ctrl+z", "tab", "shift+tab")
# The ids of the parts that bind keys, each with its heading in the help.
ANYWHERE = "anywhere"
PARTS = {
    "prompt": "prompt", "chat": ANYWHERE, "app": ANYWHERE, "transcript": "answers", "reader": "open article",
    "find": "find", "list": "lists", "sessions": "saved conversations", "browse": "all articles",
}  # fmt: skip
DIGITS, LETTERS = "123456789", "abcdefghi"
_WAYS = {"1": "_next", "-1": "_previous"}  # what an action is given, as its name in the settings ends
_CHANGES = re.compile(r"ctrl\+|alt\+|f\d|(?:[a-z]|slash|space)(?:,|$)")  # the keys that the settings may change
_SPELLED = {"slash": "/", "ctrl+end": "ctrl+End"}


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the help, its bindings as (keys, action) pairs, and the slash command that does the same."""

    part: str
    name: str  # the keys as the help writes them; "" for a slash command without keys
    does: str
    bound: tuple[tuple[str, str], ...] = ()
    slash: str = ""  # its name without the slash
    takes: str = ""  # what stands behind it
    action: str = ""  # of a slash command without a key

    @property
    def written(self) -> str:
        """The slash command as one types it: "/since DATE"; "" if there is none."""
        return f"/{self.slash} {self.takes}".rstrip() if self.slash else ""

    @property
    def named(self) -> Iterator[tuple[str, str, str]]:
        """Each of `bound` with the name by which the settings give it another key, "" where it always stays."""
        for keys, action in self.bound:
            deed, _, way = action.rpartition(".")[2].rstrip(")").partition("(")
            own = f"{self.part}_{deed}{_WAYS.get(way, '')}"
            yield keys, action, (self.slash or own) if _CHANGES.match(keys) and "'" not in way else ""

    @property
    def runs(self) -> str:
        """The action of the slash command; what stands behind the command is handed to it if it takes anything."""
        action = self.action or self.bound[0][1]
        return f"app.{action}" if self.part == "app" else action


def _each(names: str, modifier: str = "") -> tuple[tuple[str, str], ...]:
    focus = not modifier  # with a modifier the prompt keeps the focus
    return tuple((f"{modifier}{name}", f"screen.open('{name}', {focus})") for name in names)


_PAGES = (("pageup", "screen.page(-1)"), ("pagedown", "screen.page(1)"))
_TABS = (("tab", "screen.tab(1)"), ("shift+tab", "screen.tab(-1)"))
TABLE = (
    Key("prompt", "Enter", "ask"),  # the prompt handles these two itself, in the order typed
    Key("prompt", "ctrl+j", "new line"),
    Key("prompt", "PgUp, PgDn", "scroll", _PAGES),
    Key("prompt", "↑, ↓", "earlier questions"),
    Key("prompt", "ctrl+g", "question in $EDITOR", (("ctrl+g", "screen.editor"),), "editor"),
    Key("chat", "Esc", "close, else stop", (("escape", "back"),)),
    Key("chat", "Tab", "next part; complete", _TABS),
    Key("chat", "alt+1–9", "open a footnote", _each(DIGITS, "alt+"), "open", "NUMBER", "open"),
    Key("chat", "alt+n, alt+p", "next, earlier one", (("alt+n", "step(1)"), ("alt+p", "step(-1)"))),
    Key("chat", "alt+o", "open the original", (("alt+o", "original"),), "original"),
    Key("chat", "alt+y", "copy quote, or answer", (("alt+y", "copy_quote"),), "copy"),
    Key("chat", "alt+Y", "copy the answer alone", (("alt+shift+y", "copy_answer"),), "copytext"),
    Key("chat", "alt+m", "mark checked,wrong,use", (("alt+m", "next_mark"),), "mark", "WORD", "mark"),
    Key("chat", "alt+t", "ask only this article", (("alt+t", "only"),), "only"),
    Key("chat", "alt+x", "export to a file", (("alt+x", "export"),), "export", "FILE", "export"),
    Key("chat", "alt+e", "edit the full question", (("alt+e", "standalone"),), "standalone"),
    Key("chat", "ctrl+r", "ask it again", (("ctrl+r", "retry"),), "retry"),
    Key("chat", "", "what is new since", slash="again", action="again"),
    Key("chat", "alt+l", "log: why it failed", (("alt+l", "log"),), "log"),
    Key("chat", "alt+r", "edit in a new chat", (("alt+r", "edit"),), "edit"),
    Key("chat", "ctrl+s", "saved conversations", (("ctrl+s", "sessions"),), "sessions"),
    Key("chat", "ctrl+b", "all articles", (("ctrl+b", "browse"),), "browse"),
    Key("chat", "ctrl+f", "find in the answers", (("ctrl+f", "find"),), "find"),
    Key("chat", "ctrl+n", "new conversation", (("ctrl+n", "new"),), "new"),
    Key("chat", "ctrl+End", "to the end", (("ctrl+end", "follow"),)),
    Key("chat", "", "its course in time", slash="timeline", takes="WHAT", action="timeline"),
    Key("chat", "", "articles from that day", slash="since", takes="DATE", action="since"),
    Key("chat", "", "articles to that day", slash="until", takes="DATE", action="until"),
    Key("chat", "", "only that outlet", slash="outlet", takes="NAME", action="outlet"),
    Key("chat", "", "only article or folder", slash="in", takes="ID", action="within"),
    Key("chat", "", "what counts as today", slash="asof", takes="DATE", action="asof"),
    Key("chat", "", "undated ones, or not", slash="undated", action="undated"),
    Key("chat", "alt+u", "drop the last filter", (("alt+u", "drop_filter"),), "drop"),
    Key("chat", "", "all articles again", slash="all", action="all"),
    Key("chat", "", "add articles; or stop", slash="ingest", takes="PATH", action="ingest"),
    Key("chat", "", "another corpus", slash="corpus", takes="NAME", action="corpus"),
    Key("chat", "", "another model", slash="model", takes="NAME", action="model"),
    Key("chat", "", "other colours", slash="theme", takes="NAME", action="theme"),
    Key("chat", "", "answer → eval case", slash="pin", action="pin"),
    Key("app", "ctrl+c", "copy the selection", (("ctrl+c", "copy"),)),
    Key("app", "ctrl+q", "quit", (("ctrl+q", "quit"),), "quit"),
    Key("app", "ctrl+p", "every command", (("ctrl+p", "command_palette"),)),
    Key("app", "F1", "these keys", (("f1", "help"),), "help"),
    Key("transcript", "1–9", "open a footnote", _each(DIGITS)),
    Key("transcript", "a–i", "open a passage", _each(LETTERS)),
    Key("transcript", "l", "log of a failed answer", (("l", "screen.log"),)),
    Key("transcript", "↑, ↓", "choose an answer", (("up", "choose(-1)"), ("down", "choose(1)"))),
    Key("transcript", "PgUp, PgDn", "scroll", _PAGES),
    Key("transcript", "Home", "top; again for earlier", (("home", "top"),)),
    Key("transcript", "End", "end, and follow it", (("end", "screen.follow"),)),
    Key("reader", "n, p", "next, earlier footnote", (("n", "screen.step(1)"), ("p", "screen.step(-1)"))),
    Key("reader", "1–9, a–i", "another one", _each(f"{DIGITS}{LETTERS}")),
    Key("reader", "o", "open the original", (("o", "screen.original"),)),
    Key("reader", "y", "copy with reference", (("y", "screen.copy_quote"),)),
    Key("reader", "m", "mark checked,wrong,use", (("m", "screen.next_mark"),)),
    Key("reader", "t", "ask only this article", (("t", "screen.only"),)),
    Key("reader", "/", "find in the article", (("slash", "screen.find_here"),)),
    Key("reader", "↑, ↓, Home", "scroll"),
    Key("find", "Enter, ↓", "next match", (("down", "screen.found(1)"),)),
    Key("find", "⇧Enter, ↑", "match before", (("up,shift+enter", "screen.found(-1)"),)),
    Key("list", "letters", "search the list"),
    Key("list", "↑, ↓", "choose a row", (("up", "row(-1)"), ("down", "row(1)"))),
    Key("list", "PgUp, PgDn", "a page up, down", (("pageup", "page(-1)"), ("pagedown", "page(1)"))),
    Key("list", "Home, End", "first, last row", (("home", "row(-1000000)"), ("end", "row(1000000)"))),
    Key("list", "Enter", "open the chosen row", (("enter", "choose"),)),
    Key("list", "Tab", "search field ↔ rows"),
    Key("list", "Esc", "back to the chat", (("escape", "dismiss"),)),
    Key("sessions", "F2", "rename it", (("f2", "rename"),)),
    Key("sessions", "d", "delete it; asks first", (("d,delete", "delete"),)),
    Key("sessions", "ctrl+z", "undo the last deletion", (("ctrl+z", "undo"),)),
    Key("sessions", "x", "write it to a file", (("x", "export"),)),
    Key("browse", "Space", "tick: ask only these", (("space", "tick"),)),
    Key("browse", "ctrl+o", "by day, by outlet", (("ctrl+o", "order"),)),
)
KEYS = list(TABLE)
"""The table with the keys in force, which `bot/tui/keymap.py` changes."""
IN_FORCE = {name: keys for key in TABLE for keys, _, name in key.named if name}
"""The same keys by the names that the settings have for their commands."""
ALT = {name for key in KEYS for names, _ in key.bound for name in names.split(",") if name.startswith("alt+")}
COMMANDS = {key.slash: key for key in sorted(KEYS, key=lambda key: bool(key.name)) if key.slash}
"""By their names; those that no key gives come first."""
WITHOUT = ("ingest", "theme", "help", "quit")
"""The commands that act without a corpus."""
READER = (("original", "open"), ("copy_quote", "copy"), ("next_mark", "mark"), ("only", "only this"))
"""The actions that stand in the head of an open article, each with what it does."""


def matching(text: str) -> list[Key]:
    """The commands that a text may become which begins with a slash; none once its name is whole and more follows."""
    name, space, _ = text[1:].partition(" ")
    if not text.startswith("/") or "\n" in text or space:
        return []
    return [key for word, key in COMMANDS.items() if word.startswith(name.casefold())]


def acts(part: str, key: str, quotes: Collection[str], *, failed: bool) -> bool:
    """Whether a printable key is a command in a part of the screen; `quotes` are the names that can be opened there.

    Digits always act there, letters where they name a passage, where an article is open or the answer has `failed`.
    """
    if part not in ("transcript", "reader"):
        return False
    own = letters(part) - {*LETTERS} if part == "reader" or failed else DIGITS
    return key in own or key in quotes


def first(part: str, key: str) -> bool:
    """Whether a key is bound ahead of the focused widget; in a list those that lead from the field to the rows."""
    if part == "prompt":
        return key != "ctrl+g"  # which takes the text with all that was typed before it
    return key in FIRST or key.startswith("alt+") or (part == "list" and key in ("up", "down"))


def bindings(part: str) -> list[BindingType]:
    """The bindings of one part; those of the prompt and with alt come before the text field's own keys."""
    return [
        Binding(keys, action, key.does, show=False, priority=first(part, keys), id=name or None)
        for key in TABLE
        if key.part == part
        for keys, action, name in key.named
    ]


def hint(name: str, *, short: bool = False) -> str:
    """The key in force of a command, as it is written in a sentence or, `short`, in the line at the bottom."""
    keys = IN_FORCE[name].partition(",")[0]
    return spelled(keys).replace("ctrl+", "^") if short else spelled(keys)


def spelled(keys: str) -> str:
    return _SPELLED.get(keys, keys.upper() if re.fullmatch(r"f\d+", keys) else keys)


def reader_keys(*, focused: bool) -> list[tuple[str, str, str]]:
    """The keys of an open article as they act where the focus is: key, what it does, action.

    Without the focus all want alt, which is written once.
    """
    at = "reader" if focused else "chat"
    bound = {action.rpartition(".")[2]: keys for key in KEYS if key.part == at for keys, action in key.bound}
    told = [(spelled(bound[action]), does, action) for action, does in READER]
    if focused or not all(key.startswith("alt+") for key, _, _ in told):
        return told
    return [(f"alt+ {told[0][0][4:]}", *told[0][1:]), *((key[4:], does, action) for key, does, action in told[1:])]


def line(part: str, quotes: Collection[str], *, asking: bool, reading: bool, closed: bool) -> list[tuple[str, str]]:
    """The most useful keys of the moment with their actions, for the line at the bottom.

    `quotes` are the names that can be opened; with `closed` nothing can be asked.
    """
    opens = [] if not quotes else [("1-9", "Quote")] if set(DIGITS) & set(quotes) else [("a-i", "Passage")]
    step = f"{hint('reader_step_next')}/{hint('reader_step_previous')}"
    steps = [(step, "Footnote")] if len(quotes) > 1 else []
    hints = {
        "prompt": [("⏎", "Ask"), ("^j", "Line"), ("tab", "Read")],
        "transcript": [*opens, ("↑↓", "Answer"), ("tab", "Ask")],
        "reader": [*steps, (hint("reader_find_here"), "Find"), ("tab", "Ask")],
        "find": [("⏎ ↓", "Next match"), ("⇧⏎ ↑", "Match before")],
    }[part]
    if closed:
        return [("/", "Commands"), *_short("help", "quit")]
    if part == "find":
        return [*hints, ("esc", "Leave")]
    if reading:
        hints.append(("esc", "Close"))
    elif asking:
        hints.append(("esc", "Stop"))
    elif part != "prompt":
        hints.append(("esc", "Back"))
    return [*hints, *_short("help", "new", "sessions", "browse", "find", "quit")]


def _short(*names: str) -> list[tuple[str, str]]:
    return [(hint(name, short=True), name.capitalize()) for name in names]


def letters(part: str) -> set[str]:
    """The keys that are commands over the rows of a list or in an open article."""
    return {name for key in KEYS if key.part == part for names, _ in key.bound for name in names.split(",")}


LISTS = {
    "sessions": (("sessions_rename", "Rename"), ("sessions_delete", "Delete"), ("sessions_export", "Export")),
    "browse": (("browse_tick", "Tick"), ("browse_order", "By day, outlet")),
}
"""The commands of a list for the line at the bottom; single letters act over its rows and not in its search field."""


def list_line(part: str, *, rows: bool) -> list[tuple[str, str]]:
    """The keys of a list as they act in its rows or in its search field."""
    told = [("⏎", "Read" if part == "browse" else "Go on")]
    told += [(hint(name, short=True), does) for name, does in LISTS[part]]
    helps = _short("help")
    if rows:
        return [*told, ("esc", "Back"), ("a-z", "Search"), *helps]
    kept = [(key, does) for key, does in told if key == "⏎" or (len(key) > 1 and key != "space")]
    return [("↓", "To the rows"), *kept, ("esc", "Back"), *helps]
