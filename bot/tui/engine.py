"""What the chat screen needs of the rest: the engine's verbs, and the nouns that only they use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.conversation import Answer, Citation, Conversation, Failure, Place, Quote
from bot.errors import BotError
from bot.events import Event
from bot.show.page import Versions
from store.passage import Coverage, Document, Filters


class NoCorpus(BotError):
    """There is no corpus of that name, or nothing in it."""

    code = "corpus_missing"
    exit = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands in the header and the transcript before a question is asked."""

    coverage: Coverage
    filters: Filters = field(default_factory=Filters)  # that every question is asked under
    host: str | None = None  # the machine that gets text, None where it stays here
    session: int | None = None
    turns: tuple[tuple[str, Answer | None], ...] = ()  # None where an answer never came or was erased


@dataclass(frozen=True, slots=True)
class Article:
    """An article in the version that a quote is of, with its text, and the versions that there are."""

    document: Document
    versions: Versions


class Engine(Protocol):
    """One corpus, its bot and the saved conversations. Whatever takes time is awaited; all raise BotError alone.

    `open` and `load` are called once, in this order: the first is quick and reads what is saved, the second
    brings the indexes and the model. `notice` takes sentences for the user, from any thread.
    """

    corpus: str
    model: str

    async def open(self) -> Opened:
        """Raises NoCorpus where there is nothing to ask."""
        ...

    async def load(self, notice: Callable[[str], None]) -> None: ...

    async def samples(self) -> tuple[str, ...]:
        """Questions that this corpus answers."""
        ...

    def answer(self, question: str, conversation: Conversation) -> AsyncIterator[Event]: ...

    async def article(self, quote: Quote) -> Article: ...

    async def begin(self, question: str, session: int | None) -> Place:
        """Saves a question before it is asked, in that session or a new one."""
        ...

    async def finish(self, place: Place, answer: Answer) -> None: ...

    async def pin(self, place: Place) -> tuple[str, ...]:
        """What a saved turn would assert as an eval case, in lines; nothing is written."""
        ...

    async def keep_pin(self) -> str:
        """Writes the case that was last shown; says where."""
        ...


def stopped(question: str, standalone: str, said: str, citations: tuple[Citation, ...], model: str) -> Answer:
    """An answer that the user ended: what had come of it, with the footnotes in it, and no verdict."""
    return Answer(question, standalone, "stopped", partial=said, citations=citations, model=model)


def failed(
    question: str, standalone: str, said: str, citations: tuple[Citation, ...], model: str, error: BotError
) -> Answer:
    """An answer that an error ended: the error, the next step, and what had come before it."""
    failure = Failure(error.message, error.next)
    return Answer(question, standalone, "error", citations=citations, partial=said, failure=failure, model=model)
