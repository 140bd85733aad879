"""What both indexes share: their state in words, a failed write, and a stand-in for a folder that is only read."""

import os
import shutil
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from store.errors import IndexDamaged, StoreError, disk_full, full, os_error
from store.record import Record

COPIED = ".sqlite3"  # files that a library writes even where it only reads; all others are linked to
FULL = ("os error 28", "no space left", "disk is full")


class Index(ABC):
    """An index in a folder of a corpus, which follows the record."""

    name: str  # of the folder, under which its stamp is kept too
    label: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name

    @abstractmethod
    def catch_up(self, record: Record, *, rebuild: bool = False, progress: Callable[[int], None] | None = None) -> int:
        """Applies the record's changes that it lacks, or all; returns their number. Raises DiskFull or IndexDamaged.

        Idempotent. The caller holds the corpus's writer lock. A folder that cannot be used is made anew.
        """

    @abstractmethod
    def fault(self, record: Record) -> str:
        """Why the folder must be built anew, in words; nothing where it need not be."""

    def sound(self, record: Record) -> bool:
        """Whether the folder holds what its stamp says."""
        return not self.fault(record)

    def state(self, record: Record) -> str:
        """What is wrong with the index, in words; nothing where it is level with the record."""
        behind = record.stamp(self.name).applied != record.last_seq()
        return self.fault(record) or (f"the {self.label} is behind" if behind else "")


def failed_write(error: Exception, folder: Path, what: str, advice: str) -> StoreError:
    """A failed write as the user's error; the libraries hide the system's number in their words, or do not say it."""
    if isinstance(error, OSError) and error.errno is not None:
        return os_error(error, folder)
    if full(folder) or any(sign in str(error).lower() for sign in FULL):
        return disk_full(folder)
    return IndexDamaged(f"{what} cannot be written: {error}.", advice)


class Shadow:
    """The stand-in of an index folder, made in the folder for temporary files; it is removed with this object.

    The libraries insist on writing a lock or a log into a folder that they read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self) -> Path:
        """The folder itself if it can be written, else a stand-in with what it holds now. Raises OSError."""
        inside = [path for path in self._folder.iterdir() if not path.name.endswith(".lock")]
        if all(os.access(path, os.W_OK) for path in (self._folder, *inside)):
            return self._folder
        shadow = Path(mkdtemp(prefix="footnote-"))
        weakref.finalize(self, shutil.rmtree, shadow, ignore_errors=True)
        for path in inside:
            if COPIED in path.name:
                shutil.copyfile(path, shadow / path.name)
            else:
                (shadow / path.name).symlink_to(path.absolute())
        return shadow
