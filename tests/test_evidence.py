"""Evidence: sentences of what was found, best first, with the words that answer them."""

from __future__ import annotations

import pytest
from conftest import Library, reader
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import Reading
from store.corpus import FakeCorpus
from store.passage import Document, Found, Passage, Query

FOREMAN = Query("Who was the shift foreman?")


def read(corpus: Library, query: Query) -> Reading:
    with corpus.searching() as search:
        return reader().read(query, search.search(query))


def test_the_sentences_of_what_was_found_come_best_first(corpus: Library) -> None:
    sentences = read(corpus, FOREMAN).sentences
    assert sentences[0].text == "Luis Urzúa, the shift foreman, came up last."
    scores = [row.score for row in sentences]
    assert scores == sorted(scores, reverse=True)
    for row in sentences:
        assert row.passage.text[row.start - row.passage.start : row.end - row.passage.start] == row.text


def test_the_words_that_answer_are_a_span_of_their_sentence(corpus: Library) -> None:
    best = read(corpus, FOREMAN).sentences[0]
    assert best.answer is not None
    low, high = (place - best.passage.start for place in best.answer)
    assert best.passage.text[low:high] == "Luis Urzúa"


def test_passages_that_answer_are_moved_before_those_that_only_share_the_words() -> None:
    vague, told = "The shift foreman of the mine gave no interview.", "Luis Urzúa, the shift foreman, came up last."
    rows = enumerate([(vague, 1.0), (told, 0.9), ("The shaft is 624 metres deep.", 0.1)])
    passages = tuple(
        Passage(n, Document(f"a{n}", "news", f"{n}.txt", "The mine"), 0, len(text), text, score)
        for n, (text, score) in rows
    )
    reading = reader().read(FOREMAN, Found(passages))
    assert [passage.id for passage in reading.found.passages] == [1, 0, 2]


@pytest.mark.parametrize(
    ("history", "proves"), [((), False), (("How deep was the mine shaft?",), True), (("And then?",), False)]
)
def test_a_question_of_stop_words_alone_proves_nothing(corpus: Library, history: tuple[str, ...], proves: bool) -> None:
    assert bool(read(corpus, Query("Who is he?", history)).coverage) is proves


def test_nothing_found_is_nothing_read() -> None:
    assert reader().read(Query("Why?"), Found()) == Reading()


@pytest.mark.parametrize("caption", [", in Brasilia, Brazil, October 30, 2010.", ", left, at the gate."])
def test_the_caption_of_a_picture_loses_to_the_story(corpus: Library, caption: str) -> None:
    shown = f"The winner of the harbour vote waves to Reis supporters{caption}"
    corpus.write("vote.md", f"{shown}\n\nAna Reis won the harbour vote with 612 of the ballots cast by the town.")
    corpus.ingest()
    best = read(corpus, Query("Who was the winner of the harbour vote?")).sentences[0]
    assert best.text.startswith("Ana Reis")


@given(st.text(max_size=1200), st.text(max_size=60))
def test_whatever_the_text_answers_lie_within_their_sentences(text: str, question: str) -> None:
    corpus = FakeCorpus(Document("a1", "news", "odd.txt", "Odd", text=text))
    query = Query(question)
    for row in reader().read(query, corpus.search(query)).sentences:
        assert row.passage.text[row.start - row.passage.start : row.end - row.passage.start] == row.text
        assert row.answer is None or row.start <= row.answer[0] < row.answer[1] <= row.end
