"""Pairs of times, taken in turn: how they are told."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence

Pairs = Sequence[tuple[float, float]]  # seconds: ours, and what it is held against


def tell(name: str, pairs: Pairs, bound: float) -> None:
    """Prints medians and the ratio of each pair with its 95 % interval by the bootstrap."""
    ratios = [a / b for a, b in pairs]
    draw = random.Random(0)
    medians = sorted(statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(2000))
    print(
        f"{name:34} {statistics.median(a for a, _ in pairs):6.3f} s"
        f"  beside {statistics.median(b for _, b in pairs):6.3f} s"
        f"  ratio {statistics.median(ratios):.2f} [{medians[50]:.2f}, {medians[1949]:.2f}]"
        f"  range {min(ratios):.2f}-{max(ratios):.2f}  n={len(pairs)}  bound {bound}"
    )
