"""`ask`: a question goes to the bot, its events go to the terminal and to the saved conversations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal, cast

from bot.answer import Bot
from bot.conversation import Answer, Conversation, Place
from bot.errors import BotError
from bot.events import Answered, Delta, Event, Searching
from bot.outcome import described
from bot.sessions import Sessions
from bot.show import plain
from bot.show.terminal import Terminal, refused, sources
from store.errors import FootnoteError
from store.passage import Filters

Form = Literal["text", "json", "jsonl"]


class Saving:
    """Saves a turn; a failure to save is told and does not cost the answer."""

    def __init__(self, sessions: Sessions, corpus: str, terminal: Terminal, *, on: bool) -> None:
        self._sessions, self._corpus, self._terminal = sessions, corpus, terminal
        self._on = on
        self.place: Place | None = None

    def asked(self, question: str, session: int | None) -> None:
        if not self._on:
            return
        try:
            self.place = self._sessions.begin(self._corpus, question, session)
        except FootnoteError as error:
            self._terminal.fail(f"The question was not saved: {error.message}", error.next)

    def answered(self, answer: Answer) -> None:
        if self.place is None:
            return
        try:
            self._sessions.finish(self.place, answer)
        except FootnoteError as error:
            self._terminal.fail(f"The answer was not saved: {error.message}", error.next)

    @property
    def names(self) -> tuple[str | None, int | None]:
        """The session's name and the turn's number, as JSON has them."""
        return (f"s{self.place.session}", self.place.turn) if self.place else (None, None)


def ask(
    bot: Bot,
    question: str,
    filters: Filters,
    terminal: Terminal,
    saving: Saving,
    *,
    conversation: Conversation,
    session: int | None,
    form: Form,
    stream: bool,
) -> Answer:
    """Asks, prints as it comes, saves, and returns the answer."""
    saving.asked(question, session)

    async def follow() -> Answer:
        events = cast(AsyncGenerator[Event], bot.answer(question, conversation, filters))
        async with aclosing(events):
            async for event in events:
                _print(event, terminal, saving, form=form, stream=stream)
                if isinstance(event, Answered):
                    return event.answer
        raise AssertionError("the last event is Answered")

    try:
        return asyncio.run(follow())
    except (BotError, KeyboardInterrupt, asyncio.CancelledError):
        terminal.end_flow()  # what was printed stays, on a line of its own
        raise


def _print(event: Event, terminal: Terminal, saving: Saving, *, form: Form, stream: bool) -> None:
    """One event on the terminal, in the form asked for. An answer is saved before its end is printed."""
    if isinstance(event, Answered):
        saving.answered(event.answer)
    if form == "jsonl":
        terminal.json(plain.event(event, saving.names))
    elif form == "json":
        if isinstance(event, Answered):
            terminal.json(plain.ask(event.answer, saving.names))
    elif isinstance(event, Searching):
        place = f" {saving.place}" if saving.place else ""
        day = f", as of {event.as_of}" if event.as_of else ""
        terminal.note(f"searching {described(event.coverage)}{day} …{place}")
        if event.standalone != event.question:
            terminal.note(f"looked up as: {event.standalone}")
    elif isinstance(event, Delta) and stream:
        terminal.flow(event.text)
    elif isinstance(event, Answered):
        _print_answer(event.answer, terminal, stream=stream)


def _print_answer(answer: Answer, terminal: Terminal, *, stream: bool) -> None:
    if answer.sentences and not stream:
        terminal.flow(answer.text)
    terminal.end_flow()
    for notice in answer.notices:
        terminal.note(notice)
    if answer.outcome == "unsure":
        terminal.note("The articles may not say.")
    if answer.refused:
        refused(terminal, answer)
        return
    sources(terminal, answer)
    if answer.outcome == "cut":
        terminal.fail("The model stopped early.", "Ask again, or choose another model with -m.")
