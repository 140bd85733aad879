"""What can go wrong in the store.

    StoreError                      exit 5 unless said otherwise
    ├── CorpusMissing               no such corpus, or nothing in it        (the user: ingest)
    ├── CorpusLocked                another writer holds the corpus         (wait)
    ├── CorpusNewer                 written by a newer Footnote             (upgrade)
    ├── CorpusDamaged               the record cannot be read               (doctor)
    ├── DiskFull                    no room to write                        (free some)
    ├── IndexDamaged                an index folder is unusable             (rebuilt from the record)
    ├── RootMissing                 a root is gone or suddenly empty        (mount it again)
    └── BadPath                     a path or name the user gave is wrong   (exit 2)

Each carries one sentence for the user and the next step.
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path


class FootnoteError(Exception):
    """`message` says what failed and where, `next` how to go on; `code` is for `--json`, `exit` for the shell."""

    code = "unexpected"
    exit = 1

    def __init__(self, message: str, next: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next = next


class StoreError(FootnoteError):
    code = "store"
    exit = 5


class CorpusMissing(StoreError):
    code = "corpus_missing"


class CorpusLocked(StoreError):
    code = "corpus_locked"


class CorpusNewer(StoreError):
    code = "corpus_newer"


class CorpusDamaged(StoreError):
    code = "corpus_damaged"


class DiskFull(StoreError):
    code = "disk_full"


class IndexDamaged(StoreError):
    code = "index_damaged"


class RootMissing(StoreError):
    code = "root_missing"


class BadPath(StoreError):
    code = "bad_path"
    exit = 2


def full(folder: Path) -> bool:
    """Whether the disk has less than 1 MB left."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free < 1_000_000


def os_error(error: OSError, folder: Path) -> StoreError:
    """What a failure of the file system means to a user."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk that holds {folder} is full.", "Free some space and run it again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CorpusDamaged(f"{folder} cannot be written: {error.strerror}.", "Check its permissions.")
    return CorpusDamaged(f"{folder} cannot be used: {error.strerror or error}.", "Check the path.")
