"""Headlines of texts that name no title: their first line, or the story's first sentence; no dateline, no byline."""

from __future__ import annotations

import re

from store.formats.furniture import bylines, of_line
from store.formats.people import byline, person
from store.formats.statement import dateline, is_day
from store.words import DATELINE

TITLE = 90  # most characters of a title that is taken from the text
LINES = 16  # most lines over the story that are passed over

_LINE = re.compile(r"\S[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*+")
_RULE = re.compile(r"([-*_=+~])\1{2,}")
_OVER = frozenset(
    "about advertisement byline contact contributors credit dateline newsletter origin partner privacy read_more share"
    " stamp subscription video".split()
)
"""What of a page stands over a story and is no headline."""
_SENTENCE = re.compile(r".{20,}?[^\W_]{3}[.!?][\"”’)]{0,2}(?=\s+[“\"‘'(]?[A-Z\d])")


def title_of(body: str, *, names: bool = False) -> str:
    """The headline of a text: its first line where that is short, else the story's first sentence, cut at a word.

    `names` tells that a first line of names alone is the headline, as it is in a file, and not who wrote the story.
    """
    return headline(body, names=names)[0]


def headline(body: str, *, names: bool = False) -> tuple[str, int]:
    """The headline of a text, and where the first line ends, if that is all of it; else 0."""
    signed = {start for start, _ in bylines(body, 0)}
    first = ""
    for line in _lines(body):
        words = line[0].strip()
        first = first or words
        alone = names and len(signed) == 1 and person(words)
        if (line.start() in signed and not alone) or byline(words) or is_day(words) or _is_page(words):
            continue
        led = DATELINE.match(words)
        story = words[led.end() :] if led else words.partition("— ")[2] or words if dateline(words) else words
        if not names and len(re.findall(r"\w{2,}", story)) < 2:
            continue  # the name of a site or of a section
        whole = story == words == first and len(words) <= TITLE and words[-1] not in ".!?…:;,"
        return _short(story), line.end() if whole else 0
    return _short(first), 0


def _is_page(line: str) -> bool:
    """Whether a line, or the sentence with which it begins, stands over a story and is not of it."""
    sentence = _SENTENCE.match(line)
    heads = {line, sentence[0] if sentence else line}
    return any(high - low == len(head) and value in _OVER for head in heads for low, high, value in of_line(head))


def _lines(body: str) -> list[re.Match[str]]:
    """The first lines of a text that are neither blank nor rules; a rule where there is nothing else."""
    found: list[re.Match[str]] = []
    for line in _LINE.finditer(body):
        if not _RULE.fullmatch(line[0].strip()):
            found.append(line)
        if len(found) == LINES:
            break
    return found or list(_LINE.finditer(body))[-1:]


def _short(line: str) -> str:
    """A line, or its first sentence, cut at a word where it is longer than a title."""
    line = " ".join(line.split())
    if len(line) > TITLE and (sentence := _SENTENCE.match(line)):
        line = sentence[0]
    if len(line) <= TITLE:
        return line
    return line[: TITLE - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
