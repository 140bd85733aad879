"""Today's figures of all suites: read from the baselines, shown in the README, and written there by one command."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import EvalInvalid
from evals import __main__ as today
from evals.kept.baseline import Baseline
from evals.measure import Mean
from evals.public import ALL


def test_the_readme_shows_the_figures_of_every_baseline() -> None:
    assert today.figures() in today.README.read_text(encoding="utf-8"), "python -m evals --write"


def test_every_suite_is_told_with_its_cases_and_whether_it_has_a_baseline() -> None:
    text = today.figures()
    for name in ("hostile", "seed", "starter"):
        assert f"- **{name}**: " in text
    assert all(f"**public/{name}**: " in text for name in ALL)


def test_a_metric_is_a_line_and_a_suite_a_column() -> None:
    means = {"passed": Mean(0.731, 0.607, 0.831, 67), "quotes": Mean(1.0, 1.0, 1.0, 60)}
    one = Baseline("starter", "extract", "a try", "2026-01-01", {}, means)
    other = Baseline("tiny", "extract", "a try", "2026-01-01", {}, {"passed": Mean(0.5, 0.1, 0.9, 3)})
    assert today.table({"starter": one, "tiny": other}).splitlines() == [
        "| metric | starter | tiny |",
        "|---|---|---|",
        "| passed | .731 [.607, .831] (n 67) | .500 [.100, .900] (n 3) |",
        "| quotes | 1.000 [1.000, 1.000] (n 60) |  |",
    ]


def test_writing_changes_what_stands_between_the_marks_alone(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{today.BEGIN}old\n{today.END}after\n")
    today.write(readme)
    assert readme.read_text() == f"before\n{today.BEGIN}{today.figures()}{today.END}after\n"
    readme.write_text("no marks\n")
    with pytest.raises(EvalInvalid, match="lacks a line"):
        today.write(readme)
    assert readme.read_text() == "no marks\n"


def test_the_command_prints_them_and_ends_in_7_where_a_baseline_is_spoilt(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert today.main([]) == 0
    assert "public/scifact" in capsys.readouterr().out
    (tmp_path / "scifact.json").write_text("{}")
    monkeypatch.setattr("evals.public.figures.accepted.__defaults__", (tmp_path,))
    assert today.main([]) == 7
    assert "is no baseline" in capsys.readouterr().err
