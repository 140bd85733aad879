"""The times that a text names: which phrases, which days, and what is left open."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.event_dates import event_dates
from store.passage import Span

WEDNESDAY = "2026-05-20"


def told(text: str, published: str | None = WEDNESDAY, *marks: Span) -> list[tuple[str, str]]:
    """Each phrase with its interval; of one day the day alone."""
    spans = event_dates(text, published, marks)
    return [(text[s.start : s.end], "/".join(dict.fromkeys(s.value.split("/")))) for s in spans]


@pytest.mark.parametrize(
    ("text", "phrase", "days"),
    [
        ("The bridge closed on Tuesday.", "Tuesday", "2026-05-19"),
        ("The bridge closed on Wednesday.", "Wednesday", "2026-05-20"),
        ("A vote will be held on Friday.", "Friday", "2026-05-22"),
        ("The pair met Monday night.", "Monday night", "2026-05-18"),
        ("They meet again next Thursday.", "next Thursday", "2026-05-28"),
        ("Rain fell over the weekend.", "over the weekend", "2026-05-16/2026-05-17"),
        ("Rain fell two days ago.", "two days ago", "2026-05-18"),
        ("Prices rose last month.", "last month", "2026-04-01/2026-04-30"),
        ("Prices rose earlier this year.", "earlier this year", "2026-01-01/2026-05-20"),
        ("The plant is due to open by the end of the month.", "the end of the month", "2026-05-21/2026-05-31"),
        ("It began on 13 May.", "13 May", "2026-05-13"),
        ("It began in early March.", "early March", "2026-03-01/2026-03-10"),
        ("It began on May 7, 2021.", "May 7, 2021", "2021-05-07"),
        ("The fair ran from 3 to 7 April.", "from 3 to 7 April", "2026-04-03/2026-04-07"),
        ("The mine closed in 1986.", "1986", "1986-01-01/1986-12-31"),
        ("Few drove in the 1990s.", "the 1990s", "1990-01-01/1999-12-31"),
        ("Revenue fell in the first quarter.", "the first quarter", "2026-01-01/2026-03-31"),
    ],
)
def test_a_phrase_becomes_an_interval(text: str, phrase: str, days: str) -> None:
    assert told(text) == [(phrase, days)]


def test_without_a_date_only_what_names_its_year_is_told() -> None:
    assert told("On Monday they signed what was begun in March 2019.", None) == [
        ("Monday", ""),
        ("March 2019", "2019-03-01/2019-03-31"),
    ]


def test_the_day_of_a_post_counts_before_that_of_its_page() -> None:
    text = "It rained yesterday.\n\nIt rained yesterday."
    assert told(text, WEDNESDAY, Span(0, 21, "post", "2026-05-18T09:00")) == [
        ("yesterday", "2026-05-17"),
        ("yesterday", "2026-05-19"),
    ]


def test_no_time_is_read_from_furniture() -> None:
    text = "Updated Monday\n\nThe bridge closed."
    assert told(text, WEDNESDAY, Span(0, 14, "furniture", "stamp")) == []


@given(
    st.text(alphabet="may March12 03last,-\nTueday weekof'sthn") | st.text(),
    st.sampled_from([None, WEDNESDAY, "0001-01-01", "9999-12-31"]),
)
def test_spans_lie_in_order_inside_the_text(text: str, published: str | None) -> None:
    spans = event_dates(text, published, ())
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(not span.value or (len(span.value) == 21 and span.value[:10] <= span.value[11:]) for span in spans)
