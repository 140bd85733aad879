"""The forms of a report, one small module each, and what they have in common."""

from evals.measure import Mean
from evals.report import Report, latency, leading, metrics, slices

HEADINGS = ("metric", "mean", "95 % interval", "n")
Lines = list[tuple[str, ...]]  # of a table, cell by cell


def heading(report: Report) -> str:
    """Suite, number of cases and writer, in a line."""
    attempts = len(report.rows) // report.n if report.n else 1
    often = f", each asked {attempts} times" if attempts > 1 else ""
    writer = "ranking only" if report.manifest.get("retrieval_only") else f"written by {report.model}"
    return f"{report.suite}: {report.n:,} cases{often}, {writer}"


def cells(mean: Mean) -> tuple[str, str, str]:
    """A figure as its value, its interval and its n."""
    return f"{mean.mean:.3f}", f"{mean.low:.3f} – {mean.high:.3f}", f"{mean.n:,}"


def figures(report: Report) -> Lines:
    """Each metric of a run, to stand under HEADINGS."""
    return [(name, *cells(mean)) for name, mean in metrics(report).items()]


def by_tag(report: Report) -> tuple[str, Lines]:
    """The metric that stands for a slice, and each tag with it; no line where no case has a tag."""
    of_tags = slices(report)
    name = leading(next(iter(of_tags.values()))) if of_tags else ""
    return name, [(tag, *cells(means[name])) for tag, means in of_tags.items() if name in means]


def waits(report: Report) -> Lines:
    """Milliseconds until each stage: median, p95 and n."""
    keys = ("median", "p95", "n")
    return [(name, *(f"{times[key]:,.0f}" for key in keys)) for name, times in latency(report).items()]


def failures(report: Report) -> list[tuple[str, str, str]]:
    """The failed cases: id (and how many of several attempts failed), why the first of them did, and the question."""
    failed, cases = [], report.cases
    for key in report.failed:
        attempts = cases[key]
        missed = [row for row in attempts if not row.passed]
        often = f" ({len(missed)} of {len(attempts)} attempts)" if len(attempts) > 1 else ""
        failed.append((f"{key}{often}", missed[0].why, missed[0].question))
    return failed


def warnings(report: Report) -> list[str]:
    """The reasons why the figures are worthless, in sentences."""
    broken = sum(bool(row.error) for row in report.rows)
    said = [f"INVALID: {broken} of {len(report.rows)} cases ended in an error of ours."] if broken else []
    if report.manifest.get("state") == "running":
        said.append("NOT WHOLE: the run was stopped before its last case.")
    return said
