"""Extracting: the best sentence first, then others by article in reading order, never more than asked for."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.reading import Candidate, Reading
from bot.writers.extract import LIKELY, Extract, chosen
from store.passage import Document, Found, Passage
from store.split import sentences

PASSAGES = tuple(
    Passage(key, Document(f"article{key % 2}", "news", "a.txt", "Title"), 1000 * key, 1000 * key + 900, "text" * 225)
    for key in range(4)
)
rows = st.lists(
    st.builds(
        lambda passage, at, score: Candidate(passage, passage.start + at, passage.start + at + 9, "words", score),
        st.sampled_from(PASSAGES), st.integers(0, 800), st.floats(0, 4),
    ),
    max_size=12, unique_by=lambda row: row.start,
)  # fmt: skip


def answering(words: str, score: float, passage: int = 0) -> Candidate:
    """A sentence in one of the passages whose words that answer are given."""
    document = Document(f"article{passage}", "news", "a.txt", "Title")
    home = Passage(passage, document, 0, 900, f"It was {words}, they say.")
    return Candidate(home, 0, len(home.text), home.text, score, (7, 7 + len(words)))


@given(rows, st.integers(1, 5))
def test_the_best_one_leads_and_others_follow_by_article_in_reading_order(found: list[Candidate], most: int) -> None:
    ordered = tuple(sorted(found, key=lambda row: -row.score))
    picked = chosen(Reading(Found(PASSAGES), ordered), most)
    assert len(picked) <= most and bool(picked) == bool(found)
    if picked:
        assert picked[0] == ordered[0]
        whole = sum(math.exp(row.score) for row in ordered)
        assert all(math.exp(row.score) >= LIKELY * whole * 0.999 for row in picked if row != ordered[0])
        articles = [row.passage.document.id for row in picked]
        assert articles == sorted(articles, key=articles.index)
        for article in set(articles):
            starts = [row.start for row in picked[1:] if row.passage.document.id == article]
            assert starts == sorted(starts)


def test_a_further_sentence_tells_something_else() -> None:
    best, same, other = answering("in June", 3), answering("in June 2024", 2.5, 1), answering("in May", 2, 2)
    assert chosen(Reading(sentences=(best, same, other)), 3) == [best, other]


def test_an_unlikely_sentence_is_left_out() -> None:
    best, weak = answering("in June", 5), answering("in May", 5 + math.log(LIKELY))
    assert chosen(Reading(sentences=(best, weak)), 3) == [best]


def test_of_many_equal_sentences_one_is_enough() -> None:
    rows = tuple(answering(f"in {year}", 1, year) for year in range(1900, 1940))
    assert chosen(Reading(sentences=rows), 3) == [rows[0]]


def test_sentences_that_answer_only_together_are_all_told_in_their_order() -> None:
    rows = tuple(answering(f"in {year}", 1, year) for year in range(5))
    assert chosen(Reading(sentences=rows, told=rows[::-1]), 3) == [*rows[::-1]]


def test_it_writes_a_line_a_sentence_with_the_place_of_its_passage() -> None:
    row = Candidate(PASSAGES[1], 1000, 1015, "Wrapped\r\n words.", 1.0)

    async def written() -> list[str]:
        return [line async for line in Extract(3).write("", Reading(Found(PASSAGES), (row,)), Conversation())]

    assert asyncio.run(written()) == ["Wrapped words. [2]\n"]


@pytest.mark.parametrize(
    ("text", "best", "leant_on"),
    [
        ("The joint figure was 125. It lay between both. Nobody cared.", "It lay", "The joint"),
        ("“The mill will reopen in June. We are glad,” said Ana Reis. Nobody cared.", "“The mill", "We are"),
        ("The joint figure was 125. Both teams were glad. Nobody cared.", "Both teams", None),
    ],
)
def test_a_sentence_comes_with_the_one_that_it_leans_on(text: str, best: str, leant_on: str | None) -> None:
    home = Passage(1, Document("a1", "news", "a.txt", "Title"), 0, len(text), text)
    rows = [Candidate(home, start, end, text[start:end], -9.0) for start, end in sentences(text)]
    first = next(replace(row, score=5.0) for row in rows if row.text.startswith(best))
    picked = chosen(Reading(sentences=(first, *(row for row in rows if row.start != first.start))), 3)
    assert [row.text for row in picked if row != first] == [
        row.text for row in rows if leant_on and row.text.startswith(leant_on)
    ]
