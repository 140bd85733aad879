"""The modes of files: what Footnote keeps is its owner's alone, what a user names is as the shell's umask has it."""

import os
from contextlib import suppress
from pathlib import Path

_umask = os.umask(0o077)
os.umask(_umask)

SHOWN = 0o666 & ~_umask  # the mode of a file that a user names, by the umask that the process was started with


def keep_private() -> None:
    """Makes every file and folder of this process from now on 600 or 700, those of libraries too."""
    os.umask(0o077)


def replace(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes a file whole, on the disk too, or leaves what was there. Raises OSError."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as opened:
            part.chmod(mode)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
