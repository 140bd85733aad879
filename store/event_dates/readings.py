"""Readings: the days that each form of phrase names.

Each raises LookupError where the time cannot be told, and returns None for words that name no time.
"""

import re
from collections.abc import Callable
from datetime import date

from store.event_dates.intervals import DAY, SEASONS, Days, months, part, season, unit, years
from store.event_dates.phrase import CLAUSE, Phrase
from store.words import WEEKDAYS, month

SOON = 60  # days ahead up to which a day without its year is the nearest one

_STEPS = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTH_AFTER = {"in", "since", "until", "till", "by", "from", "of", "during", "through", "before", "after", "between"}
"""Words after which "March" and "May" are months."""
_NO_YEAR = re.compile(
    r"\b(?:Flight|Resolution|Route|Highway|Room|Section|Bill|Title|Channel|Article|Unit|Model|Interstate|Windows|No\.?)\s$"
)
"""What stands before numbers that are none of a year."""
_FIGURES = re.compile(
    r"\b(?:revenue|earnings|sales|profits?|economy|gdp|growth|shipments|results|subscribers|[mb]illion)\b|[$£€]\d",
    re.IGNORECASE,
)
"""Words of business, near which a quarter is one of the year and not of a game."""


def _open(_: Phrase) -> Days:
    """A time that is named and cannot be told."""
    raise LookupError


def _name(_: Phrase) -> None:
    """A name that holds a word of time."""


def _day(phrase: Phrase) -> Days | None:
    """A day of a month, or from one to another; without a year it has the one that the text names for it elsewhere."""
    first, last = (_number(phrase[name]) for name in ("month", "month2"))
    first, last = first or last, last or first
    low = phrase.number("day")
    high = phrase.number("day2") or low
    told = phrase["year"] or phrase.year_elsewhere(first, low)
    if not told and (phrase.is_event(first, low) or phrase.is_habit):
        raise LookupError
    near = [int(told)] if told else [phrase.today.year + step for step in (-1, 0, 1)]
    found: list[Days] = []
    for year in near:
        try:
            found.append((date(year, first, low), date(year + (last < first), last, high)))
        except ValueError:
            continue  # the year has no such day
    found = [days for days in found if days[0] <= days[1]]
    if told or not found:
        return found[0] if found else None
    fitting = [days for days in found if WEEKDAYS[days[0].weekday()][:3] == phrase["weekday"][:3]]
    if len(fitting) == 1:
        return fitting[0]
    closest = min(found, key=lambda days: abs(days[0] - phrase.today))
    return closest if closest[0] - phrase.today < SOON * DAY else phrase.nearest(found)


def _number(name: str) -> int:
    return int(name) if name.isdigit() else month(name)


def _month(phrase: Phrase) -> Days | None:
    """A month, a part of one, or from one to another."""
    name = phrase["month"].rstrip(".")
    first, last = _number(name), _number(phrase["month2"] or name)
    last += 12 * (last < first)
    if phrase["year"] or phrase["this"]:
        year = phrase.number("year") or phrase.today.year + _STEPS[phrase["this"]]
        return part(months(year, first, last), phrase["part"])
    if not any(phrase[group] for group in ("step", "part", "month2")):
        if name in ("march", "may") and phrase.preposition not in _MONTH_AFTER:
            return None
        if len(name) < 4 and name != "may":
            return None  # an abbreviated month without a day or a year may be a name
        is_bare = phrase.preposition not in _MONTH_AFTER
        if name in ("april", "june", "august") and re.match(r"\s[A-Z]", phrase.after) and is_bare:
            return None
        if phrase.is_habit:
            raise LookupError
    every = [months(phrase.today.year + step, first, last) for step in (-1, 0, 1)]
    step = _STEPS.get(phrase["step"], 0)
    if step < 0:  # "last May" is not last month
        last_month = unit(phrase.today, "month", -1)[0]
        return part([days for days in every if days[1] < last_month][-1], phrase["part"])
    return part(phrase.stepped(every, step) if step else phrase.nearest(every), phrase["part"])


def _week_of(phrase: Phrase) -> Days | None:
    """A week or a day of the week of a month, by its number, as "the first Monday in May"."""
    whole = _month(phrase)
    if whole is None:
        return None
    first, last = whole
    number = _ORDINALS.get(phrase["ordinal"], 0)
    low = first + 7 * (number - 1) * DAY if number else last - 6 * DAY
    if phrase["unit"] == "week":
        return low, low + 6 * DAY
    day = low + (WEEKDAYS.index(phrase["unit"]) - low.weekday()) % 7 * DAY
    return day, day


def _year(phrase: Phrase) -> Days | None:
    """A year, a part of one, or from one to another."""
    first = phrase.number("year")
    last = int(phrase["year"][: -len(phrase["year2"])] + phrase["year2"]) if phrase["year2"] else first
    if _NO_YEAR.search(phrase.before) or (first < 1800 and phrase.preposition not in _MONTH_AFTER):
        return None
    return part(years(first, last), phrase["part"]) if first <= last <= first + 200 else None


def _decade(phrase: Phrase) -> Days | None:
    """A decade; one of two digits, which may be an age or a temperature, only after an apostrophe."""
    first = phrase.number("decade")
    if first < 100 and not phrase.before.endswith(("'", "’", "‘")):
        return None
    first += 1900 if first < 100 else 0
    return part(years(first, first + 9), phrase["part"])


def _century(phrase: Phrase) -> Days:
    first, last = phrase.number("century"), phrase.number("century2") or phrase.number("century")
    return part(years(100 * first - 99, 100 * last), phrase["part"])


def _holiday(phrase: Phrase) -> Days:
    """A day of the year by its name."""
    name = phrase["name"].replace("’", "'")
    place = next(place for words, place in _HOLIDAYS.items() if words in name)
    years = [phrase.number("year")] if phrase["year"] else [phrase.today.year + step for step in (-1, 0, 1)]
    every = [(date(year, *place), date(year, *place)) for year in years]
    return every[0] if phrase["year"] else min(every, key=lambda days: abs(days[0] - phrase.today))


_HOLIDAYS = {
    "july": (7, 4), "christmas eve": (12, 24), "christmas day": (12, 25), "boxing": (12, 26), "eve": (12, 31),
    "new year": (1, 1),
}  # fmt: skip


def _quarter(phrase: Phrase) -> Days | None:
    """A quarter or a half of a year; of a year that is not named only near words of business."""
    number = _ORDINALS.get(phrase["ordinal"], phrase.number("ordinal"))
    length = 6 if phrase["unit"] == "half" else 3
    low, high = length * (number - 1) + 1, length * number
    if phrase["year"]:
        return months(phrase.number("year"), low, high)
    if phrase["step"] or phrase["of"]:
        return months(phrase.today.year + _STEPS.get(phrase["step"], 0), low, high)
    start, end = phrase.match.span()
    if length == 6 or not _FIGURES.search(phrase.match.string, max(0, start - CLAUSE), end + CLAUSE):
        return None
    return phrase.nearest([months(phrase.today.year + step, low, high) for step in (-1, 0, 1)])


def _season_of(phrase: Phrase) -> Days:
    return part(season(phrase.number("year"), phrase["unit"]), phrase["part"])


def _weekdays(phrase: Phrase) -> Days:
    """From one day of the week to another, but for a working week, which may be any."""
    first, last = (WEEKDAYS.index(phrase[name]) for name in ("weekday", "weekday2"))
    if (first, last) == (0, 4) or phrase.is_habit:
        raise LookupError
    monday, length = unit(phrase.today, "week")[0], (last - first) % 7
    every = [(day := monday + (first + 7 * step) * DAY, day + length * DAY) for step in (-1, 0, 1)]
    return phrase.nearest(every)


def _weekday(phrase: Phrase) -> Days:
    """A day of the week: the last one until now, or the next where its words look ahead."""
    if phrase.is_habit or phrase.before.endswith(_NAMED):
        raise LookupError
    by_then = phrase.before.endswith(" by ") and not re.match(
        "['’]s", phrase.after
    )  # "By Friday" tells of what has been, "wants it by Friday" does not
    this_week = unit(phrase.today, "week")[0] + WEEKDAYS.index(phrase["weekday"]) * DAY
    every = [unit(this_week, "day", 7 * step) for step in (-1, 0, 1)]
    match phrase["step"]:
        case "next":
            return every[2]
        case "last":
            return every[1] if this_week < phrase.today else every[0]
        case "this past":
            return phrase.stepped(every, -1)
        case "this" | "this coming":
            return every[1] if this_week >= phrase.today else every[2] if phrase.ahead else every[1]
    return phrase.stepped(every, 1) if by_then else phrase.nearest(every)


_NAMED = ("Black ", "Cyber ", "Good ", "Bloody ", "Super ", "Easter ", "Giving ")


def _today(phrase: Phrase) -> Days | None:
    """Today, yesterday, tomorrow, and their parts."""
    word = phrase["word"]
    if phrase.match["word"][0] == "T" and re.search(r"[A-Z]\w* $", phrase.before):
        return None  # USA Today
    step = -1 if word.startswith(("yesterday", "last")) else 1 if word.startswith("tomorrow") else 0
    return unit(phrase.today, "day", step)


_WEEKEND_AFTER = {"after", "before", "by", "for", "into", "of", "through", "throughout", "until"}


def _stepped(phrase: Phrase) -> Days | None:
    """This, the last or the next week, month, year … or a part of it."""
    step, name = _STEPS.get(phrase["step"].split(" ")[-1], 0), phrase["unit"]
    if name == "day":
        return None
    if name == "weekend" and not phrase["step"] and phrase["over"] == "" and phrase.preposition not in _WEEKEND_AFTER:
        return None
    if name == "weekend" and not step:
        this = unit(phrase.today, name)
        waiting = this[0] > phrase.today and not phrase["step"] and not phrase.ahead
        waiting &= phrase.preposition not in ("for", "into")
        return unit(phrase.today, name, -1) if waiting else this
    if name in SEASONS:
        every = [season(phrase.today.year + year, name) for year in (-2, -1, 0, 1)]
        return part(phrase.stepped(every, step) if step else every[2], phrase["part"])
    days = unit(phrase.today, name, step)
    if phrase["side"] and step == 0:
        return (days[0], phrase.today) if phrase["side"] == "earlier" else (phrase.today, days[1])
    return part(days, phrase["part"])


def _ago(phrase: Phrase) -> Days:
    """A number of days, weeks, months or years ago: that day, week, month or year."""
    if _ROUGHLY.search(phrase.before):
        raise LookupError
    return unit(phrase.today, phrase["unit"], -phrase.number("number"))


_ROUGHLY = re.compile(
    r"\b(?:about|almost|around|nearly|over|roughly|some|(?:more|less|fewer|longer|later) than)\s$", re.I
)


_VERBS = {"to", "will", "would", "can", "could", "may", "might", "must", "should"}
_LENGTHS = {"for", "in", "into", "over", "through", "within"}


def _lately(phrase: Phrase) -> Days | None:
    """The last or next days, weeks, months or years: until now, or from now on."""
    if phrase["step"] == "last" and phrase.preposition in _VERBS:
        return None  # "to last two weeks"
    if not phrase["number"] and (phrase["plural"] or (phrase["step"] == "next" and phrase.preposition not in _LENGTHS)):
        raise LookupError  # "the coming weeks", "the next day"
    ahead = _STEPS[phrase["step"]] * (phrase.number("number") or 1)
    lengths = {"day": 1, "week": 7}
    if phrase["unit"] in lengths:
        other = unit(phrase.today, "day", ahead * lengths[phrase["unit"]])[0]
    else:
        in_months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[phrase["unit"]]
        whole = unit(phrase.today, "month", ahead * in_months)
        other = whole[0].replace(day=min(phrase.today.day, whole[1].day))
    return (other, phrase.today) if ahead < 0 else (phrase.today, other)


Reading = Callable[[Phrase], Days | None]
READINGS: dict[str, Reading] = {
    "open": _open, "name": _name, "day": _day, "month": _month, "year": _year, "decade": _decade, "century": _century,
    "week_of": _week_of, "holiday": _holiday, "quarter": _quarter, "season_of": _season_of,
    "weekday": _weekday, "weekdays": _weekdays, "today": _today, "stepped": _stepped, "ago": _ago, "lately": _lately,
}  # fmt: skip
"""The readings of the table, by name."""
