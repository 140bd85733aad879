"""Event dates: the phrases of a text that name a time, each with the first and last day of that time.

A phrase is resolved against the day on which the text was written: that of the live blog's post in which it stands,
else the article's publication. A time that cannot be told from it ("two days later") is marked and left open.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import accumulate
from pathlib import Path

from store.event_dates.intervals import SEASONS
from store.event_dates.phrase import Phrase
from store.event_dates.readings import READINGS, Reading
from store.passage import Span, is_day
from store.words import MONTHS, WEEKDAYS, listed

KIND = "event"
MOST = 20_000  # times of a text that are kept
LEAD = 8  # most words of a phrase up to the first of its anchors
_UNITS = "day week weekend fortnight month quarter half year decade century night morning afternoon evening".split()
_ANCHORS = {form for word in (*_UNITS, *SEASONS) for form in (word, word.title(), word + "s")}
_ANCHORS |= {name.title() for name in (*WEEKDAYS, *MONTHS, *(name[:3] for name in MONTHS), "sept")}
_ANCHORS |= {form for word in "today tonight yesterday tomorrow".split() for form in (word, word.title())}
_ANCHORS |= {"Eve", "Day", "centuries"}
_ANCHORS |= {f"{year}{plural}" for year in (*range(10, 100, 10), *range(1500, 2101)) for plural in ("", "s")}
"""Words of which each phrase holds one: a text is looked through for these, and read only near them."""
LEADS = listed("event_dates/leads.txt") | {word.lower() for word in _ANCHORS}
"""Words with which a phrase begins, unless it is a number in digits; in lower case."""
_WORD = re.compile(r"([^\W_]+)")


@cache
def table() -> tuple[re.Pattern[str], tuple[tuple[Reading, re.Pattern[str]], ...]]:
    """All forms of the table as one pattern, in which the group `f7` is the form 7, and each with its reading."""
    words: dict[str, str] = {}
    rows: list[tuple[str, str]] = []
    for line in Path(__file__).with_name("forms.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            *names, form = line.split("\t")
            form = re.sub(r"%(\w+)%", lambda match: words[match[1]], form)
            if names[0] == "word":
                words[names[1]] = form
            else:
                rows.append((names[0], form.replace(" ", r"(?:[^\S\r\n]{1,3}|\r?\n)")))
    nameless = [re.sub(r"\?P<\w+>", "?:", form) for _, form in rows]
    one = "|".join(f"(?P<f{number}>{form})" for number, form in enumerate(nameless))
    forms = tuple((READINGS[name], re.compile(form, re.IGNORECASE)) for name, form in rows)
    return re.compile(one, re.IGNORECASE), forms


def event_dates(text: str, published: str | None, marks: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of the times that a text names outside its furniture, with values as "2026-03-05/2026-03-07".

    `marks` are the text's furniture and posts. The value of a time that cannot be told is empty.
    """
    furniture = sorted((span.start, span.end) for span in marks if span.kind == "furniture")
    ends = list(accumulate((end for _, end in furniture), max))  # the last end of all that begin no later
    posts = sorted((span.start, span.end, span.value[:10]) for span in marks if span.kind == "post" and span.value)
    found: list[Span] = []
    pieces = _WORD.split(text)  # words at odd places, what stands between them at even ones
    starts = list(accumulate(map(len, pieces), initial=0))
    position, scanner, low = 0, table()[0], 1
    for anchor in (at for at in range(1, len(pieces), 2) if pieces[at] in _ANCHORS):
        for at in range(max(low, anchor - 2 * (LEAD - 1)), anchor + 1, 2):
            word, start = pieces[at], starts[at]
            if start < position or not (word[0].isdigit() or word.lower() in LEADS):
                continue
            if start and text[start - 1] in JOINS and _JOINED.search(text[max(0, start - 2) : start]):
                continue
            match = scanner.match(text, start)
            if match is None:
                continue
            post = bisect_right(posts, (start, len(text), "")) - 1
            in_post = post >= 0 and start < posts[post][1]
            span = _read(match, posts[post][2] if in_post else published)
            before = bisect_left(furniture, (span.end, 0)) if span else 0
            if span and not (before and ends[before - 1] > start):
                found.append(span)
                position = span.end
        low = anchor + 2
        if len(found) >= MOST:
            break
    return tuple(found)


JOINS = "$£€#.,/-"
_JOINED = re.compile(r"[$£€#.,/]$|(?:^|[^a-z])-$")
"""What stands before a word or a number that is a part of something else; it ends with one of JOINS."""


def _read(match: re.Match[str], written: str | None) -> Span | None:
    """The span of the phrase that a form of the table fits, if it is one."""
    start, (read, form) = match.start(), table()[1][int(str(match.lastgroup)[1:])]
    exact = form.match(match.string, start)
    if exact is None:
        return None
    phrase = Phrase(exact, date.fromisoformat(written) if written and is_day(written) else None)
    if not phrase.is_capital:
        return None
    try:
        days = read(phrase)
    except (LookupError, OverflowError):  # the calendar has no such time
        return Span(start, exact.end(), KIND)
    return Span(start, exact.end(), KIND, "/".join(map(date.isoformat, days))) if days else None
