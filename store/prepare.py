"""Preparing: what an article's text alone tells, before it is written: furniture, corrections, event dates, passages.

Many articles are shared with a second process. It ends when its standard input does, so that it outlives no caller,
and what it leaves undone is done here.
"""

import os
import pickle
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from subprocess import Popen
from threading import Thread

from store import formats
from store.event_dates import event_dates
from store.formats import Article
from store.formats.child import started
from store.passage import Span
from store.split import split

SHARED = 100  # articles from which on a second process is worth its start
PART = 20  # articles that a process takes at once
START = "import sys; sys.path += sys.argv[1:]; from store.prepare import serve; serve()"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its marks, the times that it names, and its passages as offsets."""

    article: Article
    events: tuple[Span, ...]
    cuts: list[tuple[int, int]]


def prepared(article: Article) -> Prepared:
    """An article without its marks, prepared."""
    return told(formats.finished(article))


def told(article: Article) -> Prepared:
    """An article with its marks, prepared."""
    events = event_dates(article.text, article.published, article.spans)
    return Prepared(article, events, split(article.text, article.spans))


def serve() -> None:
    """The second process: prepares the lists of articles that come in."""
    with suppress(EOFError, BrokenPipeError):
        while True:
            articles = pickle.load(sys.stdin.buffer)
            pickle.dump([prepared(article) for article in articles], sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()


class Preparer:
    """Prepares articles, with a second process once it has been started."""

    def __init__(self) -> None:
        self.second: Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the second process, where there is a processor for it."""
        if self.second is None and len(os.sched_getaffinity(0)) > 1:
            with suppress(OSError):  # no more processes: all is done in this one
                self.second = started(START)

    def close(self) -> None:
        """Ends the second process."""
        if self.second:
            self.second.kill()
            self.second.wait()
            self.second = None

    def each(self, articles: Sequence[Article]) -> Iterator[Prepared]:
        """The articles, in order, prepared."""
        starts = deque(range(0, len(articles), PART))
        done: dict[int, list[Prepared]] = {}
        helper = Thread(target=self._shared, args=(articles, starts, done), daemon=True)
        helper.start()
        while True:
            with suppress(IndexError):
                while True:
                    start = starts.popleft()
                    done[start] = [prepared(article) for article in articles[start : start + PART]]
            helper.join()
            if not starts:  # the second process may have left a part
                break
        for start in sorted(done):
            yield from done[start]

    def _shared(self, articles: Sequence[Article], starts: deque[int], done: dict[int, list[Prepared]]) -> None:
        """Lets the second process do the parts from the last one on; a part that it breaks off goes back."""
        while self.second and self.second.stdin and self.second.stdout:
            try:
                start = starts.pop()
            except IndexError:
                return
            try:
                pickle.dump(articles[start : start + PART], self.second.stdin, pickle.HIGHEST_PROTOCOL)
                self.second.stdin.flush()
                done[start] = pickle.load(self.second.stdout)
            except (OSError, EOFError, pickle.UnpicklingError):
                starts.append(start)
                return
