"""HTML: a saved page becomes an article: its story as text, its parts as spans, its facts."""

import re
from collections.abc import Iterator, Sequence

from store.formats.article import Article, Unreadable
from store.formats.furniture import furniture
from store.formats.page.facts import PageFacts, addresses, facts, titles
from store.formats.page.jsonld import Described, described
from store.formats.page.jsonld import body as jsonld_body
from store.formats.page.lines import page_line, split_caption
from store.formats.page.live import paragraphs, posts
from store.formats.page.parse import Page, decode, parse
from store.formats.page.story import Line, Story, story
from store.passage import Span

BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,400}+(?:<\?xml[^>]{0,200}>\s{0,400}+)?(?:<!--.{0,2000}?-->\s{0,400}+){0,5}"
    rb"(?:<!doctype\s+html|<html[\s>])|(?:\xff\xfe)?<\x00(?:!\x00[dD]\x00[oO]\x00[cC]|[hH]\x00[tT]\x00[mM]\x00[lL])|"
    rb"\xfe\xff\x00<\x00(?:!\x00[dD]|[hH]\x00[tT])",
    re.IGNORECASE | re.DOTALL,
)
_GATE = re.compile(
    r"continu|keep reading|finish reading|already|unlock|full (?:article|story|access)|subscribers|unlimited|"
    r"free (?:article|trial)",
    re.IGNORECASE,
)
"""Words of a line that stands in the place of the rest of an article."""
_ROLE = (
    r"(?:covers|reports on|reports from|writes about|is an? [\w ’'-]{0,60}(?:reporter|correspondent|editor|writer|"
    r"journalist|columnist|author|contributor|producer|fellow))\b"
)
"""Words behind a name that say who somebody is at a paper."""
STUB = 700  # characters of story up to which a page that asks for a subscription holds only the beginning


def pages(data: bytes) -> Iterator[Article]:
    """The article of an HTML file."""
    text, warnings = decode(data)
    yield article(text, warnings)


def article(markup: str, warnings: tuple[str, ...] = (), address: str = "") -> Article:
    """The article of a page; `address` is where it was found, if something outside the page says so.

    Raises Unreadable where no running text is found.
    """
    page = parse(markup)
    heads = titles(page)
    data = described(page.data, heads, addresses(page, address))
    headline = data.value("headline")
    found = story(page, [headline, *heads] if headline else heads)
    known = facts(page, data, found, address)
    _mark_authors(found, known.author or "")
    times = posts(page, data, found, known.published, known.updated)
    if not times and data.article:
        _from_data(found, data)
    if not any(line.kind != "heading" and not line.furniture for line in found.lines):
        raise Unreadable("no running text was found on the page")
    if data.broken and not data.article:
        known.warnings.append("its structured data (JSON-LD) is broken and was not read")
    known.warnings += _stub(found.lines, data, page)
    return finished(found.lines, known, warnings, times)


def _from_data(found: Story, data: Described) -> None:
    """Takes the text of the structured data where the page shows less than a third of it."""
    body = paragraphs(jsonld_body(data.article.get("articleBody")))
    whole, shown = (
        sum(len(line.text) for line in lines if line.kind != "heading" and not line.furniture)
        for lines in (body, found.lines)
    )
    if whole > 3 * shown:
        found.lines[:] = [line for line in found.lines if line.kind == "heading"][:1] + body


def _mark_authors(found: Story, author: str) -> None:
    """Marks lines that only name the authors, or say who they are."""
    for name in filter(None, author.split(", ")):
        name = re.escape(name)
        named = re.compile(
            rf"(?:by|von|par|por|door|av|af)? ?{name}|{name}(?:,? who)? {_ROLE}.{{0,250}}", re.IGNORECASE
        )
        for line in found.lines:
            if line.kind != "heading" and named.fullmatch(line.text):
                line.furniture = line.furniture or "byline"


def _stub(lines: list[Line], data: Described, page: Page) -> list[str]:
    """A warning where only the beginning of an article is there, the rest being for subscribers."""
    story = [line.text for line in lines if not line.furniture and line.kind not in ("heading", "caption")]
    length = sum(map(len, story))
    closed = str(data.article.get("isAccessibleForFree", "")).lower() in ("false", "no", "0")
    asked = any(line.furniture == "subscription" and _GATE.search(line.text) for line in lines)
    cut = bool(story) and not re.search(r"[.!?:][\"'”’)\]»]*$", story[-1])
    longer = re.fullmatch(r"\d{3,6}", str(data.article.get("wordCount", "")))
    missing = longer is not None and int(longer[0]) > 2 * sum(len(text.split()) for text in story)
    if (cut or closed) and length <= STUB and not asked:  # a box beside the text may ask for it
        asked = any(page_line(block.text) == "subscription" and _GATE.search(block.text) for block in page.blocks)
    if (length <= STUB and asked) or (closed and (missing or (length <= STUB and cut))):
        return ["only the beginning of the article is there: the page asks for a subscription"]
    return []


def finished(lines: list[Line], known: PageFacts, warnings: tuple[str, ...] = (), times: Sequence[str] = ()) -> Article:
    """An article of these lines and facts; `times` are those of its posts."""
    text, spans = joined(lines, times)
    marked, left_out = furniture(text, 0)
    own = {(span.start, span.end) for span in spans if span.kind == "furniture"}
    return Article(
        text=text,
        title=known.title or text.partition("\n")[0][:90],
        outlet=known.outlet,
        author=known.author,
        published=known.published,
        updated=known.updated,
        date_source=known.date_source if known.published else None,
        url=known.url,
        spans=(*spans, *(span for span in marked if (span.start, span.end) not in own)),
        warnings=(*warnings, *known.warnings, *left_out),
    )


def joined(lines: list[Line], times: Sequence[str] = ()) -> tuple[str, list[Span]]:
    """Lines as one text, a blank line between paragraphs, and the spans of headings, furniture, credits and posts."""
    places: dict[int, tuple[int, int]] = {}
    parts: list[str] = []
    spans: list[Span] = []
    length, before = 0, ""

    def add(piece: str) -> int:
        nonlocal length
        parts.append(piece)
        length += len(piece)
        return length - len(piece)

    for line in lines:
        if parts:
            add("\n" if line.kind == before and line.kind in ("item", "row") else "\n\n")
        start = add(line.mark)
        before = line.kind
        pieces = (
            split_caption(line.text) if line.kind == "caption" and not line.furniture else [(line.text, line.furniture)]
        )
        for number, (piece, what) in enumerate(pieces):
            if number:
                add(" ")
            at = add(piece)
            if what:
                spans.append(Span(start if number == 0 else at, length, "furniture", what))
        if line.kind == "heading" and not line.furniture:
            spans.append(Span(start, length, "heading", str(line.level)))
        if line.post >= 0:
            places[line.post] = (places.get(line.post, (start, 0))[0], length)
    spans += [Span(*places[number], "post", time) for number, time in enumerate(times) if number in places]
    return "".join(parts), spans
