"""The nouns of reading: what a file yields, and why it may yield nothing."""

from dataclasses import dataclass

from store.passage import Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a file, before it has an id or a place in a corpus. Days are ISO."""

    text: str  # complete, metadata and boilerplate included: offsets count in it
    title: str
    item: str = ""  # its name inside the file, the same at every reading; empty where the file is one article
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    date_source: str | None = None
    url: str | None = None
    spans: tuple[Span, ...] = ()
    warnings: tuple[str, ...] = ()  # sentences about this article alone
    unread: tuple[str, ...] = ()  # names of metadata fields that were not read
    unmarked: bool = False  # its furniture is still to be marked: only what is new in an export takes that time


@dataclass(frozen=True, slots=True)
class Lost:
    """A part of a file that is not taken in: where in the file ("line 5"), and the reason."""

    where: str
    reason: str


class Unreadable(Exception):
    """A file without any article; the message is the reason, for a summary."""
