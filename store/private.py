"""The modes of files: what Footnote keeps is its owner's alone, what a user names is as the shell's umask has it."""

import os

_umask = os.umask(0o077)
os.umask(_umask)

SHOWN = 0o666 & ~_umask  # the mode of a file that a user names, by the umask that the process was started with


def keep_private() -> None:
    """Makes every file and folder of this process from now on 600 or 700, those of libraries too."""
    os.umask(0o077)
