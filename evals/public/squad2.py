"""SQuAD 2.0 (Rajpurkar et al. 2018), half of its dev set: 646 paragraphs, 6,078 questions, 3,168 without an answer.

Each paragraph is an article. The unanswerable questions were written against the paragraph that seems to answer
them: telling them apart is reported and never gated.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from evals.case import Case
from evals.public import source
from evals.public.asking import Row
from evals.public.figures import BEST, Figure, answered, holding, ranking, refusals
from evals.public.source import Article, Part

ABOUT = "6,078 questions over 646 paragraphs, half of them without an answer: ranking, sentences, refusing."
FILES = ("squad2_cs224n/dev-v2.0.json",)


def parts() -> Iterator[Part]:
    """Each paragraph as an article, with its questions; those that share a paragraph are drawn together."""
    return (part for every in source.each(*FILES, _paragraphs) for part in every)


def _paragraphs(value: Any) -> list[Part]:
    every = [(article["title"], paragraph) for article in value["data"] for paragraph in article["paragraphs"]]
    found: list[Part] = []
    for number, (title, paragraph) in enumerate(every, 1):
        made = Article(f"p{number:04}", title.replace("_", " "), paragraph["context"])
        found.append(((made,), [_case(made.file, row) for row in paragraph["qas"]]))
    return found


def _case(paragraph: str, row: Any) -> Case:
    if row["is_impossible"]:
        return Case(row["id"], row["question"], "refused", cluster=paragraph)
    answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
    return Case(row["id"], row["question"], "answered", (answers,), (paragraph,), answers=answers,
                relevant={paragraph: 1}, cluster=paragraph)  # fmt: skip


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    found = ranking(rows, ("nDCG@10", "Success@1", "Success@5", "RR"), "paragraph")
    open_ones = [row for row in rows if row.answerable]
    return [*found, *holding(BEST, open_ones), *refusals(rows), *answered(open_ones)]
