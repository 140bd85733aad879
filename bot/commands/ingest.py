"""`ingest` and `forget`: progress while it runs, and a summary with what was passed over and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot import plain
from bot.terminal import Terminal
from store.sync import Progress, Summary


@contextmanager
def bar(*, hidden: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A bar a stage on stderr with rate and time left, where stderr is a terminal."""
    if hidden or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:14}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True, markup=False), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def report(now: Progress) -> None:
            if now.stage not in tasks:
                tasks[now.stage] = bars.add_task(now.stage, total=now.total, rate="")
            task = next(known for known in bars.tasks if known.id == tasks[now.stage])
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            bars.update(tasks[now.stage], completed=now.done, total=now.total, rate=rate)

        yield report


def tell(summary: Summary, seconds: float, terminal: Terminal, *, dry_run: bool, as_json: bool) -> None:
    """Prints what a sync did: JSON, or a line on stdout with what was passed over on stderr."""
    if as_json:
        terminal.json(plain.ingest(summary, seconds, dry_run=dry_run))
        return
    for kind, items in (("skipped", summary.skipped), ("note", summary.warnings)):
        for item in items:
            terminal.note(f"{kind}: {item.path}: {item.reason}")
    for suffix, count in sorted(summary.ignored.items()):
        terminal.note(f"passed over: {count} {suffix} file{'' if count == 1 else 's'} (not a kind that Footnote reads)")
    counts = [f"{getattr(summary, name)} {name}" for name in ("added", "changed", "unchanged", "removed")]
    counts += [f"{len(summary.skipped)} skipped"] if summary.skipped else []
    state = "would be: " if dry_run else ""
    terminal.out(f"{state}{', '.join(counts)}; {summary.passages} passages; {seconds:.1f} s")
    for problem in summary.problems:
        terminal.fail(problem.message, problem.next)
    if not summary.passages and not dry_run and not summary.problems:
        terminal.fail("The corpus is still empty.", "Name a folder of .txt or .md articles: footnote ingest PATH")
