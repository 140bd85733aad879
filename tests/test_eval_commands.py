"""`footnote eval` as a user has it: JSON that fits its schemas, exit codes, runs that are killed, stopped or spoilt."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tiny as sample
from console import start, valid

from bot.cli.main import run
from bot.settings import Settings
from evals.cli import settings_for
from evals.find import load, shipped
from evals.kept.runs import MANIFEST, ROWS


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        return json.loads(self.out)


Eval = Callable[..., Done]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FOOTNOTE_BENCHMARKS", "FOOTNOTE_SHARED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOOTNOTE_ANSWER_AT", "0")
    monkeypatch.setenv("FOOTNOTE_REFUSE_BELOW", "0")
    return tmp_path / "home"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return sample.write(tmp_path / "suite").folder


@pytest.fixture
def footnote(capsys: pytest.CaptureFixture[str]) -> Eval:
    def done(*arguments: object) -> Done:
        capsys.readouterr()
        code = run(["eval", *map(str, arguments)])
        shown = capsys.readouterr()
        return Done(code, shown.out, shown.err)

    return done


def failed(done: Done, code: int) -> str:
    """The one sentence of a failure."""
    assert done.code == code and "Traceback" not in done.err, done
    said = [line for line in done.err.splitlines() if not line.startswith(("  ", "kept as"))]
    assert len(said) == 1, done
    return said[0]


# -- JSON ----------------------------------------------------------------------------------------------


def test_the_suites_are_a_list_with_counts_as_numbers(footnote: Eval) -> None:
    listed = valid(footnote("list", "--json").value, "eval-list")
    assert {"starter", "seed", "hostile"} <= {suite["suite"] for suite in listed}
    starter = next(suite for suite in listed if suite["suite"] == "starter")
    assert (starter["cases"], starter["answerable"]) == (len(load("starter").cases), load("starter").answerable)


def test_what_run_accept_gate_and_compare_print_fits_its_schema(footnote: Eval, tiny: Path, tmp_path: Path) -> None:
    assert valid(footnote("check", tiny, "--json").value, "eval-check")["cases"] == 3
    page = tmp_path / "report.html"
    ran = valid(footnote("run", tiny, "--json", "--rows", "--repeat", 2, "--html", page).value, "eval-run")
    assert (ran["outcome"], ran["run"], ran["n"], len(ran["rows"])) == ("scored", "tiny/1", 3, 6)
    assert "mill-cost" in page.read_text()
    without = footnote("gate", tiny)
    assert without.code == 0 and "passed, held against its floors alone; it has no baseline yet" in without.out
    made = valid(footnote("accept", tiny, "--why", "The first.", "--json").value, "eval-accept")
    assert made["baseline"] == str(tiny / "baseline.json") and made["run"] == "tiny/3"
    gated = valid(footnote("gate", tiny, "--json").value, "eval-gate")
    assert (gated["outcome"], gated["baseline"], gated["run"]) == ("passed", True, "tiny/4")
    compared = valid(footnote("compare", "baseline", "tiny/1", "--json").value, "eval-compare")
    assert compared["n"] == 3 and compared["metrics"]["passed"]["difference"] == 0
    shown = footnote("compare", "tiny/1", "tiny/4")
    assert shown.code == 0 and "A: tiny/1, written by extract" in shown.out and "\x1b" not in shown.out


def test_a_part_of_a_suite_and_the_retriever_alone_can_be_asked(footnote: Eval, tiny: Path) -> None:
    assert valid(footnote("run", tiny, "--only", "number", "--json").value, "eval-run")["n"] == 1
    ranked = valid(footnote("run", tiny, "--retrieval-only", "--json").value, "eval-run")
    assert ranked["metrics"].keys() == {"R@8", "Success@1", "Success@5", "RR", "nDCG@10"}
    assert (ranked["failed"], ranked["invalid"]) == ([], False)
    shown = footnote("run", tiny, "--retrieval-only")
    assert shown.code == 0 and "nDCG@10" in shown.out and "failed" not in shown.out
    assert "not a run of the whole suite" in failed(footnote("accept", tiny, "--why", "x", "--run", "tiny/3"), 7)


def test_a_run_of_a_suite_that_has_changed_since_is_not_accepted(footnote: Eval, tiny: Path) -> None:
    assert footnote("run", tiny).code == 0
    (tiny / "cases.toml").write_text(sample.CASES.replace("mill-cost", "mill-bill"))
    assert "not a run of the whole suite" in failed(footnote("accept", tiny, "--why", "x", "--run", "tiny/1"), 7)


def test_a_run_below_the_floors_of_its_suite_is_no_baseline(footnote: Eval, tiny: Path) -> None:
    (tiny / "cases.toml").write_text(sample.CASES.replace('facts = [["30 planks"]]', 'facts = [["31 planks"]]'))
    (tiny / "suite.toml").write_text(sample.SUITE.replace("passed = 0.6", "passed = 0.9"))
    said = failed(footnote("accept", tiny, "--why", "x"), 7)
    assert "passed is 0.667, below the floor 0.900 that tiny sets" in said
    assert not (tiny / "baseline.json").exists()


def test_two_runs_by_other_parts_are_told_apart(footnote: Eval, tiny: Path, home: Path) -> None:
    for _ in range(2):
        assert footnote("run", tiny).code == 0
    assert "read and checked by" not in footnote("compare", "tiny/1", "tiny/2").out
    manifest = home / "evals" / "tiny" / "2" / MANIFEST
    ours = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(ours | {"checker": "other-2"}))
    shown = footnote("compare", "tiny/1", "tiny/2").out
    assert f"read and checked by {ours['reader']}, other-2" in " ".join(shown.split())
    value = valid(footnote("compare", "tiny/1", "tiny/2", "--json").value, "eval-compare")
    assert value["a"]["parts"] != value["b"]["parts"]


# -- what cannot be run, read or judged --------------------------------------------------------------------


def test_without_the_extra_a_sentence_names_the_command(
    footnote: Eval, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = footnote("run", tiny)
    assert failed(done, 2) == "The evals' measures are not installed."
    assert "install" in done.err and "ir-measures" in done.err


def test_a_suite_whose_corpus_is_elsewhere_is_skipped_where_it_may_be(footnote: Eval, tiny: Path) -> None:
    for suite in ("public/scifact", "seed"):
        done = footnote("gate", suite)
        assert done.code == 0 and done.out.startswith("SKIPPED: "), done
        assert valid(footnote("gate", suite, "--json").value, "eval-gate")["outcome"] == "skipped"
        assert valid(footnote("run", suite, "--json").value, "eval-run")["outcome"] == "skipped"
    shutil.rmtree(tiny / "corpus")
    assert "has no corpus" in failed(footnote("gate", tiny), 7)


def test_nothing_that_is_not_a_whole_sound_run_is_read_as_one(footnote: Eval, tiny: Path, home: Path) -> None:
    assert footnote("run", tiny).code == 0
    folder = home / "evals" / "tiny" / "1"
    rows, manifest = (folder / ROWS).read_text(), (folder / MANIFEST).read_text()
    assert "There is no run 'tiny/9'" in failed(footnote("compare", "tiny/1", "tiny/9"), 7)
    assert "has no baseline" in failed(footnote("compare", "baseline", "tiny/1"), 7)
    assert "with itself" in failed(footnote("compare", "baseline", "baseline"), 7)
    for content, said in (
        (rows[:-40], "line 3: this is no row of a run"),
        (rows.replace('"passed": 1.0', '"passed": 0.0', 1), "is not what the run wrote"),
        ("".join(rows.splitlines(keepends=True)[:2]), "is not what the run wrote"),
        ("".join(rows.splitlines(keepends=True)[:2]), ": 1 of its 3 rows were erased, as forgetting an article does"),
        ("", ": 3 of its 3 rows were erased"),
    ):
        (folder / ROWS).write_text(content)
        assert said in failed(footnote("compare", folder, folder), 7)
        assert said in failed(footnote("accept", tiny, "--why", "x", "--run", "tiny/1"), 7)
    (folder / ROWS).write_text(rows)
    for content, said in (
        ("{", "is no manifest of a run"),
        (manifest.replace('"schema_version": 1', '"schema_version": 9'), "by another version of Footnote"),
        (manifest.replace('"whole"', '"running"'), "was broken off and is no result"),
    ):
        (folder / MANIFEST).write_text(content)
        assert said in failed(footnote("compare", folder, folder, "--json"), 7)


def test_a_run_to_go_on_with_whose_middle_is_spoilt_is_named_and_can_be_left(
    footnote: Eval, tiny: Path, home: Path
) -> None:
    footnote("run", tiny)
    folder = home / "evals" / "tiny" / "1"
    (folder / MANIFEST).write_text((folder / MANIFEST).read_text().replace('"whole"', '"running"'))
    lines = (folder / ROWS).read_text().splitlines(keepends=True)
    (folder / ROWS).write_text(f"{lines[0]}\0\0\0\n{lines[2]}")
    done = footnote("run", tiny)
    assert "line 2: this is no row of a run" in failed(done, 7) and "--fresh" in done.err
    assert footnote("run", tiny, "--fresh").code == 0


def test_a_full_disk_is_exit_5_and_the_next_command_goes_on(
    footnote: Eval, tiny: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, file = os.write, home / "evals" / "tiny" / "1" / ROWS

    def full(handle: int, data: bytes) -> int:
        ours = file.exists() and os.path.samestat(os.fstat(handle), file.stat())
        if ours and file.stat().st_size:
            real(handle, bytes(data)[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        assert "is full" in failed(footnote("run", tiny), 5)
    done = footnote("run", tiny)
    assert done.code == 0 and "going on with tiny/1: 1 of 3 answers are there" in done.err


# -- killed and stopped --------------------------------------------------------------------------------------


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A suite over some of the sample articles, of cases enough to be stopped twice."""
    folder = tmp_path / "long"
    (folder / "corpus").mkdir(parents=True)
    for article in (shipped() / "starter" / "corpus").glob("apollo-*"):
        shutil.copy(article, folder / "corpus")
    (folder / "suite.toml").write_text('name = "long"\nabout = "Of starter."\ncorpus = "corpus"\n')
    cases = [{"id": c.id, "question": c.question, "outcome": "refused"} for c in load("starter").cases[:8]]
    (folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    return folder


def halfway(home: Path, suite: Path, number: signal.Signals) -> tuple[int, str]:
    """Runs a suite in a process of its own that gets a signal when three more rows are there: exit code and stderr."""
    file = home / "evals" / "long" / "1" / ROWS

    def rows() -> int:
        return file.read_bytes().count(b"\n") if file.exists() else 0

    most = rows() + 3
    process = start(home, "eval", "run", suite, env={"FOOTNOTE_ANSWER_AT": "0", "FOOTNOTE_REFUSE_BELOW": "0"})
    while process.poll() is None and rows() < most:
        with_patience(process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    return process.returncode, err.decode()


def with_patience(process: subprocess.Popen[bytes]) -> None:
    """Waits for a moment, or for the end."""
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        return


@pytest.mark.torture
def test_a_run_that_is_killed_or_stopped_halfway_ends_with_the_same_scores(
    long: Path, home: Path, footnote: Eval
) -> None:
    code, _ = halfway(home, long, signal.SIGKILL)
    folder = home / "evals" / "long" / "1"
    assert code == -signal.SIGKILL and json.loads((folder / MANIFEST).read_text())["state"] == "running"
    assert "was broken off and is no result" in failed(footnote("compare", "long/1", "long/1"), 7)
    with (folder / ROWS).open("a") as rows:
        rows.write('{"id": "torn')
    code, err = halfway(home, long, signal.SIGINT)
    assert code == 130 and "going on with long/1" in err and "stopped; the same command" in err, err
    assert "Traceback" not in err
    resumed = footnote("run", long, "--json", "--rows")
    assert resumed.code == 0 and "going on with long/1" in resumed.err
    whole = footnote("run", long, "--json", "--rows", "--fresh")
    assert (resumed.value["run"], whole.value["run"]) == ("long/1", "long/2")
    assert [(row["id"], row["scores"]) for row in resumed.value["rows"]] == [
        (row["id"], row["scores"]) for row in whole.value["rows"]
    ]


# -- settings ------------------------------------------------------------------------------------------------


def test_a_flag_goes_over_the_suite_s_settings_and_those_over_the_user_s(tmp_path: Path) -> None:
    suite = sample.write(tmp_path / "fixed", suite=f'{sample.SUITE}[settings]\nk = 5\nmodel = "openai:fixed"\n')
    user = Settings(k=3, sentences=2, model="openai:user")
    found = settings_for(suite, user, None)
    assert (found.k, found.sentences, found.model) == (5, 2, "openai:fixed")
    assert settings_for(suite, user, "extract").model == "extract"
