"""A question: the time that it names, and the query that it becomes."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from store.passage import Filters, Query
from store.words import MONTHS, month

Days = tuple[str, str]  # the first and the last day of a time, in ISO form

_NOW = re.compile(
    r"\b(?:now|today|tonight|currently|current|latest|recent|recently|newest|this (?:week|month|year))\b", re.I
)


def query(question: str, filters: Filters, k: int, earlier: tuple[str, ...] = ()) -> Query:
    """The query of the store for at most `k` passages; `earlier` questions are weighed in."""
    explicit = filters.as_of is not None and "as_of" not in filters.inferred
    around = named(question, filters.as_of)
    recent = explicit or bool(_NOW.search(question))
    return Query(question, earlier, filters, recent, around, k)


# -- the time that it names ------------------------------------------------------------------------

_MONTH = rf"(?P<month>sept|{'|'.join(name if name == 'may' else f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)})\.?"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_TAKEN = "\x00"  # stands in place of the characters of a time that was read
_BETWEEN = re.compile(r"\b(?:between|from) (?:in )?$", re.I)
_AND, _TO = re.compile(r" and (?:in )?"), re.compile(r"(?: to | until | till | ?[-–] ?)(?:in )?")
# A year alone counts only where "in" or "during" says that the thing asked for is of that year.
_TIMES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b{_MONTH} {_DAY},? {_YEAR}\b",
        rf"\b{_DAY} (?:of )?{_MONTH},? {_YEAR}\b",
        rf"\b{_MONTH},? (?:of )?{_YEAR}\b",
        rf"\b(?:in|during|between|from) {_YEAR}\b",
        *[rf"(?<={_TAKEN})(?:,|,? (?:and|or|to|until|till)|[-–]) ?{_YEAR}\b"] * 4,  # "in 2021, 2023 or 2025"
    )
)
_RELATIVE = re.compile(r"\b(?:(?P<day>yesterday|last night)|last (?P<span>week|month|year))\b", re.I)


def named(question: str, as_of: str | None) -> tuple[Days, ...]:
    """The times that a question names, in its order; "between" and "from … to" make one of two.

    "Yesterday" and "last week", "month" or "year" are told from `as_of`, and name nothing where that is not known.
    """
    spans = list(_calendar(question))
    if as_of and as_of >= "0002":
        spans += _relative(question, date.fromisoformat(as_of))
    times: list[tuple[date, date]] = []
    begun = ended = 0
    for start, end, first, last in sorted(spans):
        between = _AND.fullmatch(question, ended, start) and _BETWEEN.search(question, 0, begun)
        if times and (between or _TO.fullmatch(question, ended, start)):
            earlier = times.pop()
            first, last = min(first, earlier[0]), max(last, earlier[1])
        else:
            begun = start
        times.append((first, last))
        ended = end
    return tuple((first.isoformat(), last.isoformat()) for first, last in dict.fromkeys(times))


def _calendar(question: str) -> Iterator[tuple[int, int, date, date]]:
    """Days, months and years of a question: its characters from and to, the days; one of no calendar is passed over."""
    rest = question
    for pattern in _TIMES:
        for match in pattern.finditer(rest):
            told = match.groupdict()
            year, day, name = int(told["year"]), int(told.get("day") or 0), told.get("month") or ""
            number = int(name) if name.isdigit() else month(name.casefold())
            start = match.start() if name else match.start("year")
            try:
                first = date(year, number or 1, day or 1)
                yield start, match.end(), first, date(year, number or 12, day or _last(year, number or 12))
            except (ValueError, calendar.IllegalMonthError):
                continue
        rest = pattern.sub(lambda match: _TAKEN * len(match[0]), rest)


def _last(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _relative(question: str, today: date) -> Iterator[tuple[int, int, date, date]]:
    """ "Yesterday", "last week", "month" and "year": their characters from and to, and their days."""
    for match in _RELATIVE.finditer(question.lower()):
        end = today - timedelta(days=1)
        first = end
        if match["span"] == "week":
            end = today - timedelta(days=today.weekday() + 1)
            first = end - timedelta(days=6)
        elif match["span"] == "month":
            end = today.replace(day=1) - timedelta(days=1)
            first = end.replace(day=1)
        elif match["span"]:
            first, end = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        yield *match.span(), first, end
