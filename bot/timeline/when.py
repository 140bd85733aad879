"""When what a sentence tells took place: by the times that it names, else by the day on which it was published."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.conversation import Moment
from bot.reading import Candidate
from bot.reading.claims import BEING, Claims, hedge, past, read
from bot.reading.lists import listed, stems
from store.event_dates import event_dates
from store.passage import Filters, days_of

LATE = timedelta(days=1)  # most time after its publication that a day may lie and still be that of the news
NEWS = timedelta(days=31)  # most time before it that a day of a report's first sentence may lie
WEEK = timedelta(days=6)
NAMED = timedelta(days=100)  # most time before it for a time without its year
_DATED = re.compile(r"\b\d{4}\b")
_YEAR = re.compile(rf"{_DATED.pattern}|\bago\b|\blast\b")
LEANING = 6  # first words of a sentence among which it names its subject
EVER = ("0001-01-01", "9999-12-31")
_SINCE, _UNTIL = ("since", "after"), ("until", "till", "before", "by")
_WITHIN = re.compile(
    rf"\b(in|during|between|from|over|within|throughout|on|{'|'.join((*_SINCE, *_UNTIL))}) (?:the )?$", re.I
)
"""What stands before a time to which a question keeps; the span of a time may begin with its "from"."""
_TO = re.compile(r",? (?:and|to|until|till) |[-–]", re.I)
LONG = timedelta(days=1_000)  # longest time that an event is dated by
_ASIDE = re.compile(
    r"\b(?:since|until|till|before|after|by|than|from|of|past|that|who|which|where|whose|when|built|born|due|for)\W*$",
    re.I,
)
"""What stands before a time that is not the sentence's own: the end of something else, or of a clause."""
_RELATIVE = re.compile(r"\b(?:who|which|whose|where|by the time|when|while|after|before|since|because|that)\b", re.I)
"""What opens a clause of which a time far back is, and not of the sentence."""


def moment(row: Candidate, *, first: bool) -> Moment:
    """When it took place; `first`: it opens its article, and tells of the days before that was published.

    Of several times the last one up to publication counts: a report tells the news, and what it goes back to.
    """
    published = row.passage.document.published
    ahead = to_come(read(row.text))
    begins, ends = days_of(published) if published else (None, None)
    if times := list(_times(row, ends, first=first)):
        low, high = max(times, key=lambda time: (time[1], time[0]))
        return Moment(first=low.isoformat(), last=high.isoformat(), told=True, ahead=ahead)
    if begins is None or ends is None:
        return Moment(ahead=ahead)
    return Moment(first=begins.isoformat(), last=ends.isoformat(), ahead=ahead)


def window(question: str, filters: Filters) -> tuple[str, str]:
    """The first and the last day to which a question that ends in a time of a year keeps its course; else all days.

    "Since" and "after" leave the end open, "until" and "before" the beginning.
    """
    said = question.rstrip(" .?!")
    spans = [span for span in event_dates(said, filters.as_of, ()) if span.value and not filters.timeless]
    joined = len(spans) > 1 and _TO.fullmatch(said, spans[-2].end, spans[-1].start)
    spans = spans[-2 if joined else -1 :]
    if not spans or spans[-1].end != len(said) or not _DATED.search(said, spans[0].start):
        return EVER
    start = spans[0].start + 5 * said[spans[0].start :].lower().startswith("from ")
    before = _WITHIN.search(said[:start])
    word = before[1].lower() if before else ""
    first, last = spans[0].value.split("/")[0], spans[-1].value.split("/")[1]
    return EVER[0] if word in ("", *_UNTIL) else first, EVER[1] if word in ("", *_SINCE) else last


def within(moment: Moment, time: tuple[str, str]) -> bool:
    """Whether something took place between two days; what has no day may have."""
    return moment.first is None or moment.last is None or (moment.first <= time[1] and time[0] <= moment.last)


def _times(row: Candidate, written: date | None, *, first: bool) -> Iterator[tuple[date, date]]:
    """The first and last days of the times that a sentence names and that can be its own."""
    text, start = row.passage.text, row.passage.start
    for span in row.passage.event_dates:
        if not (row.start <= span.start and span.end <= row.end and span.value):
            continue
        low, high = map(date.fromisoformat, span.value.split("/"))
        begun, phrase = text[row.start - start : span.start - start], text[span.start - start : span.end - start]
        if _ASIDE.search(begun) or high - low > LONG:
            continue
        if written is None:
            yield low, high
        elif low > written + LATE or (low <= written <= high and high - low > WEEK):
            continue  # of "this year" the day of publication tells more
        elif written - high > NAMED and not _YEAR.search(phrase):
            continue  # "March 29" may be of another year
        elif written - high <= NEWS or not (first or _RELATIVE.search(begun)):
            yield low, high


def happened(claims: Claims) -> bool:
    """Whether a sentence tells that something took place, or was said: a verb in the past that nothing leaves open.

    "The Games will not be held, Bach said on Tuesday" tells of what was said.
    """
    asked = claims.unasserted.get("asked", frozenset()) | claims.unasserted.get("rumoured", frozenset())
    saying = listed("speaking") | listed("stating") | listed("deciding")
    verbs = (place for place in _verbs(claims) if place not in claims.hedged)
    return any(place not in asked or claims.tokens[place].folded in saying for place in verbs)


def _verbs(claims: Claims) -> Iterator[int]:
    """The places of the verbs in the past, but for those before what is yet to come ("is expected to")."""
    for place, token in enumerate(claims.tokens):
        if not place or token.capital or hedge(token) or not past(token):
            continue
        following = claims.tokens[place + 1].folded if place + 1 < len(claims.tokens) else ""
        if not (token.key in stems("ahead") and following == "to" and claims.tokens[place - 1].folded in BEING):
            yield place


def to_come(claims: Claims) -> bool:
    """Whether the first verb of a sentence stands behind "will", "may" or "is to"."""
    first = next(_verbs(claims), len(claims.tokens))
    return any(at <= first for at in claims.hedged)


def earlier(claims: Claims) -> bool:
    """Whether the first verb of a sentence tells of a time before that of the news: "had stood at 80"."""
    first = next(_verbs(claims), None)
    if first is None or claims.tokens[first].folded != "had":
        return False
    return any(map(past, claims.tokens[first + 1 : first + 3]))


def leans_back(claims: Claims) -> bool:
    """Whether a sentence has no name and says "he", "it" or "that" for what the one before it names."""
    words = [token.folded for token in claims.tokens[:LEANING]]
    named = any(not claims.tokens[at].first for at, _ in claims.names)
    pronouns = listed("pronouns") | {"this", "that", "these", "those"}
    return words[:1] != [] and (words[0] in pronouns or (not named and not pronouns.isdisjoint(words[:4])))
