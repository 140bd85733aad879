"""Splitting: an article's text into passages of about 900 characters that end at sentence ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import sentencex

from store.passage import Span

TARGET = 900  # characters; the MiniLM embedder cuts at 256 tokens, about 1,000 characters
LONGEST = 700  # a "sentence" longer than this (tables, missing full stops) is cut at a space
SHORT_TAIL = 200  # a last passage shorter than this joins the one before

_PARAGRAPH = re.compile(r"(?:\r\n|\r|\n)[ \t\u00a0]*(?:\r\n|\r|\n)+|(?:\r\n|\r|\n)(?=[ \t]*(?:[-*•#>]|\d+[.)])[ \t])")
_CLOSED = re.compile(r"[.!?…:][\"'”’)\]»]*\s*$")
_LINE = re.compile(r"\r\n|\r|\n")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Sentence spans within `text[start:end]`, in order, without the space around them.

    Never joined over a blank line, nor over a line end after which a line stands by itself. Each span
    is at most LONGEST characters.
    """
    found: list[tuple[int, int]] = []
    for low, high in _blocks(text, start, len(text) if end is None else end):
        for boundary in sentencex.get_sentence_boundaries("en", text[low:high]):
            left, right = trimmed(text, low + boundary["start_index"], low + boundary["end_index"])
            found.extend(_cut(text, left, right))
    return found


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches over which a sentence may run: paragraphs, and lines that end as sentences end.

    A line break inside a running sentence (wrapped text) does not end it.
    """
    low = line_start = start
    for match in _LINE.finditer(text, start, end):
        if match.start() < low:
            continue
        paragraph = _PARAGRAPH.match(text, match.start(), end)
        line = text[line_start : match.start()]  # the last line only: a long block is read once
        wrapped = 40 <= len(line.strip()) <= 100 and not _CLOSED.search(line)
        if paragraph or not wrapped:
            yield low, match.start()
            low = paragraph.end() if paragraph else match.end()
        line_start = max(low, match.end())
    yield low, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same span without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span in pieces of at most LONGEST characters, cut at white space where there is any."""
    while end - start > LONGEST:
        space = max(
            text.rfind(" ", start + LONGEST // 2, start + LONGEST),
            text.rfind("\n", start + LONGEST // 2, start + LONGEST),
        )
        middle = space if space > start else start + LONGEST
        yield trimmed(text, start, middle)
        start = trimmed(text, middle, end)[0]
    if end > start:
        yield start, end


def split(text: str, furniture: Sequence[Span] = ()) -> list[tuple[int, int]]:
    """Passages of `text` as spans in order; they overlap neither each other nor any furniture."""
    found: list[tuple[int, int]] = []
    low = 0
    marks = sorted((span.start, span.end) for span in furniture if span.kind == "furniture")
    for start, end in [*marks, (len(text), len(text))]:
        if start > low:
            found.extend(_pack(sentences(text, low, start)))
        low = max(low, end)
    return found


def _pack(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences joined up to TARGET characters."""
    packed: list[tuple[int, int]] = []
    for start, end in spans:
        if packed and end - packed[-1][0] <= TARGET:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < SHORT_TAIL:
        last = packed.pop()
        packed[-1] = (packed[-1][0], last[1])
    yield from packed
