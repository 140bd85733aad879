"""Fits the weights by which the reader orders sentences, WEIGHTS of `bot.reading.evidence`.

Takes RealTimeQA's questions and the starter suite's answerable ones; a sentence is right that holds a gold answer, in
the starter suite the first fact. A softmax over a question's sentences gives each a probability; the weights make that
of the right ones together greatest (listwise, as in Cao et al. 2007). Fitted on the tuning halves, tried on the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from bot.reading import Candidate, Reading
from bot.reading.evidence import WEIGHTS, sentences, tells
from bot.writers.extract import chosen
from evals.fit import REALTIMEQA, Asked, Floats, Row, asked, beside, limit, suites, table
from evals.gold import contains, exact
from evals.measure import mean
from evals.public.asking import SENTENCES
from evals.public.figures import tuning

NAMES, SETS = tuple(WEIGHTS), (REALTIMEQA, "starter")
RIDGE = 0.005  # weight of the squared weights, of features scaled to unit variance
BLENDS = {"blend": NAMES, "passage rank alone": ("rank",), "reading model alone": ("span",)}
HEAD = (
    "first sentence holds it",
    "up to three do",
    "answering words hold it",
    "they equal it",
    "first, less the blend's",
)


@dataclass(frozen=True, slots=True)
class Question(Row):
    """A question's sentences with their features, in the order of NAMES, and whether each is right."""

    gold: Sequence[str]
    rows: Sequence[Candidate]
    features: Floats
    right: Floats

    def reached(self, weights: Mapping[str, float]) -> tuple[float, ...]:
        """What the answer comes to under some weights: the first four figures of HEAD."""
        scores = self.features @ [weights.get(name, 0.0) for name in NAMES]
        rows = [replace(self.rows[at], score=scores[at]) for at in np.argsort(-scores, kind="stable")]
        shown = "\n".join(row.text for row in chosen(Reading(sentences=tuple(rows)), SENTENCES))
        held = (contains(text, self.gold) for text in (rows[0].text, shown, rows[0].answering))
        return *held, exact(rows[0].answering, self.gold)


def main() -> None:
    """Asks all questions and prints the weights, and what they and other blends reach on each set."""
    most = limit(__doc__)
    questions = [question(one) for name in SETS for one in asked(name, most) if one.case.answerable]
    fitted = {title: fit([one for one in questions if tuning(one.id)], names) for title, names in BLENDS.items()}
    print("WEIGHTS:", ", ".join(f"{name} {weight:.2f}" for name, weight in fitted["blend"].items()))
    for title, some in suites(questions).items():
        best, rows = np.array([one.reached(fitted["blend"]) for one in some]), list[Sequence[str]]()
        for name, weights in {**fitted, "as shipped": WEIGHTS}.items():
            reached = np.array([one.reached(weights) for one in some])
            columns = (*reached.T, reached[:, 0] - best[:, 0])
            rows.append((name, *(beside(some, mean, column) for column in columns)))
        table((f"{title} (n = {len(some)})", *HEAD), rows)


def question(one: Asked) -> Question:
    """A question that was asked, with the sentences that its answer is chosen from."""
    pairs = list(sentences(one.query, one.found, one.scores))
    rows, values = zip(*([pair for pair in pairs if tells(pair[0])] or pairs), strict=True)
    gold, features = one.case.answers or one.case.facts[0], [[value[name] for name in NAMES] for value in values]
    right = np.array([contains(row.text, gold) for row in rows], float)
    return Question(one.id, one.cluster, one.suite, gold, rows, np.array(features), right)


def fit(questions: Sequence[Question], names: Sequence[str] = NAMES) -> dict[str, float]:
    """Weights of some features by the questions that have right sentences and wrong ones."""
    used = [one for one in questions if 0 < one.right.mean() < 1]
    right, sizes = np.concatenate([one.right for one in used]), [len(one.right) for one in used]
    features = np.concatenate([one.features for one in used])[:, [NAMES.index(name) for name in names]]
    starts, home = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(used)), sizes)
    spread = features.std(axis=0) + 1e-9

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features / spread @ weights
        masses = np.exp(scores - np.maximum.reduceat(scores, starts)[home])
        whole, held = np.add.reduceat(masses, starts), np.add.reduceat(masses * right, starts) + 1e-12
        pull = (masses / whole[home] - masses * right / held[home]) @ (features / spread) / len(used)
        return float(np.log(whole / held).mean() + RIDGE * weights @ weights), pull + 2 * RIDGE * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x / spread
    return dict(zip(names, found.tolist(), strict=True))


if __name__ == "__main__":
    main()
