"""`ingest --watch`: syncs once, then after each burst of changes in the roots, until a signal ends it."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import FrameType

from bot import build
from bot.commands import ingest
from bot.commands.options import Given
from store.corpus import Corpus
from store.errors import CorpusLocked, CorpusMissing
from store.ingest import Summary
from store.progress import Progress
from store.record import filling
from store.watch import bursts

AGAIN = 0.5  # seconds after which a corpus that another process writes is tried again


class Stopped(KeyboardInterrupt):
    """A signal has come: what is being done is left as it is, and the next sync goes on from there."""


def watch(given: Given, paths: Sequence[Path], *, yes: bool) -> None:
    """Syncs the paths, then follows all roots; a line for each sync that changed something, a note for what is new.

    SIGINT and SIGTERM end it as soon as the record allows; a second one at once. Raises what a sync raises.
    """
    if paths:
        given.paths.ensure(given.folder.parent)
    with _stopping() as stop:
        follower = Follower(given, stop, yes=yes)
        follower.sync(paths, always=True)
        while True:
            roots = follower.roots()
            given.terminal.note(f"watching {', '.join(map(str, roots))} (Ctrl-C ends it)")
            for ended in bursts(roots, given.paths.data.resolve(), given.terminal.note):
                if stop.is_set():
                    return
                if ended:
                    follower.sync()
                    if follower.roots() != roots:
                        break


class Follower:
    """The syncs of one watch, and what was told at the last of them."""

    def __init__(self, given: Given, stop: threading.Event, *, yes: bool) -> None:
        self._given, self._stop, self._yes = given, stop, yes
        self._told: set[str] = set()
        self._missing: set[Path] = set()

    def roots(self) -> list[Path]:
        """The roots of the corpus. Raises CorpusMissing where there are none."""
        corpus = Corpus(self._given.folder)
        paths = [root.path for root in corpus.roots()]
        corpus.close()
        if not paths:
            raise CorpusMissing("There is nothing to watch.", f"Name a folder: {filling(self._given.settings.corpus)}")
        return paths

    def sync(self, paths: Sequence[Path] = (), *, always: bool = False) -> None:
        """Syncs, and tells what changed and what is new to tell; `always` tells that nothing changed too."""
        terminal, began = self._given.terminal, perf_counter()
        summary = self._synced(paths)
        notes = ingest.notes(summary)
        failures = {f"{failure.message}\n{failure.next}": failure for failure in summary.problems}
        for note in notes:
            if note not in self._told:
                terminal.note(note)
        for path in self.roots():
            if path.exists() and path in self._missing:
                terminal.note(f"the root {path} is back")
            (self._missing.discard if path.exists() else self._missing.add)(path)
        for said, failure in failures.items():
            if said not in self._told:
                terminal.fail(failure.message, failure.next)
        self._told = {*notes, *failures}
        if always or summary.added or summary.changed or summary.removed:
            terminal.out(ingest.line(summary, perf_counter() - began))
            terminal.flush()

    def _synced(self, paths: Sequence[Path]) -> Summary:
        """One sync, once no other process writes. Raises Stopped where a signal has come."""
        given, told = self._given, False
        while True:
            try:
                with given.terminal.bars() as bar:

                    def report(now: Progress) -> None:
                        if self._stop.is_set():
                            raise Stopped
                        bar(now)

                    sync = build.sync(given.settings, given.folder, report, outlets=given.outlets)
                    return sync.ingest(paths, yes=self._yes)
            except CorpusLocked as error:
                if not told:
                    given.terminal.note(f"{error.message} It is waited for.")
                told = True
                if self._stop.wait(AGAIN):
                    raise Stopped from None


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; a second one ends the block, as Stopped does.

    SIGINT stays ignored where a shell has it ignored in the background.
    """
    event = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if event.is_set():
            raise Stopped
        event.set()

    numbers = [each for each in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(each) != signal.SIG_IGN]
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield event
    except KeyboardInterrupt:  # Stopped, or what watchfiles makes of it
        if not event.is_set():
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
