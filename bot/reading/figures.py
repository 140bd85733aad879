"""Figures: numbers with their units, and days of the calendar, however they are written.

Numbers are exact fractions, so that 1.2 million, 1,200,000, 1.200.000 and 1 200 000 are one number and others are not.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from bot.reading.lists import listed
from bot.reading.token import Token
from store.passage import days_of, is_day
from store.words import SCALES, TENS, UNITS, month

ISO = r"\b\d{4}-\d\d-\d\d\b"
DIGITS = (
    r"(?<![\w.,)])[-−]?(?:"
    r"(?:\d{1,3}(?: {1,2}|-))?[1-9]\d?[/⁄][1-9]\d?(?![\d/⁄])"  # 3 1/2
    r"|[1-9]\d?(?:,\d\d){1,6},\d{3}(?:\.\d{1,9})?(?!\d)"  # 12,50,000
    r"|[1-9]\d{0,2}(?:,\d{3}){1,9}(?:\.\d{1,9})?(?!\d)"  # 1,200,000.5
    r"|[1-9]\d{0,2}(?:(?:\.\d{3}){2,9}(?:,\d{1,9})?|\.\d{3},\d{1,9})(?!\d)"  # 1.200.000,5
    r"|[1-9]\d{0,2}(?:['’]\d{3}){1,9}(?:[.,]\d{1,9})?(?!\d)"  # 1'200'000.5
    r"|[1-9]\d{0,2}(?: \d{3}){1,9}(?:[.,]\d{1,9})?(?![\d.,]\d|\d)"  # 1 200 000,5
    r"|\d{1,40},\d{1,2}(?!\d|[,.]\d)"  # 1,2
    r"|\.\d{1,20})"
    r"|(?<![\w.,)])[-−]\d{1,40}(?:[.·]\d{1,20})?"
    r"|\d{1,40}[.:·]\d{1,20}|\d{1,40}(?:st|nd|rd|th)\b|\d{1,40}"
)
"""A number in digits, in a text that `store.words.folded` has made plain."""
PARTS = {"1/2": "half", "1/3": "one third", "2/3": "two thirds", "1/4": "a quarter", "3/4": "three quarters"}
"""Fractions that stand alone, in words."""
ALONE = re.compile(r"(?<![\w/⁄.,-])(?<!\d )(?<!\d  )([123][/⁄][234])(?![\w/⁄])")

ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_FIRST = frozenset((*UNITS, *TENS, *SCALES, "half"))  # words with which a number in words begins
_SUFFIXES = dict.fromkeys(("k",), 1_000) | dict.fromkeys(("m", "mn", "mln", "mio"), 10**6)
_SUFFIXES |= dict.fromkeys(("bn", "b", "mrd"), 10**9) | dict.fromkeys(("tn", "trn"), 10**12)
_SUFFIXES |= dict.fromkeys(("lakh", "lakhs"), 10**5) | dict.fromkeys(("crore", "crores"), 10**7)
_SIGNS = frozenset("$€£¥₹₩")
_MONEY = {"dollar": "$", "dollars": "$", "usd": "$", "euro": "€", "euros": "€", "eur": "€", "pound": "£",
          "pounds": "£", "gbp": "£", "%": "%", "percent": "%", "pct": "%", "a.m.": "a.m.", "p.m.": "p.m.",
          "am": "a.m.", "pm": "p.m."}  # fmt: skip
_METRES = listed("metres")  # words behind "2m" where it is two metres and not two million
_BETWEEN = frozenset(("to", "and", "or", "–"))
_EITHER = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_VALUE = re.compile(r"-?\d+(?:/\d+)?")
_DAYS_ON = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_ON = {"last": -1, "this": 0, "next": 1}
_DAY = re.compile(r"(\d\d?)(?:st|nd|rd|th)?")
YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


class Number(NamedTuple):
    """The values that a number may have (one, but for "2m" and "5 to 12 million"), the likeliest first; its unit."""

    readings: tuple[str, ...]
    unit: str = ""


class Figure(NamedTuple):
    """A number among the tokens from `start` to before `end`."""

    start: int
    end: int
    number: Number


def figures(tokens: Sequence[Token], days: frozenset[int]) -> list[Figure]:
    """The numbers in digits and words but for days of a month."""
    found: list[Figure] = []
    place = 0
    while place < len(tokens):
        start, values, place = place, *_values(tokens, place)
        if values and start not in days:
            found.append(Figure(start, place, Number(tuple(map(str, values)), _unit(tokens, start, place))))
    return [_scaled(tokens, one, other) for one, other in zip(found, [*found[1:], None], strict=False)]


def _unit(tokens: Sequence[Token], start: int, end: int) -> str:
    """The sign of money, %, or half of the day that a number has before or after it."""
    before = tokens[start - 1] if start else None
    after = [token.folded for token in tokens[end : end + 2]]
    if before and before.raw in _SIGNS:
        return before.raw
    return "%" if after == ["per", "cent"] else _MONEY.get(after[0] if after else "", "")


def _scaled(tokens: Sequence[Token], one: Figure, other: Figure | None) -> Figure:
    """The first of "10–12 million", which is ten million, or may be."""
    joint = tokens[one.end : one.end + 1]
    if other is None or not joint or other.start != one.end + 1 or joint[0].folded not in _BETWEEN:
        return one
    if not (scale := _scale(tokens, other.end - 1)) or _scale(tokens, one.end - 1):
        return one
    small = one.number.readings[0]
    if not _VALUE.fullmatch(small) or not _VALUE.fullmatch(other.number.readings[0]):
        return one
    large = str(Fraction(small) * scale)
    if Fraction(large) >= Fraction(other.number.readings[0]):
        return one
    readings = (large,) if joint[0].folded == "–" else (large, small)
    return one._replace(number=one.number._replace(readings=readings))


def _scale(tokens: Sequence[Token], place: int) -> int:
    word = tokens[place].folded
    return SCALES.get(word, 0) or _SUFFIXES.get(word, 0)


def is_number(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number begins at a token."""
    return place < len(tokens) and bool(_values(tokens, place)[0])


def _values(tokens: Sequence[Token], start: int) -> tuple[list[Fraction | str], int]:
    """The values that a number beginning at a token may have, none where none begins; and the place after it."""
    token = tokens[start]
    if token.folded in ORDINALS:
        return [f"#{ORDINALS.index(token.folded) + 3}"], start + 1
    if token.iso:
        return [token.raw[:4]], start + 1
    if not token.number and token.folded not in _FIRST:
        return [], start + 1
    value, place = (digits(token.raw), start + 1) if token.number else _spelt(tokens, start)
    following = [word.folded for word in tokens[place : place + 3]]
    if isinstance(value, str):
        if value.startswith("#"):
            return [value, Fraction(value[1:])], place
        if not (following and _scale(tokens, place) and _EITHER.fullmatch(value)):
            return [value], place
        value = Fraction(value)
    if value is None:
        return [], place
    if following in (["and", "a", "half"], ["and", "one", "half"]):
        value, place = value + Fraction(SCALES.get(tokens[place - 1].folded, 1), 2), place + 3
    scaled = False
    while place < len(tokens) and (scale := SCALES.get(tokens[place].folded, 0)):
        value, place, scaled = value * scale, place + 1, True
    if token.number and not scaled and place < len(tokens) and (scale := _SUFFIXES.get(tokens[place].folded, 0)):
        money = bool(start) and tokens[start - 1].raw in _SIGNS
        if tokens[place].raw in ("m", "b") and not money:
            return _either(tokens, value, scale, place)
        return [value * scale], place + 1
    return [value], place


def _either(tokens: Sequence[Token], value: Fraction, scale: int, place: int) -> tuple[list[Fraction | str], int]:
    """The readings of "2m": metres before words such as "high", millions before what is counted, else both."""
    following = tokens[place + 1 : place + 2]
    if tokens[place].raw == "b" or (following and following[0].folded in _METRES):
        return [value], place
    if following and (following[0].folded in ("of", "people") or following[0].folded.endswith("s")):
        return [value * scale], place + 1
    return [value * scale, value], place + 1


def digits(raw: str) -> Fraction | str:
    """The value of DIGITS: a fraction; text where it is a time of the day, a place in an order, or one of two.

    "1.250" may be either of two numbers, so that it is equal to itself alone.
    """
    plain = raw.replace("−", "-").replace("·", ".").replace("⁄", "/")
    if ":" in plain:
        return plain
    if plain[-2:] in ("st", "nd", "rd", "th"):
        return f"#{int(plain[:-2])}"
    if mixed := re.fullmatch(r"(-?)(?:(\d+)[ -]+)?(\d+)/(\d+)", plain):
        part = Fraction(int(mixed[3]), int(mixed[4]))
        if part >= 1:
            return plain
        return (int(mixed[2] or 0) + part) * (-1 if mixed[1] else 1)
    if _EITHER.fullmatch(plain):
        return plain
    plain = re.sub(r"['’ ]", "", plain)
    if re.search(r"\..*\.|\..*,", plain):  # 1.200.000,5
        plain = plain.replace(".", "").replace(",", ".")
    elif re.search(r",\d{1,2}$", plain) and plain.count(",") == 1:  # 1,2
        plain = plain.replace(",", ".")
    return Fraction(plain.replace(",", ""))


def _spelt(tokens: Sequence[Token], start: int) -> tuple[Fraction | None, int]:
    """A number in words that begins at a token ("two hundred and fifty thousand"), and the place after it."""
    words = [token.folded for token in tokens[start : start + 16]]
    if words[0] == "half" and words[1:2] in (["a"], ["an"]) and words[2:3] and words[2] in SCALES:
        return Fraction(1, 2), start + 2
    total = current = at = 0
    last = 10**15
    while at < len(words):
        word = words[at]
        if word in TENS and current % 100 == 0:
            current += 10 * (TENS.index(word) + 2)
        elif word in UNITS and (
            current % 100 == 0 or (UNITS.index(word) < 10 and current % 100 >= 20 and not current % 10)
        ):
            current += UNITS.index(word)
        elif word in ("hundred", "dozen") and 0 <= current < 100:
            current = (current or 1) * SCALES[word]
        elif SCALES.get(word, 0) >= 1_000 and SCALES[word] < last:
            last = SCALES[word]
            total, current = total + (current or 1) * last, 0
        elif (
            word == "and"
            and words[at - 1] in ("hundred", "thousand")
            and words[at + 1 : at + 2]
            and (words[at + 1] in UNITS[1:] or words[at + 1] in TENS)
        ):
            pass
        else:
            break
        at += 1
    return (Fraction(total + current), start + at) if at else (None, start + 1)


def month_of(token: Token) -> int:
    """1 to 12 where the token is a month with a capital ("may" and "march" are none), else 0."""
    return month(token.folded) if token.raw[:1].isupper() and len(token.folded) > 2 else 0


def calendar(tokens: Sequence[Token]) -> tuple[frozenset[tuple[int, int]], frozenset[int], frozenset[int]]:
    """Days as (month, day), months, and the places of the numbers that are days of a month."""
    days, months, taken = set(), set(), set[int]()
    for place, token in enumerate(tokens):
        if token.iso:
            days.add((int(token.raw[5:7]), int(token.raw[8:])))
            months.add(int(token.raw[5:7]))
            continue
        number = month_of(token)
        if not number:
            continue
        months.add(number)
        for near in (place + 1, place - 1, place - 2):  # "April 20", "20 April", "20th of April"
            if 0 <= near < len(tokens) and (day := _DAY.fullmatch(tokens[near].raw)):
                if 1 <= int(day[1]) <= 31 and near not in taken:
                    days.add((number, int(day[1])))
                    taken.add(near)
                    break
            elif near == place - 1 and tokens[near].folded != "of":
                break
    return frozenset(days), frozenset(months), frozenset(taken)


def dated(tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """(month, day or 0, year) wherever the year stands behind the month: "April 20, 2010", "20 April 2010"."""
    words = [token for token in tokens if token.key]
    for place, token in enumerate(words):
        if not (number := month_of(token)):
            continue
        after = [word.raw for word in words[place + 1 : place + 3]]
        if after and (day := _DAY.fullmatch(after[0])):
            after = after[1:]
        else:
            day = _DAY.fullmatch(words[place - 1].raw) if place else None
        if after and YEAR.fullmatch(after[0]):
            yield number, int(day[1]) if day else 0, int(after[0])


def relative(tokens: Sequence[Token], day: str) -> Iterator[tuple[int, int, int]]:
    """(year, month or 0, day or 0) of "yesterday", "last month" and their like in an article published on a day."""
    when, _ = days_of(day)
    words = [token.folded for token in tokens]
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word in _DAYS_ON and is_day(day):
            other = when + timedelta(days=_DAYS_ON[word])
            yield other.year, other.month, other.day
        elif word in _ON and following == "month":
            months = 12 * when.year + when.month - 1 + _ON[word]
            yield months // 12, months % 12 + 1, 0
        elif word in _ON and following == "year":
            yield when.year + _ON[word], 0, 0


def last(weekday: int, day: str) -> tuple[int, int]:
    """The latest such weekday on or before an article's published day, as (month, day)."""
    when = date.fromisoformat(day[:10])
    before = when - timedelta(days=(when.weekday() - weekday) % 7)
    return before.month, before.day


def weekday_of(days: tuple[int, int], year: str) -> int:
    """The weekday of a day of a year, -1 where no calendar has it."""
    try:
        return date(int(year[:4]), *days).weekday()
    except ValueError:
        return -1
