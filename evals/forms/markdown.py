"""The report as Markdown, for a pull request or a page: figures, slices by tag, latency, the failed cases and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.show.clean import one_line
from evals.forms import cells, failures, heading, warnings
from evals.report import Report, latency, leading, metrics, slices

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&$!@])")


def markdown(report: Report) -> str:
    """The run as a Markdown text; what articles, questions and models say is plain text in it."""
    if report.skipped:
        return f"# {plain(report.suite)}\n\nSKIPPED: {plain(report.skipped)}\n"
    parts = [f"# {plain(heading(report))}\n", *(f"**{plain(said)}**\n" for said in warnings(report))]
    parts.append(grid(("metric", "mean", "95 % interval", "n"), ((k, *cells(m)) for k, m in metrics(report).items())))
    if report.tags:
        found = slices(report)
        name = leading(next(iter(found.values())))
        rows = ((tag, *cells(held[name])) for tag, held in found.items() if name in held)
        parts.append(f"## By tag\n\n{grid(('tag', name, '95 % interval', 'n'), rows)}")
    if times := latency(report):
        waits = ((k, *(f"{held[key]:,.0f}" for key in ("median", "p95", "n"))) for k, held in times.items())
        parts.append("## Milliseconds\n\n" + grid(("until", "median", "p95", "n"), waits))
    failed = failures(report)
    parts.append(f"## {len(failed)} of {report.n} cases failed\n")
    parts.extend(f"- **{plain(key)}**: {plain(question)}  \n  {plain(why)}" for key, why, question in failed)
    return "\n".join(parts).rstrip() + "\n"


def plain(text: str) -> str:
    """A text on one line, with every sign that Markdown or HTML would read as its own made harmless."""
    return _SIGNS.sub(r"\\\1", one_line(text))


def grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table: the first column to the left, numbers to the right."""
    rule = "|".join(["---", *("---:" for _ in headings[1:])])
    lines = [f"| {' | '.join(headings)} |", f"|{rule}|", *(f"| {' | '.join(map(plain, row))} |" for row in rows)]
    return "\n".join(lines) + "\n"
