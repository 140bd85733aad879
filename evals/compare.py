"""Two runs side by side: the difference of each metric over the cases that both have, and which cases changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.show.clean import one_line
from evals.checks import METRICS, PASSED
from evals.measure import Sample, mean, taken
from evals.row import Row

if TYPE_CHECKING:
    from rich.console import RenderableType

SCHEMA = 1
Scores = Mapping[str, Mapping[str, float | None]]
"""Case → metric → score, None where it does not apply."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things compared: a run or a baseline, with each case's scores."""

    name: str
    suite: str
    model: str
    scores: Scores
    clusters: Mapping[str, str] = field(default_factory=dict)
    """Case → the cluster that it is resampled with; a baseline names none."""
    parts: str = ""
    """The ids of the bot's reader and checker; a baseline and older runs name none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric over the `n` cases to which it applies on both sides: `b - a`, with its 95 % interval.

    `better` and `worse` count the cases that changed; `p` is exact McNemar's, None for a metric that is no yes or no.
    """

    metric: str
    n: int
    a: float
    b: float
    difference: float
    low: float
    high: float
    better: int
    worse: int
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
    """A run's rows as a side: the mean of each case's attempts."""
    attempts: dict[str, list[Row]] = {}
    for row in rows:
        attempts.setdefault(row.id, []).append(row)
    scores = {case: _mean([row.scores for row in group]) for case, group in attempts.items()}
    return Side(name, suite, model, scores, {case: group[0].cluster for case, group in attempts.items()})


def _mean(scores: list[Mapping[str, float | None]]) -> dict[str, float | None]:
    """The mean of each metric over a case's attempts, in four digits, as baselines have them."""
    found: dict[str, float | None] = {}
    for metric in scores[0]:
        values = [value for one in scores if (value := one.get(metric)) is not None]
        found[metric] = round(sum(values) / len(values), 4) if values else None
    return found


def compare(a: Side, b: Side) -> Comparison:
    """B against A, metric by metric, over the cases that both have."""
    both = [case for case in b.scores if case in a.scores]
    clusters = {case: b.clusters.get(case) or a.clusters.get(case) or case for case in both}
    differences = [difference(metric, pairs(a, b, metric, both), clusters) for metric in METRICS]

    def passing(one: Side, case: str) -> bool:
        return one.scores[case].get(PASSED) == 1.0

    judged = [case for case in both if all(one.scores[case].get(PASSED) is not None for one in (a, b))]
    return Comparison(
        a,
        b,
        tuple(found for found in differences if found),
        mended=tuple(case for case in judged if passing(b, case) and not passing(a, case)),
        broken=tuple(case for case in judged if passing(a, case) and not passing(b, case)),
        only_a=tuple(case for case in a.scores if case not in b.scores),
        only_b=tuple(case for case in b.scores if case not in a.scores),
    )


def pairs(a: Side, b: Side, metric: str, cases: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Both scores of each case to which a metric applies on both sides."""
    found = {}
    for case in cases:
        first, second = a.scores[case].get(metric), b.scores[case].get(metric)
        if first is not None and second is not None:
            found[case] = (first, second)
    return found


def difference(
    metric: str, scores: Mapping[str, tuple[float, float]], clusters: Mapping[str, str]
) -> Difference | None:
    """The paired difference of a metric; None where it applies to no case of both.

    The interval is the percentile bootstrap over clusters of cases, as that of a mean (`evals.measure`).
    """
    changes = [Sample(case, clusters[case], (second - first,)) for case, (first, second) in scores.items()]
    found = taken(changes, mean)
    if found is None:
        return None
    better, worse = (sum(map(kind, scores.values())) for kind in (_better, _worse))
    yes_or_no = all(value in (0.0, 1.0) for pair in scores.values() for value in pair)
    first, second = (sum(pair[place] for pair in scores.values()) / len(scores) for place in (0, 1))
    p = mcnemar(better, worse) if yes_or_no else None
    return Difference(metric, found.n, first, second, found.mean, found.low, found.high, better, worse, p)


def _better(pair: tuple[float, float]) -> bool:
    return pair[1] > pair[0]


def _worse(pair: tuple[float, float]) -> bool:
    return pair[1] < pair[0]


def mcnemar(better: int, worse: int) -> float:
    """The exact two-sided p that as many of the changed cases went one way by chance; 1 where none changed.

    It takes cases as independent. Source: McNemar, Note on the sampling error of the difference between correlated
    proportions (1947), in its exact form, a sign test of the changed cases.
    """
    if not better + worse:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(better, better + worse).pvalue)


# -- showing ---------------------------------------------------------------------------------------


def as_json(found: Comparison) -> dict[str, Any]:
    """A comparison as one JSON value."""
    return {
        "schema_version": SCHEMA,
        "suite": found.b.suite,
        **{
            key: {"name": one.name, "model": one.model, "parts": one.parts, "n": len(one.scores)}
            for key, one in _sides(found)
        },
        "n": len(found.a.scores) - len(found.only_a),
        "metrics": {
            one.metric: {
                "n": one.n, "a": one.a, "b": one.b, "difference": one.difference, "low": one.low, "high": one.high,
                "better": one.better, "worse": one.worse, "p": one.p,
            }
            for one in found.differences
        },
        "mended": list(found.mended),
        "broken": list(found.broken),
        "only_a": list(found.only_a),
        "only_b": list(found.only_b),
    }  # fmt: skip


def _sides(found: Comparison) -> tuple[tuple[str, Side], ...]:
    return ("a", found.a), ("b", found.b)


def table(found: Comparison) -> RenderableType:
    """A comparison for people."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("metric", "A", "B", "B - A", "95 % interval", "better", "worse", "p", "n"):
        drawn.add_column(heading, justify="left" if heading == "metric" else "right", no_wrap=True)
    for one in found.differences:
        drawn.add_row(
            one.metric, f"{one.a:.3f}", f"{one.b:.3f}", f"{one.difference:+.3f}", f"{one.low:+.3f} – {one.high:+.3f}",
            str(one.better), str(one.worse), "" if one.p is None else f"{one.p:.3f}", str(one.n),
        )  # fmt: skip
    differ = found.a.parts != found.b.parts
    heads = [
        f"{key.upper()}: {one.name}, written by {one.model}" + f", read and checked by {one.parts or 'others'}" * differ
        for key, one in _sides(found)
    ]
    return Group(
        *(Text(one_line(head)) for head in heads), drawn,
        *(Text(one_line(line), overflow="fold") for line in changes(found)),
    )  # fmt: skip


def changes(found: Comparison) -> list[str]:
    """The cases that changed and those that one side lacks, a line each kind."""
    kinds: list[tuple[str, Callable[[Comparison], tuple[str, ...]]]] = [
        ("mended", lambda c: c.mended),
        ("broken", lambda c: c.broken),
        (f"only in {found.a.name}", lambda c: c.only_a),
        (f"only in {found.b.name}", lambda c: c.only_b),
    ]
    return [f"{kind}: {', '.join(cases(found))}" for kind, cases in kinds if cases(found)]
