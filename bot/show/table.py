"""Tables of text in columns that stay aligned at any width."""

from __future__ import annotations

from collections.abc import Sequence

from bot.show.clean import columns, one_line
from bot.show.terminal import Terminal

GAP = "  "


def table(terminal: Terminal, rows: Sequence[Sequence[str]]) -> None:
    """Prints rows in columns; on a terminal the widest columns are cut until a row fits, elsewhere nothing is cut."""
    cleaned = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cleaned, strict=True)]
    if terminal.tty:
        room = terminal.columns - len(GAP) * (len(widths) - 1)
        while sum(widths) > room and max(widths) > 1:
            widths[widths.index(max(widths))] -= 1
    for row in cleaned:
        cells = [one_line(cell, width) for cell, width in zip(row, widths, strict=True)]
        padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
        terminal.out(GAP.join(padded).rstrip())
