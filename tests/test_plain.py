"""Plain values: an answer survives being saved, and every shape fits its schema."""

from __future__ import annotations

import json
from dataclasses import asdict

from console import valid
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import (
    REFUSALS,
    Answer,
    Citation,
    Closest,
    Context,
    Failure,
    Place,
    Quote,
    Sentence,
    Speaker,
    Timing,
)
from bot.errors import UsageError
from bot.events import Answered, Delta, Retrieved, Searching
from bot.reading import Reading
from bot.show import plain
from store.passage import Coverage, Document, Filters, Found, Passage

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
days = st.dates().map(lambda day: day.isoformat())
ids = st.from_regex(r"\A[a-z][a-z2-7]{9}\Z")
numbers = st.integers(1, 99)
documents = st.builds(
    Document, ids, texts, texts, texts, st.none() | texts, st.none() | texts, st.none() | days, version=numbers
)
quotes = st.builds(Quote, ids, numbers, st.integers(0, 50), st.integers(51, 99), texts)
marks = st.lists(st.tuples(st.integers(0, 50), st.integers(51, 99)), max_size=3).map(tuple)
speakers = st.none() | st.builds(Speaker, texts, st.integers(0, 50), st.integers(51, 99), st.booleans())
citations = st.builds(
    Citation, numbers, quotes, documents, st.lists(documents, max_size=2).map(tuple), numbers, speakers
)
coverages = st.builds(
    Coverage,
    numbers,
    numbers,
    st.none() | days,
    st.none() | days,
    st.lists(st.tuples(texts, numbers), max_size=3).map(tuple),
)
names = st.lists(texts, max_size=2).map(tuple)
sentences = st.builds(Sentence, texts, st.lists(numbers, max_size=2).map(tuple), st.just("quoted"))
filters = st.builds(
    Filters, st.none() | days, st.none() | days, st.booleans(), names, names, names, st.none() | days, names
)
answers = st.builds(
    Answer, texts, texts, st.sampled_from(sorted(REFUSALS | {"partly", "stopped"})),
    sentences=st.lists(sentences, max_size=3).map(tuple), citations=st.lists(citations, max_size=3).map(tuple),
    context=st.none() | st.builds(Context, numbers, st.integers(0, 50), st.integers(51, 99), texts, marks),
    closest=st.lists(st.builds(Closest, st.sampled_from("abc"), quotes, documents, marks), max_size=2).map(tuple),
    coverage=coverages, filters=filters, words=texts, confidence=st.floats(0, 1), usage=st.tuples(numbers, numbers),
    timing=st.builds(Timing, *(st.floats(0, 9e5) for _ in range(3))), notices=names,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answers)
def test_an_answer_comes_back_from_json_as_it_was(answer: Answer) -> None:
    assert plain.answer_from(json.loads(json.dumps(asdict(answer)))) == answer
    valid(json.loads(json.dumps(plain.ask(answer, Place(1, 2)))), "ask")


def test_what_an_earlier_version_saved_is_read_in_todays_fields() -> None:
    """0.1.0 had neither `failure` nor `partial`, nor a reason beside a sentence."""
    saved = asdict(Answer("Why?", "Why?", "stopped", words="Because of [1]"))
    for name in ("failure", "partial"):
        del saved[name]
    stopped = plain.answer_from(json.loads(json.dumps(saved)))
    assert (stopped.words, stopped.partial, stopped.text) == ("", "Because of [1]", "Because of [1]")
    sentence = {"text": "Half of it.", "citations": [], "verdict": "none"}
    old = {**saved, "outcome": "error", "words": "It failed.", "notices": ["Ask again."], "sentences": [sentence]}
    error = plain.answer_from({**old, "unheard": "of"})
    assert error.failure == Failure("It failed.", "Ask again.") and error.partial == "Half of it."
    assert not error.notices and not error.sentences


def test_a_footnote_that_an_earlier_version_saved_has_no_speaker() -> None:
    quote, article = Quote("abcdefghij", 1, 0, 4, "Rain"), Document("abcdefghij", "news", "a.txt", "Title")
    saved = asdict(Answer("Why?", "Why?", "answered", citations=(Citation(1, quote, article),)))
    del saved["citations"][0]["speaker"]
    assert plain.answer_from(saved).citations[0].speaker is None


def test_every_event_fits_its_schema() -> None:
    document = Document("abcdefghij", "news", "a.txt", "Title")
    found = Found((Passage(1, document, 0, 5, "words", 0.5),))
    answer = Answer("Why?", "Why?", "not_in_corpus", words="Not in the corpus.")
    for event in (
        Searching("Why?", "Why?", Coverage()),
        Retrieved(Reading(found)),
        Delta("Because. [1] "),
        Answered(answer),
    ):
        valid(plain.event(event, None), "event")


def test_an_error_has_its_code_its_exit_and_the_next_step() -> None:
    value = valid(plain.error(UsageError("The question is empty.", "Ask one.")), "error")
    assert value["error"] == {"code": "usage", "exit": 2, "message": "The question is empty.", "next": "Ask one."}


def test_an_answers_text_has_markers_and_a_sentences_has_none() -> None:
    answer = Answer("Why?", "Why?", "answered", (Sentence("Because.", (1, 2), "quoted"), Sentence("So.", (), "none")))
    assert answer.text == "Because. [1] [2] So."
    assert [sentence["text"] for sentence in plain.ask(answer, None)["sentences"]] == ["Because.", "So."]
