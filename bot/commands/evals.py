"""`eval`: suites listed, checked, run and gated; the work is in the package `evals`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot import plain
from bot.settings import Settings
from bot.terminal import Terminal
from evals import case, report
from evals import run as running


def suites(terminal: Terminal, *, as_json: bool) -> None:
    """Prints the suites with their counts."""
    found = case.suites()
    if as_json:
        terminal.json(
            [{"suite": s.name, "cases": len(s.cases), "answerable": s.answerable, "tags": s.tags} for s in found]
        )
        return
    for suite in found:
        terminal.out(f"{suite.name:12} {len(suite.cases):4} cases, {suite.answerable} answerable: {suite.about}")


def check(name: str, terminal: Terminal, *, as_json: bool) -> None:
    """Loads a suite, which checks it. Raises EvalInvalid."""
    suite = case.load(name)
    if as_json:
        terminal.json(
            {"schema_version": plain.SCHEMA_VERSION, "suite": suite.name, "cases": len(suite.cases), "valid": True}
        )
    else:
        terminal.out(f"{suite.name}: {len(suite.cases)} cases, {suite.answerable} answerable; all are well formed")


def run(
    name: str, settings: Settings, terminal: Terminal, *, limit: int | None, only: str | None, rows: bool, as_json: bool
) -> report.Report | None:
    """Runs a suite and prints its report; None where an optional suite's corpus is missing. Raises EvalInvalid."""
    suite = case.load(name)
    if suite.optional and suite.missing:
        if as_json:
            terminal.json({"schema_version": plain.SCHEMA_VERSION, "suite": suite.name, "skipped": suite.missing})
        else:
            terminal.out(f"{suite.name}: SKIPPED: {suite.missing}")
        return None
    with _bar(hidden=terminal.quiet or as_json) as progress:
        found = running.run(suite, settings, limit=limit, only=only, progress=progress)
    if as_json:
        terminal.json(report.as_json(found, rows=rows))
    else:
        terminal.rich(report.table(found))
    report.valid(found)
    return found


def gate(name: str, settings: Settings, terminal: Terminal, *, as_json: bool) -> None:
    """Runs a suite and holds it to its floors. Raises EvalRegression or EvalInvalid."""
    found = run(name, settings, terminal, limit=None, only=None, rows=False, as_json=as_json)
    if found is not None:
        report.gate(found, case.load(name))


@contextmanager
def _bar(*, hidden: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on stderr, where that is a terminal."""
    if hidden or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("asking")
        yield lambda done, total: bars.update(task, completed=done, total=total)
