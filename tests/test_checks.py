"""Each check on answers made by hand: right, wrong, and where it does not apply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation import Answer, Citation, Closest, Context, Outcome, Quote, Sentence
from evals import checks
from evals.case import METRICS, Case
from evals.checks import CHECKS, Asked, holds, passed, plain
from store.passage import Document, Passage

TEXT = "Rice signed it. The price was 1,711 dollars, she said. It rained."
ARTICLE = Document("abc", "news", "one.md", "One")
QUOTE = Quote("abc", 1, 0, 15, "Rice signed it.")
ANSWER = Answer(
    "Who signed?", "Who signed?", "answered",
    sentences=(Sentence("Rice signed it.", (1,), "quoted"),),
    citations=(Citation(1, QUOTE, ARTICLE),),
    context=Context(1, 0, 54, TEXT[:54]),
)  # fmt: skip
REFUSAL = Answer("Who?", "Who?", "unsure", closest=(Closest("a", QUOTE, ARTICLE),))
CASE = Case("a", "Who signed?", "answered", (("Rice", "Condoleezza Rice"),), ("one.md",))
UNANSWERABLE = Case("b", "Who?", "refused")


def texts(document: str, version: int) -> str | None:
    return TEXT if (document, version) == ("abc", 1) else None


def asked(case: Case, answer: Answer, *passages: Passage) -> Asked:
    return Asked(case, answer, passages, texts)


def test_every_check_has_its_metric() -> None:
    assert (*CHECKS, "passed") == METRICS


@pytest.mark.parametrize(
    ("expected", "given", "score"),
    [
        ("answered", "answered", 1.0),
        ("answered", "partly", 1.0),
        ("answered", "unsure", 0.0),
        ("answered", "cut", 0.0),
        ("conflicting", "answered", 0.0),
        ("refused", "unsure", 1.0),
        ("refused", "not_in_corpus", 1.0),
        ("refused", "outside_coverage", 1.0),
        ("refused", "answered", 0.0),
        ("refused", "error", 0.0),
        ("not_in_corpus", "unsure", 0.0),
        ("not_in_corpus", "not_in_corpus", 1.0),
    ],
)
def test_outcome(expected: str, given: Outcome, score: float) -> None:
    case = replace(CASE, outcome=expected)
    assert checks.outcome(asked(case, replace(ANSWER, outcome=given))) == score


def test_facts_are_looked_for_in_the_sentences_and_shown_in_the_passage_too() -> None:
    further = replace(CASE, facts=(("Rice",), ("1,711", "1 711")))
    assert checks.facts(asked(CASE, ANSWER)) == checks.shown(asked(CASE, ANSWER)) == 1.0
    assert checks.facts(asked(further, ANSWER)) == 0.0
    assert checks.shown(asked(further, ANSWER)) == 1.0
    assert checks.shown(asked(CASE, REFUSAL)) == 0.0
    assert checks.facts(asked(UNANSWERABLE, ANSWER)) is None
    assert checks.lacking(further, "rice only") == ["1,711"]


@pytest.mark.parametrize(
    ("text", "fact", "found"),
    [
        ("the price", "Rice", False),
        ("Ms RICE, too", "Rice", True),
        ("1,711 men", "711", False),
        ("711,000 men", "711", False),
        ("711.5 men", "711", False),
        ("7110 men", "711", False),
        ("There were 711. Then", "711", True),
        ("711, he said", "711", True),
        ("57 kilometres", "57 kilomet", True),
        ("about 5\u202f000 barrels", "5 000", True),
        ("90  per\ncent", "90 per cent", True),
        ("the “fifth” try", '"fifth"', True),
        ("Urzu\u0301a", "Urzúa", True),
        ("it cost $5", "$5", True),
    ],
)
def test_what_counts_as_the_same_fact(text: str, fact: str, found: bool) -> None:
    assert holds(plain(text), plain(fact)) is found


def test_document() -> None:
    assert checks.document(asked(CASE, ANSWER)) == 1.0
    assert checks.document(asked(replace(CASE, documents=("two.md",)), ANSWER)) == 0.0
    assert checks.document(asked(CASE, REFUSAL)) == 0.0
    assert checks.document(asked(UNANSWERABLE, ANSWER)) is None


def test_quotes_hold_for_citations_closest_passages_and_the_passage_shown() -> None:
    assert checks.quotes(asked(CASE, ANSWER)) == 1.0
    assert checks.quotes(asked(UNANSWERABLE, REFUSAL)) == 1.0
    assert checks.quotes(asked(UNANSWERABLE, replace(REFUSAL, closest=()))) is None


@pytest.mark.parametrize(
    "quote",
    [
        replace(QUOTE, text="Rice signed it!"),
        replace(QUOTE, start=1),
        replace(QUOTE, end=14),
        replace(QUOTE, start=-65, end=-50),
        replace(QUOTE, start=5, end=5, text=""),
        replace(QUOTE, version=2),
        replace(QUOTE, document="other"),
    ],
)
def test_a_quote_that_does_not_stand_is_seen_wherever_it_is_shown(quote: Quote) -> None:
    assert checks.quotes(asked(CASE, replace(ANSWER, citations=(Citation(1, quote, ARTICLE),)))) == 0.0
    assert checks.quotes(asked(CASE, replace(REFUSAL, closest=(Closest("a", quote, ARTICLE),)))) == 0.0


def test_a_passage_that_does_not_stand_and_a_number_without_a_citation_are_seen() -> None:
    assert checks.quotes(asked(CASE, replace(ANSWER, context=Context(1, 0, 54, TEXT)))) == 0.0
    assert checks.quotes(asked(CASE, replace(ANSWER, context=Context(2, 0, 54, TEXT[:54])))) == 0.0
    dangling = Answer("Who?", "Who?", "answered", sentences=(Sentence("He.", (1,), "quoted"),))
    assert checks.quotes(asked(CASE, dangling)) == 0.0


def test_a_case_passes_by_what_applies_and_what_is_only_shown_does_not_count() -> None:
    right: dict[str, float | None] = {"outcome": 1.0, "facts": None, "shown": 0.0, "document": 1.0}
    assert passed(right) == 1.0
    assert all(passed(right | {name: 0.0}) == 0.0 for name in checks.COUNTED)
