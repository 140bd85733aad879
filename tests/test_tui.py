"""The chat screen with a scripted engine: loading, answers and conversations; what is saved, and how it ends."""

from __future__ import annotations

import asyncio

import pytest
from chat_engine import (
    COVERAGE,
    FIRST,
    NARROW,
    QUESTION,
    READING,
    VOTE,
    WIDE,
    Clock,
    Scripted,
    answer,
    answered,
    ask,
    chat,
    held_open,
    lit,
    no_corpus,
    running,
    searching,
    send,
    shown,
    stream,
    until_streamed,
    wait_until,
)
from textual.events import Key

from bot.conversation import Failure, Place
from bot.errors import BotError, SessionsDamaged, UsageError
from bot.events import Answered, Delta, Retrieved
from bot.tui.engine import Opened
from bot.tui.widgets.transcript import MOUNTED
from store.errors import CorpusDamaged

# -- loading ---------------------------------------------------------------------------------------


async def test_a_question_entered_while_loading_is_asked_when_the_corpus_is_ready() -> None:
    gate = asyncio.Event()
    engine = Scripted(gates={"load": gate})
    app = chat(engine)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot)
        await wait_until(pilot, lambda: "waits for the corpus" in shown(app) and engine.saved)
        assert not engine.asked
        gate.set()
        await wait_until(pilot, lambda: app.chat.transcript.turns[-1].answer)
        assert engine.asked[0][0] == QUESTION


async def test_a_question_that_waits_can_be_taken_back() -> None:
    engine = Scripted(gates={"load": asyncio.Event()})
    app = chat(engine)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot)
        await wait_until(pilot, lambda: app.chat.asking)
        await pilot.press(*"more", "escape")
        await wait_until(pilot, lambda: app.chat.asking is None)
        assert app.chat.prompt.text == f"{QUESTION}\nmore"
        assert not app.chat.transcript.turns and not engine.saved


async def test_without_a_corpus_the_prompt_is_closed_and_a_waiting_question_is_back_in_it() -> None:
    gate = asyncio.Event()
    engine = Scripted(gates={"open": gate}, faults={"open": no_corpus()})
    app = chat(engine)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot)
        await wait_until(pilot, lambda: app.chat.asking)
        await pilot.press(*"more")
        gate.set()
        await wait_until(pilot, lambda: app.chat.state == "no corpus")
        assert app.chat.prompt.text == f"{QUESTION}\nmore"
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Nothing can be asked" in shown(app))
        assert not app.chat.transcript.turns
        assert "footnote ingest" in shown(app) and "Quote" not in shown(app)
        engine.faults.clear()  # an ingest elsewhere
        app.chat.follow_corpus()
        await wait_until(pilot, lambda: app.chat.state == "ready" and "2,412 articles" in shown(app))
        assert not app.chat.prompt.closed and app.focused is app.chat.prompt


async def test_a_corpus_that_cannot_be_used_says_so_and_the_chat_goes_on_once_it_is_mended() -> None:
    damaged = CorpusDamaged("The record cannot be read.", "Restore it from a backup.")
    opened = Opened(COVERAGE, session=3, turns=(("First?", answer("First?")),), draft="half")
    engine = Scripted(faults={"load": damaged}, opened=opened)
    app = chat(engine)
    async with app.run_test(size=WIDE) as pilot:
        await wait_until(pilot, lambda: "● closed" in shown(app) and "Restore it from a backup." in shown(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Until this is mended" in shown(app))
        assert app.chat.prompt.text == "half" and len(app.chat.transcript.turns) == 1
        engine.faults.clear()
        app.chat.follow_corpus()
        await wait_until(pilot, lambda: app.chat.state == "ready" and "cannot be read" not in shown(app))
        assert app.chat.prompt.text == "half" and "First?" in shown(app)


async def test_what_was_asked_for_on_the_command_line_and_is_not_there_ends_the_chat() -> None:
    fault = UsageError("There is no model 'x'.")
    app = chat(Scripted(faults={"load": fault}))
    async with app.run_test(size=WIDE) as pilot:
        await wait_until(pilot, lambda: app.return_value is not None)
    assert app.return_value is fault


# -- answers ---------------------------------------------------------------------------------------


async def test_a_question_is_saved_before_it_is_asked_and_the_answer_after() -> None:
    gate = asyncio.Event()
    engine = Scripted(gates={"begin": gate})
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: app.chat.asking)
        assert not engine.asked
        gate.set()
        await wait_until(pilot, lambda: engine.finished)
        assert engine.saved == [(QUESTION, None, 1)] and engine.finished[Place(7, 1)] == answer()
        await answered(pilot, "And then?")
        assert engine.saved[1] == ("And then?", 7, 2)
        assert engine.asked[1][1].questions == (QUESTION,)


async def test_what_cannot_be_saved_is_told_and_costs_no_answer() -> None:
    fault = SessionsDamaged("The saved conversations cannot be used.")
    async with running(Scripted(faults={"begin": fault})) as (pilot, app):
        await answered(pilot)
        assert app.chat.transcript.turns[-1].answer == answer()
        await wait_until(pilot, lambda: "not saved" in shown(app))


async def test_a_stopped_answer_keeps_text_question_and_numbers_and_is_saved_as_stopped() -> None:
    engine = Scripted([held_open(Delta(f"{VOTE} [1] ", (FIRST,)), Delta("Half a"))])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "Half a")
        await pilot.press("escape")
        await wait_until(pilot, lambda: engine.finished)
        stopped = engine.finished[Place(7, 1)]
        assert (stopped.outcome, stopped.question, stopped.partial) == ("stopped", QUESTION, f"{VOTE} [1] Half a")
        assert engine.closed == 1  # the provider's stream is closed
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == VOTE)


async def test_ctrl_r_asks_the_chosen_question_again() -> None:
    engine = Scripted([held_open(Delta("Half"))])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "Half")
        await pilot.press("escape", "ctrl+r")
        await wait_until(pilot, lambda: len(engine.asked) == 2 and app.chat.transcript.turns[-1].answer)
        assert [question for question, _ in engine.asked] == [QUESTION, QUESTION]


async def test_again_asks_the_chosen_saved_answer_anew_and_tells_what_changed() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        send(app, "/again\r")
        await wait_until(pilot, lambda: "Only a saved answer can be asked again" in shown(app))
        await answered(pilot)
        send(app, "/again\r")
        await wait_until(pilot, lambda: "nothing has changed since 1 Mar 2024" in shown(app))
        assert [question for question, _ in engine.asked] == [QUESTION, "s7:1"]
        since = engine.finished[Place(7, 2)].since
        assert since and since.place == "s7:1"


async def test_the_standalone_question_is_edited_in_the_prompt() -> None:
    whole = "When did Jo Marsh resign?"
    engine = Scripted(
        [[searching("When did she resign?", whole), Answered(answer("When did she resign?", standalone=whole))]]
    )
    async with running(engine) as (pilot, app):
        await answered(pilot, "When did she resign?")
        assert f"looked up as: {whole}" in shown(app)
        send(app, "/standalone\r")
        await wait_until(pilot, lambda: app.chat.prompt.text == whole)
        await pilot.press("backspace", *" first?", "enter")
        await wait_until(pilot, lambda: len(engine.asked) == 2)
        assert engine.asked[1][0] == "When did Jo Marsh resign first?"


async def test_after_an_error_the_question_is_back_in_the_prompt() -> None:
    engine = Scripted([[searching(), Delta("Half"), UsageError("It broke.", "Mend it.")]])
    async with running(engine) as (pilot, app):
        await answered(pilot)
        assert app.chat.prompt.text == QUESTION and "✗ It broke." in shown(app) and "Mend it." in shown(app)
        assert "Half" in shown(app)  # what had come stays
        saved = engine.finished[Place(7, 1)]
        assert (saved.outcome, saved.failure) == ("error", Failure("It broke.", "Mend it."))
        await pilot.press(*" now")
        assert app.chat.prompt.text == f"{QUESTION} now"
        await answered(pilot, "Another one?")
        assert not engine.asked[1][1].turns  # an error is nothing to lean on


async def test_a_slash_over_a_question_that_came_back_begins_a_command_and_the_question_stays() -> None:
    engine = Scripted([[searching(), UsageError("It broke.", "Mend it.")]])
    async with running(engine) as (pilot, app):
        await answered(pilot)
        send(app, "/")
        await wait_until(pilot, lambda: app.chat.prompt.text == "/" and "/model NAME" in shown(app))
        await pilot.press("backspace")
        assert app.chat.prompt.text == QUESTION
        send(app, "/model other\r")
        await wait_until(pilot, lambda: engine.model == "other")
        assert app.chat.prompt.text == QUESTION
        await pilot.press(*" a/b")
        assert app.chat.prompt.text == f"{QUESTION} a/b"


async def test_a_notice_stands_under_the_question_that_it_concerns() -> None:
    engine = Scripted([held_open()])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: engine.asked)
        engine.notice("the model is busy; trying again in 2 s")
        await wait_until(pilot, lambda: "trying again in 2 s" in shown(app))
        assert "busy" in str(app.chat.transcript.views[-1].content)


async def test_the_end_is_followed_until_one_scrolls_up_and_again_from_end() -> None:
    more = asyncio.Event()
    long = Delta(" ".join(f"Sentence {number} of a long answer." for number in range(200)))
    engine = Scripted([[searching(), Retrieved(READING), long, more, long, asyncio.Event()]])
    async with running(engine, NARROW) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "Sentence 199")
        await wait_until(pilot, lambda: app.chat.transcript.scroll_y == app.chat.transcript.max_scroll_y > 0)
        await pilot.press("pageup")
        await wait_until(pilot, lambda: "more below" in shown(app))
        at = app.chat.transcript.scroll_y
        more.set()
        await wait_until(pilot, lambda: app.chat.transcript.turns[-1].text.count("Sentence 199") == 2)
        assert app.chat.transcript.scroll_y == at  # what is read stays where it is
        await pilot.press("tab", "end")
        await wait_until(pilot, lambda: app.chat.transcript.scroll_y == app.chat.transcript.max_scroll_y > at)
        assert "more below" not in shown(app)


# -- the conversation ------------------------------------------------------------------------------


async def test_a_resumed_conversation_shows_its_turns_as_they_were_and_goes_on() -> None:
    saved = (
        ("First?", answer("First?")),
        ("Lost?", None),
        ("Broken?", answer("Broken?", outcome="error", sentences=(), citations=(), failure=Failure("It broke."))),
    )
    engine = Scripted(opened=Opened(COVERAGE, session=3, turns=saved))
    async with running(engine) as (pilot, app):
        seen = shown(app)
        assert "[2]" in seen and "2/2 quoted" in seen and "No answer is saved" in seen and "✗ It broke." in seen
        assert "First? · 3 turns" in seen
        for key in ("tab", "up", "up", "1"):  # all in the queue before the first acts
            app.post_message(Key(key, key if key == "1" else None))
        await wait_until(pilot, lambda: lit(app) == VOTE)
        await answered(pilot, "And now?")
        assert engine.saved == [("And now?", 3, 1)]
        assert engine.asked[0][1].questions == ("First?",)


async def test_a_long_conversation_mounts_its_last_turns_and_the_earlier_ones_when_asked() -> None:
    saved = tuple((f"Question {number}?", answer(f"Question {number}?")) for number in range(120))
    async with running(Scripted(opened=Opened(COVERAGE, session=3, turns=saved))) as (pilot, app):
        assert len(app.chat.transcript.views) == MOUNTED and "Question 119?" in shown(app)
        await pilot.press("tab", "home")
        await wait_until(pilot, lambda: "70 earlier turns" in shown(app))
        await pilot.press("home")
        await wait_until(pilot, lambda: "20 earlier turns" in shown(app))
        await pilot.press("home")
        await wait_until(pilot, lambda: "Question 0?" in shown(app))
        assert [view.key for view in app.chat.transcript.views] == list(range(120))


async def test_a_new_conversation_is_saved_elsewhere() -> None:
    engine = Scripted([stream(answer()), held_open(Delta("Half"))])
    async with running(engine) as (pilot, app):
        await answered(pilot)
        await ask(pilot, "And then?")
        await until_streamed(pilot, app, "Half")
        await pilot.press("ctrl+n")
        await wait_until(pilot, lambda: not app.chat.transcript.turns and "Enter asks" in shown(app))
        assert engine.finished[Place(7, 2)].outcome == "stopped"
        await answered(pilot, "Afresh?")
        assert engine.saved[-1] == ("Afresh?", None, 3) and not engine.asked[-1][1].turns


async def test_leaving_in_mid_answer_saves_what_has_come() -> None:
    engine = Scripted([held_open(Delta("Half"))])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "Half")
        await pilot.press("ctrl+q")
        await wait_until(pilot, lambda: not app.is_running)
    assert engine.finished[Place(7, 1)].partial == "Half"


# -- a fault of the screen -------------------------------------------------------------------------


def test_a_fault_of_the_screen_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError("no such width")

    monkeypatch.setattr("bot.tui.view.welcome", broken)
    engine = Scripted()
    error = chat(engine, Clock()).run(headless=True)
    assert isinstance(error, BotError) and error.exit == 1
    assert "ZeroDivisionError: no such width" in error.message and "footnote chat -c" in error.next
    ((_, trace),) = engine.done
    assert "its report: log.txt" in error.next and "in broken" in str(trace)
    assert "Traceback" not in "".join(capsys.readouterr())


def test_a_fault_before_the_first_frame_ends_in_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError("no such part")

    monkeypatch.setattr("bot.tui.view.ChatView.compose", broken)
    error = chat(Scripted(), Clock()).run(headless=True)
    assert isinstance(error, BotError) and "ZeroDivisionError: no such part" in error.message
