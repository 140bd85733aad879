"""Values: what the words of a sentence that answer a question give, read so that those of two sentences compare.

A value is a number with its bounds, unit and rate, the days that a date may be, or the name of who holds an office. A
sentence gives none where its words do not answer for certain: it counts another thing or another kind of harm, tells of
a part, an age, another year, or is about somebody else. English only, as `bot.reading.claims` is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from itertools import pairwise, takewhile

from bot.reading import Candidate, amounts
from bot.reading.amounts import Amount
from bot.reading.claims import BEING, Claims, past, read
from bot.reading.figures import YEAR, Figure, calendar, figures, month_of
from bot.reading.kind import Kind, kind, things
from bot.reading.lists import listed, nations, stems, table
from bot.reading.token import Token
from store.passage import days_of
from store.split import sentences
from store.words import STOP, WEEKDAYS, stem, tokens

NUMERIC: frozenset[Kind | None] = frozenset(("count", "sum", "measure"))
REACH = 4  # most words from "in" to the name of a place, and from a number to what is said of it
SAME = 4  # characters that the names of a country and of its people have in common
NEAR = 12  # most words between a name and the office that it holds
_JOINTS = frozenset(("and", "but", "while", "whereas", "with"))
_PARTS, _OPEN, _NEEDED, _BEFORE, _LABELS = map(listed, ("parts", "open", "needed", "former", "labels"))
_HARMS = {word: row.split()[0] for row in table("words.txt")["harms"] for word in row.split()}
_QUANTITIES = listed("quantities")
_BREAKS = listed("prepositions") - {"of"}
_DURING = frozenset(("in", "for", "during"))
_TOTAL, _OF = frozenset(("total", "toll", "overall", "altogether", "all")), frozenset(("the", "of"))
_LOCATING = frozenset("in at near across outside around throughout through".split())
_COMING = re.compile(r"\bwill\b|\bwhen (?:is|are|does|do)\b", re.I)
_AHEAD = listed("hedges") | {"next", "schedul"}
_COMING_WEEK = re.compile(r"\bnext (?:week|month|year)\b")
_ENDED = frozenset(("former", "ex", "outgoing", "then"))
_OFFICE = re.compile(r"who(?:'s| is| was| will be| has become| became) (the .*)", re.I)
_AGO = re.compile(r"\bago\b|\b(?:week|month|year)s? (?:earlier|before)\b")
_WINDOW = re.compile(r"\b(?:(?:last|past|previous) (?:\w+ ){0,2}?(?:hours|days?|weeks?|months?|years?)|overnight)\b")


@dataclass(frozen=True, slots=True)
class Value:
    """What a sentence gives for what was asked, with what narrows it."""

    amount: Amount | None = None
    times: frozenset[tuple[str, str]] = frozenset()
    """First and last ISO day of the times that it names; of an undated article its words for them, twice."""
    holder: frozenset[str] = frozenset()
    """The name of who holds the office that is asked for, folded."""
    ahead: bool = False
    """Whether it is told as what may be or is yet to be."""
    places: frozenset[str] = frozenset()
    """The keys of the places beside it that the question does not name."""
    months: frozenset[int] = frozenset()
    window: str = ""
    """The time within which it is counted."""
    words: tuple[str, ...] = ()
    """Those of its number, as written."""


def value(question: str, row: Candidate) -> Value | None:
    """What a sentence gives for what is asked; None where its answering words hold no such thing for certain.

    A number that counts what is asked is read wherever it stands.
    """
    claims = read(row.text)
    first = len(read(row.text[: (row.answer or (row.start, 0))[0] - row.start]).tokens)
    span = range(first, min(first + len(read(row.answering).tokens), len(claims.tokens)))
    if numeric(question):
        part = {token.folded for token in claims.tokens[max(0, span.start - 2) : span.start]} & _PARTS
        told = things_of(question) or amounts.dimension(question)
        spans = [span] * bool(row.answer) + [range(len(claims.tokens))] * bool(told and not part)
        return next(filter(None, (_number(question, row, claims, one) for one in spans)), None)
    if row.answer is None:
        return None
    if kind(question) == "date":
        return _date(question, row, claims, span)
    return _holder(question, claims, span) if kind(question) == "person" else None


@lru_cache(maxsize=512)
def things_of(question: str) -> frozenset[str]:
    """The stems of the things that a question asks the number of; a toll is one of people."""
    asked, counted = read(question).tokens, things(question)
    harms = {token.key for token in asked if past(token) and token.folded in _HARMS}  # "how many children died"
    counted = counted - harms or counted or (stems("people") if "toll" in tokens(question) else frozenset())
    if counted & stems("people") and not _harms(asked):  # of people who use something: users
        return counted | {_doer(token) for token in asked if token.content}
    return counted


def _doer(verb: Token) -> str:
    """The stem of who does what a verb says: "use", "user"."""
    return stem(f"{verb.key.removesuffix('e')}er")


def numeric(question: str) -> bool:
    """Whether a number is asked for, by its kind or by what is asked ("what is the price")."""
    asked = kind(question)
    told = bool(things_of(question)) or asked in NUMERIC
    return told or (asked in ("name", None) and not _QUANTITIES.isdisjoint(tokens(question)))


def _number(question: str, row: Candidate, claims: Claims, span: range) -> Value | None:
    """The number among the answering words, unless it counts or tells of something else than what is asked."""
    asked = read(question)
    named = {asked.tokens[at].key for at, _ in asked.names if at}
    counted = things_of(question) - named or things_of(question)
    figure = _figure(asked, claims, span, counted, units := amounts.dimension(question))
    if figure is None:
        return None
    if counted and not _harms(asked.tokens) and _rivalled(claims, figure, counted):
        return None
    low, high = _clause(claims.tokens, figure)
    clause = claims.tokens[low:high]
    total = bool(row.answer) and _sums(claims.tokens[low : figure.start], claims.tokens[figure.end : high])
    if counted and not total and not _counts(asked, claims, figure, counted):
        return None
    measured = amounts.unit_of(claims.tokens, figure) in units
    if "against" in asked.keys and "against" not in claims.keys:  # votes for it
        return None
    if not measured and _other(asked, row, claims, figure, counted, named):
        return None
    if not about(asked, row, claims, high, total=total or measured):
        return None
    words = " ".join(token.folded for token in clause)
    rate = amounts.rate_of(claims.tokens[max(0, figure.start - 2) : figure.end + 5])
    own = _keys(asked.tokens) | (set() if _TOTAL.isdisjoint(words.split()) else _keys(clause))
    return Value(
        amounts.amount(claims.tokens, figure, "" if rate == amounts.rate_of(asked.tokens) else rate),
        ahead=figure.start in claims.hedged,
        places=_places(claims, low, _comma(claims.tokens, figure.end), own),
        months=frozenset(month_of(token) for before, token in pairwise(clause) if before.folded in _DURING) - {0},
        window=match[0] if counted and (match := _WINDOW.search(words)) else "",
        words=tuple(token.raw for token in claims.tokens[figure.start : figure.end]),
    )  # fmt: skip


def _figure(asked: Claims, claims: Claims, span: range, counted: frozenset[str], units: Set[str]) -> Figure | None:
    """The number of a span: the one before the things counted, else the only one; else "dozens" and the like.

    Of a sentence of the harm asked for, none of a clause of another harm, nor one of the same things in none of harm.
    """
    whole, harms = figures(claims.tokens, calendar(claims.tokens)[2]), _harms(asked.tokens)
    told = [(one, _harms(claims.tokens[slice(*_clause(claims.tokens, one))])) for one in whole]
    harmed = any(harms & own and counted & _keys(_behind(claims.tokens, one)) for one, own in told)
    every = [one for one in whole if one.start in span]
    apart = [one for one, own in told if harms and not harms & own and (own or harmed)]
    found = [one for one in every if one not in apart and not _excluded(claims.tokens, one)]
    found = [one for one in found if amounts.unit_of(claims.tokens, one) in units] or found
    if len(found) == 2 and (joined := amounts.joined_range(claims.tokens, *found)):
        found = [joined]
    counting = [one for one in found if counted & _keys(_behind(claims.tokens, one))]
    figure = next(iter(counting if len(counting) == 1 else found if len(found) == 1 else ()), None)
    if not every:
        vague = (at for at in span if claims.tokens[at].folded in amounts.WORDS)
        return next((amounts.vague(at, claims.tokens[at].folded) for at in vague), None)
    if figure is None or not all(map(amounts.VALUE.fullmatch, figure.number.readings[:1])):
        return None
    return None if not counted and _rivalled(claims, figure, counted) else figure


def _behind(words: Sequence[Token], one: Figure) -> Sequence[Token]:
    """The words behind a number that may name what it counts; of "72 of the dead are Germans" those behind the verb."""
    after = words[one.end : one.end + 4]
    being = next((at for at, token in enumerate(after) if token.folded in BEING), 0)
    if being and after[0].folded == "of":
        return words[one.end + being + 1 : one.end + being + 2]
    end = next((at for at, token in enumerate(after) if token.folded in _BREAKS), 4)
    return after[:end]


def _other(
    asked: Claims, row: Candidate, claims: Claims, figure: Figure, counted: frozenset[str], named: set[str]
) -> bool:
    """Whether a number is of another year, place or time, is only asked for, or shares no word with the question."""
    low, high = _clause(claims.tokens, figure)
    clause, own, told = claims.tokens[low:high], _keys(asked.tokens), _keys(claims.tokens)
    years = [at for at in range(low, high) if YEAR.fullmatch(claims.tokens[at].raw)]
    years = [at for at in years if not any(token.capital for token in claims.tokens[at + 1 : at + 2])]
    if any(claims.tokens[at].key not in own for at in years):  # but for "the 2012 Sandy Hook shooting"
        return True
    before, behind = claims.tokens[low : figure.start], claims.tokens[figure.end : figure.end + REACH]
    if any(token.folded in _OPEN or (token.folded == "also" and counted) for token in before):
        return True
    if any(token.folded in _NEEDED for token in behind):  # "60 votes needed to pass"
        return True
    days = calendar(asked.tokens)[2]
    plain = {t.key for at, t in enumerate(asked.tokens) if t.content and at not in days and not t.number}
    plain -= counted | named | stems("quantities")
    quantity = {t.folded for t in asked.tokens} & {t.folded for t in claims.tokens} & _QUANTITIES
    around = 2 * len(plain & keys_of(row.passage.text)) > len(plain)
    around |= len(named) > 1 and named <= told and figure.number.unit != "%"
    if around and counted & _keys(_behind(claims.tokens, figure)):
        plain = set()  # the rest of what is asked stands round the sentence, or all its names in it
    if plain and not (quantity or _harms(asked.tokens) or plain & told) and (counted or not named or not named <= told):
        return True
    if named and not nations(named) & nations(told) and _places(claims, 0, figure.start, own):
        return True
    return not counted and bool(_AGO.search(" ".join(token.folded for token in clause)))


def _comma(words: Sequence[Token], at: int) -> int:
    """The place of the next comma."""
    return next((near for near in range(at, len(words)) if words[near].folded == ","), len(words))


def _sums(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether a number between two stretches of a clause is a total of nothing that they name ("91 in all")."""
    told = {token.folded for token in (*before, *after)}
    return not _TOTAL.isdisjoint(told) and not any(token.content and token.folded not in _TOTAL for token in after)


def _rivalled(claims: Claims, one: Figure, counted: frozenset[str]) -> bool:
    """Whether a sentence holds another number of the same unit, but for one of before ("up from 8.5 %").

    Of the same things two others: a list of parts.
    """
    every = figures(claims.tokens, calendar(claims.tokens)[2])
    apart = (other for other in every if other.end <= one.start or one.end <= other.start)
    rivals = [other for other in apart if other.number.readings != one.number.readings]
    rivals = [other for other in rivals if not _excluded(claims.tokens, other)]
    if counted:
        return sum(bool(counted & _keys(_behind(claims.tokens, other))) for other in rivals) > 1
    return bool(one.number.unit) and any(other.number.unit == one.number.unit for other in rivals)


def _keys(words: Sequence[Token]) -> set[str]:
    return {token.key for token in words}


def _excluded(words: Sequence[Token], one: Figure) -> bool:
    """Whether a number is a year, an age between commas, "one", a part of another or compared with it."""
    before = amounts.before_number(words, one)
    after, alone = [token.folded for token in words[one.end : one.end + 2]], one.end == one.start + 1
    if alone and not one.number.unit and (YEAR.fullmatch(words[one.start].raw) or words[one.start].folded == "one"):
        return True
    if words[one.start - 1].folded in _LABELS if one.start else False:
        return True
    if alone and before[-1:] == [","] and after[:1] == [","]:
        return True
    if set(before[-2:]) & _PARTS and before[-1:] != ["than"]:
        return True
    if after[:1] and after[0] in ("more", "additional") and after[1:] != ["than"]:
        return True
    if after in (["worth", "of"], ["of", "them"], ["of", "whom"], ["of", "those"]) or before[-1:] == ["from"]:
        return True
    earlier = {token.folded for token in words[max(0, one.start - 6) : one.start]}
    return bool(earlier & _BEFORE)


def _clause(words: Sequence[Token], one: Figure) -> tuple[int, int]:
    """The words round a number between the commas, "and"s and the like that are next to it."""
    edges = [at for at, token in enumerate(words) if token.folded in _JOINTS or token.folded == ","]
    low = max((at + 1 for at in edges if at < one.start), default=0)
    return low, min((at for at in edges if at >= one.end), default=len(words))


def _harms(words: Sequence[Token]) -> frozenset[str]:
    """The kinds of harm that some words name: deaths, injuries, the missing …"""
    return frozenset(_HARMS[token.folded] for token in words if token.folded in _HARMS)


def _counts(asked: Claims, claims: Claims, one: Figure, counted: frozenset[str]) -> bool:
    """Whether a number counts what is asked: the thing stands behind it, or no other one does in a sentence of harm."""
    low, high = _clause(claims.tokens, one)
    wanted, own, near = (_harms(words) for words in (asked.tokens, claims.tokens[low:high], claims.tokens))
    if wanted and (not wanted & (own or near) or (not own and len(near) > 1)):
        return False
    after = _behind(claims.tokens, one)
    groups = _groups()
    rows = {groups[thing] for thing in counted & groups.keys()}
    if counted & _keys(after) or rows & {groups.get(token.key) for token in after[:2]}:
        apart = {t.key for t in takewhile(lambda token: token.key not in counted, after) if t.capital}
        asked_of, theirs = ({key[:SAME] for key in nations(keys)} for keys in (asked.keys, apart))
        return theirs <= asked_of  # "12 Republican senators" are some of the senators
    if stems("people") & _keys(after[:1]) and counted & {_doer(token) for token in claims.tokens[one.end : high]}:
        return True  # "600 million people use it" are users
    if counted <= {asked.tokens[at].key for at, _ in asked.names} and not counted & _keys(claims.tokens[low:high]):
        return False  # "all 109 were killed" is no number of Germans
    if not wanted or not after or amounts.before_number(claims.tokens, one)[-1:] == ["all"]:
        return bool(wanted)
    head = after[0]
    if not head.key or head.folded in STOP or head.folded in _HARMS or head.folded == "others":
        return True
    return head.folded.endswith("ed") or (head.key in stems("people") and counted.isdisjoint(groups))


@cache
def _groups() -> dict[str, str]:
    """The stem of each word for a kind of people or things → the row of words that it stands in."""
    return {stem(word): row for row in table("words.txt")["groups"] for word in row.split()}


def about(asked: Claims, row: Candidate, claims: Claims, high: int, *, total: bool = False) -> bool:
    """Whether a sentence is about what is asked, up to a place in it.

    It shares a word with the question, or gives a total without one; its passage and title hold the question's names,
    most of them if there are more than two; and it does not begin with a name of somebody else where it has none of
    these itself.
    """
    told = _keys(claims.tokens)
    if not (total or touches(asked, claims)):
        return False
    names = nations({asked.tokens[at].key for at, _ in asked.names if at and len(asked.tokens[at].key) > 1})
    document = row.passage.document
    around = _keys(read(document.title).tokens) | keys_of(row.passage.before) | keys_of(row.passage.text)
    lacking = names - nations(around)
    if len(lacking) > len(names) / 3:
        return False
    others = {claims.tokens[at].key for at, _ in claims.names if at < high and not claims.tokens[at].first}
    return not names or bool(names & nations(told)) or others <= names or not _subject(claims)


def touches(asked: Claims, claims: Claims) -> bool:
    """Whether a sentence shares a word or a kind of harm with the question."""
    own = {token.key for token in asked.tokens if token.content and not token.number}
    return bool(own & _keys(claims.tokens) or _harms(asked.tokens) & _harms(claims.tokens))


def _subject(claims: Claims) -> bool:
    """Whether a sentence begins with a name of two words, or with one before "is", "has" and the like."""
    first, *rest = claims.tokens[:2]
    verb = any(word.folded in BEING | {"has", "had"} for word in rest)
    return first.capital and (verb or any(word.capital for word in rest))


@lru_cache(maxsize=512)
def keys_of(text: str) -> frozenset[str]:
    """The keys of all words of a text."""
    return frozenset(token.key for start, end in sentences(text) for token in read(text[start:end]).tokens)


@lru_cache(maxsize=512)
def names_of(text: str) -> frozenset[str]:
    """The names within the sentences of a text, folded."""
    claims = (read(text[start:end]) for start, end in sentences(text))
    return frozenset(name for one in claims for at, name in one.names if not one.tokens[at].first)


def _places(claims: Claims, low: int, high: int, own: set[str]) -> frozenset[str]:
    """The keys of the names behind "in", "at" and the like in a clause, without those of the question."""
    places, names = set[str](), dict(claims.names)
    for at in (at for at in range(low, high) if claims.tokens[at].folded in _LOCATING):
        near, begun = at + 1, False
        while near < high and (
            near in names or (not begun and near <= at + REACH) or claims.tokens[near].folded in _OF
        ):
            if claims.tokens[near].folded in _LOCATING or not claims.tokens[near].key:
                break
            begun = begun or near in names
            places |= {claims.tokens[near].key} if near in names else set()
            near += 1
    return frozenset() if nations(places) <= nations(own) else frozenset(places - own)


def _date(question: str, row: Candidate, claims: Claims, span: range) -> Value | None:
    """The times that the answering words name; where the article bears no date, weekdays and "next week" themselves."""
    asked, passage, (low, high) = read(question), row.passage, row.answer or (0, 0)
    if not about(asked, row, claims, span.stop):
        return None
    places = _places(claims, 0, min(span.stop + NEAR, len(claims.tokens)), _keys(asked.tokens))
    if not passage.document.published:
        if _COMING.search(question) and not any(
            t.folded in _AHEAD or t.key in _AHEAD for t in claims.tokens[: span.stop]
        ):
            return None  # told as done
        told = [token.folded for token in claims.tokens[span.start : span.stop]]
        words = frozenset((word, word) for word in {*told} & {*WEEKDAYS} or _COMING_WEEK.findall(" ".join(told)))
        return Value(times=words, places=places) if words else None
    named = [
        one.value.partition("/") for one in passage.event_dates if one.start < high and low < one.end and one.value
    ]
    published, _ = days_of(passage.document.published)
    least = (published - timedelta(days=1)).isoformat() if _COMING.search(question) else ""
    times = frozenset((first, last) for first, _, last in named if last >= least)
    return Value(times=times, ahead=span.start in claims.hedged, places=places) if times else None


def _holder(question: str, claims: Claims, span: range) -> Value | None:
    """The name of who holds the office asked for ("who is the prime minister"), where the office stands beside it."""
    if not (match := _OFFICE.match(question)):
        return None
    office = {token.key for token in read(match[1]).tokens if token.content and not token.capital}
    named = {name for at, name in claims.names if at in span and claims.tokens[at].key not in office}
    beside = claims.tokens[max(0, span.start - NEAR) : span.stop + NEAR]
    before = {token.folded for token in claims.tokens[max(0, span.start - 2) : span.start]}
    if before & _OF or not _ENDED.isdisjoint(token.folded for token in beside):
        return None  # "leader of the Conservative Party", "former president"
    return Value(holder=frozenset(named)) if named and office and office <= _keys(beside) else None
