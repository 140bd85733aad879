"""The prompt of the chat: what is typed, pasted, recalled and queued; typing is never a command."""

from __future__ import annotations

import asyncio

import pytest
from chat_engine import (
    CLOSEST,
    COVERAGE,
    FIRST,
    QUESTION,
    TURNOUT,
    VOTE,
    Scripted,
    answer,
    answered,
    ask,
    click,
    held_open,
    lit,
    running,
    searching,
    send,
    shown,
    stream,
    until_streamed,
    wait_until,
)
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.widget import Widget

from bot.errors import ProviderError
from bot.events import Delta
from bot.tui.engine import Opened
from bot.tui.keys import DIGITS, LETTERS


async def test_the_draft_has_the_letters_typed_right_before_ctrl_q() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        send(app, "half a question")
        app.post_message(Key("ctrl+q", None))
        await wait_until(pilot, lambda: not app.is_running)
    assert engine.drafts[-1:] == ["half a question"]


# -- the prompt ----------------------------------------------------------------------------------


async def test_what_is_typed_in_one_go_is_asked_whole() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await pilot.press(*"1945 or 2 things?", "enter")
        await wait_until(pilot, lambda: app.chat.transcript.turns and app.chat.transcript.turns[-1].answer)
        assert engine.asked[0][0] == "1945 or 2 things?"  # digits never act in the prompt
        assert app.chat.prompt.text == "" and not app.chat.reading


async def test_ctrl_j_adds_a_line_and_the_prompt_grows_with_its_lines() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await pilot.press("a", "ctrl+j", "b", "ctrl+j", "c")
        await wait_until(pilot, lambda: app.chat.prompt.size.height == 3)
        await pilot.press("enter")
        await wait_until(pilot, lambda: engine.asked)
        assert engine.asked[0][0] == "a\nb\nc" and app.chat.prompt.size.height == 1


async def test_nothing_and_no_word_are_not_asked() -> None:
    engine = Scripted(questions=())
    async with running(engine) as (pilot, app):
        await pilot.press("enter", "?", "enter")
        await wait_until(pilot, lambda: "no word" in shown(app))
        assert not engine.asked and app.chat.prompt.text == "?"


async def test_a_paste_is_cleaned() -> None:
    async with running(Scripted()) as (pilot, app):
        app.chat.prompt.post_message(Paste("who\x1b[31m [red]"))
        await wait_until(pilot, lambda: app.chat.prompt.text == "who\ufffd[31m [red]")


@pytest.mark.parametrize(
    ("text", "asked", "kept"),
    [
        ("Who?\rWhen was it?\rlast words", "Who?", "When was it?\nlast words"),
        ("Who?\rWhen?\r\rWhere?\r", "Who?", "When?\nWhere?"),
        ("Who?\rtyped on", "Who?", "typed on"),
        ("one\ntwo\nthree\rfour", "one\ntwo\nthree", "four"),
    ],
    ids=["lines", "empty line", "typed on", "line feeds"],
)
async def test_text_that_comes_at_once_is_asked_to_its_first_enter_and_the_rest_stays(
    text: str, asked: str, kept: str
) -> None:
    engine = Scripted([held_open()])
    async with running(engine) as (pilot, app):
        send(app, text)
        await wait_until(pilot, lambda: engine.asked and app.chat.prompt.text == kept, kept)
        assert [question for question, _ in engine.asked] == [asked]


async def test_a_line_that_cannot_be_asked_stays_apart_from_the_lines_after_it() -> None:
    async with running(Scripted(questions=())) as (pilot, app):
        send(app, "***\rWho?")
        await wait_until(pilot, lambda: app.chat.prompt.text == "***\nWho?")
        send(app, "\r")
        await wait_until(pilot, lambda: app.chat.asking is not None or app.chat.transcript.turns)
        assert app.chat.prompt.text == ""


async def test_what_is_typed_after_a_sample_was_asked_stays() -> None:
    engine = Scripted([held_open()])
    async with running(engine) as (pilot, app):
        await wait_until(pilot, lambda: app.chat.samples)
        send(app, "\rAnd who else?\r")
        await wait_until(pilot, lambda: engine.asked and app.chat.prompt.text)
        assert engine.asked[0][0] == engine.questions[0] and app.chat.prompt.text == "And who else?"
        app.chat.prompt.post_message(Paste("Pasted."))
        await wait_until(
            pilot, lambda: app.chat.prompt.text == "And who else?\nPasted." or "?P" in app.chat.prompt.text
        )


async def test_a_refused_enter_leaves_the_question_as_it_is_to_be_asked_later() -> None:
    gate = asyncio.Event()
    engine = Scripted([[searching(), gate, *stream(answer())[1:]]])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: engine.asked)
        send(app, "And?\r")
        await wait_until(pilot, lambda: "One question at a time" in shown(app))
        await pilot.press("backspace", *"1?")
        assert app.chat.prompt.text == "And1?"
        gate.set()
        await wait_until(pilot, lambda: app.chat.asking is None)
        await pilot.press("enter")
        await wait_until(pilot, lambda: len(engine.asked) == 2)
        assert engine.asked[1][0] == "And1?"


async def test_enter_on_an_empty_screen_asks_the_sample_that_is_marked() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await wait_until(pilot, lambda: app.chat.samples)
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: engine.asked)
        assert engine.asked[0][0] == engine.questions[1]


async def test_a_click_on_a_sample_asks_it_and_leaves_the_prompt_alone() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await wait_until(pilot, lambda: app.chat.samples)
        app.chat.prompt.text = "half a"
        await click(pilot, app, engine.questions[2])
        await wait_until(pilot, lambda: engine.asked)
        assert engine.asked[0][0] == engine.questions[2] and app.chat.prompt.text == "half a"


async def test_a_question_asked_while_one_runs_is_queued_said_and_asked_next() -> None:
    gate = asyncio.Event()
    engine = Scripted([[searching(), gate, *stream(answer())[1:]], held_open()])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: engine.asked)
        await ask(pilot, "And who else?")
        await wait_until(pilot, lambda: "Asked next" in shown(app) and "1 queued" in shown(app))
        assert app.chat.prompt.text == "" and len(engine.asked) == 1
        gate.set()
        await wait_until(pilot, lambda: len(engine.asked) == 2 and "queued" not in shown(app))
        await ask(pilot, "And when?")
        await wait_until(pilot, lambda: "1 queued" in shown(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.chat.asking is None and app.chat.prompt.text == "And when?")
        assert [question for question, _ in engine.asked] == [QUESTION, "And who else?"]


async def test_up_recalls_the_earlier_questions_and_down_leads_back_to_what_was_typed() -> None:
    saved = tuple((f"Question {number}?", answer(f"Question {number}?")) for number in range(2))
    async with running(Scripted(opened=Opened(COVERAGE, session=3, turns=saved))) as (pilot, app):
        prompt = app.chat.prompt
        prompt.text = "New"
        for key, text in (("up", "Question 1?"), ("up", "Question 0?"), ("up", "Question 0?"), ("down", "Question 1?")):
            await pilot.press(key)
            assert prompt.text == text
        await pilot.press("down")
        assert prompt.text == "New"


async def test_a_long_paste_stands_in_the_prompt_as_its_number_of_lines_and_is_asked_whole() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        long = "\n".join(f"line {number}" for number in range(5000))
        app.post_message(Paste(long))
        await wait_until(pilot, lambda: app.chat.prompt.text == "[paste 1: 5,000 lines]")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "longer than 10,000" in shown(app))
        app.chat.prompt.text = ""
        app.post_message(Paste("\n".join("word" for _ in range(11))))
        await wait_until(pilot, lambda: app.chat.prompt.text == "[paste 2: 11 lines]")
        await pilot.press("enter")
        await wait_until(pilot, lambda: engine.asked)
        assert engine.asked[0][0].count("word") == 11


# -- typing ----------------------------------------------------------------------------------------

PRINTABLE = [chr(code) for code in range(0x20, 0x7F)] + ["é", "ß", "¡", "日"]
LISTED = {*DIGITS, *LETTERS[: len(CLOSEST)]}  # what a list of closest passages takes


async def test_every_printable_key_reaches_the_prompt_from_every_focus() -> None:
    """But digits over an answer, the letters of listed passages, and the keys of an open article."""
    refusal = answer(outcome="not_in_corpus", sentences=(), citations=(), closest=CLOSEST, words="Not in the corpus.")
    engine = Scripted([stream(answer()), stream(refusal), [ProviderError("The server is busy.")]])
    async with running(engine) as (pilot, app):
        screen = app.chat

        async def typed(part: Widget, taken: set[str]) -> None:
            screen.set_focus(part)
            events = {key: Key(_character_to_key(key), key) for key in PRINTABLE}
            assert {key for key, event in events.items() if not screen.typing(event)} == taken  # each as the first key
            keys = [key for key in PRINTABLE if key not in taken]
            for key in keys:
                app.post_message(events[key])
            await wait_until(pilot, lambda: screen.prompt.text == "".join(keys))
            screen.prompt.text = ""

        await typed(screen.transcript, set())  # before the first question
        await answered(pilot)
        await typed(screen.prompt, set())
        await typed(screen.transcript, set(DIGITS))
        await pilot.press("alt+2")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        await typed(screen.side.reader.text, {*DIGITS, *"np/oymt"})
        assert screen.reading and not engine.pinned and len(engine.asked) == 1
        await answered(pilot, "And the other?")
        await typed(screen.transcript, LISTED)
        await answered(pilot, "And where?")
        screen.prompt.text = ""
        await typed(screen.transcript, {*DIGITS, "l"})  # of an answer that failed


async def test_what_is_typed_or_pasted_in_one_go_over_an_answer_reaches_the_prompt_in_order() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab")
        send(app, "Which projects reopen?")
        app.post_message(Paste(" pasted"))
        await wait_until(pilot, lambda: app.chat.prompt.text == "Which projects reopen? pasted")
        await click(pilot, app, "Turnout climbs")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        send(app, " now")
        await wait_until(pilot, lambda: app.chat.prompt.text.endswith("pasted now"))
        assert app.chat.reading


async def test_esc_closes_the_article_before_it_stops_the_answer() -> None:
    engine = Scripted([held_open(Delta(f"{VOTE} [1] More", (FIRST,)))])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "More")
        await pilot.press("alt+1")
        await wait_until(pilot, lambda: lit(app) == VOTE)
        assert "esc Close" in shown(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not app.chat.reading)
        assert app.chat.asking is not None and "esc Stop" in shown(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.chat.asking is None)
