"""Search: a query goes to both indexes, their scores are fused, and passages come back with their weights."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from store import lexical, spelling
from store.collapse import Collapsed
from store.dense import Dense, DenseReader
from store.embed import FLOAT, Embedding
from store.errors import IndexDamaged
from store.generation import warm
from store.lexical import Lexical
from store.passage import Found, Passage, Query, days_of
from store.record import Record
from store.words import Terms, weighted

POOL = 200  # candidates from each index
DENSE = 0.3  # weight of the dense index's score; fitted for wordllama on three public sets
HALF_LIFE = 14  # days after which the recency prior has halved
RECENCY = 0.5  # weight of the recency prior, where a question asks for it
AROUND = 0.3  # weight of an article's distance from the dates that a question names
RELATIVE = 0.7  # the same, where they are told from the as-of day ("yesterday"): only articles of that time answer
SOON = 2  # days outside that time after which their weight has halved
BEFORE, AFTER = 3, 14  # days before and after those dates in which articles about them are published

T = TypeVar("T")
Facts = Mapping[int, tuple[str, str, str | None]]  # of each candidate: (text hash, document id, published day)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The lexical ranked list: scores by passage, and of the question's stems what `Found` has of them."""

    scores: Mapping[int, float]
    rarity: Mapping[str, float]
    absent: frozenset[str] = frozenset()


class Search:
    """The retriever over a record and its two indexes."""

    def __init__(self, record: Record, embedding: Embedding) -> None:
        self.record = record
        self.embedding = embedding
        self.lexical = Lexical(record.folder)
        self.dense = Dense(record.folder, embedding)
        self.indexes = (self.lexical, self.dense)
        self._opened: DenseReader | None = None
        warm()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened = None

    def spelled(self, question: str) -> str:
        """The question with misspelt words mended; as it is without a lexical index."""
        with suppress(IndexDamaged):  # `search` tells it and answers by the dense index
            if spelling.doubtful(question):
                return spelling.mended(question, self.lexical.reader(self.record), self.record.passages)
        return question

    def search(self, query: Query) -> Found:
        """The best passages for a query. Raises IndexDamaged when neither index can answer."""
        allowed = self.record.allowed(query.filters)
        if allowed is not None and not allowed:
            return Found()
        asked, vector = weighted(query.sought, query.history), self.embedding.question(query.sought, query.history)
        missing: list[str] = []
        ranked = _attempt("meaning", missing, lambda: self._by_words(asked, allowed))
        nearest = _attempt("words", missing, lambda: self._by_meaning(vector, allowed))
        if ranked is None and nearest is None:
            raise IndexDamaged("Both indexes are missing or damaged.", "Rebuild them with: footnote doctor --repair")
        candidates = dict.fromkeys([*(ranked.scores if ranked else ()), *(nearest or ())])
        # The lexical index knows articles alone, of which one post may be of another time.
        facts = self.record.hashes([key for key in candidates if allowed is None or key in allowed])
        if not facts:
            return Found(missing=tuple(missing))
        ranked = ranked or self._by_words_alone(asked, list(facts))
        cosines = self._cosines(vector, facts, nearest or {})
        fused = blend(list(facts), ranked.scores, cosines)
        fused = {key: score * _timely(query, facts[key][2]) for key, score in fused.items()}
        passages = self._collapsed(sorted(fused, key=lambda key: (-fused[key], key)), fused, facts, query.k)
        if not passages:  # a writer has just retired them all
            return Found(missing=tuple(missing))
        agreement = cosines[passages[0].id] - max(cosines.values())
        return Found(passages, agreement, ranked.rarity, ranked.absent, tuple(missing), query.filters.as_of)

    def _by_words(self, asked: Terms, allowed: Mapping[int, str] | None) -> Ranked:
        reader = self.lexical.reader(self.record)
        scores = reader.search(asked, POOL, None if allowed is None else set(allowed.values()))
        return Ranked(scores, reader.rarity(asked), reader.absent(asked))

    def _by_words_alone(self, asked: Terms, candidates: Sequence[int]) -> Ranked:
        """The lexical ranked list of some candidates, without the index."""
        texts = {p.id: f"{p.document.title}\n{p.text}" for p in self.record.passages(candidates)}
        return Ranked(*lexical.scores(texts, asked))

    def _by_meaning(self, vector: np.ndarray[Any, Any], allowed: Mapping[int, str] | None) -> dict[int, float]:
        """The dense ranked list: cosines by passage. The reader stays open until a newer generation is published."""
        if self._opened is None or not self._opened.current(self.record):
            self.close()
            self._opened = self.dense.reader(self.record)
        return self._opened.search(vector, POOL, None if allowed is None else list(allowed))

    def _cosines(self, vector: np.ndarray[Any, Any], facts: Facts, known: Mapping[int, float]) -> dict[int, float]:
        """Every candidate's cosine: the dense index's, else from the vector that the record keeps, else 0."""
        rest = {key: fact[0] for key, fact in facts.items() if key not in known}
        kept = self.record.vectors(self.embedding.stamp, rest.values()) if rest else {}
        cosines = {key: known[key] for key in facts if key in known}
        for key, text_hash in rest.items():
            row = kept.get(text_hash)
            cosines[key] = float(np.frombuffer(row, FLOAT) @ vector) if row else 0.0
        return cosines

    def _collapsed(self, best: Sequence[int], fused: Mapping[int, float], facts: Facts, k: int) -> tuple[Passage, ...]:
        """The first `k` passages by score, with what stands in several articles shown once."""

        def beside(document: str) -> list[Passage]:
            return self.record.passages([key for key in best if facts[key][1] == document])

        collapsed = Collapsed(k, beside)
        for start in range(0, len(best), 2 * k):
            for passage in self.record.passages(best[start : start + 2 * k]):
                collapsed.add(replace(passage, score=fused[passage.id]))
            if collapsed.full:
                break
        return collapsed.passages


def _attempt(other: str, missing: list[str], ranking: Callable[[], T]) -> T | None:
    """A ranked list; None, with a sentence in `missing`, if its index cannot be read."""
    try:
        return ranking()
    except IndexDamaged as error:
        missing.append(f"{error.message}; searched by {other} only (mend it with: footnote doctor --repair)")
        return None


def _timely(query: Query, published: str | None) -> float:
    """The factor of an article's day, by the dates that the question names or by its age."""
    if query.around:
        return max(nearness(published, time, relative=bool(query.when)) for time in query.around)
    return recency(published, query.filters.as_of) if query.recent and query.filters.as_of else 1.0


def blend(ids: Sequence[int], bm25: Mapping[int, float], cosines: Mapping[int, float]) -> dict[int, float]:
    """A linear blend of both legs' scores, each min-max scaled over the candidates (0..1)."""
    words = scaled([bm25.get(key, 0.0) for key in ids])
    means = scaled([cosines.get(key, 0.0) for key in ids])
    return {key: (1 - DENSE) * word + DENSE * mean for key, word, mean in zip(ids, words, means, strict=True)}


def scaled(values: Sequence[float]) -> list[float]:
    """Values moved to 0..1; all 1 where they do not differ."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 1.0 for value in values]


def recency(published: str | None, as_of: str) -> float:
    """The factor of an article's age: 1 today, towards 1 - RECENCY with the years; midway where undated."""
    if published is None:
        return 1 - RECENCY / 2
    age = (date.fromisoformat(as_of) - days_of(published)[0]).days
    weight = 0.0 if age < -3 else 0.5 ** (max(0, age) / HALF_LIFE)
    return 1 - RECENCY + RECENCY * weight


def nearness(published: str | None, around: tuple[str, str], *, relative: bool = False) -> float:
    """The factor of an article's distance from the time that a question names; midway where undated.

    `relative`: it is told from the as-of day.
    """
    most, before, after, half = (RELATIVE, 0, 1, SOON) if relative else (AROUND, BEFORE, AFTER, HALF_LIFE)
    if published is None:
        return 1 - most / 2
    (first, last), (begins, ends) = map(date.fromisoformat, around), days_of(published)
    outside = max(0, (first - ends).days - before, (begins - last).days - after)
    weight: float = 0.5 ** (outside / half)
    return 1 - most + most * weight
