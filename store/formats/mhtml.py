"""MHTML: a page that a browser saved with all its parts in one file."""

from collections.abc import Iterator

from store.formats import html
from store.formats.article import Article, Unreadable
from store.formats.mime import Part, beginning, parsed
from store.formats.page.parse import decode

BEGINS = beginning(rb"snapshot-content-location:|from:\s*[\"<]?saved by\b")
LARGEST = 64 * 1024 * 1024  # bytes: pictures count
PAGES = ("text/html", "application/xhtml+xml")


def archive(data: bytes) -> Iterator[Article]:
    """The article of an archived page. Its date is the page's own and never the day of saving."""
    whole = parsed(data)
    root = _root(whole)
    content = root.content()
    if not content.strip():
        raise Unreadable("the page in it is empty")
    text, warnings = decode(content, root.charset)
    places = (whole.header("snapshot-content-location"), root.header("content-location"))
    address = next((place for place in places if place.startswith(("http://", "https://"))), "")
    yield html.article(text, warnings, address)


def _root(whole: Part) -> Part:
    """The part that is the page: the one named as the start, the one of the page's address, the first page."""
    pages = [part for part in whole.walk() if part.kind in PAGES]
    if not pages:
        raise Unreadable("there is no web page in it")
    start = whole.parameter("start").strip("<>")
    address = whole.header("snapshot-content-location")
    named = [part for part in pages if start and part.header("content-id").strip("<>") == start]
    placed = [part for part in pages if address and part.header("content-location") == address]
    return (named or placed or pages)[0]
