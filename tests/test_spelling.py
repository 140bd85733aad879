"""Misspelt words: what is doubted, and what was meant."""

from __future__ import annotations

import pytest
from conftest import Library
from hypothesis import given
from hypothesis import strategies as st

from store.spelling import distance, doubtful, nearest

WORDS = "miners miner foreman carpathia survivors though through been memorandum many may".split()


def test_only_small_words_that_general_news_does_not_use_are_doubted() -> None:
    assert doubtful("Who was the shift forman of Copiapo in 2010, Carpatia?") == ["forman"]
    assert doubtful("WHO WAS THE FORMAN") == []
    assert doubtful("how many forman in Chile in 2010") == ["forman"], "small words of two languages prove none"
    assert doubtful("a state-of-the-artt well-knwon") == [], "parts of compounds are let be"
    assert doubtful("who quarantined the tanker, and why was the street cordoned off?") == [], "rare, and right"


@pytest.mark.parametrize(
    "question",
    [
        "Was sagte der Kanzler?",
        "Was sagte Merkel?",
        "Wer sagte das?",
        "Wann wurde das Urteil gesprochen?",
        "quel était le montant des dégâts",
        "¿quién ganó las elecciones de mayo?",
        "quanto costa il ponte sullo stretto",
        "när kom fartyget till hamnen",
    ],
)
def test_a_question_in_another_language_is_not_doubted(question: str) -> None:
    assert doubtful(question) == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("forman", "foreman"),  # a letter left out
        ("minners", "miners"),  # one too many
        ("mnay", "many"),  # two swapped
        ("throuhg", "through"),
        ("memorandam", "memorandum"),  # one changed, in a long word
        ("bees", None),  # one changed makes another word
        ("iners", None),  # begins otherwise
        ("zebra", None),
        ("minerly", None),  # another word of the same root
    ],
)
def test_the_word_that_was_meant(word: str, meant: str | None) -> None:
    assert nearest(word, WORDS) == meant


letters = st.text(st.sampled_from("abcé"), max_size=8)


@given(letters, letters)
def test_the_distance_is_none_for_the_same_and_alike_from_both_sides(one: str, other: str) -> None:
    assert (distance(one, other) == 0) is (one == other)
    assert distance(one, other) == distance(other, one) >= abs(len(one) - len(other))


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who was the shift forman of the minners?", "Who was the shift foreman of the miners?"),
        ("how many surivvors did the carpatia pick up", "how many survivors did the carpathia pick up"),
        ("Who was the shift foreman?", "Who was the shift foreman?"),
        ("Wie tief war der Schacht?", "Wie tief war der Schacht?"),
        ("", ""),
        ("\x00 שלום ßßßß " + "x" * 500, "\x00 שלום ßßßß " + "x" * 500),
    ],
)
def test_a_question_is_read_as_the_corpus_writes(corpus: Library, question: str, read: str) -> None:
    with corpus.searching() as search:
        assert search.spelled(question) == read


def test_a_right_word_is_no_name_that_is_near_it(library: Library) -> None:
    library.write("a.txt", "Trade\n\nThe firm Cornde sold beef. Route 9 was closed near Halifex.")
    library.ingest()
    with library.searching() as corpus:
        assert corpus.spelled("why was the corneder shut near halifx") == "why was the corneder shut near halifex"
        assert corpus.spelled("how long was the router off") == "how long was the router off"


def test_without_the_word_index_a_question_is_read_as_it_stands(corpus: Library) -> None:
    for file in (corpus.folder / "lexical").iterdir():
        file.unlink()
    with corpus.searching() as search:
        assert search.spelled("Who was the shift forman?") == "Who was the shift forman?"
