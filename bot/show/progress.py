"""Progress bars on stderr, one a stage of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from store.sync import Progress


@contextmanager
def bars(*, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """Draws a bar for each stage from its first report on, and clears them at the end; none unless `shown`."""
    with ExitStack() as stack:
        drawn: list[Bars] = []
        tasks = {}

        def report(now: Progress) -> None:
            if not drawn:
                drawn.append(stack.enter_context(_empty()))
            if now.stage not in tasks:
                tasks[now.stage] = drawn[0].add_task(now.stage, total=now.total, rate="")
            speed = next(task.speed for task in drawn[0].tasks if task.id == tasks[now.stage])
            rate = f"{speed:,.0f}/s" if speed else ""
            drawn[0].update(tasks[now.stage], completed=now.done, total=now.total, rate=rate)

        yield report if shown else lambda now: None


def _empty() -> Bars:
    """A display for bars, each with its rate and the time left."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description:14}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}", markup=False),
        progress.TimeRemainingColumn(),
    )
    return progress.Progress(*columns, console=Console(stderr=True, markup=False), transient=True)
