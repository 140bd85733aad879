"""Yes and no: a question that asks whether something is so, as a statement, and what the passages say to it.

Each of the best sentences is asked what it says to the statement (`bot.reading.polarity`); the newest that says
something decides, two of one time from articles of different origin conflict. "Unsaid" where no passage has its facts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import permutations
from typing import Literal

from bot.reading import Candidate, Checker, Reading, Stand, Support, Versions
from bot.reading.alignment import independent, revises, together
from bot.reading.amounts import VALUE
from bot.reading.claims import past, read
from bot.reading.lists import heads, listed, table
from bot.reading.polarity import Statement, says, shares
from bot.reading.predication import TEMPORAL, adverbial
from bot.reading.several import around, marks, names
from bot.reading.token import Token, fold
from bot.reading.values import value
from store.passage import BEFORE, Passage

WORDS: Mapping[Stand, str] = {"yes": "Yes.", "no": "No.", "unsaid": "The articles do not say so."}

BEHIND = 2.5  # most that one may score less than the best and still leave open what an older one says
UNSAID = frozenset(("name", "number", "date", "wording"))  # kinds of fact whose lack leaves a statement unsaid

_TRUE = re.compile(r"(?:so )?(?:is|was) it (?:true|correct|right|the case|so) that (?P<rest>.+)$", re.I)
_BEING = ("is", "are", "was", "were", "has", "have", "had")
_PREPOSITIONS, _PLACES, _STATES, _ARTICLES, _THIN = map(
    listed, ("prepositions", "places", "states", "articles", "thin")
)
_VERBS = listed("question verbs") | listed("verbs") | listed("acts") | frozenset(heads("irregular.txt").values())
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
_IDLE = re.compile(rf",? (?:{'|'.join(table('words.txt')['idle'])})$", re.I)
_REVISED = re.compile(r"\bafter all\b|\bin fact\b", re.I)
_OF_SOME = re.compile(r"(?:any|all|both|one|some|most|none) of ", re.I)
# "Did more than 70 people die": by a number that a sentence gives.
_BOUND = re.compile(
    r"(?P<verb>did|do|does|has|have|had|were|was|are|is) (?P<who>.*?)\b"
    r"(?P<more>more than|over|at least|fewer than|less than|under) "
    r"(?P<sign>[$€£])?(?P<number>\d[\d,.]*(?: (?:hundred|thousand|million|billion))?"
    r"|(?!(?:the|an?|his|her|its|their)\b)[a-z-]+)"
    r"(?: (?P<money>dollars|euros|pounds)\b)?(?: (?P<rest>.+))?$",
    re.I,
)
_SIGNS = {"dollars": "$", "euros": "€", "pounds": "£"}
_AFFIRMED = re.compile(rf"\s*(?P<verb>{'|'.join((*_BEING, *_MODAL))})\s")


def statement(question: str) -> Statement | None:
    """The statement that a question asks about ("Has the bridge reopened?": "The bridge has reopened."); else None."""
    words = _ASIDE.sub("", " ".join(question.split()).rstrip(" ?!."))
    aside = bool(_ASIDE.search(question))
    words = _IDLE.sub("", words)
    if told := _TRUE.match(words):
        who, rest = _parted(told["rest"], "")
        verb = _AFFIRMED.match(f" {rest}")
        claim, rest = f"{told['rest'][0].upper()}{told['rest'][1:]}.", rest[verb.end() - 1 :] if verb else rest
        return Statement(claim, who, verb["verb"].lower() if verb else "did", rest, aside)
    inverted = _INVERTED.match(words)
    if inverted is None or _ASKS_ON.search(inverted["rest"]):
        return None
    verbal, (who, rest) = inverted["verb"].lower(), _parted(inverted["rest"], inverted["verb"].lower())
    if not who or not rest:
        return None
    # Words are compared by their stems, so that "did" is not needed.
    placed = verbal in _MODAL or verbal in _BEING
    return Statement(" ".join([who, *([verbal] if placed else []), rest]) + ".", who, verbal, rest, aside)


def _parted(told: str, verb: str) -> tuple[str, str]:
    """The subject that some words begin with, its first letter a capital, and what is said of it.

    `verb` is the question's auxiliary; none where the words are a statement.
    """
    words = told.split()
    least = _head(words)
    joint = next((at for at, word in enumerate(words) if at > least and word in TEMPORAL), len(words))
    starts = (at for at in range(least, joint) if _predicate(words, at, verb))
    end = next(starts, 0) or least
    if end == least and not (words[end:] and _predicate(words, end, verb)):  # nothing tells where it ends
        if verb in _BEING and not any(one in _PREPOSITIONS - {"of"} for one in words):
            end = max(end, joint - 1)
        while words[end : end + 1] and (words[end] == "of" or (verb not in _BEING and words[end] in _PLACES)):
            end += 1 + _head(words[end + 1 :])
    who = " ".join(words[:end])
    return f"{who[:1].upper()}{who[1:]}", " ".join(words[end:])


def _head(words: Sequence[str]) -> int:
    """How many of some words are the least that a subject may have: a name, or a noun with its article."""
    some = _OF_SOME.match(" ".join(words))
    at = len(some[0].split()) if some else 0
    at += words[at : at + 1] != [] and words[at].lower() in _ARTICLES
    name = at
    while name < len(words) and (
        words[name][0].isupper() or words[name][0].isdigit() or _joins(words[name : name + 3])
    ):
        name += 1
    owner = name > at and (words[name - 1].endswith(("'s", "’s")) or words[name - 1].isdigit())
    return min(name + owner if name > at else at + 1, len(words))


def _joins(words: Sequence[str]) -> bool:
    """Whether a word joins two parts of a name ("Bank of England")."""
    return words[0] in ("of", "de", "and") and any(one[:1].isupper() for one in words[1 : 2 + (words[1:2] == ["the"])])


def _predicate(words: Sequence[str], at: int, verb: str) -> bool:
    """Whether what is said of a subject begins at a place."""
    word, last, token = words[at], words[at - 1].lower(), Token(words[at], fold(words[at]), words[at])
    if word[0].isupper() or last in _ARTICLES or last in ("of", "most", "more"):
        return False
    if verb and verb not in _BEING:  # before a verb stands no noun that is one, too: "the final vote | fails"
        return word in _THIN or (word in _VERBS and not (words[at + 1 : at + 2] and words[at + 1] in _VERBS))
    opens = word in _ARTICLES and last not in _PREPOSITIONS
    return opens or past(token) or word.endswith("ing") or adverbial(token) or word in (_STATES if verb else _VERBS)


def weighed(question: str, reading: Reading, checker: Checker) -> Reading:
    """The reading with what the passages say to a question that asks whether something is so; its sentence comes first.

    Unchanged where the question asks for something else, and where the passages leave it open.
    """
    known = reading.versions.rows if reading.versions.conflicting else ()
    if known and not any(_revised(one, other) for one, other in permutations(known, 2)):
        return reading
    bound = _BOUND.match(" ".join(question.split()).rstrip(" ?!."))
    if bound:
        limit = _limit(bound["number"])
        return reading if limit is None else _numbered(bound, limit, reading)
    asked = statement(question)
    if asked is None or not reading.sentences:
        return reading
    told = [(says(asked, row, partial(checked, checker, asked, row)), row) for row in reading.sentences]
    best = reading.sentences[0].score - BEHIND
    stand, row, versions = _decided(asked, [one for one in told if one[0] or one[1].score >= best or _now(asked)])
    if row is not None:
        return _first(replace(reading, stand=stand, versions=versions), row)
    if known or any(one.score >= best and shares(asked, one, named=True) for one in reading.sentences):
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
    rest, who = bound["rest"] or "", bound["who"].strip()
    unit = bound["sign"] or _SIGNS.get((bound["money"] or "").lower(), "")
    if not (rest or unit):
        return reading
    named, verb = marks(f"{who} {rest}"), [bound["verb"], who] if who else []
    asked = " ".join(["How much", *verb, rest] if unit else ["How many", rest, *verb])
    told = [(value(asked, row), row) for row in reading.sentences if names(around(row.passage), named)]
    sure = [(one.amount, row) for one, row in told if one and one.amount and not one.ahead]
    sure = [(amount, row) for amount, row in sure if not unit or amount.unit == unit]
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
    if others and not _revised(row, others[0]):
        return None, row, Versions((row, others[0]), conflicting=True)
    day = row.passage.document.published or ""
    newer = [one for said, one in told if not said and (one.passage.document.published or "") > day]
    lasting = stand == "yes" and asked.verb in _DONE and not _now(asked)
    if not lasting and any(shares(asked, one, named=stand == "no") for one in newer):
        return None, None, Versions()
    return stand, row, Versions()


def _revised(newer: Candidate, older: Candidate) -> bool:
    """Whether a newer sentence says that something is told otherwise ("were not fired after all")."""
    later = (newer.passage.document.published or "") > (older.passage.document.published or "") > ""
    return revises(newer, older) or (later and bool(_REVISED.search(newer.text)))


def checked(checker: Checker, asked: Statement, row: Candidate) -> Support:
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
