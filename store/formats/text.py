"""Plain text and Markdown: bytes become text, mended where an encoding was mistaken, and a text becomes an article."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace

from store.formats import marks
from store.formats.article import Article, Unreadable
from store.formats.facts import credit, facts_of
from store.formats.furniture import furniture
from store.formats.headline import headline
from store.formats.letters import clean
from store.formats.statement import stated
from store.passage import Span

STRAY = 3  # control characters that a short text may hold and still be one
WESTERN = ("cp1252", "cp850")  # of Windows and of DOS, where only few of the letters are beyond ASCII
FEW = 0.4  # most letters beyond ASCII in a Western text, to each one of ASCII
ODD = 0.05  # most of those that may be odd ones

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_UNWESTERN = re.compile(
    r"[^\x00-\x7fàáâãäåæçèéêëìíîïñòóôõöøœùúûüßÀÁÂÃÄÅÆÇÈÉÊËÍÎÑÓÔÖØŒÚÜ\u2013\u2014‘’“”„‚…•·€£§°½©®™«»¡¿\xa0]|õ(?!es?\b)"
    r"|[a-zà-öø-ÿœ][A-ZÀ-ÖØ-ÞŒ](?=[a-z\W])|[à-öø-ÿœ](?:[A-Z]|(?<=\b.)\d)|[^\W\d_][„‚]"
    r"|[^\W\d_][“”…•€£§°½©®™«»¡¿\xa0][a-zà-ÿ]|(?<![\w”.!?])”[^\W\d_]|(?<!\S)[ôöûùòúîïâêëäåæçñß](?!\S)"
)
"""Signs that a text was read in a wrong encoding: letters that Western languages hardly have, capitals and signs inside
words, letters before digits or alone."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # it begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = re.compile("[\udc80-\udcff]+")
"""Bytes that are no UTF-8, as the decoder escapes them."""
SAMPLE = 8_192  # bytes by which UTF-16 is told
PIECE = 1024 * 1024  # bytes that are looked at at once


def plain(data: bytes) -> Iterator[Article]:
    """The article of a plain text file."""
    yield article(*decode(data), markdown=False)


def markdown(data: bytes) -> Iterator[Article]:
    """The article of a Markdown file: a heading can be its title."""
    yield article(*decode(data), markdown=True)


def article(text: str, warnings: tuple[str, ...] = (), *, markdown: bool) -> Article:
    """A text as an article: metadata at its top, else title and outlet from the story; boilerplate as spans."""
    facts = facts_of(text)
    body, headings = marks.plain(text[facts.end :]) if markdown else (clean(text[facts.end :]), ())
    if not body.strip():
        raise Unreadable("there is no text under its front matter" if facts.end else "there is no text in it")
    text = text[: facts.end] + body
    headings = tuple(replace(span, start=span.start + facts.end, end=span.end + facts.end) for span in headings)
    heading = next((text[span.start : span.end] for span in headings if span.value == "1"), "")
    title, top = headline(heading or body, names=True)
    block = (Span(0, facts.end, "furniture", "front matter"),) if facts.end else ()
    spans, left_out = furniture(text, facts.end if heading or "title" in facts.values else facts.end + top)
    values = facts.values
    found = Article(
        text=text,
        title=values.get("title") or title,
        outlet=values.get("outlet") or credit(body),
        author=values.get("author"),
        published=values.get("published"),
        updated=values.get("updated"),
        date_source="front matter" if values.get("published") else None,
        url=values.get("url"),
        spans=block + headings + spans,
        warnings=warnings + facts.warnings + left_out,
        unread=facts.unread,
    )
    above = min((span.end for span in headings), default=0) if heading else facts.end + top
    return stated(found, text[max(above, facts.end) :])


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes as text in clean letters, with a warning for each guess. Raises Unreadable for binary data."""
    encoding, warnings = encoding_of(data)
    text = data.decode(encoding, "replace")
    if len(_CONTROL.findall(text[:65536])) > max(STRAY, 0.02 * len(text[:65536])):
        raise Unreadable("it is not a text file (binary data)")
    return clean(text, entities=False), warnings


def encoding_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding of a text, with a warning where it is a guess. Raises Unreadable for binary data."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, ()
    name = _two_bytes(data[:SAMPLE])
    if name:
        return name, ()
    if data.count(b"\x00") > 0.02 * len(data):
        raise Unreadable("it is not a text file (binary data)")
    good, broken = _letters(data)
    if not broken:
        return "utf-8", ()
    if good >= broken:  # letters of other encodings hardly ever make valid UTF-8 by chance
        return "utf-8", (f"{broken} broken characters were replaced",)
    return _guessed(data[:200_000])


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding of a text of one byte a letter, or of an Asian one, with a warning."""
    beyond = len(data.translate(None, bytes(range(128))))
    if beyond <= FEW * len(re.findall(rb"[A-Za-z]", data)):
        for name in WESTERN:
            if len(_UNWESTERN.findall(data.decode(name, "replace"))) <= ODD * beyond:
                return name, (f"it is not UTF-8; read as {name}",)
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    name = best.encoding if best is not None else WESTERN[0]
    return name, (f"it is not UTF-8; read as {name}",)


def _letters(data: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII a text has that is not all UTF-8, and how many broken ones; none if it is."""
    if is_utf8(data):
        return 0, 0
    good = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for start in range(0, len(data), PIECE):
        piece = decoder.decode(data[start : start + PIECE], start + PIECE >= len(data))
        runs = _ESCAPED.findall(piece)
        broken += len(runs)
        good += len(piece) - len(piece.encode("ascii", "ignore")) - sum(map(len, runs))
    return good, broken


def is_utf8(data: bytes) -> bool:
    """Whether all of a text is UTF-8, read piece by piece."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(data[start : start + PIECE], start + PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _two_bytes(sample: bytes) -> str:
    """UTF-16 without a mark, in the byte order in which it reads as a text; empty for others."""
    if b"\x00" not in sample:
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(name, "ignore")
        plain = sum(letter < "\u0600" and (letter.isprintable() or letter.isspace()) for letter in text)
        plain += sum("\u2010" <= letter <= "\u2044" for letter in text)
        if re.search("[ \n]", text) and plain >= 0.97 * len(text):
            return name
    return ""
