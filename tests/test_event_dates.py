"""The times that a text names: which phrases, which days, and what is left open."""

import re
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.event_dates import LEADS, event_dates, table
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
        ("It began in March of last year.", "March of last year", "2025-03-01/2025-03-31"),
        ("It began on May 7, 2021.", "May 7, 2021", "2021-05-07"),
        ("The fair ran from 3 to 7 April.", "from 3 to 7 April", "2026-04-03/2026-04-07"),
        ("The mine closed in 1986.", "1986", "1986-01-01/1986-12-31"),
        ("Few drove in the 1990s.", "the 1990s", "1990-01-01/1999-12-31"),
        ("Revenue fell in the first quarter.", "the first quarter", "2026-01-01/2026-03-31"),
    ],
)
def test_a_phrase_becomes_an_interval(text: str, phrase: str, days: str) -> None:
    assert told(text) == [(phrase, days)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("She said on Monday that the port will open.", "2026-05-18"),
        ("On Friday, the port will open.", "2026-05-22"),
        ("Once the port opens on Friday, ships will return.", "2026-05-22"),
        ("They want an answer by Friday.", "2026-05-22"),
        ("The talks were not held until Friday.", "2026-05-15"),
        ("The trial is scheduled to begin in March.", "2027-03-01/2027-03-31"),
        ("The trial began in March.", "2026-03-01/2026-03-31"),
        ("The vote is June 9.", "2026-06-09"),
        ("He was last seen on Dec. 9.", "2025-12-09"),
        ("The match is on Saturday, 30 May.", "2026-05-30"),
        ("On Monday he would not say more.", "2026-05-18"),
        ("He left last May.", "2025-05-01/2025-05-31"),
        ("The storm came last Friday.", "2026-05-15"),
    ],
)
def test_the_words_around_it_tell_whether_a_time_lies_ahead(text: str, days: str) -> None:
    assert [value for _, value in told(text)] == [days]


@pytest.mark.parametrize(
    "text",
    [
        "May I march in the second row? The sun rose, and they wed.",
        "April Ruiz and June Marsh met Theresa May.",
        "They watched Friday Night Lights and read the Sunday Times.",
        "Nearly 2000 people came to 1850 Mill Street; the flight was Flight 1549.",
        "He is in his 60s, and it was in the 80s outside.",
        "The rain is to last two days.",
        "Send it to USA Today.",
    ],
)
def test_words_of_time_that_name_no_time_are_passed_over(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Two weeks earlier they had met.",
        "That day the river rose.",
        "It ended the following morning.",
        "Shops were full on Black Friday.",
        "They meet every Sunday.",
        "It was found nearly two years ago.",
        "Rain is due in the coming days.",
        "The May 3 attack was never solved.",
    ],
)
def test_a_time_that_cannot_be_told_is_left_open(text: str) -> None:
    assert [value for _, value in told(text)] == [""]


def test_a_day_has_the_year_that_the_text_names_for_it() -> None:
    text = "It began on May 3, 2019. Of what came on May 3 little is known."
    assert [value for _, value in told(text)] == ["2019-05-03", "2019-05-03"]


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


PIECES = (
    "on by until early mid- late the end of last next this past two 31 29 9 February March May Sept. Monday Friday "
    "weekend week month year decade century quarter ago later 2100 1500 1990s 20th in and to – , . will said".split()
)


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=60),
    st.sampled_from([None, WEDNESDAY, "0001-01-01", "9999-12-31", "2024-02-29"]),
)
def test_spans_lie_in_order_inside_the_text(text: str, published: str | None) -> None:
    spans = event_dates(text, published, ())
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(not span.value or (len(span.value) == 21 and span.value[:10] <= span.value[11:]) for span in spans)


@pytest.mark.parametrize("run", ["the May 3 attack, ", "by the end of the early ", "1990-", "Monday to ", "a"])
def test_a_text_is_read_in_time_that_grows_with_it(run: str) -> None:
    text = run * (20_000 // len(run))
    began = process_time()
    event_dates(text, WEDNESDAY, [Span(place, place + 3, "furniture") for place in range(0, len(text), 40)])
    assert process_time() - began < 2


@given(st.data())
def test_a_phrase_begins_with_a_number_or_a_word_of_the_list(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([pattern for _, pattern in table()[1]]))
    phrase = data.draw(st.from_regex(form, fullmatch=True, alphabet=st.characters(codec="ascii")))
    first = re.findall(r"[^\W_]+", phrase)[0]
    assert first[0].isdigit() or first.lower() in LEADS
