"""`eval`: suites listed, checked, run and gated; the work is in the package `evals`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot import plain
from bot.clean import one_line
from bot.errors import BotError, EvalInvalid, EvalRegression
from bot.settings import Settings
from bot.terminal import Terminal
from evals import case


def suites(terminal: Terminal, *, as_json: bool) -> None:
    """Prints the suites with their counts."""
    found = case.suites()
    if as_json:
        listed = [{"suite": s.name, "cases": len(s.cases), "answerable": s.answerable, "tags": s.tags} for s in found]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "suites": listed})
        return
    for suite in found:
        counts = f"{len(suite.cases):4} cases, {suite.answerable} answerable"
        terminal.out(f"{one_line(suite.name):12} {counts}: {one_line(suite.about)}")


def check(name: str, terminal: Terminal, *, as_json: bool) -> None:
    """Loads a suite, which checks it. Raises EvalInvalid."""
    suite = case.load(name)
    if as_json:
        version = plain.SCHEMA_VERSION
        terminal.json({"schema_version": version, "suite": suite.name, "cases": len(suite.cases), "valid": True})
    elif not suite.cases:  # a public set that is not on this machine
        terminal.out(f"SKIPPED: {one_line(suite.missing)}")
    else:
        counts = f"{len(suite.cases)} cases, {suite.answerable} answerable"
        terminal.out(f"{one_line(suite.name)}: {counts}; all are well formed")


def run(
    name: str,
    settings: Settings,
    terminal: Terminal,
    *,
    limit: int | None = None,
    only: str | None = None,
    rows: bool = False,
    gated: bool = False,
    as_json: bool,
) -> BotError | None:
    """Runs a suite, prints its report, and returns what is wrong with it: invalid, or `gated` and below its floors.

    Raises EvalInvalid for a suite that cannot be run at all.
    """
    from evals import report
    from evals import run as running
    from evals.forms.table import table as forms_table

    suite = case.load(name)
    with _bar(shown=terminal.lively and not as_json) as progress:
        found = running.run(suite, settings, limit=limit, only=only, progress=progress)
    wrong: BotError | None = None
    try:
        report.valid(found)
        if gated:
            report.gate(found, suite)
    except (EvalInvalid, EvalRegression) as error:
        wrong = error
    if as_json:
        ending = plain.error(wrong) if wrong else {"outcome": "passed" if gated else "scored"}
        terminal.json({**report.as_json(found, rows=rows), **ending})
    else:
        terminal.rich(forms_table(found))
        if wrong:
            terminal.fail(wrong.message, wrong.next)
        elif gated and not found.skipped:
            terminal.out(f"{one_line(suite.name)}: passed")
    return wrong


@contextmanager
def _bar(*, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on stderr."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("asking")
        yield lambda done, total: bars.update(task, completed=done, total=total)
