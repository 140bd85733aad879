"""Speakers: who the text names as the one who says a quote, by rules over the words beside it.

A sentence is attributed by "…, X said", "X said …" or "according to X", in that order; words in quotation marks also by
the sentence that goes on behind them or stands before them. "He" and "she" are the last speaker. Else nobody speaks.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.conversation import Speaker
from bot.reading.lists import listed
from store.passage import Passage
from store.split import sentences
from store.words import MONTHS, NAME, STOP, WEEKDAYS

HIDDEN = "”"  # stands for every character in quotation marks, the marks included
_DAYS = frozenset((*MONTHS, *WEEKDAYS))
_SAYS, _STATES, _UNNAMED, _WITHIN = map(listed, ("speaking", "stating", "unnamed", "postmodifiers"))
_LEADING, _ADVERBS, _BEHIND = (listed(name) | _DAYS for name in ("leading", "adverbs", "behind"))
_DETERMINERS = listed("determiners")
_SMALL = (STOP | listed("negations")) - _DETERMINERS  # words that stand in no name
_FIRST = rf"(?!(?i:{'|'.join(_SMALL | (_LEADING - _DETERMINERS))})\b|(?i:{'|'.join(_DETERMINERS)})\b(?! [A-Z]))"
_WORD = rf"(?!(?i:{'|'.join(_DAYS)})\b)(?:{NAME.pattern}(?:&[A-Z]+)?|(?:[A-Z]\.){{1,4}}|[A-Z]\b)(?:\.(?=,|\s+\w))?"
_NAMES = rf"(?=[A-Z]){_FIRST}{_WORD}(?: (?:(?:{'|'.join(listed('joining'))}) ){{0,2}}{_WORD}){{0,9}}"
_TOKEN = re.compile(rf"{_NAMES}|[\w’'&/-]+(?:[.,][\w’'&/-]+)*|{HIDDEN}+|[^\w\s]")
_QUOTATION = re.compile(r"[\"“„«](?:(?!''|’’)[^\"“”„«»\n])*(?:[”»]|''|’’|(?<!\s)\"|\"(?!\w))?")
_OWNS = ("'s", "’s")

Range = tuple[int, int]
Sentence = tuple[int, int, int, Speaker | None]
"""Start, end, the place where it says who speaks (-1 where it does not), and who that is."""


def speaker(passage: Passage, start: int, end: int) -> Speaker | None:
    """Who says a quote of a passage, as a span of the version's text; None where the text names nobody."""
    text, low = passage.before + passage.text, passage.start - len(passage.before)
    start, end = start - low, end - low
    told = list(_told(text, low))
    if home := [who for first, last, at, who in told if first < end and start < last and at >= 0]:
        return home[0]
    quotations = [match.span() for match in _QUOTATION.finditer(text)]
    opened, closed = next((span for span in quotations if _inside(start, end, span)), (0, 0))
    for first, last, at, who in told:
        if first < closed <= last and at >= closed - 1:
            return who
    for first, last, at, who in reversed([sentence for sentence in told if sentence[0] <= opened and closed]):
        if at >= 0 or (last <= opened and not any(_inside(first, last, span) for span in quotations)):
            return who
    return None


def _inside(start: int, end: int, span: Range) -> bool:
    """Whether a stretch lies in a span; the sentence splitter may give it a mark of its neighbour."""
    return span[0] <= start + 1 and end - 3 <= span[1]


def _told(text: str, low: int) -> Iterator[Sentence]:
    """The sentences of a text with their speakers; the text begins at `low` in its version."""
    masked = _QUOTATION.sub(lambda match: HIDDEN * len(match[0]), text)
    person: Speaker | None = None  # the last who spoke
    for start, end in sentences(text):
        tokens = list(_TOKEN.finditer(masked, start, end))
        words = [token[0] for token in tokens]
        who = _attributed(words)
        if not who and person and words and _named(words[0]) and words[0].split()[-1] != person.text.split()[-1]:
            person = None  # somebody else is spoken of
        spoke = person if who else None
        if who and words[who[0]].lower() not in ("he", "she"):
            first, last = tokens[who[0]].start(), tokens[who[1] - 1].end()
            anonymous = any(word.lower() in _UNNAMED for word in words[slice(*who)])
            spoke = Speaker(text[first:last], low + first, low + last, anonymous)
            person = person if spoke.text.split()[0].lower() in _DETERMINERS and not anonymous else spoke
        yield start, end, tokens[who[0]].start() if who else -1, spoke


def _named(word: str) -> bool:
    """Whether a token is a name; the first word of a sentence has a capital in any case."""
    return word[0].isupper() and word.lower() not in _SMALL | _DETERMINERS | _LEADING


def _attributed(words: Sequence[str]) -> Range | None:
    """The words of a sentence that say whose it is."""
    first: Range | None = None
    for at, word in enumerate(words):
        if word in _SAYS or word in _STATES:
            who = _subject(words, at)
            mark = _mark(words, who[0]) if who else ""
            if who and (word in _SAYS or _states([*words[at + 1 : at + 8], "."], mark)):
                if mark:
                    return who
                first = first or who
            elif at and words[at - 1][0] in f"{HIDDEN}," and (who := _phrase(words, at + 1)):
                return who
        elif word.lower() == "according" and words[at + 1 : at + 2] == ["to"]:
            first = first or _phrase(words, at + 2)
    return first


def _states(behind: Sequence[str], mark: str) -> bool:
    """Whether a verb such as "announced" has what somebody says for its object: a clause, or the words before it."""
    clause = next(word for word in behind if word == "that" or not word[0].isalnum())
    if clause[0] in f"t{HIDDEN}:" or HIDDEN in "".join(behind[:2]):
        return True
    return HIDDEN in mark or (mark == "," and (behind[0].lower() in _BEHIND or behind[0] in ".,"))


def _mark(words: Sequence[str], at: int) -> str:
    """The punctuation before a clause, with the end of a quotation before it; "" at the head of a sentence."""
    last = next((place for place in range(at - 1, -1, -1) if not words[place][0].isalnum()), -1)
    return "".join(word[0] for word in words[max(0, last - 1) : last + 1] if not word[0].isalnum())


def _subject(words: Sequence[str], verb: int) -> Range | None:
    """The words before a verb that say whose it is, an aside between them left out."""
    last = verb
    while last and (words[last - 1].lower() in _ADVERBS or words[last - 1].endswith("ly")):
        last -= 1
    opened = max((at for at in range(last) if words[at][0] in f"{HIDDEN};:–—"), default=-1)
    marks = [opened, *(at for at in range(opened + 1, last) if words[at] in ",()"), last]
    parts = [(low + 1, high) for low, high in pairwise(marks)]
    if parts[-1][0] < last:
        return _phrase(words, *parts[-1])
    for part, aside in pairwise(parts[:-1]):
        if who := _phrase(words, *part):
            titled = words[who[1] - 1][0].islower() and aside[1] - aside[0] == 1 and _named(words[aside[0]])
            return aside if titled else who  # "the tribe's chairman, Thomas Siyuja Sr., said"
    return None


def _phrase(words: Sequence[str], low: int, high: int = 0) -> Range | None:
    """The person or body that a stretch of words names; without an end, one that the stretch begins with."""
    if not high:
        ends = (at for at in range(low, len(words)) if words[at].lower() in _BEHIND or not words[at][0].isalnum())
        high = next(ends, len(words))
    while low < high and (words[low].lower() in _LEADING or words[low] in ("And", "But", "So") or words[low].isdigit()):
        low += 1
    head = next((at for at in range(low + 1, high) if words[at] in _WITHIN), high)
    named = [word.lower() for word in words[low:head]]
    if named in (["he"], ["she"]) and head == high:
        return low, high
    if not named or named[-1].endswith(_OWNS) or not _SMALL.isdisjoint(named):
        return None
    if _named(words[head - 1]):
        return head - (2 if head - low > 1 and words[head - 2] == "the" else 1), head
    known = (
        named[0] in _DETERMINERS
        or named[0].endswith(_OWNS)
        or named[-1] in _UNNAMED
        or named[-1].endswith(("s", "police"))
    )
    return (low, high) if known and named[-1].isalpha() and named[-1] not in _DETERMINERS and len(named) < 9 else None
