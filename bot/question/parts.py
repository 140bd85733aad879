"""Parts: a question about several things, taken apart into one question for each of them.

It is read by rules, in English: two questions joined ("How many died on A and how many on B?"), things to choose from
("Which was dearer, A or B?"), and things joined inside a question ("What did A and B say of C?").
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from bot.question import alike
from bot.question.phrases import body, topic
from bot.reading import Reading, several
from bot.reading.lists import listed, table
from bot.reading.several import More, Sure
from store.passage import Found, Query
from store.words import FULL_NAME, month

HELPER = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?(?![\w'’])"
_PREPOSITION = (
    r"(?:in|at|on|for|from|to|with|by|during|since|after|before|under|of|about|against|between|over|according"
    r"|when|while|until|around|near|inside|outside|through|as)"
)
_ASKS = rf"(?:(?:{_PREPOSITION}|according to) )?(?:who|whom|whose|what|which|when|where|why|how(?: (?!{HELPER})\w+)?)"
_QUESTION = re.compile(
    rf"(?P<asks>{_ASKS})\b(?:(?P<noun>(?: (?!{HELPER}|(?:{_PREPOSITION}|the|an?|and)\b)[\w'’-]+){{0,4}}?)"
    rf" (?P<helper>{HELPER}))?(?P<rest>.*)$",
    re.I,
)
_JOINED = re.compile(rf",? (?:and|but) (?=(?:{_ASKS}|{_PREPOSITION})\b)", re.I)
_AND = re.compile(r",? and ", re.I)
_OR = re.compile(r",? or (?:else )?(?:rather )?", re.I)
_COMPARE = re.compile(r"^(?:please )?compare (?:(?=what|how|when)|(?P<things>the .+)$)", re.I)
_COMPARES = re.compile(
    r"^how (?:do|does|did) (?P<things>the .+?) (?:compare|differ)(?: (?:to|with|from) each other)?$", re.I
)
_TOLL = re.compile(r"^what (?:is|was|are|were) the (?:(?:final|official|death|latest) )*tolls? (?:of|in|from) ", re.I)
_OF_TWO = re.compile(
    rf"^which (?:one )?of (?P<things>(?:the )?two .+?) (?P<rest>(?:{HELPER}|killed|cost|made) .+)$", re.I
)
_PRONOUN = re.compile(r"\b(?:it|they|he|she|them|him)\b")
_THING = re.compile(r"\b(?:the|an?|his|her|its|their|our|some) |[A-ZÀ-Þ\d]")  # how a thing that can be asked of begins
_ONE = re.compile(r"^the (?P<kind>[\w'’-]+) ones?$", re.I)
_LIKE_ONE = re.compile(r"\b(?:the|an?) (?P<kind>[\w'’-]+) (?P<noun>[\w'’-]+)", re.I)
_OPENING = re.compile(rf"({_PREPOSITION} .{{3,60}}?), (?={_ASKS}\b)", re.I)
_WORD = re.compile(r"[\w'’.-]+")
_REFERRED = re.compile(rf"\b(?:the|an?) [\w’'-]+(?: {FULL_NAME.pattern})?|{FULL_NAME.pattern}")
_RUN = re.compile(rf" ?{FULL_NAME.pattern} (?=[^\sA-ZÀ-Þ])")
_SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does"}
_PLURAL = re.compile(rf"\b(?:{'|'.join(_SINGULAR)})(?= $)", re.I)  # a helper of two things, in front of one of them
_PLURALS = re.compile(r"\b(?!its|his)[a-z]+[^\Wsu]s$")
_THAT = re.compile(r"^(?:in )?(?:that|those|the one) ((?:of|in|at|on|from) .+)$", re.I)
_MORE = re.compile(
    r"^(?P<lead>(?:(?P<preposition>in|at|on) )?(?:which|who|what)\b"
    r"|did|do|does|have|has|had|were|was|are|is)\b(?P<before>.*?)\b(?P<more>more|fewer|less)\b(?P<counted>.*)$",
    re.I,
)
LONGEST = 300  # most characters of a question that is taken apart
_MORE_OF = re.compile(r"(?:more|fewer|less)\b", re.I)
SHORT = 5  # most words of a thing of which there is another


@dataclass(frozen=True, slots=True)
class Part:
    """A question about one of several things, and that thing, as the whole question names it."""

    question: str
    item: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What a question asks of one thing and of another, in its order; `more`: whether it asks who has most or least."""

    parts: tuple[Part, ...] = ()
    more: More = ""


WHOLE = Parts()
Look = Callable[[Query, Callable[[Found], Found]], Reading]  # a question, what is kept of its passages → its reading


def read(query: Query, asked: Parts, whole: Reading, look: Look, sure: Sure) -> Reading:
    """The reading of a question about several things.

    Each thing is looked up by itself where no one sentence of the whole question's reading tells of all. A part
    without an answer is missing.
    """
    items = [part.item for part in asked.parts]
    if sure(whole) >= 1 and not asked.more and several.answers(query.text, whole.sentences[0], items):
        return whole
    if several.one_name(whole.found, items):
        return whole
    halves = []
    for part, other in zip(asked.parts, reversed(items), strict=True):
        own = alike(query, part.question)
        reading = look(own, partial(several.about, item=part.item, other=other))
        halves.append(several.Half(own, part.item, reading))
    return several.joined(whole, halves, asked.more, sure)


def taken_apart(question: str) -> Parts:
    """The parts of a question about two things; none of one that asks about one thing.

    >>> [part.question for part in taken_apart("What did Mora and Lund say of the strike?").parts]
    ['What did Mora say of the strike?', 'What did Lund say of the strike?']
    """
    asked = " ".join(body(question).split()).rstrip(" ?.!")
    if len(asked) > LONGEST:
        return WHOLE
    if found := _COMPARE.match(asked):
        asked = f"what are {found['things']}" if found["things"] else asked[found.end() :]
    elif found := _COMPARES.match(asked):
        asked = f"what are {found['things']}"
    return _chosen(asked) or _clauses(asked) or _things(asked) or WHOLE


# -- two questions joined ----------------------------------------------------------------------------------


def _clauses(asked: str) -> Parts | None:
    """The parts of two questions joined, each with the words that it leaves to the other."""
    if opening := _OPENING.match(asked):  # "On that evening, what did …"
        asked = f"{asked[opening.end() :]} {opening[1][:1].lower()}{opening[1][1:]}"
    for joint in _JOINED.finditer(asked):
        first, second = _QUESTION.match(asked[: joint.start()]), asked[joint.end() :]
        if first is None or len(second.split()) < 2:
            continue
        other = _QUESTION.match(second)
        found = None
        if other is not None:
            found = _paired(first, other)
        elif re.match(rf"(?!between){_PREPOSITION}\b", second, re.I):
            found = _filled(first, second)
        if found and found[0].question != found[1].question:
            return Parts(found)
    return None


def _part(asked: str, item: str) -> Part:
    asked = _TOLL.sub("how many people died in ", asked)
    return Part(f"{asked[:1].upper()}{asked[1:]}?", re.sub(rf"^(?:according to|{_PREPOSITION}) ", "", item, flags=re.I))


def _paired(first: re.Match[str], second: re.Match[str]) -> tuple[Part, Part]:
    """Two questions as wholes: the predicate, the noun, the subject or the place that one leaves out is the other's."""
    own, other = _predicate(first), _predicate(second)
    if own is None and other is not None and first["rest"].strip() and bool(first["helper"]) == bool(second["helper"]):
        whole = f"{first[0]} {second['rest'][other:].strip()}"
        return _apart(whole, _kind_named(first[0], second[0]))
    if second["helper"] is None and (other is None or re.match(rf" ?{_PREPOSITION}\b", second["rest"], re.I)):
        return _filled(first, second["rest"].strip(" ,"))
    whole = second[0]
    if second["asks"].lower().startswith("how many") and second["helper"] and not second["noun"]:
        end = _predicate(first)
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
    if not names[0] and names[1] and names[1][0] not in items[1]:
        first = f"{first} ({topic(f' {second}')})"
    elif names[0] and not names[1] and names[0][0] not in items[0]:
        second = f"{second} ({topic(f' {first}')})"
    return _part(first, items[0]), _part(second, items[1])


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


def _predicate(asked: re.Match[str]) -> int | None:
    """Where in a question's rest the predicate begins behind the subject; None where only a subject stands there."""
    rest = asked["rest"]
    for place, word in enumerate(_WORD.finditer(rest)):
        if is_verb(word[0]) and (place or not asked["helper"] or word[0].endswith("ed")):
            return word.start()
    run = _RUN.match(rest) if asked["helper"] else None
    if run is None or re.match(rf"(?:{_PREPOSITION}|and)\b", rest[run.end() :]):
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
    tail = re.search(rf"(?:^|(?P<comma>,)? )(?=(?!of\b|according to\Z){_PREPOSITION}\b)|^(?=of\b)", remainder, re.I)
    thing = (remainder[: tail.start()] if tail else remainder).strip(" ,")
    place = remainder[tail.end() :].strip(" ,") if tail else ""
    old, new = "", thing or place
    if thing and (one := _ONE.match(thing)):
        if like := _LIKE_ONE.search(asked, first.end("asks")):
            asked, old = f"{asked[: like.start('kind')]}{one['kind']}{asked[like.end('kind') :]}", like[0]
    elif thing:
        asked, old = _replaced(first, thing)
    if place and tail and tail["comma"] and thing:
        return _part(f"{first[0]} {place}", old), _part(f"{asked} {place}", new)
    if place:
        place = _referred(first[0], place)
        asked, replaced = _placed(asked, place)
        old = old or replaced
    return _part(first[0], old), _part(asked, new)


def _replaced(first: re.Match[str], thing: str) -> tuple[str, str]:
    """A question with its subject, or where it has no helper its last thing, replaced; and what was replaced."""
    if first["helper"]:
        start, end = first.start("rest"), _predicate(first)
        end = len(first[0]) if end is None else start + end
        if verb := re.match(rf"\w+ (?!{_PREPOSITION}\b)(?=\S)(?!.* {_PREPOSITION}\b)", first[0][end:]):
            return f"{first[0][: end + verb.end()]}{thing}", first[0][end + verb.end() :]
        return f"{first[0][:start]} {thing} {first[0][end:]}".rstrip(), first[0][start:end].strip()
    things = list(_THING.finditer(first[0], first.end("asks")))
    start = things[-1].start() if things else len(first[0])
    return f"{first[0][:start].rstrip()} {thing}", first[0][start:]


def _placed(asked: str, place: str) -> tuple[str, str]:
    """A question with its last phrase of the same preposition replaced, else the last one of any; and that phrase."""
    word = place.split()[0]
    for pattern in (rf"(?<= ){word}\b", rf"(?<= )(?!of\b){_PREPOSITION}\b"):
        places = list(re.finditer(pattern, asked, re.I))
        if places:
            start = places[-1].start()
            return f"{asked[:start]}{place}", asked[start:]
    return f"{asked} {place}", ""


# -- things to choose from -----------------------------------------------------------------------------------


def _chosen(asked: str) -> Parts | None:
    """The parts of a question for which of two things is more of something."""
    joint = _OR.search(asked)
    if joint is None:
        of = _OF_TWO.match(asked)
        asks = _degree(f"which {of['rest']}") if of else None
        return Parts((_part(asks[0].format(of["things"]), ""),) * 2, asks[1]) if of and asks else None
    lead, _, first = asked[: joint.start()].rpartition(", ")
    second = asked[joint.end() :]
    if _MORE_OF.match(second):
        return None
    if not lead:
        lead, _, first = asked[: joint.start()].partition(": ")
    if not first:
        found = re.search(rf"(?<= )(?:{_THING.pattern}).*$", asked[: joint.start()])
        lead, first = (asked[: found.start()].strip(), found[0]) if found else ("", "")
    for end in (len(second), *(match.start() for match in re.finditer(r" ", second))):
        asks = _degree(f"{lead}{second[end:]}")
        if asks:
            item = [_thing(one, asks[2]) for one in (first, second[:end])]
            return Parts(tuple(_part(asks[0].format(one), one) for one in item), asks[1])
    return None


def _thing(words: str, noun: str) -> str:
    """A thing to choose, "that of the Concorde" with its noun."""
    that = _THAT.match(words)
    return f"the {noun} {that[1]}" if that and noun else words


def _degree(lead: str) -> tuple[str, More, str] | None:
    """What is asked of each thing, with a place for it, whether most or least is wanted, and the things' noun."""
    lead = lead.strip(" ,")
    words = lead.split()
    last = words[-1].lower() if words else ""
    helper = re.search(rf"\b{HELPER}", lead, re.I)
    verb = helper[0].lower() if helper else "is"
    for row in table("words.txt")["degrees"]:
        most, least, asks = (one.strip() for one in row.split(":"))
        phrase = " ".join(words[-2:]).lower()
        choices: tuple[tuple[More, str], ...] = (("most", most), ("least", least))
        for wanted, told in choices:
            if last in told.split() or phrase in (f"more {told.split()[-1]}", f"less {told.split()[-1]}"):
                return f"{asks} {verb} {{}}", wanted, ""
    more = _MORE.match(lead)
    return _amount(more) if more else None


def _amount(more: re.Match[str]) -> tuple[str, More, str]:
    """ "Which cost more lives" as "How many lives did {} cost"."""
    chooses = more["lead"].lower().endswith(("which", "who", "what"))
    helper = re.search(rf"\b{HELPER}", more["before"] if chooses else more["lead"], re.I)
    words, counted = more["before"].replace(helper[0] if helper else "", "", 1).split(), more["counted"].split()
    noun = words.pop(0) if chooses and words and not is_verb(words[0]) else ""
    verb, told = " ".join(words), helper[0].lower() if helper else "did"
    wanted: More = "most" if more["more"].lower() == "more" else "least"
    if not counted:
        return f"how much {told} {{}} {verb}", wanted, noun
    at = next((place for place, word in enumerate(counted) if place and is_verb(word)), len(counted))
    what = " ".join(counted[:at])
    many = f"how {'many' if what.lower().endswith(('s', 'people', 'men', 'women', 'children')) else 'much'} {what}"
    rest = " ".join(counted[at:])
    if more["preposition"] or not chooses:
        rest = re.sub(r" ?\b(?:in|at|on)$", "", f"{verb} {rest}".strip())
        return f"{many} {told} {rest} {(more['preposition'] or 'in').lower()} {{}}", wanted, noun
    return f"{many} {told} {{}} {verb} {rest}".rstrip(), wanted, noun


# -- things joined inside a question -----------------------------------------------------------------------------


def _things(asked: str) -> Parts | None:
    """The parts of a question with two things of one form joined in it."""
    if not _QUESTION.match(asked):
        return None
    for joint in _AND.finditer(asked):
        before, after = asked[: joint.start()], asked[joint.end() :]
        start, end = _begins(before, after), _ends(before, after)
        if start is None:
            continue
        first, second = before[start:], after[:end].rstrip(" ,")
        if before[:start].rstrip().lower().endswith("between"):
            continue
        lead, rest = re.sub(r"\bboth $", "", before[:start], flags=re.I), after[end:].strip()
        single = _PLURAL.sub(lambda match: _SINGULAR[match[0].lower()], lead)
        both = ((lead if _PLURALS.search(one) else single, one) for one in (first, second))
        return Parts(tuple(_part(f"{own}{one} {rest}".strip(), one) for own, one in both))
    return None


def _begins(before: str, after: str) -> int | None:
    """Where the first of two things joined begins: with the second one's preposition or article, or a capital."""
    if place := re.match(rf"{_PREPOSITION}\b", after, re.I):
        patterns = rf"\b{place[0]}\b", rf"\b(?!of\b){_PREPOSITION}\b"
    elif article := re.match(r"(?:the|an?|his|her|its|their) ", after):
        patterns = rf"\b{article[0]}", r"\b(?:the|his|her|its|their) "
    elif after[:1].isupper():
        patterns = rf"(?:\bthe )?{FULL_NAME.pattern}", "$^"
    else:
        return None
    for pattern in patterns:
        if starts := [match.start() for match in re.finditer(pattern, before) if match.start()]:
            return starts[-1]
    return None


def _ends(before: str, after: str) -> int:
    """Where the second thing ends: before the predicate where a subject is asked of, else with the question."""
    asked = _QUESTION.match(before)
    if asked and _predicate(asked) is None and (second := _QUESTION.match(f"{asked['asks']} {after}")):
        end = _predicate(_QUESTION.match(f"what did {after}") or second)
        return len(after) if end is None else max(end - 1, 0)
    return len(after)
