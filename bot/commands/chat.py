"""`chat`: the chat screen's engine over a corpus, its bot and the saved conversations; slow calls run in threads."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.conversation import Answer, Conversation, Place, Quote
from bot.errors import BotError
from bot.events import Answered, Event
from bot.settings import Paths, Settings
from bot.tui.engine import Article, NoCorpus, Opened
from store.passage import Filters

if TYPE_CHECKING:
    from bot.answer import Bot
    from bot.samples import Sample
    from bot.sessions import Sessions
    from store.corpus import Corpus

T = TypeVar("T")
SAMPLES = 3
"""Sample questions under an empty transcript."""
TRIED = 24
"""Candidates that are asked to find them."""
READ = 30
"""Articles that the candidates are made from."""
ADVICE = "; Ctrl-C stops"
"""The end of a notice for the command line; in the chat Esc stops, and the key line says so."""


Pin = Callable[["Sessions", Paths, str, Place], tuple[tuple[str, ...], Callable[[], str]]]
"""A saved turn as an eval case: what it will assert, in lines, and a function that writes it and says where.

Given the saved conversations, the places of files and the corpus's name.
"""


class Live:
    """The engine over a real corpus. Nothing is imported or opened before `open`."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        filters: Filters,
        *,
        pin: Pin | None = None,
        session: str | None = None,
        go_on: bool = False,
        strict: bool = False,
    ) -> None:
        """`session` or, with `go_on`, the last conversation is continued.

        `pin` makes an eval case of a turn, for evals stand on the bot and not the bot on them.
        """
        self.corpus = settings.corpus
        self.model = settings.model
        self._settings, self._paths, self._filters = settings, paths, filters
        self._session, self._go_on, self._strict = session, go_on, strict
        self._sessions: Sessions | None = None
        self._library: Corpus | None = None
        self._bot: Bot | None = None
        self._pin = pin
        self._keep: Callable[[], str] | None = None

    # -- opening ---------------------------------------------------------------------------------

    async def open(self) -> Opened:
        return await _threaded(self._open)

    def _open(self) -> Opened:
        from bot.sessions import Sessions, session_id
        from store.corpus import Corpus
        from store.errors import CorpusMissing
        from store.record import filling

        sessions = self._sessions = Sessions(self._paths.sessions_file)
        session = session_id(self._session) if self._session is not None else None
        if session is None and self._go_on:
            session = sessions.last(self.corpus)
        if session is not None:
            sessions.check(session, self.corpus)
        try:
            corpus = self._library = Corpus(self._paths.corpus_folder(self.corpus))
            coverage = corpus.coverage()
            if not coverage.documents:
                raise CorpusMissing(f"The corpus '{self.corpus}' is empty.", f"Fill it with: {filling(self.corpus)}")
        except CorpusMissing as error:
            raise NoCorpus(error.message, error.next) from error
        self._filters = corpus.resolved(self._filters)
        turns = tuple(sessions.turns(session)) if session is not None else ()
        return Opened(coverage, self._filters, self._host(), session, turns)

    def _host(self) -> str | None:
        if self.model == "extract":
            return None
        from bot.writers.provider import place_of

        return place_of(self.model, os.environ).host

    async def load(self, notice: Callable[[str], None]) -> None:
        self._bot = await _threaded(self._load, lambda sentence: notice(sentence.removesuffix(ADVICE)))

    def _load(self, notice: Callable[[str], None]) -> Bot:
        from bot import build
        from bot.credentials import Keys

        key = Keys(self._paths.keys_file).get
        where = self._paths.corpus_folder(self.corpus)
        return build.bot(self._settings, where, notice, key=key, strict=self._strict)

    # -- asking ----------------------------------------------------------------------------------

    async def answer(self, question: str, conversation: Conversation) -> AsyncIterator[Event]:
        assert self._bot is not None, "load comes first"
        with _ours():
            events = cast(AsyncGenerator[Event], self._bot.answer(question, conversation, self._filters))
            async with aclosing(events):
                async for event in events:
                    yield event

    async def article(self, quote: Quote) -> Article:
        corpus = self._library
        assert corpus is not None, "open comes first"
        document = await _threaded(corpus.article, quote.document, quote.version)
        return Article(document, await _threaded(corpus.versions, quote.document))

    async def samples(self) -> tuple[str, ...]:
        """The first candidate questions that the bot answers, no two of which name the same thing."""
        from bot.samples import candidates

        documents = await _threaded(self._some)
        samples: list[str] = []
        named: set[str] = set()
        for sample in islice(candidates(documents), TRIED):
            names = {word for word in sample.question.rstrip("?").split()[1:] if word[0].isupper()}
            if len(samples) < SAMPLES and not names & named and await self._answers(sample):
                samples.append(sample.question)
                named |= names
        return tuple(samples)

    def _some(self) -> list[Any]:
        """Articles spread evenly over the corpus."""
        assert self._library is not None and self._bot is not None

        documents = self._library.documents(self._filters)
        step = max(1, len(documents) // READ)
        return [self._library.article(document.id) for document in documents[::step][:READ]]

    async def _answers(self, sample: Sample) -> bool:
        """Whether the bot answers a sample without a model, so that no text leaves the machine for it."""
        assert self._bot is not None
        from bot.answer import Bot
        from bot.writers.extract import Extract

        bot = self._bot
        own = Bot(bot.corpus, bot.reader, bot.checker, Extract(self._settings.sentences), self._settings)
        with _ours():
            async for event in own.answer(sample.question, Conversation(), self._filters):
                if isinstance(event, Answered):
                    return sample.answered_by(event.answer)
        return False

    # -- saving ----------------------------------------------------------------------------------

    async def begin(self, question: str, session: int | None) -> Place:
        assert self._sessions is not None, "open comes first"
        return await _threaded(self._sessions.begin, self.corpus, question, session)

    async def finish(self, place: Place, answer: Answer) -> None:
        assert self._sessions is not None, "open comes first"
        await _threaded(self._sessions.finish, place, answer)

    # -- pinning ---------------------------------------------------------------------------------

    async def pin(self, place: Place) -> tuple[str, ...]:
        assert self._sessions is not None and self._pin is not None, "open comes first, and a pin is handed in"
        lines, self._keep = await _threaded(self._pin, self._sessions, self._paths, self.corpus, place)
        return lines

    async def keep_pin(self) -> str:
        assert self._keep is not None, "pin comes first"
        return await _threaded(self._keep)


@contextmanager
def _ours() -> Iterator[None]:
    """Turns every error into a BotError with a sentence and a next step."""
    from store.errors import StoreError

    try:
        yield
    except StoreError as error:
        ours = BotError(error.message, error.next)
        ours.code, ours.exit = error.code, error.exit
        raise ours from error
    except BotError:
        raise
    except Exception as error:
        if os.environ.get("FOOTNOTE_DEBUG"):
            raise
        sentence = f"Something unexpected went wrong ({type(error).__name__}: {error})."
        raise BotError(sentence, "This is a fault of Footnote; FOOTNOTE_DEBUG=1 shows where.") from error


async def _threaded(work: Callable[..., T], *given: Any) -> T:
    """Runs `work` in a thread."""
    with _ours():
        return await asyncio.to_thread(work, *given)


def run(engine: Live) -> None:
    """Shows the chat until the user leaves. Raises the error that made it unusable, SystemExit on SIGTERM."""
    from bot.tui.app import Chat

    app = Chat(engine)
    error = app.run()
    if error is not None:
        raise error
    if app.return_code:
        raise SystemExit(app.return_code)
