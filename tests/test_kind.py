"""The kind of thing that a question asks for."""

from __future__ import annotations

import pytest

from bot.reading.kind import Kind, kind, things


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did it happen?", "date"),
        ("What year was it?", "date"),
        ("How many people came?", "count"),
        ("How much did it cost?", "sum"),
        ("What share was stopped?", "sum"),
        ("How heavy was the snake?", "measure"),
        ("Where did the meteor land?", "place"),
        ("In which cities did it start?", "place"),
        ("Who said so?", "person"),
        ("Why was it shut?", "cause"),
        ("Which rig sank?", "name"),
        ("Tell me about the mine", None),
    ],
)
def test_a_question_tells_what_it_asks_for(question: str, wanted: Kind | None) -> None:
    assert kind(question) == wanted


def test_what_is_counted_ends_with_its_nouns() -> None:
    assert things("How many people were killed?") == {"peopl"}
    assert things("Who was killed?") == frozenset()
