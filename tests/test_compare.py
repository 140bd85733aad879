"""Two runs compared: paired differences with intervals, exact McNemar, and the cases that changed by name."""

from __future__ import annotations

import io
from typing import Any

import pytest
from console import valid
from rich.console import Console

from evals.compare import Side, as_json, compare, mcnemar, side
from evals.forms.table import changes, compared
from evals.row import Row


def made(name: str, passed: dict[str, float | None], clusters: dict[str, str] | None = None, **more: Any) -> Side:
    scores = {case: {"passed": score, **{k: v[case] for k, v in more.items()}} for case, score in passed.items()}
    return Side(name, "tiny", "extract", scores, clusters or {})


def test_cases_are_mended_and_broken_by_name_and_pairs_only_are_counted() -> None:
    a = made("tiny/1", {"x": 1.0, "y": 0.0, "z": 1.0, "gone": 1.0})
    b = made("tiny/2", {"x": 0.0, "y": 1.0, "z": 1.0, "new": 0.0})
    found = compare(a, b)
    assert (found.broken, found.mended, found.only_a, found.only_b) == (("x",), ("y",), ("gone",), ("new",))
    (one,) = found.differences
    assert (one.metric, one.n, one.difference, one.better, one.worse, one.p) == ("passed", 3, 0.0, ("y",), ("x",), 1.0)
    assert one.a == one.b == pytest.approx(2 / 3)


def test_a_metric_that_applies_on_one_side_only_is_left_out_of_the_pairs() -> None:
    a = made("tiny/1", {"x": 1.0, "y": 1.0}, facts={"x": None, "y": 1.0})
    b = made("tiny/2", {"x": 1.0, "y": 1.0}, facts={"x": 1.0, "y": 0.0})
    facts, _ = compare(a, b).differences
    assert (facts.metric, facts.n, facts.difference) == ("facts", 1, -1.0)


def test_an_interval_is_over_clusters_and_holds_the_difference() -> None:
    cases = {f"c{n}": 1.0 for n in range(40)}
    worse = {case: float(n >= 10) for n, case in enumerate(cases)}
    apart = compare(made("a", cases), made("b", worse)).differences[0]
    assert apart.low < -0.25 < apart.high < 0 and apart.p == pytest.approx(0.001953125)
    together = compare(made("a", cases), made("b", worse, {case: str(n // 10) for n, case in enumerate(cases)}))
    assert together.differences[0].low < apart.low and together.differences[0].high == 0.0


@pytest.mark.parametrize(("better", "worse", "p"), [(0, 0, 1.0), (1, 0, 1.0), (0, 5, 0.0625), (3, 9, 0.1459960938)])
def test_mcnemar_is_the_exact_sign_test_of_the_cases_that_changed(better: int, worse: int, p: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(p) == mcnemar(worse, better)


def test_a_metric_that_is_no_yes_or_no_has_no_p() -> None:
    a = made("tiny/1", {"x": 1.0}, RR={"x": 0.5})
    b = made("tiny/2", {"x": 1.0}, RR={"x": 1.0})
    assert [one.p for one in compare(a, b).differences] == [None, 1.0]


def test_the_attempts_at_a_case_are_averaged() -> None:
    def row(case: str, attempt: int, passed: float | None) -> Row:
        return Row(case, attempt, cluster="k", scores={"passed": passed, "facts": None})

    found = side("r", "tiny", "extract", [row("x", 1, 1.0), row("x", 2, 0.0), row("x", 3, 0.0)])
    assert found.scores == {"x": {"passed": 0.3333, "facts": None}} and found.clusters == {"x": "k"}


def test_runs_that_have_no_answer_to_judge_break_nothing() -> None:
    a = made("tiny/1", {"x": None}, RR={"x": 0.5})
    b = made("tiny/2", {"x": None}, RR={"x": 0.25})
    found = compare(a, b)
    assert (found.broken, found.mended) == ((), ()) and [one.metric for one in found.differences] == ["RR"]


def test_a_comparison_is_shown_and_fits_its_schema() -> None:
    a = made("tiny/1", {"x": 1.0, "y": 0.0}, RR={"x": 0.5, "y": 0.25})
    b = made("[red]\x1b[2J", {"x": 0.0, "y": 0.0, "new": 1.0}, RR={"x": 1.0, "y": 0.25, "new": 1.0})
    found = compare(a, b)
    value = valid(as_json(found), "eval-compare")
    assert (value["n"], value["metrics"]["passed"]["p"], value["metrics"]["RR"]["p"]) == (2, 1.0, None)
    assert changes(found) == ["broken: x", "only in [red]\x1b[2J: new"]
    out = io.StringIO()
    Console(file=out, width=100).print(compared(found))
    assert "broken: x" in out.getvalue() and "-0.500" in out.getvalue()
    assert "\x1b" not in out.getvalue() and "[red]" in out.getvalue()
