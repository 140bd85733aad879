"""Assertion: which words of a sentence it asserts, and which it only asks, supposes, passes on as a rumour or denies.

"Did the mayor take a bribe?", "asked whether", "if", "rumours that" and "denied that" hold the words of a claim and do
not make it. Rules only, by the words that open such a clause.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_args

from bot.reading.lists import listed, table
from store.split import sentences
from store.words import folded

Attitude = Literal["asked", "rumoured", "denied"]
ATTITUDES: tuple[Attitude, ...] = get_args(Attitude)

_QUESTION = re.compile(r"[?？؟⁇⁈‽][!?.…\s*_)\]]{0,20}$")
_QUOTED_QUESTION = re.compile(r"[?？؟⁇⁈‽][!?.…]{0,9}[\"'”’»][\s*_)\]]{0,20}$")
_OPENING = re.compile(r"[\s*_#>(-]{0,20}[\"'“‘«„]")
_INVERTED = re.compile(
    r"[\s*_#>\"“-]{0,20}(?:(?:Did|Does|Has|Is|Are|Was|Were|Could|Should|Would)\s+(?:[A-Z]|(?:the|an?|his|her|its|their|this|"
    r"that|these|those|he|she|it|they|we|you|there|any|some|all)\b)"
    r"|(?:Do|Have|Had|Will|Can|Might|Must)\s+(?:the|an?|his|her|its|their|this|that|these|those|he|she|it|they|we|you|"
    r"there|any)\b)(?!.{0,600}[.,;!]\s*[\"”’]?\s*$)(?!.{0,300},)"
)
"""A question without its mark, as in headlines: "Did the mayor take a bribe"."""
_LABEL = re.compile(
    r"[\s*_#>\"“-]{0,12}([A-Za-z][\w.’' -]{0,40}?)\s{0,3}\d{0,3}\s{0,3}(?:\([^()\n]{0,60}\)\s{0,3})?"
    r"[*_]{0,4}[:.][*_]{0,4}(?=\s)"
)
"""The name of who speaks, at the head of a line."""
_PROMPTS, _ASKERS = listed("prompts"), listed("askers")


def _openers() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of openers.txt over text in lower case, one for each attitude."""
    lists = table("openers.txt")
    report, false = "|".join(lists.pop("REPORT")), "|".join(lists.pop("FALSE"))
    for attitude, patterns in lists.items():
        every = "|".join(patterns).replace("REPORT", report).replace("FALSE", false)
        every = re.sub(r"\((?!\?)", "(?:", every.replace("~", r"(\w{1,20} ){0,3}?"))
        yield attitude, re.compile(rf"\b(?:{every})\b")


_END = re.compile(
    r"[;?!]|(?<=[.,])[\"”]|[\"”],|\s[–—-]\s|,\s+(?=(?:and|but|so|while|whereas|although|though|because|saying|adding)\b)"
    r"|\b(?:but|because|although|though|whereas)\b"
)
_NEAR_END = re.compile(r"[;?!:]|(?<=[.,])[\"”]|[\"”],|\s[–—-]\s|,\s|\b(?:but|because|although)\b")
_ASIDE = re.compile(r",\s+(?:an?|the|who|which|whose)\b[^,;?!]{1,120},")
_SIDE_CLAUSE = re.compile(r"\s{0,9}(?:who|which|whose|asked|when asked|\w{1,20}ing)\b", re.I)
_JOINT = re.compile(
    r"[,;:]\s|\b(?:that|said|says|say|told|warned|added|and|but|know|knows|knew|see|clear|sure)\b", re.I
)
_TOLD = re.compile(r"\b(?:was|were|had|did|has|have|said|says|\w{1,20}ed)\b", re.I)
_SUPPOSED = re.compile(
    r"\W{0,3}(?:(?:had|were|should) (?:the|an?|he|she|it|they|his|her|its|their)|suppose|imagine|say)\b", re.I
)
"""A condition without "if", at the head of a sentence."""
_ASKED_AT = re.compile(r"[\"“«‘„(]|[.!?:]\s|\s[–—-]\s")


_OPENERS = dict(_openers())


def asks(text: str) -> bool:
    """Whether a sentence is a question, or the words of one who only asks: "Q:", "Interviewer:", "Myth:"."""
    if _QUESTION.search(text[-60:]) or _INVERTED.match(text[:1_000]) or _prompt(text) is True:
        return True
    return bool(_QUOTED_QUESTION.search(text[-60:]) and _OPENING.match(text[:60]))


def _prompt(text: str) -> bool | None:
    """Whether a line begins with the label of one who asks; None where it begins with no label."""
    label = _LABEL.match(text[:140])
    if label is None:
        return None
    words = label[1].casefold().strip(" .").split()
    return " ".join(words) in _PROMPTS or not _ASKERS.isdisjoint((words[0], words[-1]))


def asserting(text: str) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a passage (start, end), each with whether it asserts anything.

    A prompt runs on to the end of its paragraph, or to the next speaker.
    """
    spans = sentences(text)
    prompt, over = False, 0
    for place, (start, end) in enumerate(spans):
        if not text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start].strip():
            labelled = _prompt(text[start:end])
            paragraph = len(text[over:start].splitlines()) > 1
            prompt = labelled if labelled is not None else prompt and not paragraph
        asking = prompt or asks(folded(text[start:end]))
        following = spans[place + 1 : place + 2]
        if following and not asking and text[end - 1 : end].isalnum() and "\n" not in text[end : following[0][0]]:
            asking = asks(text[slice(*following[0])])  # a question too long for one sentence
        yield start, end, not asking
        over = end


def unasserted(text: str, starts: Sequence[int]) -> Mapping[Attitude, frozenset[int]]:
    """The places of the tokens (by where each starts in a folded sentence) that it asks, rumours or denies."""
    regions: dict[Attitude, set[int]] = {}
    for attitude, low, high in _regions(text):
        regions.setdefault(attitude, set()).update(range(bisect_left(starts, low), bisect_left(starts, high)))
    return {attitude: frozenset(places) for attitude, places in regions.items() if places}


def _regions(text: str) -> Iterator[tuple[Attitude, int, int]]:
    """The stretches of a sentence that are not asserted."""
    if asks(text):
        yield "asked", 0, len(text)
        return
    low = 0
    for high in (at for at, letter in enumerate(text) if letter in "?？؟"):
        opened = [match.end() for match in _ASKED_AT.finditer(text, low, high)]
        yield "asked", max(opened, default=low), high
        low = high + 1
    if supposed := _SUPPOSED.match(text):
        yield "asked", supposed.end(), _ended(text, supposed)
    lower = text.replace("İ", "I").lower()  # of the same length
    for attitude in ATTITUDES:
        if (whole := _OPENERS.get(f"all {attitude}")) and whole.search(lower):
            yield attitude, 0, len(text)
        for opener in _OPENERS[attitude].finditer(lower):
            end = _ended(text, opener)
            yield attitude, opener.end(), end
            if opener.group() in ("if", "unless"):
                yield attitude, *_main(text, opener.start(), end)


def _main(text: str, start: int, end: int) -> tuple[int, int]:
    """The main clause beside a condition, where it tells of no past: "the town loses its road if the bridge closes"."""
    low = max((match.end() for match in _JOINT.finditer(text, 0, start)), default=0)
    if text[low:start].strip(" \"“'‘").casefold() in ("", "even"):
        low, start = end, len(text)
    clause = text[low:start]
    return (0, 0) if _TOLD.search(clause) or clause.casefold().endswith(("even ", "only ")) else (low, start)


def _ended(text: str, opener: re.Match[str]) -> int:
    """Where the clause ends that a word such as "whether" opens."""
    clause = max(text.rfind(mark, 0, opener.start()) for mark in ",;:") + 1
    beside = not text[clause : opener.start()].strip(" \"“'‘") or _SIDE_CLAUSE.match(text, clause)
    if beside and not (clause == 0 and opener.group().casefold().startswith(("rumour", "rumor", "report"))):
        at = opener.end()
        while (end := _NEAR_END.search(text, at)) and (aside := _ASIDE.match(text, end.start())):
            at = aside.end()
    else:
        end = _END.search(text, opener.end())
    return end.start() if end else len(text)
