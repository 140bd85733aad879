"""`chat`: the chat screen's engine over a corpus, its bot and the saved conversations; slow calls run in threads."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.commands import log
from bot.commands.drafts import Draft
from bot.conversation import Answer, Conversation, Mark, Place, Quote, Session, leant_on
from bot.errors import BotError, UsageError
from bot.settings import Paths, Settings
from bot.show.page import paragraph_of, paragraphs
from bot.tui.engine import Article, Opened
from store.errors import BadPath, CorpusMissing, FootnoteError
from store.passage import Coverage, Document, Filters
from store.progress import Progress

if TYPE_CHECKING:
    from bot.answer import Bot
    from bot.commands.samples import Sample
    from bot.events import Event
    from bot.sessions import Deleted, Sessions
    from store.corpus import Corpus

T = TypeVar("T")
SAMPLES = 3  # sample questions under an empty transcript
TRIED = 24  # candidates that are asked to find them
READ = 100  # articles that the candidates are made from
ADVICE = "; Ctrl-C stops"  # the end of a notice for the command line; in the chat Esc stops, and the key line says so

Pin = Callable[["Sessions", Paths, str, Place], tuple[tuple[str, ...], Callable[[], str]]]
"""A turn of a corpus as an eval case: what it will assert, in lines, and a function that writes it and says where."""


class Live:
    """The engine over a real corpus. Nothing is imported or opened before `open`."""

    _sessions: Sessions  # these two from `open` on
    _library: Corpus
    _bot: Bot  # from `load` on
    _keep: Callable[[], str]  # from `pin` on
    _deleted: Deleted  # from `delete` on

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
        saves: bool = True,
    ) -> None:
        """`session` or, with `go_on`, the last conversation is continued.

        `pin` makes an eval case of a turn, for evals stand on the bot and not the bot on them.
        """
        self.corpus = settings.corpus
        self.model = settings.model
        self.saves = saves
        self._settings, self._paths, self._filters = settings, paths, filters
        self._session, self._go_on, self._strict, self._pin = session, go_on, strict, pin
        self._draft = Draft(paths.draft_file)

    async def open(self) -> Opened:
        opened = await _threaded(self._open)
        return replace(opened, draft=await _threaded(self._draft.saved) if self.saves else "")

    async def keep_draft(self, text: str) -> None:
        await _threaded(self._draft.keep, text)

    def _open(self) -> Opened:
        from bot.sessions import Sessions
        from store.corpus import Corpus
        from store.record import filling

        sessions = self._sessions = Sessions(self._paths.sessions_file)
        session = sessions.chosen(self._session, self.corpus, last=self._go_on)
        corpus = self._library = Corpus(self._paths.corpus_folder(self.corpus))
        coverage = corpus.coverage()
        if not coverage.documents:
            raise CorpusMissing(f"The corpus '{self.corpus}' is empty.", f"Fill it with: {filling(self.corpus)}")
        self._filters = corpus.resolved(self._filters)
        return self._opened(session)

    def _opened(self, session: int | None) -> Opened:
        """The facts of the corpus and of a conversation, whose filters go on where none are given."""
        from bot.question import followup

        sessions, corpus = self._sessions, self._library
        turns = tuple(sessions.turns(session)) if session is not None else ()
        self._filters = followup.carried(self._filters, leant_on(turns))
        host = None
        if self.model != "extract":
            from bot.writers.provider import place_of

            host = place_of(self.model, os.environ).host
        saved = sessions.saved(self.corpus)
        last = saved[0] if session is None and saved else None
        opened = Opened(
            corpus.coverage(), self._filters, corpus.coverage(self._filters), host, session, turns, last=last
        )
        if session is None:
            return opened
        title = next(one.title for one in saved if one.id == session)
        elsewhere = self.saves and not sessions.hold(session)
        return replace(
            opened, title=title, queued=sessions.queued(session), elsewhere=elsewhere, marks=sessions.marks(session)
        )

    async def load(self, notice: Callable[[str], None]) -> None:
        self._bot = await _threaded(self._load, lambda sentence: notice(sentence.removesuffix(ADVICE)))

    def _load(self, notice: Callable[[str], None]) -> Bot:
        from bot import build
        from bot.credentials import Keys

        key = Keys(self._paths.keys_file).get
        where = self._paths.corpus_folder(self.corpus)
        return build.bot(self._settings, where, notice, key=key, strict=self._strict)

    async def answer(self, question: str, conversation: Conversation) -> AsyncGenerator[Event]:
        with self._logged():
            async with aclosing(self._bot.answer(question, conversation, self._filters)) as events:
                async for event in events:
                    yield event

    async def again(self, place: Place) -> AsyncGenerator[Event]:
        from bot.commands import again as asked_again

        with self._logged():
            turns, asked = await _threaded(self._sessions.history, place)
            async with aclosing(asked_again.again(self._bot, turns, place, asked, self._filters)) as events:
                async for event in events:
                    yield event

    async def article(self, quote: Quote) -> Article:
        return await _threaded(self._article, quote)

    def _article(self, quote: Quote) -> Article:
        document = self._library.article(quote.document, quote.version)
        root = next((root.path for root in self._library.roots() if root.name == document.root), None)
        file = root if root is None or root.is_file() else root / document.source
        return Article(document, self._library.versions(quote.document), file)

    async def paragraphs(self, quotes: Sequence[Quote]) -> tuple[int | None, ...]:
        return await _threaded(self._paragraphs, quotes)

    def _paragraphs(self, quotes: Sequence[Quote]) -> tuple[int | None, ...]:
        every: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for key in {(quote.document, quote.version) for quote in quotes}:
            try:
                every[key] = paragraphs(self._library.article(*key))
            except BadPath:  # it was forgotten since
                every[key] = []
        return tuple(paragraph_of(quote, every[quote.document, quote.version]) for quote in quotes)

    async def limit(self, filters: Filters) -> Filters:
        self._filters = await _threaded(self._limited, filters)
        return self._filters

    def _limited(self, filters: Filters) -> Filters:
        from bot import outcome
        from bot.commands.options import day

        since, until = day(filters.since, "/since"), day(filters.until, "/until", last=True)
        filters = replace(filters, since=since, until=until, as_of=day(filters.as_of, "/asof"))
        resolved = self._library.resolved(filters)
        known = [name for name, _ in self._library.coverage().outlets]
        for name in sorted({*outcome.unknown_outlets(resolved, known)} - {*self._filters.outlets}):
            near = ", ".join(outcome.nearest(name, known)) or "none: no article names its outlet"
            raise UsageError(f"No article is from {name}.", f"The nearest outlets: {near}.")
        return resolved

    async def switch(self, corpus: str, model: str, notice: Callable[[str], None]) -> Opened:
        return await _threaded(self._switch, corpus, model, notice)

    def _switch(self, corpus: str, model: str, notice: Callable[[str], None]) -> Opened:
        from bot.settings import load

        settings = replace(self._settings, model=model or self.model)
        if corpus:  # which has settings of its own
            settings = load({"corpus": corpus, "model": self.model, "k": self._settings.k})
        filters = Filters() if corpus else self._filters
        other = Live(settings, self._paths, filters, pin=self._pin, strict=self._strict, saves=self.saves)
        opened = other._open()
        other._bot = other._load(notice)
        self._library.close()
        other._sessions, other._draft = self._sessions, self._draft  # which hold what is open in this chat
        vars(self).update(vars(other))
        return opened

    async def extent(self) -> tuple[Coverage, Coverage]:
        return await _threaded(lambda: (self._library.coverage(), self._library.coverage(self._filters)))

    async def samples(self) -> tuple[str, ...]:
        """Candidate questions that the bot answers, of different kinds if there are, and about different things."""
        waiting = await _threaded(self._candidates)
        samples: list[str] = []
        told: set[str] = set()  # the kinds and the names of those
        for other_kind in (True, False):
            later = []
            for sample in waiting:
                kind, *words = sample.question.rstrip("?").split()
                names = {word for word in words if word[0].isupper()}
                if len(samples) == SAMPLES or names & told:
                    continue
                if other_kind and kind in told:
                    later.append(sample)
                elif await self._answers(sample):
                    samples.append(sample.question)
                    told |= {kind, *names}
            waiting = later
        return tuple(samples)

    def _candidates(self) -> list[Sample]:
        from bot.commands.samples import candidates

        return candidates(self._some())[:TRIED]

    def _some(self) -> list[Any]:
        """Articles spread evenly over the corpus."""
        documents = self._library.documents(self._filters)
        step = max(1, len(documents) // READ)
        return [self._library.article(document.id) for document in documents[::step][:READ]]

    async def _answers(self, sample: Sample) -> bool:
        """Whether the bot answers a sample without a model, so that no text leaves the machine for it."""
        from bot.events import Answered
        from bot.writers.extract import Extract

        own = replace(self._bot, writer=Extract(self._settings.sentences), strict=False)
        with _ours():
            async for event in own.answer(sample.question, Conversation(), self._filters):
                if isinstance(event, Answered):
                    return sample.answered_by(event.answer)
        return False

    async def begin(self, question: str, session: int | None, before: int | None = None) -> Place | None:
        return await _threaded(self._begin, question, session, before) if self.saves else None

    def _begin(self, question: str, session: int | None, before: int | None) -> Place:
        place = self._sessions.begin(self.corpus, question, session, before)
        self._sessions.hold(place.session)
        return place

    async def withdraw(self, place: Place) -> None:
        await _threaded(self._sessions.withdraw, place)

    async def keep(self, session: int, queued: Sequence[str]) -> None:
        await _threaded(self._sessions.keep, session, queued)

    async def sessions(self, words: str) -> Sequence[Session]:
        return await _threaded(self._sessions.search, words, self.corpus)

    async def resume(self, session: int) -> Opened:
        return await _threaded(self._resume, session)

    def _resume(self, session: int) -> Opened:
        self._sessions.check(session, self.corpus)
        self._filters = Filters()
        return self._opened(session)

    async def leave(self) -> None:
        await _threaded(self._sessions.hold, None)

    async def rename(self, session: int, title: str) -> None:
        await _threaded(self._sessions.rename, session, title)

    async def delete(self, session: int) -> None:
        self._deleted = await _threaded(self._sessions.delete, session)

    async def restore(self) -> None:
        await _threaded(self._sessions.restore, self._deleted)

    async def ingest(self, path: str) -> AsyncGenerator[Progress | str]:
        from bot.commands.background import ingested

        with _ours():
            async with aclosing(ingested(self.corpus, path)) as steps:
                async for step in steps:
                    yield step

    async def articles(self) -> Sequence[Document]:
        return await _threaded(self._library.documents)

    async def finish(self, place: Place, answer: Answer) -> None:
        await _threaded(self._sessions.finish, place, answer)

    async def export(self, session: int, path: str) -> str:
        return await _threaded(self._export, session, path)

    def _export(self, session: int, path: str) -> str:
        from bot.commands.export import export, free

        return export(self._sessions.conversation(session), Path(path or free(session)).expanduser())

    async def keep_theme(self, name: str) -> None:
        from bot.settings import keep

        await _threaded(keep, "theme", name)

    async def mark(self, place: Place, footnote: int, mark: Mark | None) -> None:
        await _threaded(self._sessions.mark, place, footnote, mark)

    @contextmanager
    def _logged(self) -> Iterator[None]:
        """Writes down what ends an answer before its time."""
        try:
            with _ours():
                yield
        except FootnoteError as error:
            self.report(log.told(error))
            raise

    def report(self, trace: str) -> str:
        file = self._paths.log_file
        try:
            log.append(file, trace)
        except OSError as error:
            return f"its report could not be written: {error.strerror or error}"
        return f"its report: {file}"

    async def log(self) -> tuple[Path, str]:
        file = self._paths.log_file
        return file, await _threaded(lambda: file.read_text("utf-8", "replace") if file.exists() else "")

    async def pin(self, place: Place) -> tuple[str, ...]:
        assert self._pin is not None
        lines, self._keep = await _threaded(self._pin, self._sessions, self._paths, self.corpus, place)
        return lines

    async def keep_pin(self) -> str:
        return await _threaded(self._keep)


@contextmanager
def _ours() -> Iterator[None]:
    """Turns an unforeseen error into one with a sentence and a next step."""
    try:
        yield
    except FootnoteError:
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
