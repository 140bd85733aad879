"""Runs, reports and gates: over a tiny suite with good and bad bots, and once over the starter suite."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot import build
from bot.answer import Bot
from bot.conversation import Answered, Conversation, Event, Filters
from bot.errors import BotError, EvalInvalid, EvalRegression, ExitCode, UsageError
from bot.settings import Settings
from evals.case import Suite, load, read, shipped
from evals.checks import CHECKS, Asked
from evals.report import Report, as_json, gate, interval, metrics, refusal, table
from evals.run import run
from store.passage import Found

MILL = """---
title: Mill to reopen
outlet: Sample Wire
---
The mill at Hale will reopen on June 1, the trust said. Repairs to the wheel cost 48,000 pounds.
"""
PIER = "Pier closed\n\nThe pier at Hale was closed on Monday after a storm tore away 30 planks.\n"
SUITE = 'name = "tiny"\nabout = "Two briefs."\ncorpus = "corpus"\n[floors]\npassed = 0.6\n'
CASES = """
[[case]]
id = "mill-cost"
question = "How much did the repairs to the mill's wheel cost?"
outcome = "answered"
facts = [["48,000 pounds"]]
documents = ["mill.md"]
tags = ["number"]

[[case]]
id = "pier-planks"
question = "How many planks did the storm tear from the pier?"
outcome = "answered"
facts = [["30 planks"]]
documents = ["pier.txt"]

[[case]]
id = "elsewhere"
question = "How much did the repairs cost?"
outcome = "refused"
outlet = "Another Paper"
"""
ALWAYS = Settings(answer_at=0.0, refuse_below=0.0)  # answers whatever the confidence
NEVER = Settings(answer_at=1.0)
ALONE, UNFILTERED = Conversation(), Filters()


@pytest.fixture
def tiny(tmp_path: Path) -> Suite:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mill.md").write_text(MILL)
    (tmp_path / "corpus" / "pier.txt").write_text(PIER)
    (tmp_path / "suite.toml").write_text(SUITE)
    (tmp_path / "cases.toml").write_text(CASES)
    return read(tmp_path)


@pytest.fixture(scope="module")
def starter() -> Report:
    return run(load("starter"), Settings())


def shown(report: Report, width: int = 80) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(table(report))
    return out.getvalue()


def error_of(report: Report, suite: Suite) -> BotError:
    with pytest.raises(BotError) as caught:
        gate(report, suite)
    return caught.value


# -- a run -----------------------------------------------------------------------------------------


def test_a_run_gives_one_row_a_case_ready_for_json(tiny: Suite) -> None:
    steps: list[tuple[int, int]] = []
    report = run(tiny, ALWAYS, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert [row["id"] for row in report.rows] == ["mill-cost", "pier-planks", "elsewhere"]
    mill, _, elsewhere = json.loads(json.dumps(report.rows))
    assert {"question", "answer", "timing_ms", "confidence"} <= mill.keys() and mill["error"] is None
    assert (mill["outcome"], mill["expected"]["outcome"]) == ("answered", "answered")
    assert any("48,000 pounds" in citation["quote"] for citation in mill["citations"])
    assert mill["scores"].keys() == {*CHECKS, "passed"}
    assert {score for score in mill["scores"].values() if score is not None} == {1.0}
    assert [name for name, score in mill["scores"].items() if score is None] == [
        "absent", "quote_from", "exact_match", "f1", "contains",
    ]  # fmt: skip
    assert elsewhere["outcome"] == "outside_coverage"
    assert (elsewhere["scores"]["facts"], elsewhere["scores"]["document"]) == (None, None)
    assert (report.failed, report.invalid) == ((), False)
    gate(report, tiny)


def test_two_runs_are_equal_but_for_the_time(tiny: Suite) -> None:
    def timeless(report: Report) -> list[dict[str, object]]:
        return [row | {"timing_ms": None} for row in report.rows]

    first, second = run(tiny, ALWAYS), run(tiny, ALWAYS)
    assert timeless(first) == timeless(second)
    assert as_json(first, rows=False) == as_json(second, rows=False)


def test_a_folder_given_keeps_the_corpus(tiny: Suite, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = run(tiny, ALWAYS, home=home)
    assert (home / "record.sqlite3").is_file()
    assert as_json(run(tiny, ALWAYS, home=home), rows=False) == as_json(first, rows=False)


def test_a_part_of_a_suite_can_be_asked_and_not_gated(tiny: Suite) -> None:
    assert [row["id"] for row in run(tiny, ALWAYS, only="number").rows] == ["mill-cost"]
    report = run(tiny, ALWAYS, limit=2)
    assert [row["id"] for row in report.rows] == ["mill-cost", "pier-planks"]
    error = error_of(report, tiny)
    assert isinstance(error, EvalInvalid) and "2 of the 3 cases of tiny were asked" in error.message
    with pytest.raises(UsageError, match="has the tag 'nmber'"):
        run(tiny, ALWAYS, only="nmber")
    with pytest.raises(UsageError, match="leaves no case"):
        run(tiny, ALWAYS, limit=0)


# -- a bad run is told from a bad score --------------------------------------------------------------


def test_a_check_that_raises_makes_the_run_invalid_and_fails_its_case(tiny: Suite) -> None:
    def broken(asked: Asked) -> float | None:
        if asked.case.id == "pier-planks":
            raise ZeroDivisionError("by zero")
        return 1.0

    report = run(tiny, ALWAYS, checks={**CHECKS, "shown": broken})
    assert report.invalid and report.failed == ("pier-planks",)
    assert report.rows[1]["error"] == "the check shown raised ZeroDivisionError: by zero"
    assert report.rows[1]["scores"]["shown"] == 0.0
    assert as_json(report, rows=False)["invalid"] is True
    assert "INVALID: 1 of 3 cases" in shown(report)
    error = error_of(report, tiny)
    assert isinstance(error, EvalInvalid) and error.exit == ExitCode.INVALID
    assert "first pier-planks (the check shown raised ZeroDivisionError: by zero)" in error.message


class Stumbling:
    """A writer that falls over."""

    name = "stumbling"
    verbatim = True
    host: str | None = None
    usage = (0, 0)

    async def standalone(self, question: str, conversation: Conversation) -> str:
        return question

    async def write(self, question: str, found: Found, conversation: Conversation) -> AsyncIterator[str]:
        if not question.startswith("?"):
            raise RuntimeError("fell over")
        yield question


class Forger(Bot):
    """A bot that shifts every quote by one character."""

    async def answer(
        self, question: str, conversation: Conversation = ALONE, filters: Filters = UNFILTERED
    ) -> AsyncIterator[Event]:
        async for event in super().answer(question, conversation, filters):
            if isinstance(event, Answered):
                answer = event.answer
                forged = [replace(c, quote=replace(c.quote, start=c.quote.start + 1)) for c in answer.citations]
                event = Answered(replace(answer, citations=tuple(forged)))
            yield event


def stumbling(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
    made = build.bot(settings, where, notice)
    made.writer = Stumbling()
    return made


def forging(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
    made = build.bot(settings, where, notice)
    return Forger(made.search, made.writer, settings)


def test_an_answer_that_raises_makes_the_run_invalid_and_the_rest_is_still_asked(tiny: Suite) -> None:
    report = run(tiny, ALWAYS, make=stumbling)
    assert report.n == 3 and report.invalid
    assert report.failed == ("mill-cost", "pier-planks")
    assert report.rows[0]["error"] == "the answer raised RuntimeError: fell over"
    scores = report.rows[0]["scores"]
    assert {name for name, score in scores.items() if score} == set()
    assert (scores["outcome"], scores["facts"], scores["quotes"], scores["passed"]) == (0.0, 0.0, None, 0.0)
    assert isinstance(error_of(report, tiny), EvalInvalid)


def test_a_bot_that_always_refuses_falls_below_the_floor_of_cases_passed(tiny: Suite) -> None:
    report = run(replace(tiny, floors={"passed": 0.6, "facts": 0.6}), NEVER)
    assert report.failed == ("mill-cost", "pier-planks")
    assert refusal(report).false_refusals == 2 and refusal(report).recall == 1.0
    assert metrics(report)["quotes"].mean == 1.0
    error = error_of(report, replace(tiny, floors={"passed": 0.6, "facts": 0.6}))
    assert isinstance(error, EvalRegression) and error.exit == ExitCode.REGRESSION
    assert error.message == (
        "tiny fell below its floors: facts 0.000 (floor 0.600, n 2), passed 0.333 (floor 0.600, n 3)."
    )


def test_a_bot_that_bends_quotes_fails_without_any_floor_of_the_suite(tiny: Suite) -> None:
    bare = replace(tiny, floors={})
    error = error_of(run(bare, ALWAYS, make=forging), bare)
    assert isinstance(error, EvalRegression)
    assert error.message == "tiny fell below its floors: quotes 0.000 (floor 1.000, n 2)."


def test_a_floor_that_applies_to_nothing_is_a_fault_of_the_suite(tiny: Suite) -> None:
    suite = replace(tiny, cases=tiny.cases[2:], floors={"facts": 0.5})
    assert "a floor for facts, which applies to none" in error_of(run(suite, ALWAYS), suite).message


# -- a corpus that is missing or broken ----------------------------------------------------------------


def test_an_optional_suite_without_its_corpus_is_skipped_with_the_reason(tiny: Suite) -> None:
    suite = replace(tiny, corpus=None, missing="there is no folder /x", optional=True)
    report = run(suite, ALWAYS)
    assert shown(report).strip() == "SKIPPED: there is no folder /x"
    value = as_json(report, rows=True)
    assert (value["skipped"], value["n"], value["rows"]) == ("there is no folder /x", 0, [])
    gate(report, suite)


def test_a_suite_that_needs_its_corpus_is_invalid_without_it(tiny: Suite) -> None:
    with pytest.raises(EvalInvalid, match=r"tiny has no corpus: there is no folder /x\."):
        run(replace(tiny, corpus=None, missing="there is no folder /x"), ALWAYS)


def test_a_corpus_that_is_not_read_whole_is_invalid(tiny: Suite) -> None:
    assert tiny.corpus is not None
    (tiny.corpus / "empty.md").write_text("")
    with pytest.raises(EvalInvalid, match=r"not read whole \(empty\.md: the file is empty\)"):
        run(tiny, ALWAYS)


# -- a report ------------------------------------------------------------------------------------------


def test_an_interval_holds_its_mean_is_fixed_and_shrinks_with_the_cases() -> None:
    low, high = interval([1.0, 0.0, 1.0, 1.0] * 10)
    assert 0.5 < low < 0.75 < high < 0.95
    assert (low, high) == interval([1.0, 0.0, 1.0, 1.0] * 10)
    wide = interval([1.0, 0.0, 1.0, 1.0])
    assert wide[0] < low and high < wide[1]
    assert interval([1.0] * 67) == (1.0, 1.0)


def test_the_readme_s_intervals_are_these() -> None:
    text = (shipped().parent / "README.md").read_text()
    low, high = interval([1.0] * 60 + [0.0] * 20)
    assert f"`{60 / 80:.3f}  {low:.3f} – {high:.3f}  80`" in text
    low, high = interval([0.0, 1.0, 1.0, 1.0] * 100)
    assert f"With 400 cases and the same mean it is {low:.3f} – {high:.3f}." in text


def test_refusals_are_counted_as_one_class() -> None:
    def row(refused: bool, due: bool) -> dict[str, object]:
        return {"refused": refused, "expected": {"answerable": not due}}

    rows = [row(True, True)] * 3 + [row(True, False)] + [row(False, True)] * 2 + [row(False, False)]
    found = refusal(Report("x", rows=tuple(rows)))
    assert (found.precision, found.recall, found.false_refusals) == (0.75, 0.6, 1)
    assert found.f1 == pytest.approx(2 / 3)
    none = refusal(Report("x", rows=(row(False, False),)))
    assert (none.precision, none.recall, none.f1, none.false_refusals) == (None, None, None, 0)


def test_a_table_says_why_a_case_failed_and_steers_no_terminal(tiny: Suite) -> None:
    hostile = replace(tiny.cases[0], question="[red]How\x1b[2J much?", facts=(("49,000 pounds",),))
    out = shown(run(replace(tiny, cases=(hostile, tiny.cases[2])), ALWAYS), width=200)
    assert "mill-cost: not said: 49,000 pounds" in out
    assert "[red]How\ufffd[2J much?" in out
    assert "1 of 2 cases failed" in out and "\x1b" not in out


# -- the starter suite -----------------------------------------------------------------------------------


def test_the_starter_suite_runs_clean_and_every_quote_is_exact(starter: Report) -> None:
    assert starter.n == len(load("starter").cases) and not starter.invalid
    quotes = metrics(starter)["quotes"]
    assert (quotes.mean, quotes.n) == (1.0, sum(bool(r["citations"] or r["closest"]) for r in starter.rows))
    assert quotes.n >= 40


def test_the_report_of_the_starter_suite_has_its_agreed_shape(starter: Report) -> None:
    value = as_json(starter, rows=False)
    assert list(value) == [
        "schema_version", "suite", "model", "n", "skipped", "metrics", "refusal", "failed", "invalid",
    ]  # fmt: skip
    assert value["metrics"].keys() <= {*CHECKS, "passed"}
    assert {"outcome", "facts", "shown", "document", "quotes", "passed"} <= value["metrics"].keys()
    for mean in value["metrics"].values():
        assert 0 <= mean["low"] <= mean["mean"] <= mean["high"] <= 1 and mean["n"] <= starter.n
    assert value["refusal"].keys() == {"precision", "recall", "f1", "false_refusals"}
    assert value["failed"] == [row["id"] for row in starter.rows if row["why"]]
    assert len(as_json(starter, rows=True)["rows"]) == starter.n
