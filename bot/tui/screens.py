"""The modal screens over the chat: the help, and the eval case that a turn would be pinned as."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from bot.show.clean import one_line
from bot.tui.draw import BOLD, DIM
from bot.tui.keys import KEYS, PARTS


def help_content() -> Content:
    """Every key and its action, by the place where it acts."""
    parts: list[str | tuple[str, Style]] = []
    for heading in dict.fromkeys(PARTS.values()):
        parts.append((f"{heading}\n", BOLD))
        parts += [f"  {key.name:<22} {key.does}\n" for key in KEYS if PARTS[key.part] == heading]
    return Content.assemble(*parts, ("Esc closes", DIM))


class HelpScreen(ModalScreen[None]):
    """Every key of the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss", "Close", show=False)]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(help_content(), markup=False)


class PinScreen(ModalScreen[bool]):
    """The assertions of a turn as an eval case; closes with True if the user wants the case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "dismiss(True)", "Pin", show=False),
        Binding("escape,n", "dismiss(False)", "Leave", show=False),
    ]

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.lines = "\n".join(one_line(line) for line in lines)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(Content.assemble(self.lines, "\n\n", ("Enter pins it, Esc does not", DIM)), markup=False)
