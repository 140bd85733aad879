"""Questions of a public set asked of the product: one row each, with what the figures need.

Everything goes through `Bot.answer()` and the search that it makes: what is ranked, chosen and refused is what users
get.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.answer import NOTHING_SAID, Bot
from bot.conversation import Answer
from bot.question import query
from bot.reading import Reading
from bot.writers.extract import chosen
from evals import ask
from evals.case import Case
from store.passage import Filters, Found

DEEP = 50  # passages that a ranking is read from; the most that the setting allows
SENTENCES = 3  # sentences of an extracted answer, as the setting has it


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a public set as it was asked."""

    id: str
    cluster: str
    answerable: bool
    refused: bool
    confidence: float
    model: str = ""
    outcome: str = ""
    answers: tuple[str, ...] = ()  # gold answer strings
    absent: tuple[tuple[str, ...], ...] = ()  # what must not be said, in any of its spellings
    relevant: Mapping[str, int] = field(default_factory=dict)  # the relevant documents with their grades
    ranked: tuple[str, ...] = ()  # the documents, best first
    answer: str = ""
    passages: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()  # the sentences that an extract would choose, also where the product refused
    best: str = ""  # the first of all sentences by their score


class Asker:
    """Asks cases of one bot; rankings come from the same bot with more passages."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.ids = ask.document_ids(bot)

    async def ask(self, case: Case) -> Row:
        """One case's row."""
        answer, reading = await self.answered(case.question, case.filters)
        return Row(
            case.id, case.drawn_with, case.answerable, answer.refused, answer.confidence, answer.model, answer.outcome,
            case.answers, case.absent, case.relevant, self.ranked(case.question, answer.filters),
            answer=" ".join(sentence.text for sentence in answer.sentences),
            passages=tuple(passage.text for passage in reading.found.passages),
            chosen=tuple(sentence.text for sentence in chosen(reading, SENTENCES)),
            best=reading.sentences[0].text if reading.sentences else "",
        )  # fmt: skip

    async def answered(self, question: str, filters: Filters) -> tuple[Answer, Reading]:
        """The answer to a question, asked as every suite's is, and what was found and read for it.

        Documents of the filters may be named by their paths.
        """
        filters = replace(filters, documents=tuple(self.ids.get(name, name) for name in filters.documents))
        return await ask.heard(self.bot.answer(question, NOTHING_SAID, filters), self.bot)

    def look(self, question: str, filters: Filters) -> Found:
        """The first DEEP passages for a question."""
        return self.bot.corpus.search(query(question, filters, DEEP))

    def ranked(self, question: str, filters: Filters) -> tuple[str, ...]:
        """Documents in the order of their first passage."""
        passages = self.look(question, filters).passages
        return tuple(dict.fromkeys(passage.document.source for passage in passages))


async def ask_all(asker: Asker, cases: Iterable[Case]) -> list[Row]:
    """A row a case, in order."""
    return [await asker.ask(case) for case in cases]
