"""The dense leg: a Chroma collection that follows the record, published in generations.

A writer copies the current generation's folder, changes the copy, checks and closes it, and names it in
the record in one transaction. Readers open what the record names and hold a shared lock on it meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from store.embed import Embedding
from store.errors import DiskFull, IndexDamaged, StoreError, full, os_error
from store.lock import shared
from store.passage import NOW, Query
from store.record import Change, Record, Stamp, embedded
from store.shadow import Shadow

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

NAME = "dense"
COLLECTION = "passages"
BATCH = 200  # rows a write
FLOAT = np.dtype("<f4")
_OPENING = Lock()  # Chroma's clients of one folder share a system, and two threads that open it at once break it


class Dense:
    """The folder `dense/` of a corpus: one folder a generation, and a lock file beside each."""

    name = NAME  # under which its stamp is kept

    def __init__(self, folder: Path, embedding: Embedding) -> None:
        self.folder = folder / NAME
        self.embedding = embedding
        self._client: ClientAPI | None = None
        self._collection: Any = None
        self._lock: int | None = None
        self._open_generation = ""
        self._shadow: Shadow | None = None

    # -- writing -------------------------------------------------------------------------------

    def catch_up(self, record: Record, *, rebuild: bool = False, progress: Callable[[int], None] | None = None) -> int:
        """Publishes a generation that holds all that the record holds; returns how many rows it took.

        Idempotent. The caller holds the corpus's writer lock. Raises DiskFull or IndexDamaged.
        """
        stamp = record.stamp(NAME)
        if rebuild or not self.sound(record):
            stamp = Stamp(generation=stamp.generation)
        elif record.last_seq() == stamp.applied:
            self.sweep(record)
            return 0
        name = f"g{int(stamp.generation[1:] or 0) + 1:06d}" if stamp.generation else "g000001"
        target = self.folder / name
        self.close()
        try:
            if self.folder.is_file():
                self.folder.unlink()
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.rmtree(target, ignore_errors=True)
            if stamp.applied:
                shutil.copytree(self.folder / stamp.generation, target)
            count, last = self._apply(record, target, stamp.applied, progress)
            files = sizes(target)
            for path in files:
                _sync(target / path)
        except BaseException as error:  # half a generation helps nobody and takes room
            shutil.rmtree(target, ignore_errors=True)
            if isinstance(error, OSError):
                raise os_error(error, self.folder) from error
            raise
        record.set_stamp(NAME, Stamp(last, record.active_count(), name, self.embedding.stamp, files))
        self.sweep(record)
        return count

    def _apply(
        self, record: Record, target: Path, after: int, progress: Callable[[int], None] | None
    ) -> tuple[int, int]:
        """Applies changes after `after` to the generation in `target`; returns (rows, last seq)."""
        count, last = 0, after
        with _spoken(self.folder), _client(target) as client:
            collection = client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
                metadata={"embedder": self.embedding.stamp},
            )
            for batch in record.changes(after):
                for start in range(0, len(batch), BATCH):
                    self._write(record, collection, batch[start : start + BATCH], fresh=not after)
                count, last = count + len(batch), batch[-1].seq
                if progress:
                    progress(count)
            if collection.count() != record.active_count():
                raise IndexDamaged(
                    "The meaning index could not be brought level with the record.",
                    "footnote doctor --repair",
                )
        return count, last

    def _write(self, record: Record, collection: Any, part: Sequence[Change], *, fresh: bool) -> None:
        gone = [str(change.id) for change in part if change.retired]
        live = [change for change in part if not change.retired]
        if gone and not fresh:
            collection.delete(ids=gone)
        if live:
            collection.upsert(ids=[str(change.id) for change in live], embeddings=self._vectors(record, live))

    def _vectors(self, record: Record, live: Sequence[Change]) -> np.ndarray[Any, Any]:
        """Vectors of passages from the record; those that it lacks are made and kept there."""
        kept = record.vectors(self.embedding.stamp, [change.hash for change in live])
        lacking = {change.hash: embedded(change.title, change.text) for change in live if change.hash not in kept}
        if lacking:
            made = self.embedding.matrix(list(lacking.values())).astype(FLOAT)
            new = {key: row.tobytes() for key, row in zip(lacking, made, strict=True)}
            record.put_vectors(self.embedding.stamp, new)
            kept |= new
        return np.stack([np.frombuffer(kept[change.hash], FLOAT) for change in live])

    def sweep(self, record: Record, *, previous: bool = True) -> None:
        """Removes generations that the record does not name and nobody reads; the `previous` one is kept.

        One later than the named is what a crash left behind. What cannot be removed is left to the next sweep.
        """
        named = record.stamp(NAME).generation
        others = sorted(path.name for path in self.folder.glob("g??????") if path.name != named)
        kept = [name for name in others if name < named][-1:] if previous else []
        for name in others:
            if name not in kept:
                with suppress(OSError), _held(self.folder / f"{name}.lock", fcntl.LOCK_EX) as free:
                    if free:
                        shutil.rmtree(self.folder / name, ignore_errors=True)
                        (self.folder / f"{name}.lock").unlink(missing_ok=True)

    # -- reading -------------------------------------------------------------------------------

    def open(self, record: Record) -> None:
        """Opens the generation that the record names, where it is not open yet. Raises IndexDamaged."""
        stamp = record.stamp(NAME)
        if self._collection is not None and self._open_generation == stamp.generation:
            return
        self.close()
        self._check(stamp)
        try:
            self._lock = shared(self.folder / f"{stamp.generation}.lock")
            self._check(stamp)  # a sweep may have come between
            self._shadow = Shadow(self.folder / stamp.generation)
            self._client = connect(self._shadow.path())
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
            self._open_generation = stamp.generation
        except IndexDamaged:
            self.close()
            raise
        except Exception as error:  # Chroma raises bare Exceptions of many kinds for a damaged folder
            self.close()
            raise IndexDamaged(f"the meaning index cannot be opened ({type(error).__name__})") from error

    def _check(self, stamp: Stamp) -> None:
        why = self._unsound(stamp)
        if why:
            raise IndexDamaged(why)

    def _unsound(self, stamp: Stamp) -> str:
        """Why the generation named cannot be opened, or nothing. Looks at file sizes before Chroma does:
        opening a folder with cut files has filled a disk."""
        if not stamp.generation:
            return "the meaning index is not built yet"
        if stamp.embedder != self.embedding.stamp:
            return f"the meaning index was built by another embedder ({stamp.embedder})"
        found = sizes(self.folder / stamp.generation)
        if any(found.get(path, -1) != size for path, size in (stamp.files or {}).items()):
            return "the meaning index is missing or damaged"
        return ""

    def state(self, record: Record) -> str:
        """What is wrong with the generation named, in words; nothing where it is level with the record."""
        stamp = record.stamp(NAME)
        return self._unsound(stamp) or ("" if stamp.applied == record.last_seq() else "the meaning index is behind")

    def sound(self, record: Record) -> bool:
        """Whether the folder holds what its stamp says."""
        return not self._unsound(record.stamp(NAME))

    def close(self) -> None:
        """Closes the collection and gives its generation free."""
        if self._client is not None:
            self._client.close()
        if self._shadow is not None:
            self._shadow.close()
        if self._lock is not None:
            os.close(self._lock)
        self._client = self._collection = self._lock = self._shadow = None
        self._open_generation = ""

    def vector(self, query: Query) -> np.ndarray[Any, Any]:
        """The question as a unit vector; earlier questions of the conversation weigh 1 against NOW."""
        rows = self.embedding.matrix([query.text, *query.history])
        total = rows[0] * NOW + rows[1:].sum(axis=0)
        return np.asarray(total / (float(np.linalg.norm(total)) or 1.0), dtype=np.float32)

    def search(self, query: Query, k: int, passages: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The nearest `k` passages as (id, cosine similarity), best first; only of `passages` where given.

        Raises IndexDamaged.
        """
        assert self._collection is not None, "open() comes first"
        among = None if passages is None else [str(key) for key in passages]
        if among == []:
            return []
        try:
            k = min(k, self._collection.count())
            found = self._collection.query(
                query_embeddings=[self.vector(query)], n_results=max(1, k), ids=among, include=["distances"]
            )
        except Exception as error:  # see open()
            self.close()
            raise IndexDamaged(f"the meaning index cannot be read ({type(error).__name__})") from error
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(key), 1.0 - float(distance)) for key, distance in pairs]


def warm() -> None:
    """Imports Chroma, which takes a second or more, while the embedder loads in a thread of its own."""
    import chromadb  # noqa: F401


def connect(folder: Path) -> ClientAPI:
    """Chroma over a folder, with nothing read from the surroundings and nothing sent anywhere."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import chromadb
    from chromadb.config import Settings

    settings = Settings(_env_file=None, anonymized_telemetry=False)
    with _OPENING:
        return chromadb.PersistentClient(path=str(folder), settings=settings)


@contextmanager
def _client(folder: Path) -> Iterator[ClientAPI]:
    client = connect(folder)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _spoken(folder: Path) -> Iterator[None]:
    """Chroma's failures as ours: a full disk is told from its free space, for Chroma does not say the word."""
    try:
        yield
    except (StoreError, OSError):
        raise
    except Exception as error:
        if full(folder) or "disk is full" in str(error).lower() or "No space left" in str(error):
            raise DiskFull(f"The disk that holds {folder} is full.", "Free some space and run it again.") from error
        raise IndexDamaged(f"The meaning index cannot be written: {error}.", "footnote doctor --repair") from error


@contextmanager
def _held(path: Path, kind: int) -> Iterator[bool]:
    """Whether a lock of that kind could be had at once."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def sizes(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size in bytes."""
    return {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}


def _sync(path: Path) -> None:
    """Waits until the disk holds a file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
