"""The child process of `store.formats.child`: reads a file of bytes from standard input, answers in JSON.

Memory, files and processor time are limited before anything is read. Imports stay few: a start takes time.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from store.formats.article import Article, Unreadable

MEMORY = 1024**3  # bytes of address space
GROWN = 400 * 1024**2  # bytes of memory: a process that still holds more after a file ends with it
BROKEN = "it breaks its reader ({})"

Request = tuple[str, bytes, int]  # the kind of file, its bytes, the seconds that it may take


def main() -> None:
    """Serves until standard input ends, which ends the process at once, also within a file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # whatever a library prints is no answer
    requests: SimpleQueue[Request] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    while True:
        kind, data, seconds = requests.get()
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, resource.RLIM_INFINITY))
        answer = _answer(kind, data)
        answer["last"] = answer.get("last") or _memory() > GROWN
        encoded = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
        answers.write(b"%d\n" % len(encoded) + encoded)
        answers.flush()


def _memory() -> int:
    """Bytes of memory that the process holds now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _receive(pipe: IO[bytes], requests: SimpleQueue[Request]) -> None:
    """Takes in requests; ends the process where there will be no more of them."""
    try:
        while line := pipe.readline():
            kind, size, seconds = line.decode().split()
            requests.put((kind, pipe.read(int(size)), int(seconds)))
    finally:
        os._exit(0)


def _answer(kind: str, data: bytes) -> dict[str, Any]:
    """The article of a file as plain values, or the reason against it."""
    try:
        article = _parser(kind)(data)
    except Unreadable as reason:
        return {"unreadable": str(reason)}
    except MemoryError:
        return {"unreadable": f"it needs more than {MEMORY // 1024**2} MB of memory to read", "last": True}
    except Exception as error:  # of a library, over bytes that no one foresaw: the file is skipped with a reason
        return {"unreadable": BROKEN.format(type(error).__name__)}
    spans = [(span.start, span.end, span.kind, span.value) for span in article.spans]
    return asdict(article) | {"spans": spans}


def _parser(kind: str) -> Callable[[bytes], Article]:
    if kind == "pdf":
        from store.formats.pdf import parse
    else:
        from store.formats.docx import parse
    return parse
