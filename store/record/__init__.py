"""The record: the SQL truth about roots, articles, their versions, passages, vectors and index stamps.

Every passage row carries a `seq` that grows with each change; a retired passage keeps its row as a
tombstone with a new `seq`, so an index catches up by reading `WHERE seq > ?` in order.
"""

import sqlite3
from pathlib import Path

from store.errors import CorpusMissing
from store.outlets import comparable
from store.record.articles import Articles
from store.record.families import Families, Family, Signature
from store.record.forgetting import Erasure, Exclusion, Forgetting
from store.record.library import Library
from store.record.log import Change, Log, Stamp
from store.record.roots import Root, Roots, Source
from store.record.schema import SCHEMA

__all__ = [
    "FILE", "SCHEMA", "Change", "Erasure", "Exclusion", "Family", "Record", "Root", "Signature", "Source", "Stamp",
    "filling",
]  # fmt: skip

FILE = "record.sqlite3"


def filling(corpus: str) -> str:
    """The command that fills a corpus of that name."""
    return "footnote ingest PATH" + ("" if corpus == "default" else f" --corpus {corpus}")


class Record(Roots, Articles, Families, Forgetting, Log, Library):
    """The corpus's SQL file. One process writes at a time (see `store.lock.writer`); any number read."""

    schema = SCHEMA

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Opens `folder`'s record; with `create` makes folder and tables where they are missing.

        Raises CorpusMissing, CorpusNewer, CorpusDamaged or DiskFull.
        """
        self.folder = folder
        if not create and not (folder / FILE).exists():
            raise CorpusMissing(f"There is no corpus at {folder}.", f"Make one with: {filling(folder.name)}")
        super().__init__(folder / FILE, create=create)

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.create_function("comparable", 1, comparable, deterministic=True)
        return connection

    def empty(self) -> CorpusMissing:
        said = f"The corpus at {self.folder} is empty, or just being made."
        return CorpusMissing(said, f"Fill it with: {filling(self.folder.name)}")

    def integrity(self) -> str:
        """SQLite's own check of the file: "ok", or what it found."""
        with self.begin() as connection:
            return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
