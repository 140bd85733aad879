"""Follow-ups: a question that leans on the conversation takes it along, one that stands alone does not."""

from __future__ import annotations

import pytest

from bot.conversation import Answer, Conversation, Turn
from bot.question import history, standalone

EARLIER = "Who was the shift foreman of the miners?"
SAID = Conversation((Turn(EARLIER, Answer(EARLIER, EARLIER, "answered")),))


@pytest.mark.parametrize(
    "question",
    [
        "And when?",
        "What about the president?",
        "Why?",
        "Where was he born?",
        "Who else came up?",
        "How deep was it there?",
        "Who paid?",
        "When did that happen?",
        "Where did her passengers go?",
        "What did Captain Rostron tell them?",
    ],
)
def test_a_question_that_leans_takes_the_earlier_ones_along(question: str) -> None:
    assert history(question, SAID) == (EARLIER,)
    assert standalone(question, SAID) == f"{question} (after: {EARLIER})"


@pytest.mark.parametrize(
    "question",
    [
        "What did the Coast Guard say in April 2010?",
        "Who signed the memorandum in Washington?",
        "Who discovered penicillin?",
        "Did the ministry say that prices rose more than wages?",
        "Where did the Carpathia take her passengers?",
    ],
)
def test_a_question_that_stands_alone_takes_nothing(question: str) -> None:
    assert history(question, SAID) == () and standalone(question, SAID) == question


def test_the_first_question_has_nothing_to_lean_on() -> None:
    assert standalone("And when?", Conversation()) == "And when?"


def test_a_conversation_is_never_changed_in_place() -> None:
    longer = SAID.add(Turn("And when?", Answer("And when?", "And when?", "unsure")))
    assert SAID.questions == (EARLIER,) and longer.questions == (EARLIER, "And when?")
