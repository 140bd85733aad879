"""The time that a question names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question import alike, parted
from bot.question import query as asked
from store.passage import Filters


def named(question: str, as_of: str | None, *, present: bool = False) -> tuple[tuple[str, str], ...]:
    """The times that a question names, told from a day that a user set where it is the `present`."""
    return asked(question, Filters(as_of=as_of, inferred=() if present else ("as_of",)), 8).around


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("What happened on 8 July 2022?", ("2022-07-08", "2022-07-08")),
        ("What happened on July 8th, 2022?", ("2022-07-08", "2022-07-08")),
        ("What happened on 2022-07-08?", ("2022-07-08", "2022-07-08")),
        ("Who resigned in Sept. 2022?", ("2022-09-01", "2022-09-30")),
        ("Who resigned at the end of February 2024?", ("2024-02-01", "2024-02-29")),
        ("Who won in 2014?", ("2014-01-01", "2014-12-31")),
        ("How did it change between April 2010 and 15 June 2010?", ("2010-04-01", "2010-06-15")),
        ("What fell down yesterday?", ("2019-04-15", "2019-04-15")),
        ("What fell down last week?", ("2019-04-08", "2019-04-14")),
        ("What fell down last month?", ("2019-03-01", "2019-03-31")),
        ("What fell down last year?", ("2018-01-01", "2018-12-31")),
    ],
)
def test_a_question_names_a_time(question: str, time: tuple[str, str]) -> None:
    assert named(question, "2019-04-16") == (time,)


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("Did rents rise more in 2021 than in 2025?", ("2021", "2025")),
        ("What did it cost in 2021 and 2025?", ("2021", "2025")),
        ("What did it cost in 2021, 2023 or 2025?", ("2021", "2023", "2025")),
        ("Who won in May 2021 and in 2025?", ("2021-05", "2025")),
        ("Who won in 2021 and who in 2021?", ("2021",)),
    ],
)
def test_times_that_a_question_sets_side_by_side_stay_apart(question: str, times: tuple[str, ...]) -> None:
    assert tuple(first[: len(time)] for (first, _), time in zip(named(question, None), times, strict=True)) == times
    assert all(first[:4] == last[:4] for first, last in named(question, None))


@pytest.mark.parametrize(
    "question",
    ["What happened between 2021 and 2025?", "How did it go from 2021 to 2025?", "Who ruled in 2021–2025?"],
)
def test_from_one_time_to_another_is_one(question: str) -> None:
    assert named(question, None) == (("2021-01-01", "2025-12-31"),)


@pytest.mark.parametrize(
    "question",
    [
        "Who won?",
        "What has been the highest reading since 1967?",  # a year in the background of what is asked
        "Who voted for the Europe 2020 strategy?",
        "May the government fall?",
        "What happened on February 30, 2022?",
        "What is 0000-00-00?",
    ],
)
def test_a_question_that_names_no_time(question: str) -> None:
    assert named(question, "2019-04-16") == ()


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("What fell down today?", ("2019-04-16", "2019-04-16")),
        ("What did the mayor set on Thursday?", ("2019-04-11", "2019-04-11")),
        ("Who resigned three days ago?", ("2019-04-13", "2019-04-13")),
        ("Who resigned this week?", ("2019-04-15", "2019-04-21")),
        ("Where was it found the other day?", ("2019-04-06", "2019-04-16")),
    ],
)
def test_a_time_is_told_from_the_day_that_counts_as_now(question: str, time: tuple[str, str]) -> None:
    assert named(question, "2019-04-16", present=True) == (time,)


def test_a_weekday_names_nothing_in_a_corpus_that_has_ended_or_inside_a_story() -> None:
    assert named("What fell down on Monday?", "2019-04-16") == ()
    assert named("What fell down that Monday?", "2019-04-16", present=True) == ()


@pytest.mark.parametrize(
    "question", ["What will open on Thursday?", "Where will he go tomorrow?", "Who fell last May?"]
)
def test_what_is_yet_to_come_or_was_long_ago_is_sought_among_all_articles(question: str) -> None:
    assert named(question, "2019-04-16", present=True) == ()


def test_what_is_asked_of_yesterday_is_sought_without_the_word() -> None:
    query = asked("What fell down yesterday in Rome?", Filters(as_of="2019-04-16"), 8)
    assert (query.when, query.sought.split()) == (("yesterday",), "What fell down in Rome?".split())


def test_yesterday_names_nothing_where_no_day_counts_as_now() -> None:
    assert named("What fell down yesterday?", None) == ()
    assert named("What fell down yesterday?", "0001-01-01") == ()


@given(st.text(st.sampled_from("0123456789-/., inMarchyesterdayJul")))
def test_no_text_raises(question: str) -> None:
    assert all(first <= last for first, last in named(question, "2019-04-16"))


def test_a_time_weighs_nothing_where_the_user_took_it_away() -> None:
    question = "Who won in June 2010?"
    assert asked(question, Filters(), 8).around == (("2010-06-01", "2010-06-30"),)
    assert asked(question, Filters(timeless=True), 8).around == ()


def test_a_part_of_a_question_takes_its_time_as_the_whole_does() -> None:
    first = asked("Who won and who lost on Monday?", Filters(as_of="2019-04-16", inferred=("as_of",)), 8, living=True)
    assert alike(first, "Who lost on Monday?").around == (("2019-04-15", "2019-04-15"),)
    assert alike(asked("Who?", Filters(timeless=True), 8), "Who lost in June 2010?").around == ()


@pytest.mark.parametrize(
    ("words", "question", "leading"),
    [
        ("We drove over that bridge. How many people died on it?", "How many people died on it?", 1),
        ("How many people died on it? I want the final number.", "How many people died on it?", 1),
        ("How many people died on it?", "How many people died on it?", 0),
        ("I need the day and the name. Can you help?", "I need the day and the name. Can you help?", 0),
        ("Who drew the bridge? Who built the bridge?", "Who drew the bridge? Who built the bridge?", 0),
    ],
)
def test_a_question_is_parted_from_the_sentences_that_lead_to_it(words: str, question: str, leading: int) -> None:
    asking, others = parted(words)
    assert (asking, len(others)) == (question, leading)
