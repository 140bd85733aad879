"""The engine that the chat screen needs: its verbs, and the nouns that only they use."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.conversation import Answer, Conversation, Mark, Place, Quote, Session
from bot.show.page import Versions
from store.passage import Coverage, Document, Filters
from store.progress import Progress

if TYPE_CHECKING:
    from bot.events import Event


@dataclass(frozen=True, slots=True)
class Opened:
    """The facts of the header and the saved turns of the transcript, before any question is asked."""

    coverage: Coverage
    filters: Filters = field(default_factory=Filters)  # the filters under which every question is asked
    left: Coverage | None = None  # what they leave; None if all
    host: str | None = None  # the machine that text is sent to; None if none leaves this one
    session: int | None = None
    turns: tuple[tuple[str, Answer | None], ...] = ()
    """Questions and answers; the answer is None if it never came or was erased."""
    marks: Mapping[tuple[int, int], Mark] = field(default_factory=dict)
    """The reader's marks by turn, counted from 1, and footnote."""
    title: str = ""
    queued: tuple[str, ...] = ()  # questions that waited for an answer when the conversation was left
    elsewhere: bool = False  # whether another chat has the conversation open
    last: Session | None = None  # the conversation that was used last, where none is continued
    draft: str = ""  # the unsent text with which a chat ended, at the start alone


@dataclass(frozen=True, slots=True)
class Article:
    """An article in the version that a quote is from, with its text, and all its versions."""

    document: Document
    versions: Versions
    file: Path | None = None  # where it was read from, if its folder is still followed


class Engine(Protocol):
    """One corpus, its bot and the saved conversations. Every slow call is awaited; all raise only FootnoteError.

    `open` and `load` are called once, in this order: the first is quick and reads the saved conversation, the
    second loads the indexes and the model. `load` keeps `notice` for sentences to the user, from any thread.
    """

    corpus: str
    model: str
    saves: bool  # whether turns are saved

    async def open(self) -> Opened:
        """Raises CorpusMissing if there is nothing to ask."""

    async def load(self, notice: Callable[[str], None]) -> None: ...

    async def samples(self) -> tuple[str, ...]:
        """Questions that this corpus answers."""

    def answer(self, question: str, conversation: Conversation) -> AsyncGenerator[Event]: ...

    def again(self, place: Place) -> AsyncGenerator[Event]:
        """Asks the question of a saved turn again; the answer tells what changed since."""

    async def article(self, quote: Quote) -> Article: ...

    async def paragraphs(self, quotes: Sequence[Quote]) -> tuple[int | None, ...]:
        """The number of the paragraph in which each quote begins; None where its article is gone."""

    async def limit(self, filters: Filters) -> Filters:
        """Sets the filters of the next questions; returns them by their full names. Raises UsageError and BadPath."""

    async def switch(self, corpus: str, model: str, notice: Callable[[str], None]) -> Opened:
        """Takes another corpus or another model, "" for the same; one that cannot be used changes nothing."""

    async def extent(self) -> tuple[Coverage, Coverage]:
        """The corpus as it stands now: all of it, and what the filters leave."""

    async def begin(self, question: str, session: int | None, before: int | None = None) -> Place | None:
        """Saves a question before it is asked, in that session or a new one; None where nothing is saved.

        With `before` it is a new one that holds the turns of `session` before that number.
        """

    async def withdraw(self, place: Place) -> None:
        """Takes the last question of a conversation back, which was not asked."""

    async def finish(self, place: Place, answer: Answer) -> None:
        """Saves an answer, or as much of it as has come."""

    async def keep(self, session: int, queued: Sequence[str]) -> None:
        """Saves the questions that wait."""

    async def keep_draft(self, text: str) -> None:
        """Saves what stands in the prompt."""

    async def sessions(self, words: str) -> Sequence[Session]:
        """The saved conversations of the corpus, the last used first; those with the words, the best hit first."""

    async def resume(self, session: int) -> Opened:
        """Opens a saved conversation in place of the one before, with the filters that it had."""

    async def leave(self) -> None:
        """Closes the open conversation, so that another chat may go on with it."""

    async def rename(self, session: int, title: str) -> None: ...

    async def delete(self, session: int) -> None: ...

    async def restore(self) -> None:
        """Undoes the last deletion."""

    def ingest(self, path: str) -> AsyncGenerator[Progress | str]:
        """Adds a file or folder to the corpus, or syncs all with "": its steps, then a sentence with what was done."""

    async def articles(self) -> Sequence[Document]:
        """All articles without their texts, the newest first."""

    async def export(self, session: int, path: str) -> str:
        """Writes a conversation to a new file, by default one named after it; returns a sentence that names it."""

    async def keep_theme(self, name: str) -> None:
        """Writes the name of a theme into the settings."""

    async def mark(self, place: Place, footnote: int, mark: Mark | None) -> None:
        """Saves what the reader notes of a footnote; None takes the note away."""

    def report(self, trace: str) -> str:
        """Writes into the log how the screen failed; returns in words where that stands."""

    async def log(self) -> tuple[Path, str]:
        """The file of the log and its text: why answers and screens failed, the newest last."""

    async def pin(self, place: Place) -> tuple[str, ...]:
        """The assertions of an eval case made from a saved turn, in lines; nothing is written."""

    async def keep_pin(self) -> str:
        """Writes the last case that `pin` made; returns a sentence that names its file."""
