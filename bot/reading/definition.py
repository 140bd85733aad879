"""Definitions: whether a question asks who somebody or what something is, and the words of a sentence that say so.

The same for how old somebody is: names stand with an age by their side in news, as things do with what they are.
"""

import re
from dataclasses import replace
from functools import lru_cache

from bot.reading.lists import listed
from store.passage import Found, Query
from store.words import STOP

LONGEST = 5  # most words of a thing whose definition is asked
PART = 0.7  # how sure words are that tell something of a thing, of those that say what it is
PERSONAL = 0.85  # how sure "is a" is of a person: it may be somebody's view

_ASKED = re.compile(
    r"what(?:['’]s| is| was) the meaning of (?:an? |the )?(?P<sense>[^,;:?]+?)"
    r"|what (?:does|do|did) (?:an? |the )?(?P<meant>[^,;:?]+?) (?:mean|stand for)"
    r"|(?:who|what)(?:['’]s| is| are| was| were) (?:exactly )?(?P<article>an? |the )?(?P<thing>[^,;:?]+?)",
    re.I,
)
_AGE_ASKED = re.compile(r"(?i:how old (?:is|was) )(?:[A-Z][\w.'’-]* ){0,3}(?P<last>[A-Z][\w’-]+)")
_DONE = re.compile(
    r"(?:\w+(?:ed|est)|(?:happen|go|com|caus|runn|play|lead|winn|stand)ing|new|next|up|wrong|true|left)$", re.I
)
"""Words for what somebody or something does ("who is running"), where a name or an event is asked."""
_BEING = (
    r",? (?:is|are|was|were|means|refers to|stands for) (?=an?\b|one of\b|any\b|some\b|(?:his|her|its|their)\b|[\"“‘])"
)
_ASIDE = r"(?: ?,|,? [–—-]{1,2}|,? \() ?[\"“]?"
_APPOSED = (
    rf"{_ASIDE}(?=an?\b|one of\b|formerly\b|best known\b|short for\b|meaning\b|(?:his|her|its|their|[\w.’']+[’']s)\b)"
)
_RELATIVE = rf"{_ASIDE}(?=who\b|which\b|whose\b|known\b|\d{{1,3}},)"
_BEFORE = r"(?P<what>\b(?:[Tt]he|[Aa]n?|[\w.]+[’']s) [^,.;:()]{3,80})"
_CALLED = r"\b(?P<what>(?:an?|the) (?:[\w'’-]+ ){1,8})(?:called|named|known as|dubbed) [\"“‘]?"
_TERM = (
    r"\b(?:the (?:term|word|phrase) (?:is|means|refers to)|defines (?:it|the (?:term|word|phrase)) as|is defined as) "
)
_NO_ROLE = rf"(?!(?i:{'|'.join(sorted(STOP))}|however|later|earlier|former|never|number|order|rather|another) )"
_ROLE = (
    rf"(?P<what>\b(?:{_NO_ROLE}[A-Za-z][\w.’'-]* ){{0,3}}{_NO_ROLE}"
    r"(?:[a-z-]{3,}(?:er|or|ist|ian|ant|ent|man|men|ress|star)|coach|chief|king|queen|CEO)) "
)
_STOPS = re.compile(
    r"[,;:–—!?)](?=[\s\"”’]|$)|\.(?=[\"”’]?(?:\s+[^\d\s]|$))| (?=has\b|have\b|had\b|died\b|said\b|told\b)"
)


@lru_cache(maxsize=64)
def subject(question: str) -> str:
    """The person or thing that a question asks about as such ("Who is Ada Mora?"); "" for any other question.

    A thing told by another, as "the mayor of Hull", asks for a name or a value and not for a definition.
    """
    asked = _ASKED.fullmatch(question.strip().rstrip("?!. "))
    if not asked:
        return ""
    thing = asked["thing"] or asked["meant"] or asked["sense"]
    words = thing.split()
    named = all(not word[0].islower() or word in listed("joining") for word in words)
    if asked["article"] and " of " in thing and _personal(question):
        return ""
    plain = (asked["article"] or "").lower() != "the " and not any(word in STOP or _DONE.match(word) for word in words)
    return thing if len(words) <= LONGEST and (named or plain or not asked["thing"]) else ""


def _personal(question: str) -> bool:
    return question.strip()[:3].lower() == "who"


def defined(question: str, text: str) -> tuple[float, int, int]:
    """How surely a sentence says what a question asks the definition or age of (0..1), and where the words lie."""
    for sure, pattern in _patterns(question):
        if match := pattern.search(text):
            if "what" in match.groupdict():
                return sure, *match.span("what")
            stop = _STOPS.search(text, match.end() + 1)
            return sure, match.end(), stop.start() if stop else len(text)
    return 0.0, 0, 0


def _ages(question: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    """The ways in which a sentence says the age that is asked for; that of "he" or "she" may be somebody else's."""
    asked = _AGE_ASKED.match(question.strip())
    if not asked:
        return ()
    name = re.escape(asked["last"])
    ways = [
        (1.0, rf"\b{name}(?:, | \()(?:aged |age )?(?P<what>\d{{1,3}})[,.)]"),
        (1.0, rf"\b{name}\b.{{0,200}}\b(?:died|dead)\b.{{0,40}} (?:at|aged|age of) (?:age )?(?P<what>\d{{1,3}})\b"),
        (1.0, rf"\b{name} (?:is|was) (?P<what>\d{{1,3}})(?: years old)?[.,]"),
        (PERSONAL, r"^(?:He|She) (?:is|was) (?P<what>\d{1,3})(?: years old)?\.$"),
    ]
    return tuple((sure, re.compile(way)) for sure, way in ways)


@lru_cache(maxsize=64)
def _patterns(question: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    """The ways in which a sentence says what is asked, each with how sure it is; "what" finds words before the name."""
    if not (thing := subject(question)):
        return _ages(question)
    person, last = _personal(question), thing.split()[-1]
    whole = rf"(?i:(?<!\w){'[ -]'.join(map(re.escape, thing.split()))}(?!\w))"  # a name may end in signs: "C++"
    alone = rf"|(?<!\w )\b{re.escape(last)}\b" if person and last[0].isupper() else ""  # "Eva Mora" is not Ada Mora
    name = rf"(?:{whole}{alone})[\"”’]?(?:,? ?\([^()]{{1,60}}\)|, or [^,]{{1,40}})?"
    ways = [(1.0, name + _APPOSED), (PERSONAL if person else 1.0, name + _BEING), (PART, name + _RELATIVE)]
    if person:
        ways += [(1.0, rf"{name},(?= the\b)"), (1.0, rf"{_BEFORE}, {whole},"), (PART, _ROLE + whole)]
    else:
        spelled = rf"\b(?P<what>(?:[\w'’-]+ ){{1,{len(thing)}}})(?:\(|, or ){re.escape(thing)}[),]"
        ways += [(1.0, _CALLED + whole), (1.0, _TERM), *([(1.0, spelled)] if thing.isupper() else [])]
    return tuple((sure, re.compile(way)) for sure, way in ways)


def foremost(query: Query, found: Found) -> Found:
    """The passages of a wide search that are read: those first in which a definition that is asked stands."""
    told = {one.id: defined(query.text, one.text)[0] > 0 for one in found.passages}
    return replace(found, passages=tuple(sorted(found.passages, key=lambda one: not told[one.id])[: query.k]))
