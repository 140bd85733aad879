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
from evals.public.figures import Anchor, Figure, ranked_by, refusals, sentences
from evals.public.source import Article

NAME = "clapnq"
ABOUT = "600 natural questions over 596 passages, half of them without an answer: chosen sentences, refusing."
PEERS = "peers on questions of their own: nearest open one"  # as published; their n is not told
ANCHORS = {
    "Success@1": Anchor("", "trial, blend .920 [.887, .950] (passages, n 300)"),
    "Success@5": Anchor("", "trial, blend .987 [.973, .997] (passages, n 300)"),
    "chosen sentences precision": Anchor(
        "word overlap .423 [.389, .454] (trial; 3 sentences, n 300)",
        "trial, hand weights .543 [.509, .574] (3 sentences, n 300)",
    ),
    "chosen sentences recall": Anchor(
        "word overlap .469 [.432, .506] (trial; 3 sentences, n 300)",
        "trial, hand weights .591 [.556, .628] (3 sentences, n 300)",
    ),
    "chosen sentences F1": Anchor(
        "word overlap .427 [.396, .457] (trial; 3 sentences, n 300)",
        "trial, hand weights .545 [.512, .574] (3 sentences, n 300); the whole gold passage, given, .610",
    ),
    "answerable AUROC": Anchor(
        "BM25's score .725 [.683, .765] (trial; questions, n 600)",
        "trial, logistic on 3 features fitted elsewhere .834 [.801, .864] (questions, n 600)",
    ),
    "refusal_precision": Anchor(
        "", f"{PEERS} .33; trial, at 5 % of the answerable refused .881 [.847, .916] (questions, n 600)"
    ),
    "refusal_recall": Anchor(
        "", f"{PEERS} .44; trial, at 5 % of the answerable refused .347 [.272, .470] (questions, n 300)"
    ),
    "refusal_f1": Anchor(
        "",
        "peers on questions of their own: best trained small models .66; trial, at 5 % of the answerable refused"
        " .498 (questions, n 600)",
    ),
}


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
    found = []
    for row, answerable in _questions():
        if answerable:
            held = tuple(f"{_name(passage['text'])}.md" for passage in row["passages"])
            relevant = dict.fromkeys(held, 1)
            found.append(Case(row["id"], row["input"], "answered", documents=held, relevant=relevant))
        else:
            found.append(Case(row["id"], row["input"], "refused"))
    return tuple(found)


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """The questions' rows, each with the sentences that any of its annotators selected."""
    gold = {
        row["id"]: tuple(dict.fromkeys(text for output in row["output"] for text in output["selected_sentences"]))
        for row, _ in _questions()
    }
    return [replace(row, gold=gold[row.id]) for row in await ask_all(asker, cases, progress)]


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    found = ranked_by(rows, ("Success@1", "Success@5", "nDCG@10"), "passage", ANCHORS)
    return [*found, *sentences(rows, ANCHORS), *refusals(rows, ANCHORS)]
