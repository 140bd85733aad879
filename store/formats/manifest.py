"""Manifests: files beside the articles that tell what their texts lack, by the names of the files.

`footnote.toml` has a table for each file (or pattern: "*.txt") under `files`, and under `fields` the names that an
export has for facts; `manifest.csv` and `manifest.jsonl` have a row for each file. A manifest counts for its folder
and the folders in it; the nearest one counts first.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from store.formats import rows, table
from store.formats.article import Article, Unreadable
from store.formats.facts import folded_key, values_of, words
from store.formats.headline import title_of
from store.formats.record import FACTS, Record
from store.formats.text import decode

NAMES = ("footnote.toml", "manifest.csv", "manifest.jsonl")  # in one folder the first counts first
LARGEST = 20 * 1024 * 1024  # bytes
_FILE = ("file", "filename", "filepath", "path", "document", "name")
"""Names of the column that names a file."""
_ALL = ("outlet", "author", "published", "updated")  # what all articles of a file may share


@dataclass(frozen=True, slots=True)
class Told:
    """What manifests tell of one file: facts, and the names of an export's fields."""

    facts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """A sign of what is told, nothing where nothing is."""
        told = repr((sorted(self.facts.items()), sorted(self.fields.items())))
        return sha256(told.encode("utf-8", "replace")).hexdigest()[:12] if self.facts or self.fields else ""

    def added(self, article: Article) -> Article:
        """The article with the facts that its text lacks."""
        lacking: dict[str, Any] = {
            fact: self.facts[fact] for fact in FACTS if fact in self.facts and not getattr(article, fact)
        }
        if article.item:
            lacking = {fact: value for fact, value in lacking.items() if fact in _ALL}
        elif "title" in self.facts and _titled_by_text(article):
            lacking["title"] = self.facts["title"]
        if "published" in lacking:
            lacking["date_source"] = "manifest"
        return replace(article, **lacking) if lacking else article


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest: facts by name or pattern of files, the names of fields, and complaints as sentences."""

    files: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    """Where a file is named ("line 4"), by its name."""
    fields: Mapping[str, str] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()

    def told(self, name: str) -> Mapping[str, str]:
        """The facts of a file, by its path from the manifest's folder: its own before those of patterns."""
        patterns = [facts for pattern, facts in self.files.items() if "*" in pattern and fnmatchcase(name, pattern)]
        return _merged([self.files.get(name, {}), *patterns])


class Manifests:
    """The manifests of a root, each folder's loaded when a file below it is first asked about."""

    def __init__(self, load: Callable[[str], list[Manifest]]) -> None:
        self._load = load  # from a folder's path inside the root; the root's own is empty
        self._by_folder: dict[str, list[Manifest]] = {}

    def of(self, inside: str) -> Told:
        """What they tell of the file at a path inside the root."""
        near: list[tuple[Manifest, str]] = []
        path = PurePath(inside)
        for parent in path.parents:
            folder = "" if parent == PurePath() else str(parent)
            if folder not in self._by_folder:
                self._by_folder[folder] = self._load(folder)
            near += [(manifest, _key(str(path.relative_to(parent)))) for manifest in self._by_folder[folder]]
        facts = _merged([manifest.told(name) for manifest, name in near])
        return Told(facts, _merged([manifest.fields for manifest, _ in near]))


def parsed(name: str, data: bytes) -> Manifest:
    """The manifest of a file. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(f"{len(data) / 1e6:.0f} MB is over the limit of {LARGEST // 1024**2} MB")
    if not data.strip():
        raise Unreadable("the file is empty")
    if name.lower().endswith(".toml"):
        return _toml(data)
    found = table.records(data, set(_FILE), {})[1] if name.lower().endswith(".csv") else rows.records(data)[1]
    return _rows(found)


def _toml(data: bytes) -> Manifest:
    try:
        loaded = tomllib.loads(decode(data)[0].replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not valid TOML ({str(error)[:120] or 'nested too deeply'})") from None
    complaints = [
        f"it has '{key[:40]}', which is not known (known: files, fields)" for key in loaded if key not in _TABLES
    ]
    files, fields = (loaded.get(name, {}) for name in _TABLES)
    if not isinstance(files, dict) or not isinstance(fields, dict):
        raise Unreadable("'files' and 'fields' are to be tables: [fields], [files.\"a.txt\"]")
    mapped: dict[str, str] = {}
    for fact, value in fields.items():
        if folded_key(fact) not in (*FACTS, "text", "id"):
            complaints.append(f"[fields] has '{fact[:40]}', which is not known (known: {', '.join(FACTS)}, text, id)")
        elif not words(value):
            complaints.append(f"[fields] {fact} is to be the name of a field, or the number of a column")
        else:
            mapped[folded_key(fact)] = words(value)
    return _manifest([(f"'{name[:80]}'", name, facts) for name, facts in files.items()], mapped, complaints)


_TABLES = ("files", "fields")


def _rows(found: Iterator[Record]) -> Manifest:
    """The manifest in a table or in JSON Lines."""
    named: list[tuple[str, str, Any]] = []
    complaints = []
    for where, record in found:
        if isinstance(record, str):
            complaints.append(f"{where}: {record}")
            continue
        column = next((key for name in _FILE for key in record if folded_key(key) == name and words(record[key])), "")
        if column:
            named.append((where, words(record[column]), {key: record[key] for key in record if key != column}))
        else:
            complaints.append(f"{where}: it names no file")
        if len(complaints) > 100:
            raise Unreadable(f"too many of its rows cannot be read ({complaints[0]})")
    if not named:
        raise Unreadable("none of its rows names a file" + (f" ({complaints[0]})" if complaints else ""))
    return _manifest(named, {}, complaints)


def _manifest(named: list[tuple[str, str, Any]], fields: Mapping[str, str], complaints: list[str]) -> Manifest:
    """A manifest of (place, file, facts), the first of a file counts."""
    files: dict[str, Mapping[str, str]] = {}
    places: dict[str, str] = {}
    for where, name, facts in named:
        if not isinstance(facts, Mapping):
            complaints.append(f'{where}: its facts are to be a table: [files."{name[:80]}"]')
            continue
        values, odd, unread = values_of(facts)
        complaints += [f"{where}: {line}" for line in odd]
        complaints += [f"{where}: not known: {', '.join(unread)}"] if unread else []
        key = _key(name)
        if key not in files:
            files[key], places[key] = values, where
        else:
            complaints.append(f"{where}: the file is named before; the first one counts")
    return Manifest(files, places, fields, tuple(complaints))


def _merged(parts: list[Mapping[str, str]]) -> dict[str, str]:
    """One mapping of several, of which the first counts."""
    return {key: value for part in reversed(parts) for key, value in part.items()}


def _key(name: str) -> str:
    """The one form of a path for comparing: system names may be decomposed, and people write "./a.txt"."""
    return unicodedata.normalize("NFC", re.sub(r"\A(?:\./)+", "", name.replace("\\", "/")))


def _titled_by_text(article: Article) -> bool:
    """Whether an article's title is the first heading or the first line of its text, for lack of another."""
    top = max((span.end for span in article.spans if span.start == 0 and span.kind == "furniture"), default=0)
    headings = [article.text[span.start : span.end] for span in article.spans if span.kind == "heading"]
    first = [article.text[top:], *headings[:1]]
    return article.title in {title_of(line, names=names) for line in first for names in (False, True)}
