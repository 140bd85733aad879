"""Lists: the word lists and patterns that lie beside these modules."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from store.words import stem


@cache
def rows(name: str) -> tuple[str, ...]:
    """The lines of a list without its comments; one that lies elsewhere is named by its whole path."""
    lines = Path(__file__).parent.joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def table(name: str) -> dict[str, list[str]]:
    """Key → the texts of a list's lines "key | text"."""
    texts: dict[str, list[str]] = {}
    for row in rows(name):
        key, _, text = row.partition(" | ")
        texts.setdefault(key, []).append(text)
    return texts


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list of `words.txt`."""
    return frozenset(" ".join(table("words.txt")[name]).split())


@cache
def stems(name: str) -> frozenset[str]:
    """The stems of the words of one list."""
    return frozenset(map(stem, listed(name)))


def heads(name: str) -> dict[str, str]:
    """Word → the first one of its line."""
    return {word: row.split()[0] for row in rows(name) for word in row.split()}


def nations(names: Collection[str]) -> set[str]:
    """Some keys, with one for all names of a country or people ("British", "UK", "United Kingdom")."""
    one = {_peoples().get(key, key) for key in names}
    for words, head in (({"unit", "kingdom"}, "britain"), ({"unit", "state"}, "us")):
        one = one - words | {head} if words <= one else one
    return one


@cache
def _peoples() -> dict[str, str]:
    """The stem of each name of a country or people → its first name."""
    return {stem(word): stem(first) for word, first in heads("peoples.txt").items()}
