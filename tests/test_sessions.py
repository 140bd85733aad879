"""Saved conversations: every turn kept, found again, and erased where an article is forgotten."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.conversation import Answer, Citation, Closest, Outcome, Place, Quote, leant_on
from bot.errors import NotThere, SessionsDamaged, UsageError
from bot.sessions import Sessions, session_id
from store.passage import Document

DOCUMENT = Document("abcdefghij", "news", "a.txt", "Title")
OTHER = Document("bcdefghijk", "news", "b.txt", "Other")
SECRET = "words that only the forgotten article has"


def answer(question: str, document: Document = DOCUMENT, *, refused: bool = False) -> Answer:
    quote = Quote(document.id, 1, 0, len(SECRET), SECRET)
    outcome: Outcome = "not_in_corpus" if refused else "answered"
    if refused:
        return Answer(question, question, outcome, closest=(Closest("a", quote, document),))
    return Answer(question, question, outcome, citations=(Citation(1, quote, document),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.sqlite3"


@pytest.fixture
def held(file: Path) -> Sessions:
    return Sessions(file)


def test_nothing_is_written_before_the_first_question(held: Sessions, file: Path) -> None:
    assert held.saved() == [] and held.chosen(None, "default", last=True) is None and held.turns(1) == []
    assert held.erase("default", {DOCUMENT.id}) == 0
    with pytest.raises(NotThere, match="Nothing has been asked"):
        held.last_turn("default")
    assert not file.exists()


def test_a_turn_is_saved_before_its_answer_comes_and_read_back_whole(held: Sessions) -> None:
    place = held.begin("default", "Who  came\nup last?")
    assert str(place) == "s1:1" and held.turns(1) == [("Who  came\nup last?", None)]
    with pytest.raises(NotThere, match="no saved answer"):
        held.answer(place)
    said = answer("Who came up last?")
    held.finish(place, said)
    assert held.answer(place) == said
    assert held.saved()[0].title == "Who came up last?"


def test_a_conversation_holds_its_answered_turns(held: Sessions) -> None:
    first = held.begin("default", "One?")
    held.finish(first, answer("One?"))
    held.begin("default", "Stopped?", first.session)
    third = held.begin("default", "Three?", first.session)
    held.finish(third, answer("Three?"))
    assert third == Place(1, 3) and leant_on(held.turns(1)).questions == ("One?", "Three?")


def test_the_last_used_conversation_comes_first(held: Sessions) -> None:
    for question in ("One?", "Two?"):
        held.begin("default", question)
    held.begin("other", "Three?")
    held.begin("default", "Again?", 1)
    assert [session.name for session in held.saved()] == ["s1", "s3", "s2"]
    assert [session.name for session in held.saved("default")] == ["s1", "s2"]
    names = ("default", "other", "none")
    assert [held.chosen(None, name, last=True) for name in names] == [1, 3, None]
    assert held.last_turn("default") == Place(1, 2)


def test_a_session_of_another_corpus_is_refused(held: Sessions) -> None:
    held.begin("default", "One?")
    held.check(1, "default")
    with pytest.raises(UsageError, match="belongs to the corpus 'default'"):
        held.check(1, "other")
    with pytest.raises(NotThere, match="no session s9"):
        held.check(9, "default")
    with pytest.raises(NotThere, match="no turn s1:2"):
        held.answer(Place(1, 2))


def test_erasing_takes_every_answer_that_quoted_the_article_and_leaves_no_byte(held: Sessions, file: Path) -> None:
    turns = {
        "quoted": ("default", answer("quoted")),
        "closest": ("default", answer("closest", refused=True)),
        "other article": ("default", answer("other article", OTHER)),
        "other corpus": ("other", answer("other corpus")),
    }
    for question, (corpus, said) in turns.items():
        held.finish(held.begin(corpus, question), said)
    assert held.erase("default", {DOCUMENT.id}) == 2
    kept = {question for key in range(1, 5) for question, said in held.turns(key) if said is not None}
    assert kept == {"other article", "other corpus"}
    assert held.erase("default", {OTHER.id}) == 1 and held.erase("other", {DOCUMENT.id}) == 1
    assert all(SECRET.encode() not in path.read_bytes() for path in file.parent.iterdir())


def test_many_processes_may_ask_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sessions._File.wait", 30.0)  # forty at once, on whatever disk

    def ask(number: int) -> Place:
        held = Sessions(file)
        place = held.begin("default", f"Question {number}?")
        held.finish(place, answer("?"))
        held.close()
        return place

    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(ask, range(40)))
    assert len(places) == 40 and all(
        said is not None for place in places for _, said in Sessions(file).turns(place.session)
    )


def test_the_file_is_its_owners_alone(held: Sessions, file: Path) -> None:
    held.begin("default", "One?")
    assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}


def test_a_damaged_or_newer_file_is_told_every_time(held: Sessions, file: Path) -> None:
    file.write_bytes(b"no database at all " * 500)
    for _ in range(2):
        with pytest.raises(SessionsDamaged, match="cannot be read"):
            held.begin("default", "One?")
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    newer = Sessions(file)
    for _ in range(2):
        with pytest.raises(SessionsDamaged, match="newer"):
            newer.begin("default", "One?")


def test_a_folder_that_may_not_be_written_is_told(held: Sessions, file: Path) -> None:
    file.mkdir()
    with pytest.raises(SessionsDamaged):
        held.begin("default", "One?")


@pytest.mark.parametrize(("name", "number"), [("s7", 7), ("7", 7), (" s12 ", 12)])
def test_how_a_session_is_named(name: str, number: int) -> None:
    assert session_id(name) == number


@pytest.mark.parametrize("name", ["", "s", "seven", "s7:1", "-1", "s1234567890"])
def test_what_names_no_session(name: str) -> None:
    with pytest.raises(UsageError, match="is no session"):
        session_id(name)
