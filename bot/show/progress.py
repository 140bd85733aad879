"""Progress bars on stderr, one a stage of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Drawing
    from rich.progress import TaskID

    from store.sync import Progress


@contextmanager
def bars(*, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """Draws a bar for each stage, with its rate and the time left, and clears them at the end; none unless `shown`.

    Nothing is imported or drawn before the first report, for most questions have none.
    """
    drawn: Drawing | None = None
    tasks: dict[str, TaskID] = {}
    with ExitStack() as stack:

        def report(now: Progress) -> None:
            nonlocal drawn
            if not shown:
                return
            drawn = drawn or stack.enter_context(_drawing())
            if now.stage not in tasks:
                tasks[now.stage] = drawn.add_task(now.stage, total=now.total, rate="")
            task = next(task for task in drawn.tasks if task.id == tasks[now.stage])
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            drawn.update(task.id, completed=now.done, total=now.total, rate=rate)

        yield report


def _drawing() -> Drawing:
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
