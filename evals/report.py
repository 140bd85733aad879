"""The scored run: its rows, and the figures over them, as every form of a report shows them.

Trust-Score is the mean of three (Song et al., Measuring and Enhancing Trustworthiness of LLMs in RAG through Grounded
Attributions and Learning to Refuse, ICLR 2025): how well was refused and answered, how right the answers are, how well
they are cited. Ours stands for it and is not it: an answer is right where every fact of its case is said (theirs: the
share of the gold claims that stand in the passages, by an entailment model), and a citation is judged by our support
score in place of that model. A case without facts counts in the first and the third only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bot.errors import EvalInvalid
from evals.checks import METRICS
from evals.measure import Mean, Measure, Sample, Table, by_case, mean, refusing, sampled, share, taken
from evals.row import Row
from evals.scoring import PASSED
from evals.suite import Suite

SCHEMA = 1
STAGES = ("retrieve", "first_token", "total")
SUPPORT = ("support_recall", "support_precision")
HARD = {"quotes": 1.0}  # floors of every suite: a quote that does not stand, or a citation of none, is never right
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Report:
    """A run: its rows, one an attempt at a case, and its manifest."""

    suite: str
    model: str = ""
    rows: tuple[Row, ...] = ()
    skipped: str = ""  # why an optional suite was not run
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cases(self) -> Mapping[str, tuple[Row, ...]]:
        """The attempts at each case, by its id, in the suite's order."""
        attempts: dict[str, tuple[Row, ...]] = {}
        for row in self.rows:
            attempts[row.id] = (*attempts.get(row.id, ()), row)
        return attempts

    @property
    def n(self) -> int:
        """The number of cases, however often each was asked."""
        return len(self.cases)

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(sorted({tag for row in self.rows for tag in row.tags}))

    @property
    def invalid(self) -> bool:
        """Whether an answer or a check raised."""
        return any(row.error for row in self.rows)

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the cases of which any attempt failed, in the suite's order."""
        return tuple(key for key, rows in self.cases.items() if not all(row.passed for row in rows))


def valid(report: Report) -> None:
    """Raises EvalInvalid where an answer or a check raised: such figures must not be compared."""
    broken = [row for row in report.rows if row.error]
    if broken:
        said = (
            f"{len(broken)} of {len(report.rows)} answers ended in an error, first {broken[0].id} ({broken[0].error})"
        )
        mend = f"See every error: footnote eval run {report.suite}"
        raise EvalInvalid(f"The run of {report.suite} is invalid: {said}.", mend)


def metrics(report: Report) -> dict[str, Mean]:
    """Every figure that applies to any case of a run."""
    return figures(report.rows)


def fallen(report: Report, suite: Suite) -> list[tuple[str, Mean, float]]:
    """The metrics below their floor, the suite's own or HARD's. Raises EvalInvalid for a floor of no case."""
    found = metrics(report)
    unknown = [name for name in suite.floors if name not in found]
    if unknown:
        raise EvalInvalid(f"{suite.name} has a floor for {unknown[0]}, which applies to none of its cases.")
    floors = {name: max(suite.floors.get(name, 0.0), HARD.get(name, 0.0)) for name in {**suite.floors, **HARD}}
    least = [(name, found[name], floors[name]) for name in METRICS if name in found and name in floors]
    return [(name, mean, floor) for name, mean, floor in least if mean.mean < floor - _EPSILON]


def leading(found: Mapping[str, Mean]) -> str:
    """The figure that stands for a slice: `passed`, or the first where nothing counts."""
    return PASSED if PASSED in found else next(iter(found))


def slices(report: Report) -> dict[str, dict[str, Mean]]:
    """The figures of the cases of each tag."""
    return {tag: figures([row for row in report.rows if tag in row.tags]) for tag in report.tags}


def figures(rows: Sequence[Row]) -> dict[str, Mean]:
    """The figures over some rows, those that apply to any case: each check's mean, then refusals and Trust-Score.

    The attempts at a case are averaged before cases are drawn, so that n counts cases. There is nothing on refusals
    where the rows are not scored by `outcome`.
    """
    names = dict.fromkeys(name for row in rows for name in row.scores)
    wanted: dict[str, tuple[list[Sample], Measure]] = {
        name: (sampled(rows, lambda row, name=name: row.scores.get(name)), mean)  # type: ignore[misc]
        for name in names
    }
    if "outcome" in names:
        wanted |= refusing(rows) | _trust(rows)
    every = {name: taken(by_case(samples), measure) for name, (samples, measure) in wanted.items()}
    return {name: figure for name, figure in every.items() if figure is not None}


def _trust(rows: Sequence[Row]) -> dict[str, tuple[list[Sample], Measure]]:
    """The three parts and their mean, where there are cases of both kinds, with facts, and citations are judged."""
    kinds = {row.answerable for row in rows}
    told = any(row.scores.get("facts") is not None for row in rows)
    if len(kinds) < 2 or not told or not all(any(name in row.scores for row in rows) for name in SUPPORT):
        return {}
    samples = [Sample(row.id, row.cluster, _counts(row)) for row in rows]
    return {
        "grounded_refusal_f1": (samples, _grounded_refusal), "answer_correctness_f1": (samples, _answer_correctness),
        "citation_f1": (samples, _citation), "trust_score": (samples, _trust_score),
    }  # fmt: skip


def _counts(row: Row) -> tuple[float, ...]:
    """The counts of one row for Trust-Score, in the order of the columns that the four measures read."""
    answerable, refused = row.answerable, row.refused
    right = row.scores.get("facts")
    counts = right is not None or not answerable  # towards correctness: a case with facts, or one to be refused
    supported = [row.scores.get(name) for name in SUPPORT]
    return (
        answerable, refused, answerable and not refused, not answerable and refused,
        right == 1.0 and answerable and not refused, counts and not refused, right is not None and answerable,
        *(value for score in supported for value in (score or 0.0, score is not None)),
    )  # fmt: skip


def _grounded_refusal(table: Table, drawn: Table) -> Table:
    """The mean of the F1 of refusing and that of answering."""
    answerable, refused, answered_right, refused_right = (drawn @ table[:, i] for i in range(4))
    cases = drawn.sum(axis=1)
    refusing = share(2 * refused_right, cases - answerable + refused)
    answering = share(2 * answered_right, answerable + cases - refused)
    return (refusing + answering) / 2


def _answer_correctness(table: Table, drawn: Table) -> Table:
    """F1 of right answers: precision over the answers given, recall over the answerable cases."""
    right, given, due = (drawn @ table[:, i] for i in (4, 5, 6))
    return share(2 * right, (given + due) * (due > 0))


def _citation(table: Table, drawn: Table) -> Table:
    """F1 of the mean recall and the mean precision of the citations; 0 where no answerable case was answered."""
    answerable = drawn @ table[:, 0]
    recall, told, precision, cited = (drawn @ table[:, i] for i in range(7, 11))
    r, p = (np.nan_to_num(share(*pair)) for pair in ((recall, told), (precision, cited)))
    found: Table = np.where(answerable > 0, np.nan_to_num(share(2 * r * p, r + p)), np.nan)
    return found


def _trust_score(table: Table, drawn: Table) -> Table:
    parts: Table = np.mean([part(table, drawn) for part in (_grounded_refusal, _answer_correctness, _citation)], axis=0)
    return parts


def latency(report: Report) -> dict[str, dict[str, float]]:
    """Milliseconds to the passages, the first word and the end: median, 95th percentile and the number of answers."""
    waits = {}
    for stage in STAGES:
        if values := times(report, stage):
            median, p95 = np.percentile(values, [50, 95])
            waits[stage] = {"median": float(median), "p95": float(p95), "n": len(values)}
    return waits


def times(report: Report, stage: str) -> list[float]:
    """The milliseconds of a stage in every row that ended without an error; a row that has none is left out."""
    return [row.timing_ms[stage] for row in report.rows if not row.error and row.timing_ms.get(stage)]


def as_json(report: Report, rows: bool) -> dict[str, Any]:
    """The run as one JSON value; with `rows`, every row too."""
    value: dict[str, Any] = {
        "schema_version": SCHEMA, "suite": report.suite, "model": report.model, "n": report.n,
        "attempts": len(report.rows), "skipped": report.skipped or None, "metrics": _plain(metrics(report)),
        "slices": {
            tag: {"n": sum(tag in rows[0].tags for rows in report.cases.values()), "metrics": _plain(found)}
            for tag, found in slices(report).items()
        },
        "latency_ms": latency(report), "failed": list(report.failed), "invalid": report.invalid,
    }  # fmt: skip
    return value | ({"rows": [row.plain() for row in report.rows]} if rows else {})


def _plain(found: Mapping[str, Mean]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in found.items()}
