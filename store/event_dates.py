"""Event dates: the phrases of a text that name a time, each with the first and last day of that time.

A phrase is resolved against the day on which the text was written: that of the live blog's post in which it stands,
else the article's publication. A time that cannot be told from it ("two days later") is marked and left open.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from store.intervals import DAY, SEASONS, Days, months, part, season, unit, years
from store.passage import Span
from store.words import MONTHS, TENS, UNITS, WEEKDAYS, month

KIND = "event"
CLAUSE = 120  # most characters before and after a phrase that tell whether it lies ahead
SOON = 60  # days ahead up to which a day without its year is the nearest one

_NUMBERS = {"a": 1, "an": 1, "a couple": 2, "a couple of": 2, "a dozen": 12}
_NUMBERS |= {name: number for number, name in enumerate(UNITS)}
_NUMBERS |= {name: 10 * number for number, name in enumerate(TENS, 2)}
_STEPS = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTH_AFTER = {"in", "since", "until", "till", "by", "from", "of", "during", "through", "before", "after", "between"}
"""Words after which "March" and "May" are months."""
_CLAUSE_END = re.compile(r"[.!?;:]\s|[\n—\"“”]|,\s(?:and|as|but|while|who|which)\s")
_TENSE = re.compile(
    r"\b(?P<ahead>will|won['’]t|shall|would|(?:is|are|was|were|be)\s(?:set|due|scheduled|slated|expected|"
    r"planned|to)|(?:set|due|scheduled|slated|expected|planned|poised|likely)\s(?:to|for|on|in)|"
    r"(?:plan(?:s|ning)?|aims?|hopes?|wants?|expects?|intends?)\sto|going\sto|"
    r"to\s(?:start|begin|open|resume|meet|return|air|launch|premiere|play|face|host|speak|visit|take\splace)|upcoming|"
    r"deadline|until|ahead\sof|arrives|begins|"
    r"starts|opens|premieres|debuts|kicks\soff|airs|expires)\b|(?P<short>['’]ll\b)|"
    r"(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!\bbeen\s)(?<!\bto\s)(?<!\bwill\s)\b(?:said|says|told|was|were|had|did|"
    r"wrote|got|took|made|came|went|saw|held|won|lost|led|met|began|left|gave|(?!\w*eed\b)\w+ed)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:to\s\w+(?:\s\S+){0,4}\sby|starting|beginning|effective|no\slater\sthan|as\s(?:soon|early)\sas)\s(?:on\s|in\s)?$",
    re.IGNORECASE,
)
"""Words right before a time that lies ahead."""
_HABIT = re.compile(r"\b(?:every|each|annually|usually|typically|traditionally|generally)\b", re.IGNORECASE)
_NO_YEAR = re.compile(
    r"\b(?:Flight|Resolution|Route|Highway|Room|Section|Bill|Title|Channel|Article|Unit|Model|Interstate|Windows|No\.?)\s$"
)
"""What stands before numbers that are none of a year."""
_OF_EVENT = re.compile(
    r"\s(?:(?:[Hh]ouse|[Ss]elect|[Cc]apitol|U\.?S\.?)\s){0,3}(?:committee|attack|insurrection|riot|hearing|panel|"
    r"investigation|inquiry|probe|movement|revolution|massacre|protests?|uprising|coup)"
)
"""Words that make a day before them the name of an event, whose year may be any."""
_FIGURES = re.compile(
    r"\b(?:revenue|earnings|sales|profits?|economy|gdp|growth|shipments|results|subscribers|[mb]illion)\b|[$£€]\d",
    re.IGNORECASE,
)
"""Words of business, near which a quarter is one of the year and not of a game."""


_WITH_YEAR = re.compile(
    r"\b(?:([A-Z][a-z]{2,8})\.?\s(\d{1,2})|(\d{1,2})(?:st|nd|rd|th)?\s([A-Z][a-z]{2,8})\.?)(?:st|nd|rd|th)?,?\s"
    r"((?:1[5-9]|20)\d\d)\b"
)


@lru_cache(maxsize=1)
def _days_with_year(text: str) -> dict[tuple[int, int], set[str]]:
    """The days of months (month, day) that a text names with a year, each with its years."""
    found: dict[tuple[int, int], set[str]] = {}
    for match in _WITH_YEAR.finditer(text):
        place = month((match[1] or match[4]).lower()), int(match[2] or match[3])
        found.setdefault(place, set()).add(match[5])
    return found


@dataclass(frozen=True, slots=True)
class Phrase:
    """A match of a form in its text, and the day on which the text was written."""

    match: re.Match[str]
    written: date | None

    def __getitem__(self, group: str) -> str:
        """What a group of the form holds, in lower case; empty where it holds nothing or the form has none."""
        return " ".join((self.match.groupdict().get(group) or "").lower().split())

    def number(self, group: str) -> int:
        """The number in a group, in digits or as a word; 0 where there is none."""
        digits = re.match(r"\d+", self[group])
        return int(digits[0]) if digits else _NUMBERS.get(self[group], 0)

    @property
    def today(self) -> date:
        """The day on which the text was written. Raises LookupError where it is not known."""
        if self.written is None:
            raise LookupError
        return self.written

    @property
    def before(self) -> str:
        """What stands before it in its clause."""
        start = self.match.start()
        return _CLAUSE_END.split(self.match.string[max(0, start - CLAUSE) : start])[-1]

    @property
    def after(self) -> str:
        """What stands after it in its clause."""
        end = self.match.end()
        return _CLAUSE_END.split(self.match.string[end : end + CLAUSE])[0]

    @property
    def ahead(self) -> bool:
        """Whether the words around it say that it lies ahead: the last verb before it, else the first one after it."""
        if _BY.search(self.before):
            return True
        if self.preposition in ("a", "an"):
            return False
        cue = max(_TENSE.finditer(self.before), key=re.Match.start, default=None) or _TENSE.search(self.after)
        return bool(cue and (cue["ahead"] or cue["short"]))

    @property
    def preposition(self) -> str:
        """The word before it, in lower case."""
        return self.before.lower().split()[-1] if self.before.split() else ""

    def year_elsewhere(self, month: int, day: int) -> str:
        """The year that the text names with a day of a month, empty where it names none or several."""
        years = _days_with_year(self.match.string).get((month, day), set())
        return next(iter(years)) if len(years) == 1 else ""

    def is_event(self) -> bool:
        """Whether the text names an event after the phrase ("the May 3 attack"), which may be of any year."""
        text, words = self.match.string, self.match[0]
        place = text.find(words)
        while place >= 0 and not _OF_EVENT.match(text, place + len(words)):
            place = text.find(words, place + 1)
        return place >= 0

    def nearest(self, candidates: Sequence[Days]) -> Days:
        """Of times in order the last that has begun, or the first that has not ended where its words look ahead.

        Raises LookupError where there is none.
        """
        coming = [days for days in candidates if days[1] >= self.today]
        return coming[0] if self.ahead else [days for days in candidates if days[0] <= self.today][-1]

    def stepped(self, candidates: Sequence[Days], step: int) -> Days:
        """Of times in order the last that has ended for a step of -1, the first that has not begun for a step of 1."""
        gone = [days for days in candidates if days[1] < self.today]
        return gone[-1] if step < 0 else next((days for days in candidates if days[0] > self.today), candidates[-1])


# -- readings: each raises LookupError where the time cannot be told, and returns None for what names no time ----------


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
    if not told and (phrase.is_event() or _HABIT.search(phrase.before)):
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
    if phrase["year"]:
        return part(months(phrase.number("year"), first, last), phrase["part"])
    if not any(phrase[group] for group in ("step", "part", "month2")):
        if name in ("march", "may") and phrase.preposition not in _MONTH_AFTER:
            return None
        if len(name) < 4 and name != "may":
            return None  # an abbreviated month without a day or a year may be a name
        is_bare = phrase.preposition not in _MONTH_AFTER
        if name in ("april", "june", "august") and re.match(r"\s[A-Z]", phrase.after) and is_bare:
            return None
        if _HABIT.search(phrase.before):
            raise LookupError
    every = [months(phrase.today.year + step, first, last) for step in (-1, 0, 1)]
    step = _STEPS.get(phrase["step"], 0)
    return part(phrase.stepped(every, step) if step else phrase.nearest(every), phrase["part"])


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
    last = 100 * phrase.number("century")
    return part(years(last - 99, last), phrase["part"])


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
    if (first, last) == (0, 4) or _HABIT.search(phrase.before):
        raise LookupError
    monday, length = unit(phrase.today, "week")[0], (last - first) % 7
    every = [(day := monday + (first + 7 * step) * DAY, day + length * DAY) for step in (-1, 0, 1)]
    return phrase.nearest(every)


def _weekday(phrase: Phrase) -> Days:
    """A day of the week: the last one until now, or the next where its words look ahead."""
    if _HABIT.search(phrase.before) or phrase.before.endswith(_NAMED):
        raise LookupError
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
    return phrase.nearest(every)


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
    if phrase.preposition in _ROUGHLY:
        raise LookupError
    return unit(phrase.today, phrase["unit"], -phrase.number("number"))


_ROUGHLY = {"about", "almost", "around", "nearly", "over", "roughly", "some", "than"}


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
_READINGS: dict[str, Reading] = {
    "open": _open, "name": _name, "day": _day, "month": _month, "year": _year, "decade": _decade, "century": _century,
    "quarter": _quarter, "season_of": _season_of, "weekday": _weekday, "weekdays": _weekdays, "today": _today,
    "stepped": _stepped, "ago": _ago, "lately": _lately,
}  # fmt: skip
"""The readings of the table, by name."""

# -- the phrases of a text -------------------------------------------------------------------------

LEAD = 8  # most words of a phrase up to the first of its anchors
_UNITS = "day week weekend fortnight month quarter half year decade century night morning afternoon evening".split()
_ANCHORS = {form for word in (*_UNITS, *SEASONS) for form in (word, word.title(), word + "s")}
_ANCHORS |= {name.title() for name in (*WEEKDAYS, *MONTHS, *(name[:3] for name in MONTHS), "sept")}
_ANCHORS |= {form for word in "today tonight yesterday tomorrow".split() for form in (word, word.title())}
_ANCHORS |= {f"{year}{plural}" for year in (*range(10, 100, 10), *range(1500, 2100)) for plural in ("", "s")}
"""Words of which each phrase holds one: a text is looked through for these, and read only near them."""
_WORD = re.compile(r"[^\W_]+")


@cache
def _table() -> tuple[re.Pattern[str], tuple[tuple[Reading, re.Pattern[str]], ...]]:
    """All forms of the table as one pattern, in which the group `f7` is the form 7, and each with its reading."""
    words: dict[str, str] = {}
    rows: list[tuple[str, str]] = []
    for line in Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            *names, form = line.split("\t")
            form = re.sub(r"%(\w+)%", lambda match: words[match[1]], form)
            if names[0] == "word":
                words[names[1]] = form
            else:
                rows.append((names[0], form.replace(" ", r"(?:[^\S\r\n]{1,3}|\r?\n)")))
    nameless = [re.sub(r"\?P<\w+>", "?:", form) for _, form in rows]
    one = "|".join(f"(?P<f{number}>{form})" for number, form in enumerate(nameless))
    forms = tuple((_READINGS[name], re.compile(form, re.IGNORECASE)) for name, form in rows)
    return re.compile(one, re.IGNORECASE), forms


def event_dates(text: str, published: str | None, marks: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of the times that a text names outside its furniture, with values as "2026-03-05/2026-03-07".

    `marks` are the text's furniture and posts. The value of a time that cannot be told is empty.
    """
    furniture = [(span.start, span.end) for span in marks if span.kind == "furniture"]
    posts = [span for span in marks if span.kind == "post" and span.value]
    found: list[Span] = []
    near: deque[int] = deque(maxlen=LEAD)
    position = 0
    for word in _WORD.finditer(text):
        near.append(word.start())
        if word[0] not in _ANCHORS:
            continue
        while near:
            start = near.popleft()
            if start < position or _JOINED.search(text[max(0, start - 2) : start]):
                continue
            written = next((post.value[:10] for post in posts if post.start <= start < post.end), published)
            span = _read(text, start, written)
            if span and not any(low < span.end and start < high for low, high in furniture):
                found.append(span)
                position = span.end
    return tuple(found)


_JOINED = re.compile(r"[$£€#.,/]$|(?:^|[^a-z])-$")
"""What stands before a word or a number that is a part of something else."""


def _read(text: str, start: int, written: str | None) -> Span | None:
    """The span of the phrase that begins at `start`, if one does."""
    scanner, forms = _table()
    match = scanner.match(text, start)
    if match is None:
        return None
    read, form = forms[int(str(match.lastgroup)[1:])]
    exact = form.match(text, start)
    if exact is None or not _capital(exact):
        return None
    try:
        days = read(Phrase(exact, date.fromisoformat(written) if written else None))
    except LookupError:
        return Span(start, exact.end(), KIND)
    return Span(start, exact.end(), KIND, "/".join(map(date.isoformat, days))) if days else None


def _capital(match: re.Match[str]) -> bool:
    """Whether its months and weekdays begin with capitals."""
    names = (match.groupdict().get(name) for name in ("weekday", "weekday2", "month", "month2"))
    return not any(name and name[0].islower() for name in names)
