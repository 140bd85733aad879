"""Yes and no: a question that asks whether something is so, as a statement, and what the passages say to it.

The statement is checked like a written sentence: "yes" where a sentence of an article carries it and the reading
model agrees, "no" where one differs from it in nothing but a negation, "unsaid" where none has its facts.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.reading import Candidate, Checker, Reading, Stand, Support
from bot.reading.claims import read
from bot.reading.near import kin, worth

WORDS: Mapping[Stand, str] = {"yes": "Yes.", "no": "No.", "unsaid": "The articles do not say so."}

CARRIED = 0.45  # least score of a sentence that carries the statement
AGREED = 0.7  # least probability of the reading model that it does
DENIED = 0.3  # least score of a sentence that denies it
NEAR = 0.5  # least worth of a word that stands for one of the statement
UNSAID = frozenset(("name", "number", "date", "wording"))  # kinds of fact whose lack leaves a statement unsaid

_TRUE = re.compile(r"(?:so )?(?:is|was) it (?:true|correct|right|the case|so) that (?P<rest>.+)$", re.I)
_BEING = ("is", "are", "was", "were", "has", "have", "had")
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
# A sentence with such a word says that something was thought, wanted or not so, of which the check may have passed over
# to whom or how far it applies.
_OPEN = re.compile(
    r"\b(?:no|not|none|nobody|never|nothing|without|nor|neither|cannot|deni\w+|deny\w*|refus\w+|declin\w+|fail\w*"
    r"|cleared|acquitted|rejected|expect\w*|promis\w+|hop(?:e|es|ed|ing)|plan(?:s|ned)?|want(?:s|ed)?|fear\w*"
    r"|believ\w+|thought|told|claim\w*|alleg\w+|rumou?r\w*|suspect\w*|would|could|may|might|if|whether)\b|n['’]t\b",
    re.I,
)
_TOLD = re.compile(r"\b(?:told|says?|said|claim\w*|insist\w*|maintain\w*|den(?:y|ies|ied)|I|we)\b")
_PREDICATE = re.compile(r"(?:an?|the|not|in|on|at|of|from|still|now|ever|already|\w+(?:ed|en|ing))\b")
_SUBJECT = re.compile(
    r"(?:there|(?:the |an? |his |her |its |their )?"
    r"(?:[A-Z0-9][\w.&'’-]*(?: (?:of (?:the )?|de |and )?(?=[A-Z0-9]))?)+(?:(?<=['’]s) [\w-]+)?"
    r"|(?:the |an? |any |his |her |its |their |these |those )?[\w'’-]+)"
)


def statement(question: str) -> str | None:
    """The statement that a question asks about ("Has the bridge reopened?": "The bridge has reopened."); else None."""
    asked = _ASIDE.sub("", " ".join(question.split()).rstrip(" ?!."))
    if told := _TRUE.match(asked):
        return f"{told['rest'][0].upper()}{told['rest'][1:]}."
    inverted = _INVERTED.match(asked)
    if inverted is None or _ASKS_ON.search(inverted["rest"]):
        return None
    subject = _SUBJECT.match(inverted["rest"])
    if subject is None:
        return None
    verb, rest = inverted["verb"].lower(), inverted["rest"][subject.end() :].strip()
    told_of = f"{subject[0].strip()[0].upper()}{subject[0].strip()[1:]}"
    # Words are compared by their stems, so that "did" is not needed; a wrong place for another verb is worse than none.
    placed = verb in _MODAL or (verb in _BEING and _PREDICATE.match(rest))
    return " ".join([told_of, *([verb] if placed else []), rest]) + "." if rest else None


def weighed(question: str, reading: Reading, checker: Checker) -> Reading:
    """The reading with what the passages say to a question that asks whether something is so; its sentence comes first.

    Unchanged where the question asks for something else, and where the passages leave it open.
    """
    claim = statement(question)
    if claim is None or not reading.sentences:
        return reading
    support = checker.check(claim, (), reading.found.passages)
    stand = _said(claim, support)
    if stand in ("yes", "no"):
        carrying = (one for one in reading.sentences if stand == "yes" and _carries(one.text, claim))
        row = next(carrying, None) or _row(reading, support)
        return reading if row is None else _first(replace(reading, stand=stand), row)
    return replace(reading, stand=stand)


def _said(claim: str, support: Support) -> Stand | None:
    """What a statement's support comes to."""
    if support.verdict == "quoted":
        return "yes"
    if support.verdict == "supported":
        sure = support.score >= CARRIED and support.probability >= AGREED
        return "yes" if sure and _carries(support.text, claim) else None
    if "negation" in support.missing and support.missing <= {"negation", "hedged"}:
        return "no" if support.score >= DENIED and not _TOLD.search(support.text) else None
    return "unsaid" if support.missing & UNSAID or support.passage is None else None


def _open(text: str) -> set[str]:
    """The words of a text by which what it says may not be so, in lower case."""
    return {match[0].lower() for match in _OPEN.finditer(text)}


def _carries(text: str, claim: str) -> bool:
    """Whether a text has the last of each run of names in a statement, each other word or one near it, and no `_OPEN`.

    The check lets the article's title bring a name, and other words outweigh a verb.
    """
    if not _open(text) <= _open(claim):
        return False
    told, claims = read(text), read(claim)
    keys, names = frozenset(told.keys), dict(claims.names)
    if any(claims.tokens[place].key not in keys for place in names if place + 1 not in names):
        return False
    others = [token for place, token in enumerate(claims.tokens) if token.content and place not in names]
    lacking = [token.folded for token in others if token.key not in keys]
    near = kin(lacking, [tuple((token.folded, token.key) for token in told.tokens if token.content)])
    return all(worth(near.get(word, {}), keys) >= NEAR for word in lacking)


def _row(reading: Reading, support: Support) -> Candidate | None:
    """The sentence that shares most characters with a span."""
    home = support.passage
    if home is None:
        return None
    shared = [
        (min(row.end, support.end) - max(row.start, support.start), row)
        for row in reading.sentences
        if row.passage.id == home.id
    ]
    length, row = max(shared, key=lambda pair: pair[0], default=(0, None))
    return row if length > 0 else None


def _first(reading: Reading, row: Candidate) -> Reading:
    """The reading with one sentence put first."""
    best = replace(row, score=max(row.score, reading.sentences[0].score))
    return replace(reading, sentences=(best, *(one for one in reading.sentences if one is not row)))
