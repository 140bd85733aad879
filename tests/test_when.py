"""The time that a question names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question import named


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
    assert named(question, "2019-04-16") == time


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
    assert named(question, "2019-04-16") is None


def test_yesterday_names_nothing_where_no_day_counts_as_now() -> None:
    assert named("What fell down yesterday?", None) is None
    assert named("What fell down yesterday?", "0001-01-01") is None


@given(st.text(st.sampled_from("0123456789-/., inMarchyesterdayJul")))
def test_no_text_raises(question: str) -> None:
    time = named(question, "2019-04-16")
    assert time is None or time[0] <= time[1]
