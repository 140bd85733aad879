"""The kind of thing that a question asks for."""

from __future__ import annotations

import pytest

from bot.reading.kind import Kind, holds, kind
from store.words import tokens


@pytest.mark.parametrize(
    ("question", "wanted", "full", "none"),
    [
        ("When did it happen?", "date", "It was on Monday.", "It was in the harbour."),
        ("What year was it?", "date", "It sank in 1912.", "It sank in the harbour."),
        ("How many people came?", "count", "Some 300 people came.", "They came."),
        ("How much did it cost?", "sum", "The price was $48,000.", "The price was high."),
        ("What share was stopped?", "sum", "90 percent were.", "Some were."),
        ("How heavy was the snake?", "measure", "It weighed 215 pounds.", "It weighed a lot."),
        ("Where did the meteor land?", "place", "It fell along the coast of Papua New Guinea.", "It fell on Monday."),
        ("In which cities did it start?", "place", "It debuts in Seattle on Tuesday.", "It debuts on Tuesday."),
        ("Who said so?", "person", "That is what Luis Urzúa said.", "That is what they said."),
        ("Why was it shut?", "cause", "It was shut because of a flood.", "It was shut."),
        ("Which rig sank?", "name", "The Deepwater Horizon did.", "The rig did."),
    ],
)
def test_a_question_tells_what_it_asks_for_and_a_sentence_whether_it_holds_one(
    question: str, wanted: Kind, full: str, none: str
) -> None:
    assert kind(question) == wanted
    known = set(tokens(question))
    assert holds(wanted, full, question, known) == 1.0
    assert holds(wanted, none, question, known) == 0.0


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many people came?", "It was a row of 300."),
        ("Who said so?", "It was Urzúa."),
        ("How heavy was the snake?", "It weighed 215."),
    ],
)
def test_a_likely_one_counts_half(question: str, text: str) -> None:
    assert holds(kind(question), text, question, set(tokens(question))) == 0.5


def test_what_the_question_names_itself_is_no_answer() -> None:
    question = "Who shot Shinzo Abe?"
    assert holds("person", "The shots hit Shinzo Abe.", question, set(tokens(question))) == 0.0


def test_some_questions_tell_nothing() -> None:
    assert kind("Tell me about the mine") is None
    assert holds(None, "In 1912 Luis Urzúa paid $5.", "Tell me", ()) == 0.0
