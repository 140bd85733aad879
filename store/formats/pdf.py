"""PDF files: the letters of each page and their places become words, lines, columns and paragraphs.

A page's number stays with its text; running heads and feet are left out; pages that are pictures have no text.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from store.formats.article import Article, Unreadable
from store.formats.flow import paragraphs
from store.formats.layout import Word
from store.formats.running import Page, leave_out_running_lines
from store.formats.written import written

PAGES = 2_000  # most pages of a file
LETTERS = 5_000_000  # most characters of a file
PAGE_LETTERS = 500_000  # most characters of a page
ERRORS = {
    pdfium.FPDF_ERR_FORMAT: "it is no PDF file, or is damaged or cut short",
    pdfium.FPDF_ERR_PASSWORD: "it is encrypted; save it without a password",
    pdfium.FPDF_ERR_SECURITY: "it is encrypted in a way that is not read; save it without a password",
}
UNKNOWN = 0.3  # the share of letters that no font names from which on there is no text
APART = 0.3  # white between letters, in letter heights, that parts words
BOLD = 600  # the least weight of bold letters

_MEANT = {0x02: "-", 0xFFFE: "-", 0xF0B7: "•", 0xF0A7: "•"}
"""Letters for the marks that the library puts for a hyphen at a line's end, and for bullets of fonts of signs."""


def parse(data: bytes) -> Article:
    """The article of a PDF file. Raises Unreadable."""
    with _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > PAGES:
            raise Unreadable(f"it has {count:,} pages, over the limit of {PAGES:,}; split it")
        pages = _pages(document, count)
        # The days on which the file was made and changed are left alone: they tell of a print, not of the article.
        title, author = (_metadata(document, key) for key in (b"Title", b"Author"))
    warnings = _warnings(pages)
    running = leave_out_running_lines(pages)
    lines = [line for page in pages for line in page.lines()]
    story, outlet = paragraphs(lines, _is_word, title, running.texts)
    return written(
        story,
        title=title,
        author=author,
        outlet=outlet,
        url=running.url,
        running=running.texts,
        warnings=warnings,
    )


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.FPDF_DOCUMENT]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise Unreadable(ERRORS.get(pdfium.FPDF_GetLastError(), "it is damaged"))
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _pages(document: pdfium.FPDF_DOCUMENT, count: int) -> list[Page]:
    """The words of each page at their places."""
    pages, letters = [], 0
    for number in range(1, count + 1):
        page = pdfium.FPDF_LoadPage(document, number - 1)
        text = pdfium.FPDFText_LoadPage(page) if page else None
        if not text:  # damaged; its neighbours may be whole
            pages.append(Page(number, [], 1.0, broken=True))
            continue
        size = max(pdfium.FPDFText_CountChars(text), 0)
        letters += size
        if size > PAGE_LETTERS:
            raise Unreadable(f"its page {number} has {size:,} characters, over the limit of {PAGE_LETTERS:,}")
        if letters > LETTERS:
            raise Unreadable(f"it has over {LETTERS:,} characters; split it")
        pages.append(_page(number, page, list(_pieces(text, size))))
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    return pages


def _metadata(document: pdfium.FPDF_DOCUMENT, key: bytes) -> str:
    size = pdfium.FPDF_GetMetaText(document, key, None, 0)
    buffer = ctypes.create_string_buffer(min(size, 4_000))
    pdfium.FPDF_GetMetaText(document, key, buffer, len(buffer))
    return buffer.raw.decode("utf-16-le", "replace").partition("\0")[0].strip()


def _is_word(word: str) -> bool:
    """Whether it is a word of general news."""
    from store.words import stem, vocabulary

    return stem(word) in vocabulary()


def _warnings(pages: list[Page]) -> list[str]:
    """Warnings of pages without text. Raises Unreadable where no page has any."""
    empty = [page.number for page in pages if not page.words]
    if len(empty) == len(pages):
        broken = any(page.broken for page in pages)
        no_text = "no page of it can be opened; it is damaged" if broken else "it is a scan: no page has text"
        raise Unreadable(no_text if pages else "it has no pages")
    letters = "".join(word.text for page in pages for word in page.words)
    unknown = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    if unknown > UNKNOWN * len(letters):
        raise Unreadable("its letters cannot be told: its fonts do not name them; save it anew, or as plain text")
    if not empty:
        return []
    shown = ", ".join(map(str, empty[:10])) + (" and more" if len(empty) > 10 else "")
    one = len(empty) == 1
    return [f"page{'' if one else 's'} {shown} of {len(pages)} {'has' if one else 'have'} no text, as a scan has none"]


@dataclass(frozen=True, slots=True)
class _Font:
    """How the letters of one text object are set."""

    size: float
    turn: int  # quarter turns, clockwise, after which they stand upright; -1 where they slant
    bold: bool


@dataclass(slots=True)
class _Piece:
    """Letters that follow one another on a page without a space, in a box in the page's own measure."""

    text: str
    font: _Font
    base: tuple[float, float]  # where the first letter stands
    left: float
    bottom: float
    right: float
    top: float
    ends: bool = False  # a space follows

    def follows(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether a letter in that box stands right behind the last one, in its line."""
        if self.font.turn == 0:
            ahead, aside = left - self.right, bottom - self.bottom
        elif self.font.turn == 1:
            ahead, aside = bottom - self.top, left - self.left
        elif self.font.turn == 2:
            ahead, aside = self.left - right, bottom - self.bottom
        else:
            ahead, aside = self.bottom - top, left - self.left
        apart = APART * self.font.size
        return -2 * apart < ahead < apart and -apart < aside < apart

    def add(self, letter: str, left: float, bottom: float, right: float, top: float) -> None:
        self.text += letter
        if left < self.left:
            self.left = left
        if bottom < self.bottom:
            self.bottom = bottom
        if right > self.right:
            self.right = right
        if top > self.top:
            self.top = top


def _pieces(page: pdfium.FPDF_TEXTPAGE, count: int) -> Iterator[_Piece]:
    """The pieces of a page, in the order in which the file has them."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    piece: _Piece | None = None
    fonts: dict[int | None, _Font] = {}
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(page, index)
        letter = _MEANT.get(code) or (chr(code) if code and not 0xD800 <= code <= 0xDFFF else "\ufffd")
        if letter.isspace():
            if piece:
                piece.ends = True
                yield piece
            piece = None
            continue
        pdfium.FPDFText_GetLooseCharBox(page, index, box)
        place = box.left, box.bottom, box.right, box.top
        if piece and not piece.follows(*place):
            yield piece
            piece = None
        if piece is None:
            part = ctypes.cast(pdfium.FPDFText_GetTextObject(page, index), ctypes.c_void_p).value
            if part not in fonts:
                fonts[part] = _font(page, index, place)
            pdfium.FPDFText_GetCharOrigin(page, index, x, y)
            piece = _Piece("", fonts[part], (x.value, y.value), *place)
        piece.add(letter, *place)
    if piece:
        yield piece


def _font(page: pdfium.FPDF_TEXTPAGE, index: int, box: tuple[float, float, float, float]) -> _Font:
    """How the letter at the index is set."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page, index, matrix)
    a, b = matrix.a, matrix.b
    turn = (0 if a > 0 else 2) if abs(b) < 0.2 * abs(a) else (1 if b > 0 else 3) if abs(a) < 0.2 * abs(b) else -1
    left, bottom, right, top = box
    height = (right - left if turn % 2 else top - bottom) / 1.15  # what boxes are higher than their letters
    size = pdfium.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
    if not 0.4 * height < size < 2.5 * height:
        size = height
    name = ctypes.create_string_buffer(100)
    pdfium.FPDFText_GetFontInfo(page, index, name, 100, None)
    weight = pdfium.FPDFText_GetFontWeight(page, index)
    bold = weight >= BOLD or any(word in name.value.lower() for word in (b"bold", b"black", b"heavy"))
    return _Font(max(size, 0.1), turn, bold)


def _page(number: int, page: pdfium.FPDF_PAGE, pieces: list[_Piece]) -> Page:
    """A page turned so that most of its letters stand upright, without those that do not or lie outside of it."""
    turns: Counter[int] = Counter()
    for piece in pieces:
        turns[piece.font.turn] += len(piece.text)
    turn = max((one for one in turns if one >= 0), key=lambda one: turns[one], default=0)
    sheet = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, sheet)
    high, wide = sheet.top - sheet.bottom, sheet.right - sheet.left
    if turn % 2:
        high, wide = wide, high
    words: dict[tuple[str, int, int], Word] = {}
    for piece in pieces:
        if piece.font.turn != turn:
            continue
        x0, x1 = {
            0: (piece.left - sheet.left, piece.right - sheet.left),
            1: (piece.bottom - sheet.bottom, piece.top - sheet.bottom),
            2: (sheet.right - piece.right, sheet.right - piece.left),
            3: (sheet.top - piece.top, sheet.top - piece.bottom),
        }[turn]
        x, y = piece.base
        base, size = (sheet.top - y, x - sheet.left, y - sheet.bottom, sheet.right - x)[turn], piece.font.size
        if x1 > 0 and x0 < wide and 0 < base < high + size:
            word = Word(piece.text, x0, x1, base, size, piece.font.bold, piece.ends)
            # A word that is printed twice, as some do for boldness, counts once.
            words.setdefault((word.text, round(x0 / size * 2), round(base / size * 2)), word)
    return Page(number, list(words.values()), high)
