"""`forget`: an article, a root or a corpus is erased, and with it every saved answer and eval row that quotes it."""

from __future__ import annotations

from contextlib import suppress
from os.path import realpath
from pathlib import Path

import typer

from bot import build
from bot.errors import UsageError
from bot.settings import Paths, Settings
from bot.show.clean import one_line
from bot.show.plain import SCHEMA_VERSION
from bot.show.terminal import Terminal
from bot.traces import Traces
from store.errors import BadPath
from store.record import Record
from store.removal import remove


def forget(
    settings: Settings, where: Path, paths: Paths, name: str | None, terminal: Terminal, *, yes: bool, as_json: bool
) -> None:
    """Erases what has that name, the whole corpus for None; asks first on a terminal, unless `yes`.

    Raises CorpusMissing, CorpusLocked, BadPath or DiskFull, and UsageError for a corpus where nobody can be asked.
    """
    what = _described(settings, where, name)
    asks = terminal.asks and not as_json
    if name is None and not (yes or asks):
        raise UsageError(f"Nothing was erased: nobody can be asked about {what}.", "Add --yes.")
    if asks and not yes and not typer.confirm(f"Erase {one_line(what)} for good?", err=True):
        return
    traces = Traces(paths, settings.corpus)
    if name is None:
        documents, said = remove(where, traces.erase), what
    else:
        gone = build.sync(settings, where, traces=traces).forget(name)
        documents, said = tuple(gone.documents), gone.said
    if as_json:
        erased = {"forgotten": list(documents), "answers_erased": traces.answers, "rows_erased": traces.rows}
        terminal.json({"schema_version": SCHEMA_VERSION, **erased})
        return
    terminal.out(f"Forgotten: {one_line(said)}.")
    for count, one, many in (
        (traces.answers, "saved answer", "saved answers"),
        (traces.rows, "row of an eval run", "rows of eval runs"),
    ):
        if count:
            terminal.note(f"erased with it: {count} {one if count == 1 else many}")
    if traces.left:
        terminal.note(traces.left)


def _described(settings: Settings, where: Path, name: str | None) -> str:
    """The thing to erase, in words; an unknown name is left to the store. Raises CorpusMissing."""
    record = Record(where)  # a corpus that is not there is not made by forgetting
    try:
        roots = [
            root for root in record.roots() if name is None or name == root.name or realpath(name) == str(root.path)
        ]
        if name is not None and not roots:
            with suppress(BadPath):
                name = f"{name} ({record.document(name).title})"
            return f"the article {name}"
        inside = {root.name for root in roots}
        count = sum(document.root in inside for document in record.documents())
        what = f"the corpus '{settings.corpus}'" if name is None else f"the root '{roots[0].name}'"
        return f"{what} with {count} article{'' if count == 1 else 's'}"
    finally:
        record.close()
