"""`ingest`: progress while it runs, and a summary with what was passed over and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import typer

from bot import build
from bot.settings import Settings
from bot.show import plain
from bot.show.progress import bars
from bot.show.terminal import Terminal
from store.errors import CorpusMissing, FootnoteError
from store.sync import Summary


def ingest(
    settings: Settings,
    where: Path,
    paths: Sequence[Path],
    terminal: Terminal,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> FootnoteError | None:
    """Syncs the paths, or every root where none is named, and prints what was done; returns what went wrong.

    On a terminal it asks before many vanished articles are taken out.
    """
    began = perf_counter()
    with bars(shown=terminal.lively) as report:
        summary = build.sync(settings, where, report).ingest(paths, yes=yes, dry_run=dry_run)
    if summary.withheld and terminal.asks and not as_json:
        terminal.fail(summary.problems[0].message, "")
        if typer.confirm("Take them out?", err=True):
            summary = build.sync(settings, where).ingest(paths, yes=True)
    tell(summary, perf_counter() - began, terminal, dry_run=dry_run, as_json=as_json)
    return failure(summary, dry_run=dry_run)


def failure(summary: Summary, *, dry_run: bool) -> FootnoteError | None:
    """The failure of a sync, None without one: a root that was left alone, or no article at all."""
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
