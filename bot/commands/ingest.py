"""`ingest` and `forget`: progress while it runs, and a summary with what was passed over and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.show import plain
from bot.show.terminal import Terminal
from store.errors import CorpusMissing, StoreError
from store.sync import Progress, Summary


@contextmanager
def bar(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A bar a stage on stderr with rate and time left."""
    if not shown:
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


def failure(summary: Summary, *, dry_run: bool) -> StoreError | None:
    """What went wrong in a sync, where something did: a root that was left alone, or no article at all."""
    if summary.problems:
        return summary.problems[0]
    if not summary.passages and not dry_run:
        return CorpusMissing(
            "The corpus is still empty.", "Name a folder of .txt or .md articles: footnote ingest PATH"
        )
    return None


def tell(summary: Summary, seconds: float, terminal: Terminal, *, dry_run: bool, as_json: bool) -> None:
    """Prints what a sync did: JSON, or a line on stdout with what was passed over on stderr."""
    failed = failure(summary, dry_run=dry_run)
    if as_json:
        terminal.json(plain.ingest(summary, seconds, failed, dry_run=dry_run))
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
    for problem in summary.problems or filter(None, [failed]):
        terminal.fail(problem.message, problem.next)
