"""Measures over cases, each with the 95 % interval that drawing other cases would give.

A measure takes a table (one line a case) and weights (one line a resample: how often each case was drawn) and gives one
value a resample, nan where there is nothing to divide by. The interval is the percentile bootstrap over clusters, that
is cases that share an article, with a fixed seed (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter
13; Davison and Hinkley, Bootstrap Methods, 1997, section 3.8).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 0
_BLOCK = 2_000_000  # weights in memory at once

Table = NDArray[np.float64]
Measure = Callable[[Table, Table], Table]


class Drawn(Protocol):
    """A row as measures see it: a case, and the cluster that it is resampled with."""

    @property
    def id(self) -> str: ...
    @property
    def cluster(self) -> str: ...


class Asked(Drawn, Protocol):
    """A question that was asked, of a suite or of a public set."""

    @property
    def answerable(self) -> bool: ...
    @property
    def refused(self) -> bool: ...


D = TypeVar("D", bound=Drawn)
R = TypeVar("R", bound=Asked)


@dataclass(frozen=True, slots=True)
class Sample:
    """One case's values for a measure."""

    id: str
    cluster: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """A figure over the `n` cases to which it applies, with the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float
    n: int


def taken(samples: Sequence[Sample], measure: Measure) -> Mean | None:
    """A measure with its interval; None where it cannot be taken (no sample, one class only)."""
    value = once(samples, measure)
    return None if value is None else Mean(value, *interval(samples, measure), len(samples))


def once(samples: Sequence[Sample], measure: Measure) -> float | None:
    """A measure over all samples; None where it cannot be taken."""
    if not samples:
        return None
    (value,) = measure(_table(samples), np.ones((1, len(samples))))
    return None if np.isnan(value) else float(value)


def interval(samples: Sequence[Sample], measure: Measure) -> tuple[float, float]:
    """The bounds of a measure's 95 % interval. The order of the samples changes nothing."""
    samples = sorted(samples, key=lambda sample: (sample.cluster, sample.id, sample.values))
    table = _table(samples)
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(s.cluster for s in samples))}
    home = np.asarray([numbers[sample.cluster] for sample in samples])
    drawn = _drawn(len(numbers))
    step = max(1, _BLOCK // len(samples))
    blocks = range(0, RESAMPLES, step)
    values = np.concatenate([measure(table, drawn[at : at + step, home].astype(np.float64)) for at in blocks])
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


@lru_cache(maxsize=64)
def _drawn(clusters: int) -> NDArray[np.uint16]:
    """Draw counts of so many clusters: one line a resample."""
    chosen = np.random.default_rng(SEED).integers(0, clusters, size=(RESAMPLES, clusters))
    counts = np.zeros((RESAMPLES, clusters), dtype=np.uint16)
    np.add.at(counts, (np.arange(RESAMPLES)[:, None], chosen), 1)
    return counts


def _table(samples: Sequence[Sample]) -> Table:
    return np.asarray([sample.values for sample in samples], dtype=np.float64)


def mean(table: Table, drawn: Table) -> Table:
    """The mean of the first column."""
    return share(drawn @ table[:, 0], drawn.sum(axis=1))


def median(table: Table, drawn: Table) -> Table:
    """The median of the first column; of an even number of cases the mean of the middle two."""
    order = np.argsort(table[:, 0], kind="stable")
    below = np.cumsum(drawn[:, order], axis=1)
    half = below[:, -1:] / 2
    middle: Table = (table[order[(below >= half).argmax(1)], 0] + table[order[(below > half).argmax(1)], 0]) / 2
    return middle


def precision(table: Table, drawn: Table) -> Table:
    """Of the cases that were refused (column 1), the share that the corpus does not answer (column 0 is 0)."""
    due, refused = 1 - table[:, 0], table[:, 1]
    return share(drawn @ (due * refused), drawn @ refused * due.any())


def f1(table: Table, drawn: Table) -> Table:
    """The harmonic mean of the precision and the recall of refusing."""
    due, refused = 1 - table[:, 0], table[:, 1]
    return share(2 * (drawn @ (due * refused)), drawn @ (due + refused) * due.any())


def auroc(table: Table, drawn: Table) -> Table:
    """The chance that a case of the first kind (column 0 is 1) has the higher score (column 1); ties count half.

    Source: Hanley and McNeil, The meaning and use of the area under a ROC curve (1982).
    """
    order = np.argsort(table[:, 1], kind="stable")
    good, scores = table[order, 0], table[order, 1]
    starts = np.flatnonzero(np.diff(scores, prepend=scores[0] - 1))  # where a new score begins
    yes = np.add.reduceat(drawn[:, order] * good, starts, axis=1)
    no = np.add.reduceat(drawn[:, order] * (1 - good), starts, axis=1)
    below = np.cumsum(no, axis=1) - no / 2
    return share((yes * below).sum(axis=1), yes.sum(axis=1) * no.sum(axis=1))


def share(part: Table, whole: Table) -> Table:
    """part / whole, nan where the whole is 0."""
    found: Table = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
    return found


def sampled(rows: Iterable[D], value: Callable[[D], float | None], *kinds: Callable[[D], float]) -> list[Sample]:
    """One value a row, where it applies, after the row's `kinds`."""
    values = ((row, value(row)) for row in rows)
    return [
        Sample(row.id, row.cluster, (*(float(kind(row)) for kind in kinds), float(number)))
        for row, number in values
        if number is not None
    ]


def judged(rows: Iterable[R], value: Callable[[R], float]) -> list[Sample]:
    """Whether each row's question is answerable, beside a value of it."""
    return sampled(rows, value, lambda row: row.answerable)


def by_case(samples: Iterable[Sample]) -> list[Sample]:
    """One sample a case: the mean of its attempts."""
    attempts: dict[str, list[Sample]] = {}
    for sample in samples:
        attempts.setdefault(sample.id, []).append(sample)
    means = {key: np.mean([sample.values for sample in group], axis=0) for key, group in attempts.items()}
    return [Sample(key, attempts[key][0].cluster, tuple(values.tolist())) for key, values in means.items()]


def refusing(rows: Sequence[R]) -> dict[str, tuple[list[Sample], Measure]]:
    """Measures of refusing, each name with its samples; all refusals are one class.

    Precision and F1 are over all cases, recall over those to be refused, false refusals (the share of them that was
    refused) over the answerable ones.
    """
    refused = judged(rows, lambda row: float(row.refused))
    due = [row for row in rows if not row.answerable]
    answerable = [row for row in rows if row.answerable]
    return {
        "refusal_precision": (refused, precision),
        "refusal_recall": (sampled(due, lambda row: row.refused), mean),
        "refusal_f1": (refused, f1),
        "false_refusals": (sampled(answerable, lambda row: row.refused), mean),
    }
