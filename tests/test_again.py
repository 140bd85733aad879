"""A saved question asked again: what is new, gone or changed, over a corpus before and after it changed."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Library
from console import Footnote, valid

from bot import build
from bot.answer import Bot
from bot.commands.again import Difference, Turns, again, difference, lines
from bot.conversation import REFUSALS, Answer, Place, leant_on
from bot.events import Answered, Event
from bot.reading import FakeChecker, FakeReader
from bot.settings import Settings
from bot.show.page import day
from bot.writers.extract import Extract
from store.corpus import FakeCorpus
from store.embed import Embedding
from store.passage import Document, Filters

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "again.toml").read_text())["case"]
PLACE, ASKED = Place(7, 3), "2026-03-01T10:00:00Z"


def write(library: Library, articles: dict[str, str]) -> None:
    """Writes articles as `again.toml` has them, and takes those away that have no text."""
    for name, article in articles.items():
        if not article:
            (library.root / f"{name}.md").unlink()
            continue
        outlet, day, text = (part.strip() for part in article.split("|"))
        head = f"title: Report {name}\noutlet: {outlet}\n" + (f"published: {day}\n" if day else "")
        library.write(f"{name}.md", f"---\n{head}---\n{text}\n")


async def last(events: AsyncGenerator[Event]) -> Answer:
    answers = [event.answer async for event in events if isinstance(event, Answered)]
    return answers[-1]


async def talk(bot: Bot, case: dict[str, Any]) -> Turns:
    """The turns of a case, each asked after those before it."""
    said: list[tuple[str, Answer | None]] = []
    filters = Filters(until=case.get("until"), outlets=tuple(filter(None, [case.get("outlet")])))
    for question in (*case.get("turns", ()), case["question"]):
        said.append((question, await last(bot.answer(question, leant_on(said), filters))))
    return said


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, embedding: Embedding) -> Iterator[dict[str, Difference]]:
    """The difference of each case, all asked of one corpus before and after one change."""
    folder = tmp_path_factory.mktemp("again")
    library = Library(folder / "corpus", folder / "news", embedding)
    library.root.mkdir()
    found, now = dict[str, Difference](), dict[str, Turns]()
    for stage in ("before", "after"):
        for case in CASES:
            write(library, case.get(stage, {}))
        library.ingest(yes=True)
        bot = build.bot(Settings(), library.folder, lambda notice: None)
        for case in CASES:
            if stage == "before":
                now[case["name"]] = asyncio.run(talk(bot, case))
                continue
            turns = now[case["name"]]
            before, answer = turns[-1][1], asyncio.run(last(again(bot, turns, PLACE, ASKED)))
            assert before is not None and answer.question == case["question"]
            assert answer.since and answer.since.place == "s7:3"
            found[case["name"]] = difference(before, answer, bot.corpus)
            assert answer.since.lines == tuple(lines(found[case["name"]], PLACE, ASKED))
        bot.corpus.close()
    yield found


def came_to(answer: Answer) -> str:
    return "refused" if answer.outcome in REFUSALS else answer.outcome


@pytest.mark.torture
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_question_asked_again_tells_what_changed(case: dict[str, Any], told: dict[str, Difference]) -> None:
    one = told[case["name"]]
    assert (came_to(one.before), came_to(one.now)) == (case.get("was", "answered"), case.get("is", "answered"))
    new, gone = [entry.quote.text for entry in one.new], [entry.quote.text for entry, _ in one.gone]
    assert bool(new) == ("new" in case) and all(case["new"] in quote for quote in new), new
    assert bool(gone) == ("gone" in case) and all(case["gone"] in quote for quote in gone), gone
    assert {why for _, why in one.gone} == set(filter(None, [case.get("why")]))
    value = case.get("value", ("", ""))
    assert all(each in " ".join(words) for each, words in zip(value, one.values, strict=True)), one.values
    assert bool(one.values[0]) == ("value" in case), one.values
    assert one.changed == bool(new or gone or came_to(one.before) != came_to(one.now))
    assert next(lines(one, PLACE, ASKED)).startswith("since" if one.changed else "nothing has changed since 1 Mar 2026")


@pytest.fixture
def home(tmp_path: Path, in_process: Footnote) -> Path:
    """A home whose corpus follows one article, of which one question was asked."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.md").write_text(FIRE.replace("COUNT", "Nine"))
    in_process(tmp_path / "home", "ingest", tmp_path / "news")
    assert in_process(tmp_path / "home", "ask", HOW_MANY).code == 0
    return tmp_path / "home"


FIRE = "---\ntitle: Fire\noutlet: Ledger\npublished: 2026-03-02\n---\nCOUNT people died in the fire at Aldwick.\n"
HOW_MANY = "How many people died in the fire at Aldwick?"


def test_ask_again_tells_the_difference_and_saves_it_with_the_turn_that_it_is_of(
    home: Path, in_process: Footnote
) -> None:
    today = day(datetime.now(UTC).date().isoformat())
    same = in_process(home, "ask", "--again", "s1:1")
    assert same.code == 0 and same.out.endswith(f"\nnothing has changed since {today} (s1:1)\n")
    (home.parent / "news" / "a.md").write_text(FIRE.replace("COUNT", "Fourteen"))
    in_process(home, "ingest")
    done = in_process(home, "ask", "--again", "s1:1", "--json")
    value = valid(done.value, "again")
    assert (value["again"], value["before"]["outcome"], value["outcome"]) == ("s1:1", "answered", "answered")
    assert value["values"] == {"before": ["Nine"], "now": ["Fourteen"]} and value["new"] == ["1"]
    assert [(one["quote"][:4], one["why"], one["version"]) for one in value["gone"]] == [("Nine", "changed", 1)]
    assert (value["answer"]["session"], value["answer"]["turn"]) == ("s1", 3)
    saved = in_process(home, "sessions", "show", "s1").out
    assert f"since {today} (s1:1): answered, as before\nvalue: Nine → Fourteen\nnew: “Fourteen people" in saved
    assert in_process(home, "ask", "--again", "s1:2", "--no-save", "-q").code == 0
    assert in_process(home, "sessions", "list", "--json").value["sessions"][0]["turns"] == 3


def test_what_cannot_be_asked_again_is_said(home: Path, in_process: Footnote) -> None:
    for words, said in {
        ("s1:7",): "There is no turn s1:7.",
        ("s9:1",): "There is no session s9.",
        ("s1",): "'s1' is no turn.",
        ("s1:1", "--corpus", "other"): "Session s1 belongs to the corpus 'default', not to 'other'.",
        ("s1:1", "Who?"): "--again asks the question of a saved turn.",
        ("s1:1", "-c"): "--again goes on in the session of its turn.",
        ("s1:1", "--jsonl"): "--again is told when the answer is whole.",
    }.items():
        done = in_process(home, "ask", "--again", *words)
        assert said in done.err + done.out and done.code == 2, words


def test_a_turn_whose_answer_was_erased_cannot_be_asked_again(home: Path, in_process: Footnote) -> None:
    key = in_process(home, "sources", "--json").value["documents"][0]["id"]
    in_process(home, "forget", key, "--yes")
    done = in_process(home, "ask", "--again", "s1:1")
    assert done.code == 2 and "Turn s1:1 has no saved answer." in done.err


def test_what_a_saved_question_was_asked_under_stands_unless_it_is_given_anew() -> None:
    """The filters and the standalone form are the saved ones; the day that counts as now is today's."""
    article = Document(
        "a1", "news", "a.md", "Fire", "Ledger", published="2026-03-02", text="Nine people died at Aldwick."
    )
    filters = Filters(until="2026-03-05", as_of="2026-03-05", inferred=("as_of",))
    saved = Answer("How many there?", "How many people died at Aldwick?", "unsure", filters=filters, model="openai:x")
    today = lambda: date(2026, 3, 9)  # noqa: E731
    bot = Bot(FakeCorpus(article), FakeReader(), FakeChecker(), Extract(), Settings(), today=today)
    answer = asyncio.run(last(again(bot, [("How many there?", saved)], PLACE, ASKED, Filters(outlets=("Ledger",)))))
    assert (answer.question, answer.standalone) == ("How many there?", "How many people died at Aldwick?")
    assert answer.filters == Filters(until="2026-03-05", outlets=("Ledger",), as_of="2026-03-09", inferred=("as_of",))
    assert answer.since and answer.since.lines[0] == "since 1 Mar 2026 (s7:3): unsure → answered"
