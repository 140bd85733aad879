"""Predication: whether a sentence says a word of a subject, in one clause, and whether it affirms or denies it.

Between the subject and the word stand only auxiliaries, adverbs, a negation, what is set apart by commas, or the first
half of a pair of verbs; a passive wants its form of "be", a state its copula. English only.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from bot.reading.claims import BEING, Claims, past, read
from bot.reading.figures import ORDINALS
from bot.reading.lists import listed, stems, table
from bot.reading.token import Token, negative, owns
from store.words import WEEKDAYS, stem

Manner = Literal["affirmed", "denied"]

_NOBODY, _ANYBODY, _COPULAS, _PREPOSITIONS, _THIN, _FORMER, _BOUNDS, _FINDING, _DENIALS, _DETERMINERS = map(
    listed,
    (
        "nobody", "anybody", "copulas", "prepositions", "thin", "no longer", "bounds", "finding", "denials",
        "determiners",
    ),
)  # fmt: skip
_MODALS, _NAMED, _TITLES, _FIRMS, _MOVING, _DESCRIBED, _ORGANS, _STATES = map(
    listed, ("modals", "named", "titles", "firms", "moving", "described", "organs", "states")
)
TEMPORAL = frozenset(("after", "before", "when", "while", "since"))  # begin a clause that tells the time
_NONE, _PAIRED = frozenset(("no", "nothing", "nobody", "none")), frozenset(("and", "but", "then"))
PRONOUNS = frozenset(("he", "she", "it", "they"))  # of a subject that stands before
_CLAUSES, _RELATIVE = frozenset(("that", "who", "which", "because", "if", "when")), frozenset(("who", "which"))
_PRESENT, _FINISHED, _PERSONS = frozenset(("is", "are")), frozenset(("was", "were", "had")), frozenset(("he", "she"))
_PARTS, _ONLY = frozenset(("member", "part", "one")), frozenset(("first", "second", "only", *ORDINALS))
REACH = 6  # most words between a verb and its "by", and behind that to a name
_TIMES = frozenset(("after", "before", "until", "since", "as", "like", "than", "while"))
_SPANS, _COMING = frozenset(("week", "month", "year", "night")), frozenset(("set", "due", "going", "scheduled"))
STATE = 8  # most words between a copula and what it says of its subject
ASIDE = 30  # most words between two commas


def predicated(
    subject: Claims, rest: Claims, verb: str, told: Claims, at: int, before: Sequence[Claims]
) -> Manner | None:
    """How a sentence says the word at a place of a subject; None where it says it of another, or only means to.

    `rest` and `verb` are what is asked of the subject and the question's auxiliary, `before` the sentences before.
    """
    tokens, word, low = told.tokens, told.tokens[at], _before(told.tokens, at)
    if not _ordinary(verb, rest, word, tokens[low:at]) or _noun(tokens, at, low):
        joined = _copula(rest, tokens, at) if verb in BEING else None
        if joined is None and (low == 0 if verb in BEING and past(word) else _acts(tokens, at)):
            head, behind = _head(subject), (place for place in _agents(told) if tokens[place - 1].folded == ",")
            place = next(behind if low == 0 else _agents(told), None)
            return "affirmed" if head and place is not None and _named(subject, head, told, place) else None
        if joined is None and word.folded.endswith("ing") and (guilt := _convicted(tokens, at)):
            return predicated(subject, read(tokens[guilt].folded), "was", told, guilt, before)
        if joined is None:
            passive = verb in BEING or rest.tokens[0].folded in BEING
            acted = None if verb in _PRESENT else _acted(subject, rest, told, at)  # what was done need not be so still
            return acted or _found(subject, told, at, before) if passive else _by(subject, tokens, at)
        low = _before(tokens, joined)
    between = {token.folded for token in tokens[low:at]}
    if verb in _PRESENT and _FINISHED & between and not _NAMED & between:
        return None
    denied = any(map(negative, tokens[low:at])) or any(one.folded in _NONE for one in tokens[at + 1 : at + 2])
    anew = "did" in between and low and tokens[low - 1].folded in _PAIRED  # "would not withdraw it and did not say"
    open_ = at in told.hedged and not (anew or verb in _MODALS or (denied and "will" in between))
    if low and tokens[low - 1].folded == "to":
        coming = low - 2 if verb in _MODALS and tokens[low - 2].folded in _COMING else -1
        low, refused = (_before(tokens, coming), False) if coming > 0 else _infinitive(tokens, low - 1)
        denied, open_ = denied or refused, low < 0
    of = None if open_ else _of(subject, told, low - 1, before)
    return None if of is None else "denied" if denied or of == "nobody" else "affirmed"


def _infinitive(tokens: Sequence[Token], at: int) -> tuple[int, bool]:
    """The place behind whose verb a "to" tells of what was done or not, and whether not; -1 where it is only meant."""
    low = at
    while low and (adverbial(tokens[low - 1]) or tokens[low - 1].folded in _DENIALS):
        low -= 1
    if any(token.folded in _DENIALS or token.folded == "yet" for token in tokens[low:at]):
        return low, True  # "declined to run", "has yet to run"
    if [token.folded for token in tokens[at - 2 : at]] == ["went", "on"]:
        return at - 2, False
    if tokens[at - 1].folded == "managed":
        return _before(tokens, at - 1), False
    for near in range(at - 1, max(-1, at - 2 - STATE), -1):  # "became the first man to run"
        if tokens[near].folded in _PREPOSITIONS or not tokens[near].key:
            break
        if tokens[near].folded in _COPULAS and any(map(_ordinal, tokens[near:at])):
            return _before(tokens, near), any(map(negative, tokens[near:at]))
    return -1, False


def _ordinal(token: Token) -> bool:
    """Whether a word tells the place of one among others ("the only", "the fourth", "the 5th")."""
    return token.folded in _ONLY or (token.raw[:1].isdigit() and token.raw[-1:].isalpha())


def _before(tokens: Sequence[Token], at: int) -> int:
    """The first place of the auxiliaries, adverbs and times ("on Monday", "last week") before one."""
    while at and (adverbial(tokens[at - 1]) or (at > 1 and _time(tokens[at - 1], tokens[at - 2]))):
        at -= 1 + (not adverbial(tokens[at - 1]) and tokens[at - 2].folded in ("on", "last", "this"))
    return at


def _time(token: Token, before: Token) -> bool:
    """Whether a word is a weekday, or a stretch of time behind "last" or "this"."""
    return token.folded in WEEKDAYS or (token.folded in _SPANS and before.folded in ("last", "this"))


def _noun(tokens: Sequence[Token], at: int, low: int) -> bool:
    """Whether a word behind a name is a noun and no verb ("the rocket launch was called off")."""
    beyond = tokens[at + 1 : at + 2]
    if low != at or not beyond or (beyond[0].folded == "of" and past(tokens[at])):  # "died of"
        return False
    return beyond[0].folded in ("of", *BEING, "has", "had") or (past(beyond[0]) and not beyond[0].capital)


def adverbial(token: Token) -> bool:
    """Whether a word between a subject and its verb says nothing by itself: an auxiliary, an adverb, a negation."""
    word = token.folded
    return word not in _NOBODY and (word in _THIN or negative(token) or (word.endswith("ly") and not token.capital))


def _ordinary(verb: str, rest: Claims, word: Token, between: Sequence[Token]) -> bool:
    """Whether a word is a verb in the voice of the question, by itself and by what stands before it."""
    passive = any(token.folded in BEING for token in between)
    gerund, own = word.folded.endswith("ing"), {token.key for token in rest.tokens if token.folded not in _STATES}
    if own & stems("undergone") and word.key in stems("dying"):  # who died need not be killed
        return False
    if word.key in stems("undergone") - own:  # who was killed has died
        return passive and not gerund
    if verb in BEING and word.key in stems("dying") - own:  # who died is dead
        return not (passive or gerund)
    if verb in BEING:
        return passive and (rest.tokens[0].folded.endswith("ing") == gerund)
    if rest.tokens[0].folded in BEING:  # "has been sold", "will be sold"
        return passive
    return not gerund and not passive


def _copula(rest: Claims, tokens: Sequence[Token], at: int) -> int | None:
    """The place of the copula that joins a state to its subject ("is the new prime minister"); None without one."""
    own = {token.folded for token in rest.tokens}
    for near in range(at - 1, max(-1, at - 1 - STATE), -1):
        word = tokens[near].folded
        if word in _COPULAS:
            return near
        inside = word == "of" and tokens[near - 1].folded in _PARTS  # "is a member of the pact": it is in it
        if not tokens[near].key or word in _FORMER or (word in _PREPOSITIONS and word not in own and not inside):
            return None
        if _ordinal(tokens[near]) and word not in own:
            return None
    return None


def lost(subject: Claims, rest: Claims, told: Claims, at: int) -> bool:
    """Whether somebody beats a subject, which so has not won."""
    return told.tokens[at].key in stems("winning") - stems("won") and _acted(subject, rest, told, at) == "affirmed"


def _acted(subject: Claims, rest: Claims, told: Claims, at: int) -> Manner | None:
    """How somebody does to a subject what is asked of it in the passive ("a judge vacated the conviction")."""
    tokens, head, own = told.tokens, _head(subject), {token.key for token in subject.tokens}
    low = _before(tokens, at)
    names = [place for place in range(at + 1, min(at + 6, len(tokens))) if head and tokens[place].key == head.key]
    if head is None or not names or at in told.hedged or any(token.folded in BEING for token in tokens[low:at]):
        return None
    between = tokens[at + 1 : names[0]]
    beyond = tokens[names[0] + 1 : names[0] + 2]
    plain = _DETERMINERS | _TITLES
    if not all(one.key in own or one.folded in plain or (one.capital and head.capital) for one in between):
        return None
    if owns(tokens[names[0]]):
        return None
    asked = {token.key for token in rest.tokens}
    if (beyond and _compounds(beyond[0]) and beyond[0].key not in asked) or not (
        past(tokens[at]) or tokens[at].folded == "beat" or tokens[at].folded.endswith(("s", "e"))
    ):
        return None
    denied = any(map(negative, tokens[low:at]))
    if low and tokens[low - 1].folded == "to":
        low, refused = _infinitive(tokens, low - 1)
        return None if low < 0 else "denied" if refused else "affirmed"
    actor = tokens[low - 1] if low else None
    if actor is None or not actor.key or actor.folded in _PREPOSITIONS | _DETERMINERS or owns(actor):
        return None
    return "denied" if denied else "affirmed"


def _acts(tokens: Sequence[Token], at: int) -> bool:
    """Whether a gerund tells what a sentence's subject has done ("after selling the mill")."""
    return at > 1 and tokens[at].folded.endswith("ing") and tokens[at - 1].folded in ("after", "by")


def _convicted(tokens: Sequence[Token], at: int) -> int:
    """The place of the verdict by which somebody did what a gerund says ("guilty of killing"); 0 without one."""
    guilt = next((near for near in range(at, 0, -1) if tokens[near].folded in ("guilty", "convicted")), 0)
    return guilt if tokens[at - 1].folded == "of" and not any(past(one) for one in tokens[guilt + 1 : at]) else 0


def _found(subject: Claims, told: Claims, at: int, before: Sequence[Claims]) -> Manner | None:
    """How a verdict says a state of a subject ("found Breivik sane", "found him guilty")."""
    keys = {token.key for token in subject.tokens if token.content}
    if not at:
        return None
    if told.tokens[at - 1].folded in ("him", "her", "them"):
        head = _head(subject)
        known = head is not None and _led(subject, head, told, at - 1, before)
        return "affirmed" if known and at > 1 and told.tokens[at - 2].folded in _FINDING else None
    if told.tokens[at - 1].key not in keys:
        return None
    low = at - 1
    while low and (told.tokens[low].key in keys or told.tokens[low].capital):
        low -= 1
    return "affirmed" if told.tokens[low].folded in _FINDING else None


def _by(subject: Claims, tokens: Sequence[Token], at: int) -> Manner | None:
    """How a passive names a subject behind it ("was bought by Musk")."""
    head, low = _head(subject), _before(tokens, at)
    if head is None or not any(token.folded in BEING for token in tokens[low:at]):
        return None
    by = next(
        (near for near in range(at + 1, min(at + REACH, len(tokens))) if tokens[near].folded == "by"), len(tokens)
    )
    near = next((place for place in range(by + 1, min(by + REACH, len(tokens))) if tokens[place].key == head.key), None)
    if near is None or owns(tokens[near]) or any(map(_interrupts, tokens[at + 1 : near])):
        return None
    return "denied" if any(map(negative, tokens[low:at])) else "affirmed"


def _of(subject: Claims, told: Claims, at: int, before: Sequence[Claims]) -> Literal["subject", "nobody"] | None:
    """Whether the word at a place ends the subject, or leads back to it; or names nobody."""
    tokens = told.tokens
    if at < 0:
        return None
    while at and tokens[at].capital and tokens[at].folded in _FIRMS:  # "Continental Airlines"
        at -= 1
    head, low = _head(subject), _phrase(tokens, at)
    denying = (token.folded in _NOBODY or token.folded in ("not", "no") for token in tokens[low : at + 1])
    if any(denying) and tokens[at].folded not in _PAIRED:
        return "nobody"
    if head is None:
        return "subject" if tokens[at].key else None  # "anybody", "there"
    if _heads(head, subject, tokens, at) and _same(subject, head, told, at, before):
        return "subject"
    word = tokens[at].folded
    described = word in _DESCRIBED and tokens[low].folded == "the" and head.capital
    if word in PRONOUNS or described:
        named = word not in _PERSONS and before and _agents_of(before[0], subject)
        return "subject" if named or _led(subject, head, told, at, before) else None
    owners = [place for place in range(low, at) if tokens[place].key == head.key and owns(tokens[place])]
    if owners and head.capital and word in _ORGANS:  # "Iran's armed forces": Iran
        return "subject"
    paired = range(at - 1, max(0, at - STATE), -1) if word in _PAIRED else ()
    verbs = (near for near in paired if past(tokens[near]) or tokens[near].folded in _MODALS or not tokens[near].key)
    verb = next(verbs, 0)  # "the store went bankrupt and closed"
    if verb and tokens[verb].key and _of(subject, told, _before(tokens, verb) - 1, before) == "subject":
        return "subject"
    start = next((near for near in range(at, -1, -1) if _heads(head, subject, tokens, near)), None)
    if start is None or not _same(subject, head, told, start, before):
        return None
    behind = tokens[start + 1].folded
    if word in _RELATIVE and at - start <= 2:
        return "subject"
    own, inside = {token.key for token in subject.tokens}, tokens[start + 2 : at + 1]
    if behind in _PREPOSITIONS - _TIMES and not any(_interrupts(one) and one.key not in own for one in inside):
        return "subject"  # "Erin Hills in Wisconsin", "the bridge over the old harbour"
    if word == "," and behind == "," and at - start <= ASIDE and start + 1 < at:
        return "subject"
    clause = all(token.key for token in tokens[start:at]) and not any(
        token.folded in ("that", "who", "which") for token in tokens[start:at]
    )
    return "subject" if word in _PAIRED and clause and not any(p < start for p, _ in told.names[:1]) else None


def _interrupts(token: Token) -> bool:
    """Whether a word cannot belong to a phrase of place behind a subject: another verb, a mark, a clause."""
    return not token.key or token.folded in _CLAUSES | _TIMES | BEING or past(token)


def _led(subject: Claims, head: Token, told: Claims, at: int, before: Sequence[Claims]) -> bool:
    """Whether a pronoun at a place leads back to the subject: to who acts first in the nearest sentence with a name."""
    for whole, end in ((told, at), *((one, len(one.tokens)) for one in reversed(before))):
        places = [place for place in _agents(whole) if place < end]
        if places:
            return _named(subject, head, whole, places[0])
    return False


def _agents_of(title: Claims, subject: Claims) -> bool:
    """Whether a title names the subject."""
    return {token.key for token in subject.tokens if token.content} <= {token.key for token in title.tokens}


def _agents(told: Claims) -> Iterator[int]:
    """The places of the names in a sentence that stand behind no preposition."""
    return (at for at, _ in told.names if not (at and told.tokens[at - 1].folded in _PREPOSITIONS))


def _named(subject: Claims, head: Token, told: Claims, place: int) -> bool:
    """Whether the name that begins at a place is the subject's."""
    keys = {token.key for token in subject.tokens if token.content}
    while place < len(told.tokens) and told.tokens[place].capital and told.tokens[place].key != head.key:
        place += 1
    last = told.tokens[place : place + 4]
    return bool(last) and last[0].key in keys and (not owns(last[0]) or any(one.folded in _ORGANS for one in last))


def _head(subject: Claims) -> Token | None:
    """The word of a subject that the others belong to ("bridge" of "the bridge in Genoa"); none of "anybody"."""
    words = list(subject.tokens)
    joint = next((at for at, token in enumerate(words) if at and token.folded in _PREPOSITIONS), len(words))
    whole = words if words[joint - 1].capital else words[:joint]  # "the Bank of England"
    plain = [token for token in whole if token.content and token.folded not in _ANYBODY]
    plain = plain or [token for token in words if token.content and token.folded not in _ANYBODY]  # "any of the divers"
    return plain[-1] if plain else None


def _same(subject: Claims, head: Token, told: Claims, at: int, before: Sequence[Claims]) -> bool:
    """Whether a name is not that of another of the same family ("Pelosi" behind "Paul Pelosi")."""
    own = {token.key for token in subject.tokens if token.content}
    if len(own) < 2 or not head.capital:
        return True
    for claims, end in ((told, at + 1), *((one, len(one.tokens)) for one in reversed(before))):
        for near in range(end - 1, 0, -1):
            token, first = claims.tokens[near], claims.tokens[near - 1]
            if token.key == head.key and first.capital and first.folded not in _TITLES:
                return first.key in own
    return True


@cache
def aliases() -> dict[str, frozenset[str]]:
    """The key of a country's name, or of a noun → those of its other names."""
    rows = [frozenset(map(stem, row.split())) for row in table("words.txt")["aliases"]]
    return {name: row for row in rows for name in row}


def _phrase(tokens: Sequence[Token], at: int) -> int:
    """The first place of the noun phrase that ends at a place."""
    low = at
    while low and tokens[low - 1].key and tokens[low - 1].folded not in _PREPOSITIONS and at - low < 4:
        low -= 1
        if tokens[low].folded in _DETERMINERS or tokens[low].folded in _NOBODY:
            break
    return low - (low > 0 and tokens[low - 1].folded == "not")  # "not one person"


def _heads(head: Token, subject: Claims, tokens: Sequence[Token], at: int) -> bool:
    """Whether the subject ends at a place and is no part of another's phrase ("the death of", "her lawyers")."""
    low, own = at, {token.key for token in subject.tokens if token.key}
    first = head.capital and tokens[at].capital and tokens[at].key in own  # "Serena" of "Serena Williams"
    alias = head.capital == tokens[at].capital and head.key in aliases().get(tokens[at].key, ())
    if owns(tokens[at]) or not (tokens[at].key == head.key or first or alias):
        return False
    while low and (tokens[low - 1].key in own or tokens[low - 1].capital or tokens[low - 1].folded in _DETERMINERS):
        low -= 1
    return not (low and tokens[low - 1].folded in _PREPOSITIONS)


def reached(rest: Claims, told: Claims, at: int, places: Sequence[int]) -> bool:
    """Whether the words at some places belong to the verb at one: no clause between."""
    own = {token.folded for token in rest.tokens}
    led = told.tokens[0].folded in own & _PREPOSITIONS  # "Of fraud he was acquitted"
    if any(place > STATE or not led for place in places if place < at):
        return False
    last = max(places, default=at)
    for near, token in enumerate(told.tokens[at + 1 : last], at + 1):
        beside = told.tokens[near - 1].capital and told.tokens[near + 1].folded in ("a", "an") and last <= near + STATE
        if (not token.key and not beside) or token.folded in _CLAUSES - own:  # "shares in Blairmore, a fund"
            return False
    beyond = told.tokens[last + 1 : last + 2]
    whole = last > at and told.tokens[last].capital and rest.tokens[-1].key == told.tokens[last].key
    return not (whole and beyond and _compounds(beyond[0]) and beyond[0].key != "final")


def _compounds(token: Token) -> bool:
    """Whether a word makes a name before it but a part of what is told ("Twitter shares")."""
    return token.content and not (token.capital or token.number or past(token) or adverbial(token))


def adjunct(token: Token, rest: Claims) -> bool:
    """Whether a word of what is asked tells but the place or time, so that a sentence may leave it to its article."""
    joints = (one.folded for one in reversed(rest.tokens[: rest.tokens.index(token)]) if one.folded in _PREPOSITIONS)
    joint = next((one for one in joints if one != "of"), "")
    return joint in ("in", "at", "on", "during") or (joint == "to" and rest.tokens[0].folded in _MOVING)


def timed(token: Token, rest: Claims) -> bool:
    """Whether a word of what is asked stands in a clause that tells its time ("before he was inside")."""
    return any(one.folded in TEMPORAL for one in rest.tokens[1 : rest.tokens.index(token)])


def bounded(rest: Claims, told: Claims) -> bool:
    """Whether a sentence holds only up to some time ("until then"), and the question does not ask for one."""
    return bool(_BOUNDS & {token.folded for token in told.tokens} - {token.folded for token in rest.tokens})
