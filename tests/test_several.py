"""Several: a sentence for each of several things, and words for the thing that none tells of."""

import asyncio

import pytest
from conftest import reader

from bot.answer import Bot
from bot.conversation import Answer
from bot.events import Answered
from bot.reading import Candidate, Reading, several
from bot.reading.check import ModelChecker
from bot.settings import Settings
from bot.writers.extract import Extract
from store.corpus import FakeCorpus
from store.passage import Document, Found, Passage, Query

FERRY = Document(
    "d1", "news", "ferry.txt", "The ferry Mira sinks", published="2021-03-02",
    text="The ferry Mira sank on Tuesday off Oberau. 34 people died on the Mira, the coast guard said.",
)  # fmt: skip
BARGE = Document(
    "d2", "news", "barge.txt", "Barge Tove burns", published="2021-05-09",
    text="The barge Tove burned in the harbour of Lund. 12 people died on the Tove, the police said.",
)  # fmt: skip


def answer(question: str, *documents: Document) -> Answer:
    """What a bot without a model answers over some articles."""

    async def last() -> Answer:
        bot = Bot(FakeCorpus(*documents), reader(), ModelChecker(), Extract(3), Settings())  # type: ignore[arg-type]
        async for event in bot.answer(question):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("no answer came")

    return asyncio.run(last())


def test_each_of_two_things_is_quoted_from_its_article() -> None:
    told = answer("How many people died on the Mira and how many on the Tove?", FERRY, BARGE)
    assert told.outcome == "answered"
    assert [citation.document.id for citation in told.citations] == ["d1", "d2"]


def test_a_thing_that_no_article_names_is_said_to_be_missing() -> None:
    told = answer("How many people died on the Mira and how many on the Estonia?", FERRY, BARGE)
    assert told.outcome == "partly"
    assert told.sentences[-1].text == several.ABSENT.format("the Estonia") and not told.sentences[-1].citations
    assert {citation.document.id for citation in told.citations} == {"d1"}


def test_a_number_stands_for_the_thing_that_its_passage_names() -> None:
    question = "How high was the turnout in Toren?"
    text = "The people of Toren voted on Sunday. Turnout was 72 percent."
    document = Document("d3", "news", "vote.txt", "A vote", text=text)
    home, start = Passage(0, document, 0, len(text), text), text.index("Turnout")
    row = Candidate(home, start, len(text), text[start:], 6.0, (text.index("72"), len(text) - 1))
    half = several.Half(Query(question), "Toren", Reading(Found((home,)), (row,)))
    other = several.Half(Query("How high was the turnout in Arlen?"), "Arlen", Reading())
    told = several.joined(Reading(), (half, other), "", lambda reading: several.POSSIBLE)
    assert told.told == (row,) and "Arlen" in told.closing


def test_which_one_is_more_is_said_where_the_numbers_compare() -> None:
    told = answer("On which did more people die, the Mira or the Tove?", FERRY, BARGE)
    assert told.sentences[0].text == "By the numbers quoted, it is the Mira."
    assert len(told.sentences[0].citations) == 2


def test_nothing_is_told_where_both_are_missing() -> None:
    assert answer("How many people died on the Estonia and how many on the Dona Paz?", FERRY, BARGE).refused


def test_one_sentence_that_tells_of_both_is_left_whole() -> None:
    pact = Document(
        "d3", "news", "pact.txt", "A pact", text="Norway and Chad signed the fishing pact in Lund on Friday."
    )
    told = answer("Where did Norway and Chad sign the fishing pact?", pact)
    assert told.outcome == "answered" and len(told.sentences) == 1


@pytest.mark.parametrize(
    ("question", "text", "together"),
    [
        ("How old are Mora and Lund?", "Mora, 41, and Lund, 38, signed it.", True),
        ("How old are Mora and Lund?", "Mora, 41, beat Lund on May 3.", False),
        ("Where are Mora and Lund?", "Mora and Lund are in Oberau.", True),
        ("Where are Mora and Lund?", "Mora was found at the pier, and days later in another harbour Lund.", False),
        ("Where are Mora and Lund?", "Mora signed it.", False),
    ],
)
def test_a_sentence_tells_of_two_things_together_where_they_are_named_close_by_each_other(
    question: str, text: str, together: bool
) -> None:
    row = Candidate(Passage(1, FERRY, 0, len(text), text), 0, len(text), text)
    assert several.answers(question, row, ["Mora", "Lund"]) == together


def test_a_name_with_and_in_it_is_one() -> None:
    text = "Trinidad and Tobago has won the regatta. Trinidad is the larger island."
    found = Found((Passage(1, FERRY, 0, len(text), text),))
    assert several.one_name(found, ["Trinidad", "Tobago"])
    assert not several.one_name(found, ["Tobago", "Trinidad"])
