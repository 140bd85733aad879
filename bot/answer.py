"""The one way to answer: a question goes in, small events come out, the last of them the whole answer."""

from __future__ import annotations

import asyncio
import re
import string
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter
from typing import Protocol

from bot import extract, followup, outcome
from bot.cite import Citer
from bot.conversation import (
    Answer,
    Answered,
    Closest,
    Conversation,
    Delta,
    Event,
    Filters,
    Outcome,
    Quote,
    Retrieved,
    Searching,
    Timing,
)
from bot.settings import Settings
from store.passage import Coverage, Found, Query
from store.search import Search

NOTHING_SAID, UNFILTERED = Conversation(), Filters()
CLOSEST = 3  # passages offered under a refusal
FRESH = 14  # days for which a corpus counts as living, so that "now" is today
_NOW = re.compile(
    r"\b(?:now|today|tonight|currently|current|latest|recent|recently|newest|this (?:week|month|year))\b",
    re.I,
)


class Writer(Protocol):
    """Passages become lines of text; each line ends in the number of the passage it rests on."""

    name: str

    def write(self, question: str, found: Found, conversation: Conversation) -> AsyncIterator[str]: ...


class Bot:
    """A corpus's search and a writer, put together."""

    def __init__(
        self, search: Search, writer: Writer, settings: Settings, *, today: Callable[[], date] = date.today
    ) -> None:
        self.search = search
        self.writer = writer
        self.settings = settings
        self.today = today

    async def answer(
        self, question: str, conversation: Conversation = NOTHING_SAID, filters: Filters = UNFILTERED
    ) -> AsyncIterator[Event]:
        """Answers one question: Searching, Retrieved, any number of Delta, Answered.

        Raises the store's errors; a question that the corpus does not answer is an answer, not an error.
        """
        began = perf_counter()
        coverages = await asyncio.to_thread(self._coverages, filters)
        whole, inside = coverages[0], coverages[2]
        if filters.as_of is None and (day := as_of(whole, self.today())):
            filters = replace(filters, as_of=day, inferred=(*filters.inferred, "as_of"))
        query = self._query(question, conversation, filters)
        standalone = followup.standalone(question, conversation)
        yield Searching(question, standalone, inside, filters.as_of)
        said = outcome.outside(query, *coverages)
        found = Found() if said else await asyncio.to_thread(self._look, query)
        retrieved = perf_counter()
        yield Retrieved(found)
        sure = outcome.confidence(found.evidence) if found.passages else 0.0
        verdict: Outcome = "outside_coverage" if said else "not_in_corpus"
        if found.passages:
            verdict = outcome.judged(sure, self.settings)
        answer = Answer(
            question, standalone, verdict, coverage=inside, filters=filters, model=self.writer.name,
            confidence=sure, notices=(*left_out(coverages[1], inside), *found.evidence.missing),
        )  # fmt: skip
        first = 0.0
        if verdict == "answered":
            citer = Citer(found)
            async for sentence in citer.follow(self.writer.write(question, found, conversation)):
                first = first or perf_counter()
                yield Delta(sentence.text + "".join(f" [{number}]" for number in sentence.citations) + " ")
            answer = replace(
                answer,
                sentences=tuple(citer.sentences),
                citations=tuple(citer.citations),
                context=citer.context(),
            )
            verdict = "answered" if citer.citations else "unsure"  # nothing that was written stands in an article
        if verdict != "answered":
            notes = [f"{note}." for note in left_out(coverages[1], inside)]
            words = " ".join([said or outcome.refusal(verdict, inside), *notes])
            answer = replace(answer, outcome=verdict, closest=closest(found), words=words)
        ended = perf_counter()
        timing = Timing(1e3 * (retrieved - began), 1e3 * ((first or ended) - began), 1e3 * (ended - began))
        yield Answered(replace(answer, timing=timing))

    def _coverages(self, filters: Filters) -> tuple[Coverage, Coverage, Coverage]:
        """What the corpus holds, what passes all filters but the dates, and what passes all."""
        record = self.search.record
        query = _filtered(Query(""), filters)
        if not query.filtered:
            return (record.coverage(),) * 3
        return (
            record.coverage(),
            record.coverage(replace(query, since=None, until=None)),
            record.coverage(query),
        )

    def _query(self, question: str, conversation: Conversation, filters: Filters) -> Query:
        asked_for = filters.as_of is not None and "as_of" not in filters.inferred
        recent = asked_for or bool(_NOW.search(question))
        asked = Query(
            question,
            followup.history(question, conversation),
            as_of=filters.as_of,
            recent=recent,
            k=self.settings.k,
        )
        return _filtered(asked, filters)

    def look(self, question: str, conversation: Conversation, filters: Filters) -> Found:
        """The passages for a question with their sentences read, without an answer."""
        return self._look(self._query(question, conversation, filters))

    def _look(self, query: Query) -> Found:
        found = self.search.search(query)
        return extract.read(query.text, query.history, found, self.search.embedding)


def _filtered(query: Query, filters: Filters) -> Query:
    return replace(
        query, since=filters.since, until=filters.until, undated=filters.undated, outlets=filters.outlets,
        not_outlets=filters.not_outlets, documents=filters.documents,
    )  # fmt: skip


def left_out(without_dates: Coverage, inside: Coverage) -> tuple[str, ...]:
    """How many undated articles a date filter keeps out, in words; nothing where it keeps none out."""
    count = without_dates.undated - inside.undated
    if not count:
        return ()
    return (f"{count:,} undated article{'' if count == 1 else 's'} left out by the dates; --undated keeps them",)


def as_of(coverage: Coverage, today: date) -> str | None:
    """The day that stands for "now": today, or the last day of a corpus that ended long ago; None if all is undated."""
    if coverage.last is None:
        return None
    return coverage.last if date.fromisoformat(coverage.last) < today - timedelta(days=FRESH) else today.isoformat()


def closest(found: Found) -> tuple[Closest, ...]:
    """The best passages as a refusal offers them: lettered, each with its best sentence marked."""
    offered = []
    for letter, passage in zip(string.ascii_lowercase, found.passages[:CLOSEST], strict=False):
        document = passage.document
        quote = Quote(document.id, document.version, passage.start, passage.end, passage.text)
        best = next((row for row in found.sentences if row.passage.id == passage.id), None)
        marks = ((best.start, best.end),) if best else ()
        offered.append(Closest(letter, quote, document, marks))
    return tuple(offered)
