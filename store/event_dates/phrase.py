"""A phrase: a match of a form of time in its text, and what the words around it say of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from store.event_dates.intervals import Days
from store.words import TENS, UNITS, month

CLAUSE = 120  # most characters before and after a phrase that tell whether it lies ahead
LEADING = 4  # most words before a phrase that leads its clause

_NUMBERS = {"a": 1, "an": 1, "a couple": 2, "a couple of": 2, "a dozen": 12}
_NUMBERS |= {name: number for number, name in enumerate(UNITS)}
_NUMBERS |= {name: 10 * number for number, name in enumerate(TENS, 2)}
_CLAUSE_END = re.compile(r"[.!?;:]\s|[\n—\"“”]|,\s(?:and|as|but|while|who|which)\s")
_TENSE = re.compile(
    r"\b(?P<ahead>will|won['’]t|shall|would|going\sto|about\sto|ahead\sof|upcoming|"
    r"(?:is|are|was|were|be)\s(?:set|due|scheduled|slated|expected|planned|to)|"
    r"(?:set|due|scheduled|slated|expected|planned|poised|likely)\s(?:to|for|on|in)|"
    r"(?:plan(?:s|ning)?|aims?|hopes?|wants?|expects?|intends?)\sto|"
    r"to\s(?:start|begin|open|resume|meet|return|air|launch|premiere|play|face|host|speak|visit|go|hold|appear|leave|"
    r"give|take\splace)|"
    r"arrives|begins|starts|opens|premieres|debuts|kicks\soff|airs|expires)\b|(?P<short>['’]ll\b)|"
    r"(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!\bbeen\s)(?<!\bto\s)(?<!\bwill\s)\b(?:said|says|told|was|were|had|did|"
    r"wrote|got|took|made|came|went|saw|held|won|lost|led|met|began|left|gave|(?!\w*eed\b)\w+ed)\b",
    re.IGNORECASE,
)
"""Words that look ahead, and verbs of the past."""
_BY = re.compile(
    r"\b(?:to\s\w+(?:\s\S+){0,4}\sby|is|are|starting|beginning|effective|no\slater\sthan|as\s(?:soon|early)\sas)\s"
    r"(?:on\s|in\s)?$",
    re.IGNORECASE,
)
"""Words right before a time that lies ahead."""
_ONCE = re.compile(r"\W*(?:once|when|if|before|unless)\b", re.IGNORECASE)
"""How a clause begins that lies ahead where the next one does."""
_HABIT = re.compile(r"\b(?:every|each|annually|usually|typically|traditionally|generally)\b", re.IGNORECASE)
_DAY_OF_MONTH = re.compile(
    r"\b(?:([A-Z][a-z]{2,8})\.?\s(\d{1,2})|(\d{1,2})(?:st|nd|rd|th)?\s([A-Z][a-z]{2,8})\.?)(?:st|nd|rd|th)?"
    r"(?:,?\s((?:1[5-9]|20)\d\d)\b|\s((?:[Hh]ouse\s|[Ss]elect\s|[Cc]apitol\s|U\.?S\.?\s){0,3}(?:committee|attack|"
    r"insurrection|riot|hearing|panel|investigation|inquiry|probe|movement|revolution|massacre|protests?|uprising|coup)))"
)
"""A day of a month before its year, or before a noun that makes it the name of an event."""


@lru_cache(maxsize=1)
def _days_of_text(text: str) -> tuple[dict[tuple[int, int], set[str]], set[tuple[int, int]]]:
    """The days of months (month, day) that a text names with their years, and those after which it names an event."""
    dated: dict[tuple[int, int], set[str]] = {}
    events: set[tuple[int, int]] = set()
    for match in _DAY_OF_MONTH.finditer(text):
        place = month((match[1] or match[4]).lower()), int(match[2] or match[3])
        if match[5]:
            dated.setdefault(place, set()).add(match[5])
        else:
            events.add(place)
    return dated, events


@dataclass(frozen=True)
class Phrase:
    """A match of a form in its text, and the day on which the text was written."""

    match: re.Match[str]
    written: date | None

    def __getitem__(self, group: str) -> str:
        """What a group of the form holds, in lower case; empty where it holds nothing or the form has none."""
        return " ".join((self._groups.get(group) or "").lower().split())

    @cached_property
    def _groups(self) -> dict[str, str | None]:
        return self.match.groupdict()

    @property
    def is_capital(self) -> bool:
        """Whether its months and weekdays begin with capitals."""
        names = (self._groups.get(name) for name in ("weekday", "weekday2", "month", "month2"))
        return not any(name and name[0].islower() for name in names)

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

    @cached_property
    def before(self) -> str:
        """What stands before it in its clause."""
        start = self.match.start()
        return _CLAUSE_END.split(self.match.string[max(0, start - CLAUSE) : start])[-1]

    @cached_property
    def after(self) -> str:
        """What stands after it in its clause."""
        end = self.match.end()
        return _CLAUSE_END.split(self.match.string[end : end + CLAUSE])[0]

    @cached_property
    def ahead(self) -> bool:
        """Whether the words around it say that it lies ahead: the last verb before it; the next one where it leads."""
        if _BY.search(self.before):
            return True
        if self.preposition in ("after", "following", "since"):
            return False
        cue = max(_TENSE.finditer(self.before), key=re.Match.start, default=None)
        if self.before.endswith(("until ", "till ")):
            return not re.search(r"n['’]t\b|\bnot\b", self.before)
        if cue is None and self.before.endswith(("through ", "through the ")):
            return True
        if _ONCE.match(self.before) and re.match(r",[^.]{0,60}\b(?:will|'ll)\b", self.after):
            return True
        if cue is None and len(self.before.split()) <= LEADING:
            cue = _TENSE.search(self.after)
            if cue and cue[0].lower() == "would":  # of the past: "On Monday he would not say"
                return False
        return bool(cue and (cue["ahead"] or cue["short"]))

    @property
    def is_habit(self) -> bool:
        """Whether its clause tells of what happens again and again."""
        return _HABIT.search(self.before) is not None

    @property
    def preposition(self) -> str:
        """The word before it, in lower case."""
        return self.before.lower().split()[-1] if self.before.split() else ""

    def year_elsewhere(self, month: int, day: int) -> str:
        """The year that the text names with a day of a month, empty where it names none or several."""
        years = _days_of_text(self.match.string)[0].get((month, day), set())
        return next(iter(years)) if len(years) == 1 else ""

    def is_event(self, month: int, day: int) -> bool:
        """Whether the text names an event after a day of a month ("the May 3 attack"), which may be of any year."""
        return (month, day) in _days_of_text(self.match.string)[1]

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
