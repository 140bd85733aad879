"""Listing: a question that asks for several things of a kind, put so that each of them answers it."""

import re
from dataclasses import dataclass, replace
from functools import partial

from bot.question import alike, parts
from bot.question.clauses import HELPER, is_verb
from bot.question.parts import Look
from bot.question.phrases import body
from bot.reading import Reading, items
from bot.reading.lists import listed, stems
from bot.reading.several import Sure
from store.passage import Query
from store.words import FULL_NAME, stem

WIDE = 24  # passages that are looked through
NEARLY = 0.7  # least sureness of a number at which the things are told that it would count
LONGEST = 6  # most words of the phrase for the things

_LIST = re.compile(
    r"^(?:please )?(?:can you |could you )?(?:list|name|enumerate|give(?: me)?(?: a list of)?|tell me)(?: all| every)?"
    r"(?: of)?(?: the| those)?(?: (?:two|three|four|five|six|seven|\d+))? (?P<kind>.+)$",
    re.I,
)
_WHICH = re.compile(
    r"^(?P<asks>(?:(?:in|on|to|for|from|at|by) )?(?:which|what|(?P<many>how many)))(?: all)? (?P<kind>.+)$", re.I
)
_THAT = re.compile(r"(?:who|that|which)\b ?")
_ABOUT = re.compile(r"^.*\b(?:about|on|of) ")
_OF = re.compile(r"(?:of|in|on|at|from|by|with|for|to|about|over|aboard)", re.I)
_TOLD = re.compile(
    r",? ?(?:(?:who |that |which )?(?:are|is|were|was)? ?(?:named|mentioned|quoted|listed|cited|found|appear"
    r"|speak)s? ?)?\b(?:in|by) (?:the|these|those|your|all) ?(?:news )?"
    r"(?:articles?|reports?|coverage|stor(?:y|ies)|news|papers)(?: (?P<topic>(?:on|about|of) .+))?$",
    re.I,
)
_SPEAKS = re.compile(r"\b(?:speaks?|quotes?|quoted|say|says|comments?|talks?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Listing:
    """A question for things of a kind: as it is read, the stems of the nouns for them, what is asked
    of them, whether they are people who are quoted, and whether they are to be counted."""

    question: str
    kind: frozenset[str]
    topic: str
    speaks: bool = False
    counts: bool = False


def several(query: Query, whole: Reading, look: Look, sure: Sure) -> Reading:
    """The reading of a question that may be about several things, or ask for several of a kind."""
    apart = parts.taken_apart(query.text)
    return parts.read(query, apart, whole, look, sure) if apart.parts else read(query, whole, look, sure)


def read(query: Query, whole: Reading, look: Look, sure: Sure) -> Reading:
    """The reading of a question that may ask for several things of a kind: a sentence for each that was found.

    One that asks how many is answered so only where the articles likely tell of it and none is sure of a number.
    """
    asked = enumerated(query.text)
    if asked is None or (asked.counts and not NEARLY <= sure(whole) < 1):
        return whole
    own = alike(query, asked.question, WIDE)
    readings = items.wide(partial(look, own))
    surest = next((one for one in (whole, *readings[:1]) if sure(one) >= 1), None)
    if surest is None:
        return whole
    if asked.speaks:
        found = items.quoted(surest, readings, asked.topic)
    else:
        found = items.told(surest, readings, asked.kind, asked.topic)
    if not found.told:
        return whole
    return replace(found, opening=items.UNCOUNTED.format(len(found.told))) if asked.counts else found


def enumerated(question: str) -> Listing | None:
    """What a question asks a list of; None where it asks for one thing."""
    asked = " ".join(body(question).split()).rstrip(" ?.!")
    named_by, asked_by = _LIST.match(asked), _WHICH.match(asked)
    match = named_by or asked_by
    if match is None or len(asked) > parts.LONGEST:
        return None
    told = _TOLD.search(match["kind"])
    whole = match["kind"][: told.start()] if told else match["kind"]
    phrase = _kind(whole)
    if not phrase:
        return None
    rest, topic = whole[len(phrase) :].strip(), (told and told["topic"]) or ""
    kinds = frozenset(stem(word) for word in re.findall(r"\w+", phrase.lower()) if _plural(word))
    counts = bool(asked_by and asked_by["many"])
    if counts and not kinds.isdisjoint(stems("people")):
        return None  # the dead and the hurt are seldom named
    speaks = bool(_SPEAKS.search(asked)) and not counts
    if speaks:
        text = f"Who speaks about {_ABOUT.sub('', topic) or ' '.join(FULL_NAME.findall(rest)) or _ABOUT.sub('', rest)}"
    elif named_by and not _THAT.match(rest):
        text = f"Which are the {phrase} {rest} {topic}"
    else:
        asks = asked_by["asks"] if asked_by and not counts else "Which"
        text = f"{asks} {phrase} {_THAT.sub('', rest, count=1) or 'are named'} {topic}"
    return Listing(f"{' '.join(text.split())}?", kinds, f"{rest} {topic}", speaks, counts)


def _kind(rest: str) -> str:
    """The phrase that begins a text and ends in a plural noun: "British ministers", "captains and co-pilots"."""
    words = rest.split()
    for at, word in enumerate(words[:LONGEST]):
        if re.fullmatch(HELPER, word, re.I) or _OF.fullmatch(word) or (at and is_verb(word)):
            return ""
        joined = words[at + 1 : at + 2] == ["and"] and any(map(_plural, words[at + 2 : at + 4]))
        if _plural(word.lower()) and not joined and not (words[at + 1 : at + 2] and _plural(words[at + 1])):
            return " ".join(words[: at + 1])
    return ""


def _plural(word: str) -> bool:
    ends = word.islower() and word[-1:] == "s" and word[-2:] not in ("ss", "us", "is", "as")
    return (ends or word in listed("plurals")) and not re.fullmatch(HELPER, word)
