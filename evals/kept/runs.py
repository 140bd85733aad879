"""A run as it is kept: a folder with manifest.json and a row a line in rows.jsonl, read whole or not at all.

`<data>/evals/<suite>/<number>/` is the run `<suite>/<number>`. Its manifest says "running" until every row is there; a
run that was interrupted is resumed by the next command that asks for the same: its manifest holds the settings, parts,
prompts, versions and sources by which two runs are the same or not.
"""

import fcntl
import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import Any

import bot as answering
import evals
import prompts
import store
from bot.answer import Bot
from bot.errors import EvalInvalid
from bot.settings import Settings
from evals.case import Case, Plan
from evals.kept import files
from evals.kept.files import save
from evals.report import Report
from evals.row import Row
from evals.suite import Suite

SCHEMA = 1
MANIFEST, ROWS = "manifest.json", "rows.jsonl"
WHOLE, RUNNING = "whole", "running"
PACKAGES = (
    "chromadb", "tantivy", "wordllama", "tokenizers", "numpy", "sentencex", "sqlalchemy", "langchain",
    "langchain-core", "langchain-openai", "langchain-anthropic", "langchain-ollama", "ir-measures", "scipy",
)  # fmt: skip
_PLACES = ("folder", "corpus", "missing")  # the fields of a suite that say where it lies, not what it asks
IDENTITY = (
    "suite", "suite_sha256", "ids_sha256", "model", "reader", "checker", "settings", "prompts", "versions",
    "source_sha256", "index", "checks", "limit", "only", "repeat", "retrieval_only",
)  # fmt: skip
"""The facts that two commands must have in common for the second to resume the run of the first."""
_AGAIN = "Run the suite anew: footnote eval run SUITE --fresh"

Manifest = dict[str, Any]


class Writing:
    """A run that is being asked; no other process writes into its folder meanwhile."""

    def __init__(self, folder: Path, manifest: Manifest, rows: list[Row], lock: int) -> None:
        self.folder, self.manifest, self.rows, self._lock = folder, manifest, rows, lock
        with files.refusals(folder):
            self._file = os.open(folder / ROWS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, row: Row) -> None:
        """Appends a row, whole before anything else happens. Raises DiskFull."""
        left = memoryview(_line(row).encode())
        with files.refusals(self.folder):
            while left:
                left = left[os.write(self._file, left) :]
        self.rows.append(row)

    def whole(self, **facts: Any) -> None:
        """Makes this a run that can be read: every row is on the disk before the manifest says so."""
        with files.refusals(self.folder):
            os.fsync(self._file)
            digest = hashlib.sha256((self.folder / ROWS).read_bytes()).hexdigest()
        self.manifest |= {"state": WHOLE, "ended": _now(), "rows": len(self.rows), "rows_sha256": digest, **facts}
        _write(self.folder, self.manifest)

    def close(self) -> None:
        os.close(self._file)
        os.close(self._lock)


def begin(home: Path, manifest: Manifest, *, fresh: bool = False) -> Writing:
    """A run to write into: the last one that was interrupted and is the same in all of IDENTITY, else a new one.

    With `fresh` it is always a new one. Raises EvalInvalid where the run to resume is damaged, and DiskFull.
    """
    parts = [re.sub(r"[^\w.-]+", "-", part).lstrip(".") or "suite" for part in manifest["suite"].split("/")]
    folder = home.joinpath(*parts)  # the suite's name made fit for a path; a public set keeps its `public/`
    manifest = json.loads(json.dumps(manifest))  # as it will be read
    for number in [] if fresh else sorted(_numbers(folder), reverse=True):
        last = folder / str(number)
        lock = _lock(last)
        if lock is None:  # another process is at it
            continue
        try:
            if kept := _running(last, manifest):
                return Writing(last, kept, _resumed(last), os.dup(lock))
        finally:
            os.close(lock)
    files.folder(folder)
    with files.refusals(folder):
        for number in count(max(_numbers(folder), default=0) + 1):  # another process may take the next one
            made = folder / str(number)
            with suppress(FileExistsError):
                made.mkdir(mode=0o700)
                break
    lock = _lock(made)
    if lock is None:
        raise EvalInvalid(f"{made} is held by another process.", "Run it again.")
    manifest |= {"run": made.relative_to(home).as_posix(), "state": RUNNING, "began": _now()}
    _write(made, manifest)
    return Writing(made, manifest, [], lock)


def read(home: Path, name: str) -> Report:
    """The run of that name (`starter/3`) or in that folder; EvalInvalid where it is none, damaged or not whole."""
    folder = next((path for path in (home / name, Path(name)) if (path / MANIFEST).is_file()), None)
    if folder is None:
        mend = "Name one as `footnote eval run` told it, such as starter/3, or its folder."
        raise EvalInvalid(f"There is no run {name!r}.", mend)
    manifest = _manifest(folder)
    if manifest["state"] != WHOLE:
        mend = f"Finish it by the same command again: footnote eval run {manifest['suite']}"
        raise EvalInvalid(f"The run {name} was broken off and is no result.", mend)
    content = files.content(folder / ROWS) or b""
    rows = tuple(_parsed(folder / ROWS, content))
    if len(rows) != manifest["rows"] or hashlib.sha256(content).hexdigest() != manifest["rows_sha256"]:
        erased = manifest["rows"] - len(rows)
        said = f": {erased} of its {manifest['rows']} rows were erased, as forgetting an article does" * (erased > 0)
        again = f"Run the suite anew: footnote eval run {manifest['suite']} --fresh"
        raise EvalInvalid(f"{folder / ROWS} is not what the run wrote{said}.", again)
    return Report(manifest["suite"], manifest["model"], rows, manifest=manifest)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.glob("*") if re.fullmatch(r"[1-9]\d{0,8}", path.name)]


def _running(folder: Path, wanted: Manifest) -> Manifest | None:
    try:
        manifest = _manifest(folder)
    except EvalInvalid:  # whatever run it was, it cannot be resumed
        return None
    same = all(manifest.get(key) == wanted[key] for key in IDENTITY)
    return manifest if same and manifest["state"] == RUNNING else None


def _resumed(folder: Path) -> list[Row]:
    """The rows of an interrupted run; a torn last line and rows with an error are dropped, from the file too."""
    content = files.content(folder / ROWS) or b""
    rows = [row for row in _parsed(folder / ROWS, content[: content.rfind(b"\n") + 1]) if not row.error]
    kept = "".join(map(_line, rows))
    if kept.encode() != content:
        save(folder / ROWS, kept, private=True)
    return rows


def _parsed(file: Path, content: bytes) -> Iterator[Row]:
    for number, line in enumerate(content.splitlines(), 1):
        try:
            yield Row.read(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise EvalInvalid(f"{file}, line {number}: this is no row of a run ({error}).", _AGAIN) from error


def _line(row: Row) -> str:
    return json.dumps(row.plain(), allow_nan=False) + "\n"


def _manifest(folder: Path) -> Manifest:
    file = folder / MANIFEST

    def known(manifest: Any) -> Manifest:
        if manifest["schema_version"] != SCHEMA:
            raise EvalInvalid(f"{file} was written by another version of Footnote.", _AGAIN)
        _ = manifest["suite"], manifest["run"], manifest["model"]
        if manifest["state"] == WHOLE:
            _ = manifest["rows"], manifest["rows_sha256"]
        return dict(manifest)

    manifest = files.parsed(file, known, "manifest of a run", _AGAIN)
    if manifest is None:
        raise EvalInvalid(f"{folder} holds no run.", _AGAIN)
    return manifest


def _write(folder: Path, manifest: Manifest) -> None:
    save(folder / MANIFEST, json.dumps(manifest, indent=1) + "\n", private=True)


def _lock(folder: Path) -> int | None:
    """A lock on a run's folder that goes with this process; None where another process has it."""
    with files.refusals(folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def described(
    suite: Suite, settings: Settings, plan: Plan, cases: Sequence[Case], bot: Bot, checks: tuple[str, ...]
) -> dict[str, Any]:
    """The manifest of a run that is about to begin."""
    stamps = {name: {"applied": one.applied, "passages": one.count} for name, one in bot.corpus.stamps().items()}
    return {
        "schema_version": SCHEMA, "suite": suite.name, "folder": str(suite.folder), "suite_sha256": suite_hash(suite),
        "cases": len(cases), "ids_sha256": _hash("\n".join(sorted(case.id for case in cases)).encode()),
        "model": bot.writer.name, "reader": bot.reader.id, "checker": bot.checker.id, "settings": asdict(settings),
        "prompts": {file.stem: _hash(file.read_bytes()) for file in _files(prompts.__file__, "*.md")},
        "embedder": settings.embedder, "index": {"embedder": bot.corpus.embedding.stamp, **stamps},
        "versions": _versions(), "source_sha256": source_hash(), "git": revision(), "checks": list(checks),
        "limit": plan.limit, "only": plan.only, "repeat": plan.repeat, "retrieval_only": plan.retrieval_only,
        "jobs": plan.jobs,
    }  # fmt: skip


def suite_hash(suite: Suite) -> str:
    """A hash of all that a suite asks: its cases, its rules and its articles, but not where they lie.

    Those of a live corpus come and go, and count with what was found in them.
    """
    asked = {field.name: getattr(suite, field.name) for field in fields(suite) if field.name not in _PLACES}
    asked["cases"] = [asdict(case) for case in suite.cases]
    corpus = None if suite.live else suite.corpus
    files = sorted(path for path in corpus.rglob("*") if path.is_file()) if corpus else []
    articles = [(str(path.relative_to(corpus or path)), _hash(path.read_bytes())) for path in files]
    return _hash(json.dumps([asked, articles], sort_keys=True, default=dict).encode())


def _versions() -> dict[str, str]:
    """Footnote's version, Python's and those of the packages that an answer passes through, where they are there."""
    found = {"footnote": answering.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


@cache
def source_hash() -> str:
    """A hash of Footnote's own files: another program resumes no run."""
    files = [file for package in (answering, store, evals) for file in _files(package.__file__, "*.py")]
    data = [(package, kind) for package in (answering, store) for kind in ("*.json", "*.sql", "*.tsv", "*.txt")]
    files += [file for package, kind in data for file in _files(package.__file__, kind)]
    return _hash("".join(_hash(file.read_bytes()) for file in files).encode())


@cache
def revision() -> str | None:
    """The git revision of Footnote's folder, `-dirty` where it was changed since; None where it is no checkout."""
    home = Path(answering.__file__ or "").parent.parent
    if not (home / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # no git here: the sources' hash still tells
        return None
    return told.stdout.strip() or None


def _files(package: str | None, pattern: str) -> list[Path]:
    return sorted(Path(package or "").parent.rglob(pattern))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
