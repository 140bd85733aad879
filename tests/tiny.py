"""A suite of two briefs and three cases, and bots over it that go wrong in known ways."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from bot import build
from bot.answer import Bot
from bot.conversation import Conversation
from bot.events import Answered, Event
from bot.reading import Reading
from bot.settings import Settings
from bot.writers import FakeWriter
from evals.suite import Suite, read
from store.passage import Filters

MILL = """---
title: Mill to reopen
outlet: Sample Wire
---
The mill at Hale will reopen on June 1, the trust said. Repairs to the wheel cost 48,000 pounds.
"""
PIER = "Pier closed\n\nThe pier at Hale was closed on Monday after a storm tore away 30 planks.\n"
SUITE = 'name = "tiny"\nabout = "Two briefs."\ncorpus = "corpus"\n[floors]\npassed = 0.6\n'
CASES = """
[[case]]
id = "mill-cost"
question = "How much did the repairs to the mill's wheel cost?"
outcome = "answered"
facts = [["48,000 pounds"]]
documents = ["mill.md"]
tags = ["number"]

[[case]]
id = "pier-planks"
question = "How many planks did the storm tear from the pier?"
outcome = "answered"
facts = [["30 planks"]]
documents = ["pier.txt"]

[[case]]
id = "elsewhere"
question = "How much did the repairs cost?"
outcome = "refused"
outlet = "Another Paper"
"""
ALWAYS = Settings(answer_at=0.0, refuse_below=0.0)  # answers whatever the confidence
NEVER = Settings(answer_at=1.0)
ALONE, UNFILTERED = Conversation(), Filters()


def write(folder: Path, *, cases: str = CASES, suite: str = SUITE) -> Suite:
    """The suite in a folder, as it is read from there."""
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    (folder / "corpus" / "mill.md").write_text(MILL)
    (folder / "corpus" / "pier.txt").write_text(PIER)
    (folder / "suite.toml").write_text(suite)
    (folder / "cases.toml").write_text(cases)
    return read(folder)


class Stumbling(FakeWriter):
    """A writer that falls over."""

    def __init__(self) -> None:
        super().__init__([], verbatim=True)

    async def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncIterator[str]:
        if not question.startswith("?"):
            raise RuntimeError("fell over")
        yield question


class Forger(Bot):
    """A bot that shifts every quote by one character."""

    async def answer(
        self, question: str, conversation: Conversation = ALONE, filters: Filters = UNFILTERED
    ) -> AsyncIterator[Event]:
        async for event in super().answer(question, conversation, filters):
            if isinstance(event, Answered):
                answer = event.answer
                forged = [replace(c, quote=replace(c.quote, start=c.quote.start + 1)) for c in answer.citations]
                event = Answered(replace(answer, citations=tuple(forged)))
            yield event


def stumbling(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
    made = build.bot(settings, where, notice)
    made.writer = Stumbling()
    return made


def forging(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
    made = build.bot(settings, where, notice)
    return Forger(made.corpus, made.reader, made.checker, made.writer, settings)
