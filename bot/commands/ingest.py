"""`ingest`: progress while it runs, and a summary with what was passed over and why."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import typer

from bot import build
from bot.commands.options import Given
from bot.show import plain
from store.errors import CorpusMissing
from store.ingest import Summary
from store.walk import PAGE_PART, Skipped

SHOWN = 10  # most lines about one file


def ingest(given: Given, paths: Sequence[Path], *, yes: bool, dry_run: bool) -> None:
    """Syncs the paths, or every root where none is named, and prints what was done.

    On a terminal it asks before many vanished articles are taken out. Raises Exit where something went wrong.
    """
    if paths and not dry_run:
        given.paths.ensure(given.folder.parent)
    where, terminal = given.folder, given.terminal
    began = perf_counter()
    with terminal.bars() as report:
        summary = build.sync(given.settings, where, report, outlets=given.outlets).ingest(
            paths, yes=yes, dry_run=dry_run
        )
    if summary.withheld and terminal.asks and not given.json:
        terminal.fail(summary.problems[0].message, "")
        if typer.confirm("Take them out?", err=True):
            summary = build.sync(given.settings, where, outlets=given.outlets).ingest(paths, yes=True)
    failures = summary.problems
    if not (failures or summary.passages or dry_run):
        following = "Name a folder of articles: footnote ingest PATH"
        failures = [CorpusMissing("The corpus is still empty.", following)]
    seconds = perf_counter() - began
    if given.json:
        terminal.json(plain.ingest(summary, seconds, failures[0] if failures else None, dry_run=dry_run))
    else:
        for note in notes(summary):
            terminal.note(note)
        terminal.out(("would be: " if dry_run else "") + line(summary, seconds))
        for failure in failures:
            terminal.fail(failure.message, failure.next)
    if failures:
        raise typer.Exit(failures[0].exit)


def notes(summary: Summary) -> list[str]:
    """What was passed over, and what is odd about what was read; of one file no more than SHOWN."""
    told: list[str] = []
    for kind, items in (("skipped", summary.skipped), ("note", summary.warnings)):
        counts = Counter(map(_file, items))
        seen: Counter[str] = Counter()
        for item in items:
            file = _file(item)
            seen[file] += 1
            if seen[file] <= SHOWN:
                told.append(f"{kind}: {item.path}: {item.reason}")
            elif seen[file] == counts[file]:
                told.append(f"{kind}: {file}: {counts[file] - SHOWN} more like these (`--json` lists all)")
    for suffix, count in sorted(summary.ignored.items()):
        reason = "in the folder of a page" if suffix == PAGE_PART else "not a kind that Footnote reads"
        told.append(f"passed over: {count} {suffix} file{'' if count == 1 else 's'} ({reason})")
    return told


def _file(item: Skipped) -> str:
    """The path of the file of which a line, a record or an item is told."""
    return re.split(r", (?:line|record|after) |#", item.path)[0]


def line(summary: Summary, seconds: float) -> str:
    """What was done, and what the corpus holds now."""
    counts = [f"{getattr(summary, name)} {name}" for name in ("added", "changed", "unchanged", "removed")]
    counts += [f"{len(summary.skipped)} skipped"] if summary.skipped else []
    families = f"{summary.families} {'family' if summary.families == 1 else 'families'}"
    held = [f"{summary.undated} undated"] if summary.undated else []
    held += [families] if summary.families else []
    parts = [", ".join(counts), ", ".join(held), f"{summary.passages} passages", f"{seconds:.1f} s"]
    return "; ".join(filter(None, parts))
