"""Tables of text in columns."""

from __future__ import annotations

from collections.abc import Sequence

from bot.show.clean import one_line
from bot.show.terminal import Terminal


def table(terminal: Terminal, rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns; the last column is cut to the width of a terminal, and never cut elsewhere."""
    cleaned = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    for row in cleaned:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        terminal.out(one_line(line, terminal.width) if terminal.tty and len(line) > terminal.width else line)
