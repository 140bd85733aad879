"""Every error that is told to a user, and what a failure of the file system means to one.

    FootnoteError                   exit 1 unless said otherwise
    ├── StoreError                  exit 5 unless said otherwise
    │   ├── CorpusMissing           no such corpus, or nothing in it            (the user: ingest)
    │   ├── CorpusLocked            another program holds the corpus            (wait)
    │   ├── CorpusNewer             written by a newer Footnote                 (upgrade)
    │   ├── CorpusDamaged           the record cannot be read                   (doctor)
    │   ├── DiskFull                no room to write                            (free some)
    │   ├── FileRefused             the system refuses a file or a folder       (rights, limits, the path)
    │   ├── IndexDamaged            an index folder is unusable                 (rebuilt from the record)
    │   ├── EmbedderMissing         the model of the vectors is not there       (install it)
    │   ├── RootMissing             a root is gone or suddenly empty            (mount it again)
    │   └── BadPath                 a path or name that the user gave is wrong  (exit 2)
    └── BotError
        ├── UsageError              the command line asks for what cannot be    (reword it; exit 2)
        ├── SettingsError           a flag, variable or config.toml is wrong    (mend it; exit 2)
        ├── NotThere                no such number, id or session               (list them; exit 2)
        ├── SessionsLocked          another program holds the conversations     (wait; exit 5)
        ├── SessionsDamaged         the saved conversations cannot be read      (doctor; exit 5)
        ├── ReaderMissing           the reading model cannot be loaded          (reinstall; exit 2)
        ├── ProviderError           the model's service failed                  (see `code`; exit 3)
        ├── EvalRegression          a run scored below what was accepted        (the change's author; exit 6)
        └── EvalInvalid             a run that cannot be scored or compared     (the suite's author; exit 7)

Each carries one sentence for the user and the next step.
"""

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


class FileRefused(StoreError):
    code = "file_refused"


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


_NEXT = {
    errno.EACCES: "Check its permissions.",
    errno.EPERM: "Check its permissions.",
    errno.EROFS: "It lies on a disk that cannot be written: choose another place.",
    errno.EMFILE: "Allow this shell more open files: ulimit -n 1024",
    errno.ENFILE: "Close some programs, then try again.",
    errno.ENOMEM: "Close some programs, then try again.",
    errno.EIO: "Check the disk.",
}


def disk_full(path: Path) -> DiskFull:
    return DiskFull(f"The disk that holds {path} is full.", "Free some space and run it again.")


def os_error(error: OSError, path: Path) -> StoreError:
    """The meaning of a failure of the file system at `path` to a user."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(path)
    reason = (error.strerror or str(error)).rstrip(".")
    return FileRefused(f"{path} cannot be used: {reason}.", _NEXT.get(error.errno or 0, "Check the path."))
