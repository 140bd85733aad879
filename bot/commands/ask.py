"""`ask`: a question goes to the bot, its events go to the terminal and to the saved conversations."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

from typer import Exit

from bot import build
from bot.commands.options import Given
from bot.conversation import Answer, Place, leant_on, shown
from bot.credentials import Keys
from bot.errors import BotError, ExitCode
from bot.events import Answered, Delta, Event, Searching
from bot.outcome import described
from bot.question import followup
from bot.show import plain
from bot.show.page import limits
from bot.show.terminal import Terminal, refused, sources
from store.errors import FootnoteError


def ask(given: Given, question: str, *, stream: bool, save: bool, abstain_ok: bool) -> None:
    """Asks, prints as it comes, and saves. Raises Exit with the code of an answer that was cut short or refused."""
    filters, sessions, corpus, terminal = given.filters, given.sessions, given.settings.corpus, given.terminal
    earlier = sessions.chosen(given.session, corpus, last=given.go_on)
    key = Keys(given.paths.keys_file).get
    with terminal.bars() as report:
        bot = build.bot(given.settings, given.folder, terminal.note, key=key, strict=given.strict, report=report)
    conversation = leant_on(sessions.turns(earlier) if earlier else ())
    filters = followup.carried(given_filters := bot.corpus.resolved(filters), conversation)
    if filters != given_filters:
        terminal.note(f"as in the conversation: {limits(filters)}")
    place = None
    if save:
        with _telling(terminal, "question"):
            place = sessions.begin(corpus, question, earlier)

    async def follow() -> Answer:
        async with aclosing(bot.answer(question, conversation, filters)) as events:
            async for event in events:
                if isinstance(event, Answered) and place:  # an answer is saved before its end is printed
                    with _telling(terminal, "answer"):
                        sessions.finish(place, event.answer)
                _print(event, given, place, stream=stream)
                if isinstance(event, Answered):
                    return event.answer
        raise AssertionError("the last event is Answered")

    try:
        answer = asyncio.run(follow())
    except (BotError, KeyboardInterrupt, asyncio.CancelledError):
        terminal.end_flow()  # what was printed stays, on a line of its own
        raise
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


def _print(event: Event, given: Given, place: Place | None, *, stream: bool) -> None:
    """One event on the terminal, in the form asked for."""
    terminal = given.terminal
    if given.json:
        if isinstance(event, Answered):
            terminal.json(plain.ask(event.answer, place))
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
    if answer.sentences and not stream:
        for sentence in answer.sentences:
            terminal.flow(shown(sentence), sentence.answer)
    terminal.end_flow()
    for notice in answer.notices:
        terminal.note(notice)
    if answer.refused:
        refused(terminal, answer)
        return
    sources(terminal, answer)
    if answer.outcome == "cut":
        terminal.fail("The model stopped early.", "Ask again, or choose another model with -m.")
