"""Comparison: a written sentence beside a span of an article, and the weighted share of its words that the span has."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

from bot.reading.claims import Claims, past
from bot.reading.figures import relative
from bot.reading.near import worth
from store.words import background

Near = Mapping[str, Mapping[str, float]]  # word → key → worth of a word of that key in its place


class Word(NamedTuple):
    """A content word that evidence is wanted for: its key, its weight, and the keys that may stand for it."""

    key: str
    weight: float
    near: Mapping[str, float]


@dataclass(frozen=True)
class Comparison:
    """A sentence and a span of an article, with what the guards need to know of both."""

    words: str  # the sentence as written
    claims: Claims  # the sentence's
    span: tuple[Claims, ...]  # those of each sentence of the span
    before: tuple[Claims, ...]  # the sentence before the span, that its "he" or "it" may lean on
    article: tuple[Claims, ...]  # those of the article's title, outlet and published day
    published: str | None
    whole: tuple[Claims, ...]  # every sentence of the article, which tells who "Siraj" is in full
    passages: tuple[str, ...]  # the article's title and passages, in which quotations are looked up
    capitals: frozenset[str]  # names of the passages found
    near: Near

    @property
    def facts(self) -> tuple[Claims, ...]:
        return (*self.span, *self.article)

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """The keys of the whole article."""
        return frozenset(key for claims in (*self.whole, *self.article) for key in claims.keys)

    @cached_property
    def lowercase(self) -> frozenset[str]:
        """The keys of words that the article writes without a capital."""
        return frozenset(token.key for claims in self.whole for token in claims.tokens if token.raw.islower())

    @cached_property
    def relative(self) -> tuple[tuple[int, int, int], ...]:
        """(year, month or 0, day or 0) of what the span dates by the article's day: "yesterday", "last month"."""
        return tuple(one for row in self.span for one in relative(row.tokens, self.published)) if self.published else ()

    def plain(self, claims: Claims) -> list[Word]:
        """The content words of a part of the sentence that are neither names nor numbers."""
        named = {self.claims.tokens[place].key for place, _ in self.claims.names}
        return [word for word in wanted(claims, self.near) if word.key not in named and word.key.isalpha()]


@cache
def weight(key: str) -> float:
    """The IDF of a word in general news, scaled to [0, 1]."""
    return min(1.0, math.log(1 / background().get(key, 1e-4)) / math.log(1e4))


def wanted(claims: Claims, near: Near) -> list[Word]:
    """The content words, each with the words that may stand for it; a name or a number only for itself."""
    names = {place for place, _ in claims.names if not claims.tokens[place].first}
    return [
        Word(token.key, weight(token.key), {} if place in names else near.get(token.folded, {}))
        for place, token in enumerate(claims.tokens)
        if token.content
    ]


def share(words: Sequence[Word], keys: frozenset[str], told: frozenset[str] = frozenset()) -> float:
    """The weighted share of some words that stands among the keys, itself or as a word near it."""
    total = sum(word.weight for word in words)
    held = sum(
        word.weight * (1.0 if word.key in keys or word.key in told else worth(word.near, keys) if word.near else 0.0)
        for word in words
    )
    return held / total if total else 0.0


def predicate(claims: Claims) -> Claims:
    """The words from the first verb in the past on; all where there is none."""
    verbs = (at for at, token in enumerate(claims.tokens) if at and token.raw.islower() and past(token))
    return part(claims, next(verbs, 0), len(claims.tokens))


def part(claims: Claims, start: int, end: int) -> Claims:
    """The tokens from one place to another, with their names and hedged places."""
    names = tuple((at - start, name) for at, name in claims.names if start <= at < end)
    hedged = frozenset(at - start for at in claims.hedged if start <= at < end)
    return replace(claims, tokens=claims.tokens[start:end], names=names, hedged=hedged)


def grams(keys: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """The runs of some keys of one size."""
    return zip(*(keys[shift:] for shift in range(size)), strict=False)


def common(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest common subsequence, by the bits of whole numbers (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, key in enumerate(left):
        places[key] = places.get(key, 0) | 1 << place
    full = (1 << len(left)) - 1
    bits = full
    for key in right:
        hits = bits & places.get(key, 0)
        bits = ((bits + hits) | (bits - hits)) & full
    return len(left) - bits.bit_count()
