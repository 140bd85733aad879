"""A suite of eval questions, read from its folder and checked whole.

A suite is a folder with `suite.toml` and its cases in `cases.toml`, `cases.jsonl` or files in `cases/`; all of them
are read, and evals/README.md shows them. Every fault is an EvalInvalid that names the file and the line.
"""

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.errors import EvalInvalid, SettingsError
from bot.settings import Settings, checked, paths
from evals.case import CASE_KEYS, FLAG, TEXT, TEXTS, Case, Kind, known, nearest
from evals.case import read as read_case
from evals.checks import CHECKS, METRICS

LIVE = "@"  # begins the name of the user's own corpus, where suite.toml names one
PUBLIC = "public/"  # begins the name of a suite that is made of a public set
ENOUGH = 20  # cases that a gated tag needs at least: a slice of fewer says too little to fail by
SUITE_KEYS = ("name", "about", "corpus", "optional", "settings", "checks", "gated_tags", "floors", "gates")
_SETTINGS = tuple(field.name for field in fields(Settings) if field.name != "corpus")
_VARIABLE = re.compile(r"\$(\w+)")
_CASE_LINE = re.compile(r"\s*\[\[\s*case\s*\]\]")


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases over one corpus."""

    name: str
    about: str
    folder: Path
    corpus: Path | None  # None where it is missing; `missing` then says why
    cases: tuple[Case, ...]
    optional: bool = False
    missing: str = ""
    floors: Mapping[str, float] = field(default_factory=dict)  # metric → least mean
    settings: Mapping[str, object] = field(default_factory=dict)  # they go over the user's
    checks: tuple[str, ...] = tuple(CHECKS)
    drops: Mapping[str, float] = field(default_factory=dict)  # metric → greatest drop below the baseline's mean
    gated_tags: tuple[str, ...] = ()
    live: str = ""  # the user's own corpus of that name, asked where it is; `corpus` is its folder

    @property
    def answerable(self) -> int:
        """The number of cases that the corpus answers."""
        return sum(case.answerable for case in self.cases)

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(sorted({tag for case in self.cases for tag in case.tags}))


def read(folder: Path) -> Suite:
    """The suite in a folder, checked whole; a corpus that is missing is noted, not raised. Raises EvalInvalid."""
    written = _Written(folder / "suite.toml")
    name, about, corpus = (written.value(TEXT, key) for key in ("name", "about", "corpus"))
    live = corpus.removeprefix(LIVE) if corpus.startswith(LIVE) else ""
    place, missing = _live(live, written.at("corpus")) if live else _corpus(folder, corpus)
    files = _files(place) if place and not live else None  # articles of a live corpus come and go
    cases = tuple(read_case(facts, files, where) for facts, where in _rows(folder))
    return Suite(
        name, about, folder, place, cases, written.value(FLAG, "optional"), missing, written.shares("floors"),
        written.settings(), written.checks(), written.shares("gates"), written.gated(cases), live,
    )  # fmt: skip


class _Written:
    """suite.toml as it is written, its keys known."""

    def __init__(self, file: Path) -> None:
        self.file, self.facts = file, _toml(file)
        known(self.facts, SUITE_KEYS, self.at)

    def at(self, key: str, inside: str = "") -> str:
        """File and line of a key; one of a table is looked for from the table's first line on."""
        if not inside and key not in self.facts:
            return str(self.file)
        return _at(self.file, _line_of(self.file, key, _line_of(self.file, inside) if inside else 1))

    def value(self, kind: Kind, key: str) -> Any:
        return kind.of(self.facts, key, self.at(key))

    def table(self, key: str, there: Iterable[str]) -> dict[str, Any]:
        """A table, its keys known; empty where it is left out."""
        table = self.facts.get(key, {})
        if not isinstance(table, dict):
            raise EvalInvalid(f"{self.at(key)}: {key} must be a table, [{key}].")
        known(table, there, lambda name: self.at(name, key))
        return table

    def shares(self, key: str) -> dict[str, float]:
        """A table of metrics, each with a number from 0 to 1."""
        table = self.table(key, METRICS)
        for metric, value in table.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                what = {"floors": "the floor of", "gates": "the greatest drop of"}[key]
                raise EvalInvalid(f"{self.at(metric, key)}: {what} {metric} must be a number from 0 to 1.")
        return {metric: float(value) for metric, value in table.items()}

    def settings(self) -> dict[str, object]:
        """The settings that the suite fixes, each checked as those of the user are."""
        table = self.table("settings", _SETTINGS)
        try:
            return {key: checked(key, value, self.at(key, "settings")) for key, value in table.items()}
        except SettingsError as error:
            raise EvalInvalid(error.message) from error

    def checks(self) -> tuple[str, ...]:
        """The names of the checks that it is scored by, in the registry's order: all where it names none."""
        named = self.value(TEXTS, "checks") if "checks" in self.facts else CHECKS
        known(named, CHECKS, lambda name: self.at("checks"), "check")
        return tuple(name for name in CHECKS if name in named)

    def gated(self, cases: Iterable[Case]) -> tuple[str, ...]:
        """The tags that are gated, each with enough cases."""
        gated: tuple[str, ...] = self.value(TEXTS, "gated_tags")
        counts = Counter(tag for case in cases for tag in case.tags)
        for tag in gated:
            if counts[tag] < ENOUGH:
                end = nearest(tag, counts, "tags") if tag not in counts else "."
                said = f"a gated tag needs {ENOUGH} cases, and {tag!r} has {counts[tag]}{end}"
                raise EvalInvalid(f"{self.at('gated_tags')}: {said}")
        return gated


def _live(name: str, where: str) -> tuple[Path | None, str]:
    """The folder of the user's own corpus, or None with the reason. Raises EvalInvalid for what is no name."""
    try:
        place = paths().corpus_folder(name)
    except SettingsError as error:
        raise EvalInvalid(f"{where}: {error.message}") from error
    return (place, "") if place.is_dir() else (None, f"there is no corpus '{name}'")


def _corpus(folder: Path, written: str) -> tuple[Path | None, str]:
    """The corpus folder that a suite names, or None with the reason; $NAME is taken from the environment."""
    unset = [name for name in _VARIABLE.findall(written) if not os.environ.get(name)]
    if unset:
        return None, f"its corpus is {written}, and {unset[0]} is not set"
    place = folder / _VARIABLE.sub(lambda match: os.environ[match[1]], written)
    if not place.is_dir():
        return None, f"there is no folder {place}"
    return (place, "") if _files(place) else (None, f"the folder {place} is empty")


def _files(folder: Path) -> frozenset[str]:
    return frozenset(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _rows(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each case as it is written, its keys known and its id its own, with the words for where it stands."""
    seen: dict[str, str] = {}
    for file in case_files(folder):
        rows = _toml_rows(file) if file.suffix == ".toml" else _json_rows(file)
        if not rows:
            raise EvalInvalid(f"{file} holds no case.")
        for facts, start, end in rows:
            name = facts.get("id")
            named = f" (case {name})" if isinstance(name, str) else ""

            def at(key: str, file: Path = file, start: int = start, end: int = end, named: str = named) -> str:
                return _at(file, _line_of(file, key, start, end)) + named

            known(facts, CASE_KEYS, at)
            if isinstance(name, str):
                if name in seen:
                    raise EvalInvalid(f"{at('id')}: its id stands at {seen[name]} too.", "Give each case its own.")
                seen[name] = _at(file, _line_of(file, "id", start, end))
            yield facts, _at(file, start) + named


def case_files(folder: Path) -> list[Path]:
    """The files of a suite's cases, in the order in which they are read. Raises EvalInvalid where there is none."""
    inside = folder / "cases"
    try:
        more = sorted(file for file in inside.iterdir() if not file.name.startswith(".")) if inside.is_dir() else []
    except OSError as error:
        raise EvalInvalid(f"{inside} cannot be read: {error.strerror or error}.") from error
    for file in more:
        if file.suffix not in (".toml", ".jsonl") or not file.is_file():
            raise EvalInvalid(f"{file} is no file of cases: those end in .toml or .jsonl.", "Move it elsewhere.")
    every = [file for file in (folder / "cases.toml", folder / "cases.jsonl") if file.is_file()] + more
    if not every:
        raise EvalInvalid(f"{folder} has no cases: neither cases.toml nor cases.jsonl nor a file in cases/.")
    return every


def _toml_rows(file: Path) -> list[tuple[dict[str, Any], int, int]]:
    """The [[case]] tables of a file, each with its first line and that of the next; 0 where they cannot be told."""
    facts = _toml(file)
    known(facts, ("case",), lambda key: _at(file, _line_of(file, key)))
    rows = facts.get("case", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise EvalInvalid(f"{file}: every case must begin with a line [[case]].")
    lines = _lines(file)
    starts = [number for number, line in enumerate(lines, 1) if _CASE_LINE.match(line)]
    if len(starts) != len(rows):  # such a line also stands inside a text
        return [(row, 0, 0) for row in rows]
    ends = [*starts, len(lines) + 1][1:]
    return list(zip(rows, starts, ends, strict=True))


def _json_rows(file: Path) -> list[tuple[dict[str, Any], int, int]]:
    """One JSON object a line, with its line and the next; empty lines are passed over."""
    rows = []
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise EvalInvalid(f"{_at(file, number)}: this is not JSON ({error}).") from error
        if not isinstance(row, dict):
            raise EvalInvalid(f"{_at(file, number)}: a case is an object, {{…}}.")
        rows.append((row, number, number + 1))
    return rows


def _at(file: Path, line: int) -> str:
    return f"{file}, line {line}" if line else str(file)


def _line_of(file: Path, key: str, start: int = 1, end: int = 1 << 30) -> int:
    """The first line of those from `start` up to `end` that sets a TOML key; `start` where none does."""
    header = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = enumerate(_lines(file)[max(0, start - 1) : end - 1], start)
    return next((number for number, line in lines if header.match(line)), start) if start else 0


def _lines(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except OSError as error:
        raise EvalInvalid(f"{file} cannot be read: {error.strerror or error}.", "Name a suite's folder.") from error
    except UnicodeDecodeError as error:
        raise EvalInvalid(f"{file} is not UTF-8 text.") from error


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join(_lines(file)))
    except (ValueError, RecursionError) as error:
        raise EvalInvalid(f"{file} is not TOML: {error}.") from error
