"""The clipboard: by a command of this machine that can be asked whether it worked, else by the terminal (OSC 52)."""

import asyncio
import os
import subprocess
import sys
from typing import Any

from textual.app import App

SECONDS = 2.0  # after which a command is taken to hang


def _commands() -> list[list[str]]:
    """The commands that may reach the clipboard of the user's own screen; over SSH none does."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return []
    if sys.platform == "darwin":
        return [["pbcopy"]]
    wayland = [["wl-copy"]] if os.environ.get("WAYLAND_DISPLAY") else []
    x11 = [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    return [*wayland, *(x11 if os.environ.get("DISPLAY") else [])]


def _copied(text: str) -> str:
    """The name of the first command that took a text; "" where none did."""
    for command in _commands():
        try:
            done = subprocess.run(
                command, input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS
            )
        except (OSError, subprocess.TimeoutExpired):  # it is not there, or its display is not
            continue
        if not done.returncode:
            return command[0]
    return ""


async def copied(app: App[Any], text: str) -> str:
    """Copies a text; the name of the way that worked. Whether a terminal obeys OSC 52 cannot be asked."""
    app.copy_to_clipboard(text)
    return await asyncio.to_thread(_copied, text) or "OSC 52"
