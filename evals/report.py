"""The scored run: its means with intervals, as a table and as JSON, and the gate that judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.clean import one_line
from bot.errors import EvalInvalid, EvalRegression
from evals.case import METRICS, Suite

if TYPE_CHECKING:
    from rich.console import RenderableType

SCHEMA = 1
RESAMPLES = 2_000
SEED = 0
HARD = {"quotes": 1.0}  # floors of every suite
_SHOWN = 100  # columns of a question in the list of failed cases

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """A run: one row a case (`evals.run.row` gives its keys); `skipped` says why an optional suite was not run."""

    suite: str
    model: str = ""
    rows: tuple[Row, ...] = ()
    skipped: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def invalid(self) -> bool:
        """Whether an answer or a check raised."""
        return any(row["error"] for row in self.rows)

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the cases that did not pass, in the suite's order."""
        return tuple(row["id"] for row in self.rows if row["scores"]["passed"] != 1.0)


@dataclass(frozen=True, slots=True)
class Mean:
    """A metric over the `n` cases to which it applies, with the bounds of its 95 % interval (all 0..1)."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """How well a run refused: the three refusals count as one. None where there is nothing to divide by."""

    precision: float | None  # of the refusals given, the share that was due
    recall: float | None  # of the refusals due, the share that was given
    f1: float | None
    false_refusals: int  # answerable cases that were refused


def metrics(report: Report) -> dict[str, Mean]:
    """Each metric that applies to any case."""
    found = {}
    for name in METRICS:
        values = [row["scores"][name] for row in report.rows if row["scores"][name] is not None]
        if values:
            low, high = interval(values)
            found[name] = Mean(sum(values) / len(values), low, high, len(values))
    return found


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a mean by the percentile bootstrap over cases, with a fixed seed.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    import numpy as np

    sample = np.sort(np.asarray(values, dtype=np.float64))  # the order of the cases changes nothing
    drawn = np.random.default_rng(SEED).integers(0, len(sample), size=(RESAMPLES, len(sample)))
    low, high = np.percentile(sample[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def refusal(report: Report) -> Refusal:
    """Precision, recall and F1 of refusing over all cases."""
    given = [row["refused"] for row in report.rows]
    due = [not row["expected"]["answerable"] for row in report.rows]
    right = sum(g and d for g, d in zip(given, due, strict=True))
    precision = right / sum(given) if any(given) else None
    recall = right / sum(due) if any(due) else None
    f1 = 2 * right / (sum(given) + sum(due)) if any(due) else None
    return Refusal(precision, recall, f1, sum(given) - right)


# -- showing -------------------------------------------------------------------------------------


def as_json(report: Report, rows: bool) -> dict[str, Any]:
    """The run as one JSON value; with `rows`, every case's row too."""
    refused = refusal(report)
    value: dict[str, Any] = {
        "schema_version": SCHEMA,
        "suite": report.suite,
        "model": report.model,
        "n": report.n,
        "skipped": report.skipped or None,
        "metrics": {
            name: {"mean": mean.mean, "low": mean.low, "high": mean.high, "n": mean.n}
            for name, mean in metrics(report).items()
        },
        "refusal": {
            "precision": refused.precision,
            "recall": refused.recall,
            "f1": refused.f1,
            "false_refusals": refused.false_refusals,
        },
        "failed": list(report.failed),
        "invalid": report.invalid,
    }
    return value | ({"rows": list(report.rows)} if rows else {})


def table(report: Report) -> RenderableType:
    """The run for people: metrics, how it refused, the failed cases and why."""
    from rich.console import Group
    from rich.text import Text

    if report.skipped:
        return Text(f"SKIPPED: {one_line(report.skipped)}")
    heading = Text(f"{one_line(report.suite)}: {report.n} cases, written by {one_line(report.model)}")
    parts: list[RenderableType] = [heading, _metrics_table(report), Text(_refusal_line(report))]
    failed = [row for row in report.rows if row["scores"]["passed"] != 1.0]
    if failed:
        parts.append(Text(f"\n{len(failed)} of {report.n} cases failed:"))
        parts.extend(part for row in failed for part in _failure(row))
    if report.invalid:
        count = sum(bool(row["error"]) for row in report.rows)
        parts.append(Text(f"\nINVALID: {count} of {report.n} cases ended in an error of ours."))
    return Group(*parts)


def _metrics_table(report: Report) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("metric", "mean", "95 % interval", "n"):
        table.add_column(heading, justify="left" if heading == "metric" else "right", no_wrap=True)
    for name, mean in metrics(report).items():
        table.add_row(name, f"{mean.mean:.3f}", f"{mean.low:.3f} – {mean.high:.3f}", str(mean.n))
    return table


def _refusal_line(report: Report) -> str:
    found = refusal(report)
    shown = [
        f"{name} {'–' if value is None else format(value, '.3f')}"
        for name, value in (("precision", found.precision), ("recall", found.recall), ("F1", found.f1))
    ]
    return f"refusals: {', '.join(shown)}; answerable questions refused: {found.false_refusals}"


def _failure(row: Row) -> tuple[RenderableType, RenderableType]:
    """A failed case: why, and under it the question."""
    from rich.padding import Padding
    from rich.text import Text

    because = Text(f"{one_line(row['id'])}: {one_line(row['why'])}", overflow="fold")
    asked = Text(one_line(row["question"], _SHOWN), overflow="fold")
    return Padding(because, (0, 0, 0, 2), expand=False), Padding(asked, (0, 0, 0, 6), expand=False)


# -- judging -------------------------------------------------------------------------------------


def valid(report: Report) -> None:
    """Raises EvalInvalid where an answer or a check raised: such figures must not be compared."""
    broken = [row for row in report.rows if row["error"]]
    if broken:
        first = broken[0]
        raise EvalInvalid(
            f"The run of {report.suite} is invalid: {len(broken)} of {report.n} cases ended in an error, "
            f"first {first['id']} ({first['error']}).",
            f"See every error: footnote eval run {report.suite}",
        )


def gate(report: Report, suite: Suite) -> None:
    """Passes, or raises EvalRegression with what fell below its floor, EvalInvalid where nothing can be said.

    A suite that was skipped passes. Floors are the suite's own and HARD's, the higher where both have one.
    """
    if report.skipped:
        return
    valid(report)
    if report.n != len(suite.cases):
        raise EvalInvalid(
            f"{report.n} of the {len(suite.cases)} cases of {suite.name} were asked, and a gate needs them all.",
            "Run it without a limit or a tag.",
        )
    found = metrics(report)
    floors = {name: max(suite.floors.get(name, 0.0), HARD.get(name, 0.0)) for name in METRICS}
    unknown = [name for name in suite.floors if name not in found]
    if unknown:
        raise EvalInvalid(f"{suite.name} has a floor for {unknown[0]}, which applies to none of its cases.")
    fallen = [
        f"{name} {mean.mean:.3f} (floor {floors[name]:.3f}, n {mean.n})"
        for name, mean in found.items()
        if mean.mean < floors[name] - 1e-9
    ]
    if fallen:
        raise EvalRegression(
            f"{suite.name} fell below its floors: {', '.join(fallen)}.",
            f"See the failed cases: footnote eval run {suite.name}",
        )
