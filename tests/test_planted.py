"""Planted errors: a claim whose number, name, date or weekday its article lacks is never quoted and never supported."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest

from bot.reading import PASSED
from bot.reading.check import ModelChecker
from bot.reading.claims import TITLES
from store.passage import Passage
from store.split import sentences
from store.words import MONTHS, UNITS, WEEKDAYS
from tests.support_answers import passages

CAPITAL = r"[A-Z][a-zé]{3,20}"
MONTH = re.compile(rf"\b(?:{'|'.join(map(str.capitalize, MONTHS))})\b")
DAY = re.compile(rf"\b(?:{'|'.join(map(str.capitalize, WEEKDAYS))})\b")
DATE = re.compile(rf"({MONTH.pattern}) (\d{{1,2}})\b|\b(\d{{1,2}}) ({MONTH.pattern})")
SPELT = re.compile(rf"\b(?i:{'|'.join(UNITS[2:13])})\b")
EXCHANGED = {
    "number": re.compile(rf"\d[\d,.]*(?<=\d)|{SPELT.pattern}"),
    "month": MONTH,
    "weekday": DAY,
    "name": re.compile(rf"(?<=[a-z,;] )(?!{MONTH.pattern}|{DAY.pattern}){CAPITAL}\b"),
    "name at the head": re.compile(
        rf"^(?:{CAPITAL} )?{CAPITAL}(?= (?:was|is|had|has|said|told|will|\w+ed)\b|,|'s| and)"
    ),
}
"""Kind → what is exchanged in a sentence."""


def lacking(kind: str, old: str, article: str, published: str, names: list[str], pick: random.Random) -> str:
    """Another thing of a kind that stands nowhere in an article and is not its published day; "" where none is left."""
    words = {*re.findall(r"\w+", article.lower()), *map(str, map(int, re.findall(r"\d+", f"{article} {published}")))}
    day = date.fromisoformat(published) if published else None
    match kind:
        case "number" if old.isalpha():
            choices = [word for at, word in enumerate(UNITS[2:], 2) if not {word, str(at)} & words]
        case "number":
            figures = re.findall(r"\d[\d,.]*\d|\d", article)
            digits = [pick.randint(1, 9), *(pick.randint(0, 9) for _ in range(len(re.sub(r"\D", "", old)) - 1))]
            new = re.sub(r"\d", lambda _: str(digits.pop(0)), old)
            known = {*figures, *words, *(str(at) for at, word in enumerate(UNITS) if word in words)}
            choices = [new] if not {new, new.rstrip("0").rstrip(".")} & known else []
        case "month":
            own = {MONTHS[day.month - 1]} if day else set()
            choices = [month.capitalize() for month in MONTHS if month not in words | own]
        case "weekday":
            named = [(m[1] or m[4], int(m[2] or m[3])) for m in DATE.finditer(article)]
            numbers = [(MONTHS.index(month.lower()) + 1, number) for month, number in named]
            days = [day, *(day.replace(month=month, day=number) for month, number in numbers)] if day else []
            taken = words | {WEEKDAYS[one.weekday()] for one in days if one}
            choices = [weekday.capitalize() for weekday in WEEKDAYS if weekday not in taken]
        case _:
            heads = {word[:4] for word in words}
            choices = [name for name in names if name[:4].lower() not in heads]
    return pick.choice(choices) if choices else ""


def planted(seed: int) -> Iterator[tuple[str, str, tuple[Passage, ...]]]:
    """Sentences of the sample corpus, each with one thing exchanged: the kind, the sentence, its article's passages."""
    pick, corpus = random.Random(seed), passages()
    every = " ".join(passage.text for own in corpus.values() for passage in own)
    written = {match.group() for match in EXCHANGED["name"].finditer(every)} | {"Wellington", "Okafor", "Zagreb"}
    names = sorted(name for name in written if name.lower() not in every and name.lower() not in TITLES)
    rows = [(own, p.text[a:b]) for own in corpus.values() for p in own for a, b in sentences(p.text)]
    while True:
        own, text = pick.choice(rows)
        kind = pick.choice(tuple(EXCHANGED))
        spots = list(EXCHANGED[kind].finditer(text))
        if not spots:
            continue
        spot, document = pick.choice(spots), own[0].document
        article = " ".join([document.title, document.outlet or "", *(passage.text for passage in own)])
        new = lacking(kind, spot.group(), article, document.published or "", names, pick)
        if new:
            yield kind, text[: spot.start()] + new + text[spot.end() :], own


def passed(seed: int, number: int) -> list[tuple[str, str]]:
    check = ModelChecker().check
    rows = islice(planted(seed), number)
    return [(kind, text) for kind, text, own in rows if check(text, own, own).verdict in PASSED]


def test_no_planted_error_passes() -> None:
    assert passed(seed=1, number=200) == []


@pytest.mark.torture
def test_none_of_five_thousand_passes() -> None:
    assert passed(seed=2, number=5_000) == []
