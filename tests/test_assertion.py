"""Assertion: what an article only asks, supposes, passes on or denies carries no claim; what it tells still does."""

from __future__ import annotations

import pytest

from bot.reading.assertion import asks
from bot.reading.check import ModelChecker
from store.passage import Document, Passage

BRIBE = "The mayor of Orrin took a bribe from the ferry company."
CLOSED = "The bridge at Ull has been closed to lorries."


def verdict(text: str, sentence: str, title: str = "News from Orrin") -> str:
    passage = Passage(1, Document("a", "news", "a.txt", title), 0, len(text), text)
    return ModelChecker().check(sentence, (passage,), (passage,)).verdict


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        # questions
        ("Did the mayor of Orrin take a bribe from the ferry company?", BRIBE),
        ("Did the mayor of Orrin take a bribe from the ferry company? The inquiry found no sign of it.", BRIBE),
        ("So the mayor of Orrin took a bribe from the ferry company?!", BRIBE),
        ("The mayor of Orrin took a bribe from the ferry company, didn't he?", BRIBE),
        ("“Did the mayor of Orrin take a bribe from the ferry company?” asked Holm.", BRIBE),
        ("Holm asked: “Did the mayor of Orrin take a bribe from the ferry company?”", BRIBE),
        ("The mayor of Orrin (did he take a bribe from the ferry company?) spoke on Monday.", BRIBE),
        ("Did the mayor of Orrin take a bribe from the ferry company\n\nThe inquiry goes on.", BRIBE),
        ("## Mayor of Orrin took a bribe from the ferry company?\n\nThe inquiry goes on.", BRIBE),
        ("Q: Has the bridge at Ull been closed to lorries?\n\nA: Not yet.", CLOSED),
        ("Will the Sollen ferry stop running in May? No decision has been made.",
         "The Sollen ferry will stop running in May."),
        # what an article once said
        ("An earlier version of this story said that the bridge at Ull has been closed to lorries.", CLOSED),
        ("This article originally stated that the bridge at Ull has been closed to lorries; it is open.", CLOSED),
        # those who only ask
        ("Q: So the bridge at Ull has been closed to lorries.\n\nA: Not yet.", CLOSED),
        ("INTERVIEWER: The bridge at Ull has been closed to lorries.\n\nLIND: That is not so.", CLOSED),
        ("**Moderator (Eva Lind):** Ms. Quist. The bridge at Ull has been closed to lorries.\n\nQUIST: No.", CLOSED),
        ("MODERATOR: Ms. Quist, would you close the old mill?\n\nQUIST: I would sell it.",
         "Quist would close the mill."),
        ("Myth: The mayor of Orrin took a bribe from the ferry company.\nFact: He did not.", BRIBE),
        # embedded questions and conditions
        ("Holm asked whether the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Asked whether the mayor of Orrin took a bribe from the ferry company, Holm said nothing.", BRIBE),
        ("The police do not know if the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("It is unclear why the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("If the mayor of Orrin took a bribe from the ferry company, the council must act.", BRIBE),
        ("The council will act if the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Had the mayor of Orrin taken a bribe from the ferry company, he would be gone.", BRIBE),
        ("Suppose the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("The town loses its only road if the bridge closes.", "The town loses its only road."),
        # hearsay
        ("Rumours that the mayor of Orrin took a bribe from the ferry company spread on Monday.", BRIBE),
        ("Rumour has it that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("The mayor of Orrin took a bribe from the ferry company, according to rumours.", BRIBE),
        ("The mayor of Orrin took a bribe from the ferry company, it is alleged.", BRIBE),
        ("The mayor of Orrin is said to have taken a bribe from the ferry company.", BRIBE),
        ("The mayor of Orrin allegedly took a bribe from the ferry company.", BRIBE),
        ("A rival accused the mayor of Orrin of taking a bribe from the ferry company.", BRIBE),
        ("Holm claimed that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Unconfirmed reports that the mayor of Orrin took a bribe from the ferry company went round.", BRIBE),
        # denied
        ("The mayor of Orrin denied taking a bribe from the ferry company.", BRIBE),
        ("The council denied that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("The council denied that the mayor of Orrin, a sailor, took a bribe from the ferry company.", BRIBE),
        ("It is not true that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("There is no evidence that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("The story that the mayor of Orrin took a bribe from the ferry company is false.", BRIBE),
        ("The council dismissed reports that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("A newspaper wrongly wrote that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Holm doubts that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Nothing suggests that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
    ],
)  # fmt: skip
def test_what_is_not_asserted_carries_no_claim(text: str, sentence: str) -> None:
    assert verdict(text, sentence) not in ("quoted", "supported")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BRIBE, BRIBE),
        ("Why now? The mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Q: Why?\n\nA: The mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Q: Why?\n\nThe mayor of Orrin took a bribe from the ferry company, the court found.",
         "The mayor of Orrin took a bribe from the ferry company, the court found."),
        ("The court said on Monday that the mayor of Orrin took a bribe from the ferry company.",
         "The court said that the mayor of Orrin took a bribe from the ferry company."),
        ("The court said on Monday that the mayor of Orrin took a bribe from the ferry company.", BRIBE),
        ("Holm asked whether the mayor of Orrin took a bribe from the ferry company.",
         "Holm asked whether the mayor took a bribe from the ferry company."),
        ("Rumours that the mayor of Orrin took a bribe from the ferry company spread on Monday.",
         "On Monday rumours spread that the mayor of Orrin took a bribe from the ferry company."),
        ("The mayor of Orrin denied taking a bribe from the ferry company.",
         "The mayor of Orrin denied that he took a bribe from the ferry company."),
        ("Holm claimed that the mayor of Orrin took a bribe from the ferry company.",
         "The mayor of Orrin took a bribe from the ferry company, Holm said."),
        ("A rival accused the mayor of Orrin of taking a bribe from the ferry company.",
         "The mayor of Orrin was accused by a rival of taking a bribe from the ferry company."),
        ("The council will act if the mayor of Orrin took a bribe from the ferry company.",
         "The council will act if the mayor took a bribe from the ferry company."),
        ("The mayor, who denied taking a bribe, opened the school in Orrin on Monday.",
         "The mayor opened the school in Orrin on Monday."),
        ("The council denied that it was slow, and it closed the bridge at Ull in May.",
         "The council closed the bridge at Ull in May."),
        ("The flood claimed the lives of 40 sailors in Orrin.", "The flood claimed the lives of 40 sailors."),
        ("Dozens, if not hundreds, of sailors came to Orrin on Monday.", "Dozens of sailors came to Orrin on Monday."),
    ],
)  # fmt: skip
def test_what_is_asserted_still_carries_it(text: str, sentence: str) -> None:
    assert verdict(text, sentence) in ("quoted", "supported")


def test_a_headline_that_asks_lends_no_words() -> None:
    text = "The mayor of Orrin spoke to the ferry company on Monday."
    assert verdict(text, BRIBE, "Did the mayor of Orrin take a bribe from the ferry company?") == "unsupported"


@pytest.mark.parametrize("question", [
    "Did the mayor take a bribe?", "“Did the mayor take a bribe?”", "Q: Tell us of the bribe.", "Did he resign?",
])  # fmt: skip
def test_a_question_of_the_model_claims_nothing(question: str) -> None:
    assert asks(question)
    assert verdict(f"{question} The mayor spoke.", question) == "none"


@pytest.mark.parametrize("statement", [
    "Holm asked “Did he?”", "The question is open.", "Will Smith won.", "Is this so, he wondered.", "Is was here.", "",
    "Mr. Holm resigned.", "False alarm: three were hurt.",
])  # fmt: skip
def test_a_statement_asks_nothing(statement: str) -> None:
    assert not asks(statement)
