"""The runner: rows, turns and filters, repeats and several bots at once, runs broken off, corpora that are broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny as sample
from tiny import ALWAYS, forging, stumbling

from bot import build
from bot.answer import Bot
from bot.errors import EvalInvalid, UsageError
from bot.settings import Settings
from evals.case import Plan
from evals.checks import CHECKS, RANKING
from evals.kept import runs
from evals.report import Report, as_json
from evals.run import run
from evals.scoring import Asked
from evals.suite import Suite
from store.dense import Dense
from store.errors import DiskFull, IndexDamaged
from store.record import Record

FOLLOWING_UP = """
[[case]]
id = "follow-up"
question = "What did it cost?"
turns = ["When will the mill at Hale reopen?", "And the wheel?"]
outcome = "answered"
facts = [["48,000 pounds"]]
documents = ["mill.md"]

[[case]]
id = "in-the-other"
question = "How much did the repairs to the mill's wheel cost?"
outcome = "answered"
documents = ["pier.txt"]
in = "pier.txt"
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Suite:
    return sample.write(tmp_path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "evals"


def scores(report: Report) -> list[tuple[str, int, dict[str, float | None]]]:
    return [(row.id, row.attempt, row.scores) for row in report.rows]


def rows_file(home: Path, number: int = 1) -> Path:
    return home / "tiny" / str(number) / runs.ROWS


class Stopper:
    """Raises an error once so many rows are there, as a Ctrl-C or a full disk would."""

    def __init__(self, after: int, error: BaseException) -> None:
        self.after, self.error = after, error

    def __call__(self, done: int, total: int) -> None:
        if done == self.after:
            raise self.error


def broken_off(suite: Suite, home: Path, after: int = 1) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(suite, ALWAYS, home=home, progress=Stopper(after, KeyboardInterrupt()))


# -- a run -----------------------------------------------------------------------------------------


def test_a_run_gives_one_row_a_case_ready_for_json(tiny: Suite, home: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = run(tiny, ALWAYS, home=home, progress=lambda *step: steps.append(step))
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [row.id for row in report.rows] == ["mill-cost", "pier-planks", "elsewhere"]
    mill, _, elsewhere = json.loads(json.dumps([row.plain() for row in report.rows]))
    assert list(mill) == [
        "id", "attempt", "question", "turns", "tags", "cluster", "must_pass", "expected", "outcome", "refused",
        "confidence", "model", "standalone", "answer", "sentences", "citations", "closest", "passages", "passage",
        "since", "scores", "timing_ms", "usage", "error", "why",
    ]  # fmt: skip
    assert mill["expected"].keys() == {"outcome", "answerable", "facts", "absent", "documents", "quote_from"}
    assert any("48,000 pounds" in citation["quote"] for citation in mill["citations"])
    assert mill["passages"][0]["source"] == "mill.md" and mill["passage"]["marks"]
    assert mill["scores"].keys() == {*CHECKS, "passed"}
    assert {score for score in mill["scores"].values() if score is not None} == {1.0}
    assert [name for name, score in mill["scores"].items() if score is None] == [
        "absent", "leads", "begins", "missing", "quote_from", "each", "copies", "dated", "unquoted",
        "again", "exact_match", "f1", "contains",
    ]  # fmt: skip
    assert elsewhere["outcome"] == "outside_coverage"
    assert (elsewhere["scores"]["facts"], elsewhere["scores"]["document"]) == (None, None)
    assert (report.failed, report.invalid) == ((), False)
    assert rows_file(home).read_text().count("\n") == 3


def test_two_runs_are_equal_but_for_the_time(tiny: Suite, home: Path) -> None:
    def timeless(report: Report) -> list[dict[str, object]]:
        return [row.plain() | {"timing_ms": None} for row in report.rows]

    first, second = run(tiny, ALWAYS, home=home), run(tiny, ALWAYS, home=home)
    assert (first.manifest["run"], second.manifest["run"]) == ("tiny/1", "tiny/2")
    assert timeless(first) == timeless(second)


def test_a_folder_given_keeps_the_corpus(tiny: Suite, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = run(tiny, ALWAYS, index=index)
    assert (index / "record.sqlite3").is_file()
    assert scores(run(tiny, ALWAYS, index=index)) == scores(first)


def test_earlier_turns_are_asked_first_and_paths_become_filters(tmp_path: Path, home: Path) -> None:
    suite = sample.write(tmp_path, cases=FOLLOWING_UP)
    follow, other = run(suite, ALWAYS, home=home).rows
    assert follow.turns == ("When will the mill at Hale reopen?", "And the wheel?")
    assert "mill" in follow.standalone and follow.scores["passed"] == 1.0, follow.why
    assert {passage.source for passage in other.passages} == {"pier.txt"}


def test_the_retriever_alone_is_scored_by_its_ranking(tiny: Suite, home: Path) -> None:
    report = run(tiny, ALWAYS, Plan(retrieval_only=True), home=home)
    assert {row.outcome for row in report.rows} == {"stopped"}
    assert report.rows[0].scores == dict.fromkeys(RANKING, 1.0) | {"passed": None}
    assert report.rows[0].passages and not report.rows[0].sentences


def test_cases_are_asked_as_often_as_wished_and_by_several_bots_at_once(tiny: Suite, home: Path) -> None:
    once = run(tiny, ALWAYS, home=home)
    report = run(tiny, ALWAYS, Plan(repeat=2, jobs=3), home=home)
    assert scores(report) == [(key, n, row) for key, _, row in scores(once) for n in (1, 2)]
    assert [row.passages for row in report.rows[::2]] == [row.passages for row in once.rows]


def test_a_part_of_a_suite_can_be_asked(tiny: Suite, home: Path) -> None:
    assert [row.id for row in run(tiny, ALWAYS, Plan(only="number"), home=home).rows] == ["mill-cost"]
    assert [row.id for row in run(tiny, ALWAYS, Plan(limit=2), home=home).rows] == ["mill-cost", "pier-planks"]
    with pytest.raises(UsageError, match="has the tag 'nmber'"):
        run(tiny, ALWAYS, Plan(only="nmber"), home=home)
    with pytest.raises(UsageError, match="A limit of 0 leaves no case"):
        run(tiny, ALWAYS, Plan(limit=0), home=home)


def test_only_the_checks_of_the_suite_are_taken(tiny: Suite, home: Path) -> None:
    report = run(replace(tiny, checks=("outcome", "R@8")), ALWAYS, home=home)
    assert report.rows[0].scores == {"outcome": 1.0, "R@8": 1.0, "passed": 1.0}


def test_measures_that_are_not_installed_are_named_with_the_command(
    tiny: Suite, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ir_measures" else object())
    with pytest.raises(UsageError) as caught:
        run(tiny, ALWAYS, home=home)
    assert "ir-measures" in caught.value.next and not home.exists()


# -- what goes wrong in a case ---------------------------------------------------------------------


def test_a_check_that_raises_fails_its_case_and_makes_the_run_invalid(tiny: Suite, home: Path) -> None:
    def broken(asked: Asked) -> float | None:
        if asked.case.id == "pier-planks":
            raise ZeroDivisionError("by zero")
        return 1.0

    report = run(tiny, ALWAYS, checks={**CHECKS, "shown": broken}, home=home)
    assert report.invalid and report.failed == ("pier-planks",)
    assert report.rows[1].error == "the check shown raised ZeroDivisionError: by zero"
    assert report.rows[1].scores["shown"] == 0.0


@pytest.mark.parametrize("given", [1.5, -0.1, float("nan")])
def test_a_check_that_gives_no_score_raises_too(tiny: Suite, home: Path, given: float) -> None:
    report = run(tiny, ALWAYS, checks={**CHECKS, "shown": lambda asked: given}, home=home)
    assert report.rows[0].error == f"the check shown raised ValueError: it gave {given}"


def test_an_answer_that_raises_fails_its_case_and_the_rest_is_still_asked(tiny: Suite, home: Path) -> None:
    report = run(tiny, ALWAYS, make=stumbling, home=home)
    assert len(report.rows) == 3 and report.invalid
    assert report.failed == ("mill-cost", "pier-planks")
    assert report.rows[0].error == "the answer raised RuntimeError: fell over"
    found = report.rows[0].scores
    assert {name for name, score in found.items() if score} == set()
    assert (found["outcome"], found["facts"], found["quotes"], found["passed"]) == (0.0, 0.0, None, 0.0)


def test_an_answer_from_half_a_search_makes_the_run_invalid(
    tiny: Suite, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(self: Dense, record: Record) -> None:
        raise IndexDamaged("the meaning index is damaged")

    monkeypatch.setattr(Dense, "reader", damaged)
    report = run(tiny, ALWAYS, home=home)
    assert report.invalid
    assert report.rows[0].error.startswith("an index was lacking: the meaning index is damaged")


def test_a_quote_that_is_bent_is_seen(tiny: Suite, home: Path) -> None:
    report = run(tiny, ALWAYS, make=forging, home=home)
    assert [row.scores["quotes"] for row in report.rows] == [0.0, 0.0, None]
    assert report.rows[0].why == "a quote does not stand in the record"


# -- a run that was broken off -----------------------------------------------------------------------


def test_the_same_command_goes_on_where_a_run_was_broken_off(tiny: Suite, home: Path) -> None:
    said: list[str] = []
    broken_off(tiny, home, after=2)
    with pytest.raises(EvalInvalid, match=r"tiny/1 was broken off and is no result"):
        runs.read(home, "tiny/1")
    asked: list[tuple[int, int]] = []
    report = run(tiny, ALWAYS, home=home, notice=said.append, progress=lambda *step: asked.append(step))
    assert asked == [(2, 3), (3, 3)]
    assert said == ["going on with tiny/1: 2 of 3 answers are there"]
    assert report.manifest["run"] == "tiny/1" and runs.read(home, "tiny/1").rows
    assert scores(report) == scores(run(tiny, ALWAYS, home=home))


@pytest.mark.parametrize("other", ["settings", "suite", "plan", "fresh"])
def test_another_command_begins_a_run_of_its_own(tiny: Suite, home: Path, other: str) -> None:
    broken_off(tiny, home)
    settings, plan = ALWAYS, Plan(fresh=other == "fresh", limit=2 if other == "plan" else None)
    if other == "settings":
        settings = replace(ALWAYS, k=7)
    if other == "suite":
        (tiny.folder / "corpus" / "mill.md").write_text(sample.MILL.replace("June", "July"))
    assert run(tiny, settings, plan, home=home).manifest["run"] == "tiny/2"


@pytest.mark.parametrize("part", ["reader", "checker"])
def test_a_run_by_another_reader_or_checker_is_not_resumed(tiny: Suite, home: Path, part: str) -> None:
    def other(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
        bot = build.bot(settings, where, notice)
        getattr(bot, part).id = "other-2"
        return bot

    broken_off(tiny, home)
    ours = json.loads((home / "tiny" / "1" / runs.MANIFEST).read_text())
    theirs = run(tiny, ALWAYS, home=home, make=other).manifest
    assert ours[part] and (theirs["run"], theirs[part]) == ("tiny/2", "other-2")


def test_a_torn_last_row_and_one_with_an_error_are_asked_again(tiny: Suite, home: Path) -> None:
    broken_off(tiny, home, after=2)
    file = rows_file(home)
    first, second = file.read_text().splitlines()
    failed = json.loads(second) | {"error": "the model was down"}
    file.write_text(f"{first}\n{json.dumps(failed)}\n{second[:99]}")
    asked: list[int] = []
    report = run(tiny, ALWAYS, home=home, progress=lambda done, total: asked.append(done))
    assert asked == [1, 2, 3] and not report.invalid
    assert [row.id for row in runs.read(home, "tiny/1").rows] == ["mill-cost", "pier-planks", "elsewhere"]


def test_a_run_that_another_process_asks_is_not_gone_on_with(tiny: Suite, home: Path) -> None:
    inside: list[Any] = []

    def second(done: int, total: int) -> None:
        if done == 1 and not inside:
            inside.append(None)
            held = runs._lock(home / "tiny" / "1")
            assert held is None

    run(tiny, ALWAYS, home=home, progress=second)
    assert inside


def test_a_full_disk_ends_the_run_and_the_next_command_goes_on(
    tiny: Suite, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    real = os.write

    def full(file: int, data: bytes) -> int:
        if (
            rows_file(home).exists()
            and rows_file(home).stat().st_size > 3000
            and os.path.samestat(os.fstat(file), rows_file(home).stat())
        ):
            real(file, bytes(data)[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, data)

    monkeypatch.setattr("os.write", full)
    with pytest.raises(DiskFull):
        run(tiny, ALWAYS, home=home)
    monkeypatch.undo()
    monkeypatch.setenv("FOOTNOTE_HOME", str(home))
    assert run(tiny, ALWAYS, home=home).manifest["run"] == "tiny/1"


# -- a corpus that is missing or broken ----------------------------------------------------------------


def test_an_optional_suite_without_its_corpus_is_skipped_with_the_reason(tiny: Suite, home: Path) -> None:
    suite = replace(tiny, corpus=None, missing="there is no folder /x", optional=True)
    value = as_json(run(suite, ALWAYS, home=home), rows=True)
    assert (value["skipped"], value["n"], value["rows"]) == ("there is no folder /x", 0, [])
    assert not home.exists()


def test_a_suite_that_needs_its_corpus_is_invalid_without_it(tiny: Suite, home: Path) -> None:
    with pytest.raises(EvalInvalid, match=r"tiny has no corpus: there is no folder /x\."):
        run(replace(tiny, corpus=None, missing="there is no folder /x"), ALWAYS, home=home)


def test_a_corpus_that_is_not_read_whole_is_invalid(tiny: Suite, home: Path) -> None:
    assert tiny.corpus is not None
    (tiny.corpus / "empty.md").write_text("")
    with pytest.raises(EvalInvalid, match=r"not read whole \(empty\.md: the file is empty\)"):
        run(tiny, ALWAYS, home=home)
