"""Phrases of a question: its names, its topic, and the thing that it introduces."""

import math
import re
from functools import cache

from bot.reading.lists import listed, stems
from store.words import STOP, background, stem, tokens

PLAIN = 4.6  # least weight of a word that can begin or end a topic: it stands in one passage of news in a hundred
NAMES = 3.0  # added to the weight of a phrase with a name

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
_HEAD_ENDS = re.compile(r"\b(?:of|and|in|for|to|with|between|on|that|which|used|by|from)\b|[?.,]")


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
    end = 0
    for match in _WORD.finditer(text):
        word = _SUFFIX.sub("", match[0])
        content = bool(word) and not _filler(word)
        if not content or text[end : match.start()].strip():
            runs.append([])
        if content:
            runs[-1].append(word)
        end = match.end() if word == match[0] else 0
    return [" ".join(run) for run in map(_trimmed, runs) if run]


def _filler(word: str) -> bool:
    """Whether a word ends a phrase: a stop word or a verb."""
    return word.lower() in listed("question verbs") or any(token in STOP for token in tokens(word))


def _trimmed(run: list[str]) -> list[str]:
    """A phrase without general words at its ends; of one with a name the name and the word behind it."""
    capitals = [at for at, word in enumerate(run) if word[0].isupper()]
    if capitals:
        rest = run[capitals[-1] + 1 :][:1]  # the word behind a name may be its kind: "Hubble telescope"
        kinds = [word for word in rest if stem(word.lower()) not in stems("relational")]
        return [*run[capitals[0] : capitals[-1] + 1], *kinds]
    while run and general(run[0]):
        run = run[1:]
    while run and general(run[-1]):
        run = run[:-1]
    return run


def general(word: str) -> bool:
    """Whether a word alone does not say what is meant: a common one, or one of a thing's parts and qualities."""
    return not word[0].isupper() and (weight(word) < PLAIN or stem(word.lower()) in stems("relational"))


def named(phrase: str) -> bool:
    """Whether a phrase has a word with a capital."""
    return any(word[0].isupper() for word in phrase.split())


def names(question: str) -> bool:
    """Whether a question holds a name, its first word aside."""
    return any(map(named, phrases(question)))


def topic(question: str) -> str:
    """The phrase of a question that tells most, a place where it happens only for want of another; else nothing."""
    found = phrases(question)
    things = [one for one in found if not re.search(rf"\b(?:in|at|near|from) (?:the )?{re.escape(one)}", question)]
    return max(things or found, key=_told, default="")


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
    return head if phrases(head) and stem(head.split()[-1].lower()) not in stems("relational") else ""


def described(question: str) -> str:
    """Whom a question asks for, in its words ("the captain of MH370"); nothing where it names or asks otherwise."""
    match = _DESCRIBES.match(body(question))
    return match[1].rstrip(" ?.!") if match else ""


def own(question: str) -> list[str]:
    """The content words of a question that are neither verbs nor words of a thing's parts and qualities."""
    words = (word for word in tokens(body(question)) if word not in STOP)
    return [word for word in words if word not in listed("question verbs") and stem(word) not in stems("relational")]
