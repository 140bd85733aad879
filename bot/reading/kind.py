"""What kind of thing a question asks for (a day, a count, a sum, a place, a person …), and whether a text holds one."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from store.words import MONTHS, NAME, STOP, UNITS, WEEKDAYS, stem, tokens

Kind = Literal["date", "count", "sum", "measure", "place", "person", "cause", "name"]

_MONTHS, _DAYS = ("|".join(map(str.capitalize, names)) for names in (MONTHS, WEEKDAYS))
_COUNTED = re.compile(r"\bhow many ((?:[\w’'-]{1,40} ){0,2}[\w’'-]{1,40})")

# The first that fits tells the kind.
_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("date", re.compile(r"\bwhen\b|\bwh(?:at|ich) (?:year|day|date|month|time)\b")),
    ("count", _COUNTED),
    ("sum", re.compile(r"\bhow much\b|\bwhat (?:share|percent\w*|proportion|price|amount)\b|\bcost\b")),
    (
        "measure",
        re.compile(
            r"\bhow (?:long|old|far|often|big|large|high|tall|fast|heavy|wide|deep|strong|hot|cold)\b"
            r"|\bwhat (?:number|magnitude|speed|age|size|height|weight)\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\bwhere\b|\b(?:in|from|to|at) (?:what|which)\b"
            r"|\bwh(?:at|ich) (?:city|cities|country|countries|states?|town|place|province|region|island|county)\b"
        ),
    ),
    ("person", re.compile(r"\b(?:who|whom|whose)\b")),
    ("cause", re.compile(r"\bwhy\b|\bwhat (?:caused|killed|led)\b")),
    ("name", re.compile(r"\b(?:which|what)\b")),
)

_NUMBER = re.compile(
    rf"\b(?:\d[\d,.]{{0,20}}|{'|'.join(UNITS[1:13])}|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|half|third|quarter)\b",
    re.I,
)
# How each kind of thing is written.
_WRITTEN: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTHS})\b|\b(?:{_DAYS})\b"
        r"|\b(?:yesterday|today|tomorrow|midnight|noon)\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b",
        re.I,
    ),
    "sum": re.compile(
        r"[$£€¥]\s?\d[\d,.]{0,20}|\b\d[\d,.]{0,20}\s?(?:million|billion|trillion|dollars|pounds|euros"
        r"|percent|per cent|%)",
        re.I,
    ),
    "measure": re.compile(
        r"\b\d[\d,.]{0,20}[ -]?(?:%|percent|per cent|km|kilomet\w+|miles?|met(?:er|re)s?|feet|foot|ft|inch\w*|pounds?"
        r"|lbs?|kg|kilo\w*|tons?|tonnes?|degrees?|acres?|square|mph|years?|months?|weeks?|days?|hours?|minutes?|seconds?)\b"
        r"|\bmagnitude[ -]\w*\s?\d",
        re.I,
    ),
    "place": re.compile(
        r"\b(?:in|at|near|along|off|from|to|on|outside|across|into|towards?)\s+(?:the\s+|a\s+)?(?:[\w’'-]{1,40}\s+){0,3}?"
        rf"(?=[A-Z])(?!(?:{_MONTHS}|{_DAYS})\b)([A-Z][\w’'-]{1, 40})"
    ),
    "person": re.compile(
        r"\b(?:[A-Z][\w’'.-]{1,40} ){1,3}[A-Z][\w’'-]{1,40}"
        r"|\b(?:Mr|Mrs|Ms|Dr|President|Senator|Sen|Prime Minister|Judge)\.? [A-Z]\w+"
    ),
    "name": NAME,
}
_CAUSE = re.compile(
    r"\b(?:because|due to|after|since|caused by|blamed?|as a result|in order to|amid|over|from a|following|so that"
    r"|to (?:protect|avoid|prevent|help|make|clear|cut|save|end))\b",
    re.I,
)


def kind(question: str) -> Kind | None:
    """The kind of thing that a question asks for, None where its words do not tell."""
    asked = question.lower()
    return next((name for name, pattern in _ASKED if pattern.search(asked)), None)


def holds(wanted: Kind | None, text: str, question: str, known: Collection[str]) -> float:
    """How far a sentence holds a thing of that kind that the question does not name: 1, half for a likely one, or 0.

    `known` are the question's own words as `store.lexical.tokens` gives them: naming them again answers nothing.
    """
    match wanted:
        case None:
            return 0.0
        case "cause":
            return float(bool(_CAUSE.search(text)))
        case "count":
            return _counted(text, question, known)
        case "name":
            return float(_new(NAME, text[1:], known))  # the first letter has a capital in any case
        case "person":
            return 1.0 if _new(_WRITTEN[wanted], text, known) else 0.5 * _new(NAME, text[1:], known)
        case "measure":
            return 1.0 if _new(_WRITTEN[wanted], text, known) else 0.5 * _new(_NUMBER, text, known)
        case _:
            return float(_new(_WRITTEN[wanted], text, known))


def _new(pattern: re.Pattern[str], text: str, known: Collection[str]) -> bool:
    """Whether a pattern's match, or its group where it has one, brings a word that is not known."""
    return any(
        word not in known and word not in STOP
        for match in pattern.finditer(text)
        for word in tokens(match.group(match.lastindex or 0))
    )


def _counted(text: str, question: str, known: Collection[str]) -> float:
    """1 where a new number stands before what is counted ("26 cases"), half where it stands alone."""
    match = _COUNTED.search(question.lower())
    things = {stem(word) for word in tokens(match[1]) if word not in STOP} if match else set()
    best = 0.0
    for number in _NUMBER.finditer(text):
        if any(word not in known for word in tokens(number.group())):
            after = {stem(word) for word in tokens(text[number.end() : number.end() + 40])[:4]}
            best = max(best, 1.0 if things & after else 0.5)
    return best
