"""Each check on answers made by hand: right, wrong, and where it does not apply."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.again import Difference
from bot.conversation import Answer, Citation, Closest, Context, Outcome, Quote, Sentence
from bot.reading.check import ModelChecker
from evals import checks, scoring
from evals.case import Case
from evals.checks import CHECKS, METRICS
from evals.gold import found as stands_in
from evals.gold import holds, lacking, plain
from evals.scoring import Asked, passed
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
    return Asked(case, answer, passages, texts, ModelChecker())


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
        ("not_said", "unsure", 1.0),
        ("not_said", "answered", 0.0),
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
    assert lacking(further.facts, "rice only") == ["1,711"]


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


def test_what_must_not_be_said_is_looked_for_in_the_sentences_alone() -> None:
    forbidding = replace(CASE, absent=(("rained", "it poured"), ("1,711",)))
    assert checks.absent(asked(CASE, ANSWER)) is None
    assert checks.absent(asked(forbidding, ANSWER)) == 1.0, "the passage shown holds 1,711, the sentences do not"
    assert checks.absent(asked(replace(forbidding, outcome="refused"), REFUSAL)) == 1.0
    talkative = replace(ANSWER, sentences=(*ANSWER.sentences, Sentence("It  RAINED.", (), "unsupported")))
    assert checks.absent(asked(forbidding, talkative)) == 0.0
    assert stands_in(forbidding.absent, checks.said(talkative)) == ["rained"]


def test_every_citation_must_come_from_where_it_must() -> None:
    bound = replace(CASE, quote_from=("one.md",))
    second = Citation(2, QUOTE, replace(ARTICLE, id="def", source="two.md"))
    assert checks.quote_from(asked(CASE, ANSWER)) is None
    assert checks.quote_from(asked(bound, REFUSAL)) is None, "nothing is cited"
    assert checks.quote_from(asked(bound, ANSWER)) == 1.0
    assert checks.quote_from(asked(bound, replace(ANSWER, citations=(*ANSWER.citations, second)))) == 0.0


def test_the_first_sentence_that_quotes_must_hold_what_leads() -> None:
    two = replace(ANSWER, sentences=(*ANSWER.sentences, Sentence("It rained.", (1,), "quoted")))
    assert checks.leads(asked(CASE, two)) is None
    assert checks.leads(asked(replace(CASE, leads=(("Rice", "Ms Rice"),)), two)) == 1.0
    assert checks.leads(asked(replace(CASE, leads=(("rained",),)), two)) == 0.0
    for verdict in (Sentence("Yes.", (), "none"), Sentence("Yes.", (1,), "supported")):
        sure = replace(ANSWER, sentences=(verdict, *ANSWER.sentences))
        assert checks.leads(asked(replace(CASE, leads=(("Rice",),)), sure)) == 1.0
    assert checks.leads(asked(replace(CASE, leads=(("Rice",),)), REFUSAL)) == 0.0


@pytest.mark.parametrize(
    ("words", "beginning", "score"),
    [
        ("Yes. She did.", "Yes", 1.0),
        ("Yes", "Yes", 1.0),
        ("No, she did not.", "Yes", 0.0),
        ("Nothing is known.", "No", 0.0),
    ],
)
def test_an_answer_must_begin_with_its_words(words: str, beginning: str, score: float) -> None:
    answer = replace(ANSWER, sentences=(Sentence(words, (1,), "supported"),))
    assert checks.begins(asked(replace(CASE, begins=beginning), answer)) == score
    assert checks.begins(asked(CASE, answer)) is None


def test_a_question_of_which_nothing_is_said_may_be_answered_so() -> None:
    silent = replace(ANSWER, sentences=(Sentence("The articles do not say.", (), "none"), *ANSWER.sentences))
    assert checks.outcome(asked(Case("c", "Did she?", "not_said"), silent)) == 1.0


def test_what_is_missing_must_be_named_in_words_that_quote_nothing() -> None:
    half = replace(CASE, missing=(("Livni", "the minister"),))
    assert checks.missing(asked(CASE, ANSWER)) is None
    assert checks.missing(asked(half, replace(ANSWER, sentences=(Sentence("Livni came.", (1,), "quoted"),)))) == 0.0
    assert checks.missing(asked(half, replace(ANSWER, sentences=(Sentence("Nothing on Livni.", (), "none"),)))) == 1.0
    assert checks.missing(asked(half, replace(ANSWER, notices=("No article speaks of the minister.",)))) == 1.0
    assert checks.missing(asked(half, replace(REFUSAL, words="They do not name Livni."))) == 1.0


def test_each_document_must_be_cited_and_in_order_where_that_is_asked() -> None:
    other = replace(ARTICLE, id="def", source="two.md")
    both = replace(ANSWER, citations=(*ANSWER.citations, Citation(2, QUOTE, other)))
    copied = replace(ANSWER, citations=(Citation(1, QUOTE, ARTICLE, also_in=(other,)),))
    every, turned = replace(CASE, each=("one.md", "two.md")), replace(CASE, each=("two.md", "one.md"))
    assert checks.each(asked(CASE, both)) is None
    assert [checks.each(asked(every, one)) for one in (ANSWER, both, copied, REFUSAL)] == [0.0, 1.0, 1.0, 0.0]
    assert checks.each(asked(turned, both)) == 1.0
    assert checks.each(asked(replace(turned, in_order=True), both)) == 0.0
    assert checks.each(asked(replace(every, in_order=True), both)) == 1.0


def test_of_copies_one_may_be_cited_as_one_origin() -> None:
    other = replace(ARTICLE, id="def", source="two.md")
    family = replace(CASE, copies=("one.md", "two.md"))
    assert checks.copies(asked(CASE, ANSWER)) is None and checks.copies(asked(family, REFUSAL)) is None
    assert checks.copies(asked(family, ANSWER)) == 1.0
    assert (
        checks.copies(asked(family, replace(ANSWER, citations=(*ANSWER.citations, Citation(2, QUOTE, other))))) == 0.0
    )
    assert checks.copies(asked(family, replace(ANSWER, citations=(Citation(1, QUOTE, ARTICLE, (other,), 2),)))) == 0.0


def test_the_first_citation_of_the_right_documents_must_bear_the_day() -> None:
    first, other = replace(ARTICLE, published="2020-02-01"), replace(ARTICLE, source="two.md", published="2020-03-01")
    answer = replace(ANSWER, citations=(Citation(1, QUOTE, other), Citation(2, QUOTE, first)))
    assert checks.dated(asked(CASE, answer)) is None
    assert checks.dated(asked(replace(CASE, dated="2020-02-01"), answer)) == 1.0
    assert checks.dated(asked(replace(CASE, dated="2020-03-01"), answer)) == 0.0
    assert checks.dated(asked(replace(CASE, dated="undated"), ANSWER)) == 1.0
    assert checks.dated(asked(replace(CASE, dated="undated", documents=("three.md",)), ANSWER)) is None


def test_words_of_the_page_may_stand_in_nothing_that_is_shown() -> None:
    guarded = replace(CASE, unquoted=(("1,711",),))
    assert checks.unquoted(asked(CASE, ANSWER)) is None
    assert checks.unquoted(asked(guarded, ANSWER)) == 0.0, "the passage shown holds it"
    assert checks.unquoted(asked(guarded, replace(ANSWER, context=None))) == 1.0
    assert checks.unquoted(asked(replace(guarded, unquoted=(("signed",),)), REFUSAL)) == 0.0


@pytest.mark.parametrize(
    ("expected", "score", "why"),
    [
        ({"new": ("one.md", "two.md")}, 1.0, ""),
        ({"new": ("two.md",)}, 0.0, "asked again: new is ['one.md']"),
        ({"gone": ("old.md",)}, 1.0, ""),
        ({"gone": ("one.md",)}, 0.0, "asked again: gone is ['old.md']"),
        ({"value": (("Brown",), ("Rice",))}, 1.0, ""),
        ({"value": (("Powell",),)}, 0.0, "asked again: the values are (('Brown',), ('Rice',))"),
        ({"same": True}, 0.0, "asked again: it is told as changed"),
    ],
)
def test_a_case_asked_again_names_what_is_new_gone_or_changed(expected: dict[str, Any], score: float, why: str) -> None:
    def answered(name: str, source: str) -> Answer:
        said = Sentence(f"{name} signed it.", (1,), "quoted", answer=(0, len(name)))
        quote = Quote(source, 1, 0, len(said.text), said.text, answer=(0, len(name)))
        home = replace(ARTICLE, id=source, source=source)
        return replace(ANSWER, sentences=(said,), citations=(Citation(1, quote, home),))

    before, now = answered("Brown", "old.md"), answered("Rice", "one.md")
    since = Difference(before, now, now.citations, ((before.citations[0], "removed"),))
    case = replace(CASE, came=("one.md",), **expected)
    one = replace(asked(case, now), since=since)
    assert checks.again(one) == score and scoring.why(one, {"again": score}) == why
    assert checks.again(asked(CASE, ANSWER)) is None


# -- the ranking -----------------------------------------------------------------------------------


def found(*sources: str) -> tuple[Passage, ...]:
    """Passages of these documents, best first."""
    return tuple(
        Passage(number, Document(source, "news", source, source), 0, 5, "Words")
        for number, source in enumerate(sources)
    )


def rank(measure: str, relevant: dict[str, int], *sources: str) -> float | None:
    return CHECKS[measure](asked(replace(CASE, relevant=relevant), ANSWER, *found(*sources)))


def test_a_ranking_is_that_of_documents_by_their_first_passage() -> None:
    assert checks.ranked(found("b", "a", "b", "c")) == ["b", "a", "c"]
    twin = replace(found("b")[0], also_in=(ARTICLE,))
    assert checks.ranked((twin, *found("a"))) == ["b", "one.md", "a"], "the same passage elsewhere is found with it"


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("R@8", 2 / 3),
        ("Success@1", 0.0),
        ("Success@5", 1.0),
        ("RR", 1 / 2),
        # gains 0, 2, 0, 1 at ranks 1 to 4, discounted by log2(rank + 1); the ideal order is 2, 1, 1
        ("nDCG@10", (2 / math.log2(3) + 1 / math.log2(5)) / (2 + 1 / math.log2(3) + 1 / math.log2(4))),
    ],
)
def test_ranking_measures_worked_out_by_hand(measure: str, value: float) -> None:
    assert rank(measure, {"b": 2, "d": 1, "z": 1}, "a", "b", "b", "c", "d") == pytest.approx(value)


def test_recall_looks_at_eight_documents_and_a_ranking_without_the_right_one_is_worth_nothing() -> None:
    nine = [*"abcdefgh", "right"]
    assert (rank("R@8", {"right": 1}, *nine), rank("R@8", {"right": 1}, *nine[1:])) == (0.0, 1.0)
    for measure in checks.RANKING:
        assert rank(measure, {"right": 1}, *"abc") == rank(measure, {"right": 1}) == 0.0
        assert rank(measure, {"right": 1}, "right", *"abc") == 1.0
        assert CHECKS[measure](asked(UNANSWERABLE, REFUSAL, *found("a"))) is None


def test_documents_are_the_judgements_where_no_grades_are_given() -> None:
    case = replace(CASE, documents=("a", "b"))
    assert CHECKS["R@8"](asked(case, ANSWER, *found("b", "c"))) == 0.5


@given(
    st.lists(st.sampled_from("abcdefghij"), max_size=8, unique=True), st.sets(st.sampled_from("abcdefghij"), min_size=1)
)
def test_ranking_measures_agree_with_their_definitions(order: list[str], right: set[str]) -> None:
    relevant = dict.fromkeys(sorted(right), 1)
    hits = [source in right for source in order]
    first = hits.index(True) + 1 if any(hits) else 0
    assert rank("RR", relevant, *order) == pytest.approx(1 / first if first else 0.0)
    assert rank("Success@1", relevant, *order) == float(hits[:1] == [True])
    assert rank("Success@5", relevant, *order) == float(any(hits[:5]))
    assert rank("R@8", relevant, *order) == pytest.approx(sum(hits[:8]) / len(right))
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(right), 10) + 1))
    gained = sum(hit / math.log2(place + 1) for place, hit in enumerate(hits, 1))
    assert rank("nDCG@10", relevant, *order) == pytest.approx(gained / ideal)


# -- the citations ---------------------------------------------------------------------------------


def cited(*sources: str) -> Answer:
    """An answer with one citation of each of these documents."""
    documents = [Document(source, "news", source, source) for source in sources]
    citations = tuple(Citation(n, replace(QUOTE, document=d.id), d) for n, d in enumerate(documents, 1))
    return replace(ANSWER, citations=citations)


def test_cited_documents_have_a_precision_and_a_recall() -> None:
    case = replace(CASE, documents=("a", "b"))
    mixed = asked(case, cited("a", "x", "a", "y"))
    assert (checks.citation_precision(mixed), checks.citation_recall(mixed)) == (0.5, 0.5)
    both = asked(case, cited("b", "a"))
    assert (checks.citation_precision(both), checks.citation_recall(both)) == (1.0, 1.0)
    refused = asked(case, REFUSAL)
    assert (checks.citation_precision(refused), checks.citation_recall(refused)) == (None, 0.0)
    outside = asked(UNANSWERABLE, ANSWER)
    assert (checks.citation_precision(outside), checks.citation_recall(outside)) == (None, None)


def test_a_document_named_as_holding_the_same_words_counts_as_cited() -> None:
    (citation,) = cited("a").citations
    twin = replace(citation, also_in=(Document("b", "news", "b", "B"),))
    case = replace(CASE, documents=("a", "b"))
    assert checks.citation_recall(asked(case, replace(ANSWER, citations=(twin,)))) == 1.0


FERRY = "The ferry Lom sank off Grano on Monday with 40 people aboard."
RESCUE = "A trawler took 38 of them to the harbour of Hamra before dawn."
WEATHER = "The wind had blown from the north all week and the sea was rough."
STORY = f"{FERRY} {RESCUE} {WEATHER}"
NEWS = Document("story", "news", "ferry.md", "Ferry sinks off Grano")


def told(*sentences: tuple[str, tuple[str, ...]], verdict: str = "supported") -> Asked:
    """An answer of sentences, each with what it quotes of STORY."""
    quotes = [quote for _, of_one in sentences for quote in of_one]
    numbers = {quote: number for number, quote in enumerate(dict.fromkeys(quotes), 1)}
    citations = tuple(
        Citation(number, Quote("story", 1, STORY.index(quote), STORY.index(quote) + len(quote), quote), NEWS)
        for quote, number in numbers.items()
    )
    said = tuple(Sentence(text, tuple(numbers[q] for q in of_one), verdict) for text, of_one in sentences)  # type: ignore[arg-type]
    return asked(CASE, Answer("Who?", "Who?", "answered", sentences=said, citations=citations))


def test_a_sentence_that_stands_in_what_it_cites_is_supported() -> None:
    right = told((FERRY, (FERRY,)))
    assert (checks.support_recall(right), checks.support_precision(right)) == (1.0, 1.0)
    wrong = told((FERRY, (WEATHER,)))
    assert (checks.support_recall(wrong), checks.support_precision(wrong)) == (0.0, 0.0)


def test_support_recall_is_the_share_of_sentences_and_precision_that_of_citations() -> None:
    mixed = told((FERRY, (FERRY, WEATHER)), ("Forty people drowned in the harbour.", (RESCUE,)), (RESCUE, ()))
    assert checks.support_recall(mixed) == pytest.approx(1 / 3), "one of three; the last cites nothing"
    assert checks.support_precision(mixed) == pytest.approx(1 / 3), (
        "the weather is not needed, the rescue does not hold"
    )


def test_two_citations_that_a_sentence_needs_together_are_both_needed() -> None:
    both = told((f"{FERRY} {RESCUE}", (FERRY, RESCUE)))
    assert (checks.support_recall(both), checks.support_precision(both)) == (1.0, 1.0)
    for part in (FERRY, RESCUE):
        alone = told((f"{FERRY} {RESCUE}", (part,)))
        assert (checks.support_recall(alone), checks.support_precision(alone)) == (0.0, 0.0)


def test_support_of_nothing_claimed_or_nothing_cited_does_not_apply() -> None:
    assert checks.support_recall(asked(CASE, REFUSAL)) is None
    assert checks.support_precision(asked(CASE, REFUSAL)) is None
    silent = told(("The articles do not say.", ()), verdict="none")
    assert (checks.support_recall(silent), checks.support_precision(silent)) == (None, None)
    bare = told((FERRY, ()))
    assert (checks.support_recall(bare), checks.support_precision(bare)) == (0.0, None)


# -- gold strings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answers", "exact", "f1", "held"),
    [
        ("The Red Bridge!", ("red bridge",), 1.0, 1.0, 1.0),
        ("a red old bridge", ("red bridge",), 0.0, 0.8, 0.0),  # 2 of 3 words and 2 of 2
        ("It was the red bridge of Hamra", ("green bridge", "Red Bridge"), 0.0, 0.5, 1.0),  # 2 of 6 and 2 of 2
        ("blue", ("red bridge",), 0.0, 0.0, 0.0),
        ("no, no", ("no",), 0.0, 2 / 3, 1.0),  # a word counts as often as it stands
    ],
)
def test_gold_answers_are_compared_as_squad_does(
    text: str, answers: tuple[str, ...], exact: float, f1: float, held: float
) -> None:
    one = asked(replace(CASE, answers=answers), replace(ANSWER, sentences=(Sentence(text, (), "supported"),)))
    assert checks.exact_match(one) == exact
    assert checks.f1(one) == pytest.approx(f1)
    assert checks.contains(one) == held


def test_gold_answers_apply_where_there_are_some_and_a_refusal_meets_none() -> None:
    named = (checks.exact_match, checks.f1, checks.contains)
    assert [check(asked(CASE, ANSWER)) for check in named] == [None, None, None]
    assert [check(asked(replace(CASE, answers=("Rice",)), REFUSAL)) for check in named] == [0.0, 0.0, 0.0]


@given(st.text(max_size=40), st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_an_exact_match_has_an_f1_of_one_and_every_score_lies_between_0_and_1(text: str, answers: list[str]) -> None:
    one = asked(replace(CASE, answers=tuple(answers)), replace(ANSWER, sentences=(Sentence(text, (), "supported"),)))
    exact, f1, held = checks.exact_match(one), checks.f1(one), checks.contains(one)
    assert exact in (0.0, 1.0) and held in (0.0, 1.0) and f1 is not None and 0.0 <= f1 <= 1.0
    if exact:
        assert f1 == 1.0


# -- all of them -----------------------------------------------------------------------------------


def test_every_check_says_what_it_is() -> None:
    assert all(check.score.__doc__ for check in CHECKS.values())
    assert set(checks.RANKING) <= set(CHECKS) and [one.name for one in CHECKS.values()] == [*CHECKS]


def test_a_case_passes_by_what_applies_and_what_is_only_shown_does_not_count() -> None:
    right: dict[str, float | None] = {"outcome": 1.0, "facts": None, "shown": 0.0, "document": 1.0}
    assert passed(right) == 1.0
    counted = [name for name, one in CHECKS.items() if one.why]
    assert counted == [
        "outcome", "facts", "absent", "leads", "begins", "missing",
        "document", "quote_from", "each", "copies", "dated", "quotes", "unquoted", "again",
    ]  # fmt: skip
    assert all(passed(right | {name: 0.0}) == 0.0 for name in counted)
