"""CLAPNQ's dev set (Rosenthal et al. 2024): natural questions whose answer is several sentences of a passage.

300 questions with an answer and 300 without over the 596 passages of both, each passage an article: an easy pool to
rank, a good one for sentences and refusals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.case import Case
from evals.measure import Row, mean, sampled
from evals.public import source
from evals.public.asking import Asker, ask_all
from evals.public.figures import Anchor, Figure, figure, overlap, ranking, refusals
from evals.public.source import Article

NAME = "clapnq"
ABOUT = "600 natural questions over 596 passages, half of them without an answer: chosen sentences, refusing."
ANCHORS = {
    "Success@1": Anchor("", "blend in the trial .920 [.887, .950]"),
    "Success@5": Anchor("", "blend in the trial .987 [.973, .997]"),
    "chosen sentences precision": Anchor(
        "word overlap .423 [.389, .454]", "hand weights in the trial .543 [.509, .574]"
    ),
    "chosen sentences recall": Anchor("word overlap .469 [.432, .506]", "hand weights in the trial .591 [.556, .628]"),
    "chosen sentences F1": Anchor(
        "word overlap .427 [.396, .457] (3 sentences, retrieved, n 300)",
        "hand weights in the trial .545 [.512, .574]; the whole gold passage, given, .610",
    ),
    "answerable AUROC": Anchor(
        "BM25's score .725 [.683, .765] (n 600)", "logistic on 3 features, fitted elsewhere, .834 [.801, .864]"
    ),
    "refusal_precision": Anchor("", "nearest open peer .33; at 5 % of the answerable refused .881 [.847, .916]"),
    "refusal_recall": Anchor("", "nearest open peer .44; at 5 % of the answerable refused .347 [.272, .470]"),
    "refusal_f1": Anchor("", "best trained small models .66; at 5 % of the answerable refused .498"),
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
        row["id"]: list(dict.fromkeys(text for output in row["output"] for text in output["selected_sentences"]))
        for row, _ in _questions()
    }
    return [row | {"gold": gold[row["id"]]} for row in await ask_all(asker, cases, progress)]


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking and sentences over the answerable questions, refusing over all."""
    relevant = {row["id"]: row["expected"]["relevant"] for row in rows}
    found = ranking(rows, relevant, ("Success@1", "Success@5", "nDCG@10"), "passage", ANCHORS)
    told = [row for row in rows if row["gold"]]
    for i, kind in enumerate(("precision", "recall", "F1")):
        name = f"chosen sentences {kind}"
        samples = sampled(told, lambda row, i=i: overlap(row["chosen"], row["gold"])[i])  # type: ignore[misc]
        if one := figure(name, "sentence", samples, mean, ANCHORS[name]):
            found.append(one)
    return [*found, *refusals(rows, ANCHORS)]
