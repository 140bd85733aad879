"""Days of publication, and months where that is all that is known: their order, and what is told by them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.claims import about
from bot.reading.overlap import dated
from store.event_dates import event_dates
from store.passage import Document, Query, days_of
from store.search import nearness, recency


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        ("2019-03-05", "2019-03-05", "2019-03-05"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-12", "2019-12-01", "2019-12-31"),
    ],
)
def test_a_month_is_all_of_its_days(published: str, first: str, last: str) -> None:
    assert days_of(published) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("time", "covered"), [("2019-03-31", True), ("2019-02-28", True), ("2019-04-01", False)])
def test_a_month_is_of_the_time_of_a_question_where_a_day_of_it_would_be(time: str, covered: bool) -> None:
    article = Document("a", "news", "a.txt", "A", published="2019-03")
    assert Query("Who?", around=((time, time),)).covers(article) is covered


def test_a_month_is_weighed_by_its_nearest_day() -> None:
    assert nearness("2019-03", ("2019-03-20", "2019-03-20")) == nearness("2019-03-20", ("2019-03-20", "2019-03-20"))
    assert nearness("2019-03", ("2019-06-20", "2019-06-20")) == nearness("2019-03-31", ("2019-06-20", "2019-06-20"))
    assert recency("2019-03", "2019-03-20") == recency("2019-03-01", "2019-03-20")


def test_what_is_told_from_the_day_is_left_open_and_the_month_itself_is_known() -> None:
    (span,) = event_dates("The gate broke on Tuesday.", "2019-03", ())
    assert span.value == ""
    assert (dated("2019-03"), about("2019-03").days, about("2019-03").months) == ("March 2019", frozenset(), {3})
