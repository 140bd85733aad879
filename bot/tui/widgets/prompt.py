"""The prompt: several lines of text that Enter asks."""

from textual import events, on
from textual.content import Content
from textual.widgets import TextArea

from bot.conversation import LONGEST
from bot.show.clean import clean
from bot.tui.keys import bindings, matching
from bot.tui.messages import Asked, Notice, SampleMoved, SlashGiven

HINT = "ask about the corpus… (Enter asks, / for commands)"
TALLEST = 6  # lines up to which the prompt grows
MOVES = {"up": -1, "down": 1}


class Prompt(TextArea):
    """Gives a question away in the moment it is entered; everything typed or pasted after it stays here."""

    BINDINGS = bindings("prompt")

    def __init__(self) -> None:
        super().__init__(
            id="prompt", placeholder=Content(HINT), compact=True, highlight_cursor_line=False, show_line_numbers=False
        )
        self.busy = False  # whether a question is in progress, so that Enter asks no other
        self._line_over = False  # whether Enter ended a line that stays: the next text begins a new one

    def on_key(self, event: events.Key) -> None:
        """Handles keys in the order typed; a binding would overtake the letters typed before it."""
        if event.key == "enter":
            self.submit()
        elif event.key in ("ctrl+j", "shift+enter"):
            self._line_over = False
            self.insert("\n")
        elif event.key in MOVES and not self.text:
            self.post_message(SampleMoved(MOVES[event.key]))
        else:
            if event.is_printable:
                self._begin_line()
            self._line_over = False
            return
        event.stop()
        event.prevent_default()

    def submit(self) -> None:
        question = clean(self.text).strip()
        if question.startswith("/") and "\n" not in question:
            self.text = ""
            self.post_message(SlashGiven(question[1:]))
            return
        refusal = self._refusal(question)
        self._line_over = bool(refusal)
        if refusal:
            self.post_message(Notice(refusal, apart=True))
        else:
            self.text = ""
            self.busy = self.busy or bool(question)
            self.post_message(Asked(question))

    def _refusal(self, question: str) -> str:
        """Why a question stays in the prompt; "" if it can be asked."""
        if question and self.busy:
            return "One question at a time: Esc stops this answer."
        if question and not any(letter.isalnum() for letter in question):
            return "There is no word in this question."
        if len(question) > LONGEST:
            return f"The question is longer than {LONGEST:,} characters. Ask a shorter one."
        return ""

    def complete(self) -> bool:
        """Writes the first command out that the text may become; whether there was one."""
        if not (commands := matching(self.text)):
            return False
        self.text = f"/{commands[0].slash} " if commands[0].takes else f"/{commands[0].slash}"
        self.move_cursor(self.document.end)
        return True

    def give_back(self, question: str) -> None:
        """Puts a question back before the text that was typed after it."""
        self._line_over |= self.busy and not self.text
        self.insert(f"{question}\n" if self.text else question, (0, 0))

    def _begin_line(self) -> None:
        """Ends the last line before more text comes after a refused Enter."""
        if self._line_over and self.text and self.cursor_location == self.document.end:
            self.insert("\n")
        self._line_over = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if not self.read_only:
            self._begin_line()
            self.insert(clean(event.text))

    @on(TextArea.Changed)
    def grow(self) -> None:
        """Grows with the lines. The height is set only when it changes, because that lays out the whole screen."""
        height = min(TALLEST, max(1, self.wrapped_document.height))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
