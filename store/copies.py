"""Copies: how much of two texts is the same words, and which of their sentences say the same.

A text is the set of hashes of its word shingles. Its sketch is the least of them: a MinHash by one hash function, from
which containment can be told too (Broder, On the resemblance and containment of documents, 1997). Of a brief the sketch
is the whole set.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from store.identity import dice
from store.split import sentences
from store.words import ENTITY, MONTHS, SCALES, STOP, TENS, UNITS, WEEKDAYS, contraries, folded, listed

WIDTH = 3  # words of a shingle
SAMPLED = 16  # of all shingles one in so many belongs to a sketch
LEAST = 48  # and these many least ones in any case

HELD = 0.85  # of a copy: least share of its words in sentences that the longer text has too; see `evals.fit.copies`
CHANGED = 0.02  # of a copy: most share of its sentences that the longer text has with other figures, names or days
LENGTH = 0.2  # of a copy: least length, as a share of the longer text's
CLOSE = 0.5  # of a copy: least share of its shingles that stand in the longer text; its sentences are then looked at
SHARED = 0.3  # of a partial copy: least share of its shingles that stand in the longer text

ALIGNED = 0.7  # least share of common words (Dice) of two sentences on one thing, figures and names left aside
SAME = 0.75  # the same, of two sentences that say the same
NEAR = 3  # sentences that one is compared with

Relation = Literal["copy", "partial", "none"]
Hashes = NDArray[np.uint64]

_KNOWN = 0x3000  # code points that are told apart; those above count as one letter
_FOLDED = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u206f\ufb00-\ufb06\ufeff\uff01-\uff5e]")
"""What only `folded` makes one way to write a word; it takes its time."""
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_FIGURES = {word: str(n) for n, word in enumerate(UNITS) if n > 1} | {word: f"{n}0" for n, word in enumerate(TENS, 2)}
_FIGURES |= {word: str(n) for word, n in SCALES.items()}
_DAYS = frozenset((*MONTHS, *WEEKDAYS))
_STEP = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2^64


# -- texts -----------------------------------------------------------------------------------------


def shingles(text: str) -> Hashes:
    """The hashes of a text's word shingles, in order, each once; of a text of few words, that of all its words."""
    words = _hashed_words(folded(text) if _FOLDED.search(text) or ENTITY.search(text) else text)
    width = min(WIDTH, len(words))
    if not width:
        return words
    count = len(words) - width + 1
    joined = np.zeros(count, np.uint64)
    for at in range(width):
        joined = joined * np.uint64(_STEP) + words[at : count + at]
    return _distinct(_mixed(joined))


def _hashed_words(text: str) -> Hashes:
    """A hash for each word of a text without regard to case: a polynomial over its letters, taken for all at once."""
    points = np.frombuffer(text.casefold().encode("utf-32-le", "surrogatepass"), np.uint32)
    points = np.minimum(points, _KNOWN)
    letters, in_word = _alphabet()
    edges = np.flatnonzero(np.diff(in_word[points], prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    up, down = _powers(_STEP, len(points)), _powers(pow(_STEP, -1, 2**64), len(points))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(letters[points] * up)))
    hashed: Hashes = (sums[ends] - sums[starts]) * down[starts]
    return hashed


@cache
def _alphabet() -> tuple[Hashes, NDArray[np.bool_]]:
    """A hash of each code point, and whether it is a letter or a digit."""
    points = np.arange(1, _KNOWN + 2, dtype=np.uint64)
    return _mixed(points), np.array([*(chr(point).isalnum() for point in range(_KNOWN)), True])


def _powers(base: int, count: int) -> Hashes:
    """The powers of a base from 0 on, modulo 2^64."""
    size = 1 << max(12, count.bit_length())
    return _all_powers(base, size)[:count]


@cache
def _all_powers(base: int, size: int) -> Hashes:
    powers = np.full(size, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def _mixed(values: Hashes) -> Hashes:
    """Values spread over all of 64 bits (the finalizer of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _distinct(values: Hashes) -> Hashes:
    values = np.sort(values)
    return values[np.concatenate(([True], values[1:] != values[:-1]))]


def sketch(hashes: Hashes) -> Hashes:
    """The least of a text's hashes: one in SAMPLED, at least LEAST of them."""
    return hashes[: max(LEAST, int(np.searchsorted(hashes, np.uint64(2**64 // SAMPLED))))]


def common(one: Hashes, other: Hashes) -> int:
    """How many hashes two ordered sets have in common."""
    short, long = sorted((one, other), key=len)
    if not len(short):
        return 0
    at = np.minimum(np.searchsorted(long, short), len(long) - 1)
    return int((long[at] == short).sum())


# -- sentences -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it is compared: its words, and among them those on which its sense hangs."""

    words: Counter[str]
    plain: Counter[str]  # the words that are no figure, no name and no day
    figures: tuple[str, ...]  # in order, as are the names
    names: tuple[str, ...]
    days: frozenset[str]
    turns: frozenset[str]  # words that turn the sense of a sentence: not, may


def said(text: str) -> list[Said]:
    """The sentences of a text, as they are compared."""
    return [_said(text[start:end]) for start, end in sentences(text)]


def _said(sentence: str) -> Said:
    plain, figures, names, days = list[str](), list[str](), list[str](), list[str]()
    for at, match in enumerate(_WORD.finditer(folded(sentence))):
        form = match[0]
        word = form.casefold()
        if figure := word.replace(",", "") if word[0].isdigit() else _FIGURES.get(word, ""):
            figures.append(figure)
        else:
            is_name = form[0].isupper() and (at or word not in STOP)
            (days if word in _DAYS else names if is_name else plain).append(word)
    words = Counter([*plain, *figures, *names, *days])
    return Said(words, Counter(plain), tuple(figures), tuple(names), frozenset(days), _turns() & words.keys())


@cache
def _turns() -> frozenset[str]:
    return listed("turns.txt")


@cache
def _contrary() -> dict[str, frozenset[str]]:
    """Words that exclude a word."""
    others: dict[str, frozenset[str]] = defaultdict(frozenset)
    for left, right in contraries():
        for words, opposite in ((left, right), (right, left)):
            for word in words:
                others[word] |= opposite
    return dict(others)


def same(one: Said, other: Said) -> bool:
    """Whether two sentences say the same: the same figures, no other name or day, and nearly the same words."""
    return (
        one.figures == other.figures
        and one.turns == other.turns
        and _in_order(one.names, other.names)
        and not _apart(one.names, other.names)
        and not _apart(one.days, other.days)
        and dice(one.words, other.words) >= SAME
        and not any(_contrary().get(word, frozenset()) & other.words.keys() for word in one.words - other.words)
    )


def differ(one: Said, other: Said) -> bool:
    """Whether two sentences say one thing with other figures, names or days."""
    pairs = (one.figures, other.figures), (one.names, other.names), (one.days, other.days)
    return any(_apart(*pair) for pair in pairs) and dice(one.plain, other.plain) >= ALIGNED


def _apart(one: Collection[str], other: Collection[str]) -> bool:
    """Whether each of two collections has something that the other lacks."""
    return bool(set(one) - set(other)) and bool(set(other) - set(one))


def _in_order(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the words that two sequences have in common come in one order."""
    first, second = (
        [word for word in dict.fromkeys(words) if word in both] for words, both in ((one, other), (other, one))
    )
    return first == second


class Sayings:
    """The sentences of a text, looked up by their words."""

    def __init__(self, text: str) -> None:
        self.all = said(text)
        self._known = {_key(one) for one in self.all}
        self._holding: dict[str, list[Said]] = defaultdict(list)
        for one in self.all:
            for word in one.words:
                self._holding[word].append(one)

    def __contains__(self, one: Said) -> bool:
        """Whether a sentence of the text says the same."""
        return _key(one) in self._known or any(same(one, other) for other in self.near(one))

    def differs(self, one: Said) -> bool:
        """Whether a sentence of the text says one thing with it, with other figures, names or days."""
        return any(differ(one, other) for other in self.near(one))

    def near(self, one: Said) -> list[Said]:
        """The sentences that have most words in common with one."""
        shared = Counter[int]()
        by_id: dict[int, Said] = {}
        for word in one.words.keys() - STOP:
            for other in self._holding.get(word, ()):
                shared[id(other)] += 1
                by_id[id(other)] = other
        return [by_id[key] for key, _ in shared.most_common(NEAR)]


def _key(one: Said) -> Hashable:
    return frozenset(one.words.items()), one.figures, one.names


# -- two texts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of the shorter of two texts stands in the longer one, as shares."""

    shared: float  # of its shingles
    length: float  # its shingles, of those of the longer one
    held: float = 0.0  # of its words, those in sentences that the longer one has too
    changed: float = 0.0  # of its sentences, those that the longer one has with other figures, names or days

    @property
    def relation(self) -> Relation:
        """A copy, a partial copy, or none."""
        if self.length >= LENGTH and self.held >= HELD and self.changed <= CHANGED:
            return "copy"
        return "partial" if self.shared >= SHARED else "none"


class Text:
    """A text as it is compared, with its sentences once they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.shingles = shingles(text)

    @cached_property
    def sayings(self) -> Sayings:
        return Sayings(self._text)


def likeness(one: Text, other: Text) -> Likeness:
    """How alike two texts are. Sentences are looked at only where shingles leave a copy possible."""
    short, long = sorted((one, other), key=lambda text: len(text.shingles))
    if not len(short.shingles):
        return Likeness(0.0, 0.0)
    shared, length = (
        common(short.shingles, long.shingles) / len(short.shingles),
        len(short.shingles) / len(long.shingles),
    )
    if shared < CLOSE or length < LENGTH:
        return Likeness(shared, length)
    kept, changed, words = 0, 0, 0
    for one_said in short.sayings.all:
        size = one_said.words.total()
        words += size
        if one_said in long.sayings:
            kept += size
        elif long.sayings.differs(one_said):
            changed += 1
    return Likeness(shared, length, kept / max(1, words), changed / max(1, len(short.sayings.all)))
