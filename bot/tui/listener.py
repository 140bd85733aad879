"""The work behind the chat screen: it calls the engine, listens to answers and posts messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from textual.message import Message
from textual.worker import Worker

from bot.conversation import Answer, Citation, Conversation, Failure, Outcome, Place, Quote
from bot.errors import BotError
from bot.events import Answered, Delta, Event
from bot.tui import messages
from bot.tui.engine import Engine


@dataclass(slots=True)
class Asking:
    """The question in progress: one that is being answered, or that waits for the corpus to load."""

    key: int
    """The number of its turn, from 0."""
    question: str
    conversation: Conversation
    session: int | None
    since: float
    """The clock's time at which the step in `doing` began."""
    doing: str = "waits for the corpus"
    standalone: str = ""
    text: str = ""
    citations: tuple[Citation, ...] = ()
    saving: asyncio.Task[Place | None] | None = None
    worker: Worker[None] | None = None

    async def place(self) -> Place | None:
        """The place of its turn, once the question is saved; None if it could not be saved."""
        return await self.saving if self.saving is not None else None

    def ended(self, outcome: Outcome, model: str, failure: Failure | None = None) -> Answer:
        """The answer as far as it has come, without verdicts: it was stopped, or an error ended it."""
        return Answer(
            self.question, self.standalone or self.question, outcome,
            partial=self.text.strip(), citations=self.citations, failure=failure, model=model,
        )  # fmt: skip


class Listener:
    """Runs the engine's verbs as workers; every result and every error becomes a message for `post`."""

    def __init__(self, engine: Engine, post: Callable[[Message], object]) -> None:
        self.engine = engine
        self.post = post

    def notice(self, sentence: str) -> None:
        """Passes a sentence for the user on, from any thread."""
        self.post(messages.Notice(sentence))

    async def load(self) -> None:
        """Reads the saved conversation, loads the indexes and the model, then finds sample questions."""
        try:
            self.post(messages.CorpusOpened(await self.engine.open()))
            await self.engine.load(self.notice)
        except BotError as error:
            self.post(messages.LoadFailed(error))
            return
        self.post(messages.CorpusReady())
        try:
            self.post(messages.SamplesReady(await self.engine.samples()))
        except BotError as error:
            self.notice(error.message)

    async def answer(self, asking: Asking) -> None:
        """Saves the question, listens to the answer and saves it; an error is saved as an answer too."""
        asking.saving = asyncio.create_task(self._begin(asking))
        await asyncio.shield(asking.saving)  # the question is saved even if the user stops at once
        try:
            events = cast(AsyncGenerator[Event], self.engine.answer(asking.question, asking.conversation))
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Delta):
                        asking.text += event.text
                        asking.citations += event.citations
                        self.post(messages.TextGrew(asking.key))
                    elif isinstance(event, Answered):
                        await self._end(asking, event.answer)
                    else:
                        self.post(messages.Progressed(asking.key, event))
        except BotError as error:
            failure = Failure(error.message, error.next)
            await self._end(asking, asking.ended("error", self.engine.model, failure))

    async def _begin(self, asking: Asking) -> Place | None:
        """Saves a question; the place of its turn, or None if it could not be saved."""
        try:
            return await self.engine.begin(asking.question, asking.session)
        except BotError as error:
            self.post(messages.Notice(f"The question was not saved: {error.message}", apart=True))
            return None

    async def _end(self, asking: Asking, answer: Answer) -> None:
        """Saves an answer, then posts it."""
        place = await asking.place()
        await self.save(place, answer)
        self.post(messages.Progressed(asking.key, Answered(answer), place))

    async def save(self, place: Place | None, answer: Answer) -> None:
        """Saves an answer if its question was saved."""
        if place is not None:
            try:
                await self.engine.finish(place, answer)
            except BotError as error:
                self.post(messages.Notice(f"The answer was not saved: {error.message}", apart=True))

    async def fetch(self, quote: Quote, name: str) -> None:
        """Reads the article of a quote."""
        try:
            article = await self.engine.article(quote)
        except BotError as error:
            self.post(messages.Notice(f"{error.message} {error.next}", apart=True))
        else:
            self.post(messages.ArticleFetched(article, (quote.start, quote.end), name))
