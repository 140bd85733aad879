"""Nearness: which words stand for one another, by the word vectors that travel with Footnote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from store.embed import WordLlama

ALIKE = 0.38  # the least cosine at which two words may mean the same
MOST = 0.9  # what a word of another stem is worth at most


@cache
def _vectors() -> WordLlama:
    return WordLlama()


@lru_cache(maxsize=2_048)
def _of(words: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.array(_vectors().embed_documents(words), dtype=np.float32).reshape(len(words), -1)


def kin(words: Sequence[str], others: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Word → key → what another word of that key is worth in its place, in (0, 1); `others` are (word, key)."""
    if not words or not others:
        return {}
    cosines = _of(tuple(words)) @ _of(tuple(word for word, _ in others)).T
    found: dict[str, dict[str, float]] = {}
    for row, column in zip(*np.nonzero(cosines >= ALIKE), strict=True):
        key = others[column][1]
        worth = min(MOST, (float(cosines[row, column]) - 0.2) / 0.4)
        near = found.setdefault(words[row], {})
        near[key] = max(worth, near.get(key, 0.0))
    return found


def worth(near: Mapping[str, float], keys: frozenset[str]) -> float:
    """The most that any of some keys is worth."""
    return max((value for key, value in near.items() if key in keys), default=0.0)
