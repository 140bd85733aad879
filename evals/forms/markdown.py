"""The report as Markdown, for a pull request or a page: figures, slices by tag, latency, the failed cases and why."""

import re
from collections.abc import Iterable, Sequence

from bot.show.clean import one_line
from evals.forms import HEADINGS, by_tag, failures, figures, heading, waits, warnings
from evals.report import Report

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&$!@])")


def markdown(report: Report) -> str:
    """The run as a Markdown text; what articles, questions and models say is plain text in it."""
    if report.skipped:
        return f"# {plain(report.suite)}\n\nSKIPPED: {plain(report.skipped)}\n"
    parts = [f"# {plain(heading(report))}\n", *(f"**{plain(said)}**\n" for said in warnings(report))]
    parts.append(grid(HEADINGS, figures(report)))
    name, tags = by_tag(report)
    if tags:
        parts.append(f"## By tag\n\n{grid(('tag', name, *HEADINGS[2:]), tags)}")
    if times := waits(report):
        parts.append("## Milliseconds\n\n" + grid(("until", "median", "p95", "n"), times))
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
