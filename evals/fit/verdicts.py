"""Accuracy of the check of a model's sentences, over news: `python -m evals.fit.verdicts`.

The sentences of `verdicts.jsonl` are about articles of RealTimeQA's 2022 collection, written for this and labelled
"true" or with the kind of their one error. They tell everything in other words, which rules are least fit for: the
prompt asks a model to keep to the articles' wording.
Reads the folder FOOTNOTE_BENCHMARKS; prints shares with 95 % bootstrap intervals, articles drawn with replacement.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.reading import PASSED
from bot.reading.check import RuleChecker
from evals.fit import lines, told
from evals.measure import Sample, mean
from evals.public import source
from store.lexical import scores
from store.passage import Document, Passage
from store.split import split
from store.words import weighted

SENTENCES = Path(__file__).with_suffix(".jsonl")
GIVEN = 8
Judged = tuple[str, str, bool]  # a sentence's article, its label, whether the check was right


def judged() -> Iterator[Judged]:
    """Every sentence, judged by its whole article and the best passages of the file's other articles."""
    rows = list(source.lines(SENTENCES))
    own = _passages({row["article"] for row in rows})
    every = {passage.id: passage for passages in own.values() for passage in passages}
    texts = {number: passage.text for number, passage in every.items()}
    checker = RuleChecker()
    for row in rows:
        cited = own[row["article"]]
        ranked = scores(texts, weighted(row["text"]))[0]
        others = [every[number] for number in sorted(ranked, key=lambda n: -ranked[n]) if every[number] not in cited]
        given = (*cited, *others)[: max(GIVEN, len(cited))]
        passed = checker.check(row["text"], cited, given).verdict in PASSED
        yield row["article"], row["label"], passed == (row["label"] == "true")


def _passages(wanted: set[str]) -> dict[str, tuple[Passage, ...]]:
    """The articles' passages, by the article."""
    passages: dict[str, tuple[Passage, ...]] = {}
    number = 0
    for item in lines("realtimeqa_2022/corpus.jsonl"):
        if item["_id"] not in wanted:
            continue
        name, text, day = item["_id"], item["text"], item["publish_date"] or None
        document = Document(name, "news", name, item["title"], item["site"], published=day)
        passages[name] = tuple(Passage(at, document, a, b, text[a:b]) for at, (a, b) in enumerate(split(text), number))
        number += len(passages[name])
    return passages


def main() -> None:
    """Prints errors caught and true sentences accepted, and each kind of error."""
    rows = list(judged())
    print(f"{len(rows)} sentences about {len({article for article, _, _ in rows})} articles")
    for title, true in (("errors caught", False), ("true accepted", True)):
        part = [(article, right) for article, label, right in rows if (label == "true") is true]
        samples = [Sample(str(number), article, (float(right),)) for number, (article, right) in enumerate(part)]
        print(f"{title} {sum(right for _, right in part)}/{len(part)} {told(samples, mean)}")
    of, caught = Counter(label for _, label, _ in rows), Counter(label for _, label, right in rows if right)
    print(", ".join(f"{kind} {caught[kind]}/{of[kind]}" for kind in sorted(of) if kind != "true"))


if __name__ == "__main__":
    main()
