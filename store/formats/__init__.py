"""Formats: a file becomes articles. One table; a format is a module beside this one and a line in the table."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from store.formats import child, html, mail, mhtml, others, record, rows, table, text
from store.formats.article import Article as Article
from store.formats.article import Lost as Lost
from store.formats.article import Unreadable as Unreadable
from store.formats.corrections import corrected
from store.formats.furniture import furniture

LARGEST = 20 * 1024 * 1024  # bytes of a file that is read
VERSION = 11  # raise it when the same bytes would be read differently: every file is then read again


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its suffixes in lower case, its reader from bytes to articles, how its content begins."""

    suffixes: tuple[str, ...]
    read: Callable[..., Iterator[Article | Lost]]
    begins: re.Pattern[bytes] | None = None
    """Content of this beginning is of this format whatever the file's suffix says."""
    largest: int = LARGEST  # bytes
    is_export: bool = False
    """Whether it holds records, with fields whose names the user may map: its reader is given these too."""


Fields = Mapping[str, str]
NO_FIELDS: Fields = MappingProxyType({})

FORMATS = [
    Format((".txt", ".text"), text.plain),
    Format((".md", ".markdown"), text.markdown),
    Format((".html", ".htm", ".xhtml"), html.pages, html.BEGINS),
    Format((".mhtml", ".mht"), mhtml.archive, mhtml.BEGINS, mhtml.LARGEST),
    Format((".eml",), mail.message, mail.BEGINS),
    Format((".pdf",), child.pdf, re.compile(rb"\s{0,1024}+%PDF-\d"), largest=100 * 1024**2),
    Format((".docx", ".docm"), child.docx, re.compile(rb"PK\x03\x04"), largest=50 * 1024**2),
    Format(others.SUFFIXES, others.read, others.BEGINS),
    Format((".jsonl", ".ndjson", ".json"), rows.json_file, rows.JSON_LIST, record.LARGEST, is_export=True),
    Format((".csv", ".tsv"), table.table, largest=record.LARGEST, is_export=True),
]


def suffixes() -> tuple[str, ...]:
    """The suffixes of the files that are read, or named with what to do about them."""
    return tuple(suffix for kind in FORMATS for suffix in kind.suffixes)


def readable() -> tuple[str, ...]:
    """The suffixes of the files that are read."""
    return tuple(suffix for suffix in suffixes() if suffix not in others.SUFFIXES)


def finished(article: Article) -> Article:
    """The article with its furniture and its corrections marked."""
    if article.unmarked:
        spans, left_out = furniture(article.text, 0)
        article = replace(article, spans=article.spans + spans, warnings=article.warnings + left_out, unmarked=False)
    return corrected(article)


def read(path: Path, data: bytes | None = None, *, fields: Fields = NO_FIELDS) -> Iterator[Article | Lost]:
    """The articles of a file, whole; see `parts`."""
    return (part if isinstance(part, Lost) else finished(part) for part in parts(path, data, fields=fields))


def parts(path: Path, data: bytes | None = None, *, fields: Fields = NO_FIELDS) -> Iterator[Article | Lost]:
    """The articles of a file, no two of one `item`, and what is lost of it; `data` are its bytes if they are at hand.

    Those of an export may still lack the marks of `finished`. `fields` maps facts to the names that an export has for
    them: {"published": "when_out"}.
    Raises Unreadable with the reason, or OSError.
    """
    data = path.read_bytes() if data is None else data
    check_size(path, len(data))
    if not data or data.isspace():
        raise Unreadable("the file is empty")
    claims = [kind for kind in FORMATS if kind.begins and kind.begins.match(data)]
    named = [kind for kind in FORMATS if path.suffix.lower() in kind.suffixes]
    if not claims and not named:
        raise Unreadable("it is not a kind of file that Footnote reads")
    times: Counter[str] = Counter()
    first = ""
    kind = (claims or named)[0]
    for article in kind.read(data, fields) if kind.is_export else kind.read(data):
        if isinstance(article, Lost):
            first = first or f" ({article.where}: {article.reason})"
            yield article
            continue
        times[article.item] += 1
        again = times[article.item]
        yield article if again == 1 else replace(article, item=f"{article.item}#{again}")
    if not times:
        raise Unreadable(f"there is no article in it{first}")


def check_size(path: Path, size: int) -> int:
    """The most bytes that are read of a file. Raises Unreadable where it has more."""
    largest = max((kind.largest for kind in FORMATS if path.suffix.lower() in kind.suffixes), default=LARGEST)
    if size > largest:
        raise Unreadable(f"{size / 1e6:.0f} MB is over the limit of {largest // 1024**2} MB; split the file")
    return largest
