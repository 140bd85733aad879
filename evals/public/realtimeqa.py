"""RealTimeQA of 2022 (Kasai et al. 2023): weekly news quizzes over 4,881 real articles.

The 646 questions that can be asked openly. Each is asked as of the quiz's day, which switches the recency prior on;
the ranking is taken once more without that day. 202 have an article that the quiz linked (gold), 387 one that a rule
found (strict).

The clean twin tells whether the product refuses what its corpus does not hold. Each of the 411 questions with a gold
or strict article is asked twice: over the whole corpus, and without those articles and without every article among
its first 50 passages that holds the answer's words. Where the first passages still hold them, those articles go too
and it is asked again. What is left out is left out by the product's own filter: `Filters.documents` names all other
articles, and both legs of the search keep to them. Only the words' rarity is still counted over the whole corpus.

With a model there is also the quiz itself: the question with its four choices, and with "none of the above" among
them; a refusal counts as none of the above.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from bot.conversation import Answer
from evals.case import Case
from evals.gold import contains, word_f1, words
from evals.public import source
from evals.public.asking import Asker, Row
from evals.public.figures import BEST, Figure, answered, holding, means, of_row, ranking, refusals
from evals.public.source import Article, Part
from store.passage import Filters, Passage

ABOUT = "646 news quiz questions over 4,881 articles of 2022: ranking with and without the day, sentences, refusing."
FILES = CORPUS, QUESTIONS = "realtimeqa_2022/corpus.jsonl", "realtimeqa_2022/questions.jsonl"
NEEDED = ("id", "question", "date", "answer", "choices", "answer_idx", "gold_docs", "strict_docs", "nota_choices",
          "nota_answer_idx")  # fmt: skip
NONE = "None of the above"
KINDS = ("gold", "strict")
CHOICES = {"multiple choice": "", "none of the above": "nota_"}  # a figure's name, and what its keys begin with


def _questions() -> dict[str, Any]:
    """The questions that can be asked without their choices, by id."""

    def kept(row: Any) -> Any:
        return row if row["open_ok"] and all(row[key] is not None for key in NEEDED) else None

    return {row["id"]: row for row in source.each(QUESTIONS, kept) if row}


def _documents(row: Any, *kinds: str) -> dict[str, int]:
    """The relevant documents of some kinds, each with the grade 1."""
    return {f"{name}.md": 1 for kind in kinds for name in row[f"{kind}_docs"]}


def parts() -> Iterator[Part]:
    """The news articles, with a case a question, asked as of the quiz's day; its documents are gold and strict ones."""
    yield source.each(CORPUS, _article), map(_case, _questions().values())


def _article(row: Any) -> Article:
    return Article(row["_id"], row["title"], row["text"], row["site"], row["publish_date"] or None)


def _case(row: Any) -> Case:
    relevant = _documents(row, *KINDS)
    held, tags = tuple(relevant), tuple(kind for kind in KINDS if row[f"{kind}_docs"])
    answers, day = tuple(row["answer"]), row["date"].replace("/", "-")
    return Case(
        row["id"], row["question"], "answered", (answers,), held, tags, Filters(as_of=day),
        answers, relevant, cluster=held[0] if held else row["id"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question asked of the whole corpus, and once more without a day, of the clean twin, and with its choices."""

    row: Row
    no_day: Row
    twin: Row | None
    removed: int  # articles that the twin lacks
    choices: Mapping[str, float]  # whether a model chose right, by the kind of choices


async def rows(asker: Asker, cases: Iterable[Case]) -> list[Quiz]:
    """The questions' rows, each with its ranking without a day, its twin, and with a model its choices."""
    written, removing, quizzes = _questions(), Removing(asker), []
    for case in cases:
        row = await asker.ask(case)
        twin, removed = None, 0
        if case.documents:
            answer, removed = await removing.twin(case)
            twin = replace(row, answerable=False, refused=answer.refused, confidence=answer.confidence)
        choices = {} if row.model == "extract" else await _chosen(asker, case, written[case.id])
        no_day = replace(row, ranked=asker.ranked(case.question, Filters()))
        quizzes.append(Quiz(row, no_day, twin, removed, choices))
    return quizzes


class Removing:
    """Asks a question as if some articles were not in the corpus."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self._words = cache(self._padded)

    async def twin(self, case: Case) -> tuple[Answer, int]:
        """The answer without a case's articles and without any that holds its answer, and how many those are."""
        gone = {self.asker.ids[name] for name in case.documents if name in self.asker.ids}
        gone |= self._bearing(self.asker.look(case.question, case.filters).passages, case)
        while True:
            rest = tuple(key for key in self.asker.ids.values() if key not in gone)
            answer, reading = await self.asker.answered(case.question, replace(case.filters, documents=rest))
            more = self._bearing(reading.found.passages, case) - gone
            if not more:
                return answer, len(gone)
            gone |= more

    def _bearing(self, passages: Sequence[Passage], case: Case) -> set[str]:
        """Ids of the articles of some passages in which an answer's words stand; so of those that share a passage."""
        documents = {document.id for passage in passages for document in (passage.document, *passage.also_in)}
        answers = [f" {' '.join(words(answer))} " for answer in case.answers]
        return {key for key in documents if any(answer in self._words(key) for answer in answers)}

    def _padded(self, document: str) -> str:
        version = self.asker.bot.corpus.article(document)
        return f" {' '.join(words(f'{version.title} {version.text}'))} "


async def _chosen(asker: Asker, case: Case, given: Any) -> dict[str, float]:
    """Whether the right choice was made, plainly and with "none of the above" among the choices."""
    scores = {}
    for name, kind in CHOICES.items():
        choices, right = given[f"{kind}choices"], given[f"{kind}answer_idx"]
        answer, _ = await asker.answered(f"{case.question} Choose one: {'; '.join(choices)}.", case.filters)
        said = " ".join(sentence.text for sentence in answer.sentences)
        scores[name] = float(choice(said, choices, refused=answer.refused) in right)
    return scores


def choice(said: str, choices: Sequence[str], *, refused: bool) -> int | None:
    """The choice that an answer makes: the one that it names, else the one whose words are most like it.

    None where it names several. A refusal is "none of the above" where that can be chosen, else no choice.
    """
    if refused:
        return choices.index(NONE) if NONE in choices else None
    named = [number for number, text in enumerate(choices) if contains(said, [text])]
    if named:
        return named[0] if len(named) == 1 else None
    best = max(range(len(choices)), key=lambda number: word_f1(said, [choices[number]]))
    return best if word_f1(said, [choices[best]]) else None


def figures(quizzes: Sequence[Quiz]) -> list[Figure]:
    """Ranking with and without the day, sentences that hold the answer, the clean twin, and a model's answers."""
    written, found, rows = _questions(), list[Figure](), [quiz.row for quiz in quizzes]
    for label, asked in (("", rows), (", no day", [quiz.no_day for quiz in quizzes])):
        for kind, measures in (("gold", ("Success@1", "Success@5", "RR", "nDCG@10")), ("strict", ("Success@5",))):
            of_kind = [replace(row, relevant=_documents(written[row.id], kind)) for row in asked]
            found += ranking(of_kind, measures, "article", label=f", {kind}{label}")
    found += holding({
        "first passage holds the answer": lambda row: "\n".join(row.passages[:1]),
        "first 5 passages hold the answer": lambda row: "\n".join(row.passages[:5]),
        **BEST,
    }, rows)  # fmt: skip
    both = [one for quiz in quizzes if quiz.twin for one in (quiz.row, quiz.twin)]
    found += [*refusals(both, label=", clean twin"), *answered(rows)]
    for name in CHOICES:
        right = {quiz.row.id: quiz.choices[name] for quiz in quizzes if name in quiz.choices}
        found += means("question", rows, {name: partial(of_row, right)})
    return found
