"""Guards over modality: what may be, is planned, asked or rumoured is told as done."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.reading.assertion import Attitude
from bot.reading.claims import Claims, hedge, past
from bot.reading.comparison import Comparison, part, predicate, share, wanted
from bot.reading.lists import listed, stems

OPEN = 0.5  # least weight of a sentence's words, of all that it asserts, that the span must only ask, rumour or deny
_WEIGHED, _CONDITIONS, _SAYING = map(listed, ("weighed", "conditions", "saying"))
_MAYBE = frozenset(("may", "might", "could"))


def hedged(compared: Comparison) -> bool:
    """Whether a clause tells as a fact what the span says only may be, or is yet to be."""
    claims, span = compared.claims, compared.span
    if claims.hedged or any(map(hedge, claims.tokens)) or not any(map(past, claims.tokens)):
        return False  # what a thing does in general may well be told as what it can do
    if yet_to(claims, span):
        return True
    for clause in _clauses(claims):
        looked_for = wanted(clause, compared.near)
        for claim in span:
            if not claim.hedged:
                continue
            reach = frozenset(claim.tokens[place].key for place in claim.hedged)
            free = frozenset(
                token.key for other in span for place, token in enumerate(other.tokens)
                if other is not claim or place not in claim.hedged
            )  # fmt: skip
            told = [word for word in looked_for if word.key not in free]
            much = sum(word.weight for word in told) >= 0.4 * sum(word.weight for word in looked_for)
            if told and much and share(looked_for, reach | free) >= 0.6 and share(told, reach) >= 0.6:
                return True
    return False


def certain(compared: Comparison) -> bool:
    """Whether a verb behind "will" stands in the span only behind "may", "might" or "could"."""
    for before, token in pairwise(compared.claims.tokens):
        if before.folded == "will" and token.content:
            spots = [
                row.tokens[max(0, at - 2) : at] for row in compared.span
                for at, word in enumerate(row.tokens) if word.key == token.key
            ]  # fmt: skip
            if spots and all(any(word.folded in _MAYBE for word in spot) for spot in spots):
                return True
    return False


def yet_to(claims: Claims, span: Sequence[Claims]) -> bool:
    """Whether a verb in the past ("launched") stands in the span only behind a "to" or "will"."""
    for place, token in enumerate(claims.tokens):
        before = claims.tokens[place - 1].folded if place else ""
        if (
            not token.content
            or not past(token)
            or token.key in stems("estimates")
            or before in ("a", "an", "the", "to")
        ):
            continue
        ahead = False
        for claim in span:
            spots = [at for at, word in enumerate(claim.tokens) if word.key == token.key]
            if any(_happened(claim, at) or not at for at in spots):
                break
            ahead |= any(_ahead(claim, at) for at in spots)
        else:
            if ahead:
                return True
    return False


def _happened(claims: Claims, place: int) -> bool:
    """Whether a verb is in the past and not "may be reduced", "to be reduced" or "alleged to have worked"."""
    if not past(claims.tokens[place]):
        return False
    return not (place > 1 and claims.tokens[place - 1].folded in ("be", "have") and _ahead(claims, place - 1))


def _ahead(claims: Claims, place: int) -> bool:
    """Whether a verb stands behind "to", but for "managed to" and its like, or behind a word such as "will"."""
    before, earlier = claims.tokens[place - 1], claims.tokens[max(0, place - 2) : place - 1]
    if before.folded in ("be", "have") and place > 1:
        return _ahead(claims, place - 1)
    if hedge(before) or before.folded in _WEIGHED:
        return True
    return before.folded == "to" and not any(token.key in stems("done") for token in earlier)


def _clauses(claims: Claims) -> Iterator[Claims]:
    """A sentence's clauses, cut at commas, "that", "but", "and could": claims of tokens, names and hedged places."""
    start = 0
    for place in range(len(claims.tokens) + 1):
        if place == len(claims.tokens) or claims.tokens[place].folded in (",", "that", "but") or _joins(claims, place):
            if place - start >= 2:
                yield part(claims, start, place)
            start = place + 1


def _joins(claims: Claims, place: int) -> bool:
    """Whether a word is the "and" of "had seen it and could have come"."""
    return claims.tokens[place].folded == "and" and any(map(hedge, claims.tokens[place + 1 : place + 2]))


def unasserted(compared: Comparison) -> bool:
    """Whether the sentence asserts what the span only asks, supposes, passes on as a rumour or denies."""
    claims, exempt = compared.claims, set[int]()
    open_, free = set[str](), set[str]()
    for row in compared.facts:
        for attitude, places in row.unasserted.items():
            open_.update(row.tokens[place].key for place in places)
            exempt |= claims.unasserted.get(attitude, frozenset()) | _likewise(claims, attitude)
        within = frozenset[int]().union(*row.unasserted.values())
        free.update(token.key for place, token in enumerate(row.tokens) if place not in within)
    if open_ <= free:
        return False
    own = replace(claims, tokens=tuple(t for at, t in enumerate(claims.tokens) if at not in exempt), names=())
    every, free_keys = frozenset(open_ | free), frozenset(free)
    for words in (compared.plain(own), compared.plain(predicate(own))):
        if words and share(words, every) - share(words, free_keys) >= OPEN:
            return True
    return False


def _likewise(claims: Claims, attitude: Attitude) -> frozenset[int]:
    """The places of a sentence that are as open as a question, a rumour or a denial by other words."""
    if attitude == "denied":
        return claims.denied
    if attitude == "rumoured" and any(token.folded in _SAYING for token in claims.tokens):
        return frozenset(range(len(claims.tokens)))
    if attitude == "asked" and any(token.folded in _CONDITIONS for token in claims.tokens):
        return frozenset(range(len(claims.tokens)))
    return claims.hedged
