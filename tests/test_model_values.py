"""Old and new values and reports that differ in a model's answer: what the prompt tells, and what the code checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from model_server import Script, serve

from bot.cli.main import run

QUESTION = "How many people were killed by the landslide in Toren?"
NINE, MORE = (
    "In Toren nine people were killed when the landslide came, the police said.",
    "The landslide in Toren killed 14 people.",
)
ARTICLES = {
    "monday.md": (
        "Ledger",
        "2026-03-02",
        f"Rain had fallen for a week before the hill above the village gave way. {NINE}",
    ),
    "tuesday.md": (
        "Times",
        "2026-03-03",
        f"Half a street is gone, and rescuers dug through the night with their hands. {MORE}",
    ),
    "copy.md": (
        "Gazette",
        "2026-03-03",
        f"Half a street is gone, and rescuers dug through the night with their hands. {MORE}",
    ),
}
SAME_DAY = {
    **ARTICLES,
    "monday.md": (
        "Ledger",
        "2026-03-03",
        f"Rain had fallen for a week before the hill above the village gave way. {NINE}",
    ),
}
UNDATED = {name: (outlet, "", text) for name, (outlet, _, text) in ARTICLES.items()}
Ask = Callable[[dict[str, tuple[str, str, str]], Sequence[str]], tuple[Any, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks a model that says these sentences, each with the outlet whose passage it marks; the JSON and the prompt."""

    def asked(articles: dict[str, tuple[str, str, str]], said: Sequence[str]) -> tuple[Any, str]:
        monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
        (tmp_path / "news").mkdir()
        for name, (outlet, day, text) in articles.items():
            head = f"title: Landslide\noutlet: {outlet}\n" + (f"published: {day}\n" if day else "")
            (tmp_path / "news" / name).write_text(f"---\n{head}---\n{text}\n")
        assert run(["ingest", "-q", str(tmp_path / "news")]) == 0
        with serve(Script(tuple(f"{sentence} " for sentence in said))) as server:
            monkeypatch.setenv("OPENAI_API_KEY", "sk-never-shown")
            monkeypatch.setenv("OPENAI_BASE_URL", server.url("openai"))
            capsys.readouterr()
            assert run(["ask", "-m", "openai:x", "--json", QUESTION]) == 0
            (request,) = (one for one in server.requests if one.method == "POST")
        return json.loads(capsys.readouterr().out), request.body["messages"][0]["content"]

    return asked


def facts(prompt: str) -> list[list[str]]:
    """The lines over the text of each passage of a prompt."""
    return [block.split("\n\n")[0].splitlines()[1:] for block in prompt.split("\nbegin ")[2:]]


def test_the_prompt_tells_of_each_passage_its_day_its_outlet_and_how_many_origins(ask: Ask) -> None:
    _, prompt = ask(ARTICLES, (MORE,))
    told = facts(prompt)
    assert ["Title: Landslide", "Outlet: Ledger", "Published: 2026-03-02"] in told
    assert any("Published: 2026-03-03" in one and "Stands in: 2 outlets, of 1 origin" in one for one in told)
    assert "give the newest first" in prompt and "of the same origin are one report" in prompt


def test_an_old_value_beside_a_new_one_is_told_as_changed_whatever_the_model_makes_of_it(ask: Ask) -> None:
    answer, _ = ask(ARTICLES, (NINE, MORE))
    days = [next(one["published"] for one in answer["citations"] if one["number"] == n) for n in answer["values"]]
    assert (answer["outcome"], days) == ("answered", ["2026-03-03", "2026-03-02"])


@pytest.mark.parametrize("articles", [SAME_DAY, UNDATED], ids=["one day", "undated"])
def test_two_values_of_one_day_or_of_none_are_conflicting(ask: Ask, articles: Any) -> None:
    answer, _ = ask(articles, (NINE, MORE))
    assert answer["outcome"] == "conflicting" and len(answer["values"]) == 2


def test_an_answer_with_the_old_value_alone_is_told_of_the_new_one(ask: Ask) -> None:
    answer, _ = ask(ARTICLES, (NINE,))
    assert (answer["outcome"], answer["values"]) == ("answered", [])
    notice = [one for one in answer["notices"] if "(2026-03-03) gives another value: 14" in one]
    assert len(notice) == 1, answer["notices"]


def test_an_answer_with_one_value_that_all_give_gets_no_notice(ask: Ask) -> None:
    answer, _ = ask({"tuesday.md": ARTICLES["tuesday.md"], "copy.md": ARTICLES["copy.md"]}, (MORE,))
    assert (answer["outcome"], answer["values"], answer["notices"]) == ("answered", [], [])
