"""The report for a terminal of 80 columns: figures, slices by tag, latency, the failed cases and why."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.show.clean import one_line
from evals.compare import Comparison
from evals.forms import HEADINGS, by_tag, failures, figures, heading, waits, warnings
from evals.report import Report

_SHOWN = 100  # columns of a question in the list of failed cases
_TAG = 22


def table(report: Report) -> RenderableType:
    """The run for people."""
    if report.skipped:
        return Text(f"SKIPPED: {one_line(report.skipped)}")
    parts: list[RenderableType] = [Text(one_line(heading(report))), _grid(HEADINGS, figures(report))]
    name, tags = by_tag(report)
    if tags:
        parts.append(_grid(("tag", name, *HEADINGS[2:]), [(one_line(tag, _TAG), *rest) for tag, *rest in tags]))
    if times := waits(report):
        parts.append(_grid(("milliseconds", "median", "p95", "n"), times))
    failed = failures(report)
    if failed:
        parts.append(Text(f"{len(failed)} of {report.n} cases failed:"))
    for key, why, question in failed:
        because = Text(f"{one_line(key)}: {one_line(why)}", overflow="fold")
        parts.append(Padding(because, (0, 0, 0, 2), expand=False))
        parts.append(Padding(Text(one_line(question, _SHOWN), overflow="fold"), (0, 0, 0, 6), expand=False))
    parts.extend(Text(f"\n{warning}") for warning in warnings(report))
    return Group(*parts)


def compared(comparison: Comparison) -> RenderableType:
    """A comparison for people."""
    rows = [
        (one.metric, f"{one.a:.3f}", f"{one.b:.3f}", f"{one.difference:+.3f}", f"{one.low:+.3f} – {one.high:+.3f}",
         str(len(one.better)), str(len(one.worse)), "" if one.p is None else f"{one.p:.3f}", str(one.n))
        for one in comparison.differences
    ]  # fmt: skip
    a, b = comparison.a, comparison.b
    heads = [f"{key}: {one.name}, written by {one.model}" for key, one in (("A", a), ("B", b))]
    if a.parts != b.parts:
        heads = [f"{head}, read and checked by {one.parts or 'others'}" for head, one in ((heads[0], a), (heads[1], b))]
    headings = ("metric", "A", "B", "B - A", "95 % interval", "better", "worse", "p", "n")
    under = [Text(one_line(line), overflow="fold") for line in changes(comparison)]
    return Group(*(Text(one_line(head)) for head in heads), _grid(headings, rows), *under)


def changes(comparison: Comparison) -> list[str]:
    """The cases that changed and those that one side lacks, a line each kind."""
    kinds = (
        ("mended", comparison.mended), ("broken", comparison.broken),
        (f"only in {comparison.a.name}", comparison.only_a), (f"only in {comparison.b.name}", comparison.only_b),
    )  # fmt: skip
    return [f"{kind}: {', '.join(cases)}" for kind, cases in kinds if cases]


def _grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(headings):
        grid.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        grid.add_row(*(Text(one_line(cell)) for cell in row))
    return grid
