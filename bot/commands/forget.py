"""`forget`: a root or an article is erased, and with it every saved answer and eval row that quotes it."""

from __future__ import annotations

from pathlib import Path

from bot import build
from bot.settings import Paths, Settings
from bot.show.clean import one_line
from bot.show.plain import SCHEMA_VERSION
from bot.show.terminal import Terminal
from bot.traces import Traces
from store.record import Record


def forget(settings: Settings, where: Path, paths: Paths, name: str, terminal: Terminal, *, as_json: bool) -> None:
    """Erases what has that name. Raises CorpusMissing, CorpusLocked, BadPath or DiskFull."""
    Record(where).close()  # a corpus that is not there is not made by forgetting
    traces = Traces(paths, settings.corpus)
    gone = build.sync(settings, where, traces=traces).forget(name)
    if as_json:
        erased = {"forgotten": list(gone.documents), "answers_erased": traces.answers, "rows_erased": traces.rows}
        terminal.json({"schema_version": SCHEMA_VERSION, **erased})
        return
    terminal.out(f"Forgotten: {one_line(gone.said)}.")
    for count, one, many in (
        (traces.answers, "saved answer", "saved answers"),
        (traces.rows, "row of an eval run", "rows of eval runs"),
    ):
        if count:
            terminal.note(f"erased with it: {count} {one if count == 1 else many}")
    if traces.left:
        terminal.note(traces.left)
