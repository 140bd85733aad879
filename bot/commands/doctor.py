"""`doctor`: everything that can be checked, each with the command that mends it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from bot import build
from bot.errors import BotError
from bot.sessions import Sessions
from bot.settings import Paths, Settings
from bot.show import plain
from bot.show.clean import one_line
from bot.show.terminal import Terminal
from store.corpus import Corpus
from store.errors import CorpusDamaged, StoreError
from store.record import FILE, Record

PACKAGES = ("chromadb", "tantivy", "wordllama", "SQLAlchemy", "sentencex", "langchain", "textual", "typer")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. A warning asks for a look; a fault keeps Footnote from answering well."""

    name: str
    state: Literal["ok", "warning", "fault"]
    said: str
    mend: str = ""


def examined(settings: Settings, paths: Paths, where: Path) -> list[Check]:
    """Every check, in the order in which a fault would matter."""
    checks = [_python(), *_packages(), _sessions(paths)]
    if not (where / FILE).exists():
        said = f"there is no corpus '{settings.corpus}'"
        return [*checks, Check("corpus", "warning", said, "footnote ingest PATH")]
    try:
        record = Record(where)
    except StoreError as error:
        return [*checks, Check("record", "fault", error.message, error.next)]
    try:
        checks += [*_record(record), *_roots(record)]
    finally:
        record.close()
    return [*checks, *_indexes(settings, where)]


def online(settings: Settings, key: Callable[[str], str | None]) -> Check:
    """Whether the model that is set answers; sends it one line, none of it from an article."""
    if settings.model == "extract":
        return Check("model", "ok", "none is set; answers are extracted")
    from bot.writers.model import Model

    try:
        model = Model(settings.model, key=key, notice=lambda said: None, patience=build.patience(settings))
        asyncio.run(model.ask("Answer with the one word: yes"))
    except BotError as error:
        return Check("model", "fault", error.message, error.next)
    return Check("model", "ok", f"{settings.model} answers{f' from {model.host}' if model.host else ''}")


def _python() -> Check:
    return Check("python", "ok", ".".join(map(str, sys.version_info[:3])))


def _packages() -> Iterator[Check]:
    for name in PACKAGES:
        try:
            yield Check(name, "ok", version(name))
        except PackageNotFoundError:
            yield Check(name, "fault", "not installed", "reinstall Footnote")


def _sessions(paths: Paths) -> Check:
    sessions = Sessions(paths.sessions_file)
    try:
        return Check("sessions", "ok", f"{len(sessions.saved())} saved")
    except (BotError, StoreError) as error:
        return Check("sessions", "fault", error.message, error.next)
    finally:
        sessions.close()


def _record(record: Record) -> Iterator[Check]:
    try:
        said = record.integrity()
        covered = record.coverage()
    except StoreError as error:
        yield Check("record", "fault", error.message, error.next)
        return
    if said != "ok":
        yield Check("record", "fault", said, "restore it from a backup, or move the folder away and ingest again")
        return
    yield Check("record", "ok", f"{covered.documents} articles, {record.active_count()} passages")
    if not covered.documents:
        yield Check("corpus", "warning", "it is empty", "footnote ingest PATH")
    elif covered.undated:
        said = f"{covered.undated} of {covered.documents} articles are undated"
        yield Check("dates", "warning", said, "add `published: YYYY-MM-DD` front matter, then: footnote ingest")


def _roots(record: Record) -> Iterator[Check]:
    for root in record.roots():
        if root.path.exists():
            yield Check(f"root {root.name}", "ok", str(root.path))
        else:
            said = f"{root.path} is missing; its articles are kept"
            yield Check(f"root {root.name}", "warning", said, f"bring it back, or: footnote forget {root.name}")


def _indexes(settings: Settings, where: Path) -> Iterator[Check]:
    try:
        with closing(Corpus(where, settings.embedder)) as corpus:
            for name, state in corpus.states().items():
                if state:
                    yield Check(name, "fault", state, "footnote doctor --repair")
                else:
                    yield Check(name, "ok", "level with the record")
    except StoreError as error:
        yield Check("embedder", "fault", error.message, error.next)


def repair(settings: Settings, where: Path, report: Callable[..., None] | None) -> None:
    """Rebuilds both indexes from the record. Raises CorpusMissing, CorpusLocked or DiskFull."""
    Record(where).close()  # a corpus that is not there is not made by mending it
    build.sync(settings, where, report).repair()


def failure(checks: list[Check]) -> CorpusDamaged | None:
    """The first fault, as an error."""
    fault = next((check for check in checks if check.state == "fault"), None)
    return None if fault is None else CorpusDamaged(f"{fault.name}: {fault.said}", fault.mend)


def tell(checks: list[Check], terminal: Terminal, *, as_json: bool) -> None:
    """Prints the checks, each with what mends it."""
    if as_json:
        failed = failure(checks)
        head = plain.error(failed) if failed else {"schema_version": plain.SCHEMA_VERSION, "outcome": "examined"}
        terminal.json({**head, "checks": [asdict(check) for check in checks]})
        return
    for check in checks:
        mend = f"  ({check.mend})" if check.mend else ""
        terminal.out(f"{check.state:8} {one_line(f'{check.name}: {check.said}{mend}')}")
