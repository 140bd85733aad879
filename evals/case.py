"""What a suite of eval questions is, and how one is read from its folder and checked.

A suite is a folder with `suite.toml` and either `cases.toml` or `cases.jsonl`; evals/README.md shows both.
Every fault is an EvalInvalid that names the file, the line and, for a key, the nearest one that there is.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from bot.conversation import REFUSALS, Filters, Outcome
from bot.errors import EvalInvalid

METRICS = ("outcome", "facts", "shown", "document", "quotes", "passed")
ANSWERS: frozenset[Outcome] = frozenset({"answered", "partly", "conflicting"})
REFUSED = "refused"  # any of the refusals
PUBLIC = "public/"  # begins the name of a suite that is made of a public set
_EXPECTED = (REFUSED, *(name for name in get_args(Outcome) if name in ANSWERS | REFUSALS))
_SUITE_KEYS = ("name", "about", "corpus", "optional", "floors")
CASE_KEYS = (
    "id", "question", "outcome", "facts", "documents", "tags",
    "since", "until", "undated", "outlet", "as_of",
)  # fmt: skip
_VARIABLE = re.compile(r"\$(\w+)")
_CASE_LINE = re.compile(r"\s*\[\[\s*case\s*\]\]")


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what must hold of its answer.

    `outcome` is "answered" (or better told: partly, conflicting), "refused" (any refusal) or one refusal's
    name. Of each inner tuple of `facts` one spelling must be said; `documents` are paths inside the corpus
    folder, of which one must be cited. `answers` are gold answer strings, `relevant` gives documents' grades for
    ranking; cases of one `cluster` are resampled together.
    """

    id: str
    question: str
    outcome: str
    facts: tuple[tuple[str, ...], ...] = ()
    documents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    answers: tuple[str, ...] = ()
    relevant: Mapping[str, int] = field(default_factory=dict)
    cluster: str = ""

    @property
    def answerable(self) -> bool:
        return self.outcome in ANSWERS


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases over one corpus. `corpus` is None where it is missing, and `missing` then says why."""

    name: str
    about: str
    folder: Path
    corpus: Path | None
    cases: tuple[Case, ...]
    optional: bool = False
    missing: str = ""
    floors: Mapping[str, float] = field(default_factory=dict)  # metric → least mean

    @property
    def answerable(self) -> int:
        """How many cases the corpus answers."""
        return sum(case.answerable for case in self.cases)

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags, sorted."""
        return tuple(sorted({tag for case in self.cases for tag in case.tags}))


def shipped() -> Path:
    """The folder of the suites that travel with Footnote."""
    return Path(str(resources.files("evals") / "suites"))


def suites() -> list[Suite]:
    """Every shipped suite, by name. Raises EvalInvalid for the first that is faulty."""
    return [read(folder) for folder in _folders()]


def load(name_or_path: str) -> Suite:
    """The shipped suite of that name, the public set `public/NAME`, or the suite in that folder. Raises EvalInvalid."""
    if name_or_path.startswith(PUBLIC):
        from evals import public

        return public.load(name_or_path.removeprefix(PUBLIC))
    folders = {folder.name: folder for folder in _folders()}
    folder = folders.get(name_or_path) or _own(name_or_path)
    if folder is not None:
        return read(folder)
    raise EvalInvalid(
        f"There is no suite {name_or_path!r}; the suites are {', '.join(folders) or 'none'}.",
        "Name one of them, or the folder of your own.",
    )


def _own(path: str) -> Path | None:
    """The folder of that path, or None where there is none."""
    try:
        folder = Path(path).expanduser()
        return folder if path and folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # a name too long, ~ of a stranger, a NUL
        return None


def _folders() -> list[Path]:
    return sorted(file.parent for file in shipped().glob("*/suite.toml"))


def read(folder: Path) -> Suite:
    """The suite in a folder, checked whole; a corpus that is missing is noted, not raised. Raises EvalInvalid."""
    file = folder / "suite.toml"
    facts = _toml(file)
    _known(facts, _SUITE_KEYS, lambda key: _at(file, _line_of(file, key)))
    where = str(file)
    name, about, corpus = (_text(facts, key, where) for key in ("name", "about", "corpus"))
    place, missing = _corpus(folder, corpus)
    held = _files(place) if place else None
    cases = tuple(_case(facts, held, where) for facts, where in _rows(folder))
    _unique(folder, cases)
    return Suite(name, about, folder, place, cases, _flag(facts, "optional", where), missing, _floors(facts, file))


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
    """Paths of all files inside a folder, as a case names them."""
    return frozenset(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _floors(facts: Mapping[str, Any], file: Path) -> dict[str, float]:
    floors = facts.get("floors", {})
    if not isinstance(floors, dict):
        raise EvalInvalid(f"{file}: floors must be a table of metrics, each with its least value.")
    _known(floors, METRICS, lambda key: _at(file, _line_of(file, key)))
    for metric, least in floors.items():
        if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
            raise EvalInvalid(
                f"{_at(file, _line_of(file, metric))}: the floor of {metric} must be a number from 0 to 1."
            )
    return {metric: float(least) for metric, least in floors.items()}


# -- cases ---------------------------------------------------------------------------------------


def _rows(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each case as it is written, its keys known, with the words for where it stands."""
    there = [file for file in (folder / "cases.toml", folder / "cases.jsonl") if file.is_file()]
    if len(there) != 1:
        raise EvalInvalid(
            f"{folder} must hold its cases in cases.toml or in cases.jsonl; it has {'both' if there else 'neither'}."
        )
    (file,) = there
    rows = _toml_rows(file) if file.suffix == ".toml" else _json_rows(file)
    if not rows:
        raise EvalInvalid(f"{file} holds no case.")
    for facts, start, end in rows:
        name = facts.get("id")
        named = f" (case {name})" if isinstance(name, str) else ""

        def at(key: str, start: int = start, end: int = end, named: str = named) -> str:
            return _at(file, _line_of(file, key, start, end)) + named

        _known(facts, CASE_KEYS, at)
        yield facts, _at(file, start) + named


def _toml_rows(file: Path) -> list[tuple[dict[str, Any], int, int]]:
    """The [[case]] tables of a file, each with its first line and that of the next (0 where not to be told)."""
    facts = _toml(file)
    _known(facts, ("case",), lambda key: _at(file, _line_of(file, key)))
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
    """One JSON object a line, with its line; empty lines are passed over."""
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


def _case(facts: Mapping[str, Any], held: frozenset[str] | None, where: str) -> Case:
    """One case from its keys, checked; `held` are the corpus's files, None where they are not at hand."""
    case = Case(
        id=_text(facts, "id", where),
        question=_text(facts, "question", where),
        outcome=_text(facts, "outcome", where),
        facts=_facts(facts, where),
        documents=_texts(facts, "documents", where),
        tags=_texts(facts, "tags", where),
        filters=_filters(facts, where),
    )
    if case.outcome not in _EXPECTED:
        raise EvalInvalid(f"{where}: there is no outcome {case.outcome!r}{_hint(case.outcome, _EXPECTED, 'outcomes')}")
    if case.answerable and not case.facts and not case.documents:
        raise EvalInvalid(f"{where}: an answerable case needs facts or documents, else nothing is checked.")
    if not case.answerable and (case.facts or case.documents):
        raise EvalInvalid(f"{where}: a case to be refused has neither facts nor documents.")
    for document in case.documents:
        if held is not None and document not in held:
            raise EvalInvalid(f"{where}: the corpus has no file {document!r}{_hint(document, held, 'files')}")
    return case


def _facts(facts: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], ...]:
    groups = facts.get("facts", [])
    if not isinstance(groups, list) or not all(_is_texts(group) and group for group in groups):
        raise EvalInvalid(
            f'{where}: facts must be a list of lists of spellings, such as [["5,000", "5 000"], ["barrels"]].'
        )
    return tuple(tuple(group) for group in groups)


def _filters(facts: Mapping[str, Any], where: str) -> Filters:
    since, until, as_of = (_day(facts, key, where) for key in ("since", "until", "as_of"))
    if since and until and since > until:
        raise EvalInvalid(f"{where}: since ({since}) is later than until ({until}).")
    single = isinstance(facts.get("outlet"), str)
    outlets = (_text(facts, "outlet", where),) if single else _texts(facts, "outlet", where)
    return Filters(since, until, _flag(facts, "undated", where), outlets, as_of=as_of)


def _unique(folder: Path, cases: Iterable[Case]) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise EvalInvalid(f"{folder}: two cases have the id {case.id!r}.", "Give each its own.")
        seen.add(case.id)


# -- values and places ---------------------------------------------------------------------------


def _text(facts: Mapping[str, Any], key: str, where: str) -> str:
    value = facts.get(key)
    if not isinstance(value, str) or not value.strip():
        raise EvalInvalid(f"{where}: {key} must be a text that is not empty.")
    return value


def _texts(facts: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = facts.get(key, [])
    if not _is_texts(value):
        raise EvalInvalid(f"{where}: {key} must be a list of texts, none of them empty.")
    return tuple(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def _flag(facts: Mapping[str, Any], key: str, where: str) -> bool:
    value = facts.get(key, False)
    if not isinstance(value, bool):
        raise EvalInvalid(f"{where}: {key} must be true or false.")
    return value


def _day(facts: Mapping[str, Any], key: str, where: str) -> str | None:
    """An ISO day, written as a text or as a TOML date."""
    value = facts.get(key)
    if value is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        pass
    raise EvalInvalid(f"{where}: {key} is {str(value)!r}, and it must be a day as YYYY-MM-DD.")


def _known(facts: Mapping[str, Any], keys: tuple[str, ...], at: Callable[[str], str]) -> None:
    """EvalInvalid for the first key that there is not; `at(key)` says where it stands."""
    for key in facts:
        if key not in keys:
            raise EvalInvalid(f"{at(key)}: there is no key {key!r}{_hint(key, keys, 'keys')}")


def _hint(wrong: str, known: Iterable[str], what: str) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(wrong, names, n=1)
    return f"; the nearest is {near[0]!r}." if near else f"; the {what} are {', '.join(names)}."


def _at(file: Path, line: int) -> str:
    return f"{file}, line {line}" if line else str(file)


def _line_of(file: Path, key: str, start: int = 1, end: int = 1 << 30) -> int:
    """The first line of those from `start` up to `end` that sets a TOML key; `start` where none does."""
    header = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = enumerate(_lines(file)[max(0, start - 1) : end - 1], start)
    return next((number for number, line in lines if header.match(line)), start) if start else 0


def _lines(file: Path) -> list[str]:
    """A file's lines as editors count them. Raises EvalInvalid where it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except OSError as error:
        raise EvalInvalid(f"{file} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise EvalInvalid(f"{file} is not UTF-8 text.") from error


def _toml(file: Path) -> dict[str, Any]:
    """A TOML file's content; the parser's message holds the line. Raises EvalInvalid."""
    try:
        return tomllib.loads("\n".join(_lines(file)))
    except (ValueError, RecursionError) as error:
        raise EvalInvalid(f"{file} is not TOML: {error}.") from error
