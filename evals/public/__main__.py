"""`python -m evals.public [NAME…] [--limit N] [--model MODEL] [--out FILE] [--accept WHY]`: one table.

Each public set is asked through the product; the table has every figure beside its floor and what others reached. It
goes to stdout and to FILE (Markdown), the figures with each set's time as JSON beside it. `--accept` makes them the
baselines; `--baselines` asks nothing and prints those. A set that is missing is SKIPPED with its reason; exit 7 where
one cannot be read, 2 for an unknown name.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.errors import EvalInvalid, ExitCode
from bot.settings import Settings
from bot.settings import load as settings_of
from evals import ask
from evals.kept.files import save
from evals.public import NAMES, SETS, load
from evals.public.asking import Asker, Progress, ask_all
from evals.public.figures import Figure, accept, accepted, anchored
from evals.run import installed
from store.errors import FootnoteError


@dataclass(frozen=True, slots=True)
class Measured:
    """One set as it went: its figures and seconds, or why it was skipped."""

    name: str
    figures: Sequence[Figure] = ()
    rows: Sequence[Any] = ()
    ingest_seconds: float = 0.0
    seconds: float = 0.0
    skipped: str = ""


def measure(
    name: str, settings: Settings, *, limit: int | None = None, progress: Progress = lambda done, total: None
) -> Measured:
    """Asks one set, the first `limit` cases of it, and takes its figures. Raises EvalInvalid and the store's errors."""
    began = perf_counter()
    suite = load(name)
    if suite.corpus is None:
        return Measured(name, skipped=suite.missing)
    with ask.bots(suite, settings) as (bot,):
        asker, ingested = Asker(bot), perf_counter()
        rows = asyncio.run(getattr(SETS[name], "rows", ask_all)(asker, suite.cases[:limit], progress))
    figures = anchored(name, SETS[name].figures(rows))
    return Measured(name, figures, rows, ingested - began, perf_counter() - ingested)


def table(measured: Sequence[Measured], model: str) -> str:
    """All figures as Markdown, one section a set."""
    note = "95 % intervals; the other half is the one that confidence was not fitted on."
    parts = [f"# Public sets, asked of `{model}`\n\n{note}\n"]
    for one in measured:
        parts.append(f"## {one.name}\n")
        if one.skipped:
            parts.append(f"SKIPPED: {one.skipped}\n")
        else:
            parts.append(f"{one.ingest_seconds:.0f} s to ingest, {one.seconds:.0f} s to ask.\n")
            parts.append(figures_table(one.figures))
    return "\n".join(parts)


def baselines() -> str:
    """The accepted figures of every set, as evals/README.md shows them. Raises EvalInvalid for a spoilt file."""
    return "\n".join(f"**public/{name}**: {SETS[name].ABOUT}\n\n{figures_table(accepted(name))}" for name in NAMES)


def figures_table(figures: Sequence[Figure]) -> str:
    """Figures as a Markdown table."""
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
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all where none is named")
    parser.add_argument("--limit", type=int, help="ask only the first N cases of each set")
    parser.add_argument("--model", help="who writes the answers: extract or a provider:model")
    parser.add_argument("--out", type=Path, help="write the table to this file, and the figures as JSON beside it")
    parser.add_argument("--accept", metavar="WHY", help="make the figures the baselines, for this reason")
    parser.add_argument("--baselines", action="store_true", help="ask nothing: print the baselines' figures")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in NAMES]
    if unknown or (given.limit is not None and given.limit < 1):
        wrong = f"there is no public set {unknown[0]!r}" if unknown else f"a limit of {given.limit} leaves no case"
        print(f"{wrong}; the sets are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    if given.accept and given.limit:
        print("A part of a set is no baseline: leave out --limit or --accept.", file=sys.stderr)
        return 2
    try:
        print(baselines() if given.baselines else _asked(given))
    except FootnoteError as error:
        print(f"{error.message} {error.next}".strip(), file=sys.stderr)
        return int(error.exit)
    except KeyboardInterrupt:
        print("Stopped; no figure was kept.", file=sys.stderr)
        return int(ExitCode.INTERRUPTED)
    return 0


def _asked(given: argparse.Namespace) -> str:
    """The table of the sets that are asked, kept in a file and as baselines where that is wanted."""
    installed()
    settings = settings_of({"model": given.model} if given.model else {})
    measured = []
    for name in given.names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)

        def progress(done: int, total: int, name: str = name) -> None:
            if sys.stderr.isatty() and done % max(1, total // 10) == 0:  # a line for each tenth of a set
                print(f"{name}: {done:,} of {total:,}", file=sys.stderr, flush=True)

        measured.append(measure(name, settings, limit=given.limit, progress=progress))
    written = table(measured, settings.model)
    if given.out:
        _save(given.out, written, measured, settings.model)
    for one in measured:
        if given.accept and not one.skipped:
            accept(one.name, one.figures, settings.model, given.accept)
    return written


def _save(file: Path, written: str, measured: Sequence[Measured], model: str) -> None:
    """Writes the table and, beside it, the figures. Raises EvalInvalid."""
    values = {
        one.name: {"skipped": one.skipped or None, "seconds": round(one.ingest_seconds + one.seconds, 1),
                   "figures": [figure.plain() for figure in one.figures]}
        for one in measured
    }  # fmt: skip
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalInvalid(f"{file.parent} cannot be made: {error.strerror or error}.") from error
    save(file, written)
    save(file.with_suffix(".json"), json.dumps({"model": model, "sets": values}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
