"""The figures that are fitted on public sets: the background of general news, and the two cuts of confidence."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bot.errors import EvalInvalid
from bot.settings import Settings
from evals import ask
from evals.case import Case
from evals.measure import Measure, Sample, taken
from evals.public import load, source
from evals.public.asking import Asker


def lines(name: str) -> Iterator[Any]:
    """The JSON values of a file of the public sets, one a line; leaves with a sentence where it is not there."""
    try:
        return source.lines(source.file(name))
    except EvalInvalid as error:
        sys.exit(f"{error.message} {error.next}")


@contextmanager
def asking(name: str) -> Iterator[tuple[tuple[Case, ...], Asker]]:
    """A public set's cases and who asks them; leaves with a sentence where the set is not there."""
    suite = load(name)
    if suite.corpus is None:
        sys.exit(suite.missing)
    with ask.bots(suite, Settings()) as (bot,):
        yield suite.cases, Asker(bot)


def told(samples: Sequence[Sample], measure: Measure) -> str:
    """A measure with its interval, "none" where it cannot be taken."""
    found = taken(samples, measure)
    return f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]" if found else "none"
