"""The runner: asks every case of a suite through `Bot.answer()`, scores what comes and keeps a row of it."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bot import build, outcome
from bot.answer import Bot
from bot.conversation import Answer, Citation, Closest, Conversation, Timing, Turn
from bot.errors import BotError, EvalInvalid, UsageError
from bot.events import Answered, Retrieved, Searching
from bot.reading import Reading
from bot.settings import Settings, paths
from bot.writers.provider import install_command
from evals import checks as scoring
from evals.case import PUBLIC, Case, Suite
from evals.checks import CHECKS, RANKING, Asked, Check, Texts
from evals.kept import runs
from evals.kept.manifest import manifest
from evals.kept.replies import Replies
from evals.measure import Row
from evals.report import Report
from store.errors import BadPath, DiskFull, StoreError
from store.passage import Filters, Passage
from store.record import Record

Make = Callable[[Settings, Path, Callable[[str], None]], Bot]


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a suite is asked and how.

    `limit` keeps the first cases, `only` those with a tag; each is asked `repeat` times, by `jobs` bots at once.
    `retrieval_only` ends every question at its passages and scores their ranking alone. `fresh` goes on with no
    run that was broken off.
    """

    limit: int | None = None
    only: str | None = None
    repeat: int = 1
    jobs: int = 1
    retrieval_only: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Following:
    """Who hears of a run: `notice` its sentences, `progress(done, total)` each row."""

    notice: Callable[[str], None] = lambda said: None
    progress: Callable[[int, int], None] = lambda done, total: None


def run(
    suite: Suite,
    settings: Settings,
    plan: Plan = Plan(),
    *,
    following: Following = Following(),
    home: Path | None = None,
    index: Path | None = None,
    checks: Mapping[str, Check] = CHECKS,
    make: Make = build.bot,
    replies: Replies | None = None,
) -> Report:
    """Asks the suite's cases and scores them; each row is kept in a folder of `home` (the data folder's `evals`).

    The corpus is ingested into a temporary folder, or kept in `index`; `replies` are those that `make` uses. Raises
    EvalInvalid for a corpus that is missing (an optional one is skipped) or cannot be read whole, UsageError for a
    plan that fits no case or measures that are not installed, and the store's errors.
    """
    if suite.corpus is None:
        if suite.optional:
            return Report(suite.name, skipped=suite.missing)
        raise EvalInvalid(f"The suite {suite.name} has no corpus: {suite.missing}.")
    installed()
    cases = chosen(suite, plan)
    names = RANKING if plan.retrieval_only else suite.checks
    checks = {name: check for name, check in checks.items() if name in names}
    with (
        _folder(index or _index(suite)) as folder,
        _bots(suite, suite.corpus, settings, folder, plan, make, following.notice) as bots,
    ):
        facts = manifest(suite, settings, plan, cases, bots[0], tuple(checks))
        writing = runs.begin(home or paths().data / "evals", facts, fresh=plan.fresh)
        try:
            if writing.resumed:
                following.notice(f"going on with {writing.manifest['run']}: {writing.resumed} of "
                                 f"{len(cases) * plan.repeat} answers are there")  # fmt: skip
            asyncio.run(_ask_all(bots, cases, plan, checks, writing, following.progress, replies))
            writing.whole(**({"replies": replies.counts} if replies else {}))
        finally:
            writing.close()
    return report(suite, writing.manifest, writing.rows)


def report(suite: Suite, manifest: Mapping[str, Any], rows: Iterable[Row]) -> Report:
    """A run's rows as a report, in the suite's order; what the suite no longer has stands last."""
    order = {case.id: number for number, case in enumerate(suite.cases)}
    ordered = sorted(rows, key=lambda row: (order.get(row["id"], len(order)), row["attempt"]))
    return Report(suite.name, manifest["model"], tuple(ordered), manifest=manifest)


def installed() -> None:
    """UsageError with the command that installs the measures, where the extra is missing."""
    if any(importlib.util.find_spec(name) is None for name in ("ir_measures", "scipy", "junitparser")):
        command = install_command("ir-measures", "junitparser", "pytrec-eval-terrier", "scipy")
        raise UsageError("The evals' measures are not installed.", f"Install them with: {command}")


def chosen(suite: Suite, plan: Plan) -> list[Case]:
    """The cases that a run asks. Raises UsageError where there is none."""
    for name, number in (("limit", plan.limit), ("repeat", plan.repeat), ("jobs", plan.jobs)):
        if number is not None and number < 1:
            raise UsageError(f"A {name} of {number} leaves no case.", "Give a number from 1.")
    cases = [case for case in suite.cases if plan.only is None or plan.only in case.tags]
    if not cases:
        raise UsageError(f"No case of {suite.name} has the tag {plan.only!r}.", f"Its tags: {', '.join(suite.tags)}")
    return cases[: plan.limit]


# -- the bots --------------------------------------------------------------------------------------


def _index(suite: Suite) -> Path | None:
    """Where a suite's index is kept: a live corpus has one, a public set's is large, others are read anew."""
    if suite.live:
        return suite.corpus
    return suite.folder / "index" if suite.name.startswith(PUBLIC) else None


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    try:
        made = TemporaryDirectory(prefix="footnote-eval-", ignore_cleanup_errors=True)
    except OSError as error:
        raise EvalInvalid(
            f"No temporary folder can be made: {error.strerror}.", "Set TMPDIR to a folder with room."
        ) from error
    with made as folder:
        yield Path(folder)


@contextmanager
def _bots(
    suite: Suite, corpus: Path, settings: Settings, folder: Path, plan: Plan, make: Make, notice: Callable[[str], None]
) -> Iterator[list[Bot]]:
    """As many bots as ask at once, each with a writer of its own: a model counts the tokens of one answer at a time."""
    if not suite.live:
        ingest(suite, corpus, settings, folder)
    told: set[str] = set()

    def once(words: str) -> None:
        if words not in told:
            told.add(words)
            notice(words)

    bots: list[Bot] = []
    try:
        for _ in range(plan.jobs):
            bots.append(make(settings, folder, once))
        yield bots
    finally:
        for bot in bots:
            bot.search.close()


def ingest(suite: Suite, corpus: Path, settings: Settings, folder: Path) -> None:
    """Reads the corpus into `folder`. A run over a part of it would score something else: EvalInvalid."""
    summary = build.sync(settings, folder).ingest([corpus], yes=True)
    left = [f"{skipped.path}: {skipped.reason}" for skipped in summary.skipped]
    left += [problem.message for problem in summary.problems]
    if left or not summary.passages:
        raise EvalInvalid(
            f"The corpus of {suite.name} was not read whole ({left[0] if left else 'it holds no article'}).",
            f"Look at {corpus}",
        )


# -- asking ----------------------------------------------------------------------------------------


async def _ask_all(
    bots: Sequence[Bot],
    cases: Sequence[Case],
    plan: Plan,
    checks: Mapping[str, Check],
    writing: runs.Writing,
    progress: Callable[[int, int], None],
    replies: Replies | None,
) -> None:
    """Asks what has no row yet, one repeat after the other; each bot takes the next case when it is free."""
    record = bots[0].search.record
    texts, ids = lookup(record), {document.source: document.id for document in record.documents()}
    there = {(row["id"], row["attempt"]) for row in writing.rows}
    total = len(cases) * plan.repeat
    progress(len(there), total)

    async def work(bot: Bot, waiting: Iterator[Case], attempt: int) -> None:
        for case in waiting:
            came = await _ask(bot, case, ids, texts, plan.retrieval_only)
            writing.add(row(came, attempt, checks))
            progress(len(writing.rows), total)

    for attempt in range(1, plan.repeat + 1):
        if replies is not None:
            replies.attempt = attempt
        waiting = iter([case for case in cases if (case.id, attempt) not in there])
        await asyncio.gather(*(work(bot, waiting, attempt) for bot in bots))


@dataclass(frozen=True, slots=True)
class Came:
    """What a case came to, for its row; `error` says what the bot raised."""

    asked: Asked
    error: str = ""


async def _ask(bot: Bot, case: Case, ids: Mapping[str, str], texts: Texts, retrieval_only: bool) -> Came:
    """A case asked after its earlier turns, as any user's question is."""
    conversation = Conversation()
    try:
        filters = replace(case.filters, documents=tuple(ids.get(name, name) for name in case.filters.documents))
        for question in case.turns:
            answer, _ = await heard(bot, question, conversation, filters, retrieval_only)
            conversation = conversation.add(Turn(question, answer))
        answer, reading = await heard(bot, case.question, conversation, filters, retrieval_only)
    except DiskFull:  # no case's fault, and no other case would fare better
        raise
    except Exception as error:
        answer = Answer(case.question, case.question, "error")
        return Came(Asked(case, answer, (), texts), told("the answer", error))
    lacking = reading.found.missing  # half a search is not what is to be measured
    return Came(
        Asked(case, answer, reading.found.passages, texts), f"an index was lacking: {lacking[0]}" if lacking else ""
    )


async def heard(
    bot: Bot, question: str, conversation: Conversation, filters: Filters, retrieval_only: bool = False
) -> tuple[Answer, Reading]:
    """A question's answer and what was read for it; with `retrieval_only` the answer ends there, "stopped"."""
    reading, searching, began = Reading(), None, perf_counter()
    async with aclosing(bot.answer(question, conversation, filters)) as events:  # type: ignore[type-var]
        async for event in events:
            match event:
                case Searching():
                    searching = event
                case Retrieved(reading):
                    if retrieval_only and searching is not None:
                        sure = outcome.confidence(reading)
                        stopped = Answer(question, searching.standalone, "stopped", filters=filters, confidence=sure,
                                         coverage=searching.coverage, model=bot.writer.name,
                                         timing=Timing(1e3 * (perf_counter() - began)))  # fmt: skip
                        return stopped, reading
                case Answered(answer):
                    return answer, reading
    raise RuntimeError("the events ended without an answer")


def lookup(record: Record) -> Texts:
    """A function from (document id, version) to the version's text in the record, None where there is none."""
    known: dict[tuple[str, int], str | None] = {}

    def text(document: str, version: int) -> str | None:
        if (document, version) not in known:
            try:
                found = record.document(document, version)
                known[document, version] = found.text if found.id == document else None
            except BadPath:
                known[document, version] = None
        return known[document, version]

    return text


# -- scoring ---------------------------------------------------------------------------------------


def score(asked: Asked, checks: Mapping[str, Check]) -> tuple[dict[str, float | None], str]:
    """Every check's score, and what the first check that raised said; such a check scores 0, and so does `passed`.

    A run of the retriever alone has no counted check, and `passed` is None there.
    """
    scores: dict[str, float | None] = {}
    raised = ""
    for name, check in checks.items():
        try:
            scores[name] = check(asked)
            if (value := scores[name]) is not None and not 0 <= value <= 1:
                raise ValueError(f"it gave {value}")
        except Exception as error:
            scores[name] = 0.0
            raised = raised or told(f"the check {name}", error)
    counted = any(name in scores for name in scoring.COUNTED)
    scores["passed"] = 0.0 if raised else scoring.passed(scores) if counted else None
    return scores, raised


def told(what: str, error: Exception) -> str:
    """What an error says: a sentence of ours alone, any other with its kind and what raised it."""
    if isinstance(error, BotError | StoreError):
        return f"{error.message} {error.next}".strip()
    return f"{what} raised {type(error).__name__}: {error}"


def row(came: Came, attempt: int, checks: Mapping[str, Check]) -> Row:
    """A case as it went, in plain values, ready for JSON."""
    case, answer = came.asked.case, came.asked.answer
    scores, raised = score(came.asked, checks)
    error = came.error or raised
    scores["passed"] = 0.0 if error else scores["passed"]
    return {
        "id": case.id,
        "attempt": attempt,
        "question": case.question,
        "turns": list(case.turns),
        "tags": list(case.tags),
        "cluster": case.cluster or (case.documents[0] if case.documents else case.id),
        "must_pass": case.must_pass,
        "expected": _expected(case),
        "outcome": answer.outcome,
        "refused": answer.refused,
        "confidence": answer.confidence,
        "model": answer.model,
        "standalone": answer.standalone,
        "answer": answer.text,
        "sentences": [
            {"text": said.text, "verdict": said.verdict, "citations": list(said.citations)} for said in answer.sentences
        ],
        "citations": [_citation(citation.number, citation) for citation in answer.citations],
        "closest": [_citation(closest.letter, closest) for closest in answer.closest],
        "passages": [_passage(passage) for passage in came.asked.passages],
        "passage": _context(answer),
        "scores": scores,
        "timing_ms": dataclasses.asdict(answer.timing),
        "usage": {"input_tokens": answer.usage[0], "output_tokens": answer.usage[1]},
        "error": error or None,
        "why": error or why(case, answer, scores),
    }


def _expected(case: Case) -> dict[str, Any]:
    return {
        "outcome": case.outcome,
        "answerable": case.answerable,
        "facts": [list(group) for group in case.facts],
        "absent": [list(group) for group in case.absent],
        "documents": list(case.documents),
        "quote_from": list(case.quote_from),
    }


def _citation(number: int | str, shown: Citation | Closest) -> dict[str, Any]:
    """A citation or closest passage: its quote, where it stands and what article that is."""
    quote, document = shown.quote, shown.document
    return {
        "number": number,
        "quote": quote.text,
        "start": quote.start,
        "end": quote.end,
        "document_id": quote.document,
        "version": quote.version,
        "source": document.source,
        "title": document.title,
        "outlet": document.outlet,
        "published": document.published,
    }


def _passage(passage: Passage) -> dict[str, Any]:
    document = passage.document
    return {
        "document_id": document.id,
        "source": document.source,
        "start": passage.start,
        "end": passage.end,
        "score": passage.score,
    }


def _context(answer: Answer) -> dict[str, Any] | None:
    """The passage shown under the sentences."""
    if answer.context is None:
        return None
    shown = dataclasses.asdict(answer.context)
    return shown | {"marks": [list(mark) for mark in answer.context.marks]}


def why(case: Case, answer: Answer, scores: Mapping[str, float | None]) -> str:
    """Why a case did not pass, in words; nothing where it did."""
    cited = dict.fromkeys(citation.document.source for citation in answer.citations)
    words = {
        "outcome": f"{answer.outcome}, not {case.outcome} (confidence {answer.confidence:.2f})",
        "facts": f"not said: {', '.join(scoring.lacking(case, scoring.said(answer)))}"
        + (" (but shown in the passage)" if scores.get("shown") == 1.0 else ""),
        "absent": f"says: {', '.join(scoring.intruding(case, scoring.said(answer)))}",
        "document": f"cites {', '.join(cited) or 'nothing'}, not {' or '.join(case.documents)}",
        "quote_from": f"cites {', '.join(cited)}, and may only cite {' or '.join(case.quote_from)}",
        "quotes": "a quote does not stand in the record",
    }
    missed = [name for name in scoring.COUNTED if scores.get(name) == 0.0]
    if case.answerable and missed[:1] == ["outcome"]:  # a refusal says no fact and cites nothing
        missed = missed[:1] + [name for name in missed if name in ("absent", "quotes")]
    return "; ".join(words[name] for name in missed)
