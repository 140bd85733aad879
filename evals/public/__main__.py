"""`python -m evals.public [NAME…] [--limit N] [--model MODEL] [--checker CLASS] [--accept WHY]`: one table of figures.

Each public set is asked through the product, or its claims judged by the checker; the table has every figure beside its
floor and what others reached. `--accept` makes the figures the baselines. A set that is missing is SKIPPED with its
reason; exit 7 where one cannot be read, 2 for an unknown name.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pkgutil import resolve_name
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import track

from bot.errors import EvalInvalid, ExitCode, UsageError
from bot.reading import Checker
from bot.reading.check import ModelChecker
from bot.settings import Settings
from bot.settings import load as settings_of
from evals import ask
from evals.case import Plan
from evals.public import ALL, CLAIMS, REWRITES, SETS, load, source
from evals.public.asking import Asker, ask_all
from evals.public.figures import Figure, accept, accepted, anchored
from evals.run import chosen, installed
from store.errors import FootnoteError


@dataclass(frozen=True, slots=True)
class Measured:
    """One set as it went: its rows and figures, or why it was skipped."""

    by: str = ""  # the writer of its answers, the checker of its claims, or "rules" for rewrites
    figures: Sequence[Figure] = ()
    rows: Sequence[Any] = ()
    skipped: str = ""


def measure(
    name: str, settings: Settings, limit: int | None = None, checker: Callable[[], Checker] = ModelChecker
) -> Measured:
    """Asks one set, the first `limit` cases of it, and takes its figures; a bar shows how far it is on a terminal.

    A set of claims is judged by the checker that `checker` makes. Raises EvalInvalid, UsageError, the store's errors.
    """
    bar = partial(track, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    try:
        for file in ALL[name].FILES:
            source.file(file)
    except EvalInvalid as error:
        return Measured(skipped=error.message)
    rows: Sequence[Any]
    if name in CLAIMS:
        judge = checker()
        by, rows = judge.id, [one.judged(judge) for one in bar([*islice(CLAIMS[name].claims(), limit)], name)]
    elif name in REWRITES:
        by, rows = "rules", REWRITES[name].rows()[:limit]
    else:
        by, suite = settings.model, load(name)
        with ask.bots(suite, settings) as (bot,):
            cases = bar(chosen(suite, Plan(limit=limit)), name)
            rows = asyncio.run(getattr(SETS[name], "rows", ask_all)(Asker(bot), cases))
    return Measured(by, anchored(name, ALL[name].figures(rows)), rows)


def baselines() -> str:
    """The accepted figures of every set, as evals/README.md shows them. Raises EvalInvalid for a spoilt file."""
    return "\n".join(f"**public/{name}**: {one.ABOUT}\n\n{figures_table(accepted(name))}" for name, one in ALL.items())


def figures_table(figures: Sequence[Figure]) -> str:
    """Figures as a Markdown table, or that there are none yet."""
    if not figures:
        return "No baseline yet.\n"
    head = "| figure | unit | ours | n | other half | floor | reached elsewhere |\n|---|---|---|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(_cells(figure))} |\n" for figure in figures)


def _cells(figure: Figure) -> tuple[str, ...]:
    ours = f"{short(figure.value)} [{short(figure.low)}, {short(figure.high)}]"
    other = "" if figure.other is None else f"{short(figure.other)} (n {figure.other_n:,})"
    return figure.name, figure.unit, ours, f"{figure.n:,}", other, figure.floor, figure.published


def short(value: float) -> str:
    """A figure from 0 to 1 as .731."""
    return f"{value:.3f}".removeprefix("0")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the sets that are named, all where none is; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.public", description="Measure on public sets.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; all where none is named")
    parser.add_argument("--limit", type=int, help="ask only the first N cases of each set")
    parser.add_argument("--model", help="who writes the answers: extract or a provider:model")
    parser.add_argument("--checker", default="bot.reading.check:ModelChecker", help="who judges claims: module:class")
    parser.add_argument("--accept", metavar="WHY", help="make the figures the baselines, for this reason")
    given = parser.parse_args(arguments)
    return printed(lambda: _asked(given))


def printed(text: Callable[[], str]) -> int:
    """Prints a text, or in a sentence the error that making it raises; the exit code."""
    try:
        print(text(), end="")
    except FootnoteError as error:
        print(f"{error.message} {error.next}".strip(), file=sys.stderr)
        return int(error.exit)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return int(ExitCode.INTERRUPTED)
    return 0


def _asked(given: argparse.Namespace) -> str:
    """All figures of the sets that are asked as Markdown; they become the baselines where that is wanted."""
    for name in given.names:
        if name not in ALL:
            raise UsageError(f"There is no public set {name!r}.", f"The sets are {', '.join(ALL)}.")
    if given.accept and given.limit:
        raise UsageError("A part of a set is no baseline.", "Leave out --limit or --accept.")
    installed()
    settings = settings_of({"model": given.model or None}, calibrated=False)
    try:
        checker = resolve_name(given.checker)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"There is no checker {given.checker!r}: {error}.", "Name it as module:class.") from error
    told = "# Public sets\n\n95 % intervals; the other half is the one that confidence was not fitted on.\n"
    for name in given.names or ALL:
        began = perf_counter()
        one = measure(name, settings, given.limit, checker)
        if given.accept and not one.skipped:
            accept(name, one.figures, one.by, given.accept)
        went = f"`{one.by}`, {perf_counter() - began:.0f} s.\n\n{figures_table(one.figures)}"
        told += f"\n## {name}\n\n{f'SKIPPED: {one.skipped}' if one.skipped else went}\n"
    return told


if __name__ == "__main__":
    sys.exit(main())
