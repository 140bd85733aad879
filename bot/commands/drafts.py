"""The unsent text of a chat, saved so that the next start gives it back however the chat ended."""

import fcntl
import os
from pathlib import Path

from store.errors import os_error


class Draft:
    """One file for one open chat: the first to need it holds it until its process ends, and another saves nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None  # of the file, locked; None while another chat has it

    def saved(self) -> str:
        """The text that was left; "" where there is none, or another chat has it. Raises a StoreError."""
        try:
            if not self.path.exists() or not self._hold():
                return ""
            return self.path.read_text("utf-8", errors="replace")
        except OSError as error:
            raise os_error(error, self.path) from error

    def keep(self, text: str) -> None:
        """Saves a text in place of the one before. Raises a StoreError."""
        told = text.encode("utf-8", "replace")
        try:
            if self._hold():
                assert self._handle is not None
                os.pwrite(self._handle, told, 0)
                os.ftruncate(self._handle, len(told))  # last, so that a kill in between loses nothing
        except OSError as error:
            raise os_error(error, self.path) from error

    def _hold(self) -> bool:
        if self._handle is None:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            self._handle = handle
        return True
