"""The cited articles of a conversation, for programs that keep references: BibTeX, RIS and CSL-JSON."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from bot.conversation import SavedConversation
from bot.show.clean import one_line
from bot.show.page import web_address
from store.passage import Document

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", **{sign: f"\\{sign}" for sign in "$&%#_"},
}  # fmt: skip
_AND = re.compile(r"\band\b|,|^others$", re.IGNORECASE)  # BibTeX would part a name there


@dataclass(frozen=True, slots=True)
class _Reference:
    """A cited article, its key and its quotes; names and texts are cleaned and of one line."""

    key: str
    title: str
    outlet: str
    authors: tuple[str, ...]
    day: tuple[str, ...]  # year, month and day in digits; () for an undated article
    url: str
    quotes: tuple[str, ...]


def _references(saved: SavedConversation) -> Iterator[_Reference]:
    """Each cited article once, in the order of its first footnote."""
    documents: dict[str, Document] = {}
    quotes: dict[str, dict[str, None]] = {}
    for turn in saved.turns:
        for citation in turn.answer.citations if turn.answer is not None else ():
            mark = turn.marks.get(citation.number)
            quote = f"“{one_line(citation.quote.text)}”{f' ({mark})' if mark else ''}"
            documents.setdefault(citation.document.id, citation.document)
            quotes.setdefault(citation.document.id, {})[quote] = None
    keys: set[str] = set()
    for document in documents.values():
        keys.add(key := _key(document, keys))
        outlet, author, title = (one_line(fact or "") for fact in (document.outlet, document.author, document.title))
        authors = tuple(name for name in author.split(", ") if name)
        day = tuple((document.published or "").split("-")) if document.published else ()
        yield _Reference(key, title, outlet, authors, day, web_address(document), tuple(quotes[document.id]))


def _key(document: Document, taken: set[str]) -> str:
    """A key of small letters and digits: the outlet, the year or "nd", the first long word of the title."""
    words = [_plain(word) for word in document.title.split()]
    word = next((word for word in words if len(word) > 3), "".join(words)[:12])
    key = f"{_plain(document.outlet or '')[:16]}{(document.published or 'nd')[:4]}{word[:16]}"
    ends = ("", *ascii_lowercase, *(f"-{number}" for number in range(2, len(taken) + 3)))
    return next(f"{key}{end}" for end in ends if f"{key}{end}" not in taken)


def _plain(word: str) -> str:
    """The small ASCII letters and digits of a word, accents taken off."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", word).casefold())


def bibtex(saved: SavedConversation) -> str:
    """The cited articles as BibTeX entries; an undated one has no year, one without an author no author."""
    return "\n".join(map(_entry, _references(saved)))


def _entry(reference: _Reference) -> str:
    year, month, day = (*reference.day, "", "", "")[:3]
    fields = {
        "title": f"{{{_tex(reference.title)}}}",  # a second pair of braces keeps its capitals
        "author": " and ".join(map(_tex_name, reference.authors)),
        "journal": _tex(reference.outlet),
        "year": year,
        "day": day.lstrip("0"),
        "url": reference.url,
        "annote": _tex(" ".join(reference.quotes)),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    if month:
        lines.insert(-1, f"  month = {_MONTHS[int(month) - 1]},\n")
    return f"@article{{{reference.key},\n{''.join(lines)}}}\n"


def _tex(text: str) -> str:
    """Text as TeX sets it; the braces in it balance."""
    return "".join(_TEX.get(letter, letter) for letter in text)


def _tex_name(name: str) -> str:
    return f"{{{_tex(name)}}}" if _AND.search(name) else _tex(name)


def ris(saved: SavedConversation) -> str:
    """The cited articles as RIS records, a tag a line."""
    return "".join(f"{tag}  - {value}\r\n" for one in _references(saved) for tag, value in _tags(one))


def _tags(reference: _Reference) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "ID", reference.key
    yield from (("AU", name) for name in reference.authors)
    yield "TI", reference.title
    if reference.outlet:
        yield "T2", reference.outlet
    if reference.day:
        yield "PY", reference.day[0]
        yield "DA", "/".join(reference.day)
    if reference.url:
        yield "UR", reference.url
    yield from (("N1", quote) for quote in reference.quotes)
    yield "ER", ""


def csl_json(saved: SavedConversation) -> str:
    """The cited articles as CSL-JSON, names whole: none is taken apart by guess."""
    items = [
        {
            "id": one.key,
            "type": "article-newspaper",
            "title": one.title,
            **({"container-title": one.outlet} if one.outlet else {}),
            **({"author": [{"literal": name} for name in one.authors]} if one.authors else {}),
            **({"issued": {"date-parts": [list(map(int, one.day))]}} if one.day else {}),
            **({"URL": one.url} if one.url else {}),
            "note": " ".join(one.quotes),
        }
        for one in _references(saved)
    ]
    return json.dumps(items, ensure_ascii=True, indent=2) + "\n"
