"""Spelling: a word that stands in no article becomes the one that was meant, where there is one near enough."""

from __future__ import annotations

import re
from collections.abc import Iterable

from store.words import STOP, background, stem, tokens

SHORT, LONG = 5, 8  # letters below which only a swap is mended, and from which two mistakes are
CHANGED = 2  # mistakes that a changed letter counts for
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{4,}(?![\w-])")


def doubtful(question: str) -> list[str]:
    """Words of a question that may be misspelt: no words of general news, and no names, for other names are near."""
    found = []
    for word in _WORD.findall(question):
        match tokens(word):
            case [token] if word.islower() and token not in STOP and stem(token) not in background():
                found.append(word)
    return found


def nearest(word: str, among: Iterable[str]) -> str | None:
    """Of some words (tokens) the one that a misspelt one was meant to be, None where none is near enough.

    It begins alike. Of several at one distance: the one of the same letters, then one that has a letter more, then
    the first given.
    """
    (wrong,) = tokens(word)
    most = mistakes(wrong)
    near = {}
    for token in among:
        swapped = sorted(wrong) == sorted(token)
        if token[0] == wrong[0] and abs(len(token) - len(wrong)) <= most and (swapped or len(wrong) >= SHORT):
            far = distance(wrong, token)
            if 0 < far <= most:
                near[token] = (far, not swapped, not _within(wrong, token))
    return min(near, key=lambda token: near[token]) if near else None


def mistakes(token: str) -> int:
    """How many mistakes a word may have."""
    return 2 if len(token) >= LONG else 1


def _within(word: str, other: str) -> bool:
    """Whether a word's letters stand in another one in that order."""
    rest = iter(other)
    return all(letter in rest for letter in word)


def distance(one: str, other: str) -> int:
    """Letters to put in, leave out or swap with their neighbour to make one word of another; a change counts twice.

    A letter changed makes another word more often than a slip of the pen ("bees", "been"). Source: the optimal string
    alignment distance (Damerau 1964), with that weight.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + CHANGED * (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
