"""Guards over copies: in a sentence that keeps to the span's wording, each moved, exchanged or added word counts."""

from collections.abc import Iterator
from itertools import combinations, permutations

from bot.reading.claims import Claims
from bot.reading.comparison import Comparison, steps, wanted
from bot.reading.guards.names import EVEN
from bot.reading.lists import listed
from bot.reading.near import worth
from store.words import STOP

CLOSE, OTHER = 0.85, 0.1
"""Share of words in the same order in a close copy; weight of a word there in the place of another."""
HALF, ADDED = 0.5, 0.5  # share of words in the same order in a copy; weight of added words that the article has nowhere
COPY = 0.6  # share of words in the same order from which two exchanged words tell
_WAYS = listed("ways")


def turned(compared: Comparison) -> bool:
    """Whether in the span's own wording two words have changed places, or one small word that says who does what.

    "Renters with landlords" and "landlords with renters"; "removed X tags and put on Y" and the other way round;
    "sold by" and "sold to".
    """
    keys, near = compared.claims.keys, set(_triples(compared.claims))
    for row in compared.span:
        there = row.keys
        edits = steps(keys, there)
        alike = sum(end - start for tag, start, end, _, _ in edits if tag == "equal")
        replaced = [(a, b, set(keys[a:b]), set(there[c:d])) for tag, a, b, c, d in edits if tag == "replace"]
        for (_, end, left, was_left), (start, _, right, was_right) in combinations(replaced, 2):
            exchanged = (left & was_right) - STOP and (right & was_left) - STOP
            if exchanged and alike >= COPY * len(keys) and not set(keys[end:start]) <= EVEN:
                return True
        moved = [(keys[a:b], there[c:d]) for tag, a, b, c, d in edits if tag in ("delete", "insert")]
        for (mine, _), (_, theirs) in permutations(moved, 2):
            if mine != theirs and sorted(mine) == sorted(theirs) and set(mine) - STOP and set(mine) & _WAYS:
                return True
        own = set(_triples(row))
        for first, between, second in near - own:
            if (second, between, first) in own and between not in EVEN:
                return True
            if between in _WAYS and any((first, other, second) in own for other in _WAYS):
                return True
    return False


def added(compared: Comparison) -> bool:
    """Whether a sentence keeps to the span's wording and adds words to it of which the article has none.

    In a free paraphrase every word may be another; in a copy an addition is the writer's own, and so is, in a close
    one, a word in the place of another that means something else.
    """
    claims, article = compared.claims, compared.everywhere
    tokens = [token for token in claims.tokens if token.key]
    there = [token for row in compared.span for token in row.tokens if token.key]
    edits = steps([token.key for token in tokens], [token.key for token in there])
    alike = sum(b - a for tag, a, b, _, _ in edits if tag == "equal") / (len(tokens) or 1)
    if alike < HALF:
        return False
    unseen = {
        word.key: word.weight * (1 - worth(word.near, article))
        for word in wanted(claims, compared.near)
        if word.key not in article and word.key.isalpha()
    }
    for tag, a, b, c, d in edits:
        here, place = [[t for t in row if t.content] for row in (tokens[a:b], there[c:d])]
        more = len(here) - len(place)
        one = len(here) == len(place) == 1 and here[0].raw.islower()
        if one and alike >= CLOSE and unseen.get(here[0].key, 0.0) >= OTHER:
            return True
        if tag != "equal" and more > 0 and sum(unseen.get(t.key, 0.0) for t in here if t.raw.islower()) >= ADDED:
            return True
    return False


def _triples(claims: Claims) -> Iterator[tuple[str, str, str]]:
    """Two content words and the one small word that stands between them."""
    tokens = [token for token in claims.tokens if token.folded != "the"]
    for first, between, second in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if first.content and second.content and between.key and not between.content:
            yield first.key, between.folded, second.key
