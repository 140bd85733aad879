"""mtRAG's human evaluation (Katsis et al. 2025): how far the product's verdicts agree with people's.

159 tasks, each with its context passages and three answers (the authors' reference, GPT-4o, Llama 3.1 405B); people
rated every answer's faithfulness from 1 (no) to 4 (yes). The contexts' documents are ingested, the passages of a
task's contexts are looked up by the product, and each answer goes through the product's `Citer` as a model's prose
does. An answer's score is the share of its claiming sentences that come out quoted or supported; one that claims
nothing scores 1. The rating is the median of the raters, as the set has it; faithful is "mostly yes" or better.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.cite import Citer
from bot.errors import EvalInvalid
from bot.reading import Reading
from bot.reading.check import RuleChecker
from evals.case import Case
from evals.measure import Row, Sample, auroc, mean
from evals.public import source
from evals.public.asking import Asker
from evals.public.figures import Anchor, Figure, figure
from evals.public.source import Article
from store.passage import Filters, Found

NAME = "mtrag"
ABOUT = "477 answers by people and models with people's ratings of faithfulness: how far our verdicts agree."
FAITHFUL = 3.0  # the least median rating of an answer that counts as faithful: "mostly yes"
JUDGES = {  # the set's own automatic scores of the same answers, by the keys of its file
    "Bert-KPrec": "words of the answer in the contexts, by BERT",
    "rl_f": "RAGAS faithfulness, a large model as judge",
    "RougeL": "overlap with the reference answer",
}
ANCHORS = {"faithful AUROC": Anchor("", "the set's own judges stand below, on the same answers (n 477)")}


def files() -> tuple[Path, ...]:
    """The set's file. Raises EvalInvalid where it is missing."""
    return (source.file("mtrag", "reference_subset_with_human_evaluations.json"),)


def _value() -> Any:
    (path,) = files()
    try:
        with path.open(encoding="utf-8") as opened:
            return json.load(opened)
    except ValueError as error:
        raise EvalInvalid(f"{path} is not JSON ({error}).") from error


def articles() -> Iterator[Article]:
    """The documents of all contexts."""
    with source.shaped(files()[0]):
        for row in _value()["documents"]:
            yield Article(row["document_id"], row.get("title", ""), row["text"])


def cases() -> tuple[Case, ...]:
    """A case a task: its last question over its context documents. The answers to judge are in `rows`."""
    found = []
    with source.shaped(files()[0]):
        for task in _value()["tasks"]:
            documents = tuple(dict.fromkeys(f"{context['document_id']}.md" for context in task["contexts"]))
            question = [turn["text"] for turn in task["input"] if turn["speaker"] == "user"][-1]
            outcome = "answered" if documents else "refused"
            found.append(Case(task["task_id"], question, outcome, documents=documents, cluster=task["task_id"]))
    return tuple(found)


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """A row for each answer to each task, with the verdicts' counts, the rating and the set's own scores."""
    answers: dict[str, list[Any]] = {}
    with source.shaped(files()[0]):
        for row in _value()["evaluations"]:
            answers.setdefault(row["task_id"], []).append(row)
    found = []
    for number, case in enumerate(cases, 1):
        ids = tuple(asker.ids[document] for document in case.documents)
        passages = asker.look(case.question, Filters(documents=ids)) if ids else Found()
        for row in answers.get(case.id, []):
            with source.shaped(files()[0]):
                found.append(await _judged(row, passages))
        progress(number, len(cases))
    return found


async def _judged(row: Any, found: Found) -> Row:
    """One answer, read sentence by sentence as a model's prose is."""
    citer = Citer(Reading(found), RuleChecker())
    async for _ in citer.prose(_written(row["model_response"])):
        pass
    verdicts = [sentence.verdict for sentence in citer.sentences]
    claims = sum(verdict != "none" for verdict in verdicts)
    held = sum(verdict in ("quoted", "supported") for verdict in verdicts)
    ratings = [float(rating["value"]) for rating in row["annotations"]["faithfulness"].values()]
    return {
        "id": f"{row['task_id']}/{row['model_id']}",
        "cluster": row["task_id"],
        "model": row["model_id"],
        "passages": len(found.passages),
        "claims": claims,
        "held": held,
        "score": held / claims if claims else 1.0,
        "rating": statistics.median(ratings),
        "judges": {name: float(_single(row["annotations"][name])) for name in JUDGES},
    }


def _single(scores: Any) -> Any:
    """The one value of an automatic score."""
    (score,) = scores.values()
    return score["value"]


async def _written(text: str) -> AsyncIterator[str]:
    yield text


def figures(rows: Sequence[Row]) -> list[Figure]:
    """AUROC of our score for "people call it faithful": all answers, the models' alone, and the set's own judges."""
    models = [row for row in rows if row["model"] != "reference"]
    found = [
        _auroc("faithful AUROC", rows, lambda row: row["score"], ANCHORS["faithful AUROC"]),
        _auroc("faithful AUROC, models' answers", models, lambda row: row["score"]),
    ]
    for name, what in JUDGES.items():
        found.append(_auroc(f"faithful AUROC by {name} ({what})", rows, lambda row, name=name: row["judges"][name]))  # type: ignore[misc]
    for label, faithful in (("faithful", True), ("unfaithful", False)):
        kept = [row for row in rows if (row["rating"] >= FAITHFUL) == faithful]
        samples = [Sample(row["id"], row["cluster"], (row["score"],)) for row in kept]
        found.append(figure(f"sentences held in {label} answers", "answer", samples, mean))
    return [one for one in found if one]


def _auroc(
    name: str, rows: Sequence[Row], score: Callable[[Row], float], anchor: Anchor | None = None
) -> Figure | None:
    samples = [Sample(row["id"], row["cluster"], (float(row["rating"] >= FAITHFUL), score(row))) for row in rows]
    return figure(name, "answer", samples, auroc, anchor)
