"""The command line as a user has it: a process of its own, off a terminal or on one, and the shapes of its JSON."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parent.parent
START = (sys.executable, "-c", "from bot.cli.main import main; main()")
PATIENCE = 60  # seconds
ENDED = "\x1e"  # stands before the exit code of each command of SERIES
SERIES = """
import json, sys
from bot.cli import main

main._prepare()
for arguments in json.loads(sys.argv[1]):
    code = main.run(arguments)
    print(f"\x1e{code}", flush=True)
"""


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code and what stood on each stream."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)


Footnote = Callable[..., Done]
"""A command: its home, then its arguments."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """A plain shell's variables, with a home of our own and no pager."""
    foreign = ("FOOTNOTE_", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHON", "CI")
    plain = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return {**plain, "PYTHONPATH": str(ROOT), "PAGER": "", "FOOTNOTE_HOME": str(home), **more}


def start(home: Path, *arguments: str | bytes | Path, **named: Any) -> subprocess.Popen[bytes]:
    """A command that has begun, by START unless `begin` is named; streams are pipes unless `named` says otherwise."""
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env, begin = named.pop("env", {}), named.pop("begin", START)
    # A shell that runs the tests in the background has had Ctrl-C ignored, and children inherit that.
    pipes["preexec_fn"] = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen([*begin, *arguments], env=environment(home, **env), **{**pipes, **named})


def command(home: Path, *arguments: str | bytes | Path, stdin: bytes | None = None, **named: Any) -> Done:
    """A whole command, off a terminal."""
    if stdin is not None:
        named["stdin"] = subprocess.PIPE
    process = start(home, *arguments, **named)
    out, err = process.communicate(stdin, timeout=PATIENCE)
    return Done(process.returncode, (out or b"").decode(), (err or b"").decode())


def in_turn(
    home: Path, *commands: list[str], terminal: bool = False, typed: str = "", umask: int = -1, **env: str
) -> list[tuple[int, str]]:
    """Commands that one process runs one after the other: the exit code of each, and what both streams show.

    The imports and the models are paid for once. Off a terminal unless that is asked for; `typed` needs one.
    """
    begin = (sys.executable, "-c", SERIES)
    if terminal:
        code, shown = on_terminal(home, json.dumps(commands), typed=typed, begin=begin, **env)
    else:
        done = command(home, json.dumps(commands), begin=begin, stderr=subprocess.STDOUT, umask=umask, env=env)
        code, shown = done.code, done.out
    assert code == 0, shown
    ends = list(re.finditer(rf"{ENDED}(\d+)\n", shown))
    starts = [0, *(end.end() for end in ends)]
    assert len(ends) == len(commands), shown
    return [(int(end[1]), shown[start : end.start()]) for start, end in zip(starts, ends, strict=False)]


def on_terminal(
    home: Path, *arguments: str, typed: str = "", begin: tuple[str, ...] = START, **env: str
) -> tuple[int, str]:
    """A whole command on a terminal of 80 columns, with what is typed there: exit code and what both streams show."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (24, 80))
    settings = termios.tcgetattr(its)
    settings[1] &= ~termios.OPOST  # line ends as they were written
    termios.tcsetattr(its, termios.TCSANOW, settings)
    variables = {"TERM": "xterm-256color", **env}
    process = start(home, *arguments, begin=begin, stdin=its, stdout=its, stderr=its, env=variables)
    os.close(its)
    os.write(ours, typed.encode())
    shown = bytearray()
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return process.wait(PATIENCE), shown.decode()


def played(home: Path, arguments: list[str], *steps: str | bytes) -> tuple[int, str]:
    """A command on a terminal of 120 columns that is played to: words are waited for, bytes are typed.

    Returns the exit code and all that was written.
    """
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (36, 120))
    process = start(home, *arguments, stdin=its, stdout=its, stderr=its, env={"TERM": "xterm-256color"})
    os.close(its)
    try:
        shown = _played(ours, list(steps))
        os.close(ours)
        return process.wait(PATIENCE), shown.decode()
    finally:
        process.kill()  # one that waits for words that never come would outlive its terminal


def abandoned(home: Path, arguments: list[str], words: str) -> int:
    """The exit code of a command on a terminal that goes away, with no signal, once some words have come."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (36, 120))
    process = start(home, *arguments, stdin=its, stdout=its, stderr=its, env={"TERM": "xterm-256color"})
    os.close(its)
    try:
        shown = bytearray()
        while words.encode() not in shown:
            shown += os.read(ours, 65536)
        os.close(ours)
        return process.wait(PATIENCE)
    finally:
        process.kill()


def _played(ours: int, left: list[str | bytes]) -> bytearray:
    """All that is written to a terminal until its other end is closed, while the steps are played."""
    shown, seen = bytearray(), 0
    end = time.monotonic() + PATIENCE
    while True:
        if left and isinstance(left[0], bytes):
            os.write(ours, left.pop(0))
            seen = len(shown)
            continue
        assert time.monotonic() < end, f"{left[:1]} did not come: {shown[seen:]!r}"
        if not select.select([ours], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            return shown
        if not piece:
            return shown
        shown += piece
        if left and isinstance(left[0], str) and left[0].encode() in shown[seen:]:
            left.pop(0)


def interrupted(process: subprocess.Popen[bytes], number: signal.Signals, ready: Callable[[], Any]) -> Done:
    """A command that gets a signal as soon as `ready` returns."""
    ready()
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    return Done(process.returncode, out.decode(), err.decode())


def without_root_powers() -> None:
    """For a child: permissions count, even where the tests run as root."""
    import ctypes

    drop, override, search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    libc = ctypes.CDLL(None)
    libc.prctl(drop, override)
    libc.prctl(drop, search)


@cache
def _schemas() -> Registry[Any]:
    files = (ROOT / "bot" / "show" / "schemas").glob("*.json")
    return Registry().with_resources(
        [(file.name, Resource.from_contents(json.loads(file.read_text()))) for file in files]
    )


def valid(value: Any, shape: str) -> Any:
    """`value`, which has that shape of `bot/show/schemas`; else raises ValidationError."""
    Draft202012Validator({"$ref": f"{shape}.json"}, registry=_schemas()).validate(value)
    return value
