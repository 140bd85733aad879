"""The screens that lie over the chat: the help, and what a turn would be pinned as."""

from __future__ import annotations

from collections.abc import Iterable
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
from bot.tui.keys import KEYS, WHERE


def told() -> Content:
    """Every key and what it does, by where it acts."""
    parts: list[str | tuple[str, Style]] = []
    for where, title in WHERE.items():
        parts.append((f"{title}\n", BOLD))
        for key in KEYS:
            if key.where == where:
                parts.append(f"  {key.name:<22} {key.does}\n")
    parts.append(("Esc closes", DIM))
    return Content.assemble(*parts)


class PinScreen(ModalScreen[bool]):
    """What a turn would assert as an eval case; whether the user wants it so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "dismiss(True)", "Pin", show=False),
        Binding("escape,n", "dismiss(False)", "Leave", show=False),
    ]

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__()
        self.lines = [one_line(line) for line in lines]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            words = "\n".join(self.lines)
            yield Static(Content.assemble(words, "\n\n", ("Enter pins it, Esc does not", DIM)), markup=False)


class HelpScreen(ModalScreen[None]):
    """Every key of the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss", "Close", show=False)]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(told(), markup=False)
