"""SQLite files: one way to open them, the ladder of their schemas, and their errors in a user's words."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.errors import CorpusDamaged, CorpusLocked, CorpusNewer, FootnoteError, disk_full, full, os_error

TOGETHER = 1.0  # seconds after which transactions that are committed together are


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of the newest version, and the way of an older file to them."""

    tables: sa.MetaData
    first: tuple[str, ...] = ()  # SQL for the first rows of a new file
    steps: tuple[tuple[str, ...], ...] = ()
    """The ladder: SQL that lifts a file from version 1 to 2, from 2 to 3, …; a released step never changes."""

    @property
    def version(self) -> int:
        """The newest version, which a file keeps as its `user_version`."""
        return 1 + len(self.steps)


def key(name: str, kind: type[sa.types.TypeEngine[Any]] = sa.Text, **more: Any) -> sa.Column[Any]:
    """A column of a table's primary key."""
    return sa.Column(name, kind, primary_key=True, **more)


def text(name: str, **more: Any) -> sa.Column[str]:
    """A column of text, with a value in each row unless said otherwise."""
    return sa.Column(name, sa.Text, **({"nullable": False} | more))


def number(name: str, **more: Any) -> sa.Column[int]:
    """A column of whole numbers, with a value in each row unless said otherwise."""
    return sa.Column(name, sa.Integer, **({"nullable": False} | more))


def insert(
    connection: sa.Connection,
    table: sa.Table,
    columns: str,
    rows: Sequence[tuple[Any, ...]],
    *,
    replacing: bool = False,
) -> None:
    """Adds many rows past the work that SQLAlchemy does for each row; if `replacing`, in place of those of one key."""
    names, verb = columns.split(), "INSERT OR REPLACE" if replacing else "INSERT"
    if rows:
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        connection.exec_driver_sql(f'{verb} INTO "{table.name}" ({listed}) VALUES ({marks})', list(rows))


class Database:
    """One SQLite file; opening it runs the schema steps that it lacks. Where it cannot be written it is only read."""

    schema: Schema
    wait = 20.0  # seconds to wait for another program that holds the file
    locked: type[FootnoteError] = CorpusLocked
    damaged: type[FootnoteError] = CorpusDamaged
    newer: type[FootnoteError] = CorpusNewer
    restore = "Restore it from a backup, or move the folder away and ingest again."

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Opens the file; with `create` makes its folder and its tables where they are missing."""
        self.path = path
        if create:
            try:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                if not path.exists():  # SQLite gives its log the mode of this file
                    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise os_error(error, path.parent) from error
        needed = [path, path.parent, *(log for log in (self._log("-wal"), self._log("-shm")) if log.exists())]
        self._group: _Group | None = None  # while `together` is open
        self.readonly = not all(os.access(place, os.W_OK) for place in needed)
        pool = sa.NullPool if self.readonly else sa.QueuePool  # a log may appear beside a file that others write
        self.engine = sa.create_engine("sqlite://", creator=self._connect, poolclass=pool)
        sa.event.listen(self.engine, "begin", _begin)
        try:
            self._climb(create=create)
        except FootnoteError:
            self.close()
            raise

    def _log(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _connect(self) -> sqlite3.Connection:
        """A connection: WAL, full sync, foreign keys, erased bytes zeroed; or one that leaves no trace on the disk."""
        mode = "rw"
        if self.readonly:  # `immutable` needs no files beside this one, and must not be said while a log has changes
            log = self._log("-wal")
            mode = "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode={mode}", timeout=self.wait, uri=True,
                                     isolation_level=None, check_same_thread=False)  # fmt: skip
        settings = ("foreign_keys=ON",) if self.readonly else (
            "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")  # fmt: skip
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
        return connection

    def _climb(self, *, create: bool) -> None:
        """Brings the file to the newest version, in one transaction; refuses a file of a newer one."""
        with self.begin() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version == self.schema.version:
            return
        if version > self.schema.version:
            raise self.newer(
                f"{self.path} was written by a newer Footnote "
                f"(schema {version}; this one knows {self.schema.version}).",
                "Upgrade Footnote.",
            )
        if not version and not create:
            raise self.empty()
        if self.readonly:
            raise self.damaged(
                f"{self.path} was written by an older Footnote and cannot be brought up to date: it cannot be written.",
                "Open it once with the right to write, for instance by: footnote doctor",
            )
        with self.begin(write=True) as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if not version:
                self.schema.tables.create_all(connection)
            steps = (self.schema.first,) if not version else self.schema.steps[version - 1 :]
            for statement in (statement for step in steps for statement in step):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {self.schema.version}")

    def empty(self) -> FootnoteError:
        """The error for a file without tables that is not to be filled."""
        return self.damaged(f"{self.path} is empty.", self.restore)

    @contextmanager
    def begin(self, *, write: bool = False) -> Iterator[sa.Connection]:
        """One transaction: commits at the end, rolls back on any error, speaks in our errors.

        One that will `write` takes its turn at once: SQLite lets none wait that has already read.
        """
        try:
            if self._group is None:
                with self.engine.execution_options(write=write).begin() as connection:
                    yield connection
            else:
                with self._group.part() as connection:
                    yield connection
        except sa.exc.DBAPIError as error:
            raise self._failure(str(error.orig)) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """Transactions inside are committed together, about every TOGETHER seconds and at the end.

        Each commit waits for the disk. On an error those stay that had ended before it.
        """
        try:
            with self.engine.execution_options(write=True).connect() as connection:
                self._group = _Group(connection)
                try:
                    yield
                finally:
                    self._group = None
                    with suppress(sa.exc.PendingRollbackError):  # an error has ended the transaction
                        connection.commit()
        except sa.exc.DBAPIError as error:
            raise self._failure(str(error.orig)) from error

    def rows(self, statement: sa.Select[Any] | sa.CompoundSelect[Any]) -> Sequence[Any]:
        """The rows of one SELECT, in a transaction of its own."""
        with self.begin() as connection:
            return connection.execute(statement).all()

    def _failure(self, reason: str) -> FootnoteError:
        """The meaning of a failure of SQLite to a user."""
        said, folder = reason.lower(), self.path.parent
        if "full" in said or "enospc" in said or ("disk i/o" in said and full(folder)):
            return disk_full(folder)
        if "locked" in said or "busy" in said:
            return self.locked(
                f"{self.path} is held by another program; Footnote waited {self.wait:g} s for it.",
                "Close that program, or wait for it to end, then try again.",
            )
        if self.readonly and "unable to open" in said:
            return self.damaged(
                f"{self.path} has a log of changes beside it that can only be taken in where it can be written.",
                f"Copy {folder} to a place that can be written, or give the right to write.",
            )
        if "readonly" in said or "unable to open" in said:
            return self.damaged(f"{self.path} cannot be opened for writing.", f"Check the permissions of {folder}.")
        return self.damaged(f"{self.path} cannot be read: {reason.rstrip('.')}.", self.restore)

    def empty_log(self) -> None:
        """Moves SQLite's log into its file and empties it, for erased text stays in the log until then.

        Raises `locked` where somebody reads on from before the last change, and DiskFull.
        """
        try:
            with closing(self.engine.raw_connection()) as connection:
                busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise self._failure(str(error)) from error
        if busy:
            raise self._failure("busy")

    def close(self) -> None:
        self.engine.dispose()


class _Group:
    """Transactions of one connection that are committed together."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._begun = time.monotonic()

    @contextmanager
    def part(self) -> Iterator[sa.Connection]:
        """One transaction of the group, which an error undoes alone; it may stand inside another."""
        inside = self._connection.in_nested_transaction()
        with self._connection.begin_nested():
            yield self._connection
        if not inside and time.monotonic() - self._begun > TOGETHER:
            self._connection.commit()
            self._begun = time.monotonic()


def _begin(connection: sa.Connection) -> None:
    """Says BEGIN, which Python's driver leaves to us, so that changes of the schema are transactional too."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


def now() -> str:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
