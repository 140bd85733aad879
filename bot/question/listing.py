"""Listing: a question that asks for several things of a kind, put so that each of them answers it."""

import re
from dataclasses import dataclass, replace

from bot.question import named
from bot.question.parts import HELPER, Look, is_verb
from bot.question.phrases import body
from bot.reading import Reading, items
from bot.reading.lists import listed
from bot.reading.several import Sure
from store.passage import Query
from store.words import stem, tokens

WIDE = 24  # passages that are looked through

_LIST = re.compile(
    r"^(?:please )?(?:can you |could you )?(?:list|name|enumerate|give(?: me)?(?: a list of)?|tell me)(?: all| every)?"
    r"(?: of)?(?: the| those)?(?: (?:two|three|four|five|six|seven|\d+))? (?P<kind>.+)$",
    re.I,
)
_WHICH = re.compile(r"^(?:(?:in|on|to|for|from|at|by) )?(?:which|what)(?: all)? (?P<kind>.+)$", re.I)
_THAT = re.compile(r" (?:who|that|which)\b")
_OF = re.compile(r"\b(?:of|in|on|at|from|by|with|for|to|about|over|aboard|and how)\b", re.I)
_TOLD = re.compile(
    r",? ?(?:(?:who |that |which )?(?:are|is|were|was)? ?(?:named|mentioned|quoted|listed|cited|found|appear|speak)s? ?)?"
    r"\b(?:in|by) (?:the|these|those|your|all) ?(?:news )?(?:articles?|reports?|coverage|stor(?:y|ies)|news|papers)"
    r"(?: (?P<on>on|about|of) (?P<topic>.+))?$",
    re.I,
)
_SPEAKS = re.compile(r"\b(?:speaks?|quotes?|quoted|say|says|comments?|talks?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Listing:
    """A question for things of a kind: as it is read, the words for the kind, whether for people who are quoted."""

    question: str
    kind: frozenset[str]
    speaks: bool = False


def read(query: Query, whole: Reading, look: Look, sure: Sure) -> Reading:
    """The reading of a question that may ask for several things of a kind: a sentence for each that was found."""
    asked = enumerated(query.text)
    if asked is None:
        return whole
    own = replace(query, text=asked.question, around=named(asked.question, query.filters.as_of), k=WIDE)
    readings = items.wide(lambda kept: look(own, kept))
    if not readings or max(sure(whole), sure(readings[0])) < 1:
        return whole
    return items.told(own, whole if sure(whole) >= 1 else readings[0], readings, asked.kind, speaks=asked.speaks)


def enumerated(question: str) -> Listing | None:
    """What a question asks a list of; None where it asks for one thing."""
    asked = " ".join(body(question).split()).rstrip(" ?.!")
    match = _LIST.match(asked) or _WHICH.match(asked)
    if match is None:
        return None
    told = _TOLD.search(asked)
    rest = match["kind"][: told.start() - match.start("kind")] if told else match["kind"]
    kinds = _kinds(rest)
    if not kinds:
        return None
    about = f" {told['on']} {told['topic']}" if told and told["topic"] else ""
    if _LIST.match(asked):
        verb = "" if _THAT.search(rest) else "are "
        text = f"Which {_THAT.sub('', rest, count=1)}" if not verb else f"Which {verb}the {rest}"
    else:
        text = f"{match[0][: match.start('kind')]}{rest}"
    return Listing(f"{text}{about}?", kinds, bool(_SPEAKS.search(asked)))


def _kinds(rest: str) -> frozenset[str]:
    """The stems of the nouns that begin a phrase, where they are plural: "finance ministers", "captains and pilots"."""
    phrase = []
    for word in rest.split():
        if re.fullmatch(HELPER, word, re.I) or _OF.fullmatch(word) or word in ("who", "that", "which") or is_verb(word):
            break
        phrase.append(word)
    plural = [word.lower() for word in phrase if _plural(word.lower())]
    return frozenset(map(stem, plural)) if phrase and _plural(phrase[-1].lower()) else frozenset()


def _plural(word: str) -> bool:
    return word in listed("plurals") or (word[-1:] == "s" and word[-2:] not in ("ss", "us", "is"))
