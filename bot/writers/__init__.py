"""Writers: the seam through which passages become text, and its fake."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.conversation import Conversation
from bot.question.followup import FollowUp
from bot.reading import Reading


class Writer(Protocol):
    """Writes an answer from passages; `[n]` in it names the passage behind the words before it."""

    name: str
    verbatim: bool  # each line is one sentence, copied from the passage that it names; else the text is prose
    host: str | None = None  # the machine that gets the text; None for this one
    usage: tuple[int, int] = (0, 0)  # input and output tokens of the last answer

    def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]: ...

    async def standalone(self, asked: FollowUp, conversation: Conversation) -> str:
        """The question so that it stands alone, by rules."""
        return asked.standalone


class FakeWriter(Writer):
    """Writes given chunks and records the questions."""

    name = "fake"

    def __init__(self, chunks: Sequence[str], *, verbatim: bool = False) -> None:
        self.verbatim = verbatim
        self.chunks = chunks
        self.asked: list[str] = []

    async def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]:
        self.asked.append(question)
        for chunk in self.chunks:
            yield chunk
