"""One generation of the dense index: a folder that Chroma opens, and its rows as they are written.

`write` and `finish` may run in a second process: Chroma holds the interpreter while it writes.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

COLLECTION = "passages"
M_PERTURB, TO_ZEROS = -6, 0xFF
"""Of glibc's mallopt: what is allocated is filled. Chroma saves memory that it never set, and it may hold articles."""
_OPENING = Lock()
"""Held while a client is opened: Chroma's clients of one folder share a system that two threads at once would break."""
_WRITTEN: dict[Path, tuple[ClientAPI, Any]] = {}
"""The folders that this process is writing, each with its client and its collection."""


def warm() -> None:
    """Imports Chroma, which takes a second or more, while the embedder loads in a thread of its own."""
    import chromadb  # noqa: F401


def connect(folder: Path) -> ClientAPI:
    """Chroma over a folder, with nothing read from the surroundings and nothing sent anywhere."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import chromadb

    with suppress(AttributeError, OSError):  # glibc alone has it
        ctypes.CDLL(None).mallopt(M_PERTURB, TO_ZEROS)
    with _OPENING:
        return chromadb.PersistentClient(path=str(folder), settings=_settings().model_copy())


@cache
def _settings() -> Settings:
    """Chroma's settings, which take longer to make than a small index to open; each client changes its copy."""
    from chromadb.config import Settings

    return Settings(_env_file=None, anonymized_telemetry=False)


def write(folder: Path, embedder: str, gone: list[str], ids: list[str], rows: np.ndarray[Any, Any]) -> None:
    """Deletes rows from the collection in a folder, and adds or replaces others."""
    collection = _collection(folder, embedder)
    if gone:
        collection.delete(ids=gone)
    if ids:
        collection.upsert(ids=ids, embeddings=rows)


def finish(folder: Path, embedder: str) -> int:
    """Closes what `write` has opened in this process; returns how many rows there are."""
    try:
        return int(_collection(folder, embedder).count())
    finally:
        close(folder)


def close(folder: Path) -> None:
    """Closes what this process has opened of a folder, if anything."""
    if written := _WRITTEN.pop(folder, None):
        written[0].close()


def _collection(folder: Path, embedder: str) -> Any:
    if folder not in _WRITTEN:
        client = connect(folder)
        _WRITTEN[folder] = (
            client,
            client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
                metadata={"embedder": embedder},
            ),
        )
    return _WRITTEN[folder][1]


def sizes(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size in bytes."""
    return {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}


def to_disk(folder: Path) -> dict[str, int]:
    """Waits until the disk holds every file below a folder; returns their `sizes`."""
    files = sizes(folder)
    for path in files:
        with (folder / path).open("rb") as file:
            os.fsync(file.fileno())
    return files
