"""Yes and no: a question that asks whether something is so, as a statement, and what the passages say to it.

Each of the best sentences is asked what it says to the statement (`bot.reading.polarity`); the newest that says
something decides, two of one time from articles of different origin conflict. "Unsaid" where no passage has its facts.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Literal

from bot.reading import Candidate, Checker, Reading, Stand, Support, Versions
from bot.reading.alignment import independent, revises, together
from bot.reading.amounts import VALUE
from bot.reading.claims import read
from bot.reading.lists import listed
from bot.reading.polarity import Statement, says, shares
from bot.reading.several import around, marks, names
from bot.reading.values import value
from store.passage import BEFORE, Passage

WORDS: Mapping[Stand, str] = {"yes": "Yes.", "no": "No.", "unsaid": "The articles do not say so."}

BEHIND = 2.5  # most that one may score less than the best and still leave open what an older one says
UNSAID = frozenset(("name", "number", "date", "wording"))  # kinds of fact whose lack leaves a statement unsaid

_TRUE = re.compile(r"(?:so )?(?:is|was) it (?:true|correct|right|the case|so) that (?P<rest>.+)$", re.I)
_BEING = ("is", "are", "was", "were", "has", "have", "had")
_DONE = frozenset(("did", "has", "have", "had", "was", "were"))  # asks for what stays true once it is
_NOW, _STILL = frozenset(("is", "are", "do", "does")), frozenset(("still", "now", "yet", "anymore"))
_MODAL = ("will", "would", "can", "could", "should", "may", "might", "must")
_INVERTED = re.compile(
    rf"(?:(?:and|but|so),? )?(?P<verb>did|does|do|{'|'.join((*_BEING, *_MODAL))})(?:n['’]t)? (?P<rest>.+)$", re.I
)
# What the asker wants to be told is no statement ("Do you know who won?"), and a pronoun is no subject to look up.
_ASKS_ON = re.compile(
    r"^(?:you|we|i|it|he|she|they|this|that|these|those)\b"
    r"|\b(?:who|whom|whose|what|which|why|how|or|(?:of|by|to) (?:it|him|them))\b",
    re.I,
)
_ASIDE = re.compile(r", (?:as|according to|by) .+$")
_PREDICATE = re.compile(r"(?:an?|the|not|in|on|at|of|from|still|now|ever|already|\w+(?:ed|en|ing))\b")
_DONE_TO = r"\w+ed|sold|built|bought|made|found|held|sent|shut|won|lost"
_SUBJECT = re.compile(
    r"(?:there|(?:any|all|both|one|some|most|none) (?:of )?(?:the |his |her |its |their )?[\w'’-]+"
    r"|(?:the |an? |his |her |its |their )?"
    r"(?:[A-Z0-9][\w.&'’-]*(?: (?:of (?:the )?|de |and )?(?=[A-Z0-9]))?)+"
    rf"(?:(?<=['’]s) [\w-]+| [a-z]+(?= (?:{_DONE_TO})\b))?"
    r"|(?:the |an? |any |his |her |its |their |these |those )?[\w'’-]+"
    rf"(?: \w+ing(?= (?:{'|'.join(sorted(listed('results')))})\b))?)"
)


# "The bridge | in Genoa | checked": what follows belongs to the subject where more than it follows.
_FURTHER = re.compile(
    r"\s*(?:of|from|in|at|on|for|off|near|outside|behind|aboard)(?: (?:the|an?|his|her|its|their))?"
    r" (?:(?:[A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*)*|[\w'’-]+)(?= (?!(?:of|from|in|at|on|for|by|to|with|before|after)\b)\w)"
)
# "Did more than 70 people die": by a number that a sentence gives.
_BOUND = re.compile(
    r"(?P<verb>did|do|does|has|have|had|were|was|are|is) (?P<who>.*?)\b"
    r"(?P<more>more than|over|at least|fewer than|less than|under) "
    r"(?P<number>\d[\d,.]*(?: (?:hundred|thousand|million|billion))?|[a-z-]+) (?P<rest>.+)$",
    re.I,
)
_AFFIRMED = re.compile(rf"\s*(?P<verb>{'|'.join((*_BEING, *_MODAL))})\s")


def statement(question: str) -> Statement | None:
    """The statement that a question asks about ("Has the bridge reopened?": "The bridge has reopened."); else None."""
    words = _ASIDE.sub("", " ".join(question.split()).rstrip(" ?!."))
    aside = bool(_ASIDE.search(question))
    if told := _TRUE.match(words):
        who, rest = _parted(told["rest"])
        verb = _AFFIRMED.match(rest)
        claim, rest = f"{told['rest'][0].upper()}{told['rest'][1:]}.", rest[verb.end() :] if verb else rest
        return Statement(claim, who, verb["verb"].lower() if verb else "did", rest, aside)
    inverted = _INVERTED.match(words)
    if inverted is None or _ASKS_ON.search(inverted["rest"]):
        return None
    verbal, (who, rest) = inverted["verb"].lower(), _parted(inverted["rest"])
    if not who or not rest:
        return None
    # Words are compared by their stems, so that "did" is not needed; a wrong place for another verb is worse than none.
    placed = verbal in _MODAL or (verbal in _BEING and _PREDICATE.match(rest))
    return Statement(" ".join([who, *([verbal] if placed else []), rest]) + ".", who, verbal, rest, aside)


def _parted(words: str) -> tuple[str, str]:
    """The subject that some words begin with, its first letter a capital, and the rest; nothing where none does."""
    subject = _SUBJECT.match(words)
    end = subject.end() if subject else 0
    while further := _FURTHER.match(words, end) if end else None:
        end = further.end()
    who = words[:end].strip()
    return f"{who[:1].upper()}{who[1:]}", words[end:].strip()


def weighed(question: str, reading: Reading, checker: Checker) -> Reading:
    """The reading with what the passages say to a question that asks whether something is so; its sentence comes first.

    Unchanged where the question asks for something else, and where the passages leave it open.
    """
    bound = _BOUND.match(" ".join(question.split()).rstrip(" ?!."))
    if bound and (limit := _limit(bound["number"])) is not None:
        return _numbered(bound, limit, reading)
    asked = statement(question)
    if asked is None or not reading.sentences:
        return reading
    told = [(says(asked, row, partial(_checked, checker, asked, row)), row) for row in reading.sentences]
    best = reading.sentences[0].score - BEHIND
    stand, row, versions = _decided(asked, [one for one in told if one[0] or one[1].score >= best or _now(asked)])
    if row is not None:
        return _first(replace(reading, stand=stand, versions=versions), row)
    if any(one.score >= best and shares(asked, one, named=True) for one in reading.sentences):
        return reading
    support = checker.check(asked.words, (), reading.found.passages)
    missing = "negation" not in support.missing and (support.missing & UNSAID or support.passage is None)
    return replace(reading, stand="unsaid") if missing and support.verdict == "unsupported" else reading


def _limit(words: str) -> float | None:
    """The number that some words are; None for others."""
    numbers = (number.readings[0] for number in read(words).numbers)
    return next((float(Fraction(number)) for number in numbers if VALUE.fullmatch(number)), None)


def _numbered(bound: re.Match[str], limit: float, reading: Reading) -> Reading:
    """The reading with what the newest sentence that gives a number says to "more than 70": yes, no or neither."""
    named, who = marks(f"{bound['who']} {bound['rest']}"), bound["who"].strip()
    asked = " ".join(["How many", bound["rest"], *([bound["verb"], who] if who else [])])
    told = [(value(asked, row), row) for row in reading.sentences if names(around(row.passage), named)]
    sure = [(one.amount, row) for one, row in told if one and one.amount and not one.ahead]
    sure = [(amount, row) for amount, row in sure if row.score >= reading.sentences[0].score - BEHIND]
    if not sure:
        return reading
    amount, row = max(sure, key=lambda pair: (pair[1].passage.document.published or "", pair[1].score))
    more = bound["more"].lower()
    above, below = amount.low > limit, amount.high < limit
    if more in ("fewer than", "less than", "under"):
        above, below = below, amount.low >= limit
    elif more == "at least":
        above = amount.low >= limit
    else:
        below = amount.high <= limit
    stand: Stand | None = "yes" if above else "no" if below else None
    return _first(replace(reading, stand=stand, versions=Versions()), row) if stand else reading


def _decided(
    asked: Statement, told: list[tuple[Literal["yes", "no"] | None, Candidate]]
) -> tuple[Stand | None, Candidate | None, Versions]:
    """What the newest sentence says that says something, and the sentence; two that conflict; nothing where none does.

    A newer sentence of the same thing that says neither leaves open whether it is still so.
    """
    sure = [(stand, row) for stand, row in told if stand]
    sure.sort(key=lambda pair: (pair[1].passage.document.published or "", pair[1].score), reverse=True)
    if not sure:
        return None, None, Versions()
    stand, row = sure[0]
    others = [one for other, one in sure[1:] if other != stand and independent(row, one) and together(row, one)]
    if others and not revises(row, others[0]):
        return None, row, Versions((row, others[0]), conflicting=True)
    day = row.passage.document.published or ""
    newer = [one for said, one in told if not said and (one.passage.document.published or "") > day]
    lasting = stand == "yes" and asked.verb in _DONE and not _now(asked)
    if not lasting and any(shares(asked, one, named=stand == "no") for one in newer):
        return None, None, Versions()
    return stand, row, Versions()


def _checked(checker: Checker, asked: Statement, row: Candidate) -> Support:
    """The check of a statement by one sentence alone."""
    return checker.check(asked.words, (), [_alone(row)])


def _now(asked: Statement) -> bool:
    """Whether a statement is of how things stand now, of which only the newest report may speak."""
    return asked.verb in _NOW or not _STILL.isdisjoint(asked.rest.split())


def _alone(row: Candidate) -> Passage:
    """The passage of a candidate with nothing but its sentence, what stands before it apart."""
    home, start = row.passage, row.start - row.passage.start
    before = (home.before + home.text[:start])[-BEFORE:]
    return replace(home, start=row.start, end=row.end, text=home.text[start : row.end - home.start], before=before)


def _first(reading: Reading, row: Candidate) -> Reading:
    """The reading with one sentence put first."""
    best = replace(row, score=max(row.score, reading.sentences[0].score))
    return replace(reading, sentences=(best, *(one for one in reading.sentences if one is not row)))
