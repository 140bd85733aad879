"""The one way to answer: a question goes in, small events come out, the last of them the whole answer."""

from __future__ import annotations

import asyncio
import re
import string
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

from bot import outcome
from bot import question as asking
from bot.cite import Citer
from bot.conversation import REFUSALS, Answer, Closest, Conversation, Outcome, Quote, Timing
from bot.errors import StreamCut
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.reading import Checker, Reader, Reading
from bot.settings import Settings
from bot.writers import Writer
from store.passage import Coverage, Filters, Query
from store.search import Search

NOTHING_SAID, UNFILTERED = Conversation(), Filters()
CLOSEST = 3  # passages offered under a refusal
FRESH = 14  # days for which a corpus counts as living, so that "now" is today
_NOW = re.compile(
    r"\b(?:now|today|tonight|currently|current|latest|recent|recently|newest|this (?:week|month|year))\b",
    re.I,
)


class Bot:
    """A corpus's search and a writer, put together."""

    def __init__(
        self,
        search: Search,
        reader: Reader,
        checker: Checker,
        writer: Writer,
        settings: Settings,
        *,
        strict: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        """With `strict`, unsupported sentences of a model are dropped, and each is held back until it is judged."""
        self.search = search
        self.reader = reader
        self.checker = checker
        self.writer = writer
        self.settings = settings
        self.strict = strict
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
        rewritten = await self.writer.standalone(question, conversation) if conversation.turns else question
        asked = await asyncio.to_thread(self.search.spelled, rewritten)
        earlier = conversation if rewritten == question else NOTHING_SAID
        query = self._query(asked, earlier, filters)
        standalone = asking.standalone(asked, earlier)
        yield Searching(question, standalone, inside, filters.as_of)
        said = outcome.outside(filters, *coverages)
        reading = Reading() if said else await asyncio.to_thread(self._look, query)
        retrieved = perf_counter()
        yield Retrieved(reading)
        answer = Answer(
            question, standalone, "not_in_corpus", coverage=inside, filters=filters, model=self.writer.name,
            confidence=outcome.confidence(reading),
            notices=(*left_out(coverages[1], inside), *weighed(query), *reading.found.missing),
        )  # fmt: skip
        first = 0.0
        verdict: Outcome = "outside_coverage" if said else "not_in_corpus"
        if reading.found.passages:
            verdict = outcome.judged(answer.confidence, self.settings) if self.writer.verbatim else "answered"
        if verdict == "answered":
            citer = Citer(reading, self.checker, strict=self.strict)
            cut, told = False, 0
            try:
                async for text in self._written(citer, question, conversation):
                    first = first or perf_counter()
                    yield Delta(text, tuple(citer.citations[told:]))
                    told = len(citer.citations)
            except StreamCut:
                cut = True
            answer = replace(
                answer, sentences=tuple(citer.sentences), citations=tuple(citer.citations), context=citer.context(),
                usage=self.writer.usage,
            )  # fmt: skip
            verdict = "cut" if cut else outcome.of_sentences(answer.sentences)
        if verdict in REFUSALS:
            notes = [f"{note}." for note in left_out(coverages[1], inside)]
            words = " ".join([said or outcome.refusal(verdict, inside), *notes])
            answer = replace(answer, closest=closest(reading), words=words)
        ended = perf_counter()
        timing = Timing(1e3 * (retrieved - began), 1e3 * ((first or ended) - began), 1e3 * (ended - began))
        yield Answered(replace(answer, outcome=verdict, timing=timing))

    def _written(self, citer: Citer, question: str, conversation: Conversation) -> AsyncIterator[str]:
        """The writer's text with footnote numbers in place of its markers."""
        written = self.writer.write(question, citer.reading, conversation)
        return citer.lines(written) if self.writer.verbatim else citer.prose(written)

    def _coverages(self, filters: Filters) -> tuple[Coverage, Coverage, Coverage]:
        """What the corpus holds, what passes all filters but the dates, and what passes all."""
        record = self.search.record
        if not filters.hides:
            return (record.coverage(),) * 3
        return record.coverage(), record.coverage(replace(filters, since=None, until=None)), record.coverage(filters)

    def _query(self, question: str, earlier: Conversation, filters: Filters) -> Query:
        """What the store is asked; `earlier` is weighed in where the question leans on it."""
        asked_for = filters.as_of is not None and "as_of" not in filters.inferred
        recent = asked_for or bool(_NOW.search(question))
        around = asking.named(question, filters.as_of)
        return Query(question, asking.history(question, earlier), filters, recent, around, self.settings.k)

    def look(self, question: str, conversation: Conversation, filters: Filters) -> Reading:
        """What is found and read for a question, without an answer."""
        return self._look(self._query(question, conversation, filters))

    def _look(self, query: Query) -> Reading:
        return self.reader.read(query, self.search.search(query))


def left_out(without_dates: Coverage, inside: Coverage) -> tuple[str, ...]:
    """How many undated articles a date filter keeps out, in words; nothing where it keeps none out."""
    count = without_dates.undated - inside.undated
    if not count:
        return ()
    return (f"{count:,} undated article{'' if count == 1 else 's'} left out by the dates; --undated keeps them",)


def weighed(query: Query) -> tuple[str, ...]:
    """That articles of the time that a question names were looked at first, in words; nothing where it names none."""
    if not query.around:
        return ()
    time = " and of ".join(first if first == last else f"{first} to {last}" for first, last in query.around)
    return (f"articles of {time} weigh more, as the question names that time",)


def as_of(coverage: Coverage, today: date) -> str | None:
    """The day that stands for "now": today, or the last day of a corpus that ended long ago; None if all is undated."""
    if coverage.last is None:
        return None
    return coverage.last if date.fromisoformat(coverage.last) < today - timedelta(days=FRESH) else today.isoformat()


def closest(reading: Reading) -> tuple[Closest, ...]:
    """The best passages as a refusal offers them: lettered, each with its best sentence marked."""
    offered = []
    for letter, passage in zip(string.ascii_lowercase, reading.found.passages[:CLOSEST], strict=False):
        document = passage.document
        quote = Quote(document.id, document.version, passage.start, passage.end, passage.text)
        best = next((row for row in reading.sentences if row.passage.id == passage.id), None)
        marks = ((best.start, best.end),) if best else ()
        offered.append(Closest(letter, quote, document, marks))
    return tuple(offered)
