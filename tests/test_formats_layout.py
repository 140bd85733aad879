"""Layout: whatever stands on a page, each of its words is read once, and in an order in which a person reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.formats.flow import paragraphs
from store.formats.layout import Word, reading_order

WORDS = st.builds(
    lambda text, x, width, base, size, bold: Word(text, x, x + width, base, size, bold),
    st.text("abcA1.-•“", min_size=1, max_size=6),
    st.floats(-100, 700) | st.sampled_from([60.0, 310.0]),
    st.floats(0, 300) | st.just(30.0),
    st.floats(-50, 900) | st.sampled_from([100.0, 112.0, 124.0, 136.0]),
    st.floats(0.1, 80) | st.just(10.0),
    st.booleans(),
)


@given(st.lists(WORDS, max_size=40))
def test_each_word_is_read_once(words: list[Word]) -> None:
    read = [id(word) for line in reading_order(words) for word in line.words]
    assert sorted(read) == sorted(map(id, words))


@given(st.lists(WORDS, min_size=1, max_size=40))
def test_paragraphs_hold_every_letter_and_their_pages_lie_within_them(words: list[Word]) -> None:
    lines = reading_order(words)
    for number, line in enumerate(lines):
        line.page = 1 + number // 5
    found, _ = paragraphs(lines, lambda word: False)
    letters = sorted("".join(one.text for one in found).replace("-", "").replace(" ", ""))
    printed = sorted("".join(line.text for line in lines).replace("-", "").replace(" ", ""))
    assert letters == printed
    for one in found:
        offsets = [offset for offset, _ in one.pages]
        assert offsets == sorted(offsets) and all(0 <= offset <= len(one.text) for offset in offsets)


def spread(text: str, x: float, base: float) -> list[Word]:
    """Words side by side, each letter half as wide as it is high."""
    words = []
    for part in text.split():
        words.append(Word(part, x, x + 5 * len(part), base, 10))
        x += 5 * len(part) + 3
    return words


def read(words: list[Word]) -> list[str]:
    return [line.text for line in reading_order(words)]


def test_white_between_words_of_one_column_is_no_gutter() -> None:
    lines = [
        "the harbour  council of Hallby voted on Tuesday to close",
        "the old fish  market after a long dispute about its",
        "roof, which  leaks since the spring of last year, and to",
    ]
    words = [word for number, line in enumerate(lines) for word in spread(line, 60, 100 + 12 * number)]
    assert read(words) == [" ".join(line.split()) for line in lines]


def test_a_column_that_begins_higher_than_the_first_is_read_after_it() -> None:
    left, right = (
        ["voted on Tuesday to", "close the old fish", "market after a long"],
        ["dispute about its", "roof in Hallby and"],
    )
    words = [word for n, line in enumerate(left) for word in spread(line, 60, 124 + 12 * n)]
    words += [word for n, line in enumerate([*right, "the beams of it that", "are rotten, it said"]) for word in
              spread(line, 250, 100 + 12 * n)]  # fmt: skip
    assert read(words) == [*left, *right, "the beams of it that", "are rotten, it said"]


def test_a_byline_and_its_day_are_read_before_the_columns_below_them() -> None:
    left, right = ["voted on Tuesday to", "close the old fish", "market after a long"], ["dispute", "about its", "roof"]
    words = spread("By Marta Lind", 60, 100) + spread("3 April 2016", 250, 100)
    words += [word for n, line in enumerate(left) for word in spread(line, 60, 130 + 12 * n)]
    words += [word for n, line in enumerate(right) for word in spread(f"{line} in Hallby and", 250, 130 + 12 * n)]
    assert read(words)[:5] == ["By Marta Lind", "3 April 2016", *left]
