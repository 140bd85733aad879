"""Splitting: an article's text becomes passages of about 900 characters that end at sentence ends.

Each pattern reads the text once, in memory that does not grow with a run of one character.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import sentencex

from store.passage import Span
from store.words import STOP

TARGET = 900  # most characters of a passage; the MiniLM embedder cuts at 256 tokens, about 1,000 characters
LONGEST = 700  # most characters of a sentence; a longer one (tables, missing full stops) is cut at a space
SHORT_TAIL = 200  # a last passage of fewer characters joins the one before
PIECE = 16_000  # most characters that the sentence splitter is given at once: its time can grow with their square

_LINE = re.compile(r"\r\n|\r|\n")
_PARAGRAPH = re.compile(r"(?>\r\n|\r|\n)(?:[ \t\u00a0]*+[\r\n]++|(?=[ \t]{0,40}+(?:[-*•#>]|\d{1,9}+[.)])[ \t]))")
"""A blank line, or a line break before a list item, a heading or a quotation."""
_INITIALS = re.compile(r"\b(?!(?:U\.[SKN]|E\.U|D\.C|L\.A|N\.Y|A\.[IM]|P\.[MR]|T\.V|I\.D)\.)[A-Z]\.[A-Z]\.\s{0,3}$")
"""A person's initials at the end, no place's or hour's."""
_WORD = re.compile(r"\s*+([A-Z][a-z]\w*)")
_CLOSED = re.compile(r"[.!?…:][\"'”’)\]»]{0,20}$")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Sentence spans within `text[start:end]`, in order, without the space around them.

    Never joined over a blank line, nor over a line end after which a line stands by itself; at most LONGEST each.
    """
    found: list[tuple[int, int]] = []
    for low, high in _blocks(text, start, len(text) if end is None else end):
        block = text[low:high]
        if block.isascii() and not re.search(r"[.!?]", block):
            found += _cut(text, low, high)
            continue
        for first, last in _boundaries(block):
            found += _cut(text, low + first, low + last)
    return found


def _boundaries(block: str) -> Iterator[tuple[int, int]]:
    """The sentences of a stretch; none ends between initials and a name ("J.D. Vance")."""
    start = 0
    for boundary in sentencex.get_sentence_boundaries("en", block):
        end, word = boundary["end_index"], _WORD.match(block, boundary["end_index"])
        if not (word and word[1].lower() not in STOP and _INITIALS.search(block, max(start, end - 9), end)):
            yield start, end
            start = end


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches over which a sentence may run: paragraphs, and lines that end as sentences end.

    A line break inside a running sentence (wrapped text) does not end it.
    """
    low = line_start = start
    while line_end := _LINE.search(text, line_start, end):
        paragraph = _PARAGRAPH.match(text, line_end.start(), end)
        line = text[line_start : line_end.start()].strip()  # the last line only: a long block is read once
        wrapped = 40 <= len(line) <= 100 and not _CLOSED.search(line) and not line.startswith("#")
        line_start = (paragraph or line_end).end()
        if paragraph or not wrapped:
            yield from _pieces(text, low, line_end.start())
            low = line_start
    yield from _pieces(text, low, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch in pieces of at most PIECE characters, cut after a full stop or at a space where there is one near."""
    while end - start > PIECE:
        stop, space = (text.rfind(mark, start + PIECE - 2 * LONGEST, start + PIECE) for mark in (". ", " "))
        middle = stop + 1 if stop > start else space if space > start else start + PIECE
        yield start, middle
        start = middle
    if not text[start:end].isspace():
        yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same span without the white space at its ends."""
    stretch = text[start:end].lstrip()
    return end - len(stretch), end - len(stretch) + len(stretch.rstrip())


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span without white space around it, in pieces of at most LONGEST characters, cut at a space if there is one."""
    start, end = _trimmed(text, start, end)
    while end - start > LONGEST:
        space = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in " \n")
        middle = space if space > start else start + LONGEST
        yield _trimmed(text, start, middle)
        start = _trimmed(text, middle, end)[0]
    if end > start:
        yield start, end


def split(text: str, marks: Sequence[Span] = ()) -> list[tuple[int, int]]:
    """Passages of `text` as spans in order; they overlap neither each other nor any furniture.

    None runs over two posts of a live blog, nor into a correction or out of one. A heading is never joined to a
    sentence, nor parted from the one below it.
    """
    found: list[tuple[int, int]] = []
    low = 0
    furniture = sorted((span.start, span.end) for span in marks if span.kind == "furniture")
    edges = sorted({edge for span in marks if span.kind in ("post", "correction") for edge in (span.start, span.end)})
    headings = sorted((span.start, span.end) for span in marks if span.kind == "heading")
    for start, end in [*furniture, (len(text), len(text))]:
        if start > low:
            for part in pairwise([low, *(edge for edge in edges if low < edge < start), start]):
                found += _pack(list(_units(text, *part, headings)))
        low = max(low, end)
    return found


def _units(text: str, start: int, end: int, headings: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans within `text[start:end]` that a passage holds whole: sentences, the first below a heading with it."""
    above = start  # where the headings begin that no sentence has followed yet
    waiting: list[tuple[int, int]] = []
    low = start
    inside = headings[bisect_left(headings, (start, start)) : bisect_left(headings, (end, end))]
    for first, last in [*inside, (end, end)]:
        if first < low or last > end:
            continue
        for sentence in sentences(text, low, first):
            if waiting and sentence[1] - above <= TARGET:
                yield above, sentence[1]
            else:
                yield from [*waiting, sentence]
            waiting = []
        if last > first:
            above = above if waiting else first
            waiting += _cut(text, first, last)
        low = last
    yield from waiting


def _pack(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring sentences joined up to TARGET characters."""
    packed: list[tuple[int, int]] = []
    for start, end in spans:
        if packed and end - packed[-1][0] <= TARGET:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < SHORT_TAIL:
        _, end = packed.pop()
        packed[-1] = (packed[-1][0], end)
    return packed
