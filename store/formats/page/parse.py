"""The parse: HTML becomes blocks of text in order, and the regions (elements) that hold them.

The parser's events are taken as they come, so that no tree is built: depth costs nothing, and time and memory grow
with the length of the page.
"""

import codecs
import re
from dataclasses import dataclass, field
from typing import Any

from store.formats import letters
from store.formats import text as plain_text
from store.formats.article import Unreadable
from store.formats.page.lines import CREDIT, CREDIT_END, page_line

TAGS = 400_000  # most tags of a page that is read
LINES = 200_000  # most blocks of text of a page that is read
CELLS = 40  # most cells of a row that is set as one line
NESTED = 50  # most elements inside one another of which each is heeded
NAMED = ("class", "id", "data-component", "data-testid", "data-type", "data-qa")
CHUNK = 1 << 16  # characters that the parser is given at once

SKIPPED = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video map select option textarea input "
    "button datalist dialog progress meter applet frameset noframes del s strike amp-ad amp-analytics amp-sidebar "
    "amp-consent amp-social-share amp-embed amp-user-notification amp-state amp-iframe rp rt".split()
)
"""Elements whose text no reader takes for story."""
BLOCKS = frozenset(
    "html body main article section div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure figcaption aside "
    "header footer nav form fieldset table caption thead tbody tfoot tr td th pre address details summary center menu "
    "hgroup legend search".split()
)
"""Elements that end a line of text before and after them; all others run inside a line."""
_HIDDEN = re.compile(r"\b(?:visually-?hidden|sr-only|screen-reader(?:-text|-only)?|visuallyhidden|assistive-text)\b")
_COPYRIGHT = re.compile(
    r"(?:^|[\s_-])(?:(?:photo|image)?-?credit|copyright|photographer|attribution)s?(?:$|[\s_-])", re.IGNORECASE
)
_BYLINE = re.compile(r"by-?line|\bauthors?\b", re.IGNORECASE)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:(?:wp-)?caption(?:-text)?|cutline|primary-image)(?:$|[\s_-])", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{2,40})""", re.IGNORECASE
)
_EMBEDDED = re.compile(r"\bdata:[\w/+.-]{0,60}(?:;[\w=-]{1,60})*+;base64,[A-Za-z0-9+/=%\s]*+")
_SAVED = re.compile(r"saved from url=\(\d+\)\s*(\S+)|Page saved with SingleFile\s+url:\s*(\S+)")
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
"""A style by which an element is not seen."""
_UNSEEN = dict.fromkeys([*range(9), *range(14, 28), 127, 0x180E, 0x200E, 0x200F])
_UNSEEN |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_UNSEEN |= {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
"""Controls, marks of direction, and Windows letters that a page gives by the numbers of controls."""


@dataclass(slots=True)
class Region:
    """An element that ends lines: its place in the page, and its blocks `first` to before `last`."""

    tag: str
    attributes: dict[str, str]
    parent: int  # the number of the region around it, -1 for the outermost
    first: int
    last: int = 0
    items: int = 0  # list items that were opened in it

    @property
    def names(self) -> str:
        """Its classes, its id, and what it is called for tests and programs of its site."""
        return " ".join(filter(None, map(self.attributes.get, NAMED)))


@dataclass(slots=True)
class Block:
    """A line of text, as a browser would set it: its kind, the region that holds it, how many characters are links."""

    kind: str  # "paragraph", "heading", "item", "quote", "caption", "cell", "row"
    text: str
    region: int
    level: int = 0  # of a heading
    linked: int = 0
    mark: str = ""  # what stands before a list item


@dataclass(slots=True)
class Mark:
    """An element inside a line that names a fact: a time, an author, a property; `block` is the line's number."""

    tag: str
    attributes: dict[str, str]
    block: int
    region: int
    text: str = ""


@dataclass(slots=True)
class Page:
    """A page as it was parsed."""

    blocks: list[Block] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    metadata: list[tuple[str, str]] = field(default_factory=list)  # names and contents of `meta`, in order
    title: str = ""
    canonical: str = ""
    saved_from: str = ""
    data: list[str] = field(default_factory=list)  # JSON-LD

    def above(self, region: int) -> list[Region]:
        """A region and those around it, from the inside."""
        chain: list[Region] = []
        while region >= 0 and len(chain) < NESTED:
            chain.append(self.regions[region])
            region = chain[-1].parent
        return chain


def parse(markup: str) -> Page:
    """The page that a markup text is. Raises Unreadable where it has too many tags."""
    from lxml import etree

    if "base64," in markup:  # pictures inside the page
        markup = _EMBEDDED.sub("", markup)
    builder = _Builder()
    parser = etree.HTMLParser(target=builder, huge_tree=True, no_network=True)
    try:
        for start in range(0, len(markup), CHUNK):
            parser.feed(markup[start : start + CHUNK])
        parser.close()
    except etree.LxmlError as error:
        if not builder.page.blocks:
            raise Unreadable("its markup cannot be read") from error
    return builder.close()


def decode(data: bytes, encoding: str = "") -> tuple[str, tuple[str, ...]]:
    """The text of a page in the encoding named outside of it, or in it, with a warning for each guess.

    Raises Unreadable for binary data.
    """
    if 0 < data.count(b"\x00") < 0.02 * len(data):
        data = data.replace(b"\x00", b"")
    declared = _CHARSET.search(data, 0, 8192)
    if encoding.lower().startswith(("iso-2022-", "utf-7")) or not plain_text.is_utf8(data):  # these have seven bits
        name = encoding or (declared[1].decode("ascii") if declared else "")
        try:
            codec = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            codec = ""
        codec = "cp1252" if codec in ("iso8859-1", "ascii") else codec
        if codec and (codec == "utf-7" or not codec.startswith("utf")) and _is_text_codec(codec):
            return plain_text.decode(data.decode(codec, "replace").encode())
    return plain_text.decode(data)


def _is_text_codec(name: str) -> bool:
    """Whether a codec turns bytes into text (and is none of Python's own, such as base64)."""
    try:
        return isinstance(b"a".decode(name), str)
    except (LookupError, ValueError):
        return False


def clean(text: str) -> str:
    """A text in clean letters, without controls and marks of direction."""
    if text.isascii() and "&" not in text and text.isprintable():
        return text
    return letters.clean(text.translate(_UNSEEN))


def line(text: str) -> str:
    """A cleaned text on one line."""
    return " ".join(clean(text).split())


class _Builder:
    """Takes the parser's events; what an element opens is kept on a stack."""

    def __init__(self) -> None:
        self.page = Page()
        self.tags = 0
        self.stack: list[tuple[str, str, Any]] = []
        """The open elements: tag, what they do ("region", "skip", "mark", "json", "title", "note", …), the thing."""
        self.region = -1
        self.skipping = 0
        self.links = 0
        self.marks: list[Mark] = []
        self.parts: list[str] = []
        self.linked = 0
        self.preformatted = 0
        self.credits = 0
        self.closed = ""  # the element that ended last, with no text since
        self.apart = False  # one `span` ended and another began, with nothing between
        self.caught: list[str] | None = None  # text of a title or of JSON-LD

    def start(self, tag: str, attributes: Any) -> None:
        self.tags += 1
        if self.tags > TAGS or len(self.page.blocks) > LINES:
            raise Unreadable(f"it has over {TAGS if self.tags > TAGS else LINES:,} tags or lines")
        tag = tag.rpartition(":")[2].lower()
        given = {str(name).lower(): str(value) for name, value in dict(attributes).items()}
        role, thing = self._role(tag, given)
        if role == "region":
            self._flush()
            thing = len(self.page.regions)
            self.page.regions.append(Region(tag, given, self.region, len(self.page.blocks)))
            if tag == "li" and self.region >= 0:
                self.page.regions[self.region].items += 1
            self.region = thing
            self.preformatted += tag == "pre"
        elif role == "mark":
            thing = Mark(tag, given, len(self.page.blocks), self.region)
            self.page.marks.append(thing)
            if len(self.marks) < NESTED:
                self.marks.append(thing)
        self.skipping += role in ("skip", "json", "title")
        self.links += tag == "a" and role in ("link", "mark")
        if role in ("json", "title"):
            self.caught = []
        if not self.skipping and tag in ("br", "hr"):
            self.parts.append("\n" if tag == "br" else "\n\n")
        self.stack.append((tag, role, thing))

    def _role(self, tag: str, given: dict[str, str]) -> tuple[str, Any]:
        """What an element does, by its tag and its attributes."""
        if tag == "script" and "ld+json" in given.get("type", "").lower():
            return "json", None
        if tag == "title" and not self.page.title and not self.skipping:
            return "title", None
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("itemprop") or given.get("http-equiv") or ""
            self.page.metadata.append((name.strip(), given.get("content", "").strip()))
        if tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.page.canonical = self.page.canonical or given.get("href", "").strip()
        if tag in SKIPPED or "placeholder" in given or "fallback" in given:  # AMP shows these until the rest is there
            return "skip", None
        if tag in BLOCKS:
            return "region", None
        names = f"{given.get('class', '')} {given.get('id', '')}"
        unseen = "hidden" in given or UNSEEN.search(given.get("style", ""))
        if unseen or _HIDDEN.search(names) or given.get("aria-label") == "anchor":
            return "skip", None
        if tag == "sup" or (tag == "a" and ("footnote" in names or given.get("href", "").startswith("#"))):
            return "note", len(self.parts)
        facts = tag == "time" or "itemprop" in given or given.get("rel") == "author" or "byline" in names
        if facts or "author" in names or "published" in names or "updated" in names:
            return "mark", None
        self.apart = tag == "span" and self.closed == "span"
        if tag in ("a", "span") and self._in_byline() and self.parts and not self.parts[-1][-1:].isspace():
            self.parts.append("\n")
        if _COPYRIGHT.search(names) and not self.credits:
            self.parts.append(CREDIT)
            self.credits += 1
            return "credit", None
        return ("link" if tag == "a" else ""), None

    def _in_byline(self) -> bool:
        """Whether the open region is that of an author's line, where each name is an element."""
        return self.region >= 0 and bool(_BYLINE.search(self.page.regions[self.region].names))

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2].lower()
        if not self.stack or (self.stack[-1][0] != tag and all(name != tag for name, *_ in self.stack[-NESTED:])):
            return
        while self.stack:
            name, role, thing = self.stack.pop()
            self._closed(name, role, thing)
            if name == tag:
                break
        self.closed = tag

    def _closed(self, tag: str, role: str, thing: Any) -> None:
        if role == "region":
            self._flush()
            region = self.page.regions[thing]
            region.last = len(self.page.blocks)
            if tag == "tr":
                self._row(region, thing)
            self.region = region.parent
            self.preformatted -= tag == "pre"
        self.skipping -= role in ("skip", "json", "title")
        self.links -= tag == "a" and role in ("link", "mark")
        if role == "mark" and self.marks and self.marks[-1] is thing:
            self.marks.pop()
        if role == "credit":
            self.credits -= 1
            self.parts.append(CREDIT_END)
        if role == "note" and re.fullmatch(r"\s*[\[(]?(?:\d{1,3}|[*†‡a-z])[\])]?\s*", "".join(self.parts[thing:])):
            del self.parts[thing:]
        if role in ("json", "title") and self.caught is not None:
            caught, self.caught = "".join(self.caught), None
            if role == "json":
                self.page.data.append(caught)
            else:
                self.page.title = self.page.title or line(caught)

    def data(self, text: str) -> None:
        if self.caught is not None:
            self.caught.append(text)
        if self.skipping:
            return
        if self.apart and text[:1].isupper() and self.parts and self.parts[-1][-1:].islower():
            self.parts.append(" ")
        self.closed, self.apart = "", False
        for mark in self.marks:
            if len(mark.text) < 500:
                mark.text += text
        if not self.preformatted and ("\n" in text or "\r" in text):
            text = re.sub(r"[\r\n]", " ", text)
        self.parts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def comment(self, text: str) -> None:
        saved = _SAVED.search(text[:2000]) if "saved" in text[:2000] else None
        if saved and not self.page.saved_from:
            self.page.saved_from = saved[1] or saved[2]

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are nothing to read."""

    def _flush(self) -> None:
        """Ends the line of text."""
        if not self.parts:
            return
        text, linked = clean("".join(self.parts)), self.linked
        self.parts, self.linked = [], 0
        if text.isspace() or not text:
            return
        pieces = re.split(r"\n[^\S\n]*\n\s*", text)
        if len(text) <= 600 and "\n" in text.strip() and any(map(page_line, map(str.strip, text.split("\n")))):
            pieces = text.split("\n")  # a date or a byline set over the text by line breaks alone
        for piece in pieces:
            lines = (" ".join(part.split()) for part in piece.split("\n"))
            piece = "\n".join(filter(None, lines))
            if piece.strip(f" \n{CREDIT}{CREDIT_END}"):
                kind, level, mark = self._kind()
                if kind == "heading":
                    piece = piece.strip("<>‹›←→ \n") or piece
                if kind != "caption":
                    piece = piece.replace(CREDIT, "").replace(CREDIT_END, "").strip()
                share = min(len(piece), linked * len(piece) // len(text) if len(pieces) > 1 else linked)
                self.page.blocks.append(Block(kind, piece, self.region, level, share, mark))

    def _kind(self) -> tuple[str, int, str]:
        """The kind of the line that ends, the level of a heading, the mark of a list item."""
        chain = self.page.above(self.region)[:6]
        tags = [region.tag for region in chain]
        tag = tags[0] if tags else ""
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            return "heading", int(tag[1]), ""
        if (
            "figcaption" in tags
            or tags[:1] == ["caption"]
            or any(_CAPTION.search(region.names) for region in chain[:2])
        ):
            return "caption", 0, ""
        for at, region in enumerate(chain[:3]):
            if region.tag == "li" and region.first == len(self.page.blocks):
                number = chain[at + 1].items if at + 1 < len(chain) and chain[at + 1].tag == "ol" else 0
                return "item", 0, f"{number}. " if number else "- "
        if "blockquote" in tags:
            return "quote", 0, ""
        if "figure" in tags and not {"td", "th", "pre"} & set(tags):
            return "caption", 0, ""
        if "td" in tags[:3] or "th" in tags[:3]:
            return "cell", 0, ""
        return "paragraph", 0, ""

    def _row(self, row: Region, number: int) -> None:
        """Joins the cells of a table's row to one line, where each is short and a line of its own."""
        if not 2 <= row.last - row.first <= CELLS:
            return
        cells = self.page.blocks[row.first : row.last]
        short = sum(len(cell.text) for cell in cells) <= 400 and all(cell.kind == "cell" for cell in cells)
        if not short or len({self._cell(cell.region, number) for cell in cells}) < len(cells):
            return
        text = " | ".join(cell.text.replace("\n", " ") for cell in cells)
        self.page.blocks[row.first :] = [Block("row", text, number, linked=sum(cell.linked for cell in cells))]
        after = row.first + 1
        for region in self.page.regions[number:]:
            region.first, region.last = min(region.first, after), min(region.last, after)
        for mark in reversed(self.page.marks):
            if mark.block <= row.first:
                break
            mark.block = row.first

    def _cell(self, region: int, row: int) -> int:
        """The number of the cell of a row that holds a region."""
        while region > row and self.page.regions[region].parent != row:
            region = self.page.regions[region].parent
        return region

    def close(self) -> Page:
        self._flush()
        while self.stack:
            self._closed(*self.stack.pop())
        return self.page
