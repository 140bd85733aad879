"""Exports as JSON Lines or JSON: each record becomes an article, and a bad record costs no other.

A file is read record by record, so that what it takes beside its own bytes is bounded by its largest record.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from store.formats.facts import FIELDS, folded_key
from store.formats.record import BODY, RECORD, SUMMARY, TOO_LONG, Parts, Reader, Record, articles, unwrapped
from store.formats.text import encoding_of

HEAD = 20  # records by which a file is judged

JSON_LIST = re.compile(
    rb'(?:\xef\xbb\xbf)?\s{0,80}(?:\[\s{0,80}\{\s{0,80}"|\{"[^\r\n]{2,100000}\}[ \t]{0,20}\r?\n\s{0,80}\{")'
)
"""The beginning of a list of records, or of two records on two lines."""

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_FIRST_LIST = re.compile(rb"\[\s{0,80}(?=\{)")
_QUOTE = ord('"')
_ONLY = re.compile(rb"[\s,]*\Z")
_TITLES = frozenset(FIELDS["title"])


def json_file(data: bytes, fields: Mapping[str, str]) -> Parts:
    """The articles of JSON Lines, of a JSON list, of an object with a list in it, or of an object that is one."""
    warnings, found = records(data)
    yield from articles(Reader(fields, warnings), found)


def records(data: bytes) -> tuple[tuple[str, ...], Iterator[Record]]:
    """Warnings about a file, and its records. Raises Unreadable."""
    encoding, warnings = encoding_of(data)
    if encoding not in ("utf-8", "utf-8-sig"):
        data = data.decode(encoding, "replace").encode("utf-8", "surrogatepass")
    data = data.removeprefix(codecs.BOM_UTF8)
    whole = _whole(data)
    if whole is not None:
        return warnings, _of_document(whole)
    return warnings, _of_lines(data) if _is_lines(data) else _of_elements(data)


def _whole(data: bytes) -> Any:
    """The value of a small file that is one JSON document; None for others."""
    if len(data) > RECORD:
        return None
    try:
        return json.loads(data, strict=False)
    except (ValueError, RecursionError):
        return None


def _of_document(value: Any) -> Iterator[Record]:
    """The records of a JSON document: of a list, of the first list of records in an object, or the object alone."""
    records = _listed(value)
    if records is None:
        yield ("the file", value) if isinstance(value, dict) else ("the file", "it holds no record")
        return
    for number, record in enumerate(records, 1):
        yield f"record {number}", record if isinstance(record, dict) else _no_record(record)


def _listed(value: Any, depth: int = 0) -> list[Any] | None:
    """The list of records in a value: itself, or inside an object that is no article."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or depth > 4 or _is_article(value):
        return None
    lists = [part for part in value.values() if isinstance(part, list) and any(isinstance(item, dict) for item in part)]
    if found := [part for part in lists if any(isinstance(item, dict) and _has_text(item) for item in part[:HEAD])]:
        return max(found, key=len)
    if value and all(isinstance(part, dict) and _is_article(part) for part in value.values()):  # by their ids
        return list(value.values())
    inside = [part for part in value.values() if isinstance(part, dict)] + [part for some in lists for part in some[:1]]
    deeper = (_listed(part, depth + 1) for part in inside)
    return next((found for found in deeper if found is not None), max(lists, key=len, default=None))


def _has_text(record: Mapping[str, Any]) -> bool:
    """Whether a record has a field of an article's text."""
    return not {*BODY, *SUMMARY}.isdisjoint(map(folded_key, unwrapped(record)))


def _is_article(record: Mapping[str, Any]) -> bool:
    """Whether an object is an article and not the answer of a service that holds a list of them."""
    by_name = {folded_key(key): value for key, value in unwrapped(record).items()}
    body = next((by_name[name] for name in BODY if by_name.get(name)), None)
    if isinstance(body, list):  # paragraphs, or records of their own
        body = not any(isinstance(part, dict) and not _TITLES.isdisjoint(map(folded_key, part)) for part in body)
    return bool(body) and any(isinstance(by_name.get(name), str) for name in _TITLES)


def _no_record(value: Any) -> str:
    kinds = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}
    return f"it is {kinds.get(type(value), 'nothing')}, not a record"


def _is_lines(data: bytes) -> bool:
    """Whether each line is a record: the first one is, or at least half of the first lines are."""
    first = [line[:1] == b"{" and isinstance(_loaded(line), dict) for _, line in _lines(data, HEAD) if line]
    return first[0] or sum(first) * 2 >= len(first)


def _lines(data: bytes, most: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers, at most one byte more than RECORD of each."""
    start, number = 0, 0
    while start < len(data) and (most is None or number < most):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        yield number, data[start : min(end, start + RECORD + 1)].strip()
        start = end + 1


def _of_lines(data: bytes) -> Iterator[Record]:
    """The records of JSON Lines."""
    for number, line in _lines(data):
        if line:
            yield f"line {number}", _loaded(line)


def _loaded(part: bytes) -> dict[str, Any] | str:
    """One record, or the reason why it is none."""
    if len(part) > RECORD:
        return TOO_LONG
    try:
        record = json.loads(part.decode("utf-8", "replace"), strict=False)
    except RecursionError:
        return "it is nested too deeply"
    except ValueError as error:
        at = (
            error.msg.removesuffix(" starting at").lower()
            if isinstance(error, json.JSONDecodeError)
            else "a long number"
        )
        return f"it is not valid JSON ({at})"
    return record if isinstance(record, dict) else _no_record(record)


def _of_elements(data: bytes) -> Iterator[Record]:
    """The records of a large or a broken JSON document: the objects in its outermost lists, else those at its top."""
    for number, element in enumerate(_elements(data), 1):
        yield f"record {number}", _loaded(element)


def _elements(data: bytes) -> Iterator[bytes]:
    """The parts of a document that may be records: those of its first list of objects, else those at its top."""
    start = len(data) - len(data.lstrip())
    first = next(_values(data, start), (start, start))
    if data[start : start + 1] == b"[":
        start += 1
    elif first[1] - start > RECORD or _ONLY.match(data, first[1]):
        inner = _FIRST_LIST.search(data, start, start + RECORD)
        start = inner.end() if inner else start
    for low, high in _values(data, start):
        yield data[low : min(high, low + RECORD + 1)]


def _values(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """The objects, lists and texts from `start` on that stand side by side, to the end of the list round them."""
    depth = tokens = low = 0
    for token in _TOKEN.finditer(data, start):
        mark = data[token.start()]
        tokens += 1
        if mark == _QUOTE:
            if not depth:
                yield token.span()
        elif mark in b"[{":
            low = low if depth else token.start()
            tokens = tokens if depth else 0
            depth += 1
        elif not depth:
            return
        else:
            depth -= 1
            if not depth:
                yield low, token.end()
        if tokens > RECORD:
            break
    if depth:  # its end is missing
        yield low, len(data)
