"""Intervals of the calendar: months, years, weeks, seasons and their parts, each as its first and last day."""

import re
from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]
"""The first and the last day of a time."""
DAY = timedelta(days=1)
SEASONS = {"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11), "winter": (12, 14)}
"""First and last month of each; winter ends in the year after."""


def months(year: int, first: int = 1, last: int = 12) -> Days:
    """From the first day of a month to the last of another; months below 1 and over 12 lie in other years.

    Raises LookupError where the calendar has no such year.
    """
    low, high = 12 * year + first - 1, 12 * year + last - 1
    if not 12 <= low <= high < 120_000:
        raise LookupError(year)
    final = high // 12, high % 12 + 1
    return date(low // 12, low % 12 + 1, 1), date(*final, monthrange(*final)[1])


def years(first: int, last: int) -> Days:
    """From the first day of a year to the last of another."""
    return months(first, 1, 12 * (last - first + 1))


def season(year: int, name: str) -> Days:
    """A season; winter is that which begins in the year."""
    return months(year, *SEASONS[name])


def unit(day: date, name: str, ahead: int = 0) -> Days:
    """The day, week (from Monday on), weekend, month, quarter, year, decade or century of a day, or one so many ahead.

    Raises LookupError where the calendar has no such time.
    """
    try:
        match name:
            case "day":
                return day + ahead * DAY, day + ahead * DAY
            case "week" | "weekend" | "fortnight":
                step = 2 if name == "fortnight" else 1
                first = day + (7 * step * ahead - day.weekday()) * DAY
                return first + (5 if name == "weekend" else 0) * DAY, first + 6 * DAY
    except OverflowError as error:
        raise LookupError(day) from error
    if name == "month":
        return months(day.year, day.month + ahead, day.month + ahead)
    if name == "quarter":
        first_month = 3 * ((day.month - 1) // 3 + ahead) + 1
        return months(day.year, first_month, first_month + 2)
    length = {"year": 1, "decade": 10, "century": 100}[name]
    since = 1 if name == "century" else 0  # the 20th century begins with 1901
    low = (day.year - since) // length * length + since + length * ahead
    return years(low, low + length - 1)


def part(days: Days, name: str) -> Days:
    """The third of a time that "early", "mid" or "late" names; the beginning and the end of a year are a month."""
    first, last = days
    length = (last - first).days + 1
    if not name or length < 7:
        return days
    third = 0 if re.search("earl|begin|start", name) else 2 if re.search("late|end", name) else 1
    if length > 3_000:
        every = last.year - first.year + 1
        edges = [first.year + round(every * share) for share in (0, 0.4, 0.7, 1)]
        return years(edges[third], edges[third + 1] - 1)
    if length > 80:
        every = 12 * (last.year - first.year) + last.month - first.month + 1
        each = 1 if every == 12 and re.search("begin|start|end", name) else every // 3
        low = first.month + (every - each if third == 2 else third * each)
        return months(first.year, low, low + each - 1)
    edges = [0, 10, 20, length] if length > 7 else [0, 2, 4, 7]
    return first + edges[third] * DAY, first + (edges[third + 1] - 1) * DAY
