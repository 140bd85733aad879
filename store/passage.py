"""The nouns that travel between rooms of the store, and the one-verb protocols of its seams.

Standard library only, so that anything may import it at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

BEFORE = 1_500  # characters of its article that a passage carries from before itself
DAY, WEEK, EARLIEST = timedelta(days=1), timedelta(days=7), date(1, 1, 2)
MONTH_END = "-31"  # makes a month its last day where ISO dates are compared as text; a day stays as it is
NOW = 3  # how many times a question's own words weigh those of earlier questions


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of a version's text: `text[start:end]`, in characters."""

    start: int
    end: int
    kind: str
    value: str = ""
    """By kind: of "furniture" what it is, of a "heading" its level, of a "page" its number, of a "post" of a live blog
    its ISO day or time, of an "event" the first and last ISO day of a time, empty where unknown, of a "correction" its
    ISO day or nothing."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as one version of it reads.

    `published` and `updated` are ISO dates (YYYY-MM-DD) or None: undated is a state, never guessed. `published` may be
    a month (YYYY-MM); it sorts before the days of that month.
    `text` is complete and immutable; it is empty where a document travels inside a passage.
    """

    id: str
    root: str
    source: str
    title: str
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    date_source: str | None = None
    corrected: str | None = None  # the last day that its correction notes name, "" where they name none
    ingested: str | None = None
    version: int = 1
    url: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    family: str | None = None  # the id of the article that this one and its other copies go back to
    kin: str | None = None  # the id that all share which have text in common, directly or through others
    credit: str | None = None  # the news agency that it comes from, as it says itself
    item: str = ""  # the article's place inside a file that holds several, as the file's format names it


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable stretch of an article: `text == version.text[start:end]`."""

    id: int
    document: Document  # without its text
    start: int
    end: int
    text: str
    score: float = 0.0
    also_in: tuple[Document, ...] = ()  # other articles in which the same passage stands, or a part of it
    copies: tuple[Passage, ...] = field(default=(), compare=False, repr=False)  # theirs, left out for this one
    before: str = field(default="", compare=False, repr=False)  # the end of the version's text before `start`
    spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    """The version's spans that overlap it or what stands before it, without its furniture; offsets into the version."""

    def page(self, offset: int) -> int | None:
        """The number of the printed page on which an offset of the version lies."""
        pages = (span.value for span in self.spans if span.kind == "page" and span.start <= offset < span.end)
        return next(map(int, pages), None)

    @property
    def event_dates(self) -> tuple[Span, ...]:
        """The times that it names; the value of one that is not known is empty."""
        return tuple(span for span in self.spans if span.kind == "event" and self.start <= span.start < self.end)

    @property
    def note(self) -> Span | None:
        """The correction in which it lies; it may be the whole of it or a part."""
        return next((s for s in self.spans if s.kind == "correction" and s.start <= self.start < s.end), None)


@dataclass(frozen=True, slots=True)
class Filters:
    """The hard filters that a question is asked under, never loosened. Days are ISO and inclusive.

    An article of which only the month is known passes where any day of it would.
    """

    since: str | None = None
    until: str | None = None
    undated: bool = False  # keep undated articles under a date filter
    outlets: tuple[str, ...] = ()
    not_outlets: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # document ids or root names: only these
    as_of: str | None = None  # the day that counts as now; it hides nothing
    inferred: tuple[str, ...] = ()  # names of the fields that the user did not set
    timeless: bool = False  # the times that a question names weigh nothing

    @property
    def hides(self) -> bool:
        """Whether any article can be left out."""
        return bool(self.since or self.until or self.outlets or self.not_outlets or self.documents)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the store: at most `k` passages for a question under its filters."""

    text: str
    history: tuple[str, ...] = ()  # earlier questions of the conversation, oldest first
    filters: Filters = Filters()
    recent: bool = False  # weigh articles by their age at the as-of day
    around: tuple[tuple[str, str], ...] = ()
    """First and last day of each time that the question names: they weigh articles and hide none."""
    k: int = 8
    when: tuple[str, ...] = ()  # the words for those of them that are told from the as-of day
    living: bool = False  # that day is today's

    @property
    def sought(self) -> str:
        """The question without "yesterday" and the like: articles of that time need not hold such a word."""
        text = self.text
        for words in self.when:
            text = text.replace(words, " ", 1)
        return text

    @property
    def brief(self) -> bool:
        """Whether each time that it names is at most some days long."""
        return all(date.fromisoformat(last) - date.fromisoformat(first) <= WEEK for first, last in self.around)

    def covers(self, document: Document) -> bool:
        """Whether an article was published within a time that the question names, or on the day after it."""
        if not (self.around and document.published):
            return False
        begins, ends = days_of(document.published)
        eve = max(begins, EARLIEST) - DAY
        return any(first <= ends.isoformat() and eve.isoformat() <= last for first, last in self.around)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: passages best first, and what retrieval knows of how well they cover the question."""

    passages: tuple[Passage, ...] = ()
    agreement: float = 0.0  # the top passage's cosine less the best one of any passage (0 or less)
    rarity: Mapping[str, float] = field(default_factory=dict)  # each question stem's weight, by corpus and general news
    absent: frozenset[str] = frozenset()  # the question stems that no article of the corpus holds
    missing: tuple[str, ...] = ()  # the indexes that could not answer, each a sentence
    as_of: str | None = None  # the day that counts as now, as the query had it


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a corpus holds, under the filters in force: counts, first and last published day, outlets."""

    documents: int = 0
    undated: int = 0
    first: str | None = None
    last: str | None = None
    outlets: tuple[tuple[str, int], ...] = ()  # (name, articles), most articles first


def days_of(published: str) -> tuple[date, date]:
    """The first and the last day on which an article can have been published: those of a month, else that day twice."""
    first = date.fromisoformat(f"{published}-01"[:10])
    if is_day(published):
        return first, first
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1) - DAY if first.year < 9999 else first


def is_day(published: str | None) -> bool:
    """Whether an article's day of publication is known, and not its month alone."""
    return published is not None and len(published) == len("YYYY-MM-DD")


def posted(document: Document, spans: Sequence[Span], start: int) -> Document:
    """The document as a passage from `start` on has it: in a post of a live blog, the post's day dates what it says."""
    post = next((span.value for span in spans if span.kind == "post" and span.start <= start < span.end), "")
    return replace(document, published=post[:10], date_source="post") if post else document


class Embedder(Protocol):
    """LangChain's method for embeddings, without importing it; vectors are unit length."""

    id: str
    dimension: int

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]: ...
