"""Reading a file: one text or Markdown file becomes one article with its facts, or a reason why not."""

from __future__ import annotations

import codecs
import hashlib
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from store.passage import Document, Span

SUFFIXES = (".txt", ".text", ".md", ".markdown")
LARGEST = 20 * 1024 * 1024  # bytes
TITLE = 90  # characters of a title that is taken from the text
STRAY = 3  # control characters that a short text may hold and still be one
VERSION = 2  # raise it when the same bytes would be read differently

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.{0,16384}?)(?:\r?\n|\A)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HEADING = re.compile(r"^#[ \t]+([^\s#].*)$", re.MULTILINE)
_CREDITS = (
    re.compile(r"^Source:[ \t]*([\w.&' -]{2,40}?)(?:[ \t]+and agencies)?[ \t]*$", re.MULTILINE),
    re.compile(r"^([A-Z][\w.&-]{1,30})['’]s [\w .,'’-]+ contributed to this report\.?[ \t]*$", re.MULTILINE),
)
_FURNITURE = (
    re.compile(
        r"^[ \t]*(?:advertisement|read more:.*|(?:source|sources):.*|.{0,120}contributed to this report\.?)[ \t]*$",
        re.I | re.M,
    ),
    re.compile(r"(?:Video[ \t]+)?Watch more on [^.\n]{0,120}[»\"][ \t]*$", re.M),
    re.compile(
        r"JUST WATCHED\b[^\n]{0,200}?\bReplay\b(?:[ \t]More Videos)?(?:[ \t]*\.\.\.)?"
        r"(?:[ \t]*MUST WATCH\b(?:[^\n]{0,200}?[ \t]\d\d:\d\d\b)?)?"
    ),
    re.compile(r"Hide Caption \d{1,3} of \d{1,3}\b(?:[ \t]Photos:){0,2}|\bPhotos:[ \t]Photos:"),
)
WESTERN = "cp1252"
# Encodings for which a short Western text is often taken, and what would stand in a text of theirs read as Western:
# letters that Western languages hardly have, or signs inside words.
LIKE_WESTERN = ("cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2", "iso8859_10", "iso8859_16")
_UNWESTERN = re.compile(r"[žšŽŠþÞŸ\ufffd]|[^\W\d_][¹³¼¾¿£¥ªº¯]|[¹³¼¾¿¥ªº¯][^\W\d_]")


# What is addressed to a program and not to a reader: marks of a chat, comments and scripts of a page, and paragraphs
# that begin by telling an assistant what to say.
_REST = r"[^\n]*(?:\n[^\n]+)*"  # of a paragraph
_ADDRESSED = (
    re.compile(r"<\|im_start\|>.{0,4000}?<\|im_end\|>|<!--.{0,4000}?-->|<script\b.{0,4000}?</script>", re.S | re.I),
    re.compile(
        r"^[ \t]*(?:please )?(?:ignore|disregard|forget) (?:(?:all|any|the|your|of) ){0,3}(?:previous|prior|earlier"
        rf"|above|preceding) (?:instructions?|rules|prompts?|text|messages?)\b{_REST}"
        r"|^[ \t]*(?:note|message|instructions?|memo) (?:to|for) (?:the |any |all )?(?:assistants?|ai|a\.i\.|chatbots?"
        rf"|bots?|(?:language )?models?|llms?)\b{_REST}"
        rf"|^[ \t]*(?:system|assistant|system prompt)[ \t]*:{_REST}"
        rf"|^[ \t]*you are (?:now )?an? (?:[\w-]+ ){{0,3}}(?:assistant|ai|chatbot|bot|language model)\b{_REST}",
        re.I | re.M,
    ),
)


class Unreadable(Exception):
    """A file that holds no article; the message is the reason, for a summary."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document with what was odd about its file."""

    document: Document
    digest: str  # of the file's bytes
    warnings: tuple[str, ...] = ()


def read(path: Path, *, root: str, inside: str) -> Read:
    """Reads one article from `path`, which lies at `inside` in the root of that name.

    Raises Unreadable with the reason, or OSError.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise Unreadable(f"{size / 1e6:.0f} MB is over the limit of {LARGEST // 1024**2} MB; split the file")
    data = path.read_bytes()
    if not data.strip():
        raise Unreadable("the file is empty")
    text, warnings = decode(data)
    facts, spans, odd = front_matter(text)
    warnings += odd
    body = spans[0].end if spans else 0
    spans += tuple(furniture(text, body))
    if not text[body:].strip():
        raise Unreadable("there is no text under its front matter")
    document = Document(
        id="",
        root=root,
        source=inside or path.name,
        title=facts.get("title") or title_of(text[body:], markdown=path.suffix.lower() in (".md", ".markdown")),
        outlet=facts.get("outlet") or credit(text[body:]),
        author=facts.get("author"),
        published=facts.get("published"),
        updated=facts.get("updated"),
        date_source="front matter" if facts.get("published") else None,
        url=facts.get("url"),
        text=text,
        spans=spans,
    )
    return Read(
        replace(document, id=document_id(document, inside)),
        hashlib.sha256(data).hexdigest()[:32],
        tuple(warnings),
    )


def document_id(document: Document, inside: str) -> str:
    """A short id that no content changes: of the canonical URL, else of root name, path inside it and item.

    Ten characters of a-z and 2-7, the first a letter, so that it is never taken for a footnote's number.
    """
    place = "\x1f".join((document.root, inside, *filter(None, [document.item])))
    key = canonical(document.url) if document.url else place
    value = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest(), "big")
    letters = string.ascii_lowercase + "234567"
    value, first = divmod(value, 26)
    rest = [letters[(value >> 5 * i) & 31] for i in range(9)]
    return string.ascii_lowercase[first] + "".join(rest)


def canonical(url: str) -> str:
    """A URL without what does not tell articles apart: case of the host, fragment, campaign marks."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith("utm_")]
    host = parts.netloc.lower().removeprefix("www.")
    return urlunsplit(("https" if parts.scheme in ("http", "https") else parts.scheme, host,
                       parts.path.rstrip("/"), urlencode(kept), ""))  # fmt: skip


# -- bytes to text -----------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, list[str]]:
    """Bytes as text, mended where an encoding was mistaken; with a warning for what was guessed.

    Raises Unreadable for what is no text at all.
    """
    text, warnings = _decode(data)
    if len(_CONTROL.findall(text[:65536])) > max(STRAY, 0.02 * len(text[:65536])):
        raise Unreadable("it is not a text file (binary data)")
    if "Ã" in text or "Â" in text or "â€" in text:
        import ftfy

        text = ftfy.fix_encoding(text)
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text), warnings


def _decode(data: bytes) -> tuple[str, list[str]]:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    if data.count(b"\x00") > 0.02 * len(data):
        raise Unreadable("it is not a text file (binary data)")
    good = sum(1 for letter in loose if letter > "\x7f") - broken
    if good >= broken:  # letters of other encodings hardly ever make valid UTF-8 by chance
        return loose, [f"{broken} broken characters were replaced"]
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    name = best.encoding if best is not None else WESTERN
    if name in LIKE_WESTERN and not _UNWESTERN.search(data.decode(WESTERN, "replace")):
        name = WESTERN
    return data.decode(name, "replace"), [f"it is not UTF-8; read as {name}"]


# -- facts -------------------------------------------------------------------------------------


def front_matter(text: str) -> tuple[dict[str, str], tuple[Span, ...], list[str]]:
    """The facts in a leading `---` block, the block as furniture, and what was wrong with it.

    A block that cannot be read gives no facts and stays furniture: the article itself is kept.
    """
    match = _FENCE.match(text)
    if match is None:
        return {}, (), []
    import yaml

    block = (Span(0, match.end(), "furniture", "front matter"),)
    try:
        # Dates stay strings, so that an impossible one is our warning and not an exception.
        loaded = yaml.load(match.group(1), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" at line {line + 2}" if line is not None else ""
        return (
            {},
            block,
            [f"its front matter cannot be read{where}; no title, outlet or date was taken from it"],
        )
    if not isinstance(loaded, dict):
        return {}, block, ["its front matter is not a list of `key: value` lines; nothing was taken from it"]
    facts: dict[str, str] = {}
    warnings: list[str] = []
    for key in ("title", "outlet", "author", "url"):
        value = words(loaded.get(key))
        if value:
            facts[key] = value
    for key in ("published", "updated"):
        value = words(loaded.get(key))
        day = iso_day(value)
        if day:
            facts[key] = day
        elif value:
            warnings.append(f"'{value[:40]}' under {key} is no date (write YYYY-MM-DD); the article counts as undated")
    return facts, block, warnings


def words(value: Any) -> str:
    """A front-matter value as one line: lists are joined, anything deeper is left out."""
    if isinstance(value, list):
        return ", ".join(words(item) for item in value if isinstance(item, str))
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", line)


def iso_day(value: str) -> str | None:
    """The day of an ISO date or date-time (YYYY-MM-DD…), or None."""
    if not re.match(r"\d{4}-\d{2}-\d{2}(?:$|[T ])", value):
        return None
    try:
        return (
            date.fromisoformat(value).isoformat()
            if len(value) == 10
            else datetime.fromisoformat(value).date().isoformat()
        )
    except ValueError:
        return None


def title_of(body: str, *, markdown: bool) -> str:
    """A headline from the text itself: a Markdown heading, else the first line, cut at a word."""
    heading = _HEADING.search(body) if markdown else None
    line = heading.group(1).rstrip(" \t\r#") if heading else next(line for line in body.splitlines() if line.strip())
    line = " ".join(line.split())
    if len(line) <= TITLE:
        return line
    return line[: TITLE - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def credit(body: str) -> str | None:
    """The outlet that a credit line names ("Source: X and agencies", "X's A and B contributed…")."""
    for pattern in _CREDITS:
        found = pattern.findall(body)
        if found:
            return str(found[-1]).strip()
    return None


def furniture(text: str, body: int) -> Iterator[Span]:
    """Stretches of the body that are page, not story: advertisement marks, "read more" lines, credits,
    video prompts, the counts of photo galleries, and what is addressed to a program and not to a reader."""
    for patterns, value in ((_FURNITURE, "page"), (_ADDRESSED, "addressed")):
        for pattern in patterns:
            for match in pattern.finditer(text, body):
                yield Span(match.start(), match.end(), "furniture", value)
