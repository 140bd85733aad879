"""A row of a run: one attempt at one case, as it is kept on disk, shown in reports and measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bot.conversation import Citation, Closest, Context
from bot.show.plain import revived
from evals.scoring import PASSED, Asked, Scores, why


@dataclass(frozen=True, slots=True)
class Expected:
    """The expectations of the case."""

    outcome: str = ""
    answerable: bool = False
    facts: tuple[tuple[str, ...], ...] = ()
    absent: tuple[tuple[str, ...], ...] = ()
    documents: tuple[str, ...] = ()
    quote_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the answer."""

    text: str
    verdict: str = ""
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A citation or a closest passage: its quote, where it stands and in which article."""

    number: int | str
    quote: str
    start: int
    end: int
    document_id: str
    version: int
    source: str = ""
    title: str = ""
    outlet: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage that was found, without its text."""

    document_id: str
    source: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt at one case as it went."""

    id: str
    attempt: int
    question: str = ""
    turns: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cluster: str = ""  # the case is resampled together with those of the same cluster
    must_pass: bool = False
    expected: Expected = Expected()
    outcome: str = ""
    refused: bool = False
    confidence: float = 0.0
    model: str = ""
    standalone: str = ""
    answer: str = ""
    sentences: tuple[Said, ...] = ()
    citations: tuple[Shown, ...] = ()
    closest: tuple[Shown, ...] = ()
    passages: tuple[Ranked, ...] = ()
    passage: Context | None = None  # shown under the sentences
    since: tuple[str, ...] = ()  # what changed since it was asked first, where it was asked again
    scores: Scores = field(default_factory=dict)  # metric → score, None where it does not apply
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    usage: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None
    why: str = ""  # in words why the case did not pass

    @property
    def answerable(self) -> bool:
        return self.expected.answerable

    @property
    def passed(self) -> bool:
        """Whether the row met everything that counts, or nothing counts, as where passages alone are scored."""
        return self.scores.get(PASSED) != 0.0

    def plain(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def read(cls, value: Any) -> Row:
        """The row of plain values. Raises ValueError where a key is missing or holds another kind of value."""
        if not isinstance(value, dict) or not value.keys() >= _NEEDED or not isinstance(value["scores"], dict):
            raise ValueError("keys are missing")
        row: Row = revived(cls, value)
        documents = row.expected.documents
        return row if row.cluster else dataclasses.replace(row, cluster=documents[0] if documents else row.id)


_NEEDED = frozenset(("id", "attempt", "scores", "error", "expected", "outcome", "refused"))


def row(asked: Asked, attempt: int, scores: Mapping[str, float | None], error: str) -> Row:
    """The row of a case that was asked; with an error it has not passed."""
    case, answer = asked.case, asked.answer
    expected = {field.name: getattr(case, field.name) for field in fields(Expected)}
    return Row(
        case.id, attempt, case.question, case.turns, case.tags, case.drawn_with, case.must_pass, Expected(**expected),
        answer.outcome, answer.refused, answer.confidence, answer.model, answer.standalone, answer.text,
        sentences=tuple(Said(said.text, said.verdict, said.citations) for said in answer.sentences),
        citations=tuple(_shown(citation.number, citation) for citation in answer.citations),
        closest=tuple(_shown(closest.letter, closest) for closest in answer.closest),
        passages=tuple(Ranked(p.document.id, p.document.source, p.start, p.end, p.score) for p in asked.passages),
        passage=answer.context, since=answer.since.lines if answer.since else (),
        scores={**scores, PASSED: 0.0} if error else scores,
        timing_ms=dataclasses.asdict(answer.timing),
        usage={"input_tokens": answer.usage[0], "output_tokens": answer.usage[1]},
        error=error or None,
        why=error or why(asked, scores),
    )  # fmt: skip


def _shown(number: int | str, shown: Citation | Closest) -> Shown:
    quote, home = shown.quote, shown.document
    return Shown(number, quote.text, quote.start, quote.end, quote.document, quote.version, home.source, home.title,
                 home.outlet, home.published)  # fmt: skip
