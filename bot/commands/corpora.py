"""`corpora`: the named corpora and what each holds."""

from __future__ import annotations

from bot.outcome import described
from bot.settings import Paths
from bot.show import plain
from bot.show.table import table
from bot.show.terminal import Terminal
from store.errors import StoreError
from store.record import FILE, Record


def corpora(paths: Paths, terminal: Terminal, *, as_json: bool) -> None:
    """Prints the named corpora with what they hold; one that cannot be opened says why, an emptied one is left out."""
    rows: list[tuple[str, str, str]] = []
    listed: list[dict[str, object]] = []
    folders = sorted(paths.corpora.iterdir()) if paths.corpora.is_dir() else []
    for folder in [folder for folder in folders if (folder / FILE).exists()]:
        place = {"name": folder.name, "folder": str(folder)}
        try:
            record = Record(folder)
            covered, roots = record.coverage(), record.roots()
            record.close()
        except StoreError as error:
            rows.append((folder.name, error.message, str(folder)))
            listed.append({**place, "error": error.message})
            continue
        if covered.documents or roots:
            rows.append((folder.name, described(covered), str(folder)))
            listed.append({**place, "coverage": plain.coverage(covered)})
    if as_json:
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "corpora": listed})
    elif rows:
        table(terminal, rows)
    else:
        terminal.note("there is no corpus yet; make one with: footnote ingest PATH")
