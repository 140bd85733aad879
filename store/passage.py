"""The nouns that travel between rooms of the store, and the one-verb protocols of its seams.

Standard library only, so that anything may import it at no cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of a version's text: `text[start:end]`, in characters."""

    start: int
    end: int
    kind: str  # "furniture" today; event dates and corrections later
    value: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as one version of it reads.

    `published` and `updated` are ISO dates (YYYY-MM-DD) or None: undated is a state, never guessed.
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
    ingested: str | None = None
    version: int = 1
    url: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable stretch of an article: `text == version.text[start:end]`."""

    id: int
    document: Document  # without its text
    start: int
    end: int
    text: str
    score: float = 0.0
    also_in: tuple[Document, ...] = ()  # other articles in which the same passage stands


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the store. Dates are ISO days, inclusive; filters are hard and never loosened."""

    text: str
    history: tuple[str, ...] = ()  # earlier questions of the conversation, oldest first
    since: str | None = None
    until: str | None = None
    undated: bool = False  # keep undated articles under a date filter
    outlets: tuple[str, ...] = ()
    not_outlets: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # document ids or root names
    as_of: str | None = None
    recent: bool = False  # weigh articles by their age at `as_of`
    around: tuple[str, str] | None = None  # first and last day that the question names: weighs articles, hides none
    k: int = 8

    @property
    def filtered(self) -> bool:
        """Whether any hard filter is set."""
        return bool(self.since or self.until or self.outlets or self.not_outlets or self.documents)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What retrieval knows about how well the question is covered; `bot.outcome` judges by it.

    `agreement` is the top passage's cosine less the best one of any passage (0 or less).
    `idf` gives each question term's weight in this corpus, `rarity` the same against general news.
    The rest is read from the passages by `bot.extract`.
    """

    agreement: float = 0.0
    coverage: float = 0.0  # how much of the question the top article holds (0..1)
    absent: int = 0  # names and numbers of the question that the top article lacks (0..4; a year counts more)
    sentence: float = 0.0  # the best sentence's score
    idf: Mapping[str, float] = field(default_factory=dict)
    rarity: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()  # the legs that could not answer, each a sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage as a candidate for an answer; offsets are into the version's text."""

    passage: Passage
    start: int
    end: int
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: passages best first, their evidence, and the sentences read from them."""

    passages: tuple[Passage, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    sentences: tuple[Sentence, ...] = ()
    as_of: str | None = None  # the day that counts as now, as the query had it


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a corpus holds, under the filters in force: counts, first and last published day, outlets."""

    documents: int = 0
    undated: int = 0
    first: str | None = None
    last: str | None = None
    outlets: tuple[tuple[str, int], ...] = ()  # (name, articles), most articles first


class Reader(Protocol):
    """A file becomes articles."""

    def read(self, path: Path) -> Iterator[Document]: ...


class Embedder(Protocol):
    """LangChain's two methods for embeddings, without importing it; vectors are unit length."""

    id: str
    dimension: int

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


class Retriever(Protocol):
    """A query becomes passages."""

    def search(self, query: Query) -> Found: ...
