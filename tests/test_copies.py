"""Copies: two texts by their shingles and sentences, and two sentences by what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.copies import LEAST, Text, common, differ, likeness, said, same, shingles, sketch

TOLL = "At least 98 people died when the earthquake struck the island of Lombok on Sunday, officials said."


@pytest.mark.parametrize(
    "other",
    [
        "At least 98 people were killed when the earthquake struck the island of Lombok on Sunday, officials said.",
        "At least 98 people died when the earthquake struck the island of Lombok, officials said.",
        "AT LEAST ninety-eight people died when the earthquake struck the island of Lombok on Sunday, officials said."
        .replace("ninety-eight", "98"),
    ],
)  # fmt: skip
def test_a_changed_word_says_the_same(other: str) -> None:
    assert same(*said(TOLL), *said(other)) and not differ(*said(TOLL), *said(other))


@pytest.mark.parametrize(
    "old, new",
    [
        ("98", "82"),
        ("Lombok", "Bali"),
        ("Sunday", "Monday"),
        ("died", "may have died"),
        ("At least 98", "At least 98 of 400"),
    ],
)
def test_another_figure_name_or_day_or_a_doubt_does_not(old: str, new: str) -> None:
    assert not same(*said(TOLL), *said(TOLL.replace(old, new)))


@pytest.mark.parametrize(
    "one, other",
    [
        ("Shares of the mill rose 3 percent in early trading.", "Shares of the mill fell 3 percent in early trading."),
        ("India beat Pakistan by 3 wickets in Delhi.", "Pakistan beat India by 3 wickets in Delhi."),
        ("The price went from 5 to 9 crowns in a week.", "The price went from 9 to 5 crowns in a week."),
        ("The council did not approve the new bridge.", "The council did approve the new bridge."),
    ],
)
def test_the_contrary_in_nearly_the_same_words_does_not(one: str, other: str) -> None:
    assert not same(*said(one), *said(other)) and not same(*said(other), *said(one))


def test_a_number_in_words_is_a_figure() -> None:
    assert same(*said("The crack is two metres long and was found in March."),
                *said("The crack is 2 metres long and was found in March."))  # fmt: skip
    assert differ(
        *said("The crack is two metres long and was found."), *said("The crack is nine metres long and was found.")
    )


@given(st.text(max_size=300))
def test_any_text_has_its_words_whatever_their_case_and_marks(text: str) -> None:
    hashes = shingles(text)
    assert np.array_equal(hashes, np.unique(hashes)) and common(hashes, hashes) == len(hashes)
    assert np.array_equal(sketch(hashes), hashes[: len(sketch(hashes))])
    found = likeness(Text(text), Text(text))
    assert not len(hashes) or found.shared == found.length == 1


def test_case_marks_and_white_space_make_no_other_shingle() -> None:
    one, other = "The “old” bridge, at Marrow: closed.", "the old\nbridge at MARROW closed"
    assert np.array_equal(shingles(one), shingles(other))
    assert np.array_equal(shingles("soft\u00adened words of a line"), shingles("softened words of a line"))


def test_shingles_of_other_words_are_other_ones() -> None:
    words = [f"{a}{b}{c}" for a in "abcdefgh" for b in "ijklmnop" for c in "qrstuvwxyz"]
    assert len(shingles(" ".join(words))) == len(words) - 2


def test_the_sketch_of_a_brief_is_all_of_it_and_of_a_report_a_part() -> None:
    brief, report = (shingles(" ".join(f"word{n}" for n in range(size))) for size in (40, 4_000))
    assert np.array_equal(sketch(brief), brief) and LEAST <= len(sketch(report)) < len(report) / 8
