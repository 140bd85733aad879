"""The prompt: several lines of text that Enter asks."""

import math
from collections.abc import Sequence

from textual import events, on
from textual.content import Content
from textual.widgets import TextArea

from bot.conversation import LONGEST
from bot.show.clean import clean
from bot.tui.keys import bindings, matching
from bot.tui.messages import Asked, Notice, SampleMoved, SlashGiven

HINT = "ask about the corpus… (Enter asks, / for commands)"
NO_CORPUS = "Nothing can be asked yet: /ingest PATH makes a corpus, {} quits."
CLOSED = "Until this is mended nothing can be asked. {} quits."
TALLEST = 6  # lines up to which the prompt grows
MOVES = {"up": -1, "down": 1}
AT_ONCE = 0.01  # seconds between two keys that nobody types: lines that a terminal pastes without brackets
PASTED_LINES, PASTED_LETTERS = 10, 800  # up to which a paste stands in the prompt as it is


class Prompt(TextArea):
    """Gives a question away in the moment it is entered; everything typed or pasted after it stays here."""

    BINDINGS = bindings("prompt")

    def __init__(self) -> None:
        super().__init__(
            id="prompt", placeholder=Content(HINT), compact=True, highlight_cursor_line=False, show_line_numbers=False
        )
        self.closed = ""  # why nothing can be asked, so that only commands are taken; "" if it can
        self.busy = False  # whether a question is in progress
        self.earlier: Sequence[str] = ()  # the questions of the conversation, oldest first
        self._recalled: int | None = None  # the index of the one in the prompt; None for a new question
        self._draft = ""  # the new question while an earlier one is in its place
        self._kept = ""  # what was typed before a command took its place
        self._given = ""  # the text as it stood when the chat itself had put some of it there
        self._pastes: dict[str, str] = {}  # long pastes by the words that stand for them
        self._last_key = -math.inf  # the time of the key before
        self._line_over = False  # whether Enter ended a line that stays: the next text begins a new one

    def on_key(self, event: events.Key) -> None:
        """Handles keys in the order typed; a binding would overtake the letters typed before it."""
        at_once = event.time - self._last_key < AT_ONCE
        self._last_key = event.time
        if event.key == "enter":
            self.submit(at_once)
        elif event.key in ("ctrl+j", "shift+enter"):
            self._line_over = False
            self.insert("\n")
        elif event.key in MOVES and self.moves(MOVES[event.key]):
            pass
        elif event.key.startswith("alt+"):  # a command, which the screen runs
            event.prevent_default()
            return
        elif event.character == "/" and self.text and self.text == self._given:
            self.begin_command("")
        elif event.key == "backspace" and self.text == "/" and self._kept:
            self._put_back()
        else:
            if event.is_printable:
                self._begin_line()
            self._line_over = False
            return
        event.stop()
        event.prevent_default()

    def moves(self, by: int) -> bool:
        """Shows an earlier or later question, before the first one moves the mark of the samples; whether it did."""
        if not self.earlier:
            if not self.text:
                self.post_message(SampleMoved(by))
            return not self.text
        at = len(self.earlier) if self._recalled is None else self._recalled
        edge = self.cursor_at_first_line if by < 0 else self.cursor_at_last_line
        if not edge or not 0 <= at + by <= len(self.earlier):
            return False
        if self._recalled is None:
            self._draft = self.text
        at += by
        self._recalled = at if at < len(self.earlier) else None
        self.write(self._draft if self._recalled is None else self.earlier[at])
        return True

    @property
    def whole(self) -> str:
        """The text with every long paste in it."""
        text = self.text
        for words, pasted in self._pastes.items():
            text = text.replace(words, pasted)
        return text

    def submit(self, at_once: bool) -> None:
        """Gives the question away; one of many lines that came `at_once` stays while another is in progress."""
        question = clean(self.whole).strip()
        if question.startswith("/") and "\n" not in question:
            self._put_back()
            self.post_message(SlashGiven(question[1:]))
            return
        refusal = self._refusal(question, at_once)
        self._line_over = bool(refusal)
        if refusal:
            self.post_message(Notice(refusal, apart=True))
        else:
            self.text, self._recalled, self._pastes = "", None, {}
            self.busy = self.busy or bool(question)
            self.post_message(Asked(question, at_once=at_once))

    def _refusal(self, question: str, at_once: bool) -> str:
        """Why a question stays in the prompt; "" if it can be asked."""
        if question and self.closed:
            return self.closed
        if question and self.busy and at_once:
            return "One question at a time: what came with it waits here."
        if question and not any(letter.isalnum() for letter in question):
            return "There is no word in this question."
        if len(question) > LONGEST:
            return f"The question is longer than {LONGEST:,} characters. Ask a shorter one."
        return ""

    def complete(self) -> bool:
        """Writes the first command out that the text may become; whether there was one."""
        if not (commands := matching(self.text)):
            return False
        self.write(f"/{commands[0].slash} " if commands[0].takes else f"/{commands[0].slash}")
        return True

    def begin_command(self, name: str) -> None:
        """Writes a slash, and the command that lacks what stands behind it; what was typed comes back after it."""
        self._kept = self.text
        self.write(f"/{name} " if name else "/")

    def _put_back(self) -> None:
        """Shows what was typed before a command took its place."""
        self.write(self._kept)
        self._given, self._kept = self._kept, ""

    def write(self, text: str) -> None:
        """Puts a text in the place of what stands there, the cursor at its end."""
        self.text = text
        self.move_cursor(self.document.end)

    def give_back(self, question: str) -> None:
        """Puts a question back before the text that was typed after it."""
        self._line_over |= self.busy and not self.text
        self.insert(f"{question}\n" if self.text else question, (0, 0))
        self._given = self.text

    def restore(self, draft: str) -> None:
        """Puts an unsent text of an earlier chat before what was typed since, a long one as a long paste."""
        self.give_back(self._pasted(clean(draft)))

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
            self.insert(self._pasted(clean(event.text)))

    def _pasted(self, text: str) -> str:
        """A paste as it stands in the prompt: a long one as the number of its lines."""
        count = text.rstrip("\n").count("\n") + 1
        if count <= PASTED_LINES and len(text) <= PASTED_LETTERS:
            return text
        what = f"{count:,} lines" if count > 1 else f"{len(text):,} letters"
        words = f"[paste {len(self._pastes) + 1}: {what}]"
        self._pastes[words] = text
        return words

    @on(TextArea.Changed)
    def grow(self) -> None:
        """Grows with the lines. The height is set only when it changes, because that lays out the whole screen."""
        height = min(TALLEST, max(1, self.wrapped_document.height))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
