"""Progress: how far a long task is, for whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage of a sync is: `done` of `total` steps ("reading", "preparing", "word index" …)."""

    stage: str
    done: int
    total: int


Report = Callable[[Progress], None]


def steps(report: Report | None, stage: str, total: int) -> Callable[[int], None]:
    """Reports how many steps of a stage are done, at least `total` of them in all."""
    return lambda done: report(Progress(stage, done, max(total, done))) if report else None
