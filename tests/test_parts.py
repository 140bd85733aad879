"""Parts: a question about two things becomes two questions, each with its thing."""

import pytest

from bot.question.parts import LONGEST, taken_apart


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        # two questions joined, of which the second leaves something out
        ("How many sank on Mira and how many on Tove?", "How many sank on Mira?", "How many sank on Tove?"),
        ("How many jobs did Orla cut in 2014 and how many in 2015?", "How many jobs did Orla cut in 2014?",
         "How many jobs did Orla cut in 2015?"),
        ("Who designed the old bridge of Oberau and who the new one?", "Who designed the old bridge of Oberau?",
         "Who designed the new bridge of Oberau?"),
        ("What did Lund say of the dyke, and what Mora's board?", "What did Lund say of the dyke?",
         "What did Mora's board say of the dyke?"),
        ("What does Oslo say about the dead, and what does the airline say?", "What does Oslo say about the dead?",
         "What does the airline say about the dead?"),
        ("How many flights were planned for the kite and how many did it make?",
         "How many flights were planned for the kite?", "How many flights did the kite make?"),
        ("When did Norway and when did Chad leave the pact?", "When did Norway leave the pact?",
         "When did Chad leave the pact?"),
        # things joined inside a question
        ("What did Tom Lund and Ida Mora say of the strike?", "What did Tom Lund say of the strike?",
         "What did Ida Mora say of the strike?"),
        ("How heavy are both Mira and Tove?", "How heavy is Mira?", "How heavy is Tove?"),
        ("Which men gave up their offices at Orla and in Chad?", "Which men gave up their offices at Orla?",
         "Which men gave up their offices in Chad?"),
        ("How do the prices of rice and of fish compare?", "What are the prices of rice?",
         "What are the prices of fish?"),
        ("What was the final toll of the fire in Oberau, and of the flood in Chad?",
         "How many people died in the fire in Oberau?", "How many people died in the flood in Chad?"),
        # things to choose from
        ("Who was older, Tom Lund or Ida Mora?", "How old was Tom Lund?", "How old was Ida Mora?"),
        ("Which cost more lives, the fire in Oberau or the flood?", "How many lives did the fire in Oberau cost?",
         "How many lives did the flood cost?"),
        ("In which crash did more Danes die, that of the Mira or that of the Tove?",
         "How many Danes did die in the crash of the Mira?", "How many Danes did die in the crash of the Tove?"),
    ],
)  # fmt: skip
def test_a_question_about_two_things_is_taken_apart(question: str, first: str, second: str) -> None:
    assert tuple(part.question for part in taken_apart(question).parts) == (first, second)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the vote?",
        "What is the talk of trial and error about?",
        "What happened between Norway and Chad?",
        "Which presidents dealt with the pact, and how?",
        "Did the mayor resign or stay?",
        "and", "or?", "Which or", "",
        "What did Lund and what did Mora say of " + "the dyke of " * LONGEST,
        "How and in what year were the miners killed?",
        "How much did the canal ask for at first, and how much in May?",
        "Who made the bowls that were stolen in Dal, and when?",
    ],
)  # fmt: skip
def test_other_questions_stay_whole(question: str) -> None:
    assert not taken_apart(question).parts


def test_what_is_missing_can_be_named() -> None:
    told = taken_apart("How many users had Mira in 2014, and how many had Tove?")
    assert [part.item for part in told.parts] == ["Mira", "Tove"]


def test_the_direction_of_a_choice_is_read() -> None:
    assert taken_apart("Which was cheaper, Mira or Tove?").more == "least"
    assert taken_apart("Which of the two ships is heavier?").more == "most"
