"""The forms of a report, one small module each, and how any of them gets into a file: whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bot.errors import EvalInvalid
from evals.measure import Mean
from evals.report import Report


def save(file: Path, text: str) -> Path:
    """Writes a file whole or leaves what was there. Raises EvalInvalid where it cannot be written.

    A device or a pipe is written as it is, since no file may take its place.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        if file.exists() and not file.is_file() and not file.is_dir():
            file.write_text(text, encoding="utf-8")
            return file
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise EvalInvalid(f"{file} cannot be written: {error.strerror or error}.", _mend(file)) from error
    return file


def _mend(file: Path) -> str:
    """What helps where a file could not be written."""
    return "Name another file." if file.parent.is_dir() else f"Make the folder first: mkdir -p {file.parent}"


def heading(report: Report) -> str:
    """What was run, in a line."""
    attempts = len(report.rows) // report.n if report.n else 1
    often = f", each asked {attempts} times" if attempts > 1 else ""
    writer = "ranking only" if report.manifest.get("retrieval_only") else f"written by {report.model}"
    return f"{report.suite}: {report.n:,} cases{often}, {writer}"


def cells(mean: Mean) -> tuple[str, str, str]:
    """A figure as its value, its interval and its n."""
    return f"{mean.mean:.3f}", f"{mean.low:.3f} – {mean.high:.3f}", f"{mean.n:,}"


def failures(report: Report) -> list[tuple[str, str, str]]:
    """The failed cases: id (and how many of several attempts failed), why the first of them did, and the question."""
    found = []
    for key in report.failed:
        attempts = report.cases[key]
        missed = [row for row in attempts if row["scores"]["passed"] != 1.0]
        often = f" ({len(missed)} of {len(attempts)} attempts)" if len(attempts) > 1 else ""
        found.append((f"{key}{often}", missed[0]["why"], missed[0]["question"]))
    return found


def warnings(report: Report) -> list[str]:
    """What makes the figures worthless, in sentences."""
    broken = sum(bool(row["error"]) for row in report.rows)
    said = [f"INVALID: {broken} of {len(report.rows)} cases ended in an error of ours."] if broken else []
    if report.manifest.get("state") == "running":
        said.append("NOT WHOLE: the run was stopped before its last case.")
    return said
