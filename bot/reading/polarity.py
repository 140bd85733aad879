"""Polarity: whether a sentence says yes or no to a statement.

The words of the statement are looked up in the sentence: each must stand there, or a word of the same meaning or of the
opposite one; for a no, those that only name the topic may stand in its passage. Yes where the verb is said of the same
subject, no where it is negated, said of nobody, or the opposite is said; neither where it is hoped, planned, supposed,
or somebody's own denial. English only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Literal

from bot.reading import Candidate, Support
from bot.reading.claims import BEING, Claims, Token, negative, past, read
from bot.reading.lists import listed, stems, table
from bot.reading.near import kin, worth
from bot.reading.values import keys_of
from store.passage import days_of
from store.words import stem

CARRIED = 0.45  # least score of a sentence that carries a statement by the check
AGREED = 0.7  # least probability of the reading model that it does
DENIED = 0.3  # least score of a sentence that denies it by the check
NEAR = 0.5  # least worth of a word that stands for one of the statement
LONG = timedelta(days=120)  # before its article, of which a sentence tells no news
REACH = 12  # most words behind a negation that it may deny

_NOBODY, _ANYBODY, _WHOLE, _MODALS, _SAYING, _COURTS = map(
    listed, ("nobody", "anybody", "whole", "modals", "saying", "courts")
)
_STOPS = frozenset((",", "but", "and", "because", "while", "though", "although", "who", "which", "after", "when"))
_PRONOUNS, _HELD = frozenset(("he", "she", "it", "they")), frozenset(("been", "was", "were"))
_OFF = frozenset((("broken", "off"), ("broke", "off"), ("called", "off")))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that a question asks about, with its subject apart."""

    words: str
    subject: str
    verb: str  # the auxiliary of the question, in lower case
    rest: str
    aside: bool = False  # asked by what somebody says


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a word of a statement in a sentence, or of its opposite."""

    at: int
    opposite: bool = False


def says(asked: Statement, row: Candidate, support: Support) -> Literal["yes", "no"] | None:
    """What a sentence says to a statement; `support` is the check of the statement by this sentence alone."""
    told = read(row.text)
    if _reported(told):
        return None
    sure = support.verdict == "supported" and support.probability >= AGREED
    stand = _said(asked, row, told)
    if stand == "no":
        return None if _old(asked, row) else "no"
    if support.verdict == "quoted" or (stand == "yes" and sure):
        return "yes"
    if sure and support.score >= CARRIED and carries(asked, row.text):
        return "yes"
    denied = "negation" in support.missing and support.missing <= {"negation", "hedged"} and support.score >= DENIED
    return "no" if denied and not _own_word(asked, told, len(told.tokens)) else None


def _said(asked: Statement, row: Candidate, told: Claims) -> Literal["yes", "no"] | None:
    """What a sentence says to a statement by the places of its words."""
    subject, rest = read(asked.subject), read(asked.rest)
    words = [token for token in rest.tokens if _counts(token)] or [token for token in rest.tokens if token.content]
    if not words:
        return None
    places = [_place(token, rest, told) for token in words]
    context = keys_of(row.passage.document.title) | keys_of(row.passage.before) | keys_of(row.passage.text)
    verb, *_ = places
    lacking = [token for token, place in zip(words, places, strict=True) if place is None]
    if verb is None or any(token.number or token.key not in context for token in lacking):
        return None
    suffers = asked.verb in BEING and past(words[0])  # "has been withdrawn", where another may say "withdrew it"
    at = _subject(subject, told, verb, context, suffers=suffers)
    vague = not any(map(_counts, subject.tokens)) and len(words) < 2  # "Will anybody be charged?"
    own, here = _folded(read(asked.words)), _folded(told)
    if at is None or (vague and at >= 0) or (own & _WHOLE) - here:
        return None
    covered = _covered(told)
    negated = verb.at in covered or at < 0 or _reversed(told, verb.at)
    if verb.opposite and _keys(told) & stems("lifting"):
        return None if any(map(negative, rest.tokens)) else "yes"  # "lifted its ban"
    if verb.opposite and (negated or lacking):
        return None
    if verb.opposite and _folded(subject) & _ANYBODY:
        return "no" if here & _WHOLE else None
    if (verb.opposite or negated) != any(map(negative, rest.tokens)):
        return None if _own_word(asked, told, verb.at) else "no"
    if (
        len(lacking) > len(words) // 3
        or any(place and place.at in covered for place in places)
        or _open(asked, told, verb.at)
    ):
        return None
    joined = {token.folded for token in told.tokens[max(0, verb.at - 4) : verb.at]} & BEING
    return "yes" if joined or not (asked.verb in BEING and words[0].capital) else None


def carries(asked: Statement, text: str) -> bool:
    """Whether a text has the names of a statement in their order, each other word or one near it, and leaves none open.

    The check lets the article's title bring a name, and other words outweigh a verb.
    """
    told, claims = read(text), read(asked.words)
    if _doubts(told) - _doubts(claims) or not _ordered(claims, told):
        return False
    keys, names = frozenset(told.keys), dict(claims.names)
    if any(claims.tokens[place].key not in keys for place in names if place + 1 not in names):
        return False
    plain = [token for token in told.tokens if token.content and (token.first or not token.capital)]
    others = [token for place, token in enumerate(claims.tokens) if token.content and place not in names]
    lacking = [token.folded for token in others if token.key not in {one.key for one in plain} | set()]
    lacking = [word for word in lacking if not word[0].isdigit() or word not in keys]
    near = kin(lacking, [tuple((token.folded, token.key) for token in plain)])
    return all(worth(near.get(word, {}), keys) >= NEAR for word in lacking)


def shares(asked: Statement, row: Candidate) -> bool:
    """Whether a sentence holds half of the words of what is said of the subject."""
    words = {token.key for token in read(asked.rest).tokens if _counts(token)}
    return 2 * len(words & set(read(row.text).keys)) >= len(words)


def _folded(claims: Claims) -> set[str]:
    return {token.folded for token in claims.tokens}


def _keys(claims: Claims) -> set[str]:
    return {token.key for token in claims.tokens}


def _doubts(claims: Claims) -> set[str]:
    """The words by which a sentence leaves open or denies what it says."""
    weak = stems("left open") | stems("reversing")
    return {token.key for token in claims.tokens if token.key in weak or negative(token)}


def _counts(token: Token) -> bool:
    """Whether a word of a statement says something by itself."""
    return token.content and token.key not in stems("light") and token.folded not in _ANYBODY


def _place(token: Token, asked: Claims, told: Claims) -> _Place | None:
    """The place of a word, of one of its meaning, or of its opposite."""
    plain = [(at, other) for at, other in enumerate(told.tokens) if other.key and (other.first or not other.capital)]
    named = [(at, other) for at, other in enumerate(told.tokens) if other.key == token.key]
    exact = [at for at, other in (named if token.capital else plain) if other.key == token.key]
    if token.number or token.capital:
        whole = (at for at in (at for at, _ in named) if token.number or not _longer(asked, token, told, at))
        return next(map(_Place, whole), None)
    if exact:
        return _Place(exact[0])
    same, opposite = _meanings().get(token.key, (frozenset(), frozenset()))
    for at, other in plain:
        following = told.tokens[at + 1].folded if at + 1 < len(told.tokens) else ""
        meant = _idioms().get((other.key, following), other.key)
        if meant in same | opposite | {token.key}:
            return _Place(at, opposite=meant in opposite)
    near = kin([token.folded], [tuple((other.folded, other.key) for _, other in plain if other.content)])
    worths = [(worth(near.get(token.folded, {}), frozenset((other.key,))), at) for at, other in plain]
    best, at = max(worths, default=(0.0, 0))
    return _Place(at) if best >= NEAR else None


def _longer(asked: Claims, token: Token, told: Claims, at: int) -> bool:
    """Whether a name is but the beginning of another there ("Texas" of "Texas Tech")."""
    place = asked.tokens.index(token)
    own, other = asked.tokens[place + 1 : place + 2], told.tokens[at + 1 : at + 2]
    return bool(other and other[0].capital and other[0].key and not (own and own[0].capital))


def _ordered(claims: Claims, told: Claims) -> bool:
    """Whether the names of a statement stand in a sentence in their order, the last as a whole; or some "by"."""
    at, by = 0, any(token.folded == "by" for token in told.tokens)
    for place, _ in claims.names:
        token = claims.tokens[place]
        if token.key in told.keys:
            at = next((near + 1 for near in range(at, len(told.tokens)) if told.tokens[near].key == token.key), 0)
            last = place and place == claims.names[-1][0]
            if not by and (not at or (last and _longer(claims, token, told, at - 1))):
                return False
    return True


@cache
def _meanings() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Stem → the stems of the same meaning and of the opposite one."""
    meanings: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for row in table("words.txt")["opposites"]:
        one, other = (frozenset(map(stem, side.split())) for side in row.split("/"))
        for side, against in ((one, other), (other, one)):
            for word in side:
                same, opposite = meanings.get(word, (frozenset(), frozenset()))
                meanings[word] = same | side, opposite | (against - side)
    return meanings


@cache
def _idioms() -> dict[tuple[str, str], str]:
    """A verb's stem and the word behind it → the stem of a verb that says the same ("steps down": resign)."""
    rows = (row.split() for row in table("words.txt")["idioms"])
    return {(stem(verb), behind): stem(meant) for meant, verb, behind in rows}


def _covered(told: Claims) -> frozenset[int]:
    """The places behind a negation, up to the end of its clause."""
    places = set[int]()
    for at, _ in told.negated:
        for near in range(at + 1, min(at + REACH, len(told.tokens))):
            if told.tokens[near].folded in _STOPS:
                break
            places.add(near)
    return frozenset(places)


def _clause(told: Claims, at: int) -> tuple[int, int]:
    """The first place of the clause round a place, and the one behind its last."""
    low = next((near + 1 for near in range(at, -1, -1) if told.tokens[near].folded in _STOPS), 0)
    return low, next(
        (near for near in range(at, len(told.tokens)) if told.tokens[near].folded in _STOPS), len(told.tokens)
    )


def _reversed(told: Claims, at: int) -> bool:
    """Whether a clause holds a word that makes what it is about untrue: "acquitted", "broken off"."""
    low, high = _clause(told, at)
    pairs = pairwise(token.folded for token in told.tokens[low:high])
    others = (token.key for place, token in enumerate(told.tokens[low:high], low) if place != at)
    return not _OFF.isdisjoint(pairs) or any(key in stems("reversing") for key in others)


def _reported(told: Claims) -> bool:
    """Whether it is what had been said before, or what a court was told ("had said that …", "were told that …")."""
    words = [token.folded for token in told.tokens]
    for at, (one, other) in enumerate(pairwise(words)):
        if (one == "had" and other in _SAYING) or (one in _HELD and other == "told"):
            return True
        if one == "told" and _COURTS & set(words[at + 1 : at + 4]):
            return True
    return False


def _old(asked: Statement, row: Candidate) -> bool:
    """Whether a sentence tells of long before its article, and the statement names no time."""
    published = row.passage.document.published
    if not published or read(asked.words).numbers:
        return False
    eve = (days_of(published)[0] - LONG).isoformat()
    times = (span.value for span in row.passage.event_dates if row.start <= span.start < row.end and span.value)
    ends = [time.partition("/")[2] for time in times]
    return bool(ends) and max(ends) < eve


def _own_word(asked: Statement, told: Claims, at: int) -> bool:
    """Whether a denial is only that of whom the statement is about ("Smith said that he had not …")."""
    said = [near for near in range(at) if told.tokens[near].folded in _SAYING]
    if asked.aside or not said:
        return False
    keys = {token.key for token in read(asked.subject).tokens if token.content}
    own = keys & {token.key for token in told.tokens[max(0, said[-1] - 6) : said[-1]]}
    return bool(own and _PRONOUNS & {token.folded for token in told.tokens[said[-1] : at]})


def _subject(subject: Claims, told: Claims, said: _Place, context: frozenset[str], *, suffers: bool) -> int | None:
    """The place of a statement's subject before a verb, -1 where it is said of nobody; None where it is another's."""
    verb, (low, _) = said.at, _clause(told, said.at)
    if any(told.tokens[at].folded in _NOBODY for at in range(low, verb)):
        return -1
    wanted = [token for token in subject.tokens if _counts(token)]
    if not wanted:  # "anybody", "there"
        return 0
    keys, names, head = {token.key for token in wanted}, dict(told.names), wanted[-1]
    near = [at for at, token in enumerate(told.tokens) if token.key == head.key and at != verb]
    if near:
        if said.opposite and [token.folded for token in told.tokens[verb + 1 : verb + 2]] == ["on"]:
            return near[-1]  # "a ban on the jet"
        passive = any(token.folded in BEING for token in told.tokens[max(0, verb - 3) : verb])
        if suffers and not passive and near[-1] > verb:
            return near[-1]
        last = max((at for at in near if at < verb), default=None)
        between = range(verb if last is None else last + 1, verb)
        others = any(at in names and told.tokens[at].key not in keys for at in between)
        return None if others and not passive else last
    if any(token.key not in context for token in wanted):
        return None
    others = any(at in names and not told.tokens[at].first for at in range(low, verb))
    pronoun = any(token.folded in _PRONOUNS for token in told.tokens[low:verb])
    definite = low < verb and told.tokens[low].folded == "the"
    return 0 if pronoun or (not others and (definite or not head.capital)) else None


def _open(asked: Statement, told: Claims, at: int) -> bool:
    """Whether a sentence leaves open what it says: hoped, planned, alleged; "will" is no more than was asked."""
    low, high = _clause(told, at)
    own: Sequence[Token] = (*read(asked.words).tokens, *read(asked.verb).tokens)
    weak = {token.key for token in told.tokens[low:high]} & stems("left open")
    return bool(weak - {token.key for token in own}) or (at in told.hedged and asked.verb not in _MODALS)
