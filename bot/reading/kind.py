"""Kinds of answer (a day, a count, a sum, a place, a person …): that for which a question asks."""

import re
from itertools import takewhile
from typing import Literal, cast

from bot.reading.lists import table
from store.words import STOP, stem, tokens

Kind = Literal["date", "count", "sum", "measure", "place", "person", "cause", "name"]

_ASKED = {cast("Kind", name): re.compile("|".join(parts)) for name, parts in table("kinds.txt").items()}


def kind(question: str) -> Kind | None:
    """The kind of thing that a question asks for, None where its words do not tell."""
    asked = question.lower()
    return next((name for name, pattern in _ASKED.items() if pattern.search(asked)), None)


def things(question: str) -> frozenset[str]:
    """The stems of the things that a question asks the number of ("how many people were …"); none for another one."""
    counted = _ASKED["count"].search(question.lower())
    words = tokens(counted[1]) if counted else ()
    return frozenset(map(stem, takewhile(lambda word: word not in STOP, words)))
