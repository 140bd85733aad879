"""The writer without a model: picks the sentences that answer, from one article, in reading order."""

from collections.abc import AsyncIterator

from bot.conversation import Conversation
from bot.reading import Candidate, Reading
from bot.reading.evidence import KEPT
from bot.writers import Writer


def chosen(reading: Reading, most: int) -> list[Candidate]:
    """Up to `most` sentences of the best sentence's article, in reading order; weak ones are left out."""
    rows = reading.sentences
    home = [row for row in rows if row.passage.document.id == rows[0].passage.document.id]
    same = [row for row in home if row.score >= KEPT * rows[0].score]
    return sorted(same[:most], key=lambda row: row.start)


class Extract(Writer):
    """A writer that only copies: one line a sentence, each marked with its passage's number.

    It leaves a question unchanged: without a model, earlier questions are weighed in instead.
    """

    name = "extract"
    verbatim = True

    def __init__(self, sentences: int = 3) -> None:
        self.sentences = sentences

    async def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]:
        """Lines of "sentence [n]"; n is the passage's place in `reading.found.passages`, from 1."""
        places = {passage.id: number for number, passage in enumerate(reading.found.passages, 1)}
        for row in chosen(reading, self.sentences):
            yield f"{' '.join(row.text.split())} [{places[row.passage.id]}]\n"
