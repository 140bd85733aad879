"""Plain text and Markdown: bytes become text, mended where an encoding was mistaken, and a text becomes an article."""

import codecs
import re
from collections.abc import Iterator

from store.formats.article import Article, Unreadable
from store.formats.facts import credit, facts_of, title_of
from store.formats.furniture import furniture
from store.passage import Span

STRAY = 3  # control characters that a short text may hold and still be one
WESTERN = "cp1252"
LIKE_WESTERN = ("cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2", "iso8859_10", "iso8859_16")
"""Encodings for which a short Western text is often taken."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_UNWESTERN = re.compile(r"[žšŽŠþÞŸ\ufffd]|[^\W\d_][¹³¼¾¿£¥ªº¯]|[¹³¼¾¿¥ªº¯][^\W\d_]")
"""Signs that a text is of such an encoding: letters that Western languages hardly have, or signs inside words."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def plain(data: bytes) -> Iterator[Article]:
    """The article of a plain text file."""
    yield article(*decode(data), markdown=False)


def markdown(data: bytes) -> Iterator[Article]:
    """The article of a Markdown file: a heading can be its title."""
    yield article(*decode(data), markdown=True)


def article(text: str, warnings: tuple[str, ...] = (), *, markdown: bool) -> Article:
    """A text as an article: metadata at its top, else title and outlet from the story; boilerplate as spans."""
    facts = facts_of(text)
    body = text[facts.end :]
    if not body.strip():
        raise Unreadable("there is no text under its front matter")
    block = (Span(0, facts.end, "furniture", "front matter"),) if facts.end else ()
    spans, left_out = furniture(text, facts.end)
    values = facts.values
    return Article(
        text=text,
        title=values.get("title") or title_of(body, markdown=markdown),
        outlet=values.get("outlet") or credit(body),
        author=values.get("author"),
        published=values.get("published"),
        updated=values.get("updated"),
        date_source="front matter" if values.get("published") else None,
        url=values.get("url"),
        spans=block + spans,
        warnings=warnings + facts.warnings + left_out,
        unread=facts.unread,
    )


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes as text, with a warning for each guess. Raises Unreadable for binary data."""
    text, warnings = _decode(data)
    if len(_CONTROL.findall(text[:65536])) > max(STRAY, 0.02 * len(text[:65536])):
        raise Unreadable("it is not a text file (binary data)")
    if "Ã" in text or "Â" in text or "â€" in text:
        import ftfy

        text = ftfy.fix_encoding(text)
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text), warnings


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    if data.count(b"\x00") > 0.02 * len(data):
        raise Unreadable("it is not a text file (binary data)")
    good = sum(1 for letter in loose if letter > "\x7f") - broken
    if good >= broken:  # letters of other encodings hardly ever make valid UTF-8 by chance
        return loose, (f"{broken} broken characters were replaced",)
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    name = best.encoding if best is not None else WESTERN
    if name in LIKE_WESTERN and not _UNWESTERN.search(data.decode(WESTERN, "replace")):
        name = WESTERN
    return data.decode(name, "replace"), (f"it is not UTF-8; read as {name}",)
