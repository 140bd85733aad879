"""Alignment: whether two sentences that answer a question agree, conflict, or the newer supersedes the older.

1. The value of each sentence is read from its answering words (`bot.reading.values`). A sentence without one, or one
   that is narrowed to a place, a period or a kind of harm of its own, is unrelated to every other.
2. Values of different units are unrelated; those that may be one agree.
3. Of different values of two days, the newer supersedes the older. Otherwise they contradict one another where the
   articles share no text and are of different outlets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.reading import Candidate, Versions
from bot.reading.values import Value, comparable, same, value

Relation = Literal["agree", "supersedes", "contradicts", "unrelated"]
_FIRST = re.compile(
    r"\b(?:at first|initially|originally|to begin with|before)\b|\bfirst (?:\w+ed|said|thought|gave|put)\b|\bfirst\W*$",
    re.I,
)
"""How a question asks for the earliest report."""


def relation(question: str, one: Candidate, other: Candidate) -> Relation:
    """How the values that two sentences give for what is asked stand to one another; their order changes nothing."""
    first, second = value(question, one), value(question, other)
    if first is None or second is None or first.amount is None or second.amount is None:
        return "unrelated"
    if not comparable(first.amount, second.amount) or _narrowed(first, second):
        return "unrelated"
    if same(first.amount, second.amount):
        return "agree"
    days = one.passage.document.published, other.passage.document.published
    if all(days) and days[0] != days[1]:
        return "supersedes"
    return "contradicts" if independent(one, other) else "unrelated"


def _narrowed(first: Value, second: Value) -> bool:
    """Whether one of two values is narrowed to a place, a year or a period that the other is not."""
    return (
        first.period != second.period
        or bool(first.places and second.places and not first.places & second.places)
        or bool(first.years and second.years and not first.years & second.years)
        or first.ahead != second.ahead
    )


def independent(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences stand in articles that share no text and are of different outlets."""
    first, second = one.passage.document, other.passage.document
    if (first.kin or first.family or first.id) == (second.kin or second.family or second.id):
        return False
    return first.outlet is None or first.outlet != second.outlet


def versions(question: str, rows: Sequence[Candidate]) -> Versions:
    """The best sentence of each article whose value differs from the best of all, in the order to tell them."""
    if not rows or value(question, rows[0]) is None:
        return Versions()
    others = dict[str, Candidate]()
    for row in rows:
        others.setdefault(row.passage.document.id, row)
    told = [rows[0]]
    for row in list(others.values())[1:]:
        if all(relation(question, row, one) in ("supersedes", "contradicts") for one in told):
            told.append(row)
    if len(told) == 1:
        return Versions()
    conflicting = any(relation(question, told[0], row) == "contradicts" for row in told[1:])
    earliest = bool(_FIRST.search(question)) and not conflicting
    told.sort(key=lambda row: row.passage.document.published or "", reverse=not earliest)
    return Versions(tuple(told), conflicting)
