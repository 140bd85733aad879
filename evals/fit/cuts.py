"""Fits the two cuts of confidence, `answer_at` and `refuse_below`: `python -m evals.fit.cuts`.

Asks CLAPNQ's 300 answerable and 300 unanswerable questions as `evals.public.clapnq` does and takes the bot's
confidence for every one. The cuts are chosen on the tuning half, by a hash of the question's id, and tried on the
other half. The two figures it prints last are the defaults in `bot.settings`.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Sequence

from bot.settings import Settings
from evals.measure import auroc, judged, mean, sampled
from evals.public import clapnq, load
from evals.public.asking import Row, ask_all, opened
from evals.public.figures import Figure, figure, tuning

ANSWER = 0.10  # largest share of answerable questions that may fall below `answer_at`
REFUSE = 0.02  # the same for `refuse_below`
SHARES = (0.05, 0.10, 0.15, 0.20)


def main() -> None:
    """Asks all questions and prints the figures."""
    suite = load(clapnq.NAME)
    if suite.corpus is None:
        sys.exit(suite.missing)
    with opened(suite, Settings()) as asker:
        asked = asyncio.run(ask_all(asker, suite.cases, lambda done, total: None))
    fitted, held = [row for row in asked if tuning(row.id)], [row for row in asked if not tuning(row.id)]
    for name, rows in (("tuning half", fitted), ("other half", held), ("all", asked)):
        samples = judged(rows, lambda row: row.confidence)
        print(f"{name}: n = {len(rows)}, AUROC {_told(figure(name, 'question', samples, auroc))}")
    print("\nanswerable that may fall below | cut | on the other half: answerable below; unanswerable below")
    for share in (REFUSE, *SHARES):
        print(f"{share:4.0%} | {_tried(cut(fitted, share), held)}")
    print(f"\nanswer_at = {cut(fitted, ANSWER):.2f}\nrefuse_below = {cut(fitted, REFUSE):.2f}")


def cut(rows: Sequence[Row], share: float) -> float:
    """The largest hundredth under which at most `share` of the answerable questions fall."""
    values = sorted(row.confidence for row in rows if row.answerable)
    level: float = values[int(share * len(values))]
    return math.floor(100 * level) / 100


def _tried(level: float, rows: Sequence[Row]) -> str:
    """A cut with what it does to some questions."""
    shares = []
    for answerable in (True, False):
        kept = [row for row in rows if row.answerable == answerable]
        samples = sampled(kept, lambda row: float(row.confidence < level))
        shares.append(_told(figure("below", "question", samples, mean)))
    return f"{level:.2f} | {shares[0]}; {shares[1]}"


def _told(found: Figure | None) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]" if found else "none"


if __name__ == "__main__":
    main()
