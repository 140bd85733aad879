"""Layout: the words of a page, given by their places, become lines in the order in which a person reads them.

Places count from the upper left corner, in points. A page is cut into bands at white rows; neighbouring bands that
share a white gutter are columns, read one after the other, and each column is a smaller page.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, median_low

GUTTER = 0.7  # least width of a gutter between columns, in letter heights
WIDE = 1.2  # a gutter of this width needs fewer lines beside it
ROWS = 2, 3  # least lines on both sides of a wide gutter, and of a narrower one
HEADING = 1.12  # letters this much larger than the page's are those of a heading
INITIAL = 1.7  # a letter this much larger than those beside it is the tall initial of its paragraph
SIGN = 0.75  # letters so much smaller than those beside them are of a raised sign
FAR = 2.0  # white between words, in letter heights, that ends a line
CELL = 2  # words that a column of a table has in most of its cells at most
AHEAD = 8  # bands that are looked at to tell gutters from white between words
DEEPEST = 12  # columns inside columns

MARK = re.compile(r"[•▪◦‣●■–*-]|[\da-zA-Z]{1,2}[.)]|\(\w{1,2}\)")
"""What stands before an item of a list."""

Gap = tuple[float, float]


@dataclass(slots=True)
class Word:
    """A word at its place: left, right, the line that its letters stand on, the height of its letters."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool = False
    ends: bool = False  # the file has a space behind it

    @property
    def top(self) -> float:
        return self.base - 0.75 * self.size

    @property
    def bottom(self) -> float:
        return self.base + 0.2 * self.size


class Line:
    """Words side by side, and the sides of the part of the page that they stand in."""

    def __init__(self, words: list[Word], left: float, right: float, *, row: bool = False) -> None:
        self.words, self.left, self.right, self.row = words, left, right, row
        self.page = 0
        tall = len(words) > 1 and words[0].size > INITIAL * words[1].size
        self.x0, self.x1 = words[tall].x0, max(word.x1 for word in words)  # beside a tall initial
        self.base = median_low(word.base for word in words for _ in word.text)
        self.size = median_low(word.size for word in words for _ in word.text)
        bold = sum(len(word.text) for word in words if word.bold)
        self.bold = bold > 0.8 * sum(len(word.text) for word in words)
        self.text = self._text()

    def _text(self) -> str:
        """The words, with spaces where there is room, the cells of a row apart, without raised numbers of notes."""
        pieces = [self.words[0].text]
        for before, word in pairwise(self.words):
            if _refers(before, word):
                continue
            gap = (word.x0 - before.x1) / min(before.size, word.size)
            initial = before.size > INITIAL * word.size and len(before.text) < 3
            apart = gap > 0.5 if initial else before.ends or gap > 0.1
            pieces += (" · " if self.row and gap > GUTTER else " " if apart else "", word.text)
        return "".join(pieces)


def _refers(before: Word, word: Word) -> bool:
    """Whether a word is the raised number of a note, after a word that has no exponent."""
    raised = word.size < SIGN * before.size and word.base < before.base - 0.15 * before.size
    return raised and word.text.isdecimal() and len(before.text) > 2 and not before.text[-1].isdecimal()


class Band:
    """Words between two white rows, and the white columns beside and between them."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.gaps = _gaps(words)
        self.x0, self.x1 = min(word.x0 for word in words), max(word.x1 for word in words)
        self.top, self.bottom = min(word.top for word in words), max(word.bottom for word in words)
        self.size = max(word.size for word in words)

    def stands_beside(self, gap: Gap) -> bool:
        """Whether it has words on both sides of one of its gaps."""
        return self.x0 < gap[0] and gap[1] < self.x1


def reading_order(words: Sequence[Word]) -> list[Line]:
    """The lines of a page in the order of reading."""
    return list(_ordered(list(words), body_size(words), 0)) if words else []


def body_size(words: Iterable[Word]) -> float:
    """The height of the letters that most of the text is set in."""
    letters: Counter[float] = Counter()
    for word in words:
        letters[round(word.size * 2) / 2] += len(word.text)
    return max(letters, key=lambda size: (letters[size], -size), default=1.0)


def _ordered(words: list[Word], body: float, depth: int) -> Iterator[Line]:
    """The lines of a page or a column in order; `depth` counts the columns around it."""
    left, right = min(word.x0 for word in words), max(word.x1 for word in words)
    for bands, gaps in _groups(_bands(words), body):
        inside = [word for band in bands for word in band.words]
        gutters = [gap for gap in gaps if depth < DEEPEST and _is_gutter(gap, bands, body)]
        columns = _columns(inside, gutters)
        if len(columns) < 2 or _is_table(columns):
            yield from _lines(inside, left, right, row=len(columns) > 1)
        else:
            for column in columns:
                yield from _ordered(column, body, depth + 1)


def _bands(words: list[Word]) -> list[Band]:
    """The words from top to bottom, cut at each white row."""
    bands: list[list[Word]] = []
    bottom = -math.inf
    for word in sorted(words, key=lambda word: word.top):
        if word.top >= bottom:
            bands.append([])
        bands[-1].append(word)
        bottom = max(bottom, word.bottom)
    return list(map(Band, bands))


def _gaps(words: list[Word]) -> list[Gap]:
    """White columns that are wide enough for a gutter, those on both sides of the words included."""
    least = GUTTER * median(word.size for word in words)
    gaps, right = [], -math.inf
    for word in sorted(words, key=lambda word: word.x0):
        if word.x0 - right >= least:
            gaps.append((right, word.x0))
        right = max(right, word.x1)
    return [*gaps, (right, math.inf)]


def _groups(bands: list[Band], body: float) -> Iterator[tuple[list[Band], list[Gap]]]:
    """Neighbouring bands with the white columns that they share: cut where a band crosses all gutters above it."""
    group, gaps = bands[:1], bands[0].gaps
    for number, band in enumerate(bands[1:], 1):
        shared = _shared(gaps, band.gaps, body)
        above = any(one.stands_beside(gap) for gap in gaps for one in group)
        parted = any(one.stands_beside(gap) for gap in shared for one in (*group, band))
        beside = any(band.stands_beside(gap) for gap in band.gaps)
        if ((above or beside) and not parted) or (above and _starts_anew(group, bands[number:], shared, body)):
            shared, taken = band.gaps, len(group)
            if not any(_is_gutter(gap, group, body) for gap in gaps):
                taken -= _above_columns(group, bands[number:], body)
            if taken:
                yield group[:taken], gaps
            group = group[taken:]
            for one in group:
                shared = _shared(shared, one.gaps, body)
        group, gaps = [*group, band], shared
    yield group, gaps


def _shared(some: list[Gap], others: list[Gap], body: float) -> list[Gap]:
    """White columns in both of two lists."""
    both = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(low, high) for low, high in both if high - low >= GUTTER * body]


def _above_columns(group: list[Band], below: list[Band], body: float) -> int:
    """How many bands right above columns are of them, as where one column begins higher than the others: those that
    leave the gutters white."""
    gutters = below[0].gaps
    for band in below[1:AHEAD]:
        shared = [gap for gap in _shared(gutters, band.gaps, body) if below[0].stands_beside(gap)]
        if not shared:
            break
        gutters = shared
    gutters = [gap for gap in gutters if below[0].stands_beside(gap)]
    taken, top = 0, below[0].top
    for band in reversed(group):
        if top - band.bottom > body or not gutters or len(_shared(gutters, band.gaps, body)) < len(gutters):
            break
        taken, top = taken + 1, band.top
    return taken


def _starts_anew(group: list[Band], below: list[Band], gaps: list[Gap], body: float) -> bool:
    """Whether a band under columns is the beginning of a next part of the page with columns of its own: a heading, or
    a line under a white row, that stands in the first column alone."""
    band = below[0]
    gutters = [gap for gap in gaps if any(one.stands_beside(gap) for one in group)]
    white = band.top - group[-1].bottom
    if white > 0.9 * body and len(group) == 1 and len(rows(group[0].words)) == 1:
        return True  # what stood beside each other is one line, such as a byline and its day
    if band.size < HEADING * body and white < body:
        return False
    return all(band.x1 <= low for low, _ in gutters) and any(
        one.x0 < low and high < one.x1 for one in below[1:9] for low, high in gutters
    )


def _is_gutter(gap: Gap, bands: list[Band], body: float) -> bool:
    """Whether enough lines stand on both sides of a gap."""
    needed = ROWS[gap[1] - gap[0] < WIDE * body]
    lines = 0
    for band in bands:
        if band.stands_beside(gap):
            sides = [[word for word in band.words if (word.x0 < gap[0]) == before] for before in (True, False)]
            lines += min(len(rows(side)) for side in sides)
    return lines >= needed


def _columns(words: list[Word], gutters: list[Gap]) -> list[list[Word]]:
    """The words between gutters, from left to right."""
    columns: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
    for word in words:
        columns[sum(word.x0 >= high for _, high in gutters)].append(word)
    for column, following in pairwise(columns):
        if all(MARK.fullmatch(word.text) for word in column):  # they belong to the items beside them
            following += column
            column.clear()
    return [column for column in columns if column]


def rows(words: list[Word]) -> list[list[Word]]:
    """The words by the lines that they stand in, from top to bottom, those of a line from left to right.

    A raised sign stands in the line beside it, and a tall initial in the first of its lines.
    """
    if not words:
        return []
    size = median_low(word.size for word in words)
    tall = [word for word in words if word.size > INITIAL * size and len(word.text) < 3]
    small = [word for word in words if word.size < SIGN * size]
    found: list[list[Word]] = []
    bottom = -math.inf
    plain = [word for word in words if SIGN * size <= word.size and (word.size <= INITIAL * size or len(word.text) > 2)]
    for word in sorted(plain, key=lambda word: word.base):
        if (word.top + word.base) / 2 > bottom:
            found.append([])
        found[-1].append(word)
        bottom = word.base
    lone: list[Word] = []
    for odd in (*tall, *small):
        middle = (odd.top + odd.base) / 2
        beside = [
            row
            for row in found
            if (odd.top < row[0].base <= odd.bottom if odd.size > size else row[0].top <= middle <= row[0].bottom)
        ]
        (beside[0] if beside else lone).append(odd)
    found = sorted([*found, *rows(lone)], key=lambda row: row[0].base)
    return [sorted(row, key=lambda word: word.x0) for row in found]


def _is_table(columns: list[list[Word]]) -> bool:
    """Whether columns hold the cells of a table: lines beside each other, some of them short or far from filled."""
    lines_of = [rows(column) for column in columns]
    bases = Counter(base for lines in lines_of for base in {round(line[-1].base) for line in lines})
    fewest = min(map(len, lines_of))
    lines_of = [[line for line in lines if bases[round(line[-1].base)] > 1] for lines in lines_of]  # side by side
    if min(map(len, lines_of)) < 0.8 * fewest:
        return False
    if all(median(line[0].text[0].islower() for line in lines) for lines in lines_of):
        return False  # lines of sentences that run on
    for lines, column in zip(lines_of, columns, strict=True):
        words = median(len(line) for line in lines)
        left, right = min(word.x0 for word in column), max(word.x1 for word in column)
        filled = median((line[-1].x1 - left) / max(right - left, 1.0) for line in lines)
        if words <= CELL or (words <= 2 * CELL and filled < 0.7):
            return True
    return False


def _lines(words: list[Word], left: float, right: float, *, row: bool) -> Iterator[Line]:
    """The lines of words that are not in columns; a wide white between words ends a line, if it is no table's row."""
    for line in rows(words):
        start = 0
        for number, (before, word) in enumerate(pairwise(line), 1):
            if not row and word.x0 - before.x1 > FAR * max(before.size, word.size):
                yield Line(line[start:number], left, right)
                start = number
        yield Line(line[start:], left, right, row=row)
