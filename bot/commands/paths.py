"""`paths`: the places of Footnote's files."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Paths
from bot.show.clean import one_line
from bot.show.plain import SCHEMA_VERSION
from bot.show.terminal import Terminal


def paths(places: Paths, corpus: Path, terminal: Terminal, *, as_json: bool) -> None:
    """Prints the places; `corpus` is the folder of the corpus that is set."""
    listed = {
        "config": places.config_file,
        "data": places.data,
        "corpora": places.corpora,
        "corpus": corpus,
        "sessions": places.sessions_file,
    }
    if as_json:
        terminal.json({"schema_version": SCHEMA_VERSION, **{name: str(path) for name, path in listed.items()}})
        return
    for name, path in listed.items():
        terminal.out(f"{name:9} {one_line(str(path))}")
