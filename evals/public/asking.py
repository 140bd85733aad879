"""Questions of a public set asked of the product: one row each, with what the figures need.

Everything goes through `Bot.answer()` and `Bot.look()`: what is ranked, chosen and refused is what a user gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bot import build
from bot.answer import NOTHING_SAID, Bot
from bot.conversation import Answer
from bot.errors import EvalInvalid
from bot.reading import Reading
from bot.settings import Settings
from bot.writers.extract import chosen
from evals.case import Case, Suite
from evals.measure import Row
from evals.run import heard, ingest
from store.passage import Filters, Found

DEEP = 50  # passages that a ranking is read from; the most that the setting allows
SENTENCES = 3  # of an extracted answer, as the setting has it


@contextmanager
def opened(suite: Suite, settings: Settings) -> Iterator[Asker]:
    """A bot over a set's articles, their index kept from run to run. Raises EvalInvalid and the store's errors."""
    index = suite.folder / "index"
    if suite.corpus is None:
        raise EvalInvalid(f"{suite.name} is not there: {suite.missing}.")
    ingest(suite, suite.corpus, settings, index)
    bot = build.bot(settings, index, lambda notice: None)
    try:
        yield Asker(bot)
    finally:
        bot.corpus.close()


class Asker:
    """Asks cases of one bot; rankings come from the same bot with more passages."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._deep = Bot(bot.corpus, bot.reader, bot.checker, bot.writer, replace(bot.settings, k=DEEP))
        self.ids = {document.source: document.id for document in bot.corpus.documents()}

    async def ask(self, case: Case) -> Row:
        """One case's row: its answer, the documents ranked, and the sentences that an extract would choose.

        `chosen` and `best` are read from what was found, so they are there where the product refused too.
        """
        answer, reading = await self.answered(case.question, case.filters)
        most = chosen(reading, SENTENCES)
        return {
            "id": case.id,
            "cluster": case.cluster or (case.documents[0] if case.documents else case.id),
            "question": case.question,
            "expected": {
                "answerable": case.answerable,
                "answers": list(case.answers),
                "relevant": dict(case.relevant),
            },
            "ranked": self.ranked(case.question, answer.filters),
            "outcome": answer.outcome,
            "refused": answer.refused,
            "confidence": answer.confidence,
            "model": answer.model,
            "answer": " ".join(sentence.text for sentence in answer.sentences),
            "passages": [passage.text for passage in reading.found.passages],
            "chosen": [sentence.text for sentence in most],
            "chosen_from": most[0].passage.document.source if most else "",
            "best": reading.sentences[0].text if reading.sentences else "",
        }

    async def answered(self, question: str, filters: Filters) -> tuple[Answer, Reading]:
        """The answer to a question, asked as every suite's is, and what was found and read for it."""
        return await heard(self.bot, question, NOTHING_SAID, filters)

    def look(self, question: str, filters: Filters) -> Found:
        """The first DEEP passages for a question."""
        return self._deep.look(question, NOTHING_SAID, filters).found

    def ranked(self, question: str, filters: Filters) -> list[str]:
        """Documents in the order of their first passage."""
        found = self.look(question, filters)
        return list(dict.fromkeys(passage.document.source for passage in found.passages))


async def ask_all(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """A row a case, in order."""
    rows = []
    for number, case in enumerate(cases, 1):
        rows.append(await asker.ask(case))
        progress(number, len(cases))
    return rows
