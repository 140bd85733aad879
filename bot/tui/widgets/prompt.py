"""The prompt: several lines of text that Enter asks."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import TextArea

from bot.conversation import LONGEST
from bot.show.clean import clean
from bot.tui.keys import bindings
from bot.tui.messages import Asked, Moved

HINT = "ask about the corpus… (Enter asks, ctrl+j adds a line)"


class Prompt(TextArea):
    """Keeps what is typed until it is asked; grows to a few lines."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("prompt")]

    def __init__(self) -> None:
        super().__init__(
            id="prompt", placeholder=Content(HINT), compact=True, highlight_cursor_line=False, show_line_numbers=False
        )

    def on_key(self, event: events.Key) -> None:
        """Enter comes through the same queue as the letters before it: no binding, which would overtake them."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.submit()

    def submit(self) -> None:
        question = clean(self.text).strip()
        if question and not any(letter.isalnum() for letter in question):
            self.notify("There is no word in this question.", markup=False)
        elif len(question) > LONGEST:
            self.notify(f"The question is longer than {LONGEST:,} characters. Ask a shorter one.", markup=False)
        else:
            self.post_message(Asked(question))

    def action_new_line(self) -> None:
        self.insert("\n")

    async def _on_paste(self, event: events.Paste) -> None:
        """What is pasted is cleaned at the door."""
        event.prevent_default()
        event.stop()
        if not self.read_only:
            self.insert(clean(event.text))

    def action_cursor_up(self, select: bool = False) -> None:
        if self.text:
            super().action_cursor_up(select)
        else:
            self.post_message(Moved(-1))

    def action_cursor_down(self, select: bool = False) -> None:
        if self.text:
            super().action_cursor_down(select)
        else:
            self.post_message(Moved(1))
