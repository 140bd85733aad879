"""A stand-in for an index folder that may only be read: the libraries insist on writing a lock or a log into it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

COPIED = ".sqlite3"
"""Files that a library writes even where it only reads; all others are linked to."""


class Shadow:
    """The stand-in of one folder, made in the folder for temporary files and taken away by `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: TemporaryDirectory[str] | None = None

    def path(self) -> Path:
        """The folder itself where it can be written, else a stand-in with what it holds now. Raises OSError."""
        inside = [path for path in self._folder.iterdir() if not path.name.endswith(".lock")]
        if all(os.access(path, os.W_OK) for path in (self._folder, *inside)):
            return self._folder
        if self._made is None:
            self._made = TemporaryDirectory(prefix="footnote-", ignore_cleanup_errors=True)
        shadow = Path(self._made.name)
        for path in inside:
            if COPIED in path.name:
                shutil.copyfile(path, shadow / path.name)
            elif not (shadow / path.name).exists():
                (shadow / path.name).symlink_to(path.absolute())
        return shadow

    def close(self) -> None:
        if self._made is not None:
            self._made.cleanup()
            self._made = None
