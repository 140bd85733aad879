"""mtRAG's human evaluation (Katsis et al. 2025): how far the product's verdicts agree with people's.

159 tasks, each with its context passages and three answers (the authors' reference, GPT-4o, Llama 3.1 405B); people
rated every answer's faithfulness from 1 (no) to 4 (yes). The contexts' documents are ingested, the passages of a
task's contexts are looked up by the product, and each answer goes through the product's `Citer` as a model's prose
does. An answer's score is the share of its claiming sentences that come out quoted or supported; one that claims
nothing scores 1. The rating is the median of the raters, as the set has it; faithful is "mostly yes" or better.

The tasks are follow-ups too: after the turns before it, a task's last question is looked up among all the documents, as
it was asked, with all earlier questions weighed in, and as the product puts it without a model. Recall@5 is the share
of the task's documents among the first five; "read" says whether the best sentence stands in one of them.
"""

import statistics
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from bot.answer import Bot
from bot.cite import Citer
from bot.conversation import Answer, Conversation, Sentence, Turn
from bot.question import followup, query
from bot.reading import PASSED, Reading
from evals.case import Case
from evals.public import source
from evals.public.asking import Asker
from evals.public.figures import Figure, aurocs, means
from evals.public.source import Article, Part
from store.passage import Filters, Found

ABOUT = (
    "477 answers by people and models with people's ratings of faithfulness: how far our verdicts agree; and 132 "
    "follow-ups: how they are looked up."
)
FILES = ("mtrag/reference_subset_with_human_evaluations.json",)
FORMS = ("the last turn alone", "all earlier questions", "as looked up")
READ = 20  # passages of which the first five documents are taken
FAITHFUL = 3.0  # the least median rating of an answer that counts as faithful: "mostly yes"


def parts() -> Iterator[Part]:
    """The documents of all contexts, with a case a task: its last question. The answers to judge are in `rows`."""
    return source.each(*FILES, lambda value: ([*map(_article, value["documents"])], [*map(_case, value["tasks"])]))


def _article(row: Any) -> Article:
    return Article(row["document_id"], row.get("title", ""), row["text"])


def _case(task: Any) -> Case:
    documents = tuple(dict.fromkeys(f"{context['document_id']}.md" for context in task["contexts"]))
    question = [turn["text"].strip() for turn in task["input"] if turn["speaker"] == "user"][-1]
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


@dataclass(frozen=True, slots=True)
class Followed:
    """A follow-up: recall at 5 in each form in which it is looked up, and whether the best sentence is a document's."""

    id: str  # its conversation's, so that halves hold whole conversations
    cluster: str
    recall: Mapping[str, float]
    read: Mapping[str, bool]


async def rows(asker: Asker, cases: Iterable[Case]) -> list[Judged | Followed]:
    """A row for each answer to each task, and one for each task that follows earlier turns and has documents."""
    answers = next(source.each(*FILES, lambda value: [*map(_rated, value["evaluations"])]))
    talks = next(source.each(*FILES, lambda value: {task["task_id"]: _said(task) for task in value["tasks"]}))
    judged: list[Judged | Followed] = []
    for case in cases:
        if case.documents and talks[case.id].turns:
            judged.append(_followed(asker.bot, case, talks[case.id]))
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


def _said(task: Any) -> Conversation:
    """The turns before a task's last question, each with the agent's words as its answer."""
    said, texts = Conversation(), [turn["text"].strip() for turn in task["input"]]
    for question, answer in zip(texts[:-1:2], texts[1::2], strict=True):
        alone = followup.put(question, said).standalone
        told = Answer(question, alone, "answered", sentences=(Sentence(answer, (), "none"),))
        said = said.add(Turn(question, told))
    return said


def _followed(bot: Bot, case: Case, said: Conversation) -> Followed:
    """A follow-up looked up and read in each form."""
    question, recall, read = case.question, {}, {}
    put = followup.put(question, said)
    alone = put.standalone, put.earlier
    for form, asked in zip(FORMS, ((question, ()), (question, said.questions), alone), strict=True):
        looked_up = query(asked[0], Filters(), READ, asked[1])
        found = bot.corpus.search(looked_up)
        best = dict.fromkeys(passage.document.source for passage in found.passages)
        recall[form] = len({*islice(best, 5)} & {*case.documents}) / len(case.documents)
        read_by = put.read(looked_up) if form == FORMS[-1] else looked_up
        sentences = bot.reader.read_sentences(read_by, found).sentences
        read[form] = bool(sentences) and sentences[0].passage.document.source in case.documents
    return Followed(case.id.partition("<")[0], case.id.partition("<")[0], recall, read)


def _rated(row: Any) -> Judged:
    """One answer with its ratings."""
    task, model, given = row["task_id"], row["model_id"], row["annotations"]
    rating = statistics.median(float(one["value"]) for one in given["faithfulness"].values())
    return Judged(f"{task}/{model}", task, model, row["model_response"], rating >= FAITHFUL)


async def _written(text: str) -> AsyncIterator[str]:
    yield text


def figures(rows: Sequence[Judged | Followed]) -> list[Figure]:
    """AUROC of our score for "people call it faithful" over all answers and the models'; sentences held; follow-ups."""
    judged = [row for row in rows if isinstance(row, Judged)]
    followed = [row for row in rows if isinstance(row, Followed)]
    return aurocs("answer", judged, lambda row: row.faithful, {
        "faithful AUROC": lambda row: row.score,
        "faithful AUROC, models' answers": lambda row: None if row.model == "reference" else row.score,
    }) + means("answer", judged, {
        "sentences held in faithful answers": lambda row: row.score if row.faithful else None,
        "sentences held in unfaithful answers": lambda row: None if row.faithful else row.score,
    }) + means("follow-up", followed, {
        **{f"Recall@5, {form}": partial(_recall, form=form) for form in FORMS},
        **{f"read in a document, {form}": partial(_read, form=form) for form in FORMS},
        "Recall@5 gained over the last turn alone": lambda row: row.recall[FORMS[2]] - row.recall[FORMS[0]],
    })  # fmt: skip


def _recall(row: Followed, form: str) -> float:
    return row.recall[form]


def _read(row: Followed, form: str) -> float:
    return row.read[form]
