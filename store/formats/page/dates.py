"""The days of a page: published and last changed, each from the surest place that names one beyond doubt.

The order of the places: JSON-LD of the article, `meta` elements, properties in the markup, a time beside the headline,
a date or a dateline in words, the page's address.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from store.formats.days import day, in_english, month, path_day, path_month
from store.formats.page.jsonld import Described
from store.formats.page.metadata import foreign, metas
from store.formats.page.parse import Page
from store.formats.page.story import Story
from store.formats.people import PICTURE
from store.formats.statement import dateline

_PUBLISHED_IN_PAGE = ("datePublished", "published", "pubdate", "entry-date")
_UPDATED = re.compile(r"updat|modif|last\b|revis", re.IGNORECASE)
_WRITTEN = (
    r"(?:\d{4}-\d\d-\d\d|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?,? )?"
    r"(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}|"
    r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
_DAY = re.compile(
    rf"(?P<day>{_WRITTEN})(?=$|[\s,.|·•)T–—-])"
    r"(?=[\s,.)]{0,4}(?:$|[|·•\n–—/(-]|(?:at )?\d{1,2}[:.]?\d{0,2}(?:\D|$)|T\d\d|(?i:last|updated|modified|published"
    r"|posted|by|share|reading|at)\b|in [A-Z]|[A-Z]{2,4}\b))"
)
"""A day with nothing of a sentence behind it."""
_RANGE = re.compile(rf"{_WRITTEN}\s?(?:[–—-]|to|until)\s?{_WRITTEN}")
_SMALL = frozenset("of the and de da di du la le van von in for".split())
_PARTS = re.compile(r"[|·•\n]|\d\d(?::\d\d)+ ?(?:[ap]\.?m\.?)?(?: [A-Z]{2,4})?")
_OUT = re.compile(
    r"(?:.*\b)?(?:published|posted|publication|publish date|date|released|issued|filed|print(?:ed)?)(?: on| at)?\W*|"
    r"(?:(?:(?:posted|written|published|submitted|reported|words|text) )?by\b|(?:interview|report|words|text):).*",
    re.IGNORECASE | re.DOTALL,
)
"""Words before a day that say that the page came out on it, or who wrote it."""


@dataclass(slots=True)
class PageDays:
    """The days of a page, the kind of place that named its publication, and a sentence for each oddity."""

    published: str | None = None
    updated: str | None = None
    source: str | None = None
    warnings: list[str] = field(default_factory=list)


def days(page: Page, data: Described, story: Story, links: list[str]) -> PageDays:
    """The day of publication and the day of the last change; `links` are the page's addresses."""
    found, odd = PageDays(), list[str]()
    places = [
        ("JSON-LD", [data.value("datePublished")], [data.value("dateModified")]),
        ("page metadata", metas(page, "published"), metas(page, "updated")),
        *_marked(page, story),
        ("dateline", *_written(page, story)),
        ("address", [iso for link in links if (iso := path_day(link))], []),
    ]
    for source, first, later in places:
        for value in filter(None, first):
            iso, complaint = day(value)
            if not iso:
                odd.append(f"'{value[:40]}' as its day in {source} {complaint}")
            elif not found.published:
                found.published, found.source = iso, source
            elif source == "address" and abs(_ordinal(iso) - _ordinal(found.published)) > 2 and not found.warnings:
                told = f"it is dated {found.published} by its {found.source} and {iso} by its address"
                found.warnings.append(f"{told}; the first is taken")
        found.updated = found.updated or next((day(value)[0] for value in later if day(value)[0]), None)
    if not found.published:
        found.published, found.source = _month(places, links)
    if not found.published:
        found.warnings += [f"{complaint}; the article counts as undated" for complaint in odd[:1]]
    elif found.updated and found.updated < found.published:
        found.warnings.append(f"its last change ({found.updated}) lies before its publication; it is left out")
        found.updated = None
    return found


def _month(places: list[tuple[str, list[str], list[str]]], links: list[str]) -> tuple[str | None, str | None]:
    """The month of publication where no place names its day, and the surest place that names it."""
    named = [(month(value), source) for source, first, _ in places for value in first if value]
    named += [(path_month(link), "address") for link in links]
    return next(((iso, source) for iso, source in named if iso), (None, None))


def _ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _marked(page: Page, story: Story) -> list[tuple[str, list[str], list[str]]]:
    """Days of properties in the markup, then of times beside the headline."""
    properties: tuple[list[str], list[str]] = ([], [])
    times: tuple[list[str], list[str]] = ([], [])
    zone = range(max(0, story.span.start - 8), story.opening + 1)
    for mark in page.marks:
        named = (mark.attributes.get(key) for key in ("datetime", "content", "title"))
        value = next(filter(None, named), mark.text)
        value = " ".join(value.split())
        if not day(value)[0] or _is_foreign(page, mark.region):
            continue
        if mark.block < len(story.dead) and story.dead[mark.block] and "itemprop" not in mark.attributes:
            continue
        names = " ".join(mark.attributes.get(key, "") for key in ("itemprop", "class")) + (
            " pubdate" if "pubdate" in mark.attributes else ""
        )
        if "dateModified" in names or _UPDATED.search(names + " " + mark.text):
            (properties if "dateModified" in names else times)[1].append(value)
        elif any(name in names for name in _PUBLISHED_IN_PAGE) and mark.block in range(
            zone.start, len(page.blocks) + 1
        ):
            properties[0].append(value)
        elif mark.tag == "time" and mark.block in zone:
            text = page.blocks[mark.block].text[:300] if mark.block < len(page.blocks) else ""
            before = text.partition(mark.text.strip()[:40])[0] if mark.text.strip() else ""
            if before.rstrip().endswith(":") and not (_OUT.fullmatch(before) or _UPDATED.search(before[-24:])):
                continue  # of an event
            times[1 if _UPDATED.search(before[-24:]) else 0].append(value)
    for name, content in (
        (region.attributes.get("itemprop", ""), region.attributes.get("content", "")) for region in page.regions
    ):
        if name == "datePublished" and content:
            properties[0].append(content)
    return [("page markup", *properties), ("time beside the headline", *times)]


def _is_foreign(page: Page, region: int) -> bool:
    """Whether a region is of another thing: a comment, a list of other stories, a video."""
    scopes = (around.attributes for around in page.above(region) if "itemscope" in around.attributes)
    kind = next(scopes, {}).get("itemtype", "")
    return foreign(page, region) or bool(kind and not re.search(r"Article|Posting|WebPage|Blog", kind))


def _written(page: Page, story: Story) -> tuple[list[str], list[str]]:
    """Days that are written beside the headline, or in the dateline that opens the text."""
    first: list[str] = []
    later: list[str] = []
    for block in story.head:
        if len(block.text) > 160:
            continue
        text = in_english(block.text)
        heading = block.kind == "heading" and not day(text)[0]
        if heading or PICTURE.search(text) or _RANGE.search(text) or _is_foreign(page, block.region):
            continue
        low = 0
        for match in _DAY.finditer(text):
            before = _PARTS.split(text[low : match.start()])[-1].strip(" \t\n,;–—-")
            low = match.end()
            if _UPDATED.search(before):
                later.append(match["day"].replace(".,", ","))
            elif not before or _OUT.fullmatch(before) or _is_name(before):
                first.append(match["day"].replace(".,", ","))
    if story.opening < len(page.blocks):
        first += filter(None, [dateline(page.blocks[story.opening].text)])
    return first, later


def _is_name(words: str) -> bool:
    """Whether words can be the name of a person, an outlet or a place."""
    return len(words) <= 60 and all(word[0].isupper() or word in _SMALL for word in words.split()) and ":" not in words
