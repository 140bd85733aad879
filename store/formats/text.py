"""Plain text and Markdown: one article a file; and any text with its facts and boilerplate as an article."""

from __future__ import annotations

from collections.abc import Iterator

from store.formats.article import Article, Unreadable
from store.formats.encoding import decode
from store.formats.facts import credit, facts_of, title_of
from store.formats.furniture import furniture
from store.passage import Span


def plain(data: bytes) -> Iterator[Article]:
    """The article of a plain text file."""
    yield article(*decode(data), markdown=False)


def markdown(data: bytes) -> Iterator[Article]:
    """The article of a Markdown file: a heading can be its title."""
    yield article(*decode(data), markdown=True)


def article(text: str, warnings: tuple[str, ...] = (), *, markdown: bool) -> Article:
    """A text as an article: metadata at its top, else title and outlet from the story; boilerplate as spans."""
    facts = facts_of(text)
    body = text[facts.end :]
    if not body.strip():
        raise Unreadable("there is no text under its front matter")
    block = (Span(0, facts.end, "furniture", "front matter"),) if facts.end else ()
    spans, left_out = furniture(text, facts.end)
    values = facts.values
    return Article(
        text=text,
        title=values.get("title") or title_of(body, markdown=markdown),
        outlet=values.get("outlet") or credit(body),
        author=values.get("author"),
        published=values.get("published"),
        updated=values.get("updated"),
        date_source="front matter" if values.get("published") else None,
        url=values.get("url"),
        spans=block + spans,
        warnings=warnings + facts.warnings + left_out,
        unread=facts.unread,
    )
