"""SQuAD 2.0 (Rajpurkar et al. 2018), half of its dev set: 646 paragraphs, 6,078 questions, 3,168 without an answer.

Each paragraph is an article. The unanswerable questions were written against the paragraph that seems to answer
them: telling them apart is reported and never gated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import EvalInvalid
from evals.case import Case
from evals.measure import Row, mean, sampled
from evals.public import source
from evals.public.asking import Asker, ask_all
from evals.public.figures import Anchor, Figure, answered, figure, ranking, refusals
from evals.public.source import Article
from evals.words import contains

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
    try:
        with path.open(encoding="utf-8") as opened:
            value = json.load(opened)
    except ValueError as error:
        raise EvalInvalid(f"{path} is not JSON ({error}).") from error
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
            found.append(
                Case(
                    row["id"],
                    row["question"],
                    "answered",
                    facts=(answers,),
                    documents=(article.file,),
                    answers=answers,
                    relevant={article.file: 1},
                    cluster=article.file,
                )
            )
    return tuple(found)


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """The questions' rows."""
    return await ask_all(asker, cases, progress)


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    relevant = {row["id"]: row["expected"]["relevant"] for row in rows}
    found = ranking(rows, relevant, ("nDCG@10", "Success@1", "Success@5", "RR"), "paragraph", ANCHORS)
    open_ones = [row for row in rows if row["expected"]["answerable"]]
    for name, text in (
        ("best sentence holds the answer", lambda row: row["best"]),
        ("chosen sentences hold the answer", lambda row: "\n".join(row["chosen"])),
    ):
        samples = sampled(open_ones, lambda row, text=text: float(contains(text(row), row["expected"]["answers"])))  # type: ignore[misc]
        if one := figure(name, "question", samples, mean, ANCHORS[name]):
            found.append(one)
    return [*found, *refusals(rows, ANCHORS), *answered(open_ones, {})]
