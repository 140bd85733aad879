"""How often the check of a model's sentences is right, over news: `python -m evals.fit.verdicts`.

The sentences of `verdicts.jsonl` are about articles of RealTimeQA's 2022 collection, written for this and labelled
"true" or with the kind of their one error. They tell everything in other words, which rules are least fit for: the
prompt asks a model to keep to the articles' wording.
Reads the folder FOOTNOTE_BENCHMARKS; prints shares with 95 % bootstrap intervals, articles drawn with replacement.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.reading import PASSED
from bot.reading.check import RuleChecker
from evals.fit import benchmark
from store.lexical import scores
from store.passage import Document, Passage, Query
from store.split import split

SENTENCES = Path(__file__).with_suffix(".jsonl")
CHECKER = RuleChecker()
DRAWS, GIVEN = 2_000, 8
Row = tuple[str, str, bool]  # the article, the label, whether the check was right


def rows() -> Iterator[Row]:
    """Every sentence, judged by its whole article and the best passages of the file's other articles."""
    said = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]
    own = _passages({row["article"] for row in said})
    every = {passage.id: passage for row in own.values() for passage in row}
    texts = {number: passage.text for number, passage in every.items()}
    for row in said:
        cited = own[row["article"]]
        ranked = scores(texts, Query(row["text"]))[0]
        others = [every[number] for number in sorted(ranked, key=lambda n: -ranked[n]) if every[number] not in cited]
        found = (*cited, *others)[: max(GIVEN, len(cited))]
        passed = CHECKER.check(row["text"], cited, found).verdict in PASSED
        yield row["article"], row["label"], passed == (row["label"] == "true")


def _passages(wanted: set[str]) -> dict[str, tuple[Passage, ...]]:
    """The articles' passages, by the article."""
    found: dict[str, tuple[Passage, ...]] = {}
    number = 0
    with benchmark("realtimeqa_2022", "corpus.jsonl").open(encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            if item["_id"] not in wanted:
                continue
            document = Document(item["_id"], "news", item["_id"], item["title"], item["site"],
                                published=item["publish_date"] or None)  # fmt: skip
            spans = split(item["text"])
            found[item["_id"]] = tuple(
                Passage(number + at, document, a, b, item["text"][a:b]) for at, (a, b) in enumerate(spans)
            )
            number += len(spans)
    return found


def interval(found: Sequence[Row]) -> tuple[float, float]:
    """95 % of a share by drawing articles with replacement."""
    by: dict[str, list[bool]] = {}
    for article, _, right in found:
        by.setdefault(article, []).append(right)
    draw, keys = random.Random(0), list(by)
    shares = []
    for _ in range(DRAWS):
        drawn = [right for key in draw.choices(keys, k=len(keys)) for right in by[key]]
        shares.append(sum(drawn) / len(drawn))
    shares.sort()
    return shares[int(0.025 * DRAWS)], shares[int(0.975 * DRAWS)]


def main() -> None:
    """Prints errors caught and true sentences accepted, and each kind of error."""
    found = list(rows())
    print(f"{len(found)} sentences about {len({row[0] for row in found})} articles")
    for title, true in (("errors caught", False), ("true accepted", True)):
        part = [row for row in found if (row[1] == "true") is true]
        low, high = interval(part)
        hits = sum(right for _, _, right in part)
        print(f"{title} {hits}/{len(part)} {hits / len(part):.3f} [{low:.3f}, {high:.3f}]")
    of, caught = Counter(row[1] for row in found), Counter(row[1] for row in found if row[2])
    print(", ".join(f"{kind} {caught[kind]}/{of[kind]}" for kind in sorted(of) if kind != "true"))


if __name__ == "__main__":
    main()
