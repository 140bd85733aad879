"""Courses of events: which questions ask for one, of what, and which do not."""

import tomllib
from pathlib import Path

import pytest

from bot.timeline.course import asked

SUITES = Path(__file__).resolve().parent.parent / "evals" / "suites"


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("Timeline of the harbour strike", "the harbour strike"),
        ("The harbour strike: timeline", "The harbour strike"),
        ("Can you give me a short chronology of the dam burst?", "the dam burst"),
        ("Summarize the outbreak", "the outbreak"),
        ("Please sum up the case of Anna Lind.", "Anna Lind"),
        ("what happened with the ferry Aurora between May and July 2019", "the ferry Aurora"),
        ("What has happened since the dam burst?", "the dam burst"),
        ("What happened to the mayor from Monday on?", "the mayor"),
        ("Tell me the story of the Aurora", "the Aurora"),
        ("Walk me through the course of events in Oberau", "Oberau"),
        ("How did the strike unfold?", "the strike"),
        ("How did the quarrel develop in Oberau from 2019 to 2021?", "the quarrel in Oberau"),
        ("How has the water crisis evolved?", "the water crisis"),
        ("How did the takeover turn out over the years?", "the takeover"),
        ("What happened next (the Aurora)?", "the Aurora"),
        ("In what order were the bridges closed?", "the bridges closed"),
        ("What became of the wreck? Tell it step by step.", "the wreck"),
        ("Trace what the council did about the tram, year by year.", "what the council did about the tram"),
    ],
)  # fmt: skip
def test_a_course_is_asked_for_of_its_topic(question: str, head: str) -> None:
    course = asked(question)
    assert course is not None and course.head == head and not course.numbers


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("How did the number of the injured change over the first week?", True),
        ("How did the death toll grow?", True),
        ("Timeline of the toll in Oberau", True),
        ("How has the idea of the cause changed since the report?", False),
    ],
)
def test_values_of_one_thing_may_be_asked_for_one_after_the_other(question: str, numbers: bool) -> None:
    course = asked(question)
    assert course is not None and course.values and course.numbers == numbers


@pytest.mark.parametrize(
    "question",
    [
        "What happened at Lakehurst last night?",
        "What happened on the Hudson?",
        "What happened to the old maps in the library?",
        "What became of the captain?",
        "How did the vote turn out?",
        "How did the mayor describe the fire?",
        "How did she develop pneumonia?",
        "Summarize what the mayor said about the fire.",
        "Summarize the article.",
        "Summarize the speech of the mayor",
        "Why did the toll grow?",
        "How much did prices rise in May?",
        "What is the timeline for the tram?",
        "Who put the events in order?",
        "What must be done in order to vote?",
        "Explain to me step by step why it is quicker than the one of last Thursday.",
        "Tell me about the story",
        "timeline",
        "",
        "what happened with " + "the tram " * 100,
    ],
)
def test_other_questions_ask_for_none(question: str) -> None:
    assert asked(question) is None


def test_of_the_questions_of_the_suites_only_those_ask_for_a_course_that_want_one() -> None:
    """Those of the timelines do, and three of the briefs, which ask how a number changed."""
    wanted = 0
    for file in sorted(SUITES.glob("*/cases/*.toml")):
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            told = asked(case["question"])
            if "timeline" in case.get("tags", ()):
                assert told, case["question"]
            elif told:
                wanted += 1
                assert told.numbers and "changed" in case["tags"], case["question"]
    assert wanted >= 3
