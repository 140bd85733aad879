"""Values: what the words of a sentence that answer a question give, read so that those of two sentences compare.

A value is a number with its bounds, unit and the thing counted, a day, or a name; beside it stands what narrows it: a
place, a period, the kind of harm counted, and whether it is told as done. English only, as `bot.reading.claims` is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bot.reading import Candidate
from bot.reading.claims import Claims, Token, measure, read
from bot.reading.figures import YEAR, Figure, calendar, figures
from bot.reading.kind import Kind, counted, kind
from bot.reading.lists import listed, stems, table
from store.words import STOP, stem, tokens

NUMERIC: frozenset[Kind | None] = frozenset(("count", "sum", "measure"))
ABOUT = Fraction(5, 100)  # share of a number by which "about" and "nearly" leave it open
COARSE = 1_000  # least number that is taken as rounded where it ends in noughts
_VALUE = re.compile(r"-?\d+(?:/\d+)?")
_JOINTS = frozenset(("and", "but", "while", "whereas", "with", ";"))
_LEAST, _MOST, _NEAR, _PART = map(listed, ("least", "most", "about", "parts"))
_HARMS = {stem(word): row for row in table("words.txt")["harms"] for word in row.split()}
_PERIOD = re.compile(
    r"\b(?:(?:a|an|per|each|every) (?:day|week|month|year|hour|night|minute)"
    r"|(?:last|past|previous|this|next|coming|same) (?:\w+ ){0,2}?"
    r"(?:hours|days?|weeks?|weekend|months?|quarter|years?|decades?)"
    r"|daily|weekly|monthly|annual|annually|yearly|overnight|today|yesterday|quarterly)\b"
)
_LOCATING = frozenset("in at near across from outside around throughout".split())


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a sentence tells it: the least and the most that it may be, its unit, and the thing counted."""

    low: float
    high: float
    told: float
    unit: str = ""
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What a sentence gives for what was asked, with what narrows it."""

    amount: Amount | None = None
    harms: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    period: str = ""
    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    ahead: bool = False
    """Whether it is told as what may be or is yet to be."""
    names: frozenset[str] = field(default_factory=frozenset)
    """The names of its sentence, by which two sentences are known to be about one thing."""


def value(question: str, row: Candidate) -> Value | None:
    """What a sentence gives for what is asked; None where its answering words hold no such thing for certain."""
    if row.answer is None or kind(question) not in NUMERIC:
        return None
    claims = read(row.text)
    first = len(read(row.text[: row.answer[0] - row.start]).tokens)
    last = first + len(read(row.answering).tokens)
    figure = _asked(question, claims.tokens, first, last)
    if figure is None or not _VALUE.fullmatch(figure.number.readings[0]):
        return None
    low, high = _clause(claims.tokens, figure)
    clause = claims.tokens[low:high]
    amount = _amount(claims.tokens, figure)
    harms = _harms(clause)
    wanted = _harms(read(question).tokens)
    if wanted and harms and not wanted & harms:
        return None
    if not _fits(question, claims.tokens, figure, wanted) or _partial(claims.tokens, figure):
        return None
    words = " ".join(token.folded for token in clause)
    period = match[0] if (match := _PERIOD.search(words)) else ""
    own = set(tokens(question))
    years = frozenset(int(t.raw) for t in claims.tokens if YEAR.fullmatch(t.raw) and t.raw not in own)
    return Value(
        amount, harms, _places(claims, low, high, own), period, years,
        claims.months, figure.start in claims.hedged, frozenset(name for _, name in claims.names),
    )  # fmt: skip


def _asked(question: str, words: Sequence[Token], first: int, last: int) -> Figure | None:
    """The number among the answering words: the one that counts what is asked, else the only one."""
    found = [one for one in figures(words, calendar(words)[2]) if first <= one.start < last and not _year(words, one)]
    things = counted(question)
    counting = [one for one in found if things & {stem(t.folded) for t in words[one.end : one.end + 4]}]
    found = counting or found
    return found[0] if len(found) == 1 else None


def _year(words: Sequence[Token], one: Figure) -> bool:
    return one.end == one.start + 1 and bool(YEAR.fullmatch(words[one.start].raw)) and not one.number.unit


def _clause(words: Sequence[Token], one: Figure) -> tuple[int, int]:
    """The words round a number between the commas, "and"s and the like that are next to it."""
    edges = [at for at, token in enumerate(words) if token.folded in _JOINTS or token.folded == ","]
    return (
        max((at + 1 for at in edges if at < one.start), default=0),
        min((at for at in edges if at >= one.end), default=len(words)),
    )


def _harms(words: Sequence[Token]) -> frozenset[str]:
    """The kinds of harm that some words name: deaths, injuries, the missing …"""
    return frozenset(_HARMS[token.key] for token in words if token.key in _HARMS)


def _amount(words: Sequence[Token], one: Figure) -> Amount:
    number = float(Fraction(one.number.readings[0]))
    before = [token.folded for token in words[max(0, one.start - 4) : one.start] if token.raw not in "$€£¥₹₩"]
    phrase = " ".join(before[-2:])
    after = words[one.end : one.end + 1]
    unit = one.number.unit or next((measure(token) for token in after), "")
    thing = next((token.key for token in after if token.key and token.folded not in STOP), "")
    low = high = number
    step = _step(words, one, number)
    if step:
        low, high = number - step / 2, number + step / 2
    if before and (before[-1] in _NEAR or phrase in _NEAR):
        low, high = min(low, number * (1 - ABOUT)), max(high, number * (1 + ABOUT))
    if before and (before[-1] in _LEAST or phrase in ("at least", "more than", "greater than", "as low")):
        high = math.inf
    if before and (before[-1] in _MOST or phrase in ("at most", "less than", "fewer than", "up to", "no more")):
        low = -math.inf
    return Amount(low, high, number, unit, thing)


def _step(words: Sequence[Token], one: Figure, number: float) -> float:
    """The step to which a number is rounded, by the noughts at its end or the digits before "million"; 0 for none."""
    if number != int(number):
        return 0.0
    if abs(number) < COARSE:
        return 0.0
    raw = words[one.start].raw
    if one.end > one.start + 1 or not raw.replace(",", "").isdigit():
        decimals = len(raw.partition(".")[2]) if words[one.start].number else 0
        base = Fraction(raw.replace(",", "")) if re.fullmatch(r"[\d,]+(?:\.\d+)?", raw) else None
        return float(Fraction(int(number)) / base / 10**decimals) if base else 0.0
    digits = str(int(number))
    noughts = len(digits) - len(digits.rstrip("0"))
    return float(10**noughts) if noughts >= 2 else 0.0


def _fits(question: str, words: Sequence[Token], one: Figure, wanted: frozenset[str]) -> bool:
    """Whether a number counts what is asked and not something else ("19 children", asked for people)."""
    things = counted(question)
    after = words[one.end : one.end + 4]
    if not things or things & {stem(token.folded) for token in after}:
        return True
    head = next(iter(after), None)
    if head is None or not head.key or head.folded in STOP or not head.content or head.key in _HARMS:
        return True
    return head.folded.endswith(("ed", "ing")) or head.capital


def _partial(words: Sequence[Token], one: Figure) -> bool:
    """Whether a number is a part of another or is compared with it: "including 19", "21 more", "up from 9"."""
    before = [token.folded for token in words[max(0, one.start - 3) : one.start]]
    after = [token.folded for token in words[one.end : one.end + 2]]
    if set(before[-2:]) & _PART and before[-1:] != ["than"]:
        return True
    if after[:1] and after[0] in ("more", "others", "other", "additional") and after[1:] != ["than"]:
        return True
    if after in (["of", "them"], ["of", "whom"], ["of", "those"]):
        return True
    return bool(before) and before[-1] == "from"


def _places(claims: Claims, low: int, high: int, own: set[str]) -> frozenset[str]:
    """The names behind "in", "at" and the like in a clause, without those of the question."""
    places, names = set[str](), dict(claims.names)
    for at in range(low, high):
        if claims.tokens[at].folded in _LOCATING:
            near = at + 1
            while near < high and (near in names or claims.tokens[near].folded in ("the", "of")):
                if near in names and names[near] not in own:
                    places.add(names[near])
                near += 1
    return frozenset(places)


def same(one: Amount, other: Amount) -> bool:
    """Whether two numbers may be one: the bounds of each leave room for the other."""
    return one.low <= other.high and other.low <= one.high


def comparable(one: Amount, other: Amount) -> bool:
    """Whether two numbers have one unit."""
    return one.unit == other.unit


__all__ = ["Amount", "Value", "comparable", "same", "stems", "value"]
