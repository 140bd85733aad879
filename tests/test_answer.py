"""Answering: one stream of events, the same for whoever asks, ending in the whole answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import pytest
from conftest import Library, reader

from bot.answer import CLOSEST, NOTHING_SAID, UNFILTERED, Bot, as_of, closest, left_out
from bot.conversation import Answer, Conversation, Turn
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.question.followup import FollowUp
from bot.reading import FakeReader, Reading
from bot.reading.check import ModelChecker
from bot.settings import Settings
from bot.writers.extract import Extract
from store.corpus import Corpus, FakeCorpus
from store.passage import Coverage, Document, Filters, Found

FOREMAN = "Who was the shift foreman?"
SURE = Settings(answer_at=0, refuse_below=0)
UNSURE = Settings(answer_at=1, refuse_below=0)
REFUSING = Settings(answer_at=1, refuse_below=1)


@dataclass
class Script:
    """A writer that says what it was given."""

    lines: tuple[str, ...]
    name: str = "script"
    verbatim: bool = True
    host: str | None = None
    usage: tuple[int, int] = (0, 0)

    async def standalone(self, asked: FollowUp, conversation: Conversation) -> str:
        return asked.question

    async def write(self, question: str, found: Found, conversation: Conversation) -> AsyncIterator[str]:
        for line in self.lines:
            yield line


def events(
    corpus: Library,
    question: str = FOREMAN,
    conversation: Conversation = NOTHING_SAID,
    filters: Filters = UNFILTERED,
    *,
    settings: Settings = SURE,
    script: tuple[str, ...] | None = None,
) -> list[Event]:
    writer = Extract(settings.sentences) if script is None else Script(script)

    async def follow() -> list[Event]:
        with corpus.searching() as search:
            bot = Bot(search, reader(), ModelChecker(), writer, settings, today=lambda: date(2026, 1, 2))
            return [event async for event in bot.answer(question, conversation, filters)]

    return asyncio.run(follow())


def last(happened: list[Event]) -> Answer:
    assert isinstance(happened[-1], Answered)
    return happened[-1].answer


@pytest.mark.parametrize(
    ("usage", "price", "dollars"),
    [((1_000, 200), (2.5, 10.0), 0.0045), ((1_000, 200), None, None), ((0, 0), (2.5, 10.0), None)],
    ids=["priced", "without a price", "not counted"],
)
def test_tokens_cost_what_the_settings_say(
    corpus: Library, usage: tuple[int, int], price: tuple[float, float] | None, dollars: float | None
) -> None:
    async def follow(search: Corpus) -> Answer:
        script = Script(("The boiler burst. [1]",), verbatim=False, usage=usage)
        bot = Bot(search, reader(), ModelChecker(), script, SURE, price=price)
        return last([event async for event in bot.answer(FOREMAN)])

    with corpus.searching() as search:
        answer = asyncio.run(follow(search))
    assert (answer.usage, answer.dollars) == (usage, dollars)


def test_events_come_in_order_and_the_deltas_are_the_answer(corpus: Library) -> None:
    happened = events(corpus)
    assert isinstance(happened[0], Searching) and isinstance(happened[1], Retrieved)
    deltas = [event.text for event in happened[2:-1] if isinstance(event, Delta)]
    answer = last(happened)
    assert len(deltas) == len(happened) - 3 == len(answer.sentences) > 0
    assert "".join(deltas).strip() == answer.text


def test_an_answer_quotes_the_stored_version(corpus: Library) -> None:
    answer = last(events(corpus))
    assert answer.outcome == "answered" and answer.model == "extract" and 0 <= answer.confidence <= 1
    assert "Luis Urzúa, the shift foreman, came up last." in answer.text
    with corpus.record() as record:
        for citation in answer.citations:
            quote = citation.quote
            assert record.document(quote.document, quote.version).text[quote.start : quote.end] == quote.text
            assert citation.document.text == ""
    assert answer.context is not None and answer.context.number in {c.number for c in answer.citations}
    assert 0 < answer.timing.retrieve <= answer.timing.first_token <= answer.timing.total


@pytest.mark.parametrize(("settings", "outcome"), [(UNSURE, "unsure"), (REFUSING, "not_in_corpus")])
def test_a_refusal_offers_lettered_passages_and_uses_none(corpus: Library, settings: Settings, outcome: str) -> None:
    happened = events(corpus, settings=settings)
    answer = last(happened)
    assert answer.outcome == outcome and answer.refused and len(happened) == 3
    assert answer.citations == answer.sentences == () and answer.text == answer.words != ""
    assert [offered.letter for offered in answer.closest] == ["a", "b", "c"][: len(answer.closest)]
    for offered in answer.closest:
        assert all(offered.quote.start <= low < high <= offered.quote.end for low, high in offered.marks)


def test_outside_coverage_asks_no_index(corpus: Library) -> None:
    happened = events(corpus, filters=Filters(outlets=("Nobody's Daily",)))
    assert last(happened).outcome == "outside_coverage"
    assert isinstance(happened[1], Retrieved) and happened[1].reading == Reading()


def test_nothing_to_answer_from_is_never_an_answer(corpus: Library) -> None:
    answer = last(events(corpus, filters=Filters(since="2030-01-01")))
    assert answer.outcome == "not_in_corpus" and answer.closest == ()
    assert answer.notices == ("1 undated article left out by the dates; --undated keeps them",)


@pytest.mark.parametrize("script", [(), ("It was somebody else. [1]\n",), ("No marker at all",)])
def test_a_writer_whose_words_stand_nowhere_is_unsure(corpus: Library, script: tuple[str, ...]) -> None:
    answer = last(events(corpus, script=script))
    assert answer.outcome == "unsure" and answer.citations == () and answer.closest
    assert len(answer.sentences) == len(script), "what was streamed stays"


def test_a_follow_up_is_asked_with_the_earlier_question(corpus: Library) -> None:
    said = Conversation((Turn(FOREMAN, last(events(corpus))),))
    happened = events(corpus, "And when?", said)
    assert isinstance(happened[0], Searching) and happened[0].standalone == "When was the shift foreman?"
    assert last(happened).question == "And when?" and last(happened).citations[0].document.source == "mine.md"


@pytest.mark.parametrize(
    ("last_day", "today", "day"),
    [
        (None, date(2026, 1, 2), None),
        ("2010-10-14", date(2026, 1, 2), "2010-10-14"),
        ("2025-12-25", date(2026, 1, 2), "2026-01-02"),
        ("2025-12-19", date(2026, 1, 2), "2026-01-02"),
        ("2025-12-18", date(2026, 1, 2), "2025-12-18"),
    ],
)
def test_the_day_that_counts_as_now(last_day: str | None, today: date, day: str | None) -> None:
    assert as_of(Coverage(3, 1, last_day, last_day), today) == day


def test_the_as_of_day_is_the_users_or_inferred_and_said_to_be(corpus: Library) -> None:
    assert last(events(corpus)).filters == Filters(as_of="2010-10-14", inferred=("as_of",))
    assert last(events(corpus, filters=Filters(as_of="2011-01-01"))).filters == Filters(as_of="2011-01-01")


def test_a_question_abandoned_on_the_way_leaves_nothing_behind(corpus: Library) -> None:
    async def leave() -> None:
        with corpus.searching() as search:
            events = Bot(search, reader(), ModelChecker(), Extract(), SURE).answer(FOREMAN)
            async for _ in events:
                break
            await events.aclose()  # type: ignore[attr-defined]
            assert [event async for event in events] == [] and asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(leave())


def test_small_words() -> None:
    assert left_out(Coverage(9, 2), Coverage(3, 2)) == ()
    assert left_out(Coverage(9, 2), Coverage(3)) == ("2 undated articles left out by the dates; --undated keeps them",)
    assert closest(Reading()) == () and CLOSEST == 3


def test_a_misspelt_question_is_looked_up_as_it_was_meant_and_says_so(corpus: Library) -> None:
    came = events(corpus, "Who was the shift forman?")
    assert isinstance(came[0], Searching) and isinstance(came[-1], Answered)
    assert (came[0].question, came[0].standalone) == ("Who was the shift forman?", FOREMAN)
    assert came[-1].answer.question == "Who was the shift forman?" and came[-1].answer.standalone == FOREMAN
    assert "Urzúa" in came[-1].answer.text


def test_a_bot_whose_corpus_and_reader_are_fakes_answers_and_refuses() -> None:
    mill = Document("a1", "news", "mill.txt", "Mill to reopen", published="2024-03-14",
                    text="Repairs to the wheel cost 48,000 pounds.\nThe mill at Hale will reopen in June.")  # fmt: skip

    async def answer(coverage: float = 1.0, filters: Filters = UNFILTERED) -> Answer:
        bot = Bot(FakeCorpus(mill), FakeReader(coverage), ModelChecker(), Extract(), Settings())
        *_, answered = [event async for event in bot.answer("How much did repairs to the wheel cost?", filters=filters)]
        assert isinstance(answered, Answered)
        return answered.answer

    quoted = asyncio.run(answer())
    assert quoted.outcome == "answered" and quoted.filters.as_of == "2024-03-14"
    assert quoted.text == "Repairs to the wheel cost 48,000 pounds. [1]"
    for citation in quoted.citations:
        assert mill.text[citation.quote.start : citation.quote.end] == citation.quote.text
    assert asyncio.run(answer(coverage=0.0)).outcome == "not_in_corpus"
    assert asyncio.run(answer(filters=Filters(since="2025-01-01"))).outcome == "outside_coverage"
