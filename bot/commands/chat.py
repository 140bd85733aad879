"""`chat`: a corpus, its bot and the saved conversations become the screen's engine; what takes time, in threads."""

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
    from bot.sessions import Sessions
    from evals.pin import Pin
    from store.record import Record

T = TypeVar("T")
PINNED = "pinned"  # the suite of the user's own that the chat pins into
SAMPLES = 3  # questions under an empty transcript
TRIED = 12  # candidates that are asked to find them
READ = 30  # articles that they are made from
ADVICE = "; Ctrl-C stops"  # what a notice for the command line ends in; here it is Esc, and the screen says so


class Live:
    """The engine over a real corpus. Nothing is imported or opened before `open`."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        filters: Filters,
        *,
        resolve: Callable[[Filters, Record], Filters],
        session: str | None = None,
        go_on: bool = False,
        strict: bool = False,
    ) -> None:
        """`session` or, with `go_on`, the last conversation is continued; `resolve` reads what --in names."""
        self.corpus = settings.corpus
        self.model = settings.model
        self._settings, self._paths, self._filters, self._resolve = settings, paths, filters, resolve
        self._session, self._go_on, self._strict = session, go_on, strict
        self._sessions: Sessions | None = None
        self._record: Record | None = None
        self._bot: Bot | None = None
        self._pinned: Pin | None = None

    # -- opening ---------------------------------------------------------------------------------

    async def open(self) -> Opened:
        return await _threaded(self._open)

    def _open(self) -> Opened:
        from bot.sessions import Sessions, session_id
        from store.errors import CorpusMissing
        from store.record import Record, filling

        sessions = self._sessions = Sessions(self._paths.sessions_file)
        session = session_id(self._session) if self._session is not None else None
        if session is None and self._go_on:
            session = sessions.last(self.corpus)
        if session is not None:
            sessions.check(session, self.corpus)
        try:
            record = self._record = Record(self._paths.corpus_folder(self.corpus))
            coverage = record.coverage()
            if not coverage.documents:
                raise CorpusMissing(f"The corpus '{self.corpus}' is empty.", f"Fill it with: {filling(self.corpus)}")
        except CorpusMissing as error:
            raise NoCorpus(error.message, error.next) from error
        self._filters = self._resolve(self._filters, record)
        turns = tuple(sessions.turns(session)) if session is not None else ()
        return Opened(coverage, self._filters, self._host(), session, turns)

    def _host(self) -> str | None:
        if self.model == "extract":
            return None
        from bot.writers.provider import host_of

        return host_of(self.model, os.environ)

    async def load(self, notice: Callable[[str], None]) -> None:
        self._bot = await _threaded(self._load, lambda words: notice(words.removesuffix(ADVICE)))

    def _load(self, notice: Callable[[str], None]) -> Bot:
        from bot import build
        from bot.credentials import Keys

        key = Keys(self._paths.keys_file).get
        where = build.folder(self._settings, self._paths)
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
        record = self._record
        assert record is not None, "open comes first"
        document = await _threaded(record.document, quote.document, quote.version)
        return Article(document, await _threaded(record.versions, quote.document))

    async def samples(self) -> tuple[str, ...]:
        """The first questions made from some articles that the bot answers by itself, each about something else."""
        from bot.samples import candidates

        documents = await _threaded(self._some)
        found: list[str] = []
        named: set[str] = set()
        for question in islice(candidates(documents), TRIED):
            names = {word for word in question.rstrip("?").split()[1:] if word[0].isupper()}
            if len(found) < SAMPLES and not names & named and await self._answers(question):
                found.append(question)
                named |= names
        return tuple(found)

    def _some(self) -> list[Any]:
        assert self._record is not None and self._bot is not None

        held = self._record.documents(self._filters)
        step = max(1, len(held) // READ)
        return [self._record.document(document.id) for document in held[::step][:READ]]

    async def _answers(self, question: str) -> bool:
        """Whether the bot answers a question by itself, without a model: no text leaves the machine for a sample."""
        assert self._bot is not None
        from bot.answer import Bot
        from bot.writers.extract import Extract

        bot = self._bot
        own = Bot(bot.search, bot.reader, bot.checker, Extract(self._settings.sentences), self._settings)
        with _ours():
            async for event in own.answer(question, Conversation(), self._filters):
                if isinstance(event, Answered):
                    return event.answer.outcome == "answered"
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
        return await _threaded(self._pin, place)

    def _pin(self, place: Place) -> tuple[str, ...]:
        from evals import pin
        from evals.commands import pinned

        assert self._sessions is not None, "open comes first"
        where = self._paths.corpus_folder(self.corpus)
        self._pinned = pinned(self._sessions, where, self.corpus, PINNED, f"s{place.session}", place.turn)
        return tuple(pin.lines(self._pinned))

    async def keep_pin(self) -> str:
        from evals import pin

        assert self._pinned is not None, "pin comes first"
        file = await _threaded(pin.keep, self._pinned)
        return f"Pinned in {file}. Ask it: footnote eval run {PINNED}"


@contextmanager
def _ours() -> Iterator[None]:
    """Whatever goes wrong below becomes a BotError with a sentence and a next step."""
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
        said = f"Something unexpected went wrong ({type(error).__name__}: {error})."
        raise BotError(said, "This is a fault of Footnote; FOOTNOTE_DEBUG=1 shows where.") from error


async def _threaded(work: Callable[..., T], *given: Any) -> T:
    """Runs `work` in a thread."""
    with _ours():
        return await asyncio.to_thread(work, *given)


def run(engine: Live) -> bool:
    """Shows the chat until the user leaves; whether it was terminated. Raises the error that made it unusable."""
    from bot.tui.app import Chat

    app = Chat(engine)
    error = app.run()
    if error is not None:
        raise error
    return app.terminated
