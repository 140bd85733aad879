"""Watching roots for changes; the only import of watchfiles."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

TICK = 0.25  # seconds between two looks
SETTLED = 1.0  # seconds without a change after which a burst of changes has ended
LONGEST = 30.0  # seconds after which a burst counts as ended though it goes on

Places = dict[Path, tuple[int, int]]
"""The roots that are there, each with its device and its number on it."""


def bursts(roots: Sequence[Path], apart: Path, note: Callable[[str], None]) -> Iterator[bool]:
    """Yields every TICK or so whether a burst of changes in the roots has just ended; never ends by itself.

    A first burst begins at once, so that nothing is missed that changed before. A root that vanishes, comes back or is
    replaced is a change; one below `apart`, or of a hidden file, is none. Where the system allows no more watches, the
    files are looked at every second, and `note` is told so.
    """
    last = time.monotonic()
    began: float | None = last  # the burst that goes on
    while True:
        there = _there(roots)
        for paths in _changes(list(there), note):
            now = time.monotonic()
            if any(_counts(path, there, apart) for path in paths):
                began, last = now if began is None else began, now
            ended = began is not None and (now - last >= SETTLED or now - began >= LONGEST)
            if ended:
                began = None
            yield ended
            if _there(roots) != there:
                last = time.monotonic()
                began = last if began is None else began
                break


def _changes(paths: Sequence[Path], note: Callable[[str], None]) -> Iterator[set[Path]]:
    """The paths that changed since the last look, every TICK or so."""
    from watchfiles import watch

    for polling in (None, True):  # None: as the system or WATCHFILES_FORCE_POLLING has it
        looks = watch(
            *paths, watch_filter=None, debounce=100, step=50, rust_timeout=round(TICK * 1000), yield_on_timeout=True,
            ignore_permission_denied=True, force_polling=polling, poll_delay_ms=1000,
        )  # fmt: skip
        try:
            for look in looks:
                yield {Path(path) for _, path in look}
        except FileNotFoundError:  # a root that went meanwhile
            time.sleep(TICK)
            yield set()
            return
        except OSError as error:
            if polling:
                raise
            note(f"the system allows no more watches ({error}); files are looked at every second or so")


def _there(roots: Sequence[Path]) -> Places:
    places: Places = {}
    for root in roots:
        try:
            info = root.stat()
        except OSError:  # it is gone, or out of reach
            continue
        places[root] = (info.st_dev, info.st_ino)
    return places


def _counts(path: Path, roots: Places, apart: Path) -> bool:
    """Whether a change may concern an article."""
    if path.is_relative_to(apart):
        return False
    inside = [path.relative_to(root).parts for root in roots if path.is_relative_to(root)]
    return any(not any(part.startswith(".") for part in parts) for parts in inside)
