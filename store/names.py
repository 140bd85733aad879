"""Names that a user may type, for shell completion: read with SQLite alone, so that a key press waits for little."""

import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Error as Error
from typing import Any

FILE = "record.sqlite3"  # of `store.record`, which loads much

_OUTLETS = """
SELECT DISTINCT outlet FROM versions JOIN documents ON documents.current = versions.id
WHERE outlet IS NOT NULL ORDER BY outlet
"""
_ARTICLES = """
SELECT documents.id, title FROM versions JOIN documents ON documents.current = versions.id
WHERE substr(documents.id, 1, length(:begin)) = :begin ORDER BY documents.id LIMIT :most
"""


def outlets(folder: Path) -> list[str]:
    """The outlets of a corpus. Raises Error, as the others do."""
    return [name for (name,) in rows(folder / FILE, _OUTLETS)]


def roots(folder: Path) -> list[tuple[str, str]]:
    """The roots of a corpus, each with its path."""
    return rows(folder / FILE, "SELECT name, path FROM roots ORDER BY id")


def articles(folder: Path, begin: str, most: int) -> list[tuple[str, str]]:
    """The first articles whose id begins so, each with its title."""
    return rows(folder / FILE, _ARTICLES, {"begin": begin, "most": most})


def corpora(folder: Path) -> list[str]:
    """The names of the corpora in a folder. Raises OSError."""
    return sorted(path.name for path in folder.iterdir() if (path / FILE).exists())


def rows(file: Path, statement: str, values: dict[str, str | int] | None = None) -> list[Any]:
    """The rows that a query has in a SQLite file, which is only read."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=0.2)) as record:
        return record.execute(statement, values or {}).fetchall()
