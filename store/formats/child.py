"""A child process reads the files that can break their reader: PDF and Word. A file may stop it, never the caller.

One child serves many files in a row, and a new one follows where it ended. It ends by itself when its standard input
does, so that it outlives no caller, whatever ends that one.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from store.formats.article import Article, Unreadable
from store.passage import Span

if TYPE_CHECKING:
    from subprocess import Popen

SECONDS = 30  # that a file may take, and one more for each of its megabytes
LONGEST = 100_000_000  # bytes of an answer
START = "import sys; sys.path += sys.argv[1:]; from store.formats.worker import main; main()"
KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Variables that the child gets of the environment: no key of a provider is within a file's reach."""

_TEXTS = ("title", "item", "text")
_OPTIONAL = ("outlet", "author", "published", "updated", "date_source", "url")


def started(code: str) -> Popen[bytes]:
    """A process of this Python that runs some code: isolated, it imports nothing from the current folder."""
    from subprocess import DEVNULL, PIPE, Popen

    paths = [str(Path(__file__).parents[2]), *(path for path in sys.path if Path(path).is_absolute())]
    return Popen(
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", code, *dict.fromkeys(paths)],
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd="/", start_new_session=True,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
    )  # fmt: skip


class Child:
    """A process that reads one file at a time, for any thread."""

    def __init__(self) -> None:
        self.process: Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._late = False  # the process was stopped for its time

    def read(self, kind: str, data: bytes) -> Article:
        """The article of a file of a kind ("pdf", "docx"). Raises Unreadable, or OSError where no child can start."""
        seconds = SECONDS + len(data) // 1_000_000
        with self._lock:
            answer = self._answer(kind, data, seconds, again=self.process is not None)
        if reason := answer.get("unreadable"):
            raise Unreadable(str(reason))
        return _article(answer)

    def _answer(self, kind: str, data: bytes, seconds: int, *, again: bool) -> dict[str, Any]:
        """What a process says of a file; one that served others before, and broke, may do so `again` in a new one."""
        process = self._started()
        assert process.stdin and process.stdout
        timer = threading.Timer(seconds, self._stop_late)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(f"{kind} {len(data)} {seconds}\n".encode() + data)
            process.stdin.flush()
            answer = _received(process.stdout)
        except (BrokenPipeError, ValueError):
            answer = {}
        except BaseException:  # interrupted: an answer that comes later must not be taken for another file's
            self.stop()
            raise
        finally:
            timer.cancel()
        if not answer:
            self.stop()
            late = self._late or process.returncode == -signal.SIGXCPU
            if again and not late:
                return self._answer(kind, data, seconds, again=False)
            taken = f"it takes longer than {seconds} seconds to read"
            return {"unreadable": taken if late else "it breaks its reader: it is damaged or needs too much memory"}
        if answer.get("last"):
            self.stop()
        return answer

    def _started(self) -> Popen[bytes]:
        """The running process, a new one where there is none."""
        if self.process and self.process.poll() is None:
            return self.process
        self.stop()
        self._late = False
        self.process = started(START)
        return self.process

    def _stop_late(self) -> None:
        """Ends a process whose time for a file is up; called in a thread of its own."""
        self._late = True
        self._kill()

    def _kill(self) -> None:
        process = self.process
        if process and process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ends the process with its group, if there is one."""
        if self.process:
            self._kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    with suppress(OSError):  # what was not yet written to it has no reader
                        pipe.close()
        self.process = None


CHILD = Child()
atexit.register(CHILD.stop)


def pdf(data: bytes) -> Iterator[Article]:
    """The article of a PDF file."""
    yield CHILD.read("pdf", data)


def docx(data: bytes) -> Iterator[Article]:
    """The article of a Word file."""
    yield CHILD.read("docx", data)


def _received(pipe: IO[bytes]) -> dict[str, Any]:
    """The child's next answer: its length in a line, then JSON; empty where the child has ended."""
    size = int(pipe.readline(20) or 0)
    answer = pipe.read(size) if size <= LONGEST else b""
    loaded = json.loads(answer) if answer and len(answer) == size else {}
    return loaded if isinstance(loaded, dict) else {}


def _article(answer: dict[str, Any]) -> Article:
    """An answer as an article; nothing in it is believed unseen, for a file may have taken over the child."""
    try:
        spans = tuple(Span(start, end, kind, value) for start, end, kind, value in answer["spans"])
        end = len(answer["text"])
        sound = all(isinstance(answer[name], str) for name in _TEXTS)
        sound &= all(answer[name] is None or isinstance(answer[name], str) for name in _OPTIONAL)
        sound &= all(0 <= span.start < span.end <= end and isinstance(span.kind + span.value, str) for span in spans)
        warnings, unread = (tuple(map(str, answer[name])) for name in ("warnings", "unread"))
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise Unreadable("its reader gave no sound answer")
    values = {name: answer[name] for name in (*_TEXTS, *_OPTIONAL)}
    return Article(**values, spans=spans, warnings=warnings, unread=unread)
