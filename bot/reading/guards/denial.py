"""Guards over negation: the sentence denies what the span says, or says what it denies, or the contrary."""

import re
from collections.abc import Sequence

from bot.reading.claims import DENIALS, Claims, present
from bot.reading.comparison import Comparison, Word, share, weight
from bot.reading.lists import listed
from store.words import contraries, stem

_AVERSE = listed("averse")  # words that deny without a negation
_NOT = re.compile(r"(?:un|im|in|ir|dis)(\w{4,60})$")
_CONTRARIES = contraries()


def crossed(compared: Comparison) -> bool:
    """Whether the sentence denies what the span asserts, or asserts what it denies."""
    claims, span = compared.claims, compared.span
    if not claims.negated and any(token.folded in _AVERSE for token in claims.tokens):
        return False
    crossing = [_undenied(claims, row) | _undenied(row, claims) for row in span]
    words = set[str]().union(*crossing)
    others = [row for row, own in zip(span, crossing, strict=True) if not own]
    if words and not any(words & set(row.keys) for row in others):
        return True  # no other sentence of the span has those words in the same sense
    return not claims.negated and any(_asserted(claims, row) for row in span)


def _undenied(left: Claims, right: Claims) -> set[str]:
    """The words denied directly in `left` that `right` has, undenied throughout; none if `left` has them undenied."""
    hits = {left.tokens[hit].key for _, hit in left.negated if hit >= 0}
    free = {token.key for place, token in enumerate(left.tokens) if place not in left.denied}
    undenied = set()
    for key in hits - free:
        places = [place for place, token in enumerate(right.tokens) if token.key == key]
        if places and not any(place in right.denied for place in places):
            undenied.add(key)
    return undenied


def unheard(compared: Comparison) -> bool:
    """Whether the sentence denies something of which the span denies no word, and does not assert it either."""
    claims = compared.claims
    return bool(claims.negated) and not _echoed(claims, compared.span) and not crossed(compared)


def _echoed(claims: Claims, span: Sequence[Claims]) -> bool:
    """Whether something in the span denies a word that the sentence denies."""
    reached = {token.key for place, token in enumerate(claims.tokens) if place in claims.denied and token.content}
    words = {token.key for token in claims.tokens if token.folded in DENIALS}
    for row in span:
        if any(token.folded in _AVERSE or token.key in words for token in row.tokens):
            return True
        if any(row.tokens[place].key in reached for place in row.denied if place < len(row.tokens)):
            return True
        negated = (_NOT.match(token.folded) for token in row.tokens)
        if any(match and stem(match.group(1)) in reached for match in negated):
            return True
    return False


def _asserted(claims: Claims, row: Claims) -> bool:
    """Whether a clause of a sentence that denies nothing says mostly what the span's sentence denies."""
    reach = frozenset(row.tokens[place].key for at, _ in row.negated for place in row.denied if place > at)
    if not reach or any(token.folded in _AVERSE or _NOT.match(token.folded) for token in claims.tokens):
        return False
    opening = min(at for at, _ in row.negated)
    before = {token.key for token in row.tokens[:opening]} - reach
    clause: list[Word] = []
    for token in (*claims.tokens, None):
        if token is None or token.folded in (",", "that", "and", "but"):
            if len(clause) >= 2 and share(clause, reach) >= 0.6:
                return True
            clause = []
        elif token.content and token.key not in before:
            clause.append(Word(token.key, weight(token.key), {}))
    return False


def contrary(compared: Comparison) -> bool:
    """Whether a word has its contrary, and nothing like itself, in the span's sentence nearest to its own."""
    said = _forms(compared.claims)
    pairs = [pair for both in _CONTRARIES for pair in (both, both[::-1]) if said & pair[0]]
    if not pairs:
        return False
    told = frozenset().union(*map(_forms, compared.span))
    keys = set(compared.claims.keys)
    nearest = _forms(max(compared.span, key=lambda claims: len(set(claims.keys) & keys)))
    if "since" in said ^ told:
        pairs = [pair for pair in pairs if "first" not in pair[0] | pair[1]]  # "first since May", "the last was in May"
    return any(not told & own and not said & other and nearest & other for own, other in pairs)


def _forms(claims: Claims) -> frozenset[str]:
    """The words, and of a verb such as "fallen" its present too."""
    return frozenset(form for token in claims.tokens for form in (token.folded, present(token)))
