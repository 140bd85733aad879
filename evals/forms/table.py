"""The report for a terminal of 80 columns: figures, slices by tag, latency, the failed cases and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.show.clean import one_line
from evals.forms import cells, failures, heading, warnings
from evals.report import Report, latency, leading, metrics, slices

_SHOWN = 100  # columns of a question in the list of failed cases
_TAG = 22


def table(report: Report) -> RenderableType:
    """The run for people."""
    if report.skipped:
        return Text(f"SKIPPED: {one_line(report.skipped)}")
    parts: list[RenderableType] = [Text(one_line(heading(report))), _figures(report)]
    if report.tags:
        parts.append(_slices(report))
    if times := latency(report):
        rows = [(name, *(f"{found[key]:,.0f}" for key in ("median", "p95", "n"))) for name, found in times.items()]
        parts.append(_grid(("milliseconds", "median", "p95", "n"), rows))
    failed = failures(report)
    if failed:
        parts.append(Text(f"{len(failed)} of {report.n} cases failed:"))
        parts.extend(part for key, why, question in failed for part in _failure(key, why, question))
    parts.extend(Text(f"\n{warning}") for warning in warnings(report))
    return Group(*parts)


def _figures(report: Report) -> RenderableType:
    rows = [(one_line(name), *cells(mean)) for name, mean in metrics(report).items()]
    return _grid(("metric", "mean", "95 % interval", "n"), rows)


def _slices(report: Report) -> RenderableType:
    """What passed, by tag."""
    found = slices(report)
    name = leading(next(iter(found.values())))
    rows = [(one_line(tag, _TAG), *cells(held[name])) for tag, held in found.items() if name in held]
    return _grid(("tag", name, "95 % interval", "n"), rows)


def _grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(headings):
        grid.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def _failure(key: str, why: str, question: str) -> tuple[RenderableType, RenderableType]:
    """A failed case: why, and under it the question."""
    because = Text(f"{one_line(key)}: {one_line(why)}", overflow="fold")
    asked = Text(one_line(question, _SHOWN), overflow="fold")
    return Padding(because, (0, 0, 0, 2), expand=False), Padding(asked, (0, 0, 0, 6), expand=False)
