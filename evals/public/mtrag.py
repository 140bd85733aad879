"""mtRAG's human evaluation (Katsis et al. 2025): how far the product's verdicts agree with people's.

159 tasks, each with its context passages and three answers (the authors' reference, GPT-4o, Llama 3.1 405B); people
rated every answer's faithfulness from 1 (no) to 4 (yes). The contexts' documents are ingested, the passages of a
task's contexts are looked up by the product, and each answer goes through the product's `Citer` as a model's prose
does. An answer's score is the share of its claiming sentences that come out quoted or supported; one that claims
nothing scores 1. The rating is the median of the raters, as the set has it; faithful is "mostly yes" or better.
"""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cite import Citer
from bot.reading import Checker, Reading
from evals.case import Case
from evals.measure import Sample, auroc, mean
from evals.public import source
from evals.public.asking import Asker
from evals.public.figures import Figure, figure
from evals.public.source import Article
from store.passage import Filters, Found

NAME = "mtrag"
ABOUT = "477 answers by people and models with people's ratings of faithfulness: how far our verdicts agree."
FAITHFUL = 3.0
"""The least median rating of an answer that counts as faithful: "mostly yes"."""
JUDGES = {
    "Bert-KPrec": "words of the answer in the contexts, by BERT",
    "rl_f": "RAGAS faithfulness, a large model as judge",
    "RougeL": "overlap with the reference answer",
}
"""The set's own automatic scores of the same answers, by the keys of its file."""


def files() -> tuple[Path, ...]:
    """The set's file. Raises EvalInvalid where it is missing."""
    return (source.file("mtrag", "reference_subset_with_human_evaluations.json"),)


def _value() -> Any:
    return source.value(files()[0])


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


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer to one task: what the verdicts came to, the people's rating and the set's own scores."""

    id: str
    cluster: str
    model: str
    claims: int
    passed: int
    """Claiming sentences that came out quoted or supported."""
    rating: float
    judges: Mapping[str, float]

    @property
    def score(self) -> float:
        return self.passed / self.claims if self.claims else 1.0

    @property
    def faithful(self) -> bool:
        return self.rating >= FAITHFUL


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Judged]:
    """A row for each answer to each task."""
    answers: dict[str, list[Any]] = {}
    with source.shaped(files()[0]):
        for row in _value()["evaluations"]:
            answers.setdefault(row["task_id"], []).append(row)
    judged = []
    for number, case in enumerate(cases, 1):
        ids = tuple(asker.ids[document] for document in case.documents)
        passages = asker.look(case.question, Filters(documents=ids)) if ids else Found()
        for row in answers.get(case.id, []):
            with source.shaped(files()[0]):
                judged.append(await _judged(row, passages, asker.bot.checker))
        progress(number, len(cases))
    return judged


async def _judged(row: Any, found: Found, checker: Checker) -> Judged:
    """One answer, read sentence by sentence as a model's prose is."""
    citer = Citer(Reading(found), checker)
    async for _ in citer.prose(_written(row["model_response"])):
        pass
    verdicts = [sentence.verdict for sentence in citer.sentences]
    claims = sum(verdict != "none" for verdict in verdicts)
    passed = sum(verdict in ("quoted", "supported") for verdict in verdicts)
    rating = statistics.median(float(one["value"]) for one in row["annotations"]["faithfulness"].values())
    judges = {name: float(_single(row["annotations"][name])) for name in JUDGES}
    return Judged(
        f"{row['task_id']}/{row['model_id']}", row["task_id"], row["model_id"], claims, passed, rating, judges
    )


def _single(scores: Any) -> Any:
    """The one value of an automatic score."""
    (score,) = scores.values()
    return score["value"]


async def _written(text: str) -> AsyncIterator[str]:
    yield text


def figures(rows: Sequence[Judged]) -> list[Figure]:
    """AUROC of our score for "people call it faithful": all answers, the models' alone, and the set's own judges."""
    models = [row for row in rows if row.model != "reference"]
    found = [
        _auroc("faithful AUROC", rows, lambda row: row.score),
        _auroc("faithful AUROC, models' answers", models, lambda row: row.score),
    ]
    for name, what in JUDGES.items():
        found.append(_auroc(f"faithful AUROC by {name} ({what})", rows, lambda row, name=name: row.judges[name]))  # type: ignore[misc]
    for label, faithful in (("faithful", True), ("unfaithful", False)):
        samples = [Sample(row.id, row.cluster, (row.score,)) for row in rows if row.faithful is faithful]
        found.append(figure(f"sentences held in {label} answers", "answer", samples, mean))
    return [one for one in found if one]


def _auroc(name: str, rows: Sequence[Judged], score: Callable[[Judged], float]) -> Figure | None:
    samples = [Sample(row.id, row.cluster, (float(row.faithful), score(row))) for row in rows]
    return figure(name, "answer", samples, auroc)
