"""Two runs side by side: the difference of each metric over the cases that both have, and which cases changed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evals.checks import METRICS
from evals.measure import Sample, mean, taken
from evals.row import Row
from evals.scoring import PASSED

SCHEMA = 1
Scores = Mapping[str, Mapping[str, float | None]]  # case → metric → score, None where it does not apply


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things compared: a run or a baseline, with each case's scores."""

    name: str
    suite: str
    model: str
    scores: Scores
    clusters: Mapping[str, str] = field(default_factory=dict)  # case → its cluster; a baseline names none
    parts: str = ""  # the ids of the bot's reader and checker; a baseline and older runs name none


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric over the `n` cases to which it applies on both sides: `b - a`, with its 95 % interval.

    `better` and `worse` name the cases that changed; `p` is exact McNemar's, None for a metric that is no yes or no.
    """

    metric: str
    n: int
    a: float
    b: float
    difference: float
    low: float
    high: float
    better: tuple[str, ...]
    worse: tuple[str, ...]
    p: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A. `mended` and `broken` are cases by name that pass on one side only, `only_a` those that B lacks."""

    a: Side
    b: Side
    differences: tuple[Difference, ...]
    mended: tuple[str, ...]
    broken: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def side(name: str, suite: str, model: str, rows: Iterable[Row]) -> Side:
    """A run's rows as a side: the mean of each case's attempts, in four digits, as baselines have them."""
    attempts: dict[str, list[Row]] = {}
    for row in rows:
        attempts.setdefault(row.id, []).append(row)
    scores: dict[str, dict[str, float | None]] = {}
    for case, group in attempts.items():
        of_metric = {metric: [row.scores.get(metric) for row in group] for metric in group[0].scores}
        applied = {metric: [value for value in values if value is not None] for metric, values in of_metric.items()}
        scores[case] = {name: round(sum(some) / len(some), 4) if some else None for name, some in applied.items()}
    return Side(name, suite, model, scores, {case: group[0].cluster for case, group in attempts.items()})


def compare(a: Side, b: Side) -> Comparison:
    """B against A, metric by metric, over the cases that both have."""
    both = [case for case in b.scores if case in a.scores]
    clusters = {case: b.clusters.get(case) or a.clusters.get(case) or case for case in both}
    differences = [difference(metric, pairs(a, b, metric, both), clusters) for metric in METRICS]
    judged = {case: (old == 1.0, new == 1.0) for case, (old, new) in pairs(a, b, PASSED, both).items()}
    return Comparison(
        a, b, tuple(one for one in differences if one),
        mended=tuple(case for case, passing in judged.items() if passing == (False, True)),
        broken=tuple(case for case, passing in judged.items() if passing == (True, False)),
        only_a=tuple(case for case in a.scores if case not in b.scores),
        only_b=tuple(case for case in b.scores if case not in a.scores),
    )  # fmt: skip


def pairs(a: Side, b: Side, metric: str, cases: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Both scores of each case to which a metric applies on both sides."""
    both = {case: (a.scores[case].get(metric), b.scores[case].get(metric)) for case in cases}
    return {case: (one, other) for case, (one, other) in both.items() if one is not None and other is not None}


def difference(
    metric: str, scores: Mapping[str, tuple[float, float]], clusters: Mapping[str, str]
) -> Difference | None:
    """The paired difference of a metric; None where it applies to no case of both.

    The interval is the percentile bootstrap over clusters of cases, as that of a mean (`evals.measure`).
    """
    changes = [Sample(case, clusters[case], (second - first,)) for case, (first, second) in scores.items()]
    whole = taken(changes, mean)
    if whole is None:
        return None
    better = tuple(case for case, (first, second) in scores.items() if second > first)
    worse = tuple(case for case, (first, second) in scores.items() if second < first)
    yes_or_no = all(value in (0.0, 1.0) for pair in scores.values() for value in pair)
    first, second = (sum(pair[place] for pair in scores.values()) / len(scores) for place in (0, 1))
    p = mcnemar(len(better), len(worse)) if yes_or_no else None
    return Difference(metric, whole.n, first, second, whole.mean, whole.low, whole.high, better, worse, p)


def mcnemar(better: int, worse: int) -> float:
    """The exact two-sided p that as many of the changed cases went one way by chance; 1 where none changed.

    It takes cases as independent. Source: McNemar, Note on the sampling error of the difference between correlated
    proportions (1947), in its exact form, a sign test of the changed cases.
    """
    if not better + worse:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(better, better + worse).pvalue)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison as one JSON value."""
    a, b = (
        {"name": one.name, "model": one.model, "parts": one.parts, "n": len(one.scores)}
        for one in (comparison.a, comparison.b)
    )
    figures = {one.metric: asdict(one) for one in comparison.differences}
    for metric in figures.values():
        del metric["metric"]
        metric.update(better=len(metric["better"]), worse=len(metric["worse"]))
    return {
        "schema_version": SCHEMA, "suite": comparison.b.suite, "a": a, "b": b,
        "n": len(comparison.a.scores) - len(comparison.only_a), "metrics": figures,
        **{kind: list(getattr(comparison, kind)) for kind in ("mended", "broken", "only_a", "only_b")},
    }  # fmt: skip
