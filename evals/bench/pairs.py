"""Pairs of times, taken in turn: how they are told."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from evals.measure import Sample, interval, median

Pairs = Sequence[tuple[float, float]]
"""Seconds: ours, and those of the thing beside it."""


def tell(name: str, pairs: Pairs, bound: float) -> None:
    """Prints medians and the ratio of each pair with its 95 % interval by the bootstrap."""
    ratios = [a / b for a, b in pairs]
    low, high = interval([Sample(str(n), str(n), (ratio,)) for n, ratio in enumerate(ratios)], median)
    print(
        f"{name:34} {statistics.median(a for a, _ in pairs):6.3f} s"
        f"  beside {statistics.median(b for _, b in pairs):6.3f} s"
        f"  ratio {statistics.median(ratios):.2f} [{low:.2f}, {high:.2f}]"
        f"  range {min(ratios):.2f}-{max(ratios):.2f}  n={len(pairs)}  bound {bound}"
    )
