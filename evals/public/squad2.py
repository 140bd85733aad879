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
from evals.public.figures import BEST, Figure, answered, holding, ranked_by, refusals
from evals.public.source import Article

NAME = "squad2"
ABOUT = "6,078 questions over 646 paragraphs, half of them without an answer: ranking, sentences, refusing."


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
    found = ranked_by(rows, ("nDCG@10", "Success@1", "Success@5", "RR"), "paragraph")
    open_ones = [row for row in rows if row.answerable]
    found += holding(BEST, open_ones)
    return [*found, *refusals(rows), *answered(open_ones)]
