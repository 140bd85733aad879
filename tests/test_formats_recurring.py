"""Recurring lines: what many articles of one outlet share between different lines is page; copies teach nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import Library
from hypothesis import given
from hypothesis import strategies as st

from store.formats import Article
from store.formats.recurring import LEAST, marked

PROMPT = "Our reporters answer to nobody but you, every morning of the week."
FOOTER = [
    "The Coast Courier is printed by its readers, for its readers.",
    "Call the desk at any hour of the day or night.",
]


def article(number: int, *lines: str, outlet: str | None = "Courier") -> Article:
    own = [f"Report {number} begins with the harbour on pier {number}.", f"It ends with ship number {number} at sea."]
    return Article(text="\n\n".join([own[0], *lines, own[1]]), title=f"Report {number}", outlet=outlet)


def page(articles: list[Article], known: dict[str, set[str]] | None = None) -> list[list[str]]:
    """The lines of each article that are taken as page."""
    return [[one.text[s.start : s.end] for s in one.spans] for one in marked(articles, known or {})]


def test_a_line_that_many_articles_share_between_their_own_lines_is_page() -> None:
    assert page([article(number, PROMPT) for number in range(LEAST)]) == [[PROMPT]] * LEAST


def test_too_few_articles_teach_nothing() -> None:
    assert page([article(number, PROMPT) for number in range(LEAST - 1)]) == [[]] * (LEAST - 1)


def test_every_line_of_a_block_is_learnt_at_the_end_of_articles() -> None:
    articles = [article(number) for number in range(LEAST)]
    ended = [replace(one, text="\n\n".join([one.text, *FOOTER])) for one in articles]
    assert page(ended) == [FOOTER] * LEAST


def test_copies_of_one_report_teach_nothing() -> None:
    assert page([article(1, PROMPT)] * 9) == [[]] * 9


def test_versions_of_a_running_story_teach_nothing() -> None:
    story = [f"The council of the island has met for the {n}th time about it." for n in range(8)]
    assert page([article(number, *story) for number in range(9)]) == [[]] * 9


@pytest.mark.parametrize("line", ["Location: New York", "Massachusetts", "What we know so far", "x" * 500])
def test_labels_headings_and_long_paragraphs_are_not_learnt(line: str) -> None:
    assert page([article(number, line) for number in range(9)]) == [[]] * 9


def test_outlets_teach_nothing_about_each_other() -> None:
    articles = [article(number, PROMPT, outlet=f"Outlet {number % 3}") for number in range(9)]
    assert page(articles) == [[]] * 9


def test_a_line_known_from_before_is_page_in_a_single_article() -> None:
    assert page([article(1, PROMPT)], {"Courier": {PROMPT}}) == [[PROMPT]]
    assert page([article(1, PROMPT, outlet=None)], {"Courier": {PROMPT}}) == [[]]


@given(
    st.lists(
        st.sampled_from([PROMPT, *FOOTER, "One fact.", "", "Ice broke, and the ferry stayed in port."]), max_size=12
    )
)
def test_spans_hold_the_lines_they_name(lines: list[str]) -> None:
    articles = [article(number, *lines) for number in range(LEAST)]
    for one, got in zip(articles, marked(articles, {}), strict=True):
        assert got.text == one.text
        assert all(one.text[s.start : s.end] in lines for s in got.spans)


def test_what_an_ingest_learns_is_page_for_the_next_and_is_never_found(library: Library) -> None:
    for number in range(LEAST):
        library.write(f"{number}.md", f"---\noutlet: Courier\n---\n{article(number, PROMPT).text}\n")
    library.ingest()
    library.write("later.md", f"---\noutlet: Courier\n---\n{article(77, PROMPT).text}\n")
    summary = library.ingest()
    assert (summary.added, summary.unchanged) == (1, LEAST)
    passages = library.search("What do our reporters answer to every morning?").passages
    assert passages and not any("answer to nobody" in passage.text for passage in passages)
