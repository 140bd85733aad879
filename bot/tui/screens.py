"""The screens that lie over the chat: the help."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

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


class HelpScreen(ModalScreen[None]):
    """Every key of the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss", "Close", show=False)]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(told(), markup=False)
