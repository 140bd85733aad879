"""Answers against gold strings, as SQuAD's own script compares them (Rajpurkar et al. 2016)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

_ARTICLES = frozenset(("a", "an", "the"))


def words(text: str) -> list[str]:
    """A text's words as SQuAD compares them: lower case, no punctuation, no articles."""
    kept = "".join(
        " " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in unicodedata.normalize("NFKC", text)
    )
    return [word for word in kept.casefold().split() if word not in _ARTICLES]


def contains(text: str, answers: Iterable[str]) -> bool:
    """Whether any answer stands in a text, word for word after `words`."""
    held = f" {' '.join(words(text))} "
    return any(f" {' '.join(answer)} " in held for answer in map(words, answers) if answer)


def exact(text: str, answers: Iterable[str]) -> float:
    """1 where a text is an answer, after `words`."""
    return float(words(text) in [words(answer) for answer in answers])


def word_f1(text: str, answers: Iterable[str]) -> float:
    """The best F1 of a text's words against any answer's, each counted as often as it stands."""
    return max((_shared(Counter(words(text)), Counter(words(answer))) for answer in answers), default=0.0)


def _shared(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
