"""The figures that are fitted on public sets: the background of general news, and the two cuts of confidence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = "FOOTNOTE_BENCHMARKS"


def benchmark(*parts: str) -> Path:
    """A file of the public sets; leaves with a sentence where it is not there."""
    folder = os.environ.get(FOLDER, "")
    if not folder:
        sys.exit(f"Set {FOLDER} to the folder of the public sets, which has {parts[0]}/ in it.")
    path = Path(folder, *parts)
    if not path.is_file():
        sys.exit(f"{path} is missing.")
    return path
