"""Coverage as a chart: articles a month, or a year, of each outlet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bot.show.clean import columns, one_line
from bot.show.terminal import GAP, Terminal
from store.passage import Document

ROWS = 12  # outlets that have a row of their own
MONTHS = 60  # a longer time is drawn in years
BLOCKS, DIGITS = " ▁▂▃▄▅▆▇█", "0123456789"
UNNAMED = "no outlet"


def months(articles: Iterable[Document]) -> list[dict[str, Any]]:
    """The JSON of the chart: each month and outlet that has dated articles, oldest first."""
    counts = Counter((one.published[:7], one.outlet or "") for one in articles if one.published)
    return [{"month": key[0], "outlet": key[1] or None, "articles": counts[key]} for key in sorted(counts)]


def chart(articles: Iterable[Document], terminal: Terminal) -> None:
    """A row for each outlet, most articles first: its name, its dated articles, and a bar with a sign for each month.

    Where the terminal is too narrow, the oldest months are cut. Undated articles have a row without a bar.
    """
    dated = [(one.outlet or UNNAMED, one.published[:7] if one.published else "") for one in articles]
    undated = sum(not month for _, month in dated)
    dated = _grouped([(outlet, month) for outlet, month in dated if month])
    counts = Counter(outlet for outlet, _ in dated)
    if undated:
        counts[""] = undated
    if not counts:
        return
    labels = [one_line(name) or "undated" for name in counts]
    digits = max(len(f"{count:,}") for count in counts.values())
    wide = min(max(map(columns, labels)), max(terminal.columns // 3, 8))
    left = wide + digits + 2 * len(GAP)
    axis = _axis([month for _, month in dated])
    room = max(terminal.columns - left, 1)
    axis, cut = axis[-room:], axis[:-room]
    cells = Counter((outlet, month[: len(axis[0])]) for outlet, month in dated)
    most = max((cells[outlet, part] for outlet, _ in dated for part in axis), default=0)
    signs = BLOCKS if terminal.holds(BLOCKS) else DIGITS
    for name, whole in zip(counts, labels, strict=True):
        bar = "".join(_sign(cells[name, part], most, signs) for part in axis) if name else ""
        label = one_line(whole, wide)
        terminal.out(f"{label}{' ' * (wide - columns(label))}{GAP}{counts[name]:>{digits},}{GAP}{bar}".rstrip())
    if axis:
        terminal.out(_below(axis, left, terminal.columns))
        unit = "month" if "-" in axis[0] else "year"
        terminal.note(f"a sign is a {unit}; the highest is {most:,} article{'' if most == 1 else 's'}")
    if cut:
        terminal.note(f"cut to fit the width: {cut[0]} to {cut[-1]}")


def _grouped(dated: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Outlets with months, those of most articles first; the outlets after the first ROWS as "others"."""
    counts = Counter(outlet for outlet, _ in dated)
    ranked = sorted(counts, key=lambda outlet: (-counts[outlet], outlet))
    places = {outlet: min(place, ROWS) for place, outlet in enumerate(ranked)}
    in_order = sorted(dated, key=lambda item: places[item[0]])
    return [(outlet if places[outlet] < ROWS else "others", month) for outlet, month in in_order]


def _axis(dated: Sequence[str]) -> list[str]:
    """Every month from the first to the last, or every year where the months are too many."""
    if not dated:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(dated), max(dated)))
    if last - first < MONTHS:
        return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
    return [f"{year:04}" for year in range(first // 12, last // 12 + 1)]


def _sign(count: int, most: int, signs: str) -> str:
    """The sign of a count: the first for none, else one of the others, the last for the most."""
    return signs[-(-count * (len(signs) - 1) // most)]


def _below(axis: Sequence[str], left: int, width: int) -> str:
    """The first and the last month, each below its end of the bars where both fit."""
    first, last = axis[0], axis[-1]
    gap = len(axis) - len(first) - len(last)
    if gap > 0:
        return " " * left + first + " " * gap + last
    named = first if first == last else f"{first} to {last}"
    return " " * max(min(left, width - len(named)), 0) + named
