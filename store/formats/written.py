"""Paragraphs that a reader of pages found become an article: one text, its spans, and what it says of itself.

What reading PDF and Word files shares: both have paragraphs and headings, and metadata that is often not of the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from store.formats import letters
from store.formats.article import Article, Unreadable
from store.formats.facts import credit, facts_of
from store.formats.furniture import furniture
from store.formats.headline import title_of
from store.formats.people import byline, person
from store.formats.statement import is_day, statements
from store.passage import Span

TITLE = 300  # most characters of a title in the metadata
LINE = 120  # most characters of a first line that is taken for the headline

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff]")
"""Characters that steer a device, and those that a font of signs has for itself."""
_SPACES = re.compile(r"[^\S\n]+")
_FILE_NAME = re.compile(
    r"(?i)^(?:microsoft (?:word|powerpoint|excel)|untitled|unbenannt|(?:new )?document|dokument|doc|page|title|layout"
    r"|print|slide|scan|img)\b[\s\d_-]*(?:-.*)?$|\.(?:docx?|pdf|indd|qxd|qxp|odt|rtf|txt|pages|html?|tmp|ai|eps|xml)\b"
    r"|^\S*[_/\\=]\S*$|^\S+$|^https?:|^about:|^powerpoint presentation"
)
"""Titles in the metadata that name a file, a program or nothing."""
_MACHINE = re.compile(r"(?i)\b(?:microsoft|adobe|acrobat|scanner|printer|windows|mac|apple|dell|lenovo|hp|pc|laptop)\b")
"""Words of an author in the metadata that is a machine or a program."""


@dataclass(slots=True)
class Paragraph:
    """A paragraph of a story, or a line that stands by itself."""

    text: str
    level: int = 0  # of a heading, from 1; 0 for other text
    title: bool = False
    close: bool = False  # it stands right below the one before it, without a blank line
    item: bool = False  # of a list or a table
    pages: tuple[tuple[int, int], ...] = ()
    """Page numbers, each with the offset in `text` from which on it stands on that page."""


def clean(text: str) -> str:
    """A text in the letters in which texts are kept, without control characters and runs of spaces."""
    text = letters.clean(_CONTROL.sub("", text), entities=False)
    return "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\n")).strip()


def written(
    paragraphs: Sequence[Paragraph],
    *,
    title: str = "",
    author: str = "",
    outlet: str | None = None,
    url: str | None = None,
    running: Iterable[str] = (),
    warnings: Iterable[str] = (),
) -> Article:
    """The article of some paragraphs and running lines.

    `title` and `author` are the file's metadata, believed where they can be true.
    """
    paragraphs = [paragraph for paragraph in paragraphs if paragraph.text]
    text, starts = _joined(paragraphs)
    if not text:
        raise Unreadable("there is no text in it")
    facts = facts_of(text)
    story = [one for one, start in zip(paragraphs, starts, strict=True) if start >= facts.end]
    if not story:
        raise Unreadable("there is no text under its front matter")
    headline = _headline(story, named=is_title(title))
    said = statements([one.text for one in story if one is not headline], running)
    values = facts.values
    block = (Span(0, facts.end, "furniture", "front matter"),) if facts.end else ()
    spans, left_out = furniture(text, facts.end)
    body = text[facts.end :]
    own = headline.text if headline else clean(title) if is_title(title) else title_of(body)
    published = values.get("published") or said.published
    return Article(
        text=text,
        title=values.get("title") or " ".join(own.split()),
        outlet=values.get("outlet") or outlet or credit(body),
        author=values.get("author") or said.author or (None if _MACHINE.search(author) else person(clean(author))),
        published=published,
        updated=values.get("updated") or said.updated,
        date_source=("front matter" if "published" in values else said.date_source) if published else None,
        url=values.get("url") or url,
        spans=(*block, *spans, *_marked(text, paragraphs, starts, facts.end)),
        warnings=(*warnings, *facts.warnings, *(said.warnings if not values.get("published") else ()), *left_out),
        unread=facts.unread,
    )


def _headline(story: list[Paragraph], *, named: bool) -> Paragraph | None:
    """The paragraph that is the headline. A short first line is a heading also where the file names a title."""
    first = story[0]
    found = next((one for one in story if one.title), None) or next((one for one in story[:3] if one.level == 1), None)
    if found or len(story) == 1 or first.item or len(first.text) > LINE or first.text[-1] in ".!?…:;,":
        return found
    if byline(first.text) or is_day(first.text):
        return None
    first.level = 1
    return None if named else first


def is_title(line: str) -> bool:
    """Whether a title in the metadata can be a headline: several words, and no file's or program's name."""
    line = line.strip()
    return 0 < len(line) <= TITLE and not _FILE_NAME.search(line)


def _joined(paragraphs: Sequence[Paragraph]) -> tuple[str, list[int]]:
    """The text of all paragraphs, and where each begins."""
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for paragraph in paragraphs:
        gap = "" if not pieces else "\n" if paragraph.close else "\n\n"
        starts.append(at + len(gap))
        pieces += (gap, paragraph.text)
        at = starts[-1] + len(paragraph.text)
    return "".join(pieces), starts


def _marked(text: str, paragraphs: Sequence[Paragraph], starts: list[int], body: int) -> list[Span]:
    """Spans of the headings of the story, and of the text of each page."""
    spans: list[Span] = []
    turns: list[tuple[int, int]] = []  # where a page begins, and its number
    for paragraph, start in zip(paragraphs, starts, strict=True):
        if paragraph.level and start >= body:
            spans.append(Span(start, start + len(paragraph.text), "heading", str(paragraph.level)))
        turns += [(start + offset, page) for offset, page in paragraph.pages if not turns or turns[-1][1] != page]
    for (start, page), (end, _) in pairwise([*turns, (len(text), 0)]):
        last = start + len(text[start:end].rstrip())
        if last > start:
            spans.append(Span(start, last, "page", str(page)))
    return spans
