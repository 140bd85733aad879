"""Clauses: the grammar of a question, and two questions joined ("How many died on A and how many on B?") apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.question.phrases import topic
from bot.reading.lists import listed
from store.words import FULL_NAME, STOP, month, tokens

HELPER = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?(?![\w'’])"
PREPOSITION = (
    r"(?:in|at|on|for|from|to|with|by|during|since|after|before|under|of|about|against|between|over|according"
    r"|when|while|until|around|near|inside|outside|through|as)"
)
_ASKS = rf"(?:(?:{PREPOSITION}|according to) )?(?:who|whom|whose|what|which|when|where|why|how(?: (?!{HELPER})\w+)?)"
QUESTION = re.compile(
    rf"(?P<asks>{_ASKS})\b(?:(?P<noun>(?: (?!{HELPER}|(?:{PREPOSITION}|the|an?|and)\b)[\w'’-]+){{0,4}}?)"
    rf" (?P<helper>{HELPER}))?(?P<rest>.*)$",
    re.I,
)
_JOINED = re.compile(rf",? (?:and|but) (?=(?:{_ASKS}|{PREPOSITION})\b)", re.I)
_TOLL = re.compile(r"^what (?:is|was|are|were) the (?:(?:final|official|death|latest) )*tolls? (?:of|in|from) ", re.I)
_PRONOUN = re.compile(r"\b(?:it|they|he|she|them|him)\b")
THING = re.compile(r"\b(?:the|an?|his|her|its|their|our|some) |[A-ZÀ-Þ\d]")  # how a thing that can be asked of begins
_ONE = re.compile(r"^the (?P<kind>[\w'’-]+) ones?$", re.I)
_LIKE_ONE = re.compile(r"\b(?:the|an?) (?P<kind>[\w'’-]+) (?P<noun>[\w'’-]+)", re.I)
_OPENING = re.compile(rf"({PREPOSITION} .{{3,60}}?), (?={_ASKS}\b)", re.I)
_WORD = re.compile(r"[\w'’.-]+")
_REFERRED = re.compile(rf"\b(?:the|an?) [\w’'-]+(?: {FULL_NAME.pattern})?|{FULL_NAME.pattern}")
_RUN = re.compile(rf" ?{FULL_NAME.pattern} (?=[^\sA-ZÀ-Þ])")
SHORT = 5  # most words of a thing of which there is another


@dataclass(frozen=True, slots=True)
class Part:
    """A question about one of several things, and that thing, as the whole question names it."""

    question: str
    item: str


def clauses(asked: str) -> tuple[Part, Part] | None:
    """Two questions joined, each with the words that it leaves to the other."""
    if opening := _OPENING.match(asked):  # "On that evening, what did …"
        asked = f"{asked[opening.end() :]} {opening[1][:1].lower()}{opening[1][1:]}"
    for joint in _JOINED.finditer(asked):
        first, second = QUESTION.match(asked[: joint.start()]), asked[joint.end() :]
        if first is None or len(second.split()) < 2:
            continue
        other = QUESTION.match(second)
        found = None
        if other is not None:
            found = _paired(first, other)
        elif re.match(rf"(?!between){PREPOSITION}\b", second, re.I):
            found = _filled(first, second)
        if found and found[0].question != found[1].question and all(map(asks, found)):
            return found
    return None


def asks(part: Part) -> bool:
    """Whether a part asks of something ("How?" does not), and its thing is more than a stage of one ("at first")."""
    item = [word for word in tokens(part.item) if word not in STOP]
    return any(word not in STOP for word in tokens(part.question)) and (
        not part.item or not listed("stages").issuperset(item)
    )


def part_of(asked: str, item: str) -> Part:
    """A question as a part of one, with its thing."""
    asked = _TOLL.sub("how many people died in ", asked)
    return Part(f"{asked[:1].upper()}{asked[1:]}?", re.sub(rf"^(?:according to|{PREPOSITION}) ", "", item, flags=re.I))


def _paired(first: re.Match[str], second: re.Match[str]) -> tuple[Part, Part]:
    """Two questions as wholes: the predicate, the noun, the subject or the place that one leaves out is the other's."""
    own, other = predicate(first), predicate(second)
    if own is None and other is not None and first["rest"].strip() and bool(first["helper"]) == bool(second["helper"]):
        whole = f"{first[0]} {second['rest'][other:].strip()}"
        return _apart(whole, _kind_named(first[0], second[0]))
    if second["helper"] is None and (other is None or re.match(rf" ?{PREPOSITION}\b", second["rest"], re.I)):
        return _filled(first, second["rest"].strip(" ,"))
    whole = second[0]
    if second["asks"].lower().startswith("how many") and second["helper"] and not second["noun"]:
        end = predicate(first)
        noun = first["noun"] or (f" {first['rest'][:end].strip()}" if end else "")
        whole = f"{second['asks']}{noun} {second['helper']}{second['rest']}"
    if second["helper"] and other is not None and first["helper"] and own is not None:
        verb, told = second["rest"][other:].split(), first["rest"][own:].split()
        if verb == told[: len(verb)]:
            whole = " ".join([whole, *told[len(verb) :]])
    elif second["helper"] and first["helper"] and own is not None and second["rest"].strip():
        whole = f"{whole} {first['rest'][own:].strip()}"
    return _apart(first[0], _referred(first[0], whole))


def _apart(first: str, second: str) -> tuple[Part, Part]:
    """Two whole questions, each with what the other does not ask of; the topic of one where the other has no name."""
    names = [_names(first), _names(second)]
    items = [
        _differing(asked, beside) or next((name for name in own if name not in other), "")
        for own, other, asked, beside in zip(names, reversed(names), (first, second), (second, first), strict=True)
    ]
    if not names[0] and names[1] and (not items[0] or names[1][0] not in items[1]):
        first = f"{first} ({_topic(second, names[1])})"
    elif names[0] and not names[1] and (not items[1] or names[0][0] not in items[0]):
        second = f"{second} ({_topic(first, names[0])})"
    return part_of(first, items[0]), part_of(second, items[1])


def _topic(asked: str, names: Sequence[str]) -> str:
    """The topic of a question with some names; the first of these where it has none of them."""
    said = topic(f" {asked}")
    return said if FULL_NAME.search(said) else names[0]


def _differing(asked: str, other: str) -> str:
    """The thing of a question that stands where another question has another, if all else in them is the same."""
    words, others = asked.lower().split(), other.lower().split()
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False)))
    pairs = zip(reversed(words[start:]), reversed(others[start:]), strict=False)
    end = len(words) - sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if words[start - 1 : start] and re.fullmatch("the|an?|his|her|its|their", words[start - 1]):
        start -= 1
        end += end == start + 2 < len(words) - 1 and words[end] in others and words[start] == "the"
    thing = re.sub(r" (?:in|on|since|by) \S*\d.*$", "", " ".join(asked.split()[start:end]))
    return thing if start and end - start <= SHORT and not re.search(rf"\b{HELPER}", thing, re.I) else ""


def _names(asked: str) -> list[str]:
    """The names of a question, its first word aside."""
    found = (match[0] for match in FULL_NAME.finditer(asked, asked.find(" ") + 1))
    return [name for name in found if not month(name.split()[0].lower())]


def _kind_named(first: str, second: str) -> str:
    """A question with "the higher one" as "the higher court", where the first has "the first court"."""
    like = _LIKE_ONE.search(first)
    return re.sub(r"\b(the [\w'’-]+) ones?\b", rf"\1 {like['noun']}", second) if like else second


def _referred(first: str, second: str) -> str:
    """A question with the thing of the first one in place of "it" or "they": the last with an article or a name."""
    things = [match[0] for match in _REFERRED.finditer(first) if match.start()]
    thing = things[-1] if things else topic(first)
    return _PRONOUN.sub(thing, second, count=1) if thing else second


def predicate(asked: re.Match[str]) -> int | None:
    """Where in a question's rest the predicate begins behind the subject; None where only a subject stands there."""
    rest = asked["rest"]
    for place, word in enumerate(_WORD.finditer(rest)):
        if is_verb(word[0]) and (place or not asked["helper"] or word[0].endswith("ed")):
            return word.start()
    run = _RUN.match(rest) if asked["helper"] else None
    if run is None or re.match(rf"(?:{PREPOSITION}|and)\b", rest[run.end() :]):
        return None
    return run.end()


def is_verb(word: str) -> bool:
    """Whether a word of a question is a verb, as far as its form and two lists tell."""
    verbs = listed("question verbs") | listed("verbs")
    return word in verbs or (word.islower() and word.endswith("ed"))


def _filled(first: re.Match[str], remainder: str) -> tuple[Part, Part]:
    """The first question, and with the like of what remains of a second one put in: its subject, its place or time."""
    asked = first[0]
    noun = (first["noun"] or "").strip()
    remainder = remainder.removeprefix(f"{noun} ") if noun else remainder
    tail = re.search(rf"(?:^|(?P<comma>,)? )(?=(?!of\b|according to\Z){PREPOSITION}\b)|^(?=of\b)", remainder, re.I)
    thing = (remainder[: tail.start()] if tail else remainder).strip(" ,")
    place = remainder[tail.end() :].strip(" ,") if tail else ""
    old, new = "", thing or place
    if thing and (one := _ONE.match(thing)):
        if like := _LIKE_ONE.search(asked, first.end("asks")):
            asked, old = f"{asked[: like.start('kind')]}{one['kind']}{asked[like.end('kind') :]}", like[0]
    elif thing:
        asked, old = _replaced(first, thing)
    if place and tail and tail["comma"] and thing:
        return part_of(f"{first[0]} {place}", old), part_of(f"{asked} {place}", new)
    if place:
        place = _referred(first[0], place)
        asked, replaced = _placed(asked, place)
        old = old or replaced
    return part_of(first[0], old), part_of(asked, new)


def _replaced(first: re.Match[str], thing: str) -> tuple[str, str]:
    """A question with its subject, or where it has no helper its last thing, replaced; and what was replaced."""
    if first["helper"]:
        start, end = first.start("rest"), predicate(first)
        end = len(first[0]) if end is None else start + end
        if verb := re.match(rf"\w+ (?!{PREPOSITION}\b)(?=\S)(?!.* {PREPOSITION}\b)", first[0][end:]):
            return f"{first[0][: end + verb.end()]}{thing}", first[0][end + verb.end() :]
        return f"{first[0][:start]} {thing} {first[0][end:]}".rstrip(), first[0][start:end].strip()
    things = list(THING.finditer(first[0], first.end("asks")))
    start = things[-1].start() if things else len(first[0])
    return f"{first[0][:start].rstrip()} {thing}", first[0][start:]


def _placed(asked: str, place: str) -> tuple[str, str]:
    """A question with its last phrase of the same preposition replaced, else the last one of any; and that phrase."""
    word = place.split()[0]
    for pattern in (rf"(?<= ){word}\b", rf"(?<= )(?!of\b){PREPOSITION}\b"):
        places = list(re.finditer(pattern, asked, re.I))
        if places:
            start = places[-1].start()
            return f"{asked[:start]}{place}", asked[start:]
    return f"{asked} {place}", ""
