"""The chat as a user has it: in a real terminal, over the real store, with the sample corpus."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from console import PATIENCE, ROOT, START, Done, command, environment, on_terminal
from model_server import Script, serve
from textual.events import Key

from bot.tui.keys import ALT
from bot.tui.terminal import Parser, Writer
from evals.find import load

ASKED = "How much oil flowed from the well each day?"
RATE = "The teams estimated that oil was flowing at 62,000 barrels a day when the leak began in April"
TOTAL = "The BP well in the Gulf of Mexico released some 4.9 million barrels of oil before it was capped"
BLOCKS = "▁▂▃▄▅▆▇█"
_SGR = re.compile(r"\x1b\[([\d;]*)m")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("terminal") / "home"
    home.mkdir(mode=0o700)
    done = command(home, "ingest", load("starter").corpus)
    assert done.code == 0, done.err
    return home


@pytest.fixture
def home(ingested: Path, copied: Callable[[Path], Path]) -> Path:
    """A home whose corpus is the sample corpus."""
    return copied(ingested)


class Tmux:
    """One terminal at a time, each in a server of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._servers = 0

    @property
    def _socket(self) -> Path:
        return self._folder / f"tmux{self._servers}"

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(["tmux", "-S", self._socket, *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    def start(self, home: Path, *arguments: str, **env: str) -> None:
        """Runs footnote in a new terminal of 120 columns; its exit code is left on the screen."""
        self._servers += 1
        line = " ".join(["exec 2>&1;", *(f"'{word}'" for word in (*START, *arguments)), "; echo left with $?; cat"])
        plain = {**environment(home, **env), "TERM": "xterm-256color"}
        chosen = ["-f", os.devnull, "new-session", "-d", "-x", "120", "-y", "36", "sh", "-c", line]
        subprocess.run(["tmux", "-S", self._socket, *chosen], env=plain, cwd=ROOT, check=True)

    def end(self) -> None:
        """Ends all that was started."""
        for number in range(1, self._servers + 1):
            socket = self._folder / f"tmux{number}"
            subprocess.run(["tmux", "-S", socket, "kill-server"], capture_output=True, check=False)

    def press(self, *keys: str) -> None:
        self("send-keys", *keys)

    def type(self, words: str) -> None:
        self("send-keys", "-l", words)

    def screen(self) -> str:
        return self("capture-pane", "-p")

    def lit(self) -> str:
        """What stands on the screen in reverse, joined by spaces, without the blocks of a scrollbar."""
        pieces: list[str] = []
        reverse = False
        for line in self("capture-pane", "-p", "-e").splitlines():
            at = 0
            for match in [*_SGR.finditer(line), None]:
                words = line[at : match.start() if match else len(line)].strip(BLOCKS)
                if reverse and words.strip():
                    pieces.append(words.strip())
                if match:
                    codes = match[1].split(";")
                    reverse = "7" in codes or (reverse and not {"", "0", "27"} & set(codes))
                    at = match.end()
        return " ".join(" ".join(pieces).split())

    def until(self, predicate: Callable[[], object], what: str) -> None:
        """Waits for what a person would wait for: a change on the screen."""
        end = time.monotonic() + PATIENCE
        while not predicate():
            assert time.monotonic() < end, f"{what} did not come about:\n{self.screen()}"
            time.sleep(0.05)

    def until_seen(self, words: str) -> None:
        self.until(lambda: words in self.screen(), words)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: apt-get install tmux")
    terminal = Tmux(tmp_path)
    yield terminal
    terminal.end()


def test_ask_open_a_quote_follow_up_stop_quit_and_resume(home: Path, tmux: Tmux) -> None:
    """The whole way of a first conversation, with a model that is slow to its end."""
    scripts = (
        Script((f"{RATE} [1]. ", f"{TOTAL} [1].")),
        Script(("When was the BP well in the Gulf of Mexico capped?",)),
        Script((f"{TOTAL} [1]. ", "It was capped ", "by"), delays=(0, 0, 600)),
    )
    with serve(*scripts) as server:
        model = {"OPENAI_BASE_URL": server.url("openai"), "OPENAI_API_KEY": "none", "FOOTNOTE_MODEL": "openai:x"}
        tmux.start(home, "chat", **model)
        tmux.until_seen("ask about the corpus")
        tmux.type(ASKED)  # while the corpus is still loading
        tmux.press("Enter")
        tmux.until_seen("2/2 supported")
        answer = tmux.screen()
        assert "openai:x (local)" in answer and "[1]" in answer and "[2]" in answer
        tmux.press("Tab")
        tmux.until_seen("1-9 Quote")
        tmux.press("1")
        tmux.until(lambda: tmux.lit().startswith(RATE[:40]), "the quote in reverse")
        tmux.press("Escape")
        tmux.until(lambda: not tmux.lit().startswith(RATE[:40]), "the answer again")
        tmux.press("Escape")
        tmux.until_seen("⏎ Ask")
        tmux.type("And when was it capped?")
        tmux.press("Enter")
        tmux.until_seen("looked up as: When was the BP well")
        tmux.until_seen("It was")
        tmux.press("Escape")
        tmux.until_seen("stopped; what stands here")
        stopped = tmux.screen()
        assert "And when was it capped?" in stopped and "It was" in stopped
        tmux.type("What was not sent")
        tmux.until_seen("❯ What was not sent")
        tmux.press("C-q")
        tmux.until_seen("left with 0")
    tmux.start(home, "chat", "-c")
    tmux.until_seen("stopped; what stands here")
    tmux.until_seen("❯ What was not sent")
    resumed = tmux.screen()
    assert "2 turns" in resumed and "And when was it capped?" in resumed and "It was" in resumed
    tmux.press("Tab", "Up", "1")
    tmux.until(lambda: tmux.lit().startswith(RATE[:40]), "the same number, the same quote")
    tmux.press("C-q")
    tmux.until_seen("left with 0")
    shown = command(home, "show", "1")  # of the stopped answer, which is the last one
    assert shown.code == 0 and "The BP well in the Gulf of Mexico" in shown.out


def test_without_a_model_a_question_a_quote_and_show_in_the_shell(home: Path, tmux: Tmux) -> None:
    tmux.start(home)  # `footnote` alone
    tmux.until_seen("Questions that it answers:")
    tmux.type("Who won the 2010 World Cup?")
    tmux.press("Enter")
    tmux.until_seen("not in the corpus ·")
    tmux.type(ASKED)
    tmux.press("Enter")
    tmux.until_seen("2/2 quoted")
    tmux.press("Tab")
    tmux.until_seen("1-9 Quote")
    tmux.press("1")
    tmux.until(lambda: tmux.lit().startswith(RATE[:40]), "the quote in reverse")
    tmux.press("C-q")
    tmux.until_seen("left with 0")
    assert command(home, "show", "1").out.count(f"**{RATE.split(' day ')[0]}") == 1


def test_lines_pasted_without_brackets_are_not_lost(home: Path, tmux: Tmux) -> None:
    with serve(Script((f"{RATE} [1].",), delays=(600,))) as server:
        model = {"OPENAI_BASE_URL": server.url("openai"), "OPENAI_API_KEY": "none", "FOOTNOTE_MODEL": "openai:x"}
        tmux.start(home, "chat", **model)
        tmux.until_seen("● ready")
        tmux("set-buffer", f"{ASKED}\nWhere is the well?\nlast words")
        tmux("paste-buffer")
        tmux.until_seen("● answering")
        tmux.until(lambda: re.search(r"❯ +Where is the well\?\s+last words", tmux.screen()), "what is not asked")
        assert f"❯ {ASKED}" in tmux.screen()


def test_a_terminated_chat_gives_the_terminal_back(home: Path, tmux: Tmux) -> None:
    tmux.start(home, "chat")
    tmux.until_seen("● ready")
    pane = int(tmux("display-message", "-p", "#{pane_pid}"))
    child = int(
        subprocess.run(["pgrep", "-P", str(pane)], capture_output=True, text=True, check=True).stdout.split()[0]
    )
    os.kill(child, signal.SIGTERM)
    tmux.until_seen("left with 143")
    assert "Traceback" not in tmux.screen()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("chat", "--session", "s99"), 2, "There is no session s99."),
        (("chat", "-m", "nonsense"), 2, "There is no model 'nonsense'."),
        (("chat", "--in", "nowhere"), 2, "No article has the id 'nowhere'."),
    ],
    ids=["session", "model", "filter"],
)
def test_what_cannot_be_opened_ends_in_a_sentence_and_its_exit_code(
    home: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ended, shown = on_terminal(home, *arguments)
    assert ended == code and words in shown and "Traceback" not in shown


@pytest.mark.parametrize("arguments", [("chat",), ("chat", "-c")], ids=" ".join)
def test_off_a_terminal_the_chat_says_so(home: Path, arguments: tuple[str, ...]) -> None:
    done = command(home, *arguments)
    assert done == Done(2, "", 'The chat needs a terminal.\n  Ask one question with: footnote ask "QUESTION"\n')


def test_alone_off_a_terminal_help_is_printed(home: Path) -> None:
    done = command(home)
    assert done.code == 0 and done.out.startswith("Usage: footnote") and done.err == ""


def test_the_first_frame_waits_for_nothing_heavy(tmp_path: Path) -> None:
    """Until the screen has been drawn, neither the store nor a model's package has been imported."""
    code = """
import sys
from pathlib import Path
from bot.commands.chat import Live
from bot.errors import BotError
from store.passage import Filters
from bot.settings import Paths, Settings
from bot.tui.app import Chat

class Painted(Live):
    async def open(self):
        heavy = ("sqlalchemy", "chromadb", "tantivy", "numpy", "langchain", "langchain_core", "wordllama")
        print([name for name in heavy if name in sys.modules], file=sys.__stdout__)
        raise BotError("painted")

Chat(Painted(Settings(), Paths(Path(), Path()), Filters())).run(headless=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


def pressed_for(data: str) -> list[str]:
    """The keys that are read from what a terminal sends."""
    parser = Parser()
    tokens = list(parser.feed(data))
    while parser._timeout_time is not None:
        tokens += parser.tick()
    return [token.key for token in tokens if isinstance(token, Key)]


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        ("\x1bp", ["alt+p"]),
        ("\x1bn\x1bn", ["alt+n", "alt+n"]),
        ("\x1bnow", ["escape", "n", "o", "w"]),
        ("\x1b19", ["escape", "1", "9"]),
        ("\x1bw", ["escape", "w"]),  # alt+w is no key of ours
        ("\x1b\x13", ["escape", "ctrl+s"]),
        ("\x1b/x", ["escape", "slash", "x"]),
        ("\x1b?", ["escape", "question_mark"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[A", ["up"]),
    ],
    ids=repr,
)
def test_a_letter_right_after_esc_is_a_letter_unless_alt_can_be_meant(data: str, pressed: list[str]) -> None:
    assert pressed_for(data) == pressed


@pytest.mark.parametrize(
    ("rest", "pressed"),
    [("/x", ["escape", "slash", "x"]), ("no", ["escape", "n", "o"]), ("n", ["alt+n"]), ("[A", ["up"])],
)
def test_what_comes_after_esc_is_told_apart_where_it_comes_by_itself_too(rest: str, pressed: list[str]) -> None:
    parser = Parser()
    tokens = [*parser.feed("\x1b"), *parser.feed(rest)]
    while parser._timeout_time is not None:
        tokens += parser.tick()
    assert [token.key for token in tokens if isinstance(token, Key)] == pressed


@pytest.mark.parametrize("key", sorted(ALT))
def test_every_key_with_alt_is_one_that_a_terminal_can_send(key: str) -> None:
    """Some letters with alt are arrows to Textual, as terminals send the same bytes for both."""
    *shift, letter = key.removeprefix("alt+").split("+")
    assert pressed_for(f"\x1b{letter.upper() if shift else letter}") == [key]


def test_who_draws_for_a_terminal_that_is_gone_is_not_held_up() -> None:
    class Gone(StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EIO, "gone")

    writer = Writer(Gone())
    writer.start()
    drawing = Thread(target=lambda: [*map(writer.write, "x" * 100), writer.stop()], daemon=True)
    drawing.start()
    drawing.join(PATIENCE)
    assert not drawing.is_alive()
