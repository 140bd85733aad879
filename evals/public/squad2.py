"""SQuAD 2.0 (Rajpurkar et al. 2018), half of its dev set: 646 paragraphs, 6,078 questions, 3,168 without an answer.

Each paragraph is an article. The unanswerable questions were written against the paragraph that seems to answer
them: telling them apart is reported and never gated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.case import Case
from evals.public import source
from evals.public.asking import Asker, Row, ask_all
from evals.public.figures import BEST, Anchor, Figure, answered, holding, ranked_by, refusals
from evals.public.source import Article

NAME = "squad2"
ABOUT = "6,078 questions over 646 paragraphs, half of them without an answer: ranking, sentences, refusing."
ANCHORS = {
    "nDCG@10": Anchor(
        "BM25 .889 (trial; paragraphs, n 2,910)",
        "trial: MiniLM+BM25 .911, the same pair of legs .895 (paragraphs, n 2,910)",
    ),
    "Success@1": Anchor("", "trial, blend .826 [.812, .840] (paragraphs, n 2,910)"),
    "Success@5": Anchor("", "trial, blend .959 [.952, .967] (paragraphs, n 2,910)"),
    "best sentence holds the answer": Anchor(
        "word overlap .749 [.733, .764] (trial; 1 sentence, n 2,910)",
        "trial, hand weights .754 [.737, .769] (1 sentence, n 2,910)",
    ),
    "chosen sentences hold the answer": Anchor(
        "word overlap .867 [.854, .879] (trial; 3 sentences, n 2,910)",
        "trial, hand weights .888 [.877, .899] (3 sentences of any paragraph, n 2,910)",
    ),
    "answerable AUROC": Anchor(
        "BM25's score .560 [.546, .574] (trial; questions, n 6,078)",
        "trial, logistic on 3 features fitted elsewhere .601 [.588, .615] (questions, n 6,078)",
    ),
    "refusal_recall": Anchor("", "trial, at 5 % of the answerable refused .096 [.082, .110] (questions, n 3,168)"),
}


def files() -> tuple[Path, ...]:
    """The set's file. Raises EvalInvalid where it is missing."""
    return (source.file("squad2_cs224n", "dev-v2.0.json"),)


def _paragraphs() -> Iterator[tuple[Article, list[Any]]]:
    """Each paragraph as an article, with its questions."""
    (path,) = files()
    value = source.value(path)
    with source.shaped(path):
        number = 0
        for article in value["data"]:
            for paragraph in article["paragraphs"]:
                number += 1
                title = article["title"].replace("_", " ")
                yield Article(f"p{number:04}", title, paragraph["context"]), paragraph["qas"]


def articles() -> Iterator[Article]:
    """The paragraphs."""
    return (article for article, _ in _paragraphs())


def cases() -> tuple[Case, ...]:
    """A case a question; questions that share a paragraph are drawn together."""
    found = []
    for article, questions in _paragraphs():
        for row in questions:
            answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
            if row["is_impossible"]:
                found.append(Case(row["id"], row["question"], "refused", cluster=article.file))
                continue
            relevant = {article.file: 1}
            found.append(Case(row["id"], row["question"], "answered", (answers,), (article.file,), answers=answers,
                              relevant=relevant, cluster=article.file))  # fmt: skip
    return tuple(found)


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """The questions' rows."""
    return await ask_all(asker, cases, progress)


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    found = ranked_by(rows, ("nDCG@10", "Success@1", "Success@5", "RR"), "paragraph", ANCHORS)
    open_ones = [row for row in rows if row.answerable]
    found += holding(BEST, open_ones, ANCHORS)
    return [*found, *refusals(rows, ANCHORS), *answered(open_ones, {})]
