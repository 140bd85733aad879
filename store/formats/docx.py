"""Word files (.docx): the text as it stands once every tracked change is accepted.

Read by our own code, for python-docx passes over tracked and linked words. A part is read as a stream of XML events;
one that declares a document type, and so may hold entities of its own, is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import normpath
from xml.etree.ElementTree import ParseError

from store.formats.archive import Events, Parts
from store.formats.article import Article, Unreadable
from store.formats.written import Paragraph, clean, written

CELL = 400  # characters of a table cell from which on it is a column of text
HEADING = 300  # most characters of a heading
LETTERS = 5_000_000  # most characters of a document

_LEFT_OUT = frozenset(
    "w:del w:moveFrom w:instrText w:delText w:delInstrText w:rt w:sectPr w:pPrChange w:rPrChange w:tblPrChange"
    " w:trPrChange w:tcPrChange mc:Fallback".split()
)
"""Elements whose content does not stand in the text: what was deleted or moved away, field codes, properties as they
were before a change, and what a program shows that does not know the choice before it."""
_SIGNS = {"w:tab": " ", "w:ptab": " ", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-", "w:softHyphen": ""}
_OTHER = {
    "xl/workbook.xml": "it is a spreadsheet; save it as CSV",
    "ppt/presentation.xml": "it is a set of slides; save it as PDF",
    "Index/Document.iwa": "it is a Pages document; export it as Word or PDF",
    "content.xml": "it is an OpenDocument file; save it as .docx or PDF",
    "META-INF/container.xml": "it is an e-book; save it as text or PDF",
}
"""Other kinds of archives, by a part that each has."""


def parse(data: bytes) -> Article:
    """The article of a Word file. Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            paragraphs, core, warnings = _document(Parts(archive))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable("it is no whole Word file: it is damaged or cut short") from error
    except ParseError as error:
        raise Unreadable("it is damaged: a part of it is not well-formed XML") from error
    return written(paragraphs, title=core["title"], author=core["creator"], warnings=warnings)


def _document(parts: Parts) -> tuple[list[Paragraph], dict[str, str], list[str]]:
    """The paragraphs of a document with its notes after them, its core properties, and warnings."""
    if not any(name.startswith("word/") for name in parts.names):
        reason = next((reason for part, reason in _OTHER.items() if part in parts.names), "it is no Word file")
        raise Unreadable(reason)
    styles, lists, core = _Styles(), _Lists(), _Core()
    main = _main_part(parts)
    folder = main.rpartition("/")[0]
    parts.parse(f"{folder}/styles.xml", styles)
    parts.parse(f"{folder}/numbering.xml", lists)
    parts.parse("docProps/core.xml", core)
    body = _Body(styles, lists)
    parts.parse(main, body)
    paragraphs = body.paragraphs
    for kind in ("footnote", "endnote"):  # in the order in which the text refers to them
        notes = _Body(styles, lists)
        parts.parse(f"{folder}/{kind}s.xml", notes)
        for number in body.references[kind]:
            paragraphs += notes.notes.get(number, [])
    warnings = ["a part of another format inside it was not read"] if body.foreign else []
    return paragraphs, core.values, warnings


def _main_part(parts: Parts) -> str:
    """The name of the part that holds the text."""
    relations = _Relations()
    parts.parse("_rels/.rels", relations)
    if relations.main not in parts.names:
        raise Unreadable("it is no whole Word file: the part with its text is missing")
    return relations.main


class _Relations(Events):
    """The name of the main part."""

    main = "word/document.xml"

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = normpath(attributes.get("Target", "").lstrip("/"))


class _Core(Events):
    """The title and the creator in the core properties. When the file was made and saved is no day of publication."""

    def __init__(self) -> None:
        self.values = {"title": "", "creator": ""}
        self._name = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._name = name

    def data(self, text: str) -> None:
        if self._name in self.values:
            self.values[self._name] += text

    def finish(self, name: str) -> None:
        self._name = ""


class _Styles(Events):
    """Levels of headings and hidden text, by style."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._hidden: set[str] = set()
        self._lists: dict[str, dict[str, str]] = {}
        self._id = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "w:style":
            self._id = attributes.get("styleId", "")
        elif name == "w:name":  # in English whatever the language of the program
            self._names[self._id] = value.lower()
        elif name == "w:basedOn":
            self._based[self._id] = value
        elif name == "w:outlineLvl" and value.isdecimal():
            self._levels[self._id] = int(value) + 1
        elif name == "w:vanish" and _on(attributes):
            self._hidden.add(self._id)
        elif name in ("w:numId", "w:ilvl"):
            self._lists.setdefault(self._id, {})[name] = value

    def _line(self, style: str) -> list[str]:
        """A style and those that it is based on."""
        line: list[str] = []
        while style and style not in line and len(line) < 20:
            line.append(style)
            style = self._based.get(style, "")
        return line

    def level(self, style: str) -> int:
        """The level of the headings of a style, 1 for a title; 0 for other text."""
        for one in self._line(style):
            name = self._names.get(one, one.lower())
            match = re.fullmatch(r"heading ?([1-9])", name)
            if name == "title" or match or 1 <= self._levels.get(one, 0) <= 6:
                return 1 if name == "title" else int(match[1]) if match else self._levels[one]
        return 0

    def is_title(self, style: str) -> bool:
        return any(self._names.get(one, one.lower()) == "title" for one in self._line(style))

    def hidden(self, style: str) -> bool:
        return any(one in self._hidden for one in self._line(style))

    def numbering(self, style: str) -> tuple[str, str]:
        """The number and the level of the list of a style; no number where it is of none."""
        properties = next((self._lists[one] for one in self._line(style) if one in self._lists), {})
        return properties.get("w:numId", ""), properties.get("w:ilvl", "0")

    def is_contents(self, style: str) -> bool:
        """Whether it is a line of a table of contents."""
        return re.fullmatch(r"toc ?(?:[1-9]|heading)", self._names.get(style, style.lower())) is not None


class _Lists(Events):
    """The formats of list numbers, by list and level."""

    def __init__(self) -> None:
        self._formats: dict[tuple[str, str], str] = {}
        self._abstract: dict[str, str] = {}
        self._id = self._level = self._number = ""
        self._counts: Counter[tuple[str, int]] = Counter()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "w:abstractNum":
            self._id = attributes.get("abstractNumId", "")
        elif name == "w:lvl":
            self._level = attributes.get("ilvl", "")
        elif name == "w:numFmt":
            self._formats.setdefault((self._id, self._level), value)
        elif name == "w:num":
            self._number = attributes.get("numId", "")
        elif name == "w:abstractNumId":
            self._abstract[self._number] = value

    def mark(self, number: str, level: str) -> str:
        """The mark before the next item of a list: its number, or a bullet."""
        if number in ("", "0"):  # of no list; 0 takes a paragraph out of the list of its style
            return ""
        depth = int(level) if level.isdecimal() else 0
        self._counts[number, depth] += 1
        for deeper in range(depth + 1, 9):
            self._counts.pop((number, deeper), None)
        form = self._formats.get((self._abstract.get(number, ""), level))
        return f"{self._counts[number, depth]}. " if form == "decimal" else "" if form == "none" else "• "


def _on(attributes: dict[str, str]) -> bool:
    """Whether a property that needs no value is set."""
    return attributes.get("val", "1") not in ("0", "false", "off")


@dataclass(slots=True)
class _Open:
    """A paragraph that is being read."""

    pieces: list[str] = field(default_factory=list)
    style: str = ""
    level: int | None = None  # of a heading, where the paragraph itself says it
    numbering: tuple[str, str] | None = None  # the number and the level of its list
    hidden: bool = False  # the run that is being read is not shown
    goes_on: bool = False  # its end was deleted: the next paragraph continues it
    after: list[Paragraph] = field(default_factory=list)  # of text boxes that hang on it


@dataclass(slots=True)
class _Row:
    """A row of a table that is being read."""

    cells: list[list[Paragraph]] = field(default_factory=list)
    deleted: bool = False


class _Body(Events):
    """The paragraphs of a part: of the text, or of its notes by their numbers."""

    def __init__(self, styles: _Styles, lists: _Lists) -> None:
        self.paragraphs: list[Paragraph] = []
        self.references: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self.notes: dict[str, list[Paragraph]] = {}
        self.foreign = False  # a part of another format is embedded
        self._styles, self._lists = styles, lists
        self._path: list[str] = []
        self._open: list[_Open] = []  # paragraphs, those of a text box inside the one that holds it
        self._rows: list[_Row] = []
        self._sinks = [self.paragraphs]  # where finished paragraphs go: the text, a cell, a text box, a note
        self._left_out = 0  # elements around this one whose content is left out
        self._fields: list[bool] = []  # for each open field, whether its code and not its result is being read
        self._placeholder = False
        self._cell_deleted = False
        self._carried: list[str] = []
        self._letters = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        above = self._path[-2:]
        self._path.append(name)
        if self._left_out or name in _LEFT_OUT:
            self._left_out += 1
            if name in ("w:del", "w:moveFrom"):
                self._mark(above)
            return
        if name == "w:p":
            self._open.append(_Open(self._carried))
            self._carried = []
        elif name in ("w:tc", "w:txbxContent", "w:footnote", "w:endnote"):
            self._sinks.append([])
            if name[-4:] == "note":
                self.notes[attributes.get("id", "")] = self._sinks[-1]
        elif name == "w:tr":
            self._rows.append(_Row())
        elif name in ("w:footnoteReference", "w:endnoteReference"):
            self.references[name[2:-9]].append(attributes.get("id", ""))
        elif name == "w:showingPlcHdr":
            self._placeholder = _on(attributes)
        elif name == "w:sdtContent":
            self._left_out += self._placeholder
            self._placeholder = False
        elif name == "w:fldChar":
            self._field(attributes.get("fldCharType", ""))
        elif name == "w:cellDel":
            self._cell_deleted = True
        elif name == "w:altChunk":
            self.foreign = True
        elif self._open:
            self._property(name, attributes, above)

    def _mark(self, above: list[str]) -> None:
        """A deletion that is a property: of a paragraph's end, or of a row."""
        if above == ["w:pPr", "w:rPr"] and self._open:
            self._open[-1].goes_on = True
        elif above[-1:] == ["w:trPr"] and self._rows:
            self._rows[-1].deleted = True

    def _field(self, turn: str) -> None:
        """A field has a code, which is left out, and a result, which stands in the text."""
        if turn == "begin":
            self._fields.append(True)
        elif turn == "separate" and self._fields:
            self._fields[-1] = False
        elif turn == "end" and self._fields:
            self._fields.pop()

    def _property(self, name: str, attributes: dict[str, str], above: list[str]) -> None:
        """A sign in the open paragraph, or a property of it or of its run."""
        paragraph, value = self._open[-1], attributes.get("val", "")
        if name in _SIGNS and above[-1:] != ["w:tabs"]:
            self._write(" " if attributes.get("type") in ("page", "column") else _SIGNS[name])
        elif name == "w:pStyle":
            paragraph.style = value
        elif name == "w:outlineLvl" and value.isdecimal():
            paragraph.level = int(value) + 1
        elif name in ("w:numId", "w:ilvl") and above[-1:] == ["w:numPr"]:
            number, level = paragraph.numbering or ("", "0")
            paragraph.numbering = (value, level) if name == "w:numId" else (number, value)
        elif (name == "w:vanish" and above == ["w:r", "w:rPr"] and _on(attributes)) or (
            name == "w:rStyle" and above[:1] == ["w:r"] and self._styles.hidden(value)
        ):
            paragraph.hidden = True

    def data(self, text: str) -> None:
        if not self._left_out and self._path and self._path[-1] in ("w:t", "m:t"):
            self._write(text)

    def _write(self, text: str) -> None:
        if self._open and not self._open[-1].hidden and not any(self._fields):
            self._open[-1].pieces.append(text)
            self._letters += len(text)
            if self._letters > LETTERS:
                raise Unreadable(f"it has over {LETTERS:,} characters; split it")

    def finish(self, name: str) -> None:
        self._path.pop()
        if self._left_out:
            self._left_out -= 1
        elif name == "w:r" and self._open:
            self._open[-1].hidden = False
        elif name == "w:p" and self._open:
            self._end_paragraph(self._open.pop())
        elif name == "w:tc":
            cell = self._sinks.pop()
            if self._rows and not self._cell_deleted:
                self._rows[-1].cells.append(cell)
            self._cell_deleted = False
        elif name == "w:txbxContent":
            box = self._sinks.pop()
            (self._open[-1].after if self._open else self._sinks[-1]).extend(box)
        elif name in ("w:footnote", "w:endnote"):
            self._sinks.pop()
        elif name == "w:tr" and self._rows:
            self._end_row(self._rows.pop())

    def _end_paragraph(self, paragraph: _Open) -> None:
        """Gives a finished paragraph to where it stands, and the text boxes that hang on it after it."""
        if not self._open:
            self._fields.clear() if all(self._fields) else None
        sink, style = self._sinks[-1], paragraph.style
        if self._styles.hidden(style) or self._styles.is_contents(style):
            paragraph.pieces.clear()
        if paragraph.goes_on:
            self._carried = paragraph.pieces
        elif text := clean("".join(paragraph.pieces)):
            level = self._styles.level(style) if paragraph.level is None else paragraph.level
            level = level if level <= 6 and len(text) <= HEADING else 0
            mark = "" if level else self._lists.mark(*(paragraph.numbering or self._styles.numbering(style)))
            title = self._styles.is_title(style)
            sink.append(
                Paragraph(mark + text, level, title, close=bool(mark and sink and sink[-1].item), item=bool(mark))
            )
        sink += paragraph.after

    def _end_row(self, row: _Row) -> None:
        """A row becomes a line, its cells joined; cells of running text stay paragraphs."""
        cells = [cell for cell in row.cells if cell]
        if row.deleted or not cells:
            return
        sink = self._sinks[-1]
        if len(cells) == 1 or any(len(one.text) > CELL for cell in cells for one in cell):
            sink += [one for cell in cells for one in cell]
            return
        line = " · ".join(" ".join(one.text.replace("\n", " ") for one in cell) for cell in cells)
        sink.append(Paragraph(line))
