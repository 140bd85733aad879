"""The dense index: a Chroma collection that follows the record, published in generations.

A writer copies the current generation's folder, changes the copy, checks and closes it, and names it in
the record in one transaction. Readers open the generation named and hold a shared lock on it meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from store import generation
from store.embed import FLOAT, Embedding
from store.errors import IndexDamaged, StoreError, full
from store.generation import COLLECTION, connect, sizes
from store.identity import embedded
from store.index import Index, Shadow, failed_write
from store.lock import shared
from store.record import Change, Record, Stamp
from store.second import Ended, Second

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

NAME = "dense"
T = TypeVar("T")


class Dense(Index):
    """The folder `dense/` of a corpus: one folder a generation, and a lock file beside each."""

    name = NAME
    label = "meaning index"

    def __init__(self, folder: Path, embedding: Embedding, second: Second | None = None) -> None:
        """With a `second` process it is written there."""
        super().__init__(folder)
        self.embedding = embedding
        self._run = second.call if second else _run

    def catch_up(
        self,
        record: Record,
        *,
        rebuild: bool = False,
        progress: Callable[[int], None] | None = None,
        written: Callable[[], bool] = lambda: True,
    ) -> int:
        """Publishes a generation level with the record; returns the number of rows applied.

        It follows a record that is being written until that is `written`, which may wait before it says no.
        """
        stamp = record.stamp(NAME)
        if rebuild or not self.sound(record):
            stamp = Stamp(generation=stamp.generation)
        elif written() and record.last_seq() == stamp.applied:
            self.sweep(record)
            return 0
        name = f"g{int(stamp.generation[1:] or 0) + 1:06d}"
        target = self.folder / name
        try:
            if self.folder.is_file():
                self.folder.unlink()
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.rmtree(target, ignore_errors=True)
            if stamp.applied:
                shutil.copytree(self.folder / stamp.generation, target)
            count, last = self._apply(record, target.absolute(), stamp.applied, progress, written)
            files = generation.to_disk(target)
        except BaseException as error:
            shutil.rmtree(target, ignore_errors=True)
            if isinstance(error, StoreError | Ended) or not isinstance(error, Exception):
                raise
            raise failed_write(error, self.folder, "The meaning index", "footnote doctor --repair") from error
        record.set_stamp(NAME, Stamp(last, record.active_count(), name, self.embedding.stamp, files))
        self.sweep(record)
        return count

    def _apply(
        self,
        record: Record,
        target: Path,
        after: int,
        progress: Callable[[int], None] | None,
        written: Callable[[], bool],
    ) -> tuple[int, int]:
        """Applies changes after `after` to the generation in `target`; returns (rows, last seq)."""
        count, last = 0, after
        try:
            is_whole = False
            while not is_whole:
                is_whole, start = written(), last
                for batch in record.changes(start):
                    self._write(record, target, batch, fresh=not start)
                    count, last = count + len(batch), batch[-1].seq
                    if progress:
                        progress(count)
            held = self._run(generation.finish, target, self.embedding.stamp)
        finally:
            generation.close(target)
        if held != record.active_count():
            raise IndexDamaged(
                "The meaning index could not be brought level with the record.", "footnote doctor --repair"
            )
        return count, last

    def _write(self, record: Record, target: Path, part: Sequence[Change], *, fresh: bool) -> None:
        gone = [] if fresh else [str(change.id) for change in part if change.retired]
        live = [change for change in part if not change.retired]
        ids, rows = [str(change.id) for change in live], self._vectors(record, live)
        self._run(generation.write, target, self.embedding.stamp, gone, ids, rows)

    def _vectors(self, record: Record, live: Sequence[Change]) -> np.ndarray[Any, Any]:
        """Vectors of passages from the record; those that it lacks are made and kept there."""
        kept = record.vectors(self.embedding.stamp, [change.hash for change in live])
        lacking = {change.hash: embedded(change.title, change.text) for change in live if change.hash not in kept}
        if lacking:
            new = dict(zip(lacking, self.embedding.stored(list(lacking.values())), strict=True))
            record.put_vectors(self.embedding.stamp, new)
            kept |= new
        every = b"".join(kept[change.hash] for change in live)
        return np.frombuffer(every, FLOAT).reshape(len(live), -1) if live else np.zeros((0, 0), FLOAT)

    def sweep(self, record: Record, *, previous: bool = True) -> None:
        """Removes generations that the record does not name and nobody reads; the `previous` one is kept.

        One later than the named is what a crash left behind. What cannot be removed is left to the next sweep.
        """
        named = record.stamp(NAME).generation
        others = sorted(path.name for path in self.folder.glob("g??????") if path.name != named)
        kept = [name for name in others if name < named][-1:] if previous else []
        for name in set(others) - set(kept):
            lock = self.folder / f"{name}.lock"
            with suppress(OSError), os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)) as free:
                fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not free while a reader holds it
                shutil.rmtree(self.folder / name, ignore_errors=True)
                lock.unlink(missing_ok=True)

    def reader(self, record: Record) -> DenseReader:
        """A reader of the generation that the record names. Raises IndexDamaged."""
        stamp = record.stamp(NAME)
        fault = self._fault(stamp)
        if not fault:
            reader = DenseReader(self.folder, stamp.generation)
            fault = self._fault(stamp) or reader.open()  # a sweep may have come before the reader's lock
            if not fault:
                return reader
            reader.close()
        raise IndexDamaged(fault)

    def _fault(self, stamp: Stamp) -> str:
        """Why the generation named cannot be opened, in words, or nothing.

        Looks at file sizes before Chroma does: Chroma has filled a disk on opening a folder with cut files.
        """
        if not stamp.generation:
            return "the meaning index is not built yet"
        if stamp.embedder != self.embedding.stamp:
            return f"the meaning index was built by another embedder or an older Footnote ({stamp.embedder})"
        there = sizes(self.folder / stamp.generation)
        if any(there.get(path, -1) != size for path, size in stamp.files.items()):
            return "the meaning index is missing or damaged"
        return ""

    def fault(self, record: Record) -> str:
        return self._fault(record.stamp(NAME))


class DenseReader:
    """One generation, locked against removal until it is closed."""

    def __init__(self, folder: Path, generation: str) -> None:
        """Takes the lock alone."""
        self.generation = generation
        self._folder = folder / generation
        self._lock: int | None = shared(folder / f"{generation}.lock")
        self._shadow: Shadow | None = Shadow(self._folder)
        self._client: ClientAPI | None = None
        self._collection: Any = None

    def open(self) -> str:
        """Opens the collection; returns the fault that keeps it closed, in words, or nothing."""
        try:
            assert self._shadow is not None
            self._client = connect(self._shadow.path())
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # Chroma raises bare Exceptions of many kinds for a damaged folder
            why = "the disk is full" if full(self._folder) else type(error).__name__
            return f"the meaning index cannot be opened ({why})"
        return ""

    def current(self, record: Record) -> bool:
        """Whether it is open, and of the generation that the record names."""
        return self._client is not None and self.generation == record.stamp(NAME).generation

    def close(self) -> None:
        """Closes the collection and releases its generation."""
        if self._client is not None:
            self._client.close()
        if self._lock is not None:
            os.close(self._lock)
        self._client = self._collection = self._lock = self._shadow = None

    def search(self, vector: np.ndarray[Any, Any], k: int, passages: Sequence[int] | None = None) -> dict[int, float]:
        """The nearest `k` passages with their cosines, only of `passages` where given.

        Raises IndexDamaged, and is then closed.
        """
        among = None if passages is None else [str(key) for key in passages]
        if among == []:
            return {}
        try:
            k = min(k, self._collection.count())
            hits = self._collection.query(
                query_embeddings=[vector], n_results=max(1, k), ids=among, include=["distances"]
            )
        except Exception as error:  # as in open()
            self.close()
            raise IndexDamaged(f"the meaning index cannot be read ({type(error).__name__})") from error
        pairs = zip(hits["ids"][0], hits["distances"][0], strict=True)
        return {int(key): 1.0 - float(distance) for key, distance in pairs}


def _run(function: Callable[..., T], *arguments: Any) -> T:
    """Calls a function in this process."""
    return function(*arguments)
