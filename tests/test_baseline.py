"""Baselines: what is accepted and what is not, and which rules of the gate are broken against them."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny as sample

from bot.errors import EvalInvalid, EvalRegression, ExitCode, UsageError
from evals.case import Case
from evals.gate import Verdict, judge, lines
from evals.kept import baseline
from evals.kept.baseline import Baseline, accept
from evals.kept.runs import suite_hash
from evals.report import Report
from evals.row import Expected, Row
from evals.suite import Suite
from store.errors import DiskFull

N = 30


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A suite of 30 cases without a corpus; the first must pass, the even ones have a tag."""
    cases = [
        Case(f"c{n}", f"What of {n}?", "answered", documents=("a.md",), must_pass=not n, tags=("even",) * (n % 2 == 0))
        for n in range(N)
    ]
    return Suite("made", "Made up.", tmp_path, None, tuple(cases))


def report(suite: Suite, failed: Mapping[int, float] | None = None, **more: Any) -> Report:
    """A run in which all pass, but for some cases with another score."""
    wrong = failed or {}
    rows = [
        Row(
            case.id, 1, cluster=case.id, tags=case.tags, outcome="answered", expected=Expected(answerable=True),
            scores={"passed": wrong.get(n, 1.0), "quotes": more.get("quotes", 1.0), "facts": None},
        )
        for n, case in enumerate(suite.cases)
    ]  # fmt: skip
    made = {"run": "made/1", "limit": None, "only": None, "retrieval_only": False, "suite_sha256": suite_hash(suite)}
    return Report(suite.name, "extract", tuple(rows), manifest={**made, **more.get("manifest", {})})


def accepted(suite: Suite, failed: Mapping[int, float] | None = None) -> Baseline:
    accept(report(suite, failed), suite, "It is what it is.")
    found = baseline.read(suite.folder, suite.name)
    assert found is not None
    return found


def rules(verdict: Verdict) -> list[tuple[str, str]]:
    return [(one.rule, one.metric) for one in verdict.reasons]


# -- accepting ---------------------------------------------------------------------------------------


def test_a_baseline_holds_ids_and_scores_with_its_reason_and_no_text(suite: Suite) -> None:
    found = accepted(suite, {3: 0.123456})
    assert (found.suite, found.model, found.why) == ("made", "extract", "It is what it is.")
    assert found.cases["c3"] == {"passed": 0.1235, "quotes": 1.0}
    text = (suite.folder / "baseline.json").read_text()
    assert json.loads(text)["metrics"]["passed"]["n"] == N
    assert "What of" not in text and "a.md" not in text and str(suite.folder) not in text
    assert '  "c0": {"passed": 1, "quotes": 1},\n' in text


@pytest.mark.parametrize(
    "manifest",
    [{"limit": 3}, {"only": "even"}, {"retrieval_only": True}, {"suite_sha256": "of another state"}],
    ids=lambda changed: next(iter(changed)),
)
def test_a_run_of_a_part_or_of_another_state_is_not_accepted(suite: Suite, manifest: dict[str, Any]) -> None:
    with pytest.raises(EvalInvalid, match="is not a run of the whole suite as it is now"):
        accept(report(suite, manifest=manifest), suite, "why")
    assert not (suite.folder / "baseline.json").exists()


def test_a_run_with_an_error_or_with_a_quote_that_does_not_stand_is_not_accepted(suite: Suite) -> None:
    sound = report(suite)
    failed = [replace(row, error="the model was down" if n == 4 else None) for n, row in enumerate(sound.rows)]
    broken = replace(sound, rows=tuple(failed))
    with pytest.raises(EvalInvalid, match=r"first c4 \(the model was down\)"):
        accept(broken, suite, "why")
    with pytest.raises(EvalInvalid, match=r"quotes is 0\.000, and under 1 no run is ever accepted"):
        accept(report(suite, quotes=0.0), suite, "why")
    with pytest.raises(EvalInvalid, match="nothing to accept"):
        accept(Report(suite.name, skipped="there is no folder /x"), suite, "why")
    assert not (suite.folder / "baseline.json").exists()


def test_a_reason_is_needed_and_public_sets_have_baselines_elsewhere(suite: Suite) -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        accept(report(suite), suite, "  ")
    with pytest.raises(UsageError, match="baselines of figures"):
        accept(report(suite), replace(suite, name="public/scifact"), "why")


@pytest.mark.parametrize(("code", "wrong"), [(errno.ENOSPC, DiskFull), (errno.EACCES, EvalInvalid)])
def test_what_cannot_be_written_is_told_and_leaves_the_old_baseline(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, code: int, wrong: type[Exception]
) -> None:
    old = accepted(suite)

    def refused(file: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr("os.fsync", refused)
    with pytest.raises(wrong):
        accept(report(suite, {1: 0.0}), suite, "why")
    assert baseline.read(suite.folder, suite.name) == old
    assert [file.name for file in suite.folder.iterdir()] == ["baseline.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema_version": 2}', '{"cases": 3}'])
def test_a_spoilt_baseline_is_named_with_what_mends_it(suite: Suite, content: str) -> None:
    (suite.folder / "baseline.json").write_text(content)
    with pytest.raises(EvalInvalid, match=r"baseline\.json is no baseline") as caught:
        baseline.read(suite.folder, suite.name)
    assert "footnote eval accept made" in caught.value.next


def test_a_baseline_with_a_score_that_is_none_is_spoilt(suite: Suite) -> None:
    accepted(suite)
    file = suite.folder / "baseline.json"
    file.write_text(file.read_text().replace('"c3": {"passed": 1,', '"c3": {"passed": 7,'))
    with pytest.raises(EvalInvalid, match="a score is no number from 0 to 1"):
        baseline.read(suite.folder, suite.name)


# -- judging -------------------------------------------------------------------------------------------


def test_the_same_scores_pass_and_one_case_less_is_noise(suite: Suite) -> None:
    held = accepted(suite)
    assert judge(report(suite), suite, held).error() is None
    verdict = judge(report(suite, {5: 0.0}), suite, held)
    assert verdict.error() is None and verdict.comparison is not None and verdict.comparison.broken == ("c5",)


def test_a_must_pass_case_that_newly_breaks_fails_alone(suite: Suite) -> None:
    verdict = judge(report(suite, {0: 0.0}), suite, accepted(suite))
    assert rules(verdict) == [("must_pass", "passed")]
    assert lines(verdict) == ["the case c0 must pass and did not: c0"]
    assert judge(report(suite, {0: 0.0}), suite, accepted(suite, {0: 0.0})).error() is None
    assert rules(judge(report(suite, {0: 0.0}), suite)) == [("must_pass", "passed")]


def test_a_difference_whose_interval_lies_below_0_fails_and_names_the_cases(suite: Suite) -> None:
    wrong = dict.fromkeys((1, 3, 5, 7, 9, 11), 0.0)
    verdict = judge(report(suite, wrong), suite, accepted(suite))
    assert rules(verdict) == [("interval", "passed")]
    error = verdict.error()
    assert isinstance(error, EvalRegression) and error.exit == ExitCode.REGRESSION
    (line,) = lines(verdict)
    assert line.startswith("passed fell: 1.000 to 0.800, -0.200 [-") and line.endswith("c1, c3, c5, c7, c9, c11")


def test_a_drop_over_the_suite_s_bound_fails_before_it_is_sure(suite: Suite) -> None:
    bounded = replace(suite, drops={"passed": 0.05})
    held = accepted(bounded)
    assert judge(report(bounded, {1: 0.0}), bounded, held).error() is None
    assert rules(judge(report(bounded, {1: 0.0, 3: 0.0}), bounded, held)) == [("drop", "passed")]


def test_a_slice_that_fell_fails_though_the_whole_did_not(suite: Suite) -> None:
    sliced = replace(suite, gated_tags=("even",))
    held = accepted(sliced, dict.fromkeys((1, 3, 5, 7, 9, 11), 0.0))
    verdict = judge(report(sliced, dict.fromkeys((2, 4, 6, 8, 10, 12), 0.0)), sliced, held)
    assert rules(verdict) == [("slice", "passed")] and verdict.reasons[0].tag == "even"
    assert "among the cases with the tag even" in lines(verdict)[0]


def test_floors_hold_with_and_without_a_baseline(suite: Suite) -> None:
    high = replace(suite, floors={"passed": 0.99})
    low = report(high, {1: 0.0}, quotes=0.5)
    for held in (None, accepted(suite, {1: 0.0})):
        assert [one for one in rules(judge(low, high, held)) if one[0] == "floor"] == [
            ("floor", "quotes"),
            ("floor", "passed"),
        ]
    assert lines(judge(report(high, {1: 0.0}), high)) == ["passed 0.967 is below its floor 0.990 (n 30): c1"]
    with pytest.raises(EvalInvalid, match="a floor for facts, which applies to none"):
        judge(report(suite), replace(suite, floors={"facts": 0.5}))


def test_a_case_that_is_gone_is_invalid_until_it_is_accepted_and_a_new_one_is_not(suite: Suite) -> None:
    held = accepted(suite)
    fewer = replace(suite, cases=suite.cases[1:])
    with pytest.raises(EvalInvalid, match="1 cases of the baseline are missing from made: c0") as caught:
        judge(report(fewer), fewer, held)
    assert "footnote eval accept made" in caught.value.next
    assert judge(report(fewer), fewer, accepted(fewer)).error() is None
    verdict = judge(report(suite), suite, accepted(fewer))
    assert verdict.comparison is not None and verdict.comparison.only_b == ("c0",)


def test_another_model_s_baseline_says_nothing(suite: Suite) -> None:
    with pytest.raises(EvalInvalid, match=r"was written by openai:x, and extract is asked"):
        judge(report(suite), suite, replace(accepted(suite), model="openai:x"))


def test_a_part_of_a_suite_is_not_judged_and_a_skipped_one_passes(suite: Suite) -> None:
    part = report(suite)
    with pytest.raises(EvalInvalid, match="29 of the 30 cases of made were asked"):
        judge(replace(part, rows=part.rows[1:]), suite)
    assert judge(Report(suite.name, skipped="it is not here"), suite).error() is None


def test_a_real_run_is_accepted_and_then_passes(tmp_path: Path) -> None:
    from evals.run import run

    tiny = sample.write(tmp_path / "suite")
    accept(run(tiny, sample.ALWAYS, home=tmp_path / "evals"), tiny, "The first.")
    held = baseline.read(tiny.folder, "tiny")
    verdict = judge(run(tiny, sample.ALWAYS, home=tmp_path / "evals"), tiny, held)
    assert verdict.error() is None and verdict.comparison is not None
    refused = judge(run(tiny, sample.NEVER, home=tmp_path / "evals"), tiny, held)
    assert {("floor", "passed"), ("interval", "document")} <= set(rules(refused))
