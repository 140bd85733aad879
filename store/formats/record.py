"""Records: one record of an export, as fields by name, becomes an article."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store.formats import html
from store.formats.article import Article, Lost, Unreadable
from store.formats.facts import FIELDS, folded_key, values_of, words
from store.formats.headline import title_of
from store.formats.markup import plain
from store.formats.statement import stated

BODY = tuple(
    "fulltext maintext bodytext articlebody articletext articlecontent plaintext body text storytext textcontent"
    " contenttext content story article rawtext bodyhtml contenthtml html postcontent contentelements paragraphs texto"
    " texte inhalt testo contenido contenu cuerpo contentencoded".split()
)
"""Names of the field that holds an article's text, the surest first."""
SUMMARY = tuple(
    "description summary abstract lead lede snippet excerpt standfirst trailtext teaser shortdescription"
    " openingtext hitsentence".split()
)
"""Names of a field that stands for the text where there is none."""
FACTS = ("title", "outlet", "author", "published", "updated", "url")
IDS = tuple("id guid uid uuid articleid docid documentid storyid recordid docno key".split())
NAMED = 200  # most characters of an item's name
UNREAD = 20  # most names of fields that are told as not read

LARGEST = 512 * 1024 * 1024  # bytes of a file of records
RECORD = 8 * 1024 * 1024  # bytes of a record, or characters of a row
TOO_LONG = f"it is longer than {RECORD // 1024**2} MB"
IN_A_ROW = 1_000  # bad records in a row after which the rest of the file is not read

Parts = Iterator[Article | Lost]
Record = tuple[str, Mapping[str, Any] | str]
"""Where a record stands, and its fields or the reason why it has none."""

_INNER = frozenset("_source fields attributes article document doc metadata meta data item node thread credits".split())
"""Names of fields in which exports wrap a record."""
_VALUES = tuple("rendered main basic original $date $oid $numberLong #text value text content".split())
"""Names under which exports wrap a value."""
_NUMBER = re.compile(r"\d{9,19}(?:\.\d{1,9})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 631_152_000, 4_102_444_800  # seconds: the years 1990 to 2099
_CUT = re.compile(r"\s{0,9}(?:…|\.\.\.)?\s{0,9}\[\+\d{1,9} chars\]$")
_PAGE = re.compile(r"\s{0,200}(?:<\?xml[^<>]{0,200}>\s{0,200})?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_DEEP = 4  # levels of wrapping that are looked into


class Reader:
    """Makes articles of the records of one file; `fields` maps facts to the names of the file's own fields."""

    def __init__(self, fields: Mapping[str, str], warnings: tuple[str, ...] = ()) -> None:
        self._fields = fields
        self._warnings = warnings  # about the whole file: they travel with its first article
        self._items: set[str] = set()

    def article(self, record: Mapping[str, Any], where: str) -> Article | Lost:
        """The article of a record, or the reason why it is none."""
        fields = unwrapped(record)
        for fact, name in self._fields.items():
            _rename(fields, record, fact, name)
        by_name = {folded_key(key): value for key, value in reversed(list(fields.items()))}
        name, body = _body(by_name)
        values, odd, unread = values_of({k: v for k, v in fields.items() if folded_key(k) not in (*BODY, *IDS)})
        if _PAGE.match(body):
            return self._of_page(body, by_name, values, odd, where)
        cut = _CUT.search(body, max(0, len(body) - 40)) if body.endswith("chars]") else None
        text, headings = plain(body[: cut.start()] if cut else body)
        if not text.strip():
            return Lost(where, _without_text(fields, by_name))
        title = " ".join(plain(values.get("title", ""))[0].split())
        lacks: tuple[str, ...] = (f"it has no text of its own; its {name} stands for it",) if name in SUMMARY else ()
        lacks += ("its text is cut off in the export",) if cut else ()
        warnings, self._warnings = self._warnings, ()
        article = Article(
            text=text,
            title=title or title_of(text),
            item=self._item(by_name, values, text),
            outlet=values.get("outlet"),
            author=values.get("author"),
            published=values.get("published"),
            updated=values.get("updated"),
            date_source="date field" if values.get("published") else None,
            url=values.get("url"),
            spans=headings,
            warnings=warnings + odd + lacks,
            unread=unread[:UNREAD],
            unmarked=True,
        )
        return stated(article, text)

    def _of_page(
        self, page: str, by_name: Mapping[str, Any], values: Mapping[str, str], odd: tuple[str, ...], where: str
    ) -> Article | Lost:
        """The article of a record whose text is a whole web page; what the record says counts before the page."""
        try:
            article = html.article(page, (*self._warnings, *odd), values.get("url", ""))
        except Unreadable as reason:
            return Lost(where, f"its page cannot be read: {reason}")
        self._warnings = ()
        said: dict[str, Any] = {fact: values[fact] for fact in FACTS if values.get(fact)}
        if "published" in said:
            said["date_source"] = "date field"
        return replace(article, item=self._item(by_name, values, article.text), **said)

    def _item(self, by_name: Mapping[str, Any], values: Mapping[str, str], text: str) -> str:
        """A name that the record keeps wherever it stands in the file: its id, its address, else a digest."""
        own = [words(by_name[name]) for name in IDS if name in by_name]
        own += [values.get("url", "")]
        told = values.get("title") or text, values.get("published", "")
        digest = hashlib.sha256("\x1f".join(told).encode("utf-8", "replace")).hexdigest()[:12]
        item = next((line for line in own if line and len(line) <= NAMED and line not in self._items), digest)
        self._items.add(item)
        return item


def articles(reader: Reader, records: Iterable[Record]) -> Parts:
    """The articles of records; after many bad ones in a row the rest is not looked at."""
    bad = 0
    for where, record in records:
        part = Lost(where, record) if isinstance(record, str) else reader.article(record, where)
        bad = bad + 1 if isinstance(part, Lost) else 0
        yield part
        if bad >= IN_A_ROW:
            yield Lost(f"after {where}", f"{bad:,} records in a row cannot be read; the rest of the file is left out")
            return


def unwrapped(record: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """The fields of a record by name, those inside a wrapping field too; the outer ones come first."""
    fields = {key: _value(folded_key(key), value) for key, value in record.items()}
    for key, inner in record.items():
        if isinstance(inner, dict) and key.lower() in _INNER and depth < _DEEP:
            wrapped = unwrapped(inner, depth + 1)
            if fields.get(key) is inner:
                del fields[key]
            fields = {**wrapped, **fields}
    return fields


def _value(name: str, value: Any) -> Any:
    """A field's value without its wrapping; a moment in numbers as its day."""
    if isinstance(value, dict):
        keys = ("name", "title", "domain", "uri") if name in FIELDS["outlet"] else _VALUES
        inner = next((value[key] for key in keys if key in value), value)
        if isinstance(inner, dict):  # {"$date": {"$numberLong": …}}
            inner = next((inner[key] for key in _VALUES if key in inner), inner)
        value = inner
    if name in FIELDS["published"] or name in FIELDS["updated"]:
        return _day(value) or value
    return value


def _day(value: Any) -> str:
    """The day of a moment in seconds since 1970, or in thousandths, millionths or milliardths; nothing for others."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    line = str(value).strip()
    if not _NUMBER.fullmatch(line):
        return ""
    for scale in (1, 10**3, 10**6, 10**9):
        seconds = float(line) / scale
        if _FIRST <= seconds < _LAST:
            return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    return ""


def _rename(fields: dict[str, Any], record: Mapping[str, Any], fact: str, name: str) -> None:
    """Puts the field that the user names for a fact in the first place; `meta.when` names one inside another."""
    value: Any = next((value for key, value in fields.items() if folded_key(key) == folded_key(name)), None)
    if value is None and "." in name:
        value = record
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if value is not None:
        for key in [key for key in fields if folded_key(key) in (fact, folded_key(name))]:
            del fields[key]
        fields[BODY[0] if fact == "text" else fact] = _value(fact, value)


def _body(by_name: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the value of the field that holds the text; empty where none does."""
    for name in (*BODY, *SUMMARY):
        text = "\n\n".join(_paragraphs(by_name.get(name)))
        if text.strip():
            return name, text
    return "", ""


def _paragraphs(value: Any, depth: int = 0) -> Iterator[str]:
    """The paragraphs of a text, or of a list of texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _DEEP:
        for part in value:
            yield from _paragraphs(_value("", part), depth + 1)


def _without_text(fields: Mapping[str, Any], by_name: Mapping[str, Any]) -> str:
    """The reason why a record is no article."""
    if any(name in by_name for name in BODY):
        return "its text is empty"
    names = ", ".join(key[:40] for key in list(fields)[:8])
    return f"none of its fields is known as a text ({names or 'it has none'}); name it in footnote.toml under [fields]"
