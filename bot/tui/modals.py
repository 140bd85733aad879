"""The windows over the chat: every key and command, a question before something is done, a title."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from bot.show.clean import clean, one_line
from bot.tui import keys
from bot.tui.draw.base import BOLD, DIM, Part

NAME = 12  # columns of the keys' names
TWO = 78  # columns from which both columns of the help stand side by side


def help_columns(part: str) -> tuple[Content, Content]:
    """Every key with its action in two columns of about one height, those of the part with the focus first."""
    first = keys.PARTS[part]
    order = dict.fromkeys((first, keys.ANYWHERE, *keys.PARTS.values()))
    blocks = [(heading, [key for key in keys.KEYS if keys.PARTS[key.part] == heading]) for heading in order]
    columns: tuple[list[Part], list[Part]] = ([], [])
    heights = [0, 0]
    for heading, rows in blocks:
        at = heights.index(min(heights))
        heights[at] += len(rows) + 2
        columns[at].append((f"{heading}\n", BOLD))
        columns[at].extend(f" {key.name or key.written:<{NAME}} {key.does}\n" for key in rows)
        columns[at].append("\n")
    left, right = (Content.assemble(*column).rstrip() for column in columns)
    return left, right


class HelpScreen(ModalScreen[None]):
    """Every key of the chat, in two columns where there is room."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (TWO, "-wide")]  # noqa: RUF012 - so typed in Textual
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss", "Close", show=False)]

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help", classes="window") as window:
            window.border_title, window.border_subtitle = "Keys", "↑↓ scroll · Esc closes"
            with Horizontal(id="columns"):
                for column in help_columns(self.part):
                    yield Static(column, markup=False, classes="keys")


class LogScreen(ModalScreen[None]):
    """How answers and screens failed, the newest in view, and the file in which that stands."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,l", "dismiss", "Close", show=False)]

    def __init__(self, file: Path, text: str) -> None:
        super().__init__()
        told = clean(text).strip() or "Nothing has failed yet."
        self.told = Content.assemble(f"{told}\n\n", (one_line(str(file)), DIM))

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="log", classes="window") as window:
            window.border_title, window.border_subtitle = "Log", "↑↓ scroll · Esc closes"
            yield Static(self.told, markup=False)

    def on_mount(self) -> None:
        self.query_one("#log").scroll_end(animate=False)


class Confirm(ModalScreen[bool]):
    """A question before something is done; closes with True only if the user says yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "Yes", show=False),
        Binding("escape,n,enter", "dismiss(False)", "Leave", show=False),
    ]

    def __init__(self, question: str, lines: Sequence[str], does: str) -> None:
        """`does` ends the sentence "y …": "pins it"."""
        super().__init__()
        self.question, self.does = question, does
        self.lines = "\n".join(one_line(line) for line in lines)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="confirm", classes="window") as window:
            window.border_title = self.question
            told = Content.assemble(self.lines, "\n\n", (f"y {self.does} · Enter, n or Esc does not", DIM))
            yield Static(told, markup=False)


class TitleScreen(ModalScreen[str | None]):
    """Another title for a conversation; closes with it, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave", show=False)]

    def __init__(self, title: str, *, lively: bool) -> None:
        super().__init__()
        self.field = Input(one_line(title), id="title", compact=True, select_on_focus=False)
        self.field.cursor_blink = lively

    def compose(self) -> ComposeResult:
        with Vertical(id="naming", classes="window") as window:
            window.border_title, window.border_subtitle = "Title", "Enter keeps it · Esc does not"
            yield self.field

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)
