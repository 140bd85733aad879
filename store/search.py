"""Search: a query goes to both legs, their scores are blended, and passages come back with their evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from store import lexical, spelling
from store.dense import FLOAT, Dense, warm
from store.embed import Embedding
from store.errors import CorpusLocked, IndexDamaged, StoreError
from store.lexical import Lexical
from store.lock import writer
from store.passage import Found, Passage, Query
from store.record import Record
from store.words import tokens

POOL = 200  # candidates that each leg brings
DENSE = 0.3  # weight of the dense leg; the best for wordllama on three public sets
HALF_LIFE = 14  # days after which the recency prior has halved
RECENCY = 0.5  # weight of the recency prior where it is on
AROUND = 0.3  # weight of the time that a question names
BEFORE, AFTER = 3, 14  # days round that time in which articles about it are published
LIKENESSES = 20  # passages in which the right form of a misspelt word is looked for
LITTLE = 2_000  # changes that a question catches up with by itself

_WORD = re.compile(r"[^\W\d_]+")


class Search:
    """The retriever over one corpus's record and its two indexes."""

    def __init__(self, folder: Path, embedding: Embedding) -> None:
        """Opens the record. Raises CorpusMissing, CorpusNewer or CorpusDamaged."""
        self.record = Record(folder)
        self.embedding = embedding
        self.lexical = Lexical(folder)
        self.dense = Dense(folder, embedding)
        warm()

    def close(self) -> None:
        self.lexical.close()
        self.dense.close()
        self.record.close()

    def mend(self, notice: Callable[[str], None]) -> None:
        """Brings an index that is behind or damaged level with the record, where that is quick and allowed.

        Says what it does through `notice`. Where another writer holds the corpus or much is behind, the
        leg is left to `search`, which answers without it and says so.
        """
        for leg, name in ((self.lexical, "word index"), (self.dense, "meaning index")):
            applied = self.record.stamp(leg.name).applied
            sound = leg.sound(self.record)
            behind = self.record.last_seq() - (applied if sound else 0)
            if sound and not behind:
                continue
            state = "behind" if sound else "missing or damaged"
            if behind > LITTLE:
                notice(f"the {name} is {state}; mend it with: footnote doctor --repair")
                continue
            try:
                with writer(self.record.folder, "ask"):
                    leg.catch_up(self.record)
                notice(f"the {name} was {state} and has been brought level")
            except CorpusLocked:
                notice(
                    f"the {name} is {state} and the corpus is being written; "
                    "mend it later with: footnote doctor --repair"
                )
            except StoreError as error:
                notice(f"the {name} is {state} and could not be mended: {error.message}")

    def spelled(self, question: str) -> str:
        """The question with words that stand nowhere written as the nearest ones that do; as it is without an index."""
        doubted = spelling.doubtful(question)
        if not doubted:
            return question
        try:
            self.lexical.open(self.record)
            unknown = [word for word in doubted if self.lexical.unknown(word)]
            mended = {word: right for word in unknown if (right := self._meant(word))}
        except IndexDamaged:  # `search` says so and answers from the other leg
            return question
        return re.sub(r"\w+", lambda match: mended.get(match.group(), match.group()), question)

    def _meant(self, word: str) -> str | None:
        """The word of the corpus that a misspelt one was meant to be, as the corpus writes it most often."""
        near = self.lexical.alike(word, spelling.mistakes(word), LIKENESSES)
        texts = (f"{passage.document.title} {passage.text}" for passage in self.record.passages(near))
        written = Counter(form for text in texts for form in _WORD.findall(text))
        forms = {tokens(form)[0]: form for form, _ in reversed(written.most_common())}
        meant = spelling.nearest(word, forms)
        return forms[meant] if meant else None

    def search(self, query: Query) -> Found:
        """The best passages for a query. Raises IndexDamaged when neither leg can answer."""
        allowed = self.record.allowed(query.filters)
        if allowed is not None and not allowed:
            return Found()
        missing: list[str] = []
        words = self._words(query, allowed, missing)
        means = self._means(query, allowed, missing)
        if words is None and means is None:
            raise IndexDamaged("Both indexes are missing or damaged.", "Rebuild them with: footnote doctor --repair")
        ids = list(dict.fromkeys([key for key, _ in words or []] + [key for key, _ in means or []]))
        facts = self.record.hashes(ids)
        ids = [key for key in ids if key in facts]
        if not ids:
            return Found(missing=tuple(missing))
        cosines = self._cosines(query, facts, dict(means or []))
        if words is None:
            texts = {p.id: f"{p.document.title}\n{p.text}" for p in self.record.passages(ids)}
            score, idf = lexical.scores(texts, query)
            words, rarity = sorted(score.items(), key=lambda pair: -pair[1]), idf
        else:
            idf, rarity = self.lexical.idf(query), self.lexical.rarity(query)
        bm25 = {key: value for key, value in words if key in facts}
        fused = blend(ids, bm25, cosines)
        if query.around:
            fused = {
                key: value * max(nearness(facts[key][2], time) for time in query.around) for key, value in fused.items()
            }
        elif query.recent and query.filters.as_of:
            fused = {key: value * recency(facts[key][2], query.filters.as_of) for key, value in fused.items()}
        best = sorted(ids, key=lambda key: (-fused[key], key))
        passages = self._collapse(best, fused, query.k)
        if not passages:  # a writer has just retired them all
            return Found(missing=tuple(missing))
        agreement = cosines[passages[0].id] - max(cosines.values())
        return Found(tuple(passages), agreement, idf, rarity, tuple(missing), query.filters.as_of)

    def _words(
        self, query: Query, allowed: Mapping[int, str] | None, missing: list[str]
    ) -> list[tuple[int, float]] | None:
        """The lexical leg's hits, or None with a sentence in `missing`."""
        try:
            self.lexical.open(self.record)
            return self.lexical.search(query, POOL, None if allowed is None else set(allowed.values()))
        except IndexDamaged as error:
            missing.append(f"{error.message}; searched by meaning only (mend it with: footnote doctor --repair)")
            return None

    def _means(
        self, query: Query, allowed: Mapping[int, str] | None, missing: list[str]
    ) -> list[tuple[int, float]] | None:
        """The dense leg's hits, or None with a sentence in `missing`."""
        try:
            self.dense.open(self.record)
            return self.dense.search(query, POOL, None if allowed is None else list(allowed))
        except IndexDamaged as error:
            missing.append(f"{error.message}; searched by words only (mend it with: footnote doctor --repair)")
            return None

    def _cosines(
        self, query: Query, facts: Mapping[int, tuple[str, str, str | None]], known: Mapping[int, float]
    ) -> dict[int, float]:
        """Every candidate's cosine: the dense leg's, else from the vector that the record keeps, else 0."""
        rest = {key: fact[0] for key, fact in facts.items() if key not in known}
        kept = self.record.vectors(self.embedding.stamp, rest.values()) if rest else {}
        asked = self.dense.vector(query)
        found = {key: known[key] for key in facts if key in known}
        for key, text_hash in rest.items():
            vector = kept.get(text_hash)
            found[key] = float(np.frombuffer(vector, FLOAT) @ asked) if vector else 0.0
        return found

    def _collapse(self, best: Sequence[int], fused: Mapping[int, float], k: int) -> list[Passage]:
        """The first `k` passages by score; one that stands word for word in another article stands for both."""
        kept: dict[str, Passage] = {}
        for start in range(0, len(best), 2 * k):
            for passage in self.record.passages(best[start : start + 2 * k]):
                key = " ".join(passage.text.split())
                if key in kept:
                    others = {document.id: document for document in (*kept[key].also_in, passage.document)}
                    others.pop(kept[key].document.id, None)
                    kept[key] = replace(kept[key], also_in=tuple(others.values()))
                elif len(kept) < k:
                    kept[key] = replace(passage, score=fused[passage.id])
            if len(kept) >= k:
                break
        return list(kept.values())


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
    age = (date.fromisoformat(as_of) - date.fromisoformat(published)).days
    weight = 0.0 if age < -3 else 0.5 ** (max(0, age) / HALF_LIFE)
    return 1 - RECENCY + RECENCY * weight


def nearness(published: str | None, around: tuple[str, str]) -> float:
    """The factor of an article's distance from the time that a question names; midway where undated."""
    if published is None:
        return 1 - AROUND / 2
    first, day, last = map(date.fromisoformat, (around[0], published, around[1]))
    outside = max(0, (first - day).days - BEFORE, (day - last).days - AFTER)
    weight: float = 0.5 ** (outside / HALF_LIFE)
    return 1 - AROUND + AROUND * weight
