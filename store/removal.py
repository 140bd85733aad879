"""Removal of a whole corpus: its articles are erased with every trace of them, then its folder is deleted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from store import lock
from store.errors import os_error
from store.record import FILE, Record


def remove(folder: Path, erase: Callable[[set[str]], None]) -> tuple[str, ...]:
    """Removes the corpus in `folder`; returns its articles' ids. `erase` clears what was saved about them elsewhere.

    The record goes last, so that a removal that was cut short is finished by another. Raises CorpusLocked, DiskFull,
    what `erase` raises and the record's errors.
    """
    record = Record(folder)
    try:
        with lock.writer(folder, "forget --all"):
            for root in record.roots():
                record.forget_root(root)
            documents = {document for erasure in record.erasures() for document in erasure.documents}
            erase(documents)
            record.close()
            try:
                _delete(folder)
            except OSError as error:
                raise os_error(error, folder) from error
    finally:
        record.close()
    return tuple(sorted(documents))


def _delete(folder: Path) -> None:
    """Deletes a corpus's folder: its indexes, then its record, then the lock that is held meanwhile."""
    real = folder.resolve()
    for path in sorted(real.iterdir(), key=lambda path: (path.name == lock.FILE, path.name.startswith(FILE))):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)  # SQLite deletes its log by itself
    real.rmdir()
    if folder.is_symlink():
        folder.unlink()
