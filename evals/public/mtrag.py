"""mtRAG's human evaluation (Katsis et al. 2025): how far the product's verdicts agree with people's.

159 tasks, each with its context passages and three answers (the authors' reference, GPT-4o, Llama 3.1 405B); people
rated every answer's faithfulness from 1 (no) to 4 (yes). The contexts' documents are ingested, the passages of a
task's contexts are looked up by the product, and each answer goes through the product's `Citer` as a model's prose
does. An answer's score is the share of its claiming sentences that come out quoted or supported; one that claims
nothing scores 1. The rating is the median of the raters, as the set has it; faithful is "mostly yes" or better.
"""

import statistics
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cite import Citer
from bot.reading import Checker, Reading
from evals.case import Case
from evals.measure import Sample, auroc, mean
from evals.public import source
from evals.public.asking import Asker, Progress
from evals.public.figures import Figure, figure
from evals.public.source import Article
from store.passage import Filters, Found

ABOUT = "477 answers by people and models with people's ratings of faithfulness: how far our verdicts agree."
FILES = ("mtrag/reference_subset_with_human_evaluations.json",)
FAITHFUL = 3.0  # the least median rating of an answer that counts as faithful: "mostly yes"
JUDGES = {
    "Bert-KPrec": "words of the answer in the contexts, by BERT",
    "rl_f": "RAGAS faithfulness, a large model as judge",
    "RougeL": "overlap with the reference answer",
}
"""The set's own automatic scores of the same answers, by the keys of its file."""


def articles() -> Iterator[Article]:
    """The documents of all contexts."""
    with source.value(*FILES) as value:
        yield from [Article(row["document_id"], row.get("title", ""), row["text"]) for row in value["documents"]]


def cases() -> tuple[Case, ...]:
    """A case a task: its last question over its context documents. The answers to judge are in `rows`."""
    found = []
    with source.value(*FILES) as value:
        for task in value["tasks"]:
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
    passed: int  # claiming sentences that came out quoted or supported
    rating: float
    judges: Mapping[str, float]

    @property
    def score(self) -> float:
        return self.passed / self.claims if self.claims else 1.0

    @property
    def faithful(self) -> bool:
        return self.rating >= FAITHFUL


async def rows(asker: Asker, cases: Sequence[Case], progress: Progress) -> list[Judged]:
    """A row for each answer to each task."""
    judged = []
    with source.value(*FILES) as value:
        for number, case in enumerate(cases, 1):
            ids = tuple(asker.ids[document] for document in case.documents)
            passages = asker.look(case.question, Filters(documents=ids)) if ids else Found()
            answers = [row for row in value["evaluations"] if row["task_id"] == case.id]
            judged += [await _judged(row, passages, asker.bot.checker) for row in answers]
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
    given = row["annotations"]
    rating = statistics.median(float(one["value"]) for one in given["faithfulness"].values())
    judges = {name: float(score["value"]) for name in JUDGES for (score,) in [given[name].values()]}
    task, model = row["task_id"], row["model_id"]
    return Judged(f"{task}/{model}", task, model, claims, passed, rating, judges)


async def _written(text: str) -> AsyncIterator[str]:
    yield text


def figures(rows: Sequence[Judged]) -> list[Figure]:
    """AUROC of our score for "people call it faithful": all answers, the models' alone, and the set's own judges."""
    scores = {
        "faithful AUROC": [(row, row.score) for row in rows],
        "faithful AUROC, models' answers": [(row, row.score) for row in rows if row.model != "reference"],
    }
    for name, what in JUDGES.items():
        scores[f"faithful AUROC by {name} ({what})"] = [(row, row.judges[name]) for row in rows]
    found = []
    for name, scored in scores.items():
        samples = [Sample(row.id, row.cluster, (float(row.faithful), score)) for row, score in scored]
        found.append(figure(name, "answer", samples, auroc))
    for label, faithful in (("faithful", True), ("unfaithful", False)):
        samples = [Sample(row.id, row.cluster, (row.score,)) for row in rows if row.faithful is faithful]
        found.append(figure(f"sentences held in {label} answers", "answer", samples, mean))
    return [one for one in found if one]
