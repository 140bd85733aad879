"""Parts: a question about several things, taken apart into one question for each of them.

It is read by rules, in English: two questions joined ("How many died on A and how many on B?"), things to choose from
("Which was dearer, A or B?"), and things joined inside a question ("What did A and B say of C?").
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.question import alike
from bot.question.clauses import HELPER, PREPOSITION, QUESTION, THING, Part, asks, clauses, is_verb, part_of, predicate
from bot.question.phrases import body
from bot.reading import Reading, several
from bot.reading.lists import table
from bot.reading.several import More, Sure
from store.passage import Found, Query
from store.words import FULL_NAME

_AND = re.compile(r",? and ", re.I)
_OR = re.compile(r",? or (?:else )?(?:rather )?", re.I)
_COMPARE = re.compile(r"^(?:please )?compare (?:(?=what|how|when)|(?P<things>the .+)$)", re.I)
_COMPARES = re.compile(
    r"^how (?:do|does|did) (?P<things>the .+?) (?:compare|differ)(?: (?:to|with|from) each other)?$", re.I
)
_OF_TWO = re.compile(
    rf"^which (?:one )?of (?P<things>(?:the )?two .+?) (?P<rest>(?:{HELPER}|killed|cost|made) .+)$", re.I
)
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
    if chosen := _chosen(asked):
        return chosen
    return Parts(clauses(asked) or _things(asked) or ())


# -- things to choose from -----------------------------------------------------------------------------------


def _chosen(asked: str) -> Parts | None:
    """The parts of a question for which of two things is more of something."""
    joint = _OR.search(asked)
    if joint is None:
        of = _OF_TWO.match(asked)
        asks = _degree(f"which {of['rest']}") if of else None
        return Parts((part_of(asks[0].format(of["things"]), ""),) * 2, asks[1]) if of and asks else None
    lead, _, first = asked[: joint.start()].rpartition(", ")
    second = asked[joint.end() :]
    if _MORE_OF.match(second):
        return None
    if not lead:
        lead, _, first = asked[: joint.start()].partition(": ")
    if not first:
        found = re.search(rf"(?<= )(?:{THING.pattern}).*$", asked[: joint.start()])
        lead, first = (asked[: found.start()].strip(), found[0]) if found else ("", "")
    for end in (len(second), *(match.start() for match in re.finditer(r" ", second))):
        asks = _degree(f"{lead}{second[end:]}")
        if asks:
            item = [_thing(one, asks[2]) for one in (first, second[:end])]
            return Parts(tuple(part_of(asks[0].format(one), one) for one in item), asks[1])
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


def _things(asked: str) -> tuple[Part, ...]:
    """The parts of a question with two things of one form joined in it."""
    if not QUESTION.match(asked):
        return ()
    for joint in _AND.finditer(asked):
        before, after = asked[: joint.start()], asked[joint.end() :]
        start, end = _begins(before, after), _ends(before, after)
        if start is None:
            continue
        first, second = before[start:], after[:end].rstrip(" ,")
        if before[:start].rstrip().lower().endswith("between"):
            continue
        if re.fullmatch(PREPOSITION, first, re.I):  # "before and after the vote"
            first = f"{first} {second.partition(' ')[2]}"
        lead, rest = re.sub(r"\bboth $", "", before[:start], flags=re.I), after[end:].strip()
        single = _PLURAL.sub(lambda match: _SINGULAR[match[0].lower()], lead)
        both = ((lead if _PLURALS.search(one) else single, one) for one in (first, second))
        if all(map(asks, parts := tuple(part_of(f"{own}{one} {rest}".strip(), one) for own, one in both))):
            return parts
    return ()


def _begins(before: str, after: str) -> int | None:
    """Where the first of two things joined begins: with the second one's preposition or article, or a capital."""
    if place := re.match(rf"{PREPOSITION}\b", after, re.I):
        patterns = rf"\b{place[0]}\b", rf"\b(?!of\b){PREPOSITION}\b"
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
    asked = QUESTION.match(before)
    if asked and predicate(asked) is None and (second := QUESTION.match(f"{asked['asks']} {after}")):
        end = predicate(QUESTION.match(f"what did {after}") or second)
        return len(after) if end is None else max(end - 1, 0)
    return len(after)
