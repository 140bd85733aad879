"""Tokens: the words, numbers and signs of a sentence."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.lists import listed
from store.words import STOP

NEGATIONS = listed("negations")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: as written, folded, and the key under which it is compared."""

    raw: str
    folded: str
    key: str
    first: bool = False  # opens its sentence
    number: bool = False  # is a number in digits
    iso: bool = False  # is a day such as 2010-04-20

    @property
    def content(self) -> bool:
        return bool(self.key) and self.folded not in STOP and self.folded not in NEGATIONS

    @property
    def capital(self) -> bool:
        initials = len(self.raw) > 1 and self.raw.isupper()  # "US" and "WHO" are names, whatever they fold to
        return self.raw[:1].isupper() and (initials or self.folded not in STOP)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word in lower case without accents or a possessive ending."""
    word = word.replace("’", "'").casefold()
    if not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    return word[:-2] if word.endswith("'s") else word.removesuffix("'")


def owns(token: Token, *, plural: bool = True) -> bool:
    """Whether a word ends in a possessive: "'s", or if `plural` the bare apostrophe of "workers'"."""
    return token.raw.replace("’", "'").endswith(("'s", "'") if plural else "'s")


def negative(token: Token) -> bool:
    """Whether the word itself denies: "not", "never", "didn't", "without"."""
    return token.folded in NEGATIONS or token.folded.endswith("n't")
