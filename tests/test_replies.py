"""Kept replies: asked once over the real classes, said again without a network, and never half."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import tiny as sample
from conftest import close_network
from model_server import PROTOCOLS, Fault, Script, Server, serve

from bot import build
from bot.settings import Settings
from evals.case import Plan
from evals.kept.replies import Replies
from evals.report import Report
from evals.run import run
from evals.suite import Suite

SAID = Script(("Repairs to the wheel ", "cost 48,000 pounds [1]", "."), input_tokens=21, output_tokens=7)
ASKED = 2  # cases that a model is asked in the tiny suite; the third lies outside the coverage


@pytest.fixture
def tiny(tmp_path: Path) -> Suite:
    return sample.write(tmp_path)


@pytest.fixture(params=PROTOCOLS)
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{name}_API_KEY", "test")


@pytest.fixture
def model(protocol: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serve(SAID) as server:
        point(monkeypatch, protocol, server)
        yield server


def point(monkeypatch: pytest.MonkeyPatch, protocol: str, server: Server) -> None:
    name = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "ollama": "OLLAMA_HOST"}[protocol]
    monkeypatch.setenv(name, server.url(protocol))


def asked(suite: Suite, protocol: str, home: Path, plan: Plan = Plan(), **how: bool) -> Report:  # noqa: B008
    replies = Replies(home / "replies", **how)
    make = partial(build.bot, key=lambda provider: "test", replies=replies)
    return run(suite, Settings(model=f"{protocol}:x", retries=0), plan, home=home, make=make, replies=replies)


def told(report: Report) -> list[tuple[object, ...]]:
    return [(row.id, row.attempt, row.answer, row.scores, row.usage) for row in report.rows]


def kept(home: Path) -> list[Path]:
    return sorted((home / "replies").iterdir())


def test_a_run_is_replayed_without_opening_a_connection(
    tiny: Suite, protocol: str, model: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asked(tiny, protocol, tmp_path / "evals")
    assert first.rows[0].scores["passed"] == 1.0 and len(model.requests) == ASKED
    assert first.rows[0].usage == {"input_tokens": 21, "output_tokens": 7}
    close_network(monkeypatch.setattr)
    again = asked(tiny, protocol, tmp_path / "evals", replay=True)
    assert told(again) == told(first)
    assert again.manifest["replies"] == {"kept": ASKED, "asked": 0}


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
def test_a_second_run_asks_nothing_anew_unless_it_is_to(
    tiny: Suite, protocol: str, model: Server, tmp_path: Path
) -> None:
    asked(tiny, protocol, tmp_path / "evals")
    asked(tiny, protocol, tmp_path / "evals")
    assert len(model.requests) == ASKED
    asked(tiny, protocol, tmp_path / "evals", anew=True)
    assert len(model.requests) == 2 * ASKED


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
def test_each_repeat_of_a_case_has_a_reply_of_its_own(
    tiny: Suite, protocol: str, model: Server, tmp_path: Path
) -> None:
    report = asked(tiny, protocol, tmp_path / "evals", Plan(repeat=2, jobs=2))
    assert len(model.requests) == len(kept(tmp_path / "evals")) == 2 * ASKED
    again = asked(tiny, protocol, tmp_path / "evals", Plan(repeat=2), replay=True)
    assert [row.error for row in again.rows] == [None] * 6
    assert told(again) == told(report)


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
def test_a_reply_that_is_not_kept_makes_its_case_invalid_in_a_sentence(
    tiny: Suite, protocol: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_network(monkeypatch.setattr)
    report = asked(tiny, protocol, tmp_path / "evals", replay=True)
    said = f"No reply of {protocol}:x is kept for this question. Run it once without --replay."
    assert report.rows[0].error == said
    assert report.invalid and report.rows[2].error is None


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
def test_another_question_another_passage_or_another_k_is_another_prompt(
    tiny: Suite, protocol: str, model: Server, tmp_path: Path
) -> None:
    asked(tiny, protocol, tmp_path / "evals")
    (tiny.folder / "corpus" / "mill.md").write_text(sample.MILL.replace("June", "July"))
    asked(tiny, protocol, tmp_path / "evals")
    assert len(model.requests) > ASKED


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
@pytest.mark.parametrize("content", ["", '{"texts": [1], "usage": [1, 2], "cut": false}'])
def test_a_kept_reply_that_is_damaged_is_named_and_not_read(
    tiny: Suite, protocol: str, model: Server, tmp_path: Path, content: str
) -> None:
    asked(tiny, protocol, tmp_path / "evals")
    for file in kept(tmp_path / "evals"):
        assert file.stat().st_mode & 0o777 == 0o600
        file.write_text(content)
    report = asked(tiny, protocol, tmp_path / "evals", replay=True)
    assert report.invalid and "is no kept reply" in report.rows[0].error


def test_a_reply_that_failed_is_not_kept_and_one_cut_off_only_replayed(
    tiny: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "evals"
    with serve(Script(fault=Fault.SERVER_ERROR)) as server:
        point(monkeypatch, "openai", server)
        assert asked(tiny, "openai", home).invalid and not (home / "replies").exists()
    with serve(Script(("Repairs to the wheel cost ", "48,000"), fault=Fault.CUT)) as server:
        point(monkeypatch, "openai", server)
        assert asked(tiny, "openai", home).rows[0].outcome == "cut"
        assert asked(tiny, "openai", home, replay=True).rows[0].outcome == "cut"
        assert len(server.requests) == ASKED
        asked(tiny, "openai", home)
        assert len(server.requests) == 2 * ASKED


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
def test_no_prompt_and_no_article_is_kept(tiny: Suite, protocol: str, model: Server, tmp_path: Path) -> None:
    asked(tiny, protocol, tmp_path / "evals")
    for file in kept(tmp_path / "evals"):
        held = json.loads(file.read_text())
        assert held.keys() == {"schema_version", "model", "parameters", "attempt", "texts", "usage", "cut"}
        assert "trust said" not in file.read_text()
