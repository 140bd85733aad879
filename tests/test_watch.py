"""`ingest --watch`: the roots are followed, others may write and ask meanwhile, and a signal ends it quietly."""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import watchfiles
from console import PATIENCE, Footnote, start

from store import watch
from store.lock import writer
from store.watch import bursts

FERRY, PIER, MILL = "The ferry sank in the bay on Monday.", "A pier was rebuilt in May.", "The mill reopens in June."
APART = Path("/nonexistent")


class Watching:
    """A watch in a process of its own: what it prints, line by line, from both streams."""

    def __init__(self, home: Path, *arguments: str | Path) -> None:
        self.process = start(home, "ingest", "--watch", *arguments, stderr=subprocess.STDOUT)
        self.lines: list[str] = []
        self._new: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._new.put(line.decode())

    def until(self, words: str) -> str:
        """The next line that has these words; fails where none comes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self.lines.append(self._new.get(timeout=max(end - time.monotonic(), 0.01)))
            except queue.Empty:
                break
            if words in self.lines[-1]:
                return self.lines[-1]
        pytest.fail(f"no line has {words!r}: {self.lines}")

    def ended(self, number: signal.Signals | None = None) -> int:
        """The exit code, after that signal."""
        if number:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        time.sleep(0.2)
        while not self._new.empty():
            self.lines.append(self._new.get())
        return code


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "ferry.txt").write_text(FERRY)
    return folder


@pytest.fixture
def watching(tmp_path: Path, news: Path) -> Iterator[Watching]:
    """A watch over a folder of one article, which has begun to follow it."""
    one = Watching(tmp_path / "home", news)
    try:
        assert one.until("added").startswith("1 added, 0 changed")
        one.until("watching ")
        yield one
    finally:
        one.process.kill()
        one.process.wait()


# -- a watch as a user has it ------------------------------------------------------------------------


def test_files_that_come_change_go_and_are_renamed_are_followed(watching: Watching, news: Path) -> None:
    (news / "deep").mkdir()
    (news / "deep" / "pier.txt").write_text(PIER)
    (news / "mill.txt").write_text(MILL)
    assert watching.until("added").startswith("2 added, 0 changed, 1 unchanged, 0 removed")
    (news / "mill.txt").write_text(MILL.replace("June", "July"))
    assert watching.until("changed").startswith("0 added, 1 changed, 2 unchanged, 0 removed")
    (news / "mill.txt").rename(news / "factory.txt")
    (news / ".hidden").write_text("Nothing.")
    time.sleep(2)
    (news / "factory.txt").unlink()
    assert watching.until("removed").startswith("0 added, 0 changed, 2 unchanged, 1 removed"), "a rename is no change"
    assert watching.ended(signal.SIGINT) == 0


def test_a_signal_ends_it_quietly(watching: Watching) -> None:
    told = len(watching.lines)
    assert watching.ended(signal.SIGTERM) == 0 and len(watching.lines) == told


@pytest.mark.torture
def test_a_signal_ends_a_sync_too_and_the_next_goes_on(tmp_path: Path, news: Path, in_process: Footnote) -> None:
    for number in range(300):
        (news / f"{number}.txt").write_text(f"The ferry number {number} sank in the bay on Monday.\n" * 9)
    watching = Watching(tmp_path / "home", news)
    log = tmp_path / "home" / "corpora" / "default" / "record.sqlite3-wal"
    end = time.monotonic() + PATIENCE
    while not (log.exists() and log.stat().st_size > 100_000) and time.monotonic() < end:
        time.sleep(0.01)
    assert watching.ended(signal.SIGTERM) == 0 and "Traceback" not in "".join(watching.lines)
    assert in_process(tmp_path / "home", "ingest").code == 0
    assert "301 articles" in in_process(tmp_path / "home", "sources", "--coverage").out


@pytest.mark.torture
def test_a_root_that_vanishes_and_comes_back_is_told(watching: Watching, news: Path) -> None:
    news.rename(news.with_name("away"))
    watching.until("is missing; nothing was taken out.")
    news.with_name("away").rename(news)
    watching.until("is back")
    (news / "pier.txt").write_text(PIER)
    assert watching.until("added").startswith("1 added, 0 changed, 1 unchanged, 0 removed")


def test_a_question_is_answered_and_another_writer_waited_for(
    watching: Watching, news: Path, tmp_path: Path, in_process: Footnote
) -> None:
    home = tmp_path / "home"
    asked = in_process(home, "search", "Where did the ferry sink?")
    assert asked.code == 0 and "The ferry sank" in asked.out
    with writer(home / "corpora" / "default", "forget"):
        (news / "pier.txt").write_text(PIER)
        assert "`footnote forget`" in watching.until("It is waited for.")
        assert in_process(home, "search", "Where did the ferry sink?").code == 0
    assert watching.until("added").startswith("1 added")
    other = tmp_path / "other"
    other.mkdir()
    (other / "mill.txt").write_text(MILL)
    assert in_process(home, "ingest", other).code == 0, "the lock is free between two syncs"
    (news / "pier.txt").write_text(PIER + " It is 90 metres long.")
    watching.until("1 changed")
    assert str(other) in watching.until("watching ")
    (other / "quay.txt").write_text("The quay was painted.")
    assert watching.until("added").startswith("1 added")


@pytest.mark.torture
def test_many_that_vanish_want_a_word_and_are_told_once(watching: Watching, news: Path) -> None:
    for name in ("pier.txt", "mill.txt"):
        (news / name).write_text(PIER)
    watching.until("2 added")
    (news / "pier.txt").unlink()
    (news / "mill.txt").unlink()
    watching.until("2 of 3 files of 'news' have vanished; none was taken out.")
    (news / "quay.txt").write_text("The quay was painted.")
    watching.until("1 added")
    assert watching.ended(signal.SIGINT) == 0
    assert sum("have vanished" in line for line in watching.lines) == 1


def test_a_corpus_that_is_taken_away_ends_it(
    watching: Watching, news: Path, tmp_path: Path, in_process: Footnote
) -> None:
    assert in_process(tmp_path / "home", "forget", "--all", "--yes").code == 0
    (news / "pier.txt").write_text(PIER)
    watching.until("There is no corpus at ")
    assert watching.ended() == 5


@pytest.mark.parametrize("other", ["--json", "--dry-run"])
def test_it_goes_with_neither_json_nor_a_dry_run(tmp_path: Path, news: Path, in_process: Footnote, other: str) -> None:
    done = in_process(tmp_path / "home", "ingest", news, "--watch", other)
    assert done.code == 2 and f"--watch and {other} do not go together." in done.err


def test_without_a_corpus_there_is_nothing_to_watch(tmp_path: Path, in_process: Footnote) -> None:
    assert in_process(tmp_path / "home", "ingest", "--watch").code == 5


# -- bursts of changes -------------------------------------------------------------------------------


def ends(looks: Iterator[bool], seconds: float) -> int:
    """How many bursts end within some seconds."""
    end = time.monotonic() + seconds
    return sum(next(looks) for _ in iter(lambda: time.monotonic() < end, False))


@pytest.mark.torture
def test_changes_that_follow_one_another_are_one_burst(news: Path) -> None:
    looks = bursts([news], APART, pytest.fail)
    assert ends(looks, 2) == 1, "what changed before is looked at first"
    for number in range(3):
        (news / f"{number}.txt").write_text(PIER)
        assert ends(looks, 0.5) == 0
    assert ends(looks, 2) == 1 and ends(looks, 1.5) == 0


@pytest.mark.torture
def test_hidden_files_and_what_is_kept_apart_are_no_changes(news: Path) -> None:
    (news / "home").mkdir()
    (news / ".git").mkdir()
    looks = bursts([news], news / "home", pytest.fail)
    assert ends(looks, 2) == 1
    for name in (".draft.txt", ".git/x.txt", "home/record"):
        (news / name).write_text(PIER)
    assert ends(looks, 2) == 0


@pytest.mark.torture
def test_a_file_that_is_a_root_may_be_replaced(news: Path) -> None:
    looks = bursts([news / "ferry.txt"], APART, pytest.fail)
    assert ends(looks, 2) == 1
    (news / "new").write_text(PIER)
    (news / "new").rename(news / "ferry.txt")
    assert ends(looks, 2.5) == 1
    (news / "ferry.txt").write_text(MILL)
    assert ends(looks, 2.5) == 1


@pytest.mark.torture
def test_a_burst_without_an_end_is_cut(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LONGEST", 2.0)
    looks, ended, end = bursts([news], APART, pytest.fail), 0, time.monotonic() + 3
    while time.monotonic() < end:
        (news / "log.txt").write_text(str(time.monotonic()))
        ended += next(looks)
    assert ended == 1


@pytest.mark.torture
def test_without_watches_left_files_are_looked_at(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, notes = watchfiles.watch, list[str]()

    def limited(*paths: Path, force_polling: bool | None, **named: object) -> Iterator[object]:
        if not force_polling:
            raise OSError("OS file watch limit reached.")
        yield from real(*paths, force_polling=True, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(watchfiles, "watch", limited)
    looks = bursts([news], APART, notes.append)
    assert ends(looks, 2) == 1 and len(notes) == 1 and "limit reached" in notes[0]
    (news / "pier.txt").write_text(PIER)
    assert ends(looks, 4) == 1
