"""Lists: the word lists that lie beside these modules."""

from __future__ import annotations

from pathlib import Path


def rows(name: str) -> list[str]:
    """The lines of a word list without its comments."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
