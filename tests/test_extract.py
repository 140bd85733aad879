"""Extracting: sentences of one article, in reading order, never more than asked for."""

from __future__ import annotations

import asyncio

import pytest
from conftest import Library
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.reading import Candidate, Reading, evidence
from bot.writers.extract import Extract, chosen
from store.passage import Document, Found, Passage, Query

PASSAGES = tuple(
    Passage(key, Document(f"article{key % 2}", "news", "a.txt", "Title"), 1000 * key, 1000 * key + 900, "text")
    for key in range(4)
)
rows = st.lists(
    st.builds(
        lambda passage, at, score: Candidate(passage, passage.start + at, passage.start + at + 9, "words", score),
        st.sampled_from(PASSAGES), st.integers(0, 800), st.floats(0, 2),
    ),
    max_size=12, unique_by=lambda row: row.start,
)  # fmt: skip


@given(rows, st.integers(1, 5))
def test_chosen_sentences_are_of_the_best_ones_article_in_reading_order(found: list[Candidate], most: int) -> None:
    ordered = tuple(sorted(found, key=lambda row: -row.score))
    picked = chosen(Reading(Found(PASSAGES), ordered), most)
    assert len(picked) <= most and bool(picked) == bool(found)
    if picked:
        assert ordered[0] in picked
        assert {row.passage.document.id for row in picked} == {ordered[0].passage.document.id}
        assert picked == sorted(picked, key=lambda row: row.start)


def test_reading_scores_the_sentences_of_what_was_found(corpus: Library) -> None:
    with corpus.searching() as search:
        found = search.search(Query("Who was the shift foreman?"))
        read = evidence.read("Who was the shift foreman?", (), found, corpus.embedding)
    best = read.sentences[0]
    assert best.text == "Luis Urzúa, the shift foreman, came up last."
    scores = [row.score for row in read.sentences]
    assert scores == sorted(scores, reverse=True)
    for row in read.sentences:
        assert row.passage.text[row.start - row.passage.start : row.end - row.passage.start] == row.text


@pytest.mark.parametrize(
    ("history", "proves"), [((), False), (("How deep was the mine shaft?",), True), (("And then?",), False)]
)
def test_a_question_of_stop_words_alone_proves_nothing(corpus: Library, history: tuple[str, ...], proves: bool) -> None:
    with corpus.searching() as search:
        found = search.search(Query("Who is he?", history))
        read = evidence.read("Who is he?", history, found, corpus.embedding)
    assert bool(read.coverage) is proves


def test_nothing_found_is_nothing_read(corpus: Library) -> None:
    assert evidence.read("Why?", (), Found(), corpus.embedding) == Reading()


def test_it_writes_a_line_a_sentence_with_the_place_of_its_passage() -> None:
    row = Candidate(PASSAGES[1], 1000, 1015, "Wrapped\r\n words.", 1.0)

    async def written() -> list[str]:
        return [line async for line in Extract(3).write("", Reading(Found(PASSAGES), (row,)), Conversation())]

    assert asyncio.run(written()) == ["Wrapped words. [2]\n"]


@pytest.mark.parametrize("caption", [", in Brasilia, Brazil, October 30, 2010.", ", left, at the gate."])
def test_the_caption_of_a_picture_loses_to_the_story(corpus: Library, caption: str) -> None:
    shown = f"The winner of the harbour vote waves to Reis supporters{caption}"
    corpus.write("vote.md", f"{shown}\n\nAna Reis won the harbour vote with 612 of the ballots cast by the town.")
    corpus.ingest()
    with corpus.searching() as search:
        question = "Who was the winner of the harbour vote?"
        read = evidence.read(question, (), search.search(Query(question)), corpus.embedding)
    assert read.sentences[0].text.startswith("Ana Reis")
