"""Phrases of a question: its names, its topic, and the thing that it introduces."""

import math
import re
from functools import cache
from itertools import takewhile

from bot.reading.lists import listed, stems
from store.words import MONTHS, STOP, UNITS, WEEKDAYS, background, stem, tokens

PLAIN = 4.6  # least weight of a word that can begin or end a topic: it stands in one passage of news in a hundred
NAMES = 3.0  # added to the weight of a phrase with a name
KINDS = 2  # most words behind a name that tell its kind
SHORT_TITLE = 3  # most letters of a title with a stop behind it
HELPERS = frozenset("is are was were do does did has have had can could will would should may might must".split())

_WORD = re.compile(r"\w[\w’'-]*")
_SUFFIX = re.compile(r"[’']s?$")
_OPENING = re.compile(
    r"^(?:(?:and|but|or|so|also|ok(?:ay)?|interesting|oh|really|wow|thanks|great|cool|no|yes|well|now|then)\b[\s,.!?]*)+",
    re.I,
)
_INTRODUCES = re.compile(
    r"(?:(?:please )?(?:tell me|talk|let['’]s talk)(?: more| something)? about|(?:please )?(?:describe|explain|define)"
    r"|(?:what|who)(?:['’]s| is| are| was| were))\s+(?:(?:the|an?)\s+)?(.+)",
    re.I,
)
_DESCRIBES = re.compile(r"who(?:['’]s| is| are| was| were) (the .+)", re.I)
_ROLE = re.compile(
    rf"\b[Tt]he (?:\w+ ){{0,2}}(?:{'|'.join(sorted(listed('roles')))})\b(?: of (?:the )?[A-Z]\w+(?: [A-Z]\w+)*)?"
)
_ABOUT = re.compile(r"\b(?:do|does|did|has|have|had|tell)\b.*? about (?:the )?(.+)", re.I)
_WHERE = r"(?:in|at|of) (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
_ASKS = re.compile(r"(?:who|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had)\b", re.I)
_HEAD_ENDS = re.compile(r"\b(?:of|and|in|for|to|with|between|on|that|which|used|by|from|at)\b|[?.,]")


def weight(word: str) -> float:
    """How much a word tells: the negative logarithm of the share of passages of general news that hold it."""
    return -math.log(background().get(stem(word.lower()), _unseen()))


@cache
def _unseen() -> float:
    return min(background().values()) / 2


def body(question: str) -> str:
    """A question without the words that open it ("OK. And …"); whole where nothing else is in it."""
    return _OPENING.sub("", question).rstrip() or question


def phrases(question: str) -> list[str]:
    """Runs of content words without verbs; general words at either end are cut off, unless they are names."""
    text = body(question)
    text = text[:1].lower() + text[1:] if text == text.lstrip() else text  # its first letter has a capital in any case
    runs: list[list[str]] = [[]]
    led: list[bool] = [False]  # whether a run stands behind a helper: it is a subject, and a verb follows
    end, before = 0, ""
    for match in _WORD.finditer(text):
        word = _SUFFIX.sub("", match[0])
        content = bool(word) and not _filler(word)
        if not content or not _joined(before, text[end : match.start()]):
            runs.append([])
            led.append(False)
        if content:
            led[-1] |= not runs[-1] and before.lower() in HELPERS
            runs[-1].append(word)
        end, before = match.end() if word == match[0] else 0, match[0]
    return [" ".join(run) for run in map(_trimmed, runs, led) if run]


def _joined(before: str, between: str) -> bool:
    """Whether two words are of one phrase by what stands between them: space, or the stop of a short title ("Mt.")."""
    return not between.strip() or (between == ". " and before[:1].isupper() and len(before) <= SHORT_TITLE)


def _filler(word: str) -> bool:
    """Whether a word ends a phrase: a stop word or a verb."""
    return word.lower() in listed("question verbs") or any(token in STOP for token in tokens(word))


def _trimmed(run: list[str], led: bool) -> list[str]:
    """A phrase without general words at its ends; of one with a name the name and the word behind it.

    A lone word behind the name of a subject that a helper leads is its verb ("did Hubble see").
    """
    capitals = [at for at, word in enumerate(run) if word[0].isupper()]
    if capitals:
        rest = run[capitals[-1] + 1 :]  # the word behind a name may be its kind: "Hubble telescope"
        kinds = [] if led and len(rest) == 1 else list(takewhile(lambda word: not part_of(word), rest[:KINDS]))
        verb = len(kinds) > 1 and kinds[-1].endswith(("ing", "ed"))  # "the Etna eruption disrupting"
        return [*run[capitals[0] : capitals[-1] + 1], *(kinds[:-1] if verb else kinds)]
    while run and general(run[0]):
        run = run[1:]
    while run and general(run[-1]):
        run = run[:-1]
    return run


def general(word: str) -> bool:
    """Whether a word alone does not say what is meant: a common one, or one of a thing's parts and qualities."""
    return not word[0].isupper() and (weight(word) < PLAIN or part_of(word) or word in UNITS)


def part_of(word: str) -> bool:
    """Whether a word names one of a thing's parts and qualities."""
    return stem(word.lower()) in stems("relational")


def named(phrase: str) -> bool:
    """Whether a phrase has a word with a capital."""
    return any(word[0].isupper() for word in phrase.split())


def names(question: str) -> bool:
    """Whether a question holds a name, its first word aside."""
    return any(map(named, phrases(question)))


def topic(question: str) -> str:
    """The phrase of a question that tells most, a place where it happens only for want of another; else nothing.

    Of what is said about a thing, the thing; what is no name has its place behind it ("bridge in Genoa"), and a place
    that alone is left the common word before it ("earthquake in Haiti").
    """
    found = phrases(question)
    if about := _ABOUT.search(question):
        found = phrases(f" {about[1]}")[:1] or [_HEAD_ENDS.split(about[1])[0].strip()]
    found = [one for one in found if one.lower() not in (*MONTHS, *WEEKDAYS)]
    things = [one for one in found if not re.search(rf"\b(?:in|at|near|from) (?:the )?{re.escape(one)}", question)]
    best = max(things or found, key=_told, default="")
    before = rf"(?<=the )[a-z-]+ (?:in|at|near|from) (?:the )?{re.escape(best)}"
    if best[:1].isupper() and (whole := re.search(rf"[A-ZÀ-Þ]\w+ of (?:the )?{re.escape(best)}", question[1:])):
        return whole[0]
    around = rf"{re.escape(best)} {_WHERE}" if things else before
    wider = re.search(around, question) if best and (not things or not named(best)) else None
    return wider[0] if wider and not part_of(wider[0].split()[0]) else best


def _told(phrase: str) -> float:
    return sum(max(0.0, weight(word) - 3) for word in phrase.split()) + NAMES * named(phrase)


def introduced(question: str) -> str:
    """The thing that a question as a whole is about ("Tell me about X", "What is X?"), else nothing."""
    match = _INTRODUCES.match(body(question))
    if not match:
        return ""
    head = _HEAD_ENDS.split(match[1])[0].strip()
    if names(f" {head}"):
        return topic(f" {head}")
    if head.split()[:1] and head.split()[0].lower() in listed("determiners"):
        return ""  # "some exercises" are some of what was asked of before
    return head if phrases(head) and stem(head.split()[-1].lower()) not in stems("relational") else ""


def described(question: str) -> str:
    """Whom a question asks for or of by a role, in its words ("the captain of MH370"); nothing where it has none."""
    match = _DESCRIBES.match(body(question))
    if match:
        return match[1].rstrip(" ?.!")
    role = _ROLE.search(question)
    return f"t{role[0][1:]}" if role and _ASKS.match(body(question)) else ""


def own(question: str) -> list[str]:
    """The content words of a question that are neither verbs nor words of a thing's parts and qualities."""
    words = (word for word in tokens(body(question)) if word not in STOP)
    return [word for word in words if word not in listed("question verbs") and stem(word) not in stems("relational")]
