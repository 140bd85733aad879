"""A question: the time that it names, and the query that it becomes."""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from store.event_dates import event_dates
from store.passage import Filters, Query
from store.split import sentences
from store.words import MONTHS, STOP, WEEKDAYS, month, tokens

Days = tuple[str, str]  # the first and the last day of a time, in ISO form
ENOUGH = 2  # least content words of a question that is looked up apart from what leads to it
Time = tuple[int, int, date, date]  # characters from and to of a question, the days that they name

_HELP = re.compile(r"(?:can|could|would|will) you\b|any (?:idea|help)\b", re.I)  # asks for what was said before
_NOW = re.compile(
    r"\b(?:now|today|tonight|currently|current|latest|recent|recently|newest|this (?:week|month|year))\b",
    re.I,
)


def query(question: str, filters: Filters, k: int, earlier: tuple[str, ...] = (), *, living: bool = False) -> Query:
    """The query of the store for at most `k` passages; `earlier` questions are weighed in.

    `living`: the as-of day is today's, by which "on Monday" is told although the user did not set it.
    """
    explicit = filters.as_of is not None and "as_of" not in filters.inferred
    spans = [] if filters.timeless else list(times(question, filters.as_of, present=explicit or living))
    recent = explicit or bool(_NOW.search(question))
    near = [(start, end) for start, end, first, last in spans if last - first <= LATELY]
    said = tuple(question[start:end] for start, end in near if not _DIGITS.search(question[start:end]))
    return Query(question, earlier, filters, recent, _joined(question, spans), k, said, living)


def alike(first: Query, question: str, k: int = 0) -> Query:
    """The query of another question, asked as a first one was; for `k` passages, if any number is given."""
    return query(question, first.filters, k or first.k, living=first.living)


def parted(words: str) -> tuple[str, tuple[str, ...]]:
    """The question among several sentences, and the others, which only lead to it; all as one where two ask."""
    spans = sentences(words)
    asking = [span for span in spans if words[slice(*span)].endswith("?")]
    own = [word for start, end in asking for word in tokens(words[start:end]) if word not in STOP]
    if len(asking) != 1 or len(spans) < 2 or len(own) < ENOUGH or _HELP.match(words[asking[0][0] :]):
        return words, ()
    return words[slice(*asking[0])], tuple(words[slice(*span)] for span in spans if span != asking[0])


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
_PAST = frozenset("yesterday night ago week weeks weekend month months year years days".split())
_PRESENT = frozenset((*WEEKDAYS, "today", "tonight", "morning", "afternoon", "evening", "this"))
"""Words of times that are told from the as-of day; those of the second list mean nothing in a corpus that has ended."""
_OTHER_DAY = re.compile(r"\bthe other day\b", re.I)
_COMING = re.compile(r"\b(?:will|next|shall|going to|due)\b", re.I)
WEEK, LATELY = timedelta(days=7), timedelta(days=10)  # most time since "the other day"
_DIGITS = re.compile(r"\d{4}")
_NARRATED = re.compile(r"\b(?:that|an?|each|every|which|what|(?:that )?(?:first|same|following|next)) $", re.I)


def times(question: str, as_of: str | None, *, present: bool) -> list[Time]:
    """The times that a question names, in its order.

    "Yesterday" and "last week" are told from `as_of`, where it is the `present` "today" and "on Monday" too.
    """
    spans = list(_calendar(question))
    told = _relative(question, as_of, present=present) if as_of and as_of >= "0002" else ()
    apart = [one for one in told if all(one[1] <= start or end <= one[0] for start, end, *_ in spans)]
    return sorted([*spans, *apart])


def _relative(question: str, as_of: str, *, present: bool) -> Iterator[Time]:
    """The times that are told from the as-of day, by the grammar of the times of articles."""
    today = date.fromisoformat(as_of)
    for span in event_dates(question, as_of, ()):
        said = {*tokens(question[span.start : span.end])}
        asked = present if said & _PRESENT else said & _PAST
        if span.value and asked and not _NARRATED.search(question[: span.start]):
            first, last = map(date.fromisoformat, span.value.split("/"))
            if first > today and said & {*WEEKDAYS} and not _COMING.search(question):
                first, last = first - WEEK, last - WEEK  # a question of the past means the last Thursday
            if first <= today:  # what is yet to come is told before
                yield span.start, span.end, first, last
    if match := _OTHER_DAY.search(question):
        yield *match.span(), max(date.min + LATELY, today) - LATELY, today


def _joined(question: str, spans: Sequence[Time]) -> tuple[Days, ...]:
    """First and last day of each time, in its order; "between" and "from … to" make one of two."""
    times: list[tuple[date, date]] = []
    begun = ended = 0
    for start, end, first, last in spans:
        between = _AND.fullmatch(question, ended, start) and _BETWEEN.search(question, 0, begun)
        if times and (between or _TO.fullmatch(question, ended, start)):
            earlier = times.pop()
            first, last = min(first, earlier[0]), max(last, earlier[1])
        else:
            begun = start
        times.append((first, last))
        ended = end
    return tuple((first.isoformat(), last.isoformat()) for first, last in dict.fromkeys(times))


def _calendar(question: str) -> Iterator[Time]:
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
