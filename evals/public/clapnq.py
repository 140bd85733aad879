"""CLAPNQ's dev set (Rosenthal et al. 2024): natural questions whose answer is several sentences of a passage.

300 questions with an answer and 300 without over the 596 passages of both, each passage an article: an easy pool to
rank, a good one for sentences and refusals.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from evals.case import Case
from evals.public import source
from evals.public.asking import Row
from evals.public.figures import Figure, ranking, refusals, sentences
from evals.public.source import Article, Part

ABOUT = "600 natural questions over 596 passages, half of them without an answer: chosen sentences, refusing."
FILES = "clapnq/clapnq_dev_answerable.jsonl", "clapnq/clapnq_dev_unanswerable.jsonl"


def parts() -> Iterator[Part]:
    """The passages of each question with the question."""
    for file, outcome in zip(FILES, ("answered", "refused"), strict=True):
        yield from source.each(file, partial(_question, outcome))


def _question(outcome: str, row: Any) -> Part:
    passages = [
        Article(hashlib.sha256(passage["text"].encode()).hexdigest()[:12], passage["title"], passage["text"])
        for passage in row["passages"]
    ]
    relevant = {passage.file: 1 for passage in passages if outcome == "answered"}
    return passages, [Case(row["id"], row["input"], outcome, documents=tuple(relevant), relevant=relevant)]


def _selected(row: Any) -> tuple[str, list[str]]:
    """A question's id with the sentences that any annotator selected."""
    return row["id"], list(dict.fromkeys(text for output in row["output"] for text in output["selected_sentences"]))


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    gold = dict(one for file in FILES for one in source.each(file, _selected))
    return [*ranking(rows, ("Success@1", "Success@5", "nDCG@10"), "passage"), *sentences(rows, gold), *refusals(rows)]
