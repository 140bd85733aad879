"""The day of a page in words over its story: what tells of the article counts, and of something else it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import formats
from store.formats import Article

STORY = "<p>The pier of Hult was closed on Monday after a storm tore planks from it.</p>"


def days(over: str) -> tuple[str | None, str | None]:
    """Published and updated of a page with that between its headline and its story."""
    page = f"<title>Pier closed</title><article><h1>Pier closed</h1>{over}{STORY}</article>"
    (article,) = formats.read(Path("a.html"), page.encode())
    assert isinstance(article, Article)
    return article.published, article.updated


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Ida Roth, 7 March 2019</p>", "<p>Ida Roth | Mar 7, 2019 | 5 min read</p>",
        "<div class='meta'>Posted by Ida Roth on Thursday, March 7th, 2019</div>", "<p>Quay News, 7 March 2019</p>",
        "<p>Hult, March 7, 2019</p>", "<p>Published 18:20, 7 March 2019</p>", "<p>Date: 2019-03-07</p>",
        "<p>Interview: Ida Roth 7 March 2019</p>", "<p>7 March 2019 at 10:15 am</p>",
    ],
)  # fmt: skip
def test_a_day_beside_the_author_or_a_word_of_publishing_is_that_of_the_page(line: str) -> None:
    assert days(line) == ("2019-03-07", None)


@pytest.mark.parametrize(
    "line",
    [
        "Donnerstag, 7. März 2019", "Veröffentlicht am 7. März 2019 um 10.30 Uhr", "jeudi 7 mars 2019",
        "Publié le 7 mars 2019 à 10h30", "7 de marzo de 2019", "Publicado el jueves, 7 de marzo de 2019",
        "Par Ida Roth | le 7 mars 2019",
    ],
)  # fmt: skip
def test_a_day_may_be_in_german_french_or_spanish(line: str) -> None:
    assert days(f"<p>{line}</p>") == ("2019-03-07", None)


def test_a_line_in_french_may_state_both_days() -> None:
    assert days("<p>Publié le 7 mars 2019 à 18h20, mis à jour le 8 mars 2019</p>") == ("2019-03-07", "2019-03-08")


@pytest.mark.parametrize("line", ["Am 7. März 2019 brach der Steg.", "Foto: Ida Roth, 7. März 2019", "7 mrz 2019"])
def test_a_day_in_another_language_that_is_of_something_else_is_not_taken(line: str) -> None:
    assert days(f"<p>{line}</p>") == (None, None)


def test_a_line_may_state_both_days() -> None:
    assert days("<p>Published: 07 Mar 2019 18:20 Updated: 08 Mar 2019 07:00</p>") == ("2019-03-07", "2019-03-08")


@pytest.mark.parametrize(
    "line",
    [
        "<p>When: 7 March 2019, 18:00</p>", "<p>When: <time datetime='2019-03-07'>7 March</time></p>",
        "<p>Open day: 7 March 2019</p>", "<p>Deadline: 7 March 2019</p>", "<p>From the archive: 7 March 2019</p>",
        "<p>Ida Roth, born 7 March 1959</p>", "<p>The pier opened on 7 March 1919 and closes now.</p>",
        "<p>Since 7 March 1919, the pier has stood.</p>", "<p><small>Photo: Ida Roth, 7 March 2019</small></p>",
        "<p>7 March 1919 – 2 May 2019</p>", "<p>© 7 March 2019 Quay News</p>",
        "<div class='related'><time>7 March 2019</time></div>",
        "<div itemscope itemtype='https://schema.org/VideoObject'><time>7 March 2019</time></div>",
    ],
)  # fmt: skip
def test_a_day_of_something_else_dates_nothing(line: str) -> None:
    assert days(line) == (None, None)
