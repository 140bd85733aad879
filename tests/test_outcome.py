"""Outcomes: two cuts make three of them, and what lies outside the corpus is said in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outcome import confidence, described, judged, nearest, outside, refusal
from bot.reading import Reading
from bot.settings import Settings
from store.passage import Coverage, Document, Filters, Found, Passage

WHOLE = Coverage(5, 1, "1912-04-15", "2010-10-14", (("Sample Wire", 3), ("Sample Daily", 1)))
DATED = Coverage(4, 0, "1912-04-15", "2010-10-14", (("Sample Wire", 3),))
NONE = Coverage()
FOUND = Found((Passage(1, Document("d", "news", "a.txt", "Title"), 0, 5, "words"),))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_two_cuts_make_three_outcomes(sure: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    outcome = judged(sure, Settings(answer_at=high, refuse_below=low))
    assert outcome == ("answered" if sure >= high else "unsure" if sure >= low else "not_in_corpus")


def test_confidence_is_a_share_whatever_was_found() -> None:
    assert 0 <= confidence(Reading()) <= 1


@pytest.mark.parametrize(
    ("better", "worse"),
    [({"answer": 2.0}, {"answer": -2.0}), ({"coverage": 0.8}, {}), ({}, {"age": 5.0}), ({"defined": 1.0}, {})],
)
def test_better_evidence_makes_surer(better: dict[str, float], worse: dict[str, float]) -> None:
    assert confidence(Reading(FOUND, **better)) > confidence(Reading(FOUND, **worse))


def test_a_name_of_several_words_in_no_article_makes_unsure_and_a_single_word_does_not() -> None:
    assert confidence(Reading(FOUND, unknown=("Ada Mora",))) < confidence(Reading(FOUND))
    assert confidence(Reading(FOUND, unknown=("Mora",))) == confidence(Reading(FOUND))


def test_an_outlet_that_nobody_carries_is_outside_and_the_nearest_are_named() -> None:
    said = outside(Filters(outlets=("Sampel Wire",)), WHOLE, NONE, NONE)
    assert said.startswith("No article is from Sampel Wire") and "Sample Wire, Sample Daily" in said
    assert "5 articles" in said
    assert outside(Filters(outlets=("Sampel Wire", "SAMPLE WIRE")), WHOLE, DATED, DATED) == ""


def test_a_period_is_outside_only_where_no_undated_article_could_be_of_it() -> None:
    query = Filters(since="2030-01-01", until="2030-12-31")
    assert outside(query, WHOLE, DATED, NONE).startswith("No article is dated from 2030-01-01 to 2030-12-31.")
    assert outside(query, WHOLE, WHOLE, NONE) == ""
    assert outside(query, WHOLE, DATED, DATED) == ""
    assert outside(Filters(), WHOLE, WHOLE, WHOLE) == ""
    assert outside(Filters(), WHOLE, WHOLE, WHOLE, greets=True).startswith("Ask about the articles")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("wire", "Sample Wire"),
        ("Sample Wire Service", "Sample Wire"),
        ("sampel daily", "Sample Daily"),
        ("CNN", "Sample Wire"),
    ],
)
def test_the_nearest_outlet(name: str, first: str) -> None:
    assert nearest(name, ["Sample Wire", "Sample Daily", "Gazette"])[0] == first


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (NONE, "0 articles"),
        (Coverage(1, 1), "1 article (1 undated)"),
        (Coverage(1234, 0, "2009-01-01", "2009-01-01"), "1,234 articles (2009-01-01)"),
        (WHOLE, "5 articles (1912-04-15 to 2010-10-14, 1 undated; Sample Wire, Sample Daily)"),
        (
            Coverage(6, 6, outlets=tuple((name, 1) for name in "ABCDEF")),
            "6 articles (6 undated; A, B, C, D and 2 more)",
        ),
    ],
)
def test_coverage_in_words(coverage: Coverage, words: str) -> None:
    assert described(coverage) == words


def test_what_is_said_in_place_of_an_answer() -> None:
    assert refusal("unsure", WHOLE).startswith("The articles may not say. Searched 5 articles")
    assert refusal("not_in_corpus", WHOLE).startswith("The articles do not say. Searched 5 articles")
    assert "Daily); none names Ada Mora or Kwanzaa. Try" in refusal("not_in_corpus", WHOLE, ("Ada Mora", "Kwanzaa"))
