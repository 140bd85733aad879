"""A stand-in for an index folder that may only be read: the libraries insist on writing a lock or a log into it."""

from __future__ import annotations

import os
import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

COPIED = ".sqlite3"  # files that a library writes even where it only reads; all others are linked to


class Shadow:
    """The stand-in of one folder, made in the folder for temporary files; it is removed with this object."""

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
