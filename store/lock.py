"""The corpus's writer lock: one process writes at a time, and the lock file names it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import CorpusLocked, os_error

FILE = "lock"


@contextmanager
def writer(folder: Path, doing: str) -> Iterator[None]:
    """Holds the corpus in `folder` for writing. Raises CorpusLocked, naming the holder, when it is taken.

    The system lets go of the lock when its holder dies, however it dies.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise os_error(error, folder) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text("utf-8", "replace").strip() or "another process"
            raise CorpusLocked(
                f"The corpus is being written by {holder}.", "Wait until it ends, then run it again."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"`footnote {doing}` (process {os.getpid()})".encode(), 0)
        yield
    finally:
        os.close(handle)


def shared(path: Path) -> int | None:
    """A lock that many readers hold, each until it closes its handle; None where it can be neither made nor opened."""
    for how in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            handle = os.open(path, how, 0o600)
        except OSError:  # a corpus that cannot be written, in which nobody will sweep either
            continue
        fcntl.flock(handle, fcntl.LOCK_SH)
        return handle
    return None
