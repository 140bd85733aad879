"""`ask`: a question goes to the bot, its events go to the terminal and to the saved conversations."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from typing import Any

from typer import Exit

from bot import build
from bot import sessions as saved
from bot.answer import Bot
from bot.commands.options import Given
from bot.conversation import Answer, Place, leant_on, shown
from bot.credentials import Keys
from bot.errors import BotError, ExitCode, UsageError
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.outcome import described
from bot.question import followup
from bot.settings import Settings
from bot.show import plain
from bot.show.page import limits
from bot.show.terminal import Terminal, course, refused, since, sources
from store.errors import FootnoteError

Shape = Callable[[Answer, Place | None], dict[str, Any]]
"""The JSON of an answer with the place where it is saved."""
Into = Callable[[Answer], bool]
"""Writes an answer elsewhere; whether nothing is to be printed then."""


def ask(
    given: Given, question: str, *, stream: bool, save: bool, abstain_ok: bool, into: Into = lambda answer: False
) -> None:
    """Asks, prints as it comes, and saves. Raises Exit with the code of an answer that was cut short or refused."""
    filters, sessions, corpus, terminal = given.filters, given.sessions, given.settings.corpus, given.terminal
    earlier = sessions.chosen(given.session, corpus, last=given.go_on)
    bot = _bot(given, given.settings)
    conversation = leant_on(sessions.turns(earlier) if earlier else ())
    filters = followup.carried(given_filters := bot.corpus.resolved(filters), conversation)
    if filters != given_filters:
        terminal.note(f"as in the conversation: {limits(filters)}")
    place = _begun(given, question, earlier) if save else None
    events = bot.answer(question, conversation, filters)
    _follow(events, given, place, plain.ask, stream=stream, abstain_ok=abstain_ok, into=into)


def again(given: Given, name: str, *, stream: bool, save: bool, abstain_ok: bool) -> None:
    """Asks a saved question again, tells what changed since its answer, and saves both in the same conversation.

    Raises UsageError, NotThere for a turn that cannot be asked again, and Exit as `ask` does.
    """
    from bot.commands.again import again as asked_again
    from bot.commands.again import as_json, difference

    if given.jsonl:
        raise UsageError("--again is told when the answer is whole.", "Write --json in place of --jsonl.")
    if given.session or given.go_on:
        raise UsageError("--again goes on in the session of its turn.", "Leave out --session and --continue.")
    sessions, old = given.sessions, saved.place(name)
    sessions.check(old.session, given.settings.corpus)
    (turns, asked), before = sessions.history(old), sessions.answer(old)
    bot = _bot(given, replace(given.settings, model=given.model or before.model))
    place = _begun(given, turns[-1][0], old.session) if save else None
    events = asked_again(bot, turns, old, asked, bot.corpus.resolved(given.filters))

    def shape(answer: Answer, new: Place | None) -> dict[str, Any]:
        return as_json(difference(before, answer, bot.corpus), old, asked, plain.ask(answer, new))

    _follow(events, given, place, shape, stream=stream, abstain_ok=abstain_ok)


def _bot(given: Given, settings: Settings) -> Bot:
    key = Keys(given.paths.keys_file).get
    with given.terminal.bars() as report:
        return build.bot(settings, given.folder, given.terminal.note, key=key, strict=given.strict, report=report)


def _begun(given: Given, question: str, session: int | None) -> Place | None:
    """Saves a question; None where that failed, which is told."""
    place = None
    with _telling(given.terminal, "question"):
        before = None
        if session is not None and not given.sessions.hold(session):
            before = given.sessions.named(session).turns + 1
            given.terminal.note(f"s{session} is open in a chat: this goes on in a copy of it")
        place = given.sessions.begin(given.settings.corpus, question, session, before)
    return place


def _follow(
    events: AsyncGenerator[Event], given: Given, place: Place | None, shape: Shape,
    *, stream: bool, abstain_ok: bool, into: Into = lambda answer: False,
) -> None:  # fmt: skip
    """Prints events as they come, and saves the answer; a course of events is drawn when it is whole."""

    async def follow() -> Answer:
        live = stream
        async with aclosing(events):
            async for event in events:
                live = live and not (isinstance(event, Retrieved) and event.reading.moments)
                if isinstance(event, Answered) and place:  # an answer is saved before its end is printed
                    with _telling(given.terminal, "answer"):
                        given.sessions.finish(place, event.answer)
                if not (isinstance(event, Answered) and not event.answer.refused and into(event.answer)):
                    _print(event, given, place, shape, stream=live)
                if isinstance(event, Answered):
                    return event.answer
        raise AssertionError("the last event is Answered")

    try:
        answer = asyncio.run(follow())
    except (BotError, KeyboardInterrupt, asyncio.CancelledError):
        given.terminal.end_flow()  # what was printed stays, on a line of its own
        raise
    finally:
        given.sessions.hold(None)
    if answer.outcome == "cut":
        raise Exit(ExitCode.PROVIDER)
    if answer.refused and not abstain_ok:
        raise Exit(ExitCode.REFUSED)


@contextmanager
def _telling(terminal: Terminal, what: str) -> Iterator[None]:
    """Tells of a failure to save, which does not cost the answer."""
    try:
        yield
    except FootnoteError as error:
        terminal.fail(f"The {what} was not saved: {error.message}", error.next)


def _print(event: Event, given: Given, place: Place | None, shape: Shape, *, stream: bool) -> None:
    """One event on the terminal, in the form asked for."""
    terminal = given.terminal
    if given.json:
        if isinstance(event, Answered):
            terminal.json(shape(event.answer, place))
    elif given.jsonl:
        terminal.json(plain.event(event, place))
    elif isinstance(event, Searching):
        day = f", as of {event.as_of}" if event.as_of else ""
        terminal.note(f"searching {described(event.coverage)}{day} …{f' {place}' if place else ''}")
        if event.standalone != event.question:
            terminal.note(f"looked up as: {event.standalone}")
    elif isinstance(event, Delta) and stream:
        terminal.flow(event.text, event.answer)
    elif isinstance(event, Answered):
        _print_answer(event.answer, terminal, stream=stream)


def _print_answer(answer: Answer, terminal: Terminal, *, stream: bool) -> None:
    if answer.sentences and not stream and not answer.drawn:
        for sentence in answer.sentences:
            terminal.flow(shown(sentence), sentence.answer)
    terminal.end_flow()
    for notice in answer.notices:
        terminal.note(notice)
    if answer.refused:
        refused(terminal, answer)
    else:
        course(terminal, answer)
        sources(terminal, answer)
    since(terminal, answer)
    if answer.outcome == "cut":
        terminal.fail("The model stopped early.", "Ask again, or choose another model with -m.")
