"""Guards over wording: each part of a sentence has words of its own in the span, and quotation marks hold true."""

import re
from dataclasses import replace

from bot.reading import quotes
from bot.reading.claims import Claims, Token, read
from bot.reading.comparison import Comparison, Near, Word, part, predicate, share, wanted
from bot.reading.lists import listed
from bot.reading.near import worth
from store.words import stem

RUN = 2.0  # most total weight that a run of consecutive content words missing from the span may have
CLAUSE, PREDICATE, KIND = 0.25, 0.12, 0.45
"""Least weighted share of words seen: of each clause, of the words from the verb on, of "is a …"."""
SHORT, FEW = 2, 0.55  # where a clause has at most so many words beside its names, the least share of them seen
_CLAUSES = re.compile(r"[,;:]\s+(?=(?:which|who|whose|where|while|and|but|because|so|as|with)\b)|;\s+| [–—] ")
_EXTREME = re.compile(r"(?:\w{2,60}est|worst|best|ever|record|unprecedented)$")
_PLAIN_EST = listed("plain est")


def unseen(compared: Comparison) -> bool:
    """Whether a part of the sentence has too few of its words in the span; names alone support nothing."""
    claims, told = compared.claims, compared.told
    plain, verb = compared.plain(claims), compared.plain(predicate(claims))
    if plain and share(plain, told) < (FEW if len(plain) <= SHORT else CLAUSE):
        return True
    if len(verb) > 1 and share(verb, told) < PREDICATE:
        return True
    kind = _what_it_is(compared)
    if _unseen_run(claims, told, compared.near) > RUN or (kind and share(kind, told) < KIND):
        return True
    clauses = (wanted(read(clause), compared.near) for clause in _CLAUSES.split(compared.words))
    return any(len(clause) >= 3 and share(clause, told) < CLAUSE for clause in clauses)


def misquoted(compared: Comparison) -> bool:
    """Whether words in quotation marks stand nowhere in the article."""
    return quotes.misquoted(compared.words, compared.passages)


def _unseen_run(claims: Claims, told: frozenset[str], near: Near) -> float:
    """The most total weight of a run of consecutive words, names aside, of which the span has none."""
    names = {claims.tokens[place].key for place, _ in claims.names}
    longest = run = 0.0
    for word in wanted(claims, near):
        unseen = 0.0 if word.key in told or not word.key.isalpha() else word.weight * (1 - worth(word.near, told))
        run = run + unseen * (word.key not in names) if unseen >= word.weight / 2 and unseen else 0.0
        longest = max(longest, run)
    return longest


def _what_it_is(compared: Comparison) -> list[Word]:
    """The words after "is a" or "was the", up to the end of the group: the kind of thing that a thing is said to be."""
    claims = compared.claims
    words = [token.folded for token in claims.tokens]
    for place in range(1, len(words) - 1):
        if words[place - 1] in ("is", "was", "are", "were") and words[place] in ("a", "an", "the"):
            end = place + 1
            while end < len(words) and (claims.tokens[end].content or words[end] == "most"):
                end += 1
            named = {claims.tokens[at].key for at, _ in claims.names}
            group = wanted(replace(part(claims, place + 1, end), names=()), compared.near)
            return [word for word in group if word.key not in named]
    return []


def extreme(compared: Comparison) -> bool:
    """Whether a sentence calls a thing the largest, or the best ever, and the span calls nothing so."""
    claims, span, near = compared.claims, compared.span, compared.near
    keys = frozenset(token.key for claim in span for token in claim.tokens)
    extremes = [token for claim in span for token in claim.tokens if _is_extreme(token)]
    for token in claims.tokens:
        if not _is_extreme(token):
            continue
        base = {stem(token.folded[:-size]) for size in (2, 3, 4)} if len(token.folded) > 5 else set[str]()
        alike = worth(near.get(token.folded, {}), frozenset(other.key for other in extremes)) > 0
        if not (token.key in keys or base & keys or alike):
            return True
    return False


def _is_extreme(token: Token) -> bool:
    return bool(_EXTREME.match(token.folded)) and token.folded not in _PLAIN_EST and not token.raw[0].isupper()
