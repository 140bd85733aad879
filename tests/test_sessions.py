"""Saved conversations: every turn kept, found again, and erased where an article is forgotten."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.conversation import Answer, Citation, Closest, Outcome, Place, Quote, Sentence, leant_on
from bot.errors import NotThere, SessionsDamaged, SessionsLocked, UsageError
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


# -- searched, renamed, deleted, branched, open twice ------------------------------------------------------------


def told(question: str, words: str) -> Answer:
    return Answer(question, question, "answered", (Sentence(words, (), "none"),))


def test_questions_answers_and_titles_are_searched_and_the_hit_is_marked(held: Sessions) -> None:
    for corpus, question, words in (
        ("default", "Who came up last?", "The shift foreman came up last, after a café owner had waved."),
        ("default", "When did the mine reopen?", "It never did."),
        ("other", "Who was the foreman?", "Nobody."),
    ):
        held.finish(held.begin(corpus, question), told(question, words))
    held.begin("default", "Was the foreman hurt?", 2)
    hits = {hit.name: (hit.turn, [hit.hit[low:high] for low, high in hit.marks]) for hit in held.search("FORE")}
    assert hits == {"s1": (1, ["foreman"]), "s2": (2, ["foreman"]), "s3": (0, ["foreman"])}
    assert [hit.name for hit in held.search("cafe last", "default")] == ["s1"]  # all words, without their accents
    held.rename(2, "  The mine \n of Copiapó ")
    (hit,) = held.search("copiapo")
    assert (hit.title, hit.turn) == ("The mine of Copiapó", 0)
    assert held.search("nobody", "default") == [] and len(held.search(' " * ) - ', "default")) == 2
    assert not held.search('foreman" OR "mine') and not held.search("title:mine")  # signs of a query language are words


def test_what_a_refusal_says_in_its_own_words_is_not_searched(held: Sessions) -> None:
    refusal = Answer("Why?", "Why?", "not_in_corpus", words="Not in the corpus. Searched 12 articles of the Ledger.")
    held.finish(held.begin("default", "Why?"), refusal)
    stopped = Answer("How?", "How?", "stopped", partial="as far as it went")
    held.finish(held.begin("default", "How?"), stopped)
    assert not held.search("ledger") and [hit.name for hit in held.search("far as it")] == ["s2"]


def test_a_deleted_conversation_leaves_no_word_and_comes_back_whole(held: Sessions, file: Path) -> None:
    held.finish(held.begin("default", "Where is Xyzzy?"), told("Where is Xyzzy?", "Plugh is there."))
    held.begin("default", "And now?", 1)
    held.keep(1, ["Later?"])
    before = held.turns(1), held.saved()
    deleted = held.delete(1)
    assert held.saved() == [] and held.search("xyz") == []
    left = b"".join(path.read_bytes() for path in file.parent.iterdir()).lower()
    assert b"xyzzy" not in left and b"plugh" not in left
    held.restore(deleted)
    assert (held.turns(1), held.saved()) == before and held.queued(1) == ("Later?",)
    assert [hit.turn for hit in held.search("plugh")] == [1]
    with pytest.raises(NotThere, match="no session s9"):
        held.delete(9)
    with pytest.raises(NotThere, match="no session s9"):
        held.rename(9, "Nine")
    with pytest.raises(UsageError, match="at least one letter"):
        held.rename(1, " \n")


def test_a_branch_holds_the_turns_before_and_leaves_the_first_conversation_as_it_is(held: Sessions) -> None:
    for number, question in enumerate(("One?", "Two?", "Three?")):
        held.finish(held.begin("default", question, 1 if number else None), answer(question))
    branch = held.begin("default", "Two, put otherwise?", 1, before=2)
    assert branch == Place(2, 2)
    assert [question for question, _ in held.turns(2)] == ["One?", "Two, put otherwise?"]
    assert held.answer(Place(2, 1)) == held.answer(Place(1, 1)) and len(held.turns(1)) == 3
    assert held.begin("default", "One, put otherwise?", 1, before=1) == Place(3, 1)
    assert {hit.name for hit in held.search("otherwise", "default")} == {"s2", "s3"}


def test_a_question_that_was_never_asked_is_taken_back_with_its_empty_conversation(held: Sessions) -> None:
    first = held.begin("default", "One?")
    held.withdraw(held.begin("default", "Two?", first.session))
    assert [question for question, _ in held.turns(1)] == ["One?"] and held.begin("default", "Two?", 1) == Place(1, 2)
    held.withdraw(held.begin("default", "Xyzzy?"))
    assert len(held.saved()) == 1 and not held.search("xyzzy")


def test_a_conversation_is_open_in_one_chat_at_a_time(held: Sessions, file: Path) -> None:
    held.begin("default", "One?")
    held.begin("default", "Two?")
    second = Sessions(file)
    assert held.hold(1) and held.hold(1) and not second.hold(1) and second.hold(2)
    with pytest.raises(SessionsLocked, match="s2 is open in another chat"):
        held.delete(2)
    second.close()
    assert held.delete(2) and held.delete(1)
    assert not second.saved() and second.hold(2)


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


def test_marks_go_with_their_turn_through_branches_deletion_and_undo_and_are_erased_with_the_answer(
    held: Sessions,
) -> None:
    place = held.begin("default", "One?")
    held.finish(place, answer("One?"))
    held.mark(place, 1, "wrong")
    held.mark(place, 1, "use")
    held.mark(place, 2, "checked")
    held.mark(place, 2, None)
    assert held.marks(1) == {(1, 1): "use"}
    assert held.marks(held.begin("default", "Two?", 1, before=2).session) == {(1, 1): "use"}
    held.restore(held.delete(1))
    assert held.conversation(1).turns[0].marks == {1: "use"}
    held.erase("default", {DOCUMENT.id})
    assert held.marks(1) == held.marks(2) == {}
