"""A phrase: a match of a form of time in its text, and what the words around it say of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from store.event_dates.intervals import Days
from store.words import TENS, UNITS, month

CLAUSE = 120  # most characters before and after a phrase that tell whether it lies ahead
LEADING = 4  # most words before a phrase that leads its clause

_NUMBERS = {"a": 1, "an": 1, "a couple": 2, "a couple of": 2, "a dozen": 12}
_NUMBERS |= {name: number for number, name in enumerate(UNITS)}
_NUMBERS |= {name: 10 * number for number, name in enumerate(TENS, 2)}
_CLAUSE_END = re.compile(r"[.!?;:]\s|[\n—\"“”]|,\s(?:and|as|but|while|who|which)\s")
_TENSE = re.compile(
    r"\b(?P<ahead>will|won['’]t|shall|would|(?:is|are|was|were|be)\s(?:set|due|scheduled|slated|expected|"
    r"planned|to)|(?:set|due|scheduled|slated|expected|planned|poised|likely)\s(?:to|for|on|in)|"
    r"(?:plan(?:s|ning)?|aims?|hopes?|wants?|expects?|intends?)\sto|going\sto|"
    r"to\s(?:start|begin|open|resume|meet|return|air|launch|premiere|play|face|host|speak|visit|take\splace)|upcoming|"
    r"about\sto|until|ahead\sof|arrives|begins|"
    r"starts|opens|premieres|debuts|kicks\soff|airs|expires)\b|(?P<short>['’]ll\b)|"
    r"(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!\bbeen\s)(?<!\bto\s)(?<!\bwill\s)\b(?:said|says|told|was|were|had|did|"
    r"wrote|got|took|made|came|went|saw|held|won|lost|led|met|began|left|gave|(?!\w*eed\b)\w+ed)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:to\s\w+(?:\s\S+){0,4}\sby|(?:is|are)|starting|beginning|effective|no\slater\sthan|as\s(?:soon|early)\sas)\s(?:on\s|in\s)?$",
    re.IGNORECASE,
)
"""Words right before a time that lies ahead."""
_HABIT = re.compile(r"\b(?:every|each|annually|usually|typically|traditionally|generally)\b", re.IGNORECASE)
_OF_EVENT = re.compile(
    r"\s(?:(?:[Hh]ouse|[Ss]elect|[Cc]apitol|U\.?S\.?)\s){0,3}(?:committee|attack|insurrection|riot|hearing|panel|"
    r"investigation|inquiry|probe|movement|revolution|massacre|protests?|uprising|coup)"
)
"""Words that make a day before them the name of an event, whose year may be any."""
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
        """Whether the words around it say that it lies ahead: the last verb before it; the next one where it leads."""
        if _BY.search(self.before):
            return True
        if self.preposition in ("a", "after", "an", "following", "since"):
            return False
        cue = max(_TENSE.finditer(self.before), key=re.Match.start, default=None)
        if cue is None and self.before.endswith(("through ", "through the ")):
            return True
        if cue is None and len(self.before.split()) <= LEADING:
            cue = _TENSE.search(self.after)
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
