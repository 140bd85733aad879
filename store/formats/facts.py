"""Facts of an article: the metadata at its top, and the outlet that its story names.

Metadata is a YAML block between `---` lines, TOML between `+++` lines, a JSON object, Pandoc's lines after `%`, or
lines `Key: value` over the first blank line. Where it cannot be parsed it is read line by line, with a warning, and is
never part of the story.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import takewhile
from pathlib import Path
from typing import Any

from store.formats.days import day, day_or_month
from store.formats.letters import clean

BLOCK = 16_384  # most characters of a metadata block
OUTLET = 120  # most characters of an outlet's name

_ROWS = Path(__file__).with_name("fields.tsv").read_text("utf-8").splitlines()[1:]
FIELDS = {fact: tuple(names.split()) for fact, names in (row.split("\t") for row in _ROWS)}
"""Names of metadata fields by fact, the surest first; under "-" those passed over without a word."""

_OPENING = re.compile(r"[\s\ufeff\u200b]{0,400}+(?:(---|\+\+\+)(yaml|toml|json)?[ \t]{0,80}+(?:\r\n|\r|\n)|(?=(\{))|)")
_TITLED = re.compile(
    r"# ([^\r\n]{1,300})(?:\r\n|\r|\n)\s{0,80}(?:!\[[^\r\n]{0,500}[\r\n]\s{0,80})?"
    r"(?:##+ metadata[^\r\n]{0,9}[\r\n]\s{0,80})?",
    re.IGNORECASE,
)
"""A heading, below which some tools write the fields, maybe below a picture and a heading of their own."""
_SET = re.compile(r"(?m)^(?:[-*+] )?(?:\*\*|__)?([\w ]{2,30}?)(?::(?:\*\*|__)|(?:\*\*|__):|:)(?= |$)")
"""The name of a field as an item of a list, or in bold."""
_LINES = r"%(?!%)[ \t]*([^\r\n]{0,500}(?:\r?\n[ \t]+[^\s%][^\r\n]{0,500}){0,5})"
_PANDOC = re.compile(rf"\s{{0,80}}{_LINES}\r?\n{_LINES}(?:\r?\n{_LINES})?(?:\r?\n(?=[ \t]*[\r\n])|\Z)")
"""Pandoc's title block: a title, authors, maybe a date, each of one line or of more that are indented."""
_LANGUAGES = {"yaml": "---", "toml": "+++", "json": "{"}
_CLOSING = {
    fence: re.compile(rf"(?<![^\r\n]){mark}[ \t]{{0,80}}+(?:\r\n|\r|\n|\Z)")
    for fence, mark in (("---", r"(?:---|\.\.\.)"), ("+++", r"\+\+\+"), ("{", r"\}"), ("", ""))
}
_FIELD = re.compile(r"""["']?([^\W\d][\w.:@-]{0,40}?(?: [\w-]{1,20}){0,2})["']?[ \t]{0,20}[:=](?:[ \t]+(.*))?$""")
_INNER = re.compile(r"[ \t#}\]-]")  # begins a line that belongs to the field above it, or a comment
_PROSE = re.compile(r".{100}|.*[.!?][\"'”’)]{0,2}$")
_WRAPPERS = frozenset(("params", "extra", "metadata", "meta"))  # names of fields under which site builders keep others
_NOTHING = frozenset(("", "null", "~", "none", "n/a", "na", "nan", "nat", "nil", "-", "unknown", "undefined", "false"))
_WIKI = re.compile(r"\[\[([^\[\]|]{1,300})(?:\|([^\[\]]{1,300}))?\]\]")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\(([^()\s]{1,1000})\)|<([a-z]{2,10}:[^<>\s]{1,1000})>")
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}:\S+|(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?:[/?#:]\S*)?", re.IGNORECASE)
_PAGE = re.compile(
    r"(?!(?:https?://)?(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}/?$)(?:[a-z][a-z0-9+.-]{1,20}:/|www\.)", re.IGNORECASE
)
"""The address of a page, and not of a whole site."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The metadata of a text: values by fact, the end of its block (0 without one), and oddities."""

    values: Mapping[str, str] = field(default_factory=dict)
    end: int = 0
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def facts_of(text: str) -> Facts:
    """The facts in the metadata at the top of a text; none where the text begins with its story."""
    for fence, block, end in _blocks(text):
        fields, complaint = _parsed(fence, block)
        if _is_metadata(fence, block, fields, failed=bool(complaint)):
            if fence == "#":
                fields.setdefault("title", text.lstrip()[2:].splitlines()[0])
            values, warnings, unread = values_of(fields)
            return Facts(values, end, complaint + warnings, unread)
    return Facts()


def _blocks(text: str) -> Iterator[tuple[str, str, int]]:
    """Candidates for the metadata, as (fence, block, end): what a fence encloses, else the lines to a blank one."""
    opening = _OPENING.match(text)
    assert opening is not None  # it may be empty
    start, fence = opening.end(), opening[1] or opening[3] or ""
    if fence == "{":
        with suppress(ValueError, RecursionError):  # if broken, it ends with the line of the closing brace
            end = start + json.JSONDecoder().raw_decode(text[start : start + BLOCK])[1]
            yield fence, text[start:end], end
            return
    if pandoc := _PANDOC.match(text):
        title, author, written = " ".join(pandoc[1].split()), re.split(r"\s*[;\n]\s*", pandoc[2]), pandoc[3] or ""
        yield "{", json.dumps({"title": title, "author": author, "date": written}), pandoc.end()
    closing = _CLOSING[fence].search(text, start, start + BLOCK)
    if closing:
        yield _LANGUAGES.get(opening[2], fence), text[start : closing.start()], closing.end()
    titled = None if fence else _TITLED.match(text, start)
    below = _CLOSING[""].search(text, titled.end(), titled.end() + BLOCK) if titled else None
    if titled and below:
        yield "#", _SET.sub(r"\1:", text[titled.end() : below.start()]), below.end()
    blank = _CLOSING[""].search(text, start, start + BLOCK)
    if fence and blank:  # the closing fence is missing
        yield "", text[start : blank.start()], blank.end()


def _parsed(fence: str, block: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields of a block, and a complaint where they could only be read line by line."""
    import yaml

    if not block.strip():
        return {}, ()
    block, where = re.sub(r"(?<=:)\t+", " ", re.sub(r"\r\n?", "\n", block)), ""
    parsers: dict[str, Callable[[str], Any]] = {"+++": tomllib.loads, "{": json.loads}
    try:  # YAML's dates stay strings, so that an impossible one is our warning and not an exception
        loaded = parsers.get(fence, partial(yaml.load, Loader=yaml.BaseLoader))(block)
        if isinstance(loaded, dict):
            return {str(key): value for key, value in loaded.items()}, ()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" at line {line + 2}" if line is not None else ""
    fields: dict[str, Any] = {}
    for match in filter(None, map(_FIELD.match, block.split("\n"))):
        if match[2] and (match[2][0] not in "[{&*|>!" or _LINK.match(match[2]) or _WIKI.match(match[2])):
            fields.setdefault(match[1], match[2].strip(" \t,").strip("\"'"))
    return fields, (f"its front matter cannot be read{where}; only plain `key: value` lines were taken from it",)


def _is_metadata(fence: str, block: str, fields: Mapping[str, Any], *, failed: bool) -> bool:
    """Whether a block is metadata and not a story between two rules or under a label."""
    keys = {folded_key(key) for key in fields}
    facts = sum(not keys.isdisjoint(names) for fact, names in FIELDS.items() if fact != "-")
    lines = [line.rstrip() for line in block.splitlines() if line.strip() and not _INNER.match(line)]
    named = [bool(_FIELD.match(line)) for line in lines]
    if fence == "{":
        return facts > 0
    if fence in ("", "#"):
        return facts > 1 and all(named)
    if not lines:
        return not block.strip()
    prose = any(_PROSE.match(line) for line, key in zip(lines, named, strict=True) if not key)
    return named[0] and not (failed and prose) and (facts > 0 or all(line[0].islower() for line in lines))


@lru_cache(maxsize=10_000)
def folded_key(key: str) -> str:
    """A field's name in lower case without separators."""
    return re.sub(r"[\W_]", "", key.lower())


def values_of(fields: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Facts from fields, warnings for values that are none, and the names of fields that were not read."""
    inner = {key: value for name in fields if folded_key(name) in _WRAPPERS for key, value in _mapping(fields[name])}
    fields = inner | {
        key: value for key, value in fields.items() if not _mapping(value) or folded_key(key) not in _WRAPPERS
    }
    by_name = {folded_key(key): (key, value) for key, value in reversed(list(fields.items()))}
    values: dict[str, str] = {}
    odd: list[tuple[str, str]] = []
    for fact, names in FIELDS.items():
        for name in (name for name in names if name in by_name and fact not in values and fact != "-"):
            key, value = by_name[name]
            line = words(value, target=fact in ("url", "published", "updated"))
            accepted, complaint = _accepted(fact, name, line) if line else ("", "")
            if accepted:
                values[fact] = accepted
            elif complaint:
                odd.append((fact, f"'{line[:40]}' under {key} {complaint}"))
    undated = "" if "published" in values else "; the article counts as undated"
    warnings = tuple(text + (undated if fact == "published" else "") for fact, text in odd)
    known = {name for names in FIELDS.values() for name in names}
    deep = {name for name, (_, value) in by_name.items() if isinstance(value, dict | list) and not words(value)}
    lost = [key for name, (key, value) in by_name.items() if value and (name not in known or name in deep)]
    return values, warnings, tuple(key[:40] for key in reversed(lost))


def _mapping(value: Any) -> list[tuple[str, Any]]:
    """The fields inside a field that holds fields."""
    return [(str(key), inner) for key, inner in value.items()] if isinstance(value, dict) else []


def _accepted(fact: str, name: str, line: str) -> tuple[str, str]:
    """A field's value as that fact, or nothing and a complaint."""
    if fact in ("published", "updated"):
        return day_or_month(line) if fact == "published" else day(line)
    if fact == "url":
        return (line, "") if _URL.fullmatch(line) else ("", "is no address" if name.endswith("url") else "")
    if fact == "outlet" and (_PAGE.match(line) or len(line) > OUTLET):
        return "", ""
    return (re.sub(r"(?i)^by\s+(?=\S)", "", line) if fact == "author" else line), ""


def words(value: Any, *, target: bool = False) -> str:
    """A field's value as one line: lists are joined, of a mapping its name is taken, anything deeper is left out.

    Of a link stays its text, or its `target`.
    """
    if isinstance(value, dict):
        person = (value.get("given") or value.get("firstName"), value.get("family") or value.get("lastName"))
        names = [value.get(key) for key in (("url", "@id") if target else ("name", "literal", "title"))]
        names.append(_parts_of_day(value))
        whole = " ".join(part for part in person if isinstance(part, str))
        value = next((name for name in names if isinstance(name, str)), whole)
    if isinstance(value, list):
        flat = map(_bare, value)
        items = (words(item, target=target) for item in flat if isinstance(item, str | dict))
        return ", ".join(filter(None, items))
    if isinstance(value, date) or (isinstance(value, int) and abs(value) < 10**15):
        value = str(value)
    line = " ".join(value.split()) if isinstance(value, str) else ""
    line = _WIKI.sub(lambda match: match[1] if target else match[2] or match[1], line)
    line = _LINK.sub(lambda match: match[3] or match[2 if target else 1], line)
    line = " ".join(clean(line, entities=not target).split())
    return "" if line.lower() in _NOTHING else line


def _bare(item: Any) -> Any:
    """An item of a list without the lists round it: YAML takes [[a link]] for a list in a list."""
    for _ in range(3):
        item = item[0] if isinstance(item, list) and len(item) == 1 else item
    return item


def _parts_of_day(value: Mapping[str, Any]) -> str | None:
    """The day or month of a mapping of its year, month and day, as lists of references have it."""
    parts = value.get("date-parts") or [[*takewhile(bool, (value.get(name) for name in ("year", "month", "day")))]]
    first = parts[0] if isinstance(parts, list) else None
    if not isinstance(first, list) or not 2 <= len(first) <= 3:
        return None
    return "-".join(map(str, first)) if all(re.fullmatch(r"\d{1,4}", str(part)) for part in first) else None


_CREDIT = re.compile(r"Source:(?<![^\r\n]Source:)[ \t]{0,20}+(\w[\w.&' -]{1,60})(?![^\r\n])")
_CONTRIBUTED = re.compile(
    r"(?<![^\r\n])([A-Z][\w.&-]{1,30})['’]s [\w .,'’-]{1,300} contributed to this report\.?[ \t]{0,20}(?![^\r\n])"
)


def credit(body: str) -> str | None:
    """The outlet in a credit line ("Source: X and agencies", "X's A and B contributed…"), the last one."""
    found = _CREDIT.findall(body)
    if not found and "contributed to" in body:  # the pattern has no literal beginning: it is slow
        found = _CONTRIBUTED.findall(body)
    return str(found[-1]).strip().removesuffix(" and agencies").strip() if found else None
