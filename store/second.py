"""A second process of this Python, which runs functions for this one, so that a long task has two processors.

It ends with its caller, or when its standard input does.
"""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from subprocess import Popen
from threading import Lock
from typing import Any, TypeVar

from store.formats.child import started

T = TypeVar("T")
ON_DEATH_OF_PARENT = 1  # of prctl: the signal that follows
START = "import sys; sys.path += sys.argv[1:]; from store.second import serve; serve()"


class Ended(Exception):
    """The second process is not there, or ended before it answered."""


class Second:
    """A second process once it has been started, for any thread."""

    def __init__(self) -> None:
        self.process: Popen[bytes] | None = None
        self._turn = Lock()

    def start(self) -> None:
        """Starts the process, where there is a processor for it."""
        if self.process is None and (os.cpu_count() or 1) > 1:
            with suppress(OSError):  # no more processes: all is done in this one
                self.process = started(START)

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """What a function of a module gives there. Raises Ended, also where the function raises."""
        process = self.process
        if not (process and process.stdin and process.stdout):
            raise Ended
        try:
            with self._turn:
                pickle.dump((function, *arguments), process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                answer: T = pickle.load(process.stdout)
        except (OSError, EOFError, ValueError, pickle.PickleError, AttributeError) as error:
            self.close()
            raise Ended from error
        return answer

    def close(self) -> None:
        """Ends the process."""
        process, self.process = self.process, None
        if process:
            with suppress(BrokenPipeError), process:  # a part of what it was told may never have reached it
                process.kill()


def serve() -> None:
    """The second process: runs the functions that come in."""
    with suppress(AttributeError, OSError):  # Linux alone has it; elsewhere a call still ends before its input does
        ctypes.CDLL(None).prctl(ON_DEATH_OF_PARENT, signal.SIGKILL)
    with suppress(EOFError, BrokenPipeError):
        while True:
            function, *arguments = pickle.load(sys.stdin.buffer)
            pickle.dump(function(*arguments), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()
