"""Progress bars on stderr, one a stage of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from store.sync import Progress


@contextmanager
def bars(*, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """Draws a bar for each stage, with its rate and the time left, and clears them at the end; none unless `shown`."""
    if not shown:
        yield lambda now: None
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description:14}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}", markup=False),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True, markup=False), transient=True) as drawn:
        tasks: dict[str, TaskID] = {}

        def report(now: Progress) -> None:
            if now.stage not in tasks:
                tasks[now.stage] = drawn.add_task(now.stage, total=now.total, rate="")
            task = next(task for task in drawn.tasks if task.id == tasks[now.stage])
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            drawn.update(task.id, completed=now.done, total=now.total, rate=rate)

        yield report
