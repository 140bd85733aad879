"""What the chat saves as it happens, so that nothing is lost however it ends."""

from __future__ import annotations

import asyncio

import pytest
from chat_engine import (
    COVERAGE,
    FIRST,
    QUESTION,
    VOTE,
    Clock,
    Scripted,
    answer,
    answered,
    ask,
    chat,
    held_open,
    ready,
    running,
    shown,
    stream,
    until_streamed,
    wait_until,
)

from bot.conversation import Place, Session
from bot.errors import SessionsDamaged
from bot.events import Delta
from bot.show.clean import clean
from bot.tui.engine import Opened


async def test_an_answer_is_saved_as_it_comes_at_most_once_a_second() -> None:
    gates = [asyncio.Event() for _ in range(3)]
    steps = [piece for number, gate in enumerate(gates) for piece in (Delta(f"Piece {number}. "), gate)]
    engine, clock = Scripted([[*held_open()[:-1], *steps, *stream(answer())[-1:]]]), Clock()
    app = chat(engine, clock)
    async with app.run_test() as pilot:
        await ready(pilot)
        await ask(pilot)
        await until_streamed(pilot, app, "Piece 0.")
        app.chat.tick()
        await wait_until(pilot, lambda: engine.parts == ["Piece 0."])
        saved = engine.finished[Place(7, 1)]
        assert (saved.outcome, saved.question) == ("stopped", QUESTION)
        gates[0].set()
        await until_streamed(pilot, app, "Piece 1.")
        clock.now += 0.5
        app.chat.tick()
        await pilot.pause()
        assert len(engine.parts) == 1
        clock.now += 0.5
        app.chat.tick()
        app.chat.tick()  # nothing more has come
        await wait_until(pilot, lambda: engine.parts[1:] == ["Piece 0. Piece 1."])
        for gate in gates:
            gate.set()
        await wait_until(pilot, lambda: app.chat.asking is None)
        assert engine.finished[Place(7, 1)].outcome == "answered" and len(engine.parts) == 3


async def test_the_whole_answer_is_saved_after_the_part_that_is_being_saved() -> None:
    gate, slow = asyncio.Event(), asyncio.Event()
    engine = Scripted([[*held_open(Delta(f"{VOTE} [1]", (FIRST,)))[:-1], gate, *stream(answer())[-1:]]])
    engine.gates["finish"] = slow
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, VOTE)
        app.chat.tick()
        gate.set()
        await pilot.pause()
        assert not engine.finished
        slow.set()
        await wait_until(pilot, lambda: app.chat.asking is None)
        assert engine.parts == [f"{VOTE} [1]", ""] and engine.finished[Place(7, 1)].outcome == "answered"


async def test_no_part_is_saved_over_the_whole_answer() -> None:
    slow = asyncio.Event()
    engine = Scripted(gates={"finish": slow})
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: app.chat.asking and app.chat.asking.over)
        app.chat.tick()
        await pilot.press("escape")  # too late to stop it
        slow.set()
        await wait_until(pilot, lambda: app.chat.asking is None)
        assert engine.finished[Place(7, 1)].outcome == "answered" and len(engine.parts) == 1


async def test_questions_that_wait_are_saved_until_they_are_asked_or_given_back() -> None:
    gate = asyncio.Event()
    engine = Scripted([[*held_open()[:-1], gate, *stream(answer())[-1:]], held_open()])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: engine.asked)
        for question in ("Who paid?", "And why?"):
            await ask(pilot, question)
        await wait_until(pilot, lambda: engine.kept[-1:] == [("Who paid?", "And why?")])
        gate.set()
        await wait_until(pilot, lambda: engine.kept[-1] == ("And why?",) and len(engine.asked) == 2)
        await pilot.press("escape")
        await wait_until(pilot, lambda: engine.kept[-1] == ())
        engine.faults["keep"] = SessionsDamaged("The disk is full.", "Free some.")
        engine.script = [*engine.script, held_open()]
        await ask(pilot, "Again?")
        await wait_until(pilot, lambda: len(engine.asked) == 3)
        await ask(pilot, "Next?")
        await wait_until(pilot, lambda: "that wait were not saved: The disk is full." in shown(app))


async def test_the_conversation_before_is_offered_until_another_begins() -> None:
    last = Session(4, "default", "A [bold] \x1b[31mtitle", 3, "2024-03-15T10:00:00Z")
    async with running(Scripted(opened=Opened(COVERAGE, last=last))) as (pilot, app):
        assert "Last conversation: A [bold] �[31mtitle · 3 turns · ctrl+s opens it" in " ".join(shown(app).split())
        await pilot.press("ctrl+n")
        await wait_until(pilot, lambda: "Last conversation" not in shown(app))


async def test_where_nothing_is_saved_the_screen_says_so_and_goes_on() -> None:
    engine = Scripted(saves=False)
    async with running(engine) as (pilot, app):
        assert "not saved" in shown(app).splitlines()[0]
        await answered(pilot)
        await answered(pilot, "And then?")
        assert app.chat.session is None and not engine.finished and not engine.kept


async def test_what_is_not_sent_is_saved_at_most_once_a_second_and_at_the_end() -> None:
    engine, clock = Scripted(), Clock()
    app = chat(engine, clock)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press(*"Who paid")
        app.chat.tick()
        await wait_until(pilot, lambda: engine.drafts == ["Who paid"])
        await pilot.press("?")
        app.chat.tick()
        await pilot.pause()
        assert len(engine.drafts) == 1
        clock.now += 1
        app.chat.tick()
        await wait_until(pilot, lambda: engine.drafts[1:] == ["Who paid?"])
        await pilot.press("enter")
        await wait_until(pilot, lambda: engine.drafts[2:] == [""] and app.chat.asking is None)
        await pilot.press(*"And", "ctrl+q")
    assert engine.drafts[3:] == ["And"]


async def test_a_question_that_waits_is_unsent_text_where_the_chat_is_left() -> None:
    engine = Scripted([held_open(Delta("Half"))])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "Half")
        await ask(pilot, "Who paid?")
        await pilot.press(*"more")
        app.end()  # as a signal does
        await wait_until(pilot, lambda: app.return_code)
    assert engine.drafts[-1] == "Who paid?\nmore" and engine.finished[Place(7, 1)].partial == "Half"


@pytest.mark.parametrize("draft", ["Who\x1b[31m paid?", "many lines\n" * 5_000], ids=["short", "long"])
async def test_what_was_not_sent_comes_back_before_what_is_typed_since(draft: str) -> None:
    gate = asyncio.Event()
    engine = Scripted(opened=Opened(COVERAGE, draft=draft), gates={"open": gate})
    app = chat(engine)
    async with app.run_test() as pilot:
        await pilot.press(*"typed")
        gate.set()
        await ready(pilot)
        assert app.chat.prompt.whole == f"{clean(draft)}\ntyped"
        assert app.chat.prompt.text.count("\n") == 1 and "back in the prompt" in shown(app)
        await pilot.press("ctrl+q")
    assert engine.drafts == [app.chat.prompt.whole]


async def test_a_draft_that_cannot_be_saved_is_told_once() -> None:
    engine = Scripted(faults={"draft": SessionsDamaged("The disk is full.")})
    async with running(engine) as (pilot, app):
        await pilot.press("W")
        app.chat.tick()
        await wait_until(pilot, lambda: "not sent yet is not saved: The disk is full." in shown(app))
        app.chat.unsay()
        await pilot.press("h")
        await app.chat.keep_draft()
        assert "is not saved" not in shown(app)
