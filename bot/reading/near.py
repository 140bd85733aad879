"""Nearness: which words stand for one another, by the word vectors that travel with Footnote."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from store.embed import WordLlama

ALIKE = 0.45  # least cosine at which two words may mean the same
MOST = 0.8  # most worth of a word of another stem
Vectors = np.ndarray[Any, np.dtype[np.float32]]


@cache
def _words() -> WordLlama:
    return WordLlama()


@lru_cache(maxsize=2_048)
def _vectors(words: tuple[str, ...]) -> Vectors:
    return np.array(_words().embed_documents(words), dtype=np.float32).reshape(len(words), -1)


def kin(words: Sequence[str], texts: Sequence[tuple[tuple[str, str], ...]]) -> dict[str, dict[str, float]]:
    """Word → key → worth of a word of that key in its place, in (0, 1); `texts` hold words with their keys."""
    worths: dict[str, dict[str, float]] = {}
    for others in texts if words else ():
        if not others:
            continue
        cosines = _vectors(tuple(words)) @ _vectors(tuple(word for word, _ in others)).T
        for row, column in zip(*np.nonzero(cosines >= ALIKE), strict=True):
            (other, key), word = others[column], words[row]
            if other == word:
                continue
            near = worths.setdefault(word, {})
            near[key] = max(min(MOST, (float(cosines[row, column]) - 0.2) / 0.4), near.get(key, 0.0))
    return worths


def worth(near: Mapping[str, float], keys: frozenset[str]) -> float:
    """The highest worth of some keys."""
    if not near or keys.isdisjoint(near):
        return 0.0
    return max(value for key, value in near.items() if key in keys)
