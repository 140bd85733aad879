"""An article as its file holds it, and the reason why a file holds none."""

from __future__ import annotations

from dataclasses import dataclass

from store.passage import Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a file, before it has an id or a place in a corpus."""

    text: str
    """Complete, metadata and boilerplate included: offsets count in it."""
    title: str
    item: str = ""
    """Its name inside the file, the same at every reading; empty where the file is one article."""
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO day, like `updated`."""
    updated: str | None = None
    date_source: str | None = None
    url: str | None = None
    spans: tuple[Span, ...] = ()
    warnings: tuple[str, ...] = ()
    """Sentences about this article alone."""
    unread: tuple[str, ...] = ()
    """Names of metadata fields that were not read."""


class Unreadable(Exception):
    """A file without any article; the message is the reason, for a summary."""
