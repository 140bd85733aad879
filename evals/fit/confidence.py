"""Fits the confidence that the corpus answers: the weights of `bot.outcome`, the two thresholds of `bot.settings`.

Takes CLAPNQ, 1,500 questions of SQuAD 2, RealTimeQA's questions that have a clean twin with these, and the starter
suite. A logistic model is fitted to the tuning halves, the answerable and the unanswerable questions of each set
weighing the same, and tried on the other halves. Thresholds go by the share of answerable questions that fall below.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bot.outcome import AGREEMENT, BIAS, WEIGHTS
from bot.settings import Settings
from evals.fit import REALTIMEQA, Floats, Row, asked, beside, limit, suites, table
from evals.measure import auroc, mean
from evals.public.figures import tuning
from store import embed

SETS = {"public/clapnq": 600, "public/squad2": 1_500, REALTIMEQA: 646, "starter": 400}  # the most questions of each
NAMES = (*WEIGHTS, "agreement")
READER = ("answer", "alone", "support")  # evidence of the reading; the rest is the search's
MODELS = {
    "both": NAMES,
    "reader alone": READER,
    "search alone": tuple(name for name in NAMES if name not in READER),
} | {f"both without {left}": tuple(name for name in NAMES if name != left) for left in NAMES}
HARD = {"public/squad2": 2.75}  # how much more a set weighs: people wrote its near misses to mislead
SHIPPED = np.array([*WEIGHTS.values(), AGREEMENT, BIAS])
SHARES = (0.01, 0.02, 0.05, 0.07, 0.10, 0.15)  # of the answerable questions that may fall below a threshold
RIDGE = 0.0005  # weight of the squared weights, of evidence scaled to unit variance


@dataclass(frozen=True, slots=True)
class Question(Row):
    """A question with its evidence, in the order of NAMES and a 1 after it."""

    answerable: bool
    evidence: Floats

    def sure(self, weights: Floats) -> float:
        """The confidence under some weights, the bias after them."""
        return float(1 / (1 + np.exp(-self.evidence @ weights)))


def main() -> None:
    """Asks all questions and prints the weights, what they and other models reach on each set, and thresholds."""
    most = limit(__doc__)
    every = [row for name, size in SETS.items() for row in questions(name, min(size, most or size))]
    fitted = [row for row in every if tuning(row.id)]
    models = {title: fit(fitted, names) for title, names in MODELS.items()}
    print(*(f"{name} {weight:.3f}" for name, weight in zip((*NAMES, "bias"), models["both"], strict=True)), sep=", ")
    levels = [(f"{share:.0%} below", models["both"], level(fitted, models["both"], share)) for share in SHARES]
    levels += [(name, SHIPPED, getattr(Settings(), name)) for name in ("answer_at", "refuse_below")]
    for title, some in suites(every).items():
        yes, no = ([row for row in some if row.answerable is answerable] for answerable in (True, False))
        reached, below = list[Sequence[str]](), list[Sequence[str]]()
        for name, weights in {**models, "as shipped": SHIPPED}.items():
            order = beside(some, auroc, (row.answerable for row in some), (row.sure(weights) for row in some))
            reached.append((name, order, _below(no, weights, level(yes, weights, 0.05))))
        for name, weights, low in levels:
            below.append((f"{name}, {low:.3f}", *(_below(part, weights, low) for part in (yes, no))))
        table((f"{title} (n = {len(some)})", "AUROC", "unanswerable refused where 5 % of the answerable are"), reached)
        table((f"{title}: threshold", "answerable below it", "unanswerable below it"), below)


def questions(name: str, most: int) -> Iterator[Question]:
    """The questions of a suite with their evidence; of RealTimeQA those that have a twin, and the twins."""
    every, embedding = asked(name, most), embed.load(Settings().embedder)
    twins = {one.id for one in every if not one.case.answerable}
    for one in every:
        if name != REALTIMEQA or one.id in twins:
            reading = one.reading(embedding)
            evidence = np.array([*(getattr(reading, key) for key in WEIGHTS), one.found.agreement, 1.0])
            yield Question(one.id, one.cluster, name, one.case.answerable, evidence)


def fit(rows: Sequence[Question], names: Sequence[str] = NAMES) -> Floats:
    """The weights of some of the evidence, and the bias; kinds of question weigh the same in all sets but HARD."""
    used = [*(NAMES.index(name) for name in names), len(NAMES)]
    evidence, answerable = np.array([row.evidence for row in rows])[:, used], np.array([row.answerable for row in rows])
    kinds = Counter((row.suite, row.answerable) for row in rows)
    shares = np.array([HARD.get(row.suite, 1.0) / kinds[row.suite, row.answerable] / len(kinds) for row in rows])
    spread = np.append(evidence[:, :-1].std(axis=0) + 1e-9, 1.0)
    ridge = RIDGE * np.append(np.ones(len(names)), 0.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = evidence / spread @ weights
        value = shares @ (np.logaddexp(0, logits) - answerable * logits) + ridge @ weights**2
        pull = (shares * (1 / (1 + np.exp(-logits)) - answerable)) @ (evidence / spread)
        return float(value), pull + 2 * ridge * weights

    weights = np.zeros(len(NAMES) + 1)
    weights[used] = minimize(loss, np.zeros(len(used)), jac=True, method="L-BFGS-B").x / spread
    return weights


def level(rows: Sequence[Question], weights: Floats, share: float) -> float:
    """The highest confidence below which at most a share of the answerable lies; each suite weighs the same."""
    kept = sorted((row.sure(weights), row.suite) for row in rows if row.answerable)
    counts = Counter(suite for _, suite in kept)
    below = np.cumsum([1 / counts[suite] / len(counts) for _, suite in kept])
    return kept[int(np.searchsorted(below, share, side="right"))][0]


def _below(rows: Sequence[Question], weights: Floats, low: float) -> str:
    return beside(rows, mean, (row.sure(weights) < low for row in rows))


if __name__ == "__main__":
    main()
