"""Writers: the seam through which passages become text, and its fake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.conversation import Conversation
from bot.reading import Reading


class Writer(Protocol):
    """Passages become text in which `[n]` names the passage that the words before it rest on.

    `verbatim`: each line is one sentence, copied from the passage that it names; else it is prose. `host` is the
    machine that gets the text, None where it stays here; `usage` the tokens of the last answer, in and out.
    """

    name: str
    verbatim: bool
    host: str | None
    usage: tuple[int, int]

    def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]: ...

    async def standalone(self, question: str, conversation: Conversation) -> str:
        """The question so that it stands alone; as it is where that cannot be told."""
        ...


class FakeWriter:
    """Writes the chunks that it is given, and keeps the questions that it was asked."""

    name = "fake"
    host: str | None = None
    usage = (0, 0)

    def __init__(self, chunks: Sequence[str], *, verbatim: bool = False) -> None:
        self.verbatim = verbatim
        self.chunks = chunks
        self.asked: list[str] = []

    async def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]:
        self.asked.append(question)
        for chunk in self.chunks:
            yield chunk

    async def standalone(self, question: str, conversation: Conversation) -> str:
        return question
