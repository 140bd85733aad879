"""A folder that may only be read, for libraries that open locks and logs beside the files they read."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path


class Folder:
    """A folder to open files in, at `path`; one that was made for it is removed with this object."""

    def __init__(self, path: Path, *, temporary: bool = False) -> None:
        self.path = path
        if temporary:
            weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)


def writable(folder: Path, *, copied: bool = False) -> Folder:
    """The folder itself, or for a read-only one a temporary one of links to its files.

    With `copied` they are copied, for a reader that writes to them; lock files are left out. Raises OSError.
    """
    if os.access(folder, os.W_OK) or not folder.is_dir():
        return Folder(folder)
    made = Folder(Path(tempfile.mkdtemp(prefix="footnote-")), temporary=True)
    for path in sorted(folder.rglob("*")):
        target = made.path / path.relative_to(folder)
        if path.is_dir():
            target.mkdir()
        elif copied:
            shutil.copyfile(path, target)
        elif path.suffix != ".lock":
            target.symlink_to(path.absolute())
    return made
