"""The runner: asks every case of a suite through `Bot.answer()` and scores what comes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import build
from bot.answer import Bot
from bot.conversation import Answer, Answered, Citation, Closest, Conversation, Filters, Retrieved, Turn
from bot.errors import EvalInvalid, UsageError
from bot.settings import Settings
from evals import checks as scoring
from evals.case import Case, Suite
from evals.checks import CHECKS, Asked, Check, Texts
from evals.measure import Row
from evals.report import Report
from store.errors import BadPath
from store.passage import Passage
from store.record import Record

Make = Callable[[Settings, Path, Callable[[str], None]], Bot]


def run(
    suite: Suite,
    settings: Settings,
    *,
    limit: int | None = None,
    only: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    home: Path | None = None,
    checks: Mapping[str, Check] = CHECKS,
    make: Make = build.bot,
) -> Report:
    """Asks the suite's cases in order and scores them; `progress(done, total)` follows each.

    `limit` keeps the first cases, `only` those with a tag. The corpus is ingested into a temporary folder,
    or kept in `home`. Raises EvalInvalid for a corpus that is missing (an optional one is skipped) or cannot
    be read whole, UsageError for a limit or tag that fits no case, and the store's errors.
    """
    if suite.corpus is None:
        if suite.optional:
            return Report(suite.name, skipped=suite.missing)
        raise EvalInvalid(f"The suite {suite.name} has no corpus: {suite.missing}.")
    cases = chosen(suite, limit, only)
    with _folder(home) as folder:
        ingest(suite, suite.corpus, settings, folder)
        bot = make(settings, folder, lambda notice: None)
        try:
            rows = asyncio.run(_ask_all(bot, cases, checks, progress or (lambda done, total: None)))
        finally:
            bot.search.close()
    return Report(suite.name, bot.writer.name, tuple(rows))


def chosen(suite: Suite, limit: int | None, only: str | None) -> list[Case]:
    """The cases that a run asks."""
    if limit is not None and limit < 1:
        raise UsageError(f"A limit of {limit} leaves no case.", "Give a number from 1.")
    cases = [case for case in suite.cases if only is None or only in case.tags]
    if not cases:
        raise UsageError(f"No case of {suite.name} has the tag {only!r}.", f"Its tags: {', '.join(suite.tags)}")
    return cases[:limit]


def ingest(suite: Suite, corpus: Path, settings: Settings, folder: Path) -> None:
    """Reads the corpus into `folder`. A run over a part of it would score something else: EvalInvalid."""
    summary = build.sync(settings, folder).ingest([corpus])
    left = [f"{skipped.path}: {skipped.reason}" for skipped in summary.skipped]
    left += [problem.message for problem in summary.problems]
    if left or not summary.passages:
        raise EvalInvalid(
            f"The corpus of {suite.name} was not read whole ({left[0] if left else 'it holds no article'}).",
            f"Look at {corpus}",
        )


@contextmanager
def _folder(home: Path | None) -> Iterator[Path]:
    if home is not None:
        yield home
        return
    try:
        made = TemporaryDirectory(prefix="footnote-eval-", ignore_cleanup_errors=True)
    except OSError as error:
        raise EvalInvalid(
            f"No temporary folder can be made: {error.strerror}.", "Set TMPDIR to a folder with room."
        ) from error
    with made as folder:
        yield Path(folder)


async def _ask_all(
    bot: Bot, cases: Sequence[Case], checks: Mapping[str, Check], progress: Callable[[int, int], None]
) -> list[Row]:
    texts = lookup(bot.search.record)
    rows = []
    for number, case in enumerate(cases, 1):
        rows.append(await _ask(bot, case, checks, texts))
        progress(number, len(cases))
    return rows


async def _ask(bot: Bot, case: Case, checks: Mapping[str, Check], texts: Texts) -> Row:
    """One case's row; whatever the bot or a check raises stands in its `error`."""
    try:
        answer, passages = await answered(bot, case)
    except Exception as error:
        asked = Asked(case, Answer(case.question, case.question, "error"), (), texts)
        return row(case, asked.answer, score(asked, checks)[0], f"the answer raised {told(error)}")
    scores, error_text = score(Asked(case, answer, passages, texts), checks)
    return row(case, answer, scores, error_text)


async def answered(bot: Bot, case: Case) -> tuple[Answer, tuple[Passage, ...]]:
    """The answer to a case's question, asked as any user's is after its earlier turns, and the passages found."""
    filters = case.filters
    if filters.documents:
        ids = {document.source: document.id for document in bot.search.record.documents()}
        filters = dataclasses.replace(filters, documents=tuple(ids[source] for source in filters.documents))
    conversation = Conversation()
    for question in case.turns:
        answer, _ = await _answer(bot, question, conversation, filters)
        conversation = conversation.add(Turn(question, answer))
    return await _answer(bot, case.question, conversation, filters)


async def _answer(
    bot: Bot, question: str, conversation: Conversation, filters: Filters
) -> tuple[Answer, tuple[Passage, ...]]:
    answer: Answer | None = None
    passages: tuple[Passage, ...] = ()
    async for event in bot.answer(question, conversation, filters):
        if isinstance(event, Retrieved):
            passages = event.found.passages
        if isinstance(event, Answered):
            answer = event.answer
    if answer is None:
        raise RuntimeError("the events ended without an answer")
    return answer, passages


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


def score(asked: Asked, checks: Mapping[str, Check]) -> tuple[dict[str, float | None], str]:
    """Every check's score, and what the first check that raised said; such a check scores 0, and so does `passed`."""
    scores: dict[str, float | None] = {}
    raised = ""
    for name, check in checks.items():
        try:
            scores[name] = check(asked)
        except Exception as error:
            scores[name] = 0.0
            raised = raised or f"the check {name} raised {told(error)}"
    scores["passed"] = 0.0 if raised else scoring.passed(scores)
    return scores, raised


def told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def row(case: Case, answer: Answer, scores: dict[str, float | None], error: str) -> Row:
    """A case as it went, in plain values, ready for JSON."""
    return {
        "id": case.id,
        "question": case.question,
        "tags": list(case.tags),
        "outcome": answer.outcome,
        "refused": answer.refused,
        "expected": {
            "outcome": case.outcome,
            "answerable": case.answerable,
            "facts": [list(group) for group in case.facts],
            "documents": list(case.documents),
        },
        "answer": answer.text,
        "citations": [_citation(citation.number, citation) for citation in answer.citations],
        "closest": [_citation(closest.letter, closest) for closest in answer.closest],
        "scores": scores,
        "timing_ms": dataclasses.asdict(answer.timing),
        "confidence": answer.confidence,
        "error": error or None,
        "why": error or why(case, answer, scores),
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
    }


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
