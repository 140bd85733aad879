"""Kinds of answer (a day, a count, a sum, a place, a person …): that of a question, and whether a text holds one."""

import re
from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import Literal, get_args

from bot.reading.lists import table
from store.words import MONTHS, NAME, STOP, UNITS, WEEKDAYS, stem, tokens

Kind = Literal["date", "count", "sum", "measure", "place", "person", "cause", "name"]


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of kinds.txt: "asked" or "written" and the kind, its pattern."""
    lists = {"MONTHS": MONTHS, "DAYS": WEEKDAYS, "UNITS": UNITS[1:13]}
    names = {name: "|".join(map(str.capitalize, words)) for name, words in lists.items()}
    for key, parts in table("kinds.txt").items():
        yield key, re.compile(re.sub("|".join(names), lambda name: names[name[0]], "|".join(parts)))


_PATTERNS = {**dict(_patterns()), "written name": NAME}
_ASKED = {kind: _PATTERNS[f"asked {kind}"] for kind in get_args(Kind)}
_WRITTEN = {kind: _PATTERNS[f"written {kind}"] for kind in get_args(Kind)}


def kind(question: str) -> Kind | None:
    """The kind of thing that a question asks for, None where its words do not tell."""
    asked = question.lower()
    return next((name for name, pattern in _ASKED.items() if pattern.search(asked)), None)


def counted(question: str) -> frozenset[str]:
    """The stems of the things that a question asks the number of ("how many people …"); none where it asks none."""
    return frozenset(stem(word) for word in _counting(question) if word not in STOP)


def things(question: str) -> frozenset[str]:
    """The stems of the things alone: the words of `counted` up to the first function word ("people were killed")."""
    return frozenset(map(stem, takewhile(lambda word: word not in STOP, _counting(question))))


def _counting(question: str) -> list[str]:
    """The words behind "how many"; none where a question asks no number."""
    match = _ASKED["count"].search(question.lower())
    return list(tokens(match[1])) if match else []


def holds(wanted: Kind | None, text: str, question: str, known: Collection[str]) -> float:
    """How far a sentence holds a thing of that kind that the question does not name: 1, half for a likely one, or 0.

    `known` are the question's own words as `store.words.tokens` gives them: naming them again answers nothing.
    """
    match wanted:
        case None:
            return 0.0
        case "cause":
            return float(bool(_WRITTEN[wanted].search(text)))
        case "count":
            return _counted(text, question, known)
        case "name":
            return float(_new(NAME, text[1:], known))  # the first letter has a capital in any case
        case "person":
            return 1.0 if _new(_WRITTEN[wanted], text, known) else 0.5 * _new(NAME, text[1:], known)
        case "measure":
            return 1.0 if _new(_WRITTEN[wanted], text, known) else 0.5 * _new(_WRITTEN["count"], text, known)
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
    things, best = counted(question), 0.0
    for number in _WRITTEN["count"].finditer(text):
        if any(word not in known for word in tokens(number.group())):
            after = {stem(word) for word in tokens(text[number.end() : number.end() + 40])[:4]}
            best = max(best, 1.0 if things & after else 0.5)
    return best
