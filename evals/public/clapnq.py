"""CLAPNQ's dev set (Rosenthal et al. 2024): natural questions whose answer is several sentences of a passage.

300 questions with an answer and 300 without over the 596 passages of both, each passage an article: an easy pool to
rank, a good one for sentences and refusals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.case import Case
from evals.public import source
from evals.public.asking import Asker, Row, ask_all
from evals.public.figures import Figure, ranked_by, refusals, sentences
from evals.public.source import Article

NAME = "clapnq"
ABOUT = "600 natural questions over 596 passages, half of them without an answer: chosen sentences, refusing."


def files() -> tuple[Path, ...]:
    """The set's files. Raises EvalInvalid where one is missing."""
    return tuple(source.file("clapnq", f"clapnq_dev_{kind}.jsonl") for kind in ("answerable", "unanswerable"))


def _questions() -> Iterator[tuple[Any, bool]]:
    """Each question with whether its passage answers it."""
    for path, answerable in zip(files(), (True, False), strict=True):
        for row in source.lines(path):
            with source.shaped(path):
                _ = [(p["title"], p["text"]) for p in row["passages"]], row["id"], row["input"], row["output"]
            yield row, answerable


def articles() -> Iterator[Article]:
    """The passages of all questions, each once."""
    passages = {passage["text"]: passage["title"] for row, _ in _questions() for passage in row["passages"]}
    return (Article(_name(text), title, text) for text, title in passages.items())


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def cases() -> tuple[Case, ...]:
    """A case a question."""
    asked = []
    for row, answerable in _questions():
        if answerable:
            documents = tuple(f"{_name(passage['text'])}.md" for passage in row["passages"])
            relevant = dict.fromkeys(documents, 1)
            asked.append(Case(row["id"], row["input"], "answered", documents=documents, relevant=relevant))
        else:
            asked.append(Case(row["id"], row["input"], "refused"))
    return tuple(asked)


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """The questions' rows, each with the sentences that any of its annotators selected."""
    gold = {
        row["id"]: tuple(dict.fromkeys(text for output in row["output"] for text in output["selected_sentences"]))
        for row, _ in _questions()
    }
    return [replace(row, gold=gold[row.id]) for row in await ask_all(asker, cases, progress)]


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    found = ranked_by(rows, ("Success@1", "Success@5", "nDCG@10"), "passage")
    return [*found, *sentences(rows), *refusals(rows)]
