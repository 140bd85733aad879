"""Figures over rows of a public set: a mean, an AUROC or how well was refused, each with its interval.

An interval is the 95 % percentile bootstrap over clusters (cases that share a text are drawn together), with a fixed
seed. `other` is the figure on the half of the cases that confidence and its cuts were not fitted on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.words import contains, exact, word_f1

RESAMPLES = 1_000
SEED = 0

Row = dict[str, Any]
Table = NDArray[np.float64]  # one line a case, one column a value


@dataclass(frozen=True, slots=True)
class Sample:
    """One case's values for a figure."""

    id: str
    cluster: str
    values: tuple[float, ...]


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
    name: str,
    unit: str,
    samples: Iterable[Sample],
    measure: Callable[[Table], float | None],
    anchor: Anchor | None = None,
) -> Figure | None:
    """A measure over samples with its interval; None where it cannot be taken (no sample, one class only)."""
    anchor, kept = anchor or Anchor(), list(samples)
    value = measure(_table(kept)) if kept else None
    if value is None:
        return None
    low, high = interval(kept, measure)
    held = [sample for sample in kept if not tuning(sample.id)]
    other = measure(_table(held)) if held else None
    scores = {sample.id: sample.values[0] for sample in kept} if measure is mean else {}
    return Figure(name, unit, value, low, high, len(kept), other, len(held), anchor.floor, anchor.published, scores)


def interval(samples: Sequence[Sample], measure: Callable[[Table], float | None]) -> tuple[float, float]:
    """The 95 % interval of a measure, clusters drawn with replacement (Efron and Tibshirani 1993, chapter 13)."""
    table = _table(samples)
    places: dict[str, list[int]] = {}
    for place, sample in enumerate(samples):
        places.setdefault(sample.cluster, []).append(place)
    clusters = [np.asarray(group) for group in places.values()]
    draw = np.random.default_rng(SEED)
    values = []
    for _ in range(RESAMPLES):
        chosen = draw.integers(0, len(clusters), size=len(clusters))
        value = measure(table[np.concatenate([clusters[number] for number in chosen])])
        if value is not None:
            values.append(value)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _table(samples: Sequence[Sample]) -> Table:
    return np.asarray([sample.values for sample in samples], dtype=np.float64)


# -- measures over a table -----------------------------------------------------------------------


def mean(table: Table) -> float | None:
    """The mean of the first column."""
    return float(table[:, 0].mean()) if len(table) else None


def auroc(table: Table) -> float | None:
    """The chance that a case of the first kind (column 0 is 1) has the higher score (column 1); ties count half.

    Source: Hanley and McNeil, The meaning and use of the area under a ROC curve (1982).
    """
    from scipy.stats import rankdata

    good = table[:, 0] == 1
    yes, no = int(good.sum()), int((~good).sum())
    if not yes or not no:
        return None
    ranks = rankdata(table[:, 1])
    return float((ranks[good].sum() - yes * (yes + 1) / 2) / (yes * no))


def precision(table: Table) -> float | None:
    """Of the cases that were refused (column 1), the share that the corpus does not answer (column 0 is 0)."""
    due, refused = table[:, 0] == 0, table[:, 1] == 1
    return float(due[refused].mean()) if refused.any() and due.any() else None


def recall(table: Table) -> float | None:
    """Of the cases that the corpus does not answer, the share that was refused."""
    due = table[:, 0] == 0
    return float((table[due, 1] == 1).mean()) if due.any() else None


def f1(table: Table) -> float | None:
    """The harmonic mean of the two, by counts."""
    due, refused = table[:, 0] == 0, table[:, 1] == 1
    return float(2 * (due & refused).sum() / (due.sum() + refused.sum())) if due.any() else None


def false_refusals(table: Table) -> float | None:
    """Of the cases that the corpus answers, the share that was refused."""
    answerable = table[:, 0] == 1
    return float((table[answerable, 1] == 1).mean()) if answerable.any() else None


# -- rows as samples -----------------------------------------------------------------------------


def sampled(rows: Iterable[Row], value: Callable[[Row], float | None]) -> list[Sample]:
    """One value a row, where it applies."""
    found = ((row, value(row)) for row in rows)
    return [Sample(row["id"], row["cluster"], (number,)) for row, number in found if number is not None]


def judged(rows: Iterable[Row], value: Callable[[Row], float]) -> list[Sample]:
    """Whether each row's question is answerable, beside a value of it."""
    return [Sample(r["id"], r["cluster"], (float(r["expected"]["answerable"]), value(r))) for r in rows]


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
    """Answerable or not: the order that confidence gives, and the product's own refusals."""
    refused = judged(rows, lambda row: float(row["refused"]))
    found = [
        figure(f"{name}{label}", "question", samples, measure, anchors.get(f"{name}{label}"))
        for name, samples, measure in (
            ("answerable AUROC", judged(rows, lambda row: row["confidence"]), auroc),
            ("refusal precision", refused, precision),
            ("refusal recall", refused, recall),
            ("refusal F1", refused, f1),
            ("answerable refused", refused, false_refusals),
        )
    ]
    return [one for one in found if one]


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
