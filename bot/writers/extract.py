"""The writer without a model: copies the sentences that answer, the best one first."""

import math
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.conversation import Conversation
from bot.reading import Candidate, Reading, Versions
from bot.writers import Writer

_PRONOUN = re.compile(r"(?:It|He|She|They|This|These|Those|That|His|Her|Its|Their)\b")
LIKELY = 0.08  # least probability that a further sentence holds the answer, by the softmax that orders them


def chosen(reading: Reading, most: int) -> list[Candidate]:
    """Up to `most` sentences: the best, the one that it leans on, and likely ones that answer otherwise.

    The best one leads, then come others of its article, each article's in reading order; where words that answer stand
    out in the best, they do in each further one, or it is twice as likely. Where articles give different values, their
    sentences come first, in the order of these. Behind a yes or no stands the sentence that says so. Where the reading
    tells which sentences answer together, those are the answer, however many.
    """
    if reading.told:
        return list(reading.told)
    versions = list(reading.versions.rows[:most])
    if versions:
        others = chosen(replace(reading, versions=Versions()), most)
        told = {(row.passage.id, row.start) for row in versions}
        return [*versions, *(row for row in others if (row.passage.id, row.start) not in told)][:most]
    lead = sorted([*reading.sentences[:1], *_leant_on(reading)][:most], key=lambda row: row.start)
    if reading.stand in ("yes", "no"):
        return lead
    picked = list(lead)
    odds = [math.exp(row.score - reading.sentences[0].score) for row in reading.sentences]
    least = LIKELY * sum(odds)
    for row, weight in zip(reading.sentences[1:], odds[1:], strict=True):
        if len(picked) == most or weight < least:
            break
        adds = row.answer or not reading.sentences[0].answer or weight >= 2 * least
        if adds and row not in picked and not any(_same(row, other) for other in picked):
            picked.append(row)
    articles = list(dict.fromkeys(row.passage.document.id for row in picked))
    return [*lead, *sorted(picked[len(lead) :], key=lambda row: (articles.index(row.passage.document.id), row.start))]


def _leant_on(reading: Reading) -> list[Candidate]:
    """The neighbour that the best sentence leans on: by a pronoun that begins it, or in a quotation cut in two."""
    if not reading.sentences:
        return []
    best, *rest = reading.sentences
    open_quotes = sum(map(best.text.count, "“«")) - sum(map(best.text.count, "”»"))
    near = [row for row in rest if _next_to(row, best)]
    if open_quotes < 0 or _PRONOUN.match(best.text):
        return [row for row in near if row.start < best.start]
    return [row for row in near if row.start > best.start] if open_quotes > 0 else []


def _next_to(row: Candidate, best: Candidate) -> bool:
    """Whether two sentences of a passage have nothing but space between them."""
    first, second = sorted((row, best), key=lambda one: one.start)
    start = best.passage.start
    return row.passage.id == best.passage.id and not best.passage.text[first.end - start : second.start - start].strip()


def _same(row: Candidate, other: Candidate) -> bool:
    """Whether the answering words of one sentence stand in those of another."""
    one, two = (row.answering.casefold(), other.answering.casefold())
    return bool(one and two) and (one in two or two in one)


class Extract(Writer):
    """A writer that only copies: one line a sentence, each marked with its passage's number."""

    name = "extract"
    verbatim = True

    def __init__(self, sentences: int = 3) -> None:
        self.sentences = sentences

    async def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]:
        """Lines of "sentence [n]"; n is the passage's place in `reading.found.passages`, from 1."""
        places = {passage.id: number for number, passage in enumerate(reading.found.passages, 1)}
        for row in chosen(reading, self.sentences):
            yield f"{' '.join(row.text.split())} [{places[row.passage.id]}]\n"
