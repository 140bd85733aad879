"""HTML: a saved page becomes one article; its own facts, its story, and nothing of the page around it."""

from __future__ import annotations

import tomllib
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


PAGES = Path(__file__).parent / "data" / "pages"
EXPECTED = tomllib.loads((PAGES / "expected.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_saved_page_gives_its_own_facts_and_its_story(name: str) -> None:
    """Each after the markup of an outlet or of a blog engine, in our own words."""
    expected = EXPECTED[name]
    article = read((PAGES / f"{name}.html").read_bytes())
    facts = "title outlet author published updated url".split()
    assert {fact: getattr(article, fact) for fact in facts} == {fact: expected.get(fact) for fact in facts}
    text = story(article)
    assert [words for words in expected["says"] if words not in text] == []
    assert [words for words in expected.get("hides", ()) if words in text] == []
    headings = [article.text[span.start : span.end] for span in article.spans if span.kind == "heading"]
    assert headings == expected.get("headings", headings)
    assert any(expected.get("warns", "") in warning for warning in (*article.warnings, ""))


def test_there_are_pages_of_many_makers() -> None:
    assert len(EXPECTED) >= 20 and {path.stem for path in PAGES.glob("*.html")} == set(EXPECTED)
