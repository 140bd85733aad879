"""Guards over figures: numbers with their units, the things counted, and days of the calendar."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from bot.reading.claims import MEASURES, measure, read
from bot.reading.comparison import Comparison
from bot.reading.figures import last, weekday_of
from bot.reading.token import Token
from store.passage import is_day

_JOINTS = frozenset(("and", "or", "but", "with", "while", "whereas"))


def numbers_missing(compared: Comparison) -> bool:
    """Whether a number stands neither in the span nor among the article's facts, or has another sign ($, %, p.m.).

    "55.3 percent against 44.7": the second number has the first one's unit.
    """
    there = {(value, number.unit) for fact in compared.facts for number in fact.numbers for value in number.readings}
    units = {unit for _, unit in there}
    values = {value for value, _ in there} | {str(day) for fact in compared.facts for _, day in fact.days}
    values |= {str(year) for year, _, _ in compared.relative}
    return not all(
        any(
            value in values and (not unit or (value, unit) in there or ((value, "") in there and unit in units))
            for value in readings
        )
        for readings, unit in compared.claims.numbers
    )


def counts_differ(compared: Comparison) -> bool:
    """Whether a number counts another thing than there: another measure ("miles"), or the things exchanged."""
    there = frozenset().union(*(fact.counted for fact in compared.facts))
    words = {measure(token) or token.key for fact in compared.facts for token in fact.tokens}
    things = {thing for _, thing in there}
    for value, thing in compared.claims.counted:
        own = {other for number, other in there if number == value}
        if thing in own:
            continue
        if thing not in MEASURES:
            if thing in things and own & {other for _, other in compared.claims.counted | there}:
                return True
        elif (own or thing not in words) and (thing not in words or own & MEASURES):
            return True
    return False


def exchanged(compared: Comparison) -> bool:
    """Whether two numbers have changed places: "A lost 2 and B 3" against "A lost 3 and B 2"."""
    here = _beside(compared.claims.tokens)
    for row in compared.span:
        there = _beside(row.tokens)
        for one, two in combinations([number for number in here if number in there], 2):
            (mine, other), (own, another) = ((side[one] - side[two], side[two] - side[one]) for side in (here, there))
            if len(mine & another) + len(other & own) > len(mine & own) + len(other & another):
                return True
    return False


def _beside(tokens: Sequence[Token]) -> dict[str, set[str]]:
    """Each number's content words between the commas, "and"s and the like that are next to it."""
    words, part = dict[str, set[str]](), list[Token]()
    for token in (*tokens, None):
        if token and token.key and token.folded not in _JOINTS:
            part.append(token)
            continue
        numbers = {one.key for one in part if one.raw[:1].isdigit() or read(one.folded).numbers}
        for number in numbers:
            words.setdefault(number, set()).update(one.key for one in part if one.content and one.key not in numbers)
        part = []
    return words


def dates_missing(compared: Comparison) -> bool:
    """Whether a day, month or weekday neither stands there nor follows from a weekday and the published day."""
    claims, facts, published = compared.claims, compared.facts, compared.published
    days = frozenset().union(*(fact.days for fact in facts))
    months = frozenset().union(*(fact.months for fact in facts))
    weekdays = frozenset().union(*(fact.weekdays for fact in facts))
    if published and is_day(published):
        day = int(published[5:7]), int(published[8:10])
        own = frozenset().union(*(fact.weekdays for fact in facts[:-1]))  # the last is the published day itself
        derived = {last(weekday, published) for weekday in own}
        weekdays = (own or weekdays) | {weekday_of(one, published) for one in days}
        stated = frozenset().union(*(fact.days for fact in facts[:-1]))
        near = [date(*one) for one in compared.relative if all(one)]
        derived |= {(one.month, one.day) for one in near}
        weekdays |= {one.weekday() for one in near}
        days, months = days | derived, months | {month for month, _ in derived} | {one[1] for one in compared.relative}
        if own and day in claims.days and day not in derived | stated:
            return True  # the span names another weekday than the one the article came out on
    there = [one for fact in facts for one in fact.dated]
    for month, number, year in claims.dated:
        years = {other[2] for other in there if other[:2] == (month, number)}
        if years and year not in years:
            return True
    return not (claims.days <= days and claims.months <= months and claims.weekdays <= weekdays)
