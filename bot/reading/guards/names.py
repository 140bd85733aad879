"""Guards over names: each stands there as the sentence uses it, and with what it is said to be."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.reading.claims import BEING, Claims, hedge, past
from bot.reading.comparison import Comparison
from bot.reading.lists import heads, listed
from bot.reading.near import worth
from bot.reading.token import Token, owns
from store.words import STOP, stem, vocabulary

_ENDINGS = listed("endings")
_SAME = heads("peoples.txt")
_ADVERBS = listed("adverbs")
_APPOSED = frozenset("a an the its his her their our whose who which".split())
"""Words with which an apposition or a clause about a name begins."""
EVEN = listed("even")  # words round which names may change places


def missing(compared: Comparison) -> bool:
    """Whether a name stands there neither as itself nor as its people ("Egyptian", "Egypt") nor as initials ("NOAA").

    A first name may stand elsewhere in the article, before the family name that stands there.
    """
    claims, facts = compared.claims, (*compared.before, *compared.facts)
    words = {token.folded.rstrip(".") for fact in facts for token in fact.tokens}
    initials = _initials_of(compared.span)
    for place, name in claims.names:
        if claims.tokens[place].first and not (named(compared, place) or _stranger(compared, place)):
            continue
        if name in words or any(_kin(name, word) for word in words):
            continue
        if not (
            _initials(claims.tokens[place], initials)
            or _spelt(claims, place, facts)
            or _in_full(claims, place, words, compared.whole)
        ):
            return True
    return not all(_together(claims, left, right, facts) for (left, _), (right, _) in pairwise(claims.names))


def _stranger(compared: Comparison, place: int) -> bool:
    """Whether the word that opens a sentence stands where a name would, and the article has it nowhere.

    A name stands before a verb, a comma or "and", or ends in a possessive; so may adverbs and plurals, which are told
    by their form and by having words near them in the article.
    """
    token, article = compared.claims.tokens[place], compared.everywhere
    following = compared.claims.tokens[place + 1 : place + 3]
    if not token.content or token.key in article or token.folded in _ADVERBS:
        return False
    if not following or owns(token, plural=False) or past(following[0]) or hedge(following[0]):
        return True
    word = following[0].folded
    if word == "and" and any(other.capital for other in following[1:]):
        return True
    if word == "," and any(other.folded in _APPOSED or owns(other, plural=False) for other in following[1:]):
        return not _adverb(token.folded)  # "Boeing, its director, said"
    if _adverb(token.folded) or token.folded.endswith("ing"):
        return False
    if token.key in vocabulary() and worth(compared.near.get(token.folded, {}), article):
        return False  # a word that is in no vocabulary is near others by its letters alone
    return word in BEING or word in (",", "and") or (word.endswith("s") and following[0].raw.islower())


def _adverb(word: str) -> bool:
    """Whether a word is a common one with "-ly" behind it ("recently", not "Mattingly")."""
    return word.endswith("ly") and stem(word) == stem(word[:-2]) and stem(word) in vocabulary()


def _in_full(claims: Claims, place: int, words: set[str], whole: Sequence[Claims]) -> bool:
    """Whether a name is of a longer one of which the span has the last part and the article the whole."""
    names, run = dict(claims.names), list[str]()
    while place + len(run) in names and (not run or run[-1] not in words):
        run.append(names[place + len(run)])
    if run[-1] not in words:
        return False
    rows = [dict(row.names) for row in whole]
    return any([row.get(at + step) for step in range(len(run))] == run for row in rows for at in row)


def _initials_of(span: Sequence[Claims]) -> str:
    """The first letters of a span's names in their order, a dot for each other word of weight."""
    tokens = (token for claim in span for token in claim.tokens if token.key and token.folded not in STOP)
    return "".join(token.folded[0] if token.capital else "·" for token in tokens)


def _initials(token: Token, initials: str) -> bool:
    """Whether a word in capitals ("NOAA") is made of the first letters of names that follow one another."""
    letters = re.sub(r"['’]s$", "", token.raw)
    return letters.isupper() and len(letters) > 2 and letters.casefold() in initials


def _spelt(claims: Claims, place: int, facts: Sequence[Claims]) -> bool:
    """Whether a name is one of three or more in a row of which the span has the first letters ("ADL")."""
    names = dict(claims.names)
    start, end = place, place + 1
    while start - 1 in names:
        start -= 1
    while end in names:
        end += 1
    letters = "".join(names[at][0] for at in range(start, end))
    return end - start > 2 and any(token.raw.isupper() and token.folded == letters for f in facts for token in f.tokens)


def _together(claims: Claims, left: int, right: int, facts: Sequence[Claims]) -> bool:
    """Whether two names that stand side by side do so there too: "Evo Mamani" is neither Morales nor Mamani."""
    first, second = claims.tokens[left], claims.tokens[right]
    if right != left + 1 or (first.first and first.folded not in {t.folded for f in facts for t in f.tokens}):
        return True
    if owns(first):
        return True  # "Japan's Shoei": the one owns the other
    others = False
    for fact in facts:
        row = [token for token in fact.tokens if token.key]
        for place, token in enumerate(row):
            if token.key == first.key or _kin(token.key, first.folded):
                if second.key in [word.key for word in row[place + 1 : place + 4]]:
                    return True
                others |= place + 1 < len(row) and row[place + 1].capital
            elif token.key == second.key and place:
                others |= row[place - 1].capital
    return not others


def displaced(compared: Comparison) -> bool:
    """Whether the two words before a name have another name behind them in the span, and never this one.

    "the president of Chile" against "President Morales ... the president of Bolivia".
    """
    claims, initials = compared.claims, _initials_of(compared.span)
    for place, name in claims.names:
        if _initials(claims.tokens[place], initials):
            continue
        before = [token.folded for token in claims.tokens[max(0, place - 3) : place] if token.folded != "the"][-2:]
        if len(before) < 2 or "," in before or set(before) <= STOP or before[-1] in EVEN:
            continue
        rivals = [other for row in compared.span for other in _behind(row, before)]
        if any(token.folded in row[:1] for row in rivals for token in claims.tokens[place + 1 : place + 4]):
            continue  # "Siraj" in full, or "Saudi-backed LIV" for "LIV"
        if rivals and all(name not in row and not any(_kin(name, word) for word in row) for row in rivals):
            return True
    return False


def _behind(claims: Claims, before: Sequence[str]) -> Iterator[list[str]]:
    """The names that follow two words wherever these stand, each with the words next to it."""
    words = [(token.folded, token.capital) for token in claims.tokens if token.key and token.folded != "the"]
    for place in range(len(words) - 2):
        if [words[place][0], words[place + 1][0]] == before and words[place + 2][1]:
            yield [word.rstrip(".") for word, _ in words[place + 2 : place + 8]]


def named(compared: Comparison, place: int) -> bool:
    """Whether the word that opens a sentence is a name: known as one, or next to one and nowhere in small letters."""
    token, following = compared.claims.tokens[place], compared.claims.tokens[place + 1 : place + 2]
    beside = any(other.capital for other in following) and token.key not in compared.lowercase
    return token.folded in compared.capitals or beside or token.raw.isupper()


def _kin(name: str, word: str) -> bool:
    """Whether two names are of one thing: Egypt, Egyptian; France, French."""
    if name in _SAME and _SAME[name] == _SAME.get(word):
        return True
    short, long = sorted((name, word), key=len)
    if len(short) < 4 or len(long) - len(short) > 4:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return same >= max(4, len(short) - 1) and long[same:] in _ENDINGS
