"""`keys`: a provider's key goes into a file that only its owner can read."""

from __future__ import annotations

import sys

import typer

from bot.credentials import Keys
from bot.settings import Paths
from bot.show.terminal import Terminal


def keep(name: str, paths: Paths, terminal: Terminal) -> None:
    """Keeps the key that is typed or stands on stdin; an empty one takes the kept one out."""
    key = (
        typer.prompt(f"Key for {name}", hide_input=True, default="", show_default=False, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline()
    )
    paths.ensure(paths.config)
    Keys(paths.keys_file).set(name, key)
    state = f"kept in {paths.keys_file}" if key.strip() else "taken out"
    terminal.note(f"the key for {name} is {state}")
