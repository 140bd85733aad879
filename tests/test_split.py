"""Splitting: passages are exact, ordered, apart from furniture, and nothing of the text is lost."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.passage import Span
from store.split import LONGEST, SHORT_TAIL, TARGET, sentences, split

PIECES = st.sampled_from(
    [
        "The minister spoke on Jan. 5 in the U.S. capital.",
        " He said “no”. ",
        "\r\n",
        "\n\n",
        "\r",
        "\n- ",
        "\n1) ",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\x85",
        "\x0c",
        "\x1c",
        "e\u0301\u0323",
        "\u200d",
        "👩‍👩‍👧‍👦🇨🇱",
        "𝔘𝔫𝔦",
        "שלום עולם. ",
        "\u202eمرحبا؟\u202c",
        "\x00",
        "。日本語です。",
        "...!?",
        "a" * 1_500,
        "word " * 300,
        "a line of wrapped text that runs on over the end of its line\n",
    ]
)
ODD = st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=12).map("".join)


def covered(text: str, spans: list[tuple[int, int]], marks: list[Span]) -> str:
    """What of the text lies neither in a passage nor in furniture, without its white space."""
    rest, low = [], 0
    for start, end in sorted([*spans, *((m.start, m.end) for m in marks)]):
        rest.append(text[low : max(low, start)])
        low = max(low, end)
    return "".join("".join([*rest, text[low:]]).split())


@settings(max_examples=150, deadline=None)
@given(ODD, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 80)), max_size=4))
@example("a\r\n\r\nb", [(1, 2)])
@example("\x00", [])
@example("e\u0301" * 2_000, [])
def test_passages_are_exact_ordered_and_complete(text: str, cuts: list[tuple[int, int]]) -> None:
    marks = [Span(s, min(len(text), s + n), "furniture") for s, n in cuts if n and s < len(text)]
    spans = split(text, marks)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end] != ""
        assert all(end <= mark.start or mark.end <= start for mark in marks)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert covered(text, spans, marks) == ""


@settings(max_examples=80, deadline=None)
@given(ODD)
def test_sentences_are_exact_ordered_and_never_longer_than_the_limit(text: str) -> None:
    spans = sentences(text)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert all(0 < end - start <= LONGEST and text[start:end].strip() for start, end in spans)
    assert covered(text, spans, []) == ""


def test_a_passage_ends_at_a_sentence_end_and_is_about_the_target() -> None:
    text = " ".join(f"Sentence number {i} says something about the matter at hand." for i in range(100))
    spans = split(text)
    assert all(text[start:end].endswith(".") for start, end in spans)
    assert all(TARGET * 0.8 < end - start <= TARGET + SHORT_TAIL for start, end in spans[:-1])


def test_a_short_tail_joins_the_passage_before() -> None:
    text = "Here is a sentence of some length to fill it. " * 19 + "And here is the very last one of them all."
    assert len(split(text)) == 1


def test_an_article_without_text_has_no_passages() -> None:
    assert split("") == split(" \n\t ") == split("all of it", [Span(0, 9, "furniture")]) == []


def test_spans_of_other_kinds_hide_nothing() -> None:
    assert split("On Friday it rained.", [Span(3, 9, "event")]) == [(0, 20)]


def test_abbreviations_and_wrapped_lines_do_not_end_a_sentence() -> None:
    text = "The U.S. envoy met Mr. Smith on Jan. 5 in the capital and said that\nthey had agreed. It rained."
    assert [text[s:e] for s, e in sentences(text)] == [text[: text.index(" It")], "It rained."]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("He met J.D. Vance in Ohio. It rained.", "He met J.D. Vance in Ohio."),
        ("He left at 5 P.M. Police came.", "He left at 5 P.M."),
        ("He met O.J. The two spoke.", "He met O.J."),
    ],
)
def test_initials_before_a_name_end_no_sentence(text: str, first: str) -> None:
    start, end = sentences(text)[0]
    assert text[start:end] == first


def test_a_headline_is_not_joined_with_the_text_below() -> None:
    text = "Oil flow raised\n\nScientists said so.\n- first point\n- second point"
    found = [text[s:e] for s, e in sentences(text)]
    assert found[:2] == ["Oil flow raised", "Scientists said so."] and found[2].endswith("first point")


@pytest.mark.parametrize(
    "text",
    [
        "a wrapped line of sixty characters that never comes to an end\n" * 16_000,
        "a wrapped line of sixty characters that never comes to an end\r" * 16_000,
        "x" * 1_000_000,
        "word " * 200_000,
        "." * 300_000,
        "\n" * 1_000_000,
        ("." + " " * 50) * 20_000,
        '."' * 300_000,
    ],
    ids=["wrapped", "wrapped-cr", "one-word", "one-line", "dots", "newlines", "spaces", "quotes"],
)
def test_a_megabyte_of_anything_takes_seconds(text: str) -> None:
    started = time.perf_counter()
    split(text)
    assert time.perf_counter() - started < 20, "it was 69 once, when time grew with the square"


KINDS = ["heading", "post"]
POSTS = "Rain hits the coast.\n\nTwo roads are shut.\n\nThe wind has dropped.\n\nTrains run again."


def test_no_passage_runs_over_two_posts_of_a_live_blog() -> None:
    second = POSTS.index("The wind")
    marks = [Span(0, second, "post", "2025-11-20T07:05"), Span(second, len(POSTS), "post", "2025-11-21")]
    assert [POSTS[slice(*span)] for span in split(POSTS, marks)] == [POSTS[:second].strip(), POSTS[second:]]


def test_a_heading_of_markdown_is_a_sentence_of_its_own_whatever_stands_below_it() -> None:
    text = "## What the council decided about the harbour wall\nThe wall stays. It is old."
    assert [text[slice(*span)] for span in sentences(text)] == [*text.split("\n")[:1], "The wall stays.", "It is old."]


@pytest.mark.parametrize("sentences_before", range(1, 30))
def test_a_heading_never_ends_a_passage_that_the_text_goes_on_from(sentences_before: int) -> None:
    before = "The ferry to the outer islands sails at nine. " * sentences_before
    text = before.rstrip() + "\n\nThe new ship\n\n" + "It holds forty cars and two hundred people. " * 20
    start = text.index("The new ship")
    heading = Span(start, start + len("The new ship"), "heading", "2")
    passages = [text[slice(*span)] for span in split(text, [heading])]
    assert not any(passage.endswith("The new ship") for passage in passages)


@settings(max_examples=100, deadline=None)
@given(
    ODD, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 80), st.sampled_from(["heading", "post"])), max_size=5)
)
def test_headings_and_posts_lose_nothing_of_the_text(text: str, places: list[tuple[int, int, str]]) -> None:
    marks = [Span(low, min(len(text), low + size), kind) for low, size, kind in places if low + size <= len(text)]
    assert covered(text, split(text, marks), []) == ""
