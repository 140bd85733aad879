"""Guards over names: each stands there as the sentence uses it, and with what it is said to be."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.reading.claims import Claims, Token
from bot.reading.comparison import Comparison
from bot.reading.lists import heads, listed
from store.words import STOP

_ENDINGS = listed("endings")
_SAME = heads("peoples.txt")
EVEN = listed("even")  # words round which names may change places


def missing(compared: Comparison) -> bool:
    """Whether a name stands there neither as itself nor as its people ("Egyptian", "Egypt") nor as initials ("NOAA").

    A first name may stand elsewhere in the article, before the family name that stands there.
    """
    claims, facts = compared.claims, (*compared.before, *compared.facts)
    words = {token.folded.rstrip(".") for fact in facts for token in fact.tokens}
    initials = _initials_of(compared.span)
    for place, name in claims.names:
        if claims.tokens[place].first and not named(claims, place, compared.capitals):
            continue
        if name in words or any(_kin(name, word) for word in words):
            continue
        if _initials(claims.tokens[place], initials) or _in_full(claims, place, words, compared.whole):
            continue
        return True
    return not all(_together(claims, left, right, facts) for (left, _), (right, _) in pairwise(claims.names))


def _in_full(claims: Claims, place: int, words: set[str], whole: Sequence[Claims]) -> bool:
    """Whether a name is the first of a pair of which the span has the second, and the article has the pair."""
    names = dict(claims.names)
    following = names.get(place + 1, "")
    if following not in words:
        return False
    for row in whole:
        others = dict(row.names)
        if any(name == names[place] and others.get(at + 1) == following for at, name in others.items()):
            return True
    return False


def _initials_of(span: Sequence[Claims]) -> str:
    """The first letters of a span's names in their order, a dot for each other word of weight."""
    tokens = (token for claim in span for token in claim.tokens if token.key and token.folded not in STOP)
    return "".join(token.folded[0] if token.capital else "·" for token in tokens)


def _initials(token: Token, initials: str) -> bool:
    """Whether a word in capitals ("NOAA") is made of the first letters of names that follow one another."""
    letters = re.sub(r"['’]s$", "", token.raw)
    return letters.isupper() and len(letters) > 2 and letters.casefold() in initials


def _together(claims: Claims, left: int, right: int, facts: Sequence[Claims]) -> bool:
    """Whether two names that stand side by side do so there too: "Evo Mamani" is neither Morales nor Mamani."""
    first, second = claims.tokens[left], claims.tokens[right]
    if right != left + 1 or (first.first and first.folded not in {t.folded for f in facts for t in f.tokens}):
        return True
    if first.raw.endswith(("'s", "’s", "'", "’")):
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
        if any(token.folded in row[:1] for row in rivals for token in claims.tokens[place + 1 : place + 2]):
            continue  # "Siraj" in full
        if rivals and all(name not in row and not any(_kin(name, word) for word in row) for row in rivals):
            return True
    return False


def _behind(claims: Claims, before: Sequence[str]) -> Iterator[list[str]]:
    """The names that follow two words wherever these stand, each with the words next to it."""
    words = [(token.folded, token.capital) for token in claims.tokens if token.key and token.folded != "the"]
    for place in range(len(words) - 2):
        if [words[place][0], words[place + 1][0]] == before and words[place + 2][1]:
            yield [word.rstrip(".") for word, _ in words[place + 2 : place + 8]]


def of_another(compared: Comparison) -> bool:
    """Whether a part ("the commander", "mayor") is given to one name here and to another, side by side, there."""
    claims, span = compared.claims, compared.span
    for place, token in enumerate(claims.tokens):
        if not token.content or token.raw[:1].isupper() or not token.key.isalpha():
            continue
        own = _beside(claims, place, copula=True)
        if not own:
            continue
        there = [_beside(claim, at) for claim in span for at, word in enumerate(claim.tokens) if word.key == token.key]
        everywhere = {name for row in span for _, name in row.names}
        if there and all(names and not names & own for names in there) and own & everywhere:
            return True
    return False


def _beside(claims: Claims, place: int, *, copula: bool = False) -> set[str]:
    """The names that a word is an apposition to: "Scobee, the commander"; with `copula` also "Scobee was the …"."""
    names = dict(claims.names)
    words = [token.folded for token in claims.tokens]
    at = place - 1
    while at >= 0 and place - at <= 4 and words[at] not in (",", "the", "a", "an"):
        if at in names:
            return set()
        at -= 1
    if at < 2 or words[at] not in ("the", "a", "an"):
        return set()
    link, end = words[at - 1], at - 1
    if not (claims.tokens[end].raw == "," or (copula and link in ("was", "is"))):
        return set()
    start = end
    while start and words[start - 1] != "," and end - start < 7:
        start -= 1
    return {name for spot, name in names.items() if start <= spot < end}


def named(claims: Claims, place: int, capitals: frozenset[str]) -> bool:
    """Whether the word that opens a sentence is a name: known as one, or next to one."""
    token = claims.tokens[place]
    following = claims.tokens[place + 1] if place + 1 < len(claims.tokens) else None
    return token.folded in capitals or bool(following and following.capital) or token.raw.isupper()


def _kin(name: str, word: str) -> bool:
    """Whether two names are of one thing: Egypt, Egyptian; France, French."""
    if name in _SAME and _SAME[name] == _SAME.get(word):
        return True
    short, long = sorted((name, word), key=len)
    if len(short) < 4 or len(long) - len(short) > 4:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return same >= max(4, len(short) - 1) and long[same:] in _ENDINGS
