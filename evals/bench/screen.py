"""Costs of the chat: its first frame beside a bare Textual app, a key after 200 turns beside one in an empty chat.

Both are processes on a terminal of their own, and what counts is when something has been drawn there.
"""

import os
import pty
import select
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path
from time import perf_counter

from bot.conversation import Place
from bot.sessions import Sessions

Pairs = list[tuple[float, float]]  # seconds: ours, and those of the thing beside it
Process = tuple[str, list[str]]  # code and arguments
FOOTNOTE = "from bot.cli.main import main; main()"
CHAT: Process = FOOTNOTE, ["chat"]
SIGN = b"sk about the corpus"  # what the last widget of the first frame draws; the cursor stands on the letter before
READY = b"\xe2\x97\x8f ready"
QUIET = 2.0  # seconds without output after which a chat has nothing left to do
PATIENCE = 60.0
TURNS, KEYS = 200, 100
LETTERS = [chr(0x100 + i).encode() for i in range(KEYS)]  # each but once, so that only its own drawing shows it
BARE_TEXTUAL = """
from textual.app import App
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static, TextArea

class Bare(App):
    CSS = "#head, #status, #keys, #heading { height: 1 } #body { height: 1fr } #left { width: 3fr }" \
          "#side { width: 2fr } #asking { height: 3 } #sign { width: 3 }" \
          "#article, #commands, #finding, #ingest, #why { display: none }"

    def compose(self):
        yield Static("footnote", id="head")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with VerticalScroll():
                    yield Static("0 articles")
            with Vertical(id="side"):
                yield Static("", id="heading")
                yield VerticalScroll()
                with Vertical(id="article"):
                    yield Static("")
                    yield VerticalScroll()
        yield Static("", id="commands")
        with Horizontal(id="finding"):
            yield Static("")
            yield Input()
            yield Static("")
        yield Static("", id="ingest")
        yield Static("", id="status")
        yield Static("", id="why")
        with Horizontal(id="asking"):
            yield Static(">", id="sign")
            yield TextArea(placeholder="ask about the corpus")
        yield Static("Enter Ask", id="keys")

Bare().run()
"""


def started(process: Process, home: Path) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of a Python process that runs some code."""
    code, arguments = process
    more = {"FOOTNOTE_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}
    more["PYTHONDONTWRITEBYTECODE"] = ""  # an installed program is not compiled at each start
    return [sys.executable, "-c", code, *arguments], {**os.environ, **more}


class Screen:
    """A process on a terminal of 120 columns."""

    def __init__(self, process: Process, home: Path) -> None:
        self._ours, its = pty.openpty()
        termios.tcsetwinsize(its, (36, 120))
        self.began = perf_counter()
        command, env = started(process, home)
        env["TERM"] = "xterm-256color"
        self._process = subprocess.Popen(command, env=env, stdin=its, stdout=its, stderr=its, start_new_session=True)
        os.close(its)

    def until(self, words: bytes) -> float:
        """Seconds from now until `words` have been drawn. Raises SystemExit where they never are."""
        began, drawn = perf_counter(), b""
        while words not in drawn:
            piece = self._read(PATIENCE)
            if not piece:
                raise SystemExit(f"{words!r} was not drawn; the last: {drawn[-300:]!r}")
            drawn += piece
        return perf_counter() - began

    def settle(self) -> None:
        """Reads until nothing but the blinking cursor is drawn any more."""
        while len(self._read(QUIET)) > 200:
            pass

    def press(self, key: bytes) -> float:
        """Seconds from a key to its letter on the screen."""
        os.write(self._ours, key)
        return self.until(key)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._ours], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._ours, 65536)
        except OSError:  # the process has ended
            return b""


def first_frame(process: Process, home: Path) -> float:
    """Seconds from the start of a process to its first frame."""
    with closing(Screen(process, home)) as screen:
        screen.until(SIGN)
        return perf_counter() - screen.began


def key_costs(home: Path) -> Pairs:
    """A key in a chat of 200 finished turns and one in an empty chat, in turn. The home holds one saved turn."""
    sessions = Sessions(home / "sessions.sqlite3")
    answer = sessions.answer(Place(1, 1))
    for _ in range(TURNS - 1):
        sessions.finish(sessions.begin("default", answer.question, 1), answer)
    full_chat = FOOTNOTE, ["chat", "-c"]
    with closing(Screen(full_chat, home)) as full, closing(Screen(CHAT, home)) as empty:
        for screen in (full, empty):
            screen.until(READY)
            screen.settle()
        return [(full.press(letter), empty.press(letter)) for letter in LETTERS]
