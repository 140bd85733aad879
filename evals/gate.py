"""The gate: a run held against its suite's floors and baseline, and every reason why it must not pass."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.errors import EvalInvalid, EvalRegression
from evals.compare import Comparison, Difference, compare, difference, pairs, side
from evals.kept.baseline import Baseline
from evals.report import Report, fallen, valid
from evals.scoring import PASSED
from evals.suite import Suite

_NAMED = 8  # cases named in one line
_EPSILON = 1e-9

Rule = Literal["floor", "must_pass", "interval", "drop", "slice"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a run does not pass: which rule it breaks, by which metric (and tag), and which cases are behind it."""

    rule: Rule
    metric: str
    said: str
    cases: tuple[str, ...] = ()
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's verdict; no reason means that the run passes. `comparison` is None without a baseline."""

    suite: str
    reasons: tuple[Reason, ...] = ()
    comparison: Comparison | None = None

    def error(self) -> EvalRegression | None:
        """The verdict as an error, where it is a bad one."""
        if not self.reasons:
            return None
        said = self.reasons[0].said if len(self.reasons) == 1 else f"{len(self.reasons)} rules are broken"
        return EvalRegression(f"{self.suite} does not pass: {said}.", f"See the cases: footnote eval run {self.suite}")


def gateable(suite: Suite, baseline: Baseline | None, model: str) -> None:
    """Raises EvalInvalid where a run of this suite by this model cannot be held against the baseline."""
    if baseline is None:
        return
    if baseline.model != model:
        said = f"The baseline of {suite.name} was written by {baseline.model}, and {model} is asked."
        raise EvalInvalid(said, f"Ask it with: -m {baseline.model}")
    there = {case.id for case in suite.cases}
    gone = [case for case in baseline.cases if case not in there]
    if gone:
        said = f"{len(gone)} cases of the baseline are missing from {suite.name}: {_named(gone)}."
        raise EvalInvalid(said, f'Bring them back, or accept it: footnote eval accept {suite.name} --why "…"')


def judge(report: Report, suite: Suite, baseline: Baseline | None = None) -> Verdict:
    """Every rule that a run breaks. One that was skipped breaks none.

    Raises EvalInvalid where nothing can be said: an error in it, a part of the suite, a floor that applies to nothing.
    """
    if report.skipped:
        return Verdict(suite.name)
    valid(report)
    gateable(suite, baseline, report.model)
    asked = {row.id for row in report.rows}
    if len(asked) != len(suite.cases):
        said = f"{len(asked)} of the {len(suite.cases)} cases of {suite.name} were asked, and a gate needs them all."
        raise EvalInvalid(said, "Run it without a limit or a tag.")
    reasons = [*_floors(report, suite), *_must_pass(report, suite, baseline)]
    if baseline is None:
        return Verdict(suite.name, tuple(reasons))
    comparison = compare(baseline.side, side("this run", suite.name, report.model, report.rows))
    reasons += [*_differences(comparison), *_drops(comparison, suite), *_slices(comparison, suite)]
    return Verdict(suite.name, tuple(reasons), comparison)


def _floors(report: Report, suite: Suite) -> Iterator[Reason]:
    for name, mean, floor in fallen(report, suite):
        said = f"{name} {mean.mean:.3f} is below its floor {floor:.3f} (n {mean.n})"
        yield Reason("floor", name, said, _below(report, name))


def _below(report: Report, metric: str) -> tuple[str, ...]:
    """The cases that keep a metric from 1."""
    low = [row.id for row in report.rows if (score := row.scores.get(metric)) is not None and score < 1]
    return tuple(dict.fromkeys(low))


def _must_pass(report: Report, suite: Suite, baseline: Baseline | None) -> Iterator[Reason]:
    """Cases that must pass and do not, but for those that were accepted as they are."""
    held = baseline.cases.items() if baseline else ()
    failed = set(_below(report, PASSED)) - {case for case, scores in held if scores.get(PASSED) != 1.0}
    broken = tuple(case.id for case in suite.cases if case.must_pass and case.id in failed)
    if broken:
        cases = f"the case {broken[0]}" if len(broken) == 1 else f"{len(broken)} cases"
        yield Reason("must_pass", PASSED, f"{cases} must pass and did not", broken)


def _differences(comparison: Comparison) -> Iterator[Reason]:
    for one in comparison.differences:
        if one.high < 0:
            yield Reason("interval", one.metric, f"{one.metric} fell: {_told(one)}", one.worse)


def _drops(comparison: Comparison, suite: Suite) -> Iterator[Reason]:
    for one in comparison.differences:
        bound = suite.drops.get(one.metric)
        if bound is not None and -one.difference > bound + _EPSILON:
            said = f"{one.metric} fell by more than {bound:.3f}: {_told(one)}"
            yield Reason("drop", one.metric, said, one.worse)


def _slices(comparison: Comparison, suite: Suite) -> Iterator[Reason]:
    a, b = comparison.a, comparison.b
    clusters = {case: b.clusters.get(case, case) for case in b.scores}
    for tag in suite.gated_tags:
        tagged = [case.id for case in suite.cases if tag in case.tags and case.id in a.scores]
        one = difference(PASSED, pairs(a, b, PASSED, tagged), clusters)
        if one is not None and one.high < 0:
            broken = tuple(case for case in comparison.broken if case in tagged)
            yield Reason("slice", PASSED, f"passed fell among the cases with the tag {tag}: {_told(one)}", broken, tag)


def _told(one: Difference) -> str:
    return f"{one.a:.3f} to {one.b:.3f}, {one.difference:+.3f} [{one.low:+.3f}, {one.high:+.3f}] (n {one.n})"


def _named(cases: Sequence[str]) -> str:
    more = len(cases) - _NAMED
    return ", ".join(cases[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def lines(verdict: Verdict) -> list[str]:
    """Each reason in a line, with the cases behind it by name."""
    return [f"{one.said}{f': {_named(one.cases)}' if one.cases else ''}" for one in verdict.reasons]


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain values: the reasons, and the cases that are not as the baseline has them."""
    one = verdict.comparison
    mended, broken, new = (one.mended, one.broken, one.only_b) if one else ((), (), ())
    cases = {"mended": list(mended), "broken": list(broken), "new": list(new)}
    return {"baseline": one is not None, **cases, "reasons": [asdict(reason) for reason in verdict.reasons]}
