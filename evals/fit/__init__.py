"""The figures that are fitted on public sets: the background of general news, and the two cuts of confidence."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.errors import EvalInvalid
from evals.public import source


def benchmark(*parts: str) -> Path:
    """A file of the public sets; leaves with a sentence where it is not there."""
    try:
        return source.file(*parts)
    except EvalInvalid as error:
        sys.exit(f"{error.message} {error.next}")
