"""Asking a bot: a suite's corpus read, bots over it, and what each case came to."""

from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bot import build, outcome
from bot.answer import Bot
from bot.commands.again import again, difference
from bot.conversation import Answer, Conversation, Place, Timing, Turn
from bot.errors import EvalInvalid
from bot.events import Answered, Event, Retrieved, Searching
from bot.reading import Reading
from bot.settings import Settings
from evals.case import Case
from evals.scoring import Asked, Texts, told
from evals.suite import PUBLIC, Suite
from store.corpus import Corpus
from store.errors import BadPath, DiskFull
from store.passage import Filters

PLACE = Place(1, 1)  # stands for where a case was saved that is asked again
Make = Callable[[Settings, Path, Callable[[str], None]], Bot]


def silent(notice: str) -> None:
    """Says nothing."""


@contextmanager
def bots(
    suite: Suite,
    settings: Settings,
    *,
    index: Path | None = None,
    jobs: int = 1,
    make: Make = build.bot,
    notice: Callable[[str], None] = silent,
) -> Iterator[list[Bot]]:
    """As many bots over a suite's corpus as ask at once, each with a writer of its own.

    Each needs one: a model counts the tokens of one answer at a time. The index is kept in `index`; where none is
    named, a live corpus has its own, a public set's is kept beside its articles and others are temporary. Raises
    EvalInvalid for a corpus that is missing or cannot be read whole, and the store's errors.
    """
    if suite.corpus is None:
        raise EvalInvalid(f"The suite {suite.name} has no corpus: {suite.missing}.")
    said: set[str] = set()

    def once(words: str) -> None:
        if words not in said:
            said.add(words)
            notice(words)

    kept = suite.corpus if suite.live else suite.folder / "index" if suite.name.startswith(PUBLIC) else None
    with ExitStack() as opened:
        folder = index or kept or _temporary(opened)
        if not suite.live:
            _ingest(suite, suite.corpus, settings, folder)
        made: list[Bot] = []
        for _ in range(jobs):
            made.append(make(settings, folder, once))
            opened.callback(made[-1].corpus.close)
        yield made


def _temporary(opened: ExitStack) -> Path:
    """A folder that goes when the stack is closed."""
    try:
        made = TemporaryDirectory(prefix="footnote-eval-", ignore_cleanup_errors=True)
    except OSError as error:
        said = f"No temporary folder can be made: {error.strerror}."
        raise EvalInvalid(said, "Set TMPDIR to a folder with room.") from error
    return Path(opened.enter_context(made))


def _ingest(suite: Suite, corpus: Path, settings: Settings, folder: Path) -> None:
    """Reads the corpus into `folder`. A run over a part of it would score something else: EvalInvalid."""
    summary = build.sync(settings, folder).ingest([corpus], yes=True)
    left = [f"{skipped.path}: {skipped.reason}" for skipped in summary.skipped]
    left += [problem.message for problem in summary.problems]
    if left or not summary.passages:
        said = left[0] if left else "it holds no article"
        raise EvalInvalid(f"The corpus of {suite.name} was not read whole ({said}).", f"Look at {corpus}")


async def ask(
    bot: Bot, case: Case, ids: Mapping[str, str], texts: Texts, retrieval_only: bool = False
) -> tuple[Asked, str]:
    """A case asked after its earlier turns, as any user's question is, and what removed wrong, if anything did.

    One to be asked again is asked first without the articles that came later, then as `footnote ask --again` does.
    `ids` are the documents' by their paths. Raises DiskFull, which is no case's fault and would stop every other, too.
    """
    conversation, since = Conversation(), None
    twice = case.asked_again and not retrieval_only
    try:
        filters = replace(case.filters, documents=tuple(ids.get(name, name) for name in case.filters.documents))
        first = without(filters, case.came, ids) if twice else filters
        for question in case.turns:
            answer, _ = await heard(bot.answer(question, conversation, first), bot, retrieval_only)
            conversation = conversation.add(Turn(question, answer))
        answer, reading = await heard(bot.answer(case.question, conversation, first), bot, retrieval_only)
        if twice:
            turns = [(turn.question, turn.answer) for turn in conversation.turns]
            saved = replace(answer, filters=replace(answer.filters, documents=filters.documents))
            then = without(filters, case.removed, ids)
            events = again(bot, [*turns, (case.question, saved)], PLACE, date.today().isoformat(), then)
            answer, reading = await heard(events, bot)
            since = difference(saved, answer, bot.corpus)
    except DiskFull:
        raise
    except Exception as error:
        answer = Answer(case.question, case.question, "error")
        return Asked(case, answer, (), texts, bot.checker), told("the answer", error)
    lacking = reading.found.missing  # half a search measures nothing
    asked = Asked(case, answer, reading.found.passages, texts, bot.checker, since)
    return asked, f"an index was lacking: {lacking[0]}" if lacking else ""


def without(filters: Filters, lacking: Collection[str], ids: Mapping[str, str]) -> Filters:
    """The filters of a corpus that lacks some of its articles."""
    if not lacking:
        return filters
    within = filters.documents or ids.values()
    return replace(filters, documents=tuple(one for one in within if one not in {ids[name] for name in lacking}))


async def heard(coming: AsyncGenerator[Event], bot: Bot, retrieval_only: bool = False) -> tuple[Answer, Reading]:
    """The answer that a bot's events bring and what was read for it; `retrieval_only` ends there, "stopped"."""
    reading, searching, began = Reading(), None, perf_counter()
    async with aclosing(coming) as events:
        async for event in events:
            match event:
                case Searching():
                    searching = event
                case Retrieved(reading):
                    if retrieval_only and searching is not None:
                        sure = outcome.confidence(reading)
                        stopped = Answer(searching.question, searching.standalone, "stopped", confidence=sure,
                                         coverage=searching.coverage, model=bot.writer.name,
                                         timing=Timing(1e3 * (perf_counter() - began)))  # fmt: skip
                        return stopped, reading
                case Answered(answer):
                    return answer, reading
    raise RuntimeError("the events ended without an answer")


def document_ids(bot: Bot) -> dict[str, str]:
    """The ids of the corpus's documents by their paths."""
    return {document.source: document.id for document in bot.corpus.documents()}


def lookup(corpus: Corpus) -> Texts:
    """A function from (document id, version) to the version's text in the corpus, None where there is none."""

    @cache
    def text(document: str, version: int) -> str | None:
        try:
            found = corpus.article(document, version)
        except BadPath:
            return None
        return found.text if found.id == document else None

    return text
