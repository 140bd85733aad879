"""HTML: a saved page becomes one article; its own facts, its story, and nothing of the page around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import formats
from store.formats import Article, Unreadable


def read(markup: str | bytes, name: str = "page.html") -> Article:
    (article,) = formats.read(Path(name), markup.encode() if isinstance(markup, str) else markup)
    assert isinstance(article, Article)
    for span in article.spans:
        assert 0 <= span.start < span.end <= len(article.text)
    return article


def story(article: Article) -> str:
    """The text without what is marked as page."""
    text = article.text
    for span in sorted(article.spans, key=lambda span: -span.start):
        if span.kind == "furniture":
            text = text[: span.start] + text[span.end :]
    return text


BODY = """<p>The pier of Hult was closed on Monday after a storm tore planks from it.</p>
<p>Repairs will take six weeks, the harbour master said.</p>"""


def test_headings_are_spans_and_paragraphs_stand_apart() -> None:
    article = read(f"<title>Pier closed</title><article><h1>Pier closed</h1>{BODY}<h2>What it costs</h2>{BODY[:40]}")
    headings = [(article.text[s.start : s.end], s.value) for s in article.spans if s.kind == "heading"]
    assert headings == [("Pier closed", "1"), ("What it costs", "2")]
    assert "tore planks from it.\n\nRepairs" in article.text


def test_a_page_of_links_alone_is_no_article() -> None:
    with pytest.raises(Unreadable, match="no running text"):
        read("<title>Home</title><nav><a href=/a>All the news of today in one place</a></nav>")


def test_a_page_is_known_by_its_content() -> None:
    assert read(f"<!DOCTYPE html><title>Pier closed</title><body>{BODY}", "page.txt").title == "Pier closed"
