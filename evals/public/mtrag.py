"""mtRAG's human evaluation (Katsis et al. 2025): how far the product's verdicts agree with people's.

159 tasks, each with its context passages and three answers (the authors' reference, GPT-4o, Llama 3.1 405B); people
rated every answer's faithfulness from 1 (no) to 4 (yes). The contexts' documents are ingested, the passages of a
task's contexts are looked up by the product, and each answer goes through the product's `Citer` as a model's prose
does. An answer's score is the share of its claiming sentences that come out quoted or supported; one that claims
nothing scores 1. The rating is the median of the raters, as the set has it; faithful is "mostly yes" or better.
"""

import statistics
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.cite import Citer
from bot.reading import PASSED, Reading
from evals.case import Case
from evals.public import source
from evals.public.asking import Asker
from evals.public.figures import Figure, aurocs, means
from evals.public.source import Article, Part
from store.passage import Filters, Found

ABOUT = "477 answers by people and models with people's ratings of faithfulness: how far our verdicts agree."
FILES = ("mtrag/reference_subset_with_human_evaluations.json",)
FAITHFUL = 3.0  # the least median rating of an answer that counts as faithful: "mostly yes"


def parts() -> Iterator[Part]:
    """The documents of all contexts, with a case a task: its last question. The answers to judge are in `rows`."""
    return source.each(*FILES, lambda value: ([*map(_article, value["documents"])], [*map(_case, value["tasks"])]))


def _article(row: Any) -> Article:
    return Article(row["document_id"], row.get("title", ""), row["text"])


def _case(task: Any) -> Case:
    documents = tuple(dict.fromkeys(f"{context['document_id']}.md" for context in task["contexts"]))
    question = [turn["text"] for turn in task["input"] if turn["speaker"] == "user"][-1]
    outcome = "answered" if documents else "refused"
    return Case(task["task_id"], question, outcome, documents=documents, cluster=task["task_id"])


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer to one task: what the verdicts came to and what people say."""

    id: str
    cluster: str
    model: str
    text: str
    faithful: bool
    score: float = 1.0  # the share of the claiming sentences that came out quoted or supported


async def rows(asker: Asker, cases: Iterable[Case]) -> list[Judged]:
    """A row for each answer to each task."""
    answers, judged = next(source.each(*FILES, lambda value: [*map(_rated, value["evaluations"])])), []
    for case in cases:
        ids = tuple(asker.ids[document] for document in case.documents)
        passages = asker.look(case.question, Filters(documents=ids)) if ids else Found()
        for row in answers:
            if row.cluster == case.id:
                citer = Citer(Reading(passages), asker.bot.checker)
                async for _ in citer.prose(_written(row.text)):
                    pass
                passed = [one.verdict in PASSED for one in citer.sentences if one.verdict != "none"]
                judged.append(replace(row, score=sum(passed) / len(passed) if passed else 1.0))
    return judged


def _rated(row: Any) -> Judged:
    """One answer with its ratings."""
    task, model, given = row["task_id"], row["model_id"], row["annotations"]
    rating = statistics.median(float(one["value"]) for one in given["faithfulness"].values())
    return Judged(f"{task}/{model}", task, model, row["model_response"], rating >= FAITHFUL)


async def _written(text: str) -> AsyncIterator[str]:
    yield text


def figures(rows: Sequence[Judged]) -> list[Figure]:
    """AUROC of our score for "people call it faithful", over all answers and the models' alone; sentences held."""
    return aurocs("answer", rows, lambda row: row.faithful, {
        "faithful AUROC": lambda row: row.score,
        "faithful AUROC, models' answers": lambda row: None if row.model == "reference" else row.score,
    }) + means("answer", rows, {
        "sentences held in faithful answers": lambda row: row.score if row.faithful else None,
        "sentences held in unfaithful answers": lambda row: None if row.faithful else row.score,
    })  # fmt: skip
