"""What a suite of eval questions is, and how one is read from its folder and checked.

A suite is a folder with `suite.toml` and its cases in `cases.toml`, `cases.jsonl` or files in `cases/`; all of them
are read, and evals/README.md shows them.
Every fault is an EvalInvalid that names the file, the line and, for a key, the nearest one that there is.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from bot.conversation import REFUSALS, Outcome
from bot.errors import EvalInvalid, SettingsError
from bot.settings import Settings, checked, paths
from store.passage import Filters

METRICS = (
    "outcome", "facts", "absent", "shown", "document", "quote_from", "quotes",
    "R@8", "Success@1", "Success@5", "RR", "nDCG@10",
    "citation_precision", "citation_recall", "support_precision", "support_recall",
    "exact_match", "f1", "contains", "passed",
)  # fmt: skip
ANSWERS: frozenset[Outcome] = frozenset({"answered", "partly", "conflicting"})
REFUSED = "refused"  # any of the refusals
LIVE = "@"  # begins the name of the user's own corpus, where suite.toml names one
PUBLIC = "public/"  # begins the name of a suite that is made of a public set
_EXPECTED = (REFUSED, *(name for name in get_args(Outcome) if name in ANSWERS | REFUSALS))
ENOUGH = 20  # cases that a gated tag needs at least
SUITE_KEYS = ("name", "about", "corpus", "optional", "settings", "checks", "gated_tags", "floors", "gates")
CASE_KEYS = (
    "id", "question", "turns", "outcome", "facts", "absent", "documents", "quote_from", "tags", "must_pass",
    "since", "until", "undated", "outlet", "not_outlet", "in", "as_of", "today", "answers", "relevant", "cluster",
)  # fmt: skip
_SETTINGS = tuple(field.name for field in fields(Settings) if field.name != "corpus")
_VARIABLE = re.compile(r"\$(\w+)")
_CASE_LINE = re.compile(r"\s*\[\[\s*case\s*\]\]")


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what must hold of its answer.

    `outcome` is "answered" (or better told: partly, conflicting), "refused" (any refusal) or one refusal's
    name. Of each inner tuple of `facts` one spelling must be said, and no spelling of `absent`. Documents are paths
    inside the corpus folder: one of `documents` must be cited, every citation comes from `quote_from` where it names
    any, `relevant` gives grades for ranking, and `filters.documents` holds such paths too. `turns` are the earlier
    questions of the conversation, oldest first. `answers` are gold answer strings; cases of one `cluster` (left
    empty: of one first document) are resampled together.
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
    absent: tuple[tuple[str, ...], ...] = ()
    quote_from: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    must_pass: bool = False

    @property
    def answerable(self) -> bool:
        return self.outcome in ANSWERS

    @property
    def grades(self) -> Mapping[str, int]:
        """The documents that a ranking should bring, each with its grade; none for a case to be refused."""
        return self.relevant or dict.fromkeys(self.documents, 1)


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases over one corpus. `corpus` is None where it is missing, and `missing` then says why.

    `settings` go over the user's, `checks` are the metrics that it is scored by, each of `gated_tags` is gated as a
    slice of its own.
    """

    name: str
    about: str
    folder: Path
    corpus: Path | None
    cases: tuple[Case, ...]
    optional: bool = False
    missing: str = ""
    floors: Mapping[str, float] = field(default_factory=dict)  # metric → least mean
    settings: Mapping[str, object] = field(default_factory=dict)
    checks: tuple[str, ...] = METRICS[:-1]
    drops: Mapping[str, float] = field(default_factory=dict)  # metric → greatest drop of its mean below the baseline's
    gated_tags: tuple[str, ...] = ()
    live: str = ""  # the user's own corpus of that name, which is asked where it is; `corpus` is its folder

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


def own() -> Path:
    """The folder of the user's own suites, each in a folder of its name; there or not."""
    return paths().data / "evals" / "suites"


def suites() -> list[Suite]:
    """The suites that have a name: those shipped, one's own, the public sets. Raises EvalInvalid for a faulty one."""
    from evals import public

    return [*(read(folder) for folder in _folders()), *(public.listed(name) for name in public.NAMES)]


def load(name_or_path: str) -> Suite:
    """The suite of that name (shipped, one's own or `public/NAME`), or that in a folder. Raises EvalInvalid."""
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
    """The folders of shipped suites, and of own ones that have no shipped one's name."""
    there = [sorted(file.parent for file in home.glob("*/suite.toml")) for home in (shipped(), own())]
    names = {folder.name for folder in there[0]}
    return [*there[0], *(folder for folder in there[1] if folder.name not in names)]


def read(folder: Path) -> Suite:
    """The suite in a folder, checked whole; a corpus that is missing is noted, not raised. Raises EvalInvalid."""
    file = folder / "suite.toml"
    facts = _toml(file)
    _known(facts, SUITE_KEYS, lambda key: _at(file, _line_of(file, key)))
    where = str(file)
    name, about, corpus = (_text(facts, key, where) for key in ("name", "about", "corpus"))
    live = corpus.removeprefix(LIVE) if corpus.startswith(LIVE) else ""
    place, missing = _live(live, file) if live else _corpus(folder, corpus)
    held = _files(place) if place and not live else None  # what a corpus in use holds may change
    cases = tuple(_case(facts, held, where) for facts, where in _rows(folder))
    return Suite(
        name, about, folder, place, cases, _flag(facts, "optional", where), missing,
        floors=_shares(facts, "floors", file), settings=_settings(facts, file), checks=_checks(facts, file),
        drops=_shares(facts, "gates", file), gated_tags=_gated(facts, cases, file), live=live,
    )  # fmt: skip


def _live(name: str, file: Path) -> tuple[Path | None, str]:
    """The folder of the user's own corpus, or None with the reason. Raises EvalInvalid for what is no name."""
    try:
        place = paths().corpus_folder(name)
    except SettingsError as error:
        raise EvalInvalid(f"{_at(file, _line_of(file, 'corpus'))}: {error.message}") from error
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
    """Paths of all files inside a folder, as a case names them."""
    return frozenset(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _table(facts: Mapping[str, Any], key: str, known: tuple[str, ...], file: Path) -> dict[str, Any]:
    """A table of suite.toml, its keys known; empty where it is left out."""
    table = facts.get(key, {})
    if not isinstance(table, dict):
        raise EvalInvalid(f"{_at(file, _line_of(file, key))}: {key} must be a table, [{key}].")
    _known(table, known, lambda name: _at(file, _line_of(file, name, _line_of(file, key))))
    return table


def _shares(facts: Mapping[str, Any], key: str, file: Path) -> dict[str, float]:
    """A table of metrics, each with a number from 0 to 1."""
    table = _table(facts, key, METRICS, file)
    for metric, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            what = {"floors": "the floor of", "gates": "the greatest drop of"}[key]
            line = _line_of(file, metric, _line_of(file, key))
            raise EvalInvalid(f"{_at(file, line)}: {what} {metric} must be a number from 0 to 1.")
    return {metric: float(value) for metric, value in table.items()}


def _settings(facts: Mapping[str, Any], file: Path) -> dict[str, object]:
    """The settings that a suite fixes, each checked as those of the user are."""
    table = _table(facts, "settings", _SETTINGS, file)
    try:
        return {
            key: checked(key, value, _at(file, _line_of(file, key, _line_of(file, "settings"))))
            for key, value in table.items()
        }
    except SettingsError as error:
        raise EvalInvalid(error.message) from error


def _checks(facts: Mapping[str, Any], file: Path) -> tuple[str, ...]:
    """The names of the checks that a suite is scored by, in the order of METRICS: all where it names none."""
    there = METRICS[:-1]
    named = _texts(facts, "checks", _at(file, _line_of(file, "checks"))) if "checks" in facts else there
    _known(dict.fromkeys(named), there, lambda name: _at(file, _line_of(file, "checks")), "check")
    return tuple(name for name in there if name in named)


def _gated(facts: Mapping[str, Any], cases: Iterable[Case], file: Path) -> tuple[str, ...]:
    """The tags that are gated; a slice of few cases says too little to fail by."""
    where = _at(file, _line_of(file, "gated_tags"))
    gated = _texts(facts, "gated_tags", where)
    counts = Counter(tag for case in cases for tag in case.tags)
    for tag in gated:
        if counts[tag] < ENOUGH:
            hint = _hint(tag, counts, "tags") if tag not in counts else "."
            raise EvalInvalid(f"{where}: a gated tag needs {ENOUGH} cases, and {tag!r} has {counts[tag]}{hint}")
    return gated


# -- cases ---------------------------------------------------------------------------------------


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

            _known(facts, CASE_KEYS, at)
            if isinstance(name, str) and name in seen:
                raise EvalInvalid(f"{at('id')}: its id stands at {seen[name]} too.", "Give each case its own.")
            if isinstance(name, str):
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
    found = [file for file in (folder / "cases.toml", folder / "cases.jsonl") if file.is_file()] + more
    if not found:
        raise EvalInvalid(f"{folder} has no cases: neither cases.toml nor cases.jsonl nor a file in cases/.")
    return found


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
        facts=_spellings(facts, "facts", where),
        documents=_texts(facts, "documents", where),
        tags=_texts(facts, "tags", where),
        filters=_filters(facts, where),
        answers=_texts(facts, "answers", where),
        relevant=_grades(facts, where),
        cluster=_text(facts, "cluster", where) if "cluster" in facts else "",
        absent=_spellings(facts, "absent", where),
        quote_from=_texts(facts, "quote_from", where),
        turns=_texts(facts, "turns", where),
        must_pass=_flag(facts, "must_pass", where),
    )
    if case.outcome not in _EXPECTED:
        raise EvalInvalid(f"{where}: there is no outcome {case.outcome!r}{_hint(case.outcome, _EXPECTED, 'outcomes')}")
    if case.answerable and not case.facts and not case.documents and not case.answers:
        raise EvalInvalid(f"{where}: an answerable case needs facts, documents or answers, else nothing is checked.")
    if not case.answerable and (case.facts or case.grades or case.answers or case.quote_from):
        raise EvalInvalid(
            f"{where}: a case to be refused has neither facts nor documents, quote_from, answers or relevant."
        )
    for document in (*case.grades, *case.documents, *case.quote_from, *case.filters.documents):
        if held is not None and document not in held:
            raise EvalInvalid(f"{where}: the corpus has no file {document!r}{_hint(document, held, 'files')}")
    return case


def _spellings(facts: Mapping[str, Any], key: str, where: str) -> tuple[tuple[str, ...], ...]:
    groups = facts.get(key, [])
    if not isinstance(groups, list) or not all(_is_texts(group) and group for group in groups):
        raise EvalInvalid(
            f'{where}: {key} must be a list of lists of spellings, such as [["5,000", "5 000"], ["barrels"]].'
        )
    return tuple(tuple(group) for group in groups)


def _grades(facts: Mapping[str, Any], where: str) -> dict[str, int]:
    grades = facts.get("relevant", {})
    whole = isinstance(grades, dict) and all(type(grade) is int and grade > 0 for grade in grades.values())
    if not whole:
        raise EvalInvalid(f'{where}: relevant must give documents whole numbers from 1, such as {{"one.md" = 2}}.')
    return dict(grades)


def _filters(facts: Mapping[str, Any], where: str) -> Filters:
    since, until, as_of, today = (_day(facts, key, where) for key in ("since", "until", "as_of", "today"))
    if since and until and since > until:
        raise EvalInvalid(f"{where}: since ({since}) is later than until ({until}).")
    if as_of and today:
        raise EvalInvalid(f"{where}: as_of and today are both set; today is the day of a question without as_of.")
    outlets, others, inside = (_one_or_more(facts, key, where) for key in ("outlet", "not_outlet", "in"))
    inferred = ("as_of",) if today else ()
    return Filters(since, until, _flag(facts, "undated", where), outlets, others, inside, as_of or today, inferred)


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


def _one_or_more(facts: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    return (_text(facts, key, where),) if isinstance(facts.get(key), str) else _texts(facts, key, where)


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


def _known(facts: Mapping[str, Any], keys: tuple[str, ...], at: Callable[[str], str], what: str = "key") -> None:
    """EvalInvalid for the first key that there is not; `at(key)` says where it stands."""
    for key in facts:
        if key not in keys:
            raise EvalInvalid(f"{at(key)}: there is no {what} {key!r}{_hint(key, keys, f'{what}s')}")


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
