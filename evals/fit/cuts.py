"""Fits the two cuts of confidence, `answer_at` and `refuse_below`: `python -m evals.fit.cuts`.

Reads CLAPNQ's 300 answerable and 300 unanswerable questions from the folder FOOTNOTE_BENCHMARKS, makes a real
corpus of their 596 passages in a temporary folder, and takes the confidence of the bot's own parts for every
question. The cuts are chosen on the tuning half, by a hash of the question's id, and tried on the other half.
The two figures it prints last are the defaults in `bot.settings`.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import build, extract, outcome
from bot.settings import Settings
from evals.fit import benchmark
from store.passage import Query
from store.search import Search

ANSWER = 0.10  # largest share of answerable questions that may fall below `answer_at`
REFUSE = 0.02  # the same for `refuse_below`
SHARES = (0.05, 0.10, 0.15, 0.20)
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with whether the corpus answers it, and how confident the bot is."""

    id: str
    answerable: bool
    confidence: float

    @property
    def tuning(self) -> bool:
        """Whether the question belongs to the half on which the cuts are chosen."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 == 0


def main() -> None:
    """Asks all questions and prints the figures."""
    cases = list(_cases())
    with tempfile.TemporaryDirectory(prefix="footnote-cuts-") as folder:
        _write(Path(folder, "articles"), cases)
        settings, corpus = Settings(), Path(folder, "corpus")
        build.sync(settings, corpus).ingest([Path(folder, "articles")])
        search = build.search(settings, corpus)
        try:
            asked = [
                Asked(case["id"], answerable, confidence(search, case["input"], settings.k))
                for case, answerable in cases
            ]
        finally:
            search.close()
    tuning, held = [row for row in asked if row.tuning], [row for row in asked if not row.tuning]
    for name, rows in (("tuning half", tuning), ("other half", held), ("all", asked)):
        print(f"{name}: n = {len(rows)}, AUROC {_with_interval(auroc, rows)}")
    print("\nanswerable that may fall below | cut | on the other half: answerable below; unanswerable below")
    for share in (REFUSE, *SHARES):
        print(f"{share:4.0%} | {_tried(cut(tuning, share), held)}")
    print(f"\nanswer_at = {cut(tuning, ANSWER):.2f}\nrefuse_below = {cut(tuning, REFUSE):.2f}")


def confidence(search: Search, question: str, k: int) -> float:
    """The bot's confidence in what it finds for a question."""
    found = extract.read(question, (), search.search(Query(question, k=k)), search.embedding)
    return outcome.confidence(found.evidence) if found.passages else 0.0


def cut(rows: Sequence[Asked], share: float) -> float:
    """The largest hundredth under which at most `share` of the answerable questions fall."""
    values = sorted(row.confidence for row in rows if row.answerable)
    return math.floor(100 * values[int(share * len(values))]) / 100


def below(rows: Sequence[Asked], level: float, *, answerable: bool) -> float:
    """The share of the (un)answerable questions whose confidence is below `level`."""
    values = [row.confidence for row in rows if row.answerable == answerable]
    return sum(value < level for value in values) / len(values)


def auroc(rows: Sequence[Asked]) -> float:
    """The chance that an answerable question has a higher confidence than an unanswerable one."""
    ordered = sorted(rows, key=lambda row: row.confidence)
    ranks = [rank for rank, row in enumerate(ordered, 1) if row.answerable]
    yes, no = len(ranks), len(rows) - len(ranks)
    return (sum(ranks) - yes * (yes + 1) / 2) / (yes * no)


def _with_interval(measure: Callable[[Sequence[Asked]], float], rows: Sequence[Asked]) -> str:
    """A figure with its 95 % interval, by a bootstrap over questions."""
    draw = random.Random(0)
    values = sorted(measure(draw.choices(rows, k=len(rows))) for _ in range(RESAMPLES))
    low, high = values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]
    return f"{measure(rows):.3f} [{low:.3f}, {high:.3f}]"


def _tried(level: float, rows: Sequence[Asked]) -> str:
    """A cut with what it does to some questions."""
    missed = _with_interval(lambda some: below(some, level, answerable=True), rows)
    caught = _with_interval(lambda some: below(some, level, answerable=False), rows)
    return f"{level:.2f} | {missed}; {caught}"


def _cases() -> Iterator[tuple[dict[str, Any], bool]]:
    """CLAPNQ's questions, each with whether its passage answers it."""
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        with benchmark("clapnq", f"clapnq_dev_{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line), answerable


def _write(folder: Path, cases: Sequence[tuple[dict[str, Any], bool]]) -> None:
    """Writes the questions' passages as articles, each once."""
    folder.mkdir()
    passages = {passage["text"]: passage["title"] for case, _ in cases for passage in case["passages"]}
    for number, (text, title) in enumerate(passages.items()):
        head = f"---\ntitle: {json.dumps(title)}\n---\n"
        Path(folder, f"{number:03}.md").write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
