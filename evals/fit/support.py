"""How well the support score tells true summary sentences from wrong ones: `python -m evals.fit.support`.

QAGS (Wang et al. 2020): sentences that models wrote about CNN/DailyMail and XSum articles, each judged by three
people; the majority counts. Reads the folder FOOTNOTE_BENCHMARKS; prints the AUROC with a 95 % bootstrap interval
(articles drawn with replacement), and that of each measure alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from bot.reading.check import bare
from bot.reading.claims import Claims, read
from bot.reading.comparison import common, grams, share, wanted
from bot.reading.spans import windows
from evals.fit import benchmark
from store.passage import Document, Passage
from store.split import split

DRAWS = 1_000
WEIGHTS = {"pairs": 0.3, "triples": 0.2, "common": 0.2, "seen": 0.2, "numbers": 0.1}
Row = tuple[int, bool, dict[str, float]]  # the article's number, whether it is true, the scores


def rows(name: str) -> list[Row]:
    """Every sentence of one half with its scores."""
    found: list[Row] = []
    document = Document("qags", "qags", "qags", "")
    with benchmark("qags", f"mturk_{name}.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            item = json.loads(line)
            text = item["article"]
            passages = [Passage(at, document, a, b, text[a:b]) for at, (a, b) in enumerate(split(text))]
            held = [claim for passage in passages for window in windows(passage.text) for claim in window.claims[:1]]
            for row in item["summary_sentences"]:
                votes = [response["response"] == "yes" for response in row["responses"]]
                measured = overlap(read(bare(row["sentence"])), held)
                scores = {"score": sum(WEIGHTS[key] * value for key, value in measured.items()), **measured}
                found.append((number, 2 * sum(votes) > len(votes), scores))
    return found


def overlap(claims: Claims, article: Sequence[Claims]) -> dict[str, float]:
    """The measures of overlap, each in [0, 1]: with the best sentence of an article, or with all of them together."""
    pairs, triples = frozenset(grams(claims.keys, 2)), frozenset(grams(claims.keys, 3))
    keys = frozenset(key for row in article for key in row.keys)
    values = {value for row in article for value in row.values} | {str(day) for row in article for _, day in row.days}
    everywhere = frozenset(gram for row in article for gram in grams(row.keys, 3))
    stands = [value in values for value in claims.values]
    return {
        "pairs": max((len(pairs & frozenset(grams(row.keys, 2))) for row in article), default=0) / (len(pairs) or 1),
        "triples": len(triples & everywhere) / (len(triples) or 1),
        "common": max((common(claims.keys, row.keys) for row in article), default=0) / (len(claims.keys) or 1),
        "seen": share(wanted(claims, {}), keys),
        "numbers": sum(stands) / len(stands) if stands else 1.0,
    }


def auroc(pairs: Sequence[tuple[bool, float]]) -> float:
    """The chance that a true sentence scores above a wrong one; ties count half."""
    ranked = sorted(pairs, key=lambda pair: pair[1])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][1] == ranked[place][1]:
            end += 1
        total += (place + 1 + end) / 2 * sum(good for good, _ in ranked[place:end])
        place = end
    good = sum(good for good, _ in ranked)
    bad = len(ranked) - good
    return (total - good * (good + 1) / 2) / (good * bad) if good and bad else 0.5


def interval(found: Sequence[Row]) -> tuple[float, float]:
    """95 % of the AUROC by drawing articles with replacement."""
    by: dict[int, list[tuple[bool, float]]] = {}
    for article, good, scores in found:
        by.setdefault(article, []).append((good, scores["score"]))
    draw, keys = random.Random(0), list(by)
    values = sorted(auroc([pair for key in draw.choices(keys, k=len(keys)) for pair in by[key]]) for _ in range(DRAWS))
    return values[int(0.025 * DRAWS)], values[int(0.975 * DRAWS)]


def main() -> None:
    """Prints the figures of both halves."""
    for name in ("cnndm", "xsum"):
        found = rows(name)
        low, high = interval(found)
        alone = {key: auroc([(good, scores[key]) for _, good, scores in found]) for key in found[0][2]}
        print(f"{name}: n {len(found)}, AUROC {alone.pop('score'):.3f} [{low:.3f}, {high:.3f}];",
              ", ".join(f"{key} {value:.3f}" for key, value in alone.items()))  # fmt: skip


if __name__ == "__main__":
    main()
