"""`doctor`: everything that can be checked, each with the command that mends it."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from typer import Exit

from bot import build
from bot.commands.options import Given
from bot.credentials import Keys
from bot.errors import SettingsError
from bot.sessions import Sessions
from bot.settings import calibration
from bot.show import plain
from bot.show.clean import one_line
from store.corpus import Corpus
from store.errors import CorpusDamaged, FootnoteError
from store.record import FILE, Record

PACKAGES = ("chromadb", "tantivy", "wordllama", "SQLAlchemy", "sentencex", "langchain", "textual", "typer")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. A warning asks for a look; a fault keeps Footnote from answering well."""

    name: str
    state: Literal["ok", "warning", "fault"]
    said: str
    mend: str = ""


def doctor(given: Given, *, repair: bool, online: bool) -> None:
    """Prints every check, with `repair` after both indexes were rebuilt from the record; `online` asks the model too.

    Raises Exit where there is a fault, and CorpusMissing, CorpusLocked or DiskFull where nothing could be rebuilt.
    """
    terminal = given.terminal
    if repair:
        with terminal.bars() as report:
            Record(given.folder).close()  # a corpus that is not there is not made by mending it
            build.sync(given.settings, given.folder, report).repair()
    checks = [*_examined(given), *(_guarded("model", _online(given)) if online else ())]
    fault = next((check for check in checks if check.state == "fault"), None)
    if given.json:
        head = {"schema_version": plain.SCHEMA_VERSION, "outcome": "examined"}
        if fault:
            head = plain.error(CorpusDamaged(f"{fault.name}: {fault.said}", fault.mend))
        terminal.json({**head, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            mend = f"  ({check.mend})" if check.mend else ""
            terminal.out(f"{check.state:8} {one_line(f'{check.name}: {check.said}{mend}')}")
    if fault:
        raise Exit(CorpusDamaged.exit)


def _guarded(name: str, checks: Iterable[Check]) -> Iterator[Check]:
    """Some checks; an error among them is a fault of that name."""
    try:
        yield from checks
    except FootnoteError as error:
        yield Check(name, "fault", error.message, error.next)


def _examined(given: Given) -> Iterator[Check]:
    """Every check, in the order in which a fault would matter."""
    yield Check("python", "ok", ".".join(map(str, sys.version_info[:3])))
    yield from _packages()
    yield from _guarded("sessions", _sessions(given))
    if not (given.folder / FILE).exists():
        yield Check("corpus", "warning", f"there is no corpus '{given.settings.corpus}'", "footnote ingest PATH")
        return
    try:
        record = Record(given.folder)
    except FootnoteError as error:
        yield Check("record", "fault", error.message, error.next)
        return
    with closing(record):
        yield from _guarded("record", _record(record))
        yield from _roots(record)
    yield from _guarded("embedder", _indexes(given))
    yield _threshold(given)


def _packages() -> Iterator[Check]:
    for name in PACKAGES:
        try:
            yield Check(name, "ok", version(name))
        except PackageNotFoundError:
            yield Check(name, "fault", "not installed", "reinstall Footnote")


def _sessions(given: Given) -> Iterator[Check]:
    with closing(Sessions(given.paths.sessions_file)) as sessions:
        yield Check("sessions", "ok", f"{len(sessions.saved())} saved")


def _record(record: Record) -> Iterator[Check]:
    said, covered = record.integrity(), record.coverage()
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


def _indexes(given: Given) -> Iterator[Check]:
    with closing(Corpus(given.folder, given.settings.embedder)) as corpus:
        for name, state in corpus.states().items():
            if state:
                yield Check(name, "fault", state, "footnote doctor --repair")
            else:
                yield Check(name, "ok", "level with the record")


def _threshold(given: Given) -> Check:
    """The threshold of an answer, and whether it is the corpus's own."""
    used = f"answers from a confidence of {given.settings.answer_at:g}"
    try:
        own = calibration(given.folder)
    except SettingsError as error:
        return Check("threshold", "warning", f"{used}; {error.message}", "footnote calibrate --save")
    if own is None:
        return Check("threshold", "ok", f"{used}; it is not fitted to this corpus")
    return Check("threshold", "ok", f"{used}; {own.answer_at:g} was fitted on {own.fitted} to {own.pairs} pairs")


def _online(given: Given) -> Iterator[Check]:
    """Whether the model that is set answers; sends it one line, none of it from an article."""
    settings = given.settings
    if settings.model == "extract":
        yield Check("model", "ok", "none is set; answers are extracted")
        return
    from bot.writers.model import Model

    key, patience = Keys(given.paths.keys_file).get, build.patience(settings)
    model = Model(settings.model, key=key, notice=lambda said: None, patience=patience)
    asyncio.run(model.ask("Answer with the one word: yes"))
    yield Check("model", "ok", f"{settings.model} answers{f' from {model.host}' if model.host else ''}")
