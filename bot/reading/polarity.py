"""Polarity: whether a sentence says yes or no to a statement.

The words of the statement are looked up in the sentence: each must stand there, or a word of the same meaning or of the
opposite one; what stands behind a preposition may be left to its article. Yes where the sentence says the first of them
of the same subject (`bot.reading.predication`), no where it denies it or says the opposite; neither where it is hoped,
planned, supposed, so only for a time, or somebody's own word of himself. English only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Literal

from bot.reading import PASSED, Candidate, Support
from bot.reading.claims import BEING, DENIALS, Claims, read
from bot.reading.figures import month_of
from bot.reading.lists import listed, stems, table
from bot.reading.near import kin, worth
from bot.reading.predication import (
    PRONOUNS,
    TEMPORAL,
    Manner,
    adjunct,
    adverbial,
    aliases,
    bounded,
    lost,
    predicated,
    reached,
    timed,
)
from bot.reading.token import Token, negative, owns
from bot.reading.values import keys_of
from store.passage import Passage, days_of
from store.split import sentences
from store.words import DATELINE, WEEKDAYS, stem

AGREED = 0.7  # least probability by the reading model that a sentence in other words bears out a statement
NEAR = 0.5  # least worth of a word that stands for one of the statement
LONG = timedelta(days=120)  # before its article, of which a sentence tells no news
REACH = 12  # most words behind a negation that it may deny

_NOBODY, _ANYBODY, _WHOLE, _MODALS, _SAYING, _COURTS, _PREPOSITIONS = map(
    listed, ("nobody", "anybody", "whole", "modals", "saying", "courts", "prepositions")
)
_STOPS = frozenset((",", "but", "and", "because", "while", "though", "although", "who", "which", "after", "when"))
_OTHERS = frozenset(("a", "an", "the", "from", "to"))  # behind an opposite: it is said of another thing
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")
_HELD = frozenset(("been", "was", "were"))


_Said = Literal["yes", "no", "likely"]  # "likely": yes, in other words


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
    near: bool = False  # it is another word, by the word vectors alone


def says(asked: Statement, row: Candidate, check: Callable[[], Support]) -> Literal["yes", "no"] | None:
    """What a sentence says to a statement; `check` checks the statement by this sentence alone."""
    told = _read(row.text)
    stand = None if _reported(told) else _said(asked, row, told)
    if stand == "no":
        return None if _old(asked, row) else "no"
    if stand is None:
        return None
    if stand == "yes":
        return "yes"
    support = check()
    return "yes" if support.verdict in PASSED and support.probability >= AGREED else None


def _said(asked: Statement, row: Candidate, told: Claims) -> _Said | None:
    """What a sentence says to a statement by the places of its words."""
    subject, rest = read(asked.subject), read(asked.rest)
    words = [token for token in rest.tokens if _counts(token)] or [token for token in rest.tokens if token.content]
    first = rest.tokens[0] if rest.tokens else None
    verb = first and (first.folded in ("own", "have", "say") or (first.content and not adverbial(first)))
    if first and verb and words and first is not words[0]:
        words = [first, *words]
    if not words or (_folded(read(asked.words)) & _WHOLE) - _folded(told):
        return None
    stands = (_stands(asked, subject, rest, words, row, told, verb) for verb in _places(words[0], rest, told))
    return next(filter(None, stands), None) or _ended(asked, subject, words, row, told)


def _ended(
    asked: Statement, subject: Claims, words: Sequence[Token], row: Candidate, told: Claims
) -> Literal["no"] | None:
    """No where the subject ended or dropped what is asked about ("have broken off their talks on a merger")."""
    if asked.verb in BEING or _negated(read(asked.rest)):
        return None
    for at, token in enumerate(told.tokens):
        following = told.tokens[at + 1].folded if at + 1 < len(told.tokens) else ""
        if token.key not in stems("reversing") and (token.key, following) not in _idioms():
            continue
        _, high = _clause(told, at)
        places = [next((one.at for one in _places(word, read(asked.rest), told)), -1) for word in words]
        inside = all(at < place < high for place in places) and any(one.capital for one in subject.tokens)
        if inside and predicated(subject, read(token.folded), "did", told, at, _before(row)) == "affirmed":
            return "no"
    return None


def _stands(
    asked: Statement, subject: Claims, rest: Claims, words: Sequence[Token], row: Candidate, told: Claims, verb: _Place
) -> _Said | None:
    """What a sentence says to a statement by one place of its verb."""
    manner = _manner(asked, subject, rest, row, told, verb.at)
    beaten = manner is None and words[0].key in stems("winning") and lost(subject, rest, told, verb.at)
    manner = "denied" if beaten else manner
    if manner is None:
        return None
    if manner == "denied" and not TEMPORAL & _folded(told) - _folded(rest):
        words = [token for token in words if not timed(token, rest)]
    others = [next(_places(token, rest, told), None) for token in words[1:]]
    lacking = [token for token, place in zip(words[1:], others, strict=True) if place is None]
    lacking = [token for token in lacking if not _forename(token, rest, told)]
    own = [token for token in subject.tokens if _counts(token)]
    if not _known((*own, *lacking), row.passage):
        return None
    nobody = manner == "denied" and not own  # "Nobody survived", in an article of the crash that is asked about
    left = [token for token in lacking if not (nobody or adjunct(token, rest))]
    if any(token.number for token in lacking) or 3 * len(left) > len(words) * (manner == "denied"):
        return None
    denies, asks, (low, _) = manner == "denied", _negated(rest), _clause(told, verb.at)
    behind = [place.at for place in others if place]
    if bounded(rest, told) or _reversed(told, verb.at) or (verb.opposite and (denies or lacking)):
        return None
    if verb.opposite and len(words) == 1 and {one.folded for one in told.tokens[verb.at + 1 :][:1]} & _OTHERS:
        return None
    if verb.opposite and _folded(subject) & _ANYBODY:
        return "no" if _folded(told) & _WHOLE else None
    free = {place.at for token, place in zip(words[1:], others, strict=True) if place and adjunct(token, rest)}
    free |= set(behind) if nobody else set()  # "for the blast in the port nobody was tried"
    near = [at for at in behind if at > verb.at or not (beaten or (low <= at and at in free))]
    if not reached(rest, told, verb.at, near) or _own_word(asked, told, verb.at):
        return None
    if not beaten and others and others[0] and _indirect(words[1], rest, told, verb.at, others[0].at):
        return None
    if any(place and _owned(token, told, place.at, behind) for token, place in zip(words[1:], others, strict=True)):
        return None
    if (verb.opposite or denies) != asks:
        return None if _doubted(asked, told, verb.at) else "no"
    vague = len(left) > len(words) // 3 or not (own or len(words) > 1)  # "Will anybody be charged?"
    if vague or any(map(_of_day, lacking)) or any(place and place.opposite for place in others):
        return None
    if "still" in _folded(rest) and not {token.key for token in told.tokens} & stems("lasting still"):
        return None
    if _open(asked, told, verb.at) or _covered(told, verb.at) & {verb.at, *behind}:
        return None
    return "likely" if any(place.near for place in (verb, *filter(None, others))) else "yes"


def _of_day(token: Token) -> bool:
    return token.folded in WEEKDAYS or bool(month_of(token))


def _manner(asked: Statement, subject: Claims, rest: Claims, row: Candidate, told: Claims, at: int) -> Manner | None:
    """How a sentence says the word at a place of a subject; "there were no deaths" denies them."""
    if asked.subject == "There" and at and told.tokens[at - 1].folded == "no":
        return "denied"  # "No injuries were reported"
    manner = predicated(subject, rest, asked.verb, told, at, _before(row))
    return "denied" if manner == "affirmed" and at and told.tokens[at - 1].folded == "no" else manner


def _owned(token: Token, told: Claims, at: int, places: Sequence[int]) -> bool:
    """Whether what stands at a place is another's, of which nobody asked ("the president's lawyer")."""
    return owns(told.tokens[at], plural=False) and not owns(token) and not {at + 1, at + 2} & set(places)


def _indirect(token: Token, rest: Claims, told: Claims, at: int, place: int) -> bool:
    """Whether an object stands only behind another's preposition there ("bought shares in the bridge")."""
    low, places = rest.tokens.index(token), [one.folded for one in told.tokens[at + 1 : place]]
    joint = next((near for near, word in enumerate(places) if word in _PREPOSITIONS - {"of"}), 0)
    own = any(one.folded in _PREPOSITIONS for one in rest.tokens[:low])
    return not own and any(one.content and not one.number for one in told.tokens[at + 1 : at + 1 + joint])


def _doubted(asked: Statement, told: Claims, at: int) -> bool:
    """Whether a denial is itself denied ("does not mean that it cannot"), or tells no more than what was not done."""
    joints = [near for near in range(at) if told.tokens[near].folded == "that"]
    outer = told.tokens[: joints[-1]] if joints else ()
    able = asked.verb in _MODALS - {"will", "would"} and not any(one.folded in _MODALS for one in told.tokens[:at])
    return able or any(negative(one) or one.folded in DENIALS for one in outer)


def _negated(rest: Claims) -> bool:
    """Whether a statement denies: "not", "yet to"."""
    words = [token.folded for token in rest.tokens]
    return any(map(negative, rest.tokens)) or ("yet", "to") in pairwise(words)


def _known(words: Sequence[Token], passage: Passage) -> bool:
    """Whether a passage, what stands before it or its title has some words; for one that is no name, one near it."""
    text = f"{passage.document.title}.\n{passage.before}\n{passage.text}"
    held = keys_of(text)
    unknown = [token for token in words if held.isdisjoint({token.key} | aliases().get(token.key, frozenset()))]
    if any(token.capital or token.number for token in unknown):
        return False
    others = tuple((token.folded, token.key) for token in read(text).tokens if token.content and not token.capital)
    near = kin([token.folded for token in unknown], [others])
    return all(worth(near.get(token.folded, {}), held) >= NEAR for token in unknown)


def _before(row: Candidate) -> tuple[Claims, ...]:
    """The title over a sentence and the sentences before it, as far as its passage knows them."""
    home = row.passage
    text = home.before + home.text[: row.start - home.start]
    return (read(home.document.title), *(_read(text[slice(*span)]) for span in sentences(text)))


def _read(sentence: str) -> Claims:
    """What a sentence claims, without the place before it."""
    line = DATELINE.match(sentence)
    return read(sentence[line.end() if line else 0 :])


def shares(asked: Statement, row: Candidate, *, named: bool) -> bool:
    """Whether a sentence holds half of the words of what is said of the subject; where `named`, of the subject too."""
    words = [token for token in read(asked.rest).tokens if _counts(token)]
    subject = {token.key for token in read(asked.subject).tokens if _counts(token)}
    told = read(row.text)
    keys, others = set(told.keys), tuple((token.folded, token.key) for token in told.tokens if token.content)
    near = kin([token.folded for token in words], [others])
    held = [one for one in words if one.key in keys or worth(near.get(one.folded, {}), frozenset(keys)) >= NEAR]
    return 2 * len(held) >= len(words) and (not named or bool(subject & keys))


def _folded(claims: Claims) -> set[str]:
    return {token.folded for token in claims.tokens}


def _counts(token: Token) -> bool:
    """Whether a word of a statement says something by itself."""
    return token.content and token.key not in stems("light") and token.folded not in _ANYBODY


def _places(token: Token, asked: Claims, told: Claims) -> Iterator[_Place]:
    """The places of a word, else of those of its meaning or of its opposite, else of the nearest."""
    plain = [
        (at, other)
        for at, other in enumerate(told.tokens)
        if other.key and (other.first or not other.capital or other.key in stems("roles"))
    ]
    if token.number or token.capital:
        named = (at for at, other in enumerate(told.tokens) if other.key == token.key)
        yield from (_Place(at) for at in named if token.number or not _longer(asked, token, told, at))
        return
    yield from (_Place(at) for at, other in plain if other.key == token.key)
    same, opposite = _meanings().get(token.key, (frozenset(), frozenset()))
    found = any(other.key == token.key for _, other in plain)
    for at, other in plain:
        following = told.tokens[at + 1].folded if at + 1 < len(told.tokens) else ""
        meant = _idioms().get((other.key, following), other.key)
        contrary = other.folded in _contraries(token.folded)
        if other.key != token.key and (contrary or meant in same | opposite | {token.key}):
            found = True
            yield _Place(at, opposite=contrary or meant in opposite)
    if found:
        return
    near = kin([token.folded], [tuple((other.folded, other.key) for _, other in plain if other.content)])
    worths = [(worth(near.get(token.folded, {}), frozenset((other.key,))), at) for at, other in plain]
    best, at = max(worths, default=(0.0, 0))
    if best >= NEAR:
        yield _Place(at, near=True)


def _forename(token: Token, rest: Claims, told: Claims) -> bool:
    """Whether a word is but the first name of somebody whom a sentence names by the last."""
    behind = rest.tokens[rest.tokens.index(token) + 1 :][:1]
    return token.capital and bool(behind) and behind[0].capital and behind[0].key in told.keys


def _contraries(word: str) -> frozenset[str]:
    """The words that deny one by their beginning ("uncommon", "common")."""
    plain = word.removeprefix("un")
    return frozenset(f"{prefix}{word}" for prefix in _PREFIXES) | ({plain} if 3 < len(plain) < len(word) else set())


def _longer(asked: Claims, token: Token, told: Claims, at: int) -> bool:
    """Whether a name is but the beginning of another there ("Texas" of "Texas Tech")."""
    place = asked.tokens.index(token)
    own, other = asked.tokens[place + 1 : place + 2], told.tokens[at + 1 : at + 2]
    dated = other and _of_day(other[0])  # "won the trophy Monday"
    return bool(other and other[0].capital and other[0].key and not dated and not (own and own[0].capital))


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


def _covered(told: Claims, verb: int) -> frozenset[int]:
    """The places behind a negation that is not the verb itself, up to the end of its clause."""
    places = set[int]()
    for at in (at for at, _ in told.negated if at != verb):
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
    refusing = at - 2 if told.tokens[at - 1].folded == "to" else at  # "refused to apologise": it denies
    others = (token.key for place, token in enumerate(told.tokens[low:high], low) if place not in (at, refusing))
    return any(key in stems("reversing") for key in others)


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
    meant = asked.verb in ("will", "would") and read(asked.rest).tokens[0].folded not in BEING
    if asked.aside or not said or meant:  # who says what he will do knows it
        return False
    keys = {token.key for token in read(asked.subject).tokens if token.content}
    own = keys & {token.key for token in told.tokens[max(0, said[-1] - 6) : said[-1]]}
    return bool(own and PRONOUNS & {token.folded for token in told.tokens[said[-1] : at]})


def _open(asked: Statement, told: Claims, at: int) -> bool:
    """Whether a sentence leaves open what it says: hoped, planned, alleged; "will" is no more than was asked."""
    low, high = _clause(told, at)
    own: Sequence[Token] = (*read(asked.words).tokens, *read(asked.verb).tokens)
    weak = {token.key for token in told.tokens[low:high] if not month_of(token)} & stems("left open")
    return bool(weak - {token.key for token in own}) or (at in told.hedged and asked.verb not in _MODALS)
