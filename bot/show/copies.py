"""Families of copies, as the command line lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.show.clean import one_line
from bot.show.terminal import Terminal
from store.passage import Document

if TYPE_CHECKING:
    from store.record import Family


def table(families: Sequence[Family], terminal: Terminal) -> None:
    """Each family under a line that says of how many articles and outlets it is and where it comes from."""
    rows = []
    for family in families:
        rows += [_row("origin", family.origin), *(_row("copy", one) for one in family.copies)]
        rows += [_row("part", one) for one in family.partial]
    terminal.table(rows)
    copies = sum(len(family.copies) for family in families)
    credits = sorted({one_line(family.credit) for family in families if family.credit})
    credited = f"; credited to {', '.join(credits)}" if credits else ""
    many = f"{len(families)} {'family' if len(families) == 1 else 'families'}"
    terminal.note(f"{many} of articles that are copies, {copies} besides the origins{credited}")


def _row(kind: str, document: Document) -> tuple[str, ...]:
    return kind, document.id, document.published or "undated", document.outlet or "-", document.title
