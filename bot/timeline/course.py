"""A question that asks for a course of events: its topic, and how it asks."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from bot.reading.lists import table
from store.words import MONTHS, WEEKDAYS

Kind = Literal["chart", "course", "change"]
LONGEST = 400  # characters of a question that is read for a course

_STRETCH = r"(?:first|last|next|following|\w+ )?(?:years?|months?|weeks?|days?|hours?|decades?|night|end|time)"
_LASTING = (
    r"from\b.{1,80}\b(?:to|until|till|on|onwards?)\b|between\b.{1,80}\band\b"
    rf"|over (?:the|time|a|\w+ (?:years|months|weeks|days))\b|since\b|throughout\b|until\b|in the {_STRETCH}\b"
)
_DATED = rf"in (?:early |late )?(?:{'|'.join(MONTHS)}|\d{{4}})\b|on (?:{'|'.join((*WEEKDAYS, *MONTHS))}|\d)"
_TIME = rf"(?P<time>$|,? (?:{_LASTING}|{_DATED}|(?:before|after|during|within|year|day|week|month|till)\b).*)"
_LONG = rf"(?P<time>,? (?:{_LASTING}).*)"
_PHASE = re.compile(rf",? (?:{_LASTING.replace('|since', '')}|{_DATED})", re.I)
"""A stretch of time behind a topic, which its articles need not name."""
_NUMBERS = "number|count|toll|price|estimate|tally|cost|value|share|rate|size|figure|total"
_NUMBER = re.compile(rf"(?:the )?(?:\w+ ){{0,2}}(?:{_NUMBERS})s?\b", re.I)
_VALUE = re.compile(rf"(?:the )?(?:\w+ ){{0,2}}(?:{_NUMBERS}|view|idea|plan)s?\b", re.I)
"""How a topic begins that is a number, and that is the value of something, which changes."""
_WRITTEN = re.compile(r"\b(?:article|interview|speech|statement|report|letter|email|paper|page|text|document)\b", re.I)
"""What is summed up as a text and has no course."""
_CLAUSE = re.compile(r"(?:what|how|why|who|which|where|when|whether|if)\b", re.I)


_ASK = r"(?:\b(?:please )?(?:tell|give|show|list|put|say|name)\b[^.?!]{0,30} )?"
"""What may stand before an order that is asked for in a sentence of its own ("Give the steps in order")."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course of events that is asked for: of what, in the question's words, and by which kind of question."""

    topic: str
    kind: Kind
    head: str  # the topic without the stretch of time behind it

    @property
    def values(self) -> bool:
        """Whether the values of one thing are asked for, one after the other."""
        return self.kind == "change" or bool(_VALUE.match(self.topic))

    @property
    def numbers(self) -> bool:
        """Whether these are numbers alone."""
        return self.values and bool(_NUMBER.match(self.topic)) and " and " not in self.head


@cache
def _lists() -> dict[str, list[str]]:
    return table(str(Path(__file__).with_name("courses.txt")))


@cache
def _hint() -> re.Pattern[str]:
    """What any question of a course has in it: others are not held against all forms, which take a while to compile."""
    return re.compile("|".join(_lists()["hint"]), re.I)


@cache
def _patterns() -> tuple[tuple[tuple[Kind, re.Pattern[str]], ...], dict[str, re.Pattern[str]]]:
    """The forms of courses.txt with their kinds, in order; and the patterns of its openings, leads and orders."""
    lists = _lists()
    words = {key.removeprefix("word "): rows[0] for key, rows in lists.items() if key.startswith("word ")}
    stands = {
        **words,
        "TOPIC": r"(?P<topic>.+?)",
        "PLACE": r"(?P<place> (?:for|in|at|among) .+?)?",
        "TIME": _TIME,
        "LONG": _LONG,
    }
    name = re.compile("|".join(sorted(stands, key=len, reverse=True)))

    def made(form: str) -> str:
        return name.sub(lambda match: stands[match[0]], form)

    forms = tuple((kind, re.compile(made(form), re.I)) for kind in get_args(Kind) for form in lists[kind])
    lead, order, opening = (made("|".join(lists[key])) for key in ("lead", "order", "opening"))
    return forms, {
        "lead": re.compile(rf"(?:(?:{lead})\b[ ,:]*)+", re.I),
        "order": re.compile(rf"[ .,;:?!]*{_ASK}\b(?:{order})[ .?!]*$", re.I),
        "opening": re.compile(rf"(?:{opening})\b ?", re.I),
    }


def asked(question: str) -> Course | None:
    """The course of events that a question asks for; None for any other question."""
    if len(question) > LONGEST or not _hint().search(question):
        return None
    forms, parts = _patterns()
    said = " ".join(question.split())
    bare = parts["order"].sub("", said)
    ordered = bare != said
    body = parts["lead"].sub("", bare, count=1) if parts["lead"].match(bare) else bare
    for text in dict.fromkeys((bare.strip(" .?!"), body.strip(" .?!"))):
        for kind, form in forms:
            match = form.fullmatch(text)
            topic = f"{match['topic']}{match.groupdict().get('place') or ''}".strip(" ,:") if match else ""
            if topic and _has_course(_head(topic), kind, ordered=ordered):
                return Course(topic, kind, _head(topic))
    opening = parts["opening"].match(body)
    if opening and (ordered or "order" in opening[0].lower()):
        topic = body[opening.end() :].strip(" .?!,")
        return Course(topic, "course", _head(topic)) if topic else None
    return None


def _has_course(topic: str, kind: Kind, *, ordered: bool) -> bool:
    """Whether a topic is no text, and no clause unless an order is asked for."""
    if kind == "chart" or ordered:
        return True
    return not _CLAUSE.match(topic) and not _WRITTEN.search(topic)


def _head(topic: str) -> str:
    """A topic without the stretch of time behind it."""
    phase = _PHASE.search(topic)
    return topic[: phase.start()].strip(" ,") if phase and phase.start() > 2 else topic
