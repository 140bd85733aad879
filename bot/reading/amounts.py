"""Amounts: numbers as sentences tell them, with their bounds, units and rates, and whether two may be one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from bot.reading import Candidate
from bot.reading.claims import MEASURES, measure, read
from bot.reading.figures import Figure, Number
from bot.reading.kind import kind
from bot.reading.lists import listed, table
from bot.reading.token import Token
from store.words import tokens

ABOUT = 0.05  # most share of a number by which "about", "nearly" and its noughts leave it open
COARSE = 1_000  # least number that is taken as rounded where it ends in noughts
RANGE = "to"  # between the readings of a number that is a range
FAR, FARTHER = 10.0, 100.0  # most times that one of two sums or measures is the other, and one of two counts
SIGNS = frozenset((*"$€£¥₹₩%", "year", "month", "week", "day", "hour", "minute", "second"))
"""Units without which a number is another thing."""
CLOSE = 1.08  # most times that one of two numbers is the other where a bound ("more than") leaves room for both
UNPRICED = 2.5  # by how much a sentence scores less that gives a measure where a price is asked for
_PRICE = re.compile(r"\b(?:costs?|price|pay|paid)\b", re.I)
VALUE = re.compile(r"-?\d+(?:/\d+)?")
_LEAST, _MOST, _NEAR = map(listed, ("least", "most", "about"))
_PARTS_OF = {"thirds": 3, "quarters": 4, "fifths": 5, "tenths": 10, "hundredths": 100}
_VAGUE = {"dozens": 24, "scores": 40, "hundreds": 100, "thousands": 1_000, "millions": 10**6, "billions": 10**9}
WORDS = _VAGUE.keys() | {"half"}
"""Words that are numbers by themselves, most of them vague ones."""
_RATE = re.compile(
    r"(?<!than )(?<!in )(?<!for )(?<!within )\b(?:an?|per|each|every) "
    r"(day|week|month|year|hour|night|minute|share|person|head|borrower|barrel|gallon)\b"
)
_EVERY = {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour", "yearly": "year"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a sentence tells it: the least and the most that it may be, its unit, and what it is a rate of."""

    told: float
    low: float
    high: float
    unit: str = ""
    rate: str = ""
    vague: bool = False  # "dozens", "hundreds"


def amount(words: Sequence[Token], one: Figure, rate: str) -> Amount:
    """A number with its bounds and unit."""
    if one.number.readings == ("vague",):
        least = float(_VAGUE[words[one.start].folded])
        return Amount(least, least, 10 * least, vague=True)
    number = float(Fraction(one.number.readings[0]))
    if RANGE in one.number.readings:
        most = float(Fraction(one.number.readings[2]))
        return Amount(most, number, most, unit_of(words, one), rate)
    before, phrase = before_number(words, one), " ".join(before_number(words, one)[-2:])
    after = [token.folded for token in words[one.end : one.end + 4]]
    number /= _PARTS_OF.get(after[0] if after else "", 1)
    unit = unit_of(words, one)
    unit = "%" if "percentage" in after else unit  # "three quarters of a percentage point"
    room = min(_step(words, one, number) / 2, ABOUT * abs(number))
    if before and (before[-1] in _NEAR or phrase in ("close to", "an estimated")):
        room = ABOUT * abs(number)
    low, high = number - room, number + room
    if before and (before[-1] in _LEAST or phrase in ("at least", "more than", "greater than")):
        high = math.inf
    if before and (before[-1] in _MOST or phrase in ("at most", "less than", "fewer than", "up to", "many as")):
        low = -math.inf
    return Amount(number, low, high, unit, rate)


def unit_of(words: Sequence[Token], one: Figure) -> str:
    """The unit of a number, also of one that is written out behind it."""
    return one.number.unit or next((measure(token) for token in words[one.end : one.end + 1]), "")


@lru_cache(maxsize=512)
def dimension(question: str) -> frozenset[str]:
    """The units in which the measure that a question asks for is told ("how heavy")."""
    rows, words = (row.partition(" : ") for row in table("words.txt")["dimensions"]), {*tokens(question)}
    return frozenset(unit for told, _, units in rows if words & {*told.split()} for unit in units.split())


def _step(words: Sequence[Token], one: Figure, number: float) -> float:
    """The step to which a number is rounded, by the noughts at its end or the digits before "million"; 0 for none."""
    if number != int(number) or abs(number) < COARSE:
        return 0.0
    raw = words[one.start].raw
    if one.end > one.start + 1 and re.fullmatch(r"\d+(?:\.\d+)?", raw):
        return number / float(raw) / 10.0 ** len(raw.partition(".")[2])
    noughts = len(str(int(number))) - len(str(int(number)).rstrip("0"))
    return float(10**noughts) if noughts >= 2 else 0.0


def joined_range(words: Sequence[Token], one: Figure, other: Figure) -> Figure | None:
    """ "Between 30 and 40 percent" and "12,000 to 19,000" as one number, the least first; None for any other two."""
    joint = [token.folded for token in words[one.end : other.start]]
    between = one.start and words[one.start - 1].folded == "between"
    if joint not in (["to"], ["–"]) and not (between and joint == ["and"]):
        return None
    if words[one.start - 1].folded == "from" or not all(VALUE.fullmatch(x.number.readings[0]) for x in (one, other)):
        return None
    return Figure(
        one.start, other.end, Number((one.number.readings[0], RANGE, other.number.readings[0]), other.number.unit)
    )


def vague(at: int, word: str) -> Figure:
    """ "Half" and "dozens" and the like as a number."""
    return Figure(at, at + 1, Number(("1/2",) if word == "half" else ("vague",)))


def rate_of(words: Sequence[Token]) -> str:
    """What a number is a rate of: "a day", "per share", "daily"."""
    match = _RATE.search(" ".join(token.folded for token in words))
    return match[1] if match else next((_EVERY[token.folded] for token in words if token.folded in _EVERY), "")


def before_number(words: Sequence[Token], one: Figure) -> list[str]:
    """The three words before a number, its sign of money left out."""
    return [token.folded for token in words[max(0, one.start - 4) : one.start] if token.raw not in "$€£¥₹₩"][-3:]


def priced(question: str, rows: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Sentences, best first; where a price is asked for, a weight, a length or a time as answer counts for less."""
    if not _PRICE.search(question) or kind(question) not in ("sum", "name"):  # "how many days of paid leave"
        return tuple(rows)
    return tuple(sorted(map(_unpriced, rows), key=lambda row: -row.score))


def _unpriced(row: Candidate) -> Candidate:
    """A sentence, without its answering words and worth less where these give no price but a measure."""
    told = read(row.answering)
    units = {unit for _, unit in told.counted}
    if not units or units - MEASURES or any(number.unit for number in told.numbers):
        return row
    return replace(row, answer=None, score=row.score - UNPRICED)


def same_amount(older: Amount, newer: Amount, *, dated: bool) -> bool | None:
    small, large = sorted((abs(older.told), abs(newer.told)))
    units = {older.unit, newer.unit}
    bare = "" in units and units.isdisjoint(SIGNS)  # "126.5" beside "126.0 gigaelectronvolts"
    if (
        len(units) > 1 + bare
        or older.rate != newer.rate
        or large > (FAR if units - {""} else FARTHER) * max(small, 1.0)
    ):
        return None
    overlap = older.low <= newer.high and newer.low <= older.high
    if dated and math.inf == older.high == newer.high and newer.told > older.told:
        return False  # a bound that has grown is a newer value
    if not overlap or older.vague or newer.vague or large <= small * CLOSE:
        return overlap
    if dated and newer.told > older.told:
        return False
    return True if large <= 2 * small else None
