"""The writer without a model: copies the sentences that answer, those of one article in reading order."""

from collections.abc import AsyncIterator

from bot.conversation import Conversation
from bot.reading import Candidate, Reading
from bot.writers import Writer

BEHIND = 2.0  # log-odds by which a further sentence may lie behind the best one


def chosen(reading: Reading, most: int) -> list[Candidate]:
    """Up to `most` sentences: the best, and further ones little behind it whose answering words are others.

    Those of the best one's article come first, each article's in reading order.
    """
    picked: list[Candidate] = []
    for row in reading.sentences:
        if len(picked) == most or row.score < reading.sentences[0].score - BEHIND:
            break
        if not any(_same(row, other) for other in picked):
            picked.append(row)
    articles = list(dict.fromkeys(row.passage.document.id for row in picked))
    return sorted(picked, key=lambda row: (articles.index(row.passage.document.id), row.start))


def _same(row: Candidate, other: Candidate) -> bool:
    """Whether the answering words of one sentence stand in those of another."""
    one, two = (row.answering.casefold(), other.answering.casefold())
    return bool(one and two) and (one in two or two in one)


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
