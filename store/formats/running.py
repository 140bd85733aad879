"""Running lines: heads, feet and page numbers, which stand over and under the text of printed pages, are left out."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from store.formats.layout import HEADING, Line, Word, body_size, reading_order, rows

MARGIN = 0.14  # the share of a page's height in which a running line stands
EDGE = 3  # lines at the top, and at the bottom, of which one can run
NEAR = 8.0  # points that the places of a running line differ by at most, from page to page
RECURS = 1 / 3  # the least share of the pages that have it

_PRINTED = re.compile(r"(?:\d{1,4}[-/.]){2}\d{2,4},? \d{1,2}[:.]\d\d\b")
"""The time of printing, as a browser puts it at the head of each page: it is no day of publication."""
_ADDRESS = re.compile(r"(?:^|\s)(https?://[^\s…]+)(?:\s+\d{1,4}\s?/\s?\d{1,4})?$")
_NUMBER = re.compile(r"[-–—\s]*(?:(?:page|p\.)\s*\d{1,4}|\d{1,3})(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """The words of a page; places count from its upper left corner."""

    number: int
    words: list[Word]
    height: float
    broken: bool = False  # it cannot be opened

    def lines(self) -> list[Line]:
        """Its lines in the order of reading."""
        found = reading_order(self.words)
        for line in found:
            line.page = self.number
        return found


@dataclass(slots=True)
class _Row:
    """A line near the upper or the lower edge of a page."""

    page: Page
    words: list[Word]
    text: str

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def key(self) -> str:
        """Its text as it recurs, whatever the number of the page."""
        return re.sub(r"\d+", "#", self.text.casefold())


@dataclass(frozen=True, slots=True)
class Running:
    """What the running lines tell: the address that a browser printed, and the texts that recur."""

    url: str | None
    texts: frozenset[str]


def leave_out_running_lines(pages: list[Page]) -> Running:
    """Takes running lines out of the pages."""
    found = [row for page in pages for row in _edges(page)]
    alike: dict[str, list[_Row]] = defaultdict(list)
    for row in found:
        alike[row.key].append(row)
    filled = sum(bool(page.words) for page in pages)
    printed = any(_PRINTED.match(row.text) for row in found)
    letters = body_size(word for page in pages for word in page.words)
    url, texts, gone = None, set(), set()
    for row in found:
        at_place = {other.page.number for other in alike[row.key] if abs(other.base - row.base) <= NEAR}
        recurs = len(at_place) > 1 and len(at_place) >= RECURS * filled
        if recurs and row.page.number == min(at_place) and row.words[0].size >= HEADING * letters:
            recurs = False  # a headline or the paper's name: it is left out where it comes again
        address = _ADDRESS.search(row.text) if printed else None
        url = url or (address[1] if address else None)
        if recurs or address or _PRINTED.match(row.text) or _NUMBER.fullmatch(row.text):
            texts |= {row.text} if recurs and not printed else set()
            gone |= set(map(id, row.words))
    for page in pages:
        page.words = [word for word in page.words if id(word) not in gone]
    return Running(url, frozenset(texts))


def _edges(page: Page) -> list[_Row]:
    """The lines next to the upper and the lower edge of a page, in its margins."""
    if not page.words:
        return []
    low, high = MARGIN * page.height, (1 - MARGIN) * page.height
    margins = [
        rows([word for word in page.words if word.base < low])[:EDGE],
        rows([word for word in page.words if word.base > high])[-EDGE:],
    ]
    return [_Row(page, words, " ".join(word.text for word in words)) for margin in margins for words in margin]
