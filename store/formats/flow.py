"""Flow: the lines of a printed text become paragraphs, mended over line ends, columns and pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from store.formats.layout import HEADING, Line, body_size
from store.formats.people import byline
from store.formats.statement import is_day
from store.formats.written import Paragraph, clean

ALIKE = 0.1  # the share by which letters of one size differ at most
LEADING = 1.3  # lines this much farther apart than usual are of two paragraphs
INDENT = 0.7  # of a first line, in letter heights
SHORT = 0.4  # the share of a line that is left white where the line was ended on purpose
LONG = 200  # most characters of a heading
NAME = 5  # most words of the name of a paper
LONGEST = 100  # characters before a line's end of which the last are a word
NEAR = 6  # paragraphs that may stand between the two halves of a sentence

_SIGNS = ".,;:!?\"'“”‘’()"
_HYPHENS = "-\u2010\u00ad"
_CLOSED = re.compile(r"[.!?…:;][\"'”’)\]»]{0,3}$")
_BROKEN = re.compile(r"\w+$")
_WORD = re.compile(r"\w+")
_JOINS = frozenset("and of the for on".split())
_IMPRINT = re.compile(
    r"(?i)\b(?:vol(?:ume)?|no|nr|issue|price|est|established|founded|since)\b[.:]? ?\d|\bwww\.|\bedition\b"
)
"""What of a paper stands beside its name."""
_PAPER = re.compile(
    r"(?i)(?:\S+ ){0,3}(?:times|post|news|herald|courier|gazette|tribune|journal|chronicle|observer|guardian|telegraph"
    r"|press|star|mail|mirror|independent|express|sun|record|review|examiner|sentinel|globe|echo|advertiser|argus"
    r"|bulletin|reporter|register|weekly|standard|dispatch|monitor|zeitung|kurier|anzeiger)(?: (?:of|for|&|and) \S+)?"
    r"|(?:the )?(?:daily|sunday|evening|morning) \S+(?: \S+)?"
)
_ITEM = re.compile(r"(?:[•▪◦‣●■–*-]|\d{1,2}[.)])\s+\S")
_RULE = re.compile(r"[-+=*_]{3,}")
_FIELD = re.compile(r"[A-Za-z][\w -]{1,20}: \S")


@dataclass(slots=True, eq=False)
class Block:
    """Lines that make up one paragraph."""

    lines: list[Line]
    close: bool = False  # right below the one before it, without a blank line
    level: int = 0
    title: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether its last sentence has no end."""
        return not _CLOSED.search(self.lines[-1].text)

    def is_like(self, other: Block) -> bool:
        """Whether another goes on in the letters in which it ends."""
        return _alike(self.lines[-1], other.lines[0])


def paragraphs(
    lines: Sequence[Line], known: Callable[[str], bool], title: str = "", running: Iterable[str] = ()
) -> tuple[list[Paragraph], str | None]:
    """The paragraphs of a text, and the name of the paper at its top.

    `known` tells whether a word is one of the language's, `title` is the file's own, `running` are its running lines.
    """
    if not lines:
        return [], None
    body = body_size(word for line in lines for word in line.words)
    blocks = list(_stitched(_blocks(lines), body))
    large = _name_headings(blocks, body)
    first = [block for block in blocks if block.lines[0].page == blocks[0].lines[0].page]
    named = [block for block in first if title and _bare(block.text) == _bare(title)]
    paper = None if named else _masthead(first, large, running)
    found = [block for block in first if block in large and block is not paper]
    largest = max((block.lines[0].size for block in found), default=0.0)
    found = named or [block for block in found if block.lines[0].size >= 0.98 * largest] or first[: _is_short(first[0])]
    if found and (found[0].level or len(blocks) > 1):
        found[0].title, found[0].level = True, found[0].level or 1
    mend = _Mending(lines, known)
    return [mend.paragraph(block) for block in blocks], clean(paper.text) if paper else None


def _alike(above: Line, below: Line) -> bool:
    """Whether two lines are set in the same letters."""
    return abs(above.size - below.size) <= ALIKE * max(above.size, below.size) and above.bold == below.bold


def _blocks(lines: Sequence[Line]) -> list[Block]:
    """Lines as paragraphs: by white rows and other letters, by indents, and by lines that were ended on purpose."""
    leading = _leading(lines)
    blocks = [Block([lines[0]])]
    for number, line in enumerate(lines[1:], 1):
        block, above = blocks[-1], lines[number - 1]
        right = max(one.x1 for one in lines[max(0, number - 3) : number + 4] if _side_by_side(one, line))
        distance = line.base - above.base
        if not _same_column(above, line) or distance < 0:  # a next column or page
            if _goes_over(block, line):
                block.lines.append(line)
            else:
                blocks.append(Block([line]))
        elif line.row or distance > LEADING * leading[round(line.size)] or not _alike(above, line):
            blocks.append(Block([line]))
        elif distance < 0.5 * line.size or _stands_alone(block, line, right):
            blocks.append(Block([line], close=True))
        elif _begins(block, line, right):
            blocks.append(Block([line]))
        else:
            block.lines.append(line)
    return blocks


def _leading(lines: Sequence[Line]) -> dict[int, float]:
    """The usual distance of lines, by the size of their letters."""
    distances: dict[int, list[float]] = defaultdict(list)
    for above, line in pairwise(lines):
        if _same_column(above, line) and _alike(above, line) and 0.5 < (line.base - above.base) / line.size < 2.4:
            distances[round(line.size)].append(line.base - above.base)
    leading = {size: median(some) for size, some in distances.items()}
    return {round(line.size): leading.get(round(line.size), 1.25 * line.size) for line in lines}


def _same_column(above: Line, below: Line) -> bool:
    """Whether two lines of a page stand one under the other."""
    return above.page == below.page and above.x0 < below.x1 and below.x0 < above.x1


def _side_by_side(line: Line, other: Line) -> bool:
    """Whether two lines are of one column's running text."""
    return (line.page, line.left, line.right) == (other.page, other.left, other.right) and _alike(line, other)


def _goes_over(block: Block, line: Line) -> bool:
    """Whether a paragraph goes on in a line at the top of the next column or page."""
    last = block.lines[-1]
    if not block.is_open or not _alike(last, line) or _ITEM.match(line.text) or last.row:
        return False
    text = line.text.lstrip("\"'“‘(")
    full = last.right - last.x1 < SHORT * (last.right - last.left)
    return text[:1].islower() or last.text[-1:] in _HYPHENS or (full and len(block.lines) > 1)


def _stands_alone(block: Block, line: Line, right: float) -> bool:
    """Whether a line of a paragraph keeps its own line: an item, a field, a byline, a line cut short."""
    above = block.lines[-1]
    if _ITEM.match(line.text) or (_FIELD.match(line.text) and _FIELD.match(block.lines[0].text)):
        return True
    if _RULE.fullmatch(above.text) or _RULE.fullmatch(line.text):
        return True
    if len(block.lines) < 3 and (byline(above.text) or is_day(above.text) or is_day(line.text)):
        return True
    room, width = right - above.x1, right - min(above.x0, line.x0)
    starts = line.text.lstrip("\"'“‘(")[:1]
    return block.is_open and room > SHORT * width and not starts.islower() and above.text[-1:] not in _HYPHENS


def _begins(block: Block, line: Line, right: float) -> bool:
    """Whether a line begins a paragraph: it is indented, or would have had room for its first word in the one above."""
    above = block.lines[-1]
    indent = (line.x0 - above.x0) / line.size
    hangs = len(block.lines) == 1 and _ITEM.match(above.text)
    if INDENT < indent < 4 and not hangs:
        return not (above.text[-1:] in _HYPHENS and line.text[:1].islower())
    first = line.words[0]
    room = right - above.x1 - (first.x1 - first.x0) - 0.4 * line.size
    return not block.is_open and room > 0.08 * (right - above.x0)


def _stitched(blocks: list[Block], body: float) -> Iterator[Block]:
    """Joins the halves of a sentence between which a caption, a box or a heading stands."""
    blocks = list(blocks)
    while blocks:
        block = blocks.pop(0)
        last = block.lines[-1]
        if block.is_open and abs(last.size - body) <= ALIKE * body and len(block.lines) > 1:
            for number, other in enumerate(blocks[1 : NEAR + 1], 1):
                starts = other.lines[0].text.lstrip("\"'“‘(")[:1]
                between = blocks[:number]
                small = all(one.lines[0].size < (1 - ALIKE) * last.size for one in between)
                odd = not any(one.is_like(block) for one in between)
                below = _same_column(last, other.lines[0])
                goes_on = (starts.islower() and (odd or not below)) or (small and not below)
                if other.is_like(block) and goes_on:
                    yield from (one for one in between if one.lines[0].page == last.page)
                    block.lines += other.lines
                    blocks[: number + 1] = [one for one in between if one.lines[0].page != last.page]
                    break
        yield block


def _name_headings(blocks: list[Block], body: float) -> list[Block]:
    """Gives headings their levels by size, the lowest to those that are only bold; returns those in large letters."""
    letters: Counter[bool] = Counter()
    for block in blocks:
        letters[block.lines[0].bold] += len(block.text)
    plain = letters[True] <= letters[False]
    large = [block for block in blocks if _is_heading(block, body)]
    sizes = sorted({_rounded(block) for block in large}, reverse=True)
    for block in blocks:
        if block in large:
            block.level = min(sizes.index(_rounded(block)) + 1, 6)
        elif plain and block.lines[0].bold and _is_short(block) and _rounded(block) >= 0.95 * body:
            block.level = min(len(sizes) + 1, 6)
    return large


def _rounded(block: Block) -> float:
    """The size of its letters, to half a point."""
    return round(block.lines[0].size * 2) / 2


def _masthead(first: list[Block], large: list[Block], running: Iterable[str]) -> Block | None:
    """The name of the paper over the first page: a name of few words, and a headline of more below it.

    It runs over the next pages, or is named as papers are, or the day, a number or an address stands beside it.
    """
    at = next((number for number, block in enumerate(first[:3]) if block in large), 0)
    top, below = first[at], [block for block in first[at + 1 :] if block in large]
    words = clean(top.text).split()
    if top not in large or not below or not all(word[0].isupper() or word in _JOINS for word in words):
        return None
    headline = max(below, key=lambda block: block.lines[0].size)
    if not len(words) <= min(NAME, len(headline.text.split()) - 1):
        return None
    beside = [block.text for block in first[: first.index(headline)] if block is not top]
    runs = any(_bare(top.text) in _bare(line) for line in running)
    signed = any(is_day(text) or _IMPRINT.search(text) for text in beside)
    return top if runs or signed or _PAPER.fullmatch(" ".join(words)) else None


def _is_heading(block: Block, body: float) -> bool:
    """Whether a block is set in letters larger than the text's, and no whole sentence of a lead or a quotation."""
    text = block.text
    return block.lines[0].size >= HEADING * body and len(text) <= LONG and not (len(text) > 60 and text[-1] == ".")


def _is_short(block: Block) -> bool:
    """Whether a block can be a heading in the letters of the text."""
    return len(block.lines) <= 2 and block.is_open and len(block.text) <= LONG and not _ITEM.match(block.text)


def _bare(line: str) -> str:
    """A line's letters and digits in lower case."""
    return re.sub(r"[\W_]", "", clean(line).casefold())


class _Mending:
    """Joins the lines of a paragraph; what else the text holds tells whether a hyphen at a line's end is the word's."""

    def __init__(self, lines: Iterable[Line], known: Callable[[str], bool]) -> None:
        self._known = known
        self._words: set[str] = set()
        for line in lines:
            words = [word.strip(_SIGNS) for word in clean(line.text).casefold().split()]
            self._words.update(words[:-1] if line.text[-1] in _HYPHENS else words)

    def paragraph(self, block: Block) -> Paragraph:
        text, before = "", ""
        pages: list[tuple[int, int]] = []
        for line in block.lines:
            added = clean(line.text)
            if text:
                text = text if before[-1] == "\u00ad" else self._joined(text, added)
            if not pages or pages[-1][1] != line.page:
                pages.append((len(text), line.page))
            text, before = text + added, line.text
        return Paragraph(text, block.level, block.title, close=block.close, pages=tuple(pages))

    def _joined(self, text: str, added: str) -> str:
        """The text as the line `added` follows it: with a space, with its last hyphen, or without."""
        rest = _WORD.match(added)
        before, _, first = text[-LONGEST:-1].rpartition(" ")
        broken = _BROKEN.search(first) if rest and text[-1] in _HYPHENS else None
        if not broken or not rest:
            return text if text[-1] in "—/" else text + " "
        if self._is_compound(f"{before} {first[: broken.start()]}", broken[0], rest[0]):
            return text
        return text[:-1]

    def _is_compound(self, before: str, first: str, rest: str) -> bool:
        """Whether a hyphen at a line's end stands between two words: by the text itself, else by the words known."""
        pair, whole = f"{first}-{rest}".casefold(), f"{first}{rest}".casefold()
        capitals = first.isupper() and rest.isupper()
        if (rest[0].isupper() and not capitals) or first[-1].isdigit() or rest[0].isdigit() or pair in self._words:
            return True
        if whole in self._words or self._known(whole):
            return False
        if before.endswith("-"):  # state-of-the-art
            return True
        begins = not before or before.rstrip()[-1:] in '.!?:“"”'
        return (
            (first.islower() or capitals or begins) and self._known(first.casefold()) and self._known(rest.casefold())
        )
