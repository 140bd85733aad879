"""`forget`: an article, a root or a corpus is erased, and with it every saved answer and eval row that quotes it."""

from contextlib import closing, suppress
from os.path import realpath

import typer

from bot import build
from bot.commands.options import Given
from bot.errors import UsageError
from bot.show.clean import one_line
from bot.show.plain import SCHEMA_VERSION
from bot.traces import Traces
from store.corpus import remove
from store.errors import BadPath
from store.record import Record


def forget(given: Given, name: str | None, *, yes: bool) -> None:
    """Erases what has that name, the whole corpus for None; asks first on a terminal, unless `yes`.

    Raises CorpusMissing, CorpusLocked, BadPath or DiskFull, and UsageError for a corpus where nobody can be asked.
    """
    settings, where, terminal = given.settings, given.folder, given.terminal
    what = _described(given, name)
    asks = terminal.asks and not given.json
    if name is None and not (yes or asks):
        raise UsageError(f"Nothing was erased: nobody can be asked about {what}.", "Add --yes.")
    if asks and not yes and not typer.confirm(f"Erase {one_line(what)} for good?", err=True):
        return
    traces = Traces(given.paths, settings.corpus)
    if name is None:
        documents, said = remove(where, traces.erase), what
    else:
        gone = build.sync(settings, where, traces=traces).forget(name)
        documents, said = tuple(gone.documents), gone.said
    if given.json:
        erased = {"forgotten": list(documents), "answers_erased": traces.answers, "rows_erased": traces.rows}
        terminal.json({"schema_version": SCHEMA_VERSION, **erased})
        return
    terminal.out(f"Forgotten: {one_line(said)}.")
    if traces.answers:
        terminal.note(f"erased with it: {traces.answers} saved answer{'' if traces.answers == 1 else 's'}")
    if traces.rows:
        rows = "row of an eval run" if traces.rows == 1 else "rows of eval runs"
        terminal.note(f"erased with it: {traces.rows} {rows}")
    if traces.left:
        terminal.note(traces.left)


def _described(given: Given, name: str | None) -> str:
    """The thing to erase, in words; an unknown name is left to the store. Raises CorpusMissing."""
    with closing(Record(given.folder)) as record:  # a corpus that is not there is not made by forgetting
        roots = record.roots()
        if name is not None:
            roots = [root for root in roots if name == root.name or realpath(name) == str(root.path)]
            if not roots:
                with suppress(BadPath):
                    name = f"{name} ({record.document(name).title})"
                return f"the article {name}"
        inside = {root.name for root in roots}
        count = sum(document.root in inside for document in record.documents())
        what = f"the corpus '{given.settings.corpus}'" if name is None else f"the root '{roots[0].name}'"
        return f"{what} with {count} article{'' if count == 1 else 's'}"
