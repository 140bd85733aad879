"""Listing: which questions ask for several things of a kind, and the sentences that name one each."""

import pytest

from bot.cite import Citer
from bot.question.listing import enumerated
from bot.reading import Candidate, FakeChecker, Reading, items
from store.passage import Document, Found, Passage


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("List all airlines that went out of business.", "Which airlines went out of business?"),
        ("Name the flight directors of Tove 13.", "Which are the flight directors of Tove 13?"),
        ("Which British ministers dealt with the bank?", "Which British ministers dealt with the bank?"),
        ("In which years did the games fall out?", "In which years did the games fall out?"),
        ("Which islands are named in the articles?", "Which islands are named?"),
        ("Name the officials who speak in the reports on the fire.", "Who speaks about the fire?"),
        ("How many countries have banned it so far?", "Which countries have banned it so far?"),
    ],
)
def test_a_question_for_several_things_is_put_as_one_for_each(question: str, read: str) -> None:
    asked = enumerated(question)
    assert asked and asked.question == read


@pytest.mark.parametrize(
    "question", ["Which minister resigned?", "Who won?", "What does the mayor want?", "Name the rover.", "List", ""]
)
def test_a_question_for_one_thing_asks_no_list(question: str) -> None:
    assert enumerated(question) is None


def reading(*texts: tuple[str, str]) -> Reading:
    """A reading of articles of one sentence each, given with the words in it that answer."""
    rows = []
    for number, (text, answer) in enumerate(texts, 1):
        document = Document(f"d{number}", "root", f"{number}.md", "The strike at sea", "Courier")
        passage = Passage(number, document, 0, len(text), text, score=1.0)
        span = (text.index(answer), text.index(answer) + len(answer)) if answer else None
        rows.append(Candidate(passage, 0, len(text), text, 6.0 - number / 2, span, span))
    return Reading(Found(tuple(row.passage for row in rows)), tuple(rows))


def test_each_thing_is_told_once_however_many_sentences_name_it() -> None:
    read = reading(
        ("The ferry company Orla is on strike.", "Orla"),
        ("Orla's crews stayed at home.", "Orla"),
        ("OSLO - Crews of Tove have joined the strike.", "Tove"),
        ("Nobody sailed.", ""),
    )
    told = items.told(read, [read], frozenset(("compani",)), "are on strike").told
    assert [row.passage.document.id for row in told] == ["d1", "d3"]


def test_a_sentence_that_holds_all_is_enough() -> None:
    read = reading(("Orla, Tove and Mira are on strike.", "Orla, Tove and Mira"), ("Tove is on strike.", "Tove"))
    assert not items.told(read, [read], frozenset(("compani",)), "are on strike").told


def test_a_name_beside_the_noun_counts_without_an_answer() -> None:
    read = reading(("The minister, Ida Mora, called a strike.", ""), ("Minister Tom Lund saw a strike.", ""))
    assert len(items.told(read, [read], frozenset(("minist",)), "spoke of a strike").told) == 2


def test_a_long_list_is_cut_and_says_so() -> None:
    names = "Orla Tove Mira Kaja Siri Runa Vera Liva".split()
    read = reading(*((f"{name} is on strike.", name) for name in names))
    found = items.told(read, [read], frozenset(("compani",)), "are on strike")
    assert len(found.told) == items.MOST and found.opening == items.MORE
    lead = Citer(found, FakeChecker()).lead()
    assert lead and lead.text == items.MORE and not lead.citations, "each sentence behind it has its own footnote"


def test_everybody_who_is_quoted_is_told_once() -> None:
    read = reading(
        ("The strike will last, Ida Mora said.", ""),
        ("The strike is over, Tom Lund said on Monday.", ""),
        ("It was a long strike, Ida Mora said.", ""),
        ("The strike is unlawful, an official said.", ""),
    )
    assert [row.passage.document.id for row in items.quoted(read, [read], "about the strike").told] == ["d1", "d2"]
