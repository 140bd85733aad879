"""Figures over rows of a public set: a mean, an AUROC or how well was refused, each with its interval.

`other` is the figure on the half of the cases that confidence and its cuts were not fitted on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evals.measure import Measure, Row, Sample, auroc, judged, mean, once, refusing, sampled, taken
from evals.words import contains, exact, word_f1


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a figure is held against: the floor to beat and what others reached, each with source, unit and n."""

    floor: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a set; `other` is the same on the half that is not for tuning (`other_n` cases).

    `scores` are the single cases' values by id where the figure is their mean, else empty.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    n: int
    other: float | None = None
    other_n: int = 0
    floor: str = ""
    published: str = ""
    scores: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    def plain(self) -> dict[str, Any]:
        """The figure as plain values, rounded to four digits, without the single cases."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "scores"}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def tuning(case: str) -> bool:
    """Whether a case's id belongs to the half on which settings may be chosen."""
    return int(hashlib.sha256(case.encode()).hexdigest(), 16) % 2 == 0


def figure(
    name: str, unit: str, samples: Sequence[Sample], measure: Measure, anchor: Anchor | None = None
) -> Figure | None:
    """A measure over samples with its interval; None where it cannot be taken (no sample, one class only)."""
    anchor, found = anchor or Anchor(), taken(samples, measure)
    if found is None:
        return None
    held = [sample for sample in samples if not tuning(sample.id)]
    scores = {sample.id: sample.values[0] for sample in samples} if measure is mean else {}
    return Figure(
        name, unit, found.mean, found.low, found.high, found.n, once(held, measure), len(held), anchor.floor,
        anchor.published, scores,
    )  # fmt: skip


# -- figures over rows ---------------------------------------------------------------------------


def ranking(
    rows: Sequence[Row],
    relevant: Mapping[str, Mapping[str, int]],
    measures: Sequence[str],
    unit: str,
    anchors: Mapping[str, Anchor],
    *,
    ranked: str = "ranked",
    label: str = "",
) -> list[Figure]:
    """Ranking measures by ir_measures over the rows that have relevant documents; `ranked` is the row's key."""
    import ir_measures

    kept = [row for row in rows if relevant.get(row["id"])]
    run = {row["id"]: {source: 1.0 / rank for rank, source in enumerate(row[ranked], 1)} or {"": 0.0} for row in kept}
    qrels = {row["id"]: dict(relevant[row["id"]]) for row in kept}
    wanted = [ir_measures.parse_measure(name) for name in measures]
    scores: dict[str, dict[str, float]] = {name: {} for name in measures}
    for metric in ir_measures.iter_calc(wanted, qrels, run):
        scores[str(metric.measure)][metric.query_id] = metric.value
    found = []
    for name in measures:
        samples = sampled(kept, lambda row, name=name: scores[name].get(row["id"], 0.0))  # type: ignore[misc]
        found.append(figure(f"{name}{label}", unit, samples, mean, anchors.get(f"{name}{label}")))
    return [one for one in found if one]


def refusals(rows: Sequence[Row], anchors: Mapping[str, Anchor], *, label: str = "") -> list[Figure]:
    """Answerable or not: the order that confidence gives, and the product's own refusals, both without single cases."""
    wanted = {"answerable AUROC": (judged(rows, lambda row: row["confidence"]), auroc), **refusing(rows)}
    found = [
        figure(f"{name}{label}", "question", samples, measure, anchors.get(f"{name}{label}"))
        for name, (samples, measure) in wanted.items()
    ]
    return [replace(one, scores={}) for one in found if one]


def answered(rows: Sequence[Row], anchors: Mapping[str, Anchor]) -> list[Figure]:
    """Answers against gold strings, where a model wrote them: exact match, F1 over words, contains.

    Source: Rajpurkar et al. 2016. An extract's whole sentences are not made for exact match: nothing is given then.
    """
    kept = [row for row in rows if row["model"] != "extract"]
    checks: dict[str, Callable[[str, Sequence[str]], float]] = {
        "exact match": exact,
        "F1": word_f1,
        "contains": lambda text, answers: float(contains(text, answers)),
    }
    found = [
        figure(name, "answer", sampled(kept, lambda row, c=check: c(row["answer"], row["expected"]["answers"])), mean,  # type: ignore[misc]
               anchors.get(name))
        for name, check in checks.items()
    ]  # fmt: skip
    return [one for one in found if one]


# -- texts ---------------------------------------------------------------------------------------


def matches(one: str, other: str) -> bool:
    """Whether two texts are cuts of one sentence: the words of the shorter stand in a row in the longer."""
    a, b = sorted((re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())), key=len)
    return bool(a) and f" {' '.join(a)} " in f" {' '.join(b)} "


def overlap(chosen: Sequence[str], gold: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of chosen sentences against gold ones; sentences are matched by `matches`."""
    right = sum(any(matches(one, other) for other in gold) for one in chosen)
    met = sum(any(matches(one, other) for one in chosen) for other in gold)
    p, r = right / len(chosen) if chosen else 0.0, met / len(gold) if gold else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0
