"""The one way to answer: a question goes in, small events come out, the last of them the whole answer."""

from __future__ import annotations

import asyncio
import string
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date, timedelta
from operator import mul
from time import perf_counter
from typing import TYPE_CHECKING

from bot import outcome
from bot import question as asking
from bot.cite import Citer
from bot.conversation import REFUSALS, Answer, Closest, Conversation, Moment, Outcome, Quote, Timing, shown
from bot.errors import StreamCut
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.question import followup, listing
from bot.question.followup import FollowUp
from bot.reading import Checker, Reader, Reading, definition, yesno
from bot.reading.alignment import WIDE, aligned, changing, later
from bot.settings import Settings
from bot.timeline import course as courses
from bot.timeline import events
from bot.writers import Writer
from store.passage import Coverage, Filters, Found, Query

if TYPE_CHECKING:
    from store.corpus import Corpus

NOTHING_SAID, UNFILTERED = Conversation(), Filters()
CLOSEST = 3  # passages offered under a refusal
FRESH = 14  # days for which a corpus counts as living, so that "now" is today


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it was understood, and the coverage: whole, under all filters but the dates, under all of them."""

    followed: FollowUp
    standalone: str
    query: Query
    whole: Coverage
    without_dates: Coverage
    inside: Coverage


@dataclass(eq=False)
class Bot:
    """A corpus, a reader, a checker and a writer, put together."""

    corpus: Corpus
    reader: Reader
    checker: Checker
    writer: Writer
    settings: Settings
    _: KW_ONLY
    strict: bool = False
    """Whether unsupported sentences of a model are dropped, and each is held back until it is judged."""
    price: tuple[float, float] | None = None
    """Dollars for a million tokens that the writer reads and that it writes, where they are known."""
    today: Callable[[], date] = date.today

    async def answer(
        self, question: str, conversation: Conversation = NOTHING_SAID, filters: Filters = UNFILTERED
    ) -> AsyncGenerator[Event]:
        """Answers one question: Searching, Retrieved, any number of Delta, Answered.

        A question that only asks for the sources gets the last answer once more, and nothing is looked up.

        Raises the store's errors; a question that the corpus does not answer is an answer, not an error.
        """
        began = perf_counter()
        if (told := followup.again(question, conversation)) is not None:
            for event in _again(told):
                yield event
            return
        asked = await self._understood(question, conversation, filters)
        yield Searching(question, asked.standalone, asked.inside, asked.query.filters.as_of)
        coverages = asked.whole, asked.without_dates, asked.inside
        outside = outcome.outside(asked.query.filters, *coverages, greets=asked.followed.greets)
        reading = Reading() if outside else await asyncio.to_thread(self._read, asked, conversation)
        retrieved = perf_counter()
        yield Retrieved(reading)
        verdict = self._decided(reading, outside)
        citer = Citer(reading, self.checker, strict=self.strict)
        first = 0.0
        if verdict == "answered":
            try:
                async for delta in self._written(citer, question, conversation):
                    first = first or perf_counter()
                    yield delta
                if not self.writer.verbatim:
                    quotes = [citation.quote for citation in citer.citations]
                    citer.reading = await asyncio.to_thread(outcome.given, asked.query, quotes, reading, self.reader)
                verdict = outcome.of_sentences(
                    citer.sentences,
                    conflicting=citer.reading.versions.conflicting and bool(valued(citer)),
                    partly=bool(reading.closing),
                )
            except StreamCut:
                verdict = "cut"
        ended = perf_counter()
        timing = Timing(1e3 * (retrieved - began), 1e3 * ((first or ended) - began), 1e3 * (ended - began))
        yield Answered(self._concluded(asked, citer, verdict, outside, timing))

    async def _understood(self, question: str, conversation: Conversation, filters: Filters) -> _Asked:
        """The question as it is looked up, with what the corpus holds under its filters."""
        whole, without_dates, inside = await asyncio.to_thread(self._coverages, filters)
        if filters.as_of is None and (day := as_of(whole, self.today())):
            filters = replace(filters, as_of=day, inferred=(*filters.inferred, "as_of"))
        followed = followup.put(question, conversation)
        rewritten = await self.writer.standalone(followed, conversation)
        standalone = await asyncio.to_thread(self.corpus.spelled, rewritten)
        living = filters.as_of == self.today().isoformat()
        wanted, leading = asking.parted(standalone)
        query = asking.query(wanted, filters, self.settings.k, (*followed.earlier, *leading), living=living)
        return _Asked(followed, standalone, query, whole, without_dates, inside)

    def _decided(self, reading: Reading, outside: str) -> Outcome:
        """The outcome before a word is written; a model is judged by what it writes."""
        if outside:
            return "outside_coverage"
        if not reading.found.passages:
            return "not_in_corpus"
        return outcome.judged(outcome.confidence(reading), self.settings) if self.writer.verbatim else "answered"

    async def _written(self, citer: Citer, question: str, conversation: Conversation) -> AsyncIterator[Delta]:
        """The writer's text with footnote numbers in place of its markers, each piece with its new footnotes."""
        text = self.writer.write(question, citer.reading, conversation)
        count = 0
        if lead := citer.lead():
            yield Delta(f"{shown(lead)} ", tuple(citer.citations))
            count = len(citer.citations)
        async for piece in citer.lines(text) if self.writer.verbatim else citer.prose(text):
            new = tuple(citer.citations[count:])
            yield Delta(piece, new) if isinstance(piece, str) else Delta(f"{shown(piece)} ", new, piece.answer)
            count = len(citer.citations)
        if ending := citer.ending():
            yield Delta(f"{shown(ending)} ", ())

    def _concluded(self, asked: _Asked, citer: Citer, verdict: Outcome, outside: str, timing: Timing) -> Answer:
        """The whole answer; a refusal offers the closest passages."""
        reading, refused = citer.reading, verdict in REFUSALS
        undated = left_out(asked.without_dates, asked.inside)
        quotes = [one.quote for one in citer.citations]
        unsaid = () if self.writer.verbatim else outcome.unsaid(reading.versions, quotes)
        usage = self.writer.usage if reading.found.passages else (0, 0)
        words = [outside or outcome.refusal(verdict, asked.inside, reading.unknown), *(f"{note}." for note in undated)]
        return Answer(
            asked.followed.question, asked.standalone, verdict,
            sentences=tuple(citer.sentences), citations=tuple(citer.citations), context=citer.context(),
            closest=closest(reading) if refused else (), values=valued(citer), course=dated(citer),
            words=" ".join(words) if refused else "",
            coverage=asked.inside, filters=asked.query.filters, around=asked.query.around, model=self.writer.name,
            confidence=outcome.confidence(reading), usage=usage, dollars=costing(usage, self.price),
            notices=(*undated, *weighed(asked.query), *reading.found.missing, *unsaid), timing=timing,
        )  # fmt: skip

    def _coverages(self, filters: Filters) -> tuple[Coverage, Coverage, Coverage]:
        """What the corpus holds, what passes all filters but the dates, and what passes all."""
        coverage = self.corpus.coverage
        if not filters.hides:
            return (coverage(),) * 3
        return coverage(), coverage(replace(filters, since=None, until=None)), coverage(filters)

    def _read(self, asked: _Asked, conversation: Conversation) -> Reading:
        query, verbatim = asked.query, self.writer.verbatim  # a model's standalone question is read as it is
        if (course := courses.asked(asked.standalone)) and (
            told := events.course(course, query, self.corpus, self.reader)
        ):
            return told
        read = asked.followed.read(query) if verbatim else query
        widely = changing(read.text) or definition.subject(read.text)
        wide = self.corpus.search(replace(query, k=max(query.k, WIDE)) if widely else query)
        found = definition.foremost(read, wide)
        reading = followup.marked(self.reader.read(read, found), conversation)
        newer = later(reading, wide)
        more = self.reader.read_sentences(read, newer) if newer.passages else None
        reading = aligned(read, reading, more)
        if not verbatim:
            return reading
        if not reading.versions.conflicting:
            reading = listing.several(query, reading, self._looked, self._sure)
        return yesno.weighed(query.text, reading, self.checker)

    def _looked(self, query: Query, kept: Callable[[Found], Found]) -> Reading:
        """A reading of what is kept of a search."""
        return self.reader.read(query, kept(self.corpus.search(query)))

    def _sure(self, reading: Reading) -> float:
        """How sure a reading is, in terms of the confidence from which it is an answer by itself."""
        return outcome.confidence(reading) / (self.settings.answer_at or 1e-9)


def _again(answer: Answer) -> Iterator[Event]:
    """The events of an answer that is shown once more, from nothing but itself."""
    yield Searching(answer.question, answer.standalone, answer.coverage, answer.filters.as_of)
    yield Retrieved(Reading())
    footnotes = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        new = tuple(footnotes.pop(number) for number in sentence.citations if number in footnotes)
        yield Delta(f"{shown(sentence)} ", new, sentence.answer)
    yield Answered(answer)


def costing(usage: tuple[int, int], price: tuple[float, float] | None) -> float | None:
    """What tokens cost in dollars; None without a price, and where the model's server counted none."""
    return sum(map(mul, usage, price)) / 1e6 if price and any(usage) else None


def left_out(without_dates: Coverage, inside: Coverage) -> tuple[str, ...]:
    """A notice of how many undated articles a date filter keeps out; none where it keeps none out."""
    count = without_dates.undated - inside.undated
    notice = f"{count:,} undated article{'' if count == 1 else 's'} left out by the dates; --undated keeps them"
    return (notice,) if count else ()


def weighed(query: Query) -> tuple[str, ...]:
    """A notice that articles of the time which a question names were ranked higher; none where it names no time."""
    time = " and of ".join(first if first == last else f"{first} to {last}" for first, last in query.around)
    return (f"articles of {time} weigh more, as the question names that time",) if time else ()


def as_of(coverage: Coverage, today: date) -> str | None:
    """The day that stands for "now": today, or the last day of a corpus that ended long ago; None if all is undated."""
    if coverage.last is None:
        return None
    return coverage.last if date.fromisoformat(coverage.last) < today - timedelta(days=FRESH) else today.isoformat()


def valued(citer: Citer) -> tuple[int, ...]:
    """The footnotes of the sentences that give different values, as they are told; none where fewer than two are."""
    numbers = [
        citation.number
        for row in citer.reading.versions.rows
        for citation in citer.citations
        if (citation.quote.document, citation.quote.start) == (row.passage.document.id, row.start)
    ]
    return tuple(numbers) if len(numbers) > 1 else ()


def dated(citer: Citer) -> tuple[Moment, ...]:
    """When what each footnote says took place, where the reading is a course of events."""
    reading = citer.reading
    events = list(zip(reading.told, reading.moments, strict=False))
    moments = []
    for one in citer.citations if events else ():
        quote, day = one.quote, one.document.published
        same = (
            moment
            for row, moment in events
            if row.passage.document.id == quote.document and row.start < quote.end and quote.start < row.end
        )
        moments.append(replace(next(same, Moment(first=day, last=day)), number=one.number))
    return tuple(moments) if reading.moments else ()


def closest(reading: Reading) -> tuple[Closest, ...]:
    """The best passages as a refusal offers them: lettered, each with its best sentence marked."""
    offered = []
    for letter, passage in zip(string.ascii_lowercase, reading.found.passages[:CLOSEST], strict=False):
        document = passage.document
        span = (passage.start, passage.end)
        quote = Quote(document.id, document.version, *span, passage.text, page=passage.page(passage.start))
        marks = [(row.start, row.end) for row in reading.sentences if row.passage.id == passage.id]
        offered.append(Closest(letter, quote, document, tuple(marks[:1])))
    return tuple(offered)
