"""Fits the two cuts of confidence, `answer_at` and `refuse_below`: `python -m evals.fit.cuts`.

Asks CLAPNQ's 300 answerable and 300 unanswerable questions as `evals.public.clapnq` does and takes the bot's
confidence for every one. The cuts are chosen on the tuning half, by a hash of the question's id, and tried on the
other half. The two figures it prints last are the defaults in `bot.settings`.
"""

import asyncio
import math
from collections.abc import Sequence

from evals.fit import asking, told
from evals.measure import auroc, judged, mean, sampled
from evals.public.asking import Row, ask_all
from evals.public.figures import tuning

ANSWER = 0.10  # largest share of answerable questions that may fall below `answer_at`
REFUSE = 0.02  # the same for `refuse_below`
SHARES = (0.05, 0.10, 0.15, 0.20)


def main() -> None:
    """Asks all questions and prints the figures."""
    with asking("clapnq") as (cases, asker):
        asked = asyncio.run(ask_all(asker, cases))
    fitted, held = [row for row in asked if tuning(row.id)], [row for row in asked if not tuning(row.id)]
    for name, rows in (("tuning half", fitted), ("other half", held), ("all", asked)):
        print(f"{name}: n = {len(rows)}, AUROC {told(judged(rows, lambda row: row.confidence), auroc)}")
    print("\nanswerable that may fall below | cut | on the other half: answerable below; unanswerable below")
    for share in (REFUSE, *SHARES):
        print(f"{share:4.0%} | {_tried(cut(fitted, share), held)}")
    print(f"\nanswer_at = {cut(fitted, ANSWER):.2f}\nrefuse_below = {cut(fitted, REFUSE):.2f}")


def cut(rows: Sequence[Row], share: float) -> float:
    """The largest hundredth under which at most `share` of the answerable questions fall."""
    values = sorted(row.confidence for row in rows if row.answerable)
    return math.floor(100 * values[int(share * len(values))]) / 100


def _tried(level: float, rows: Sequence[Row]) -> str:
    """A cut with what it does to some questions."""
    shares = []
    for answerable in (True, False):
        kept = [row for row in rows if row.answerable == answerable]
        shares.append(told(sampled(kept, lambda row: row.confidence < level), mean))
    return f"{level:.2f} | {'; '.join(shares)}"


if __name__ == "__main__":
    main()
