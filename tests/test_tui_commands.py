"""Commands and lines of the chat: keys, slash commands, filters, messages, the header, pinning."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from chat_engine import (
    CLOSEST,
    COVERAGE,
    NARROW,
    POLL,
    QUESTION,
    READING,
    TURNOUT,
    WIDE,
    Scripted,
    answer,
    answered,
    click,
    lit,
    no_corpus,
    running,
    searching,
    send,
    shown,
    stream,
    wait_until,
)

from bot.conversation import Place
from bot.errors import ProviderError, UsageError
from bot.events import Retrieved
from bot.tui.engine import Opened
from bot.tui.keys import COMMANDS, KEYS
from bot.tui.modals import Confirm, help_columns
from store.passage import Filters


async def test_ctrl_end_leads_from_the_prompt_to_what_is_below_and_nothing_is_below_what_is_in_view() -> None:
    saved = tuple((f"Question {number}?", answer(f"Question {number}?")) for number in range(4))
    async with running(Scripted(opened=Opened(COVERAGE, session=3, turns=saved)), NARROW) as (pilot, app):
        assert "more below" not in shown(app)
        await pilot.press("pageup")
        await wait_until(pilot, lambda: "↓ more below (ctrl+End)" in shown(app))
        await pilot.press("ctrl+end")
        await wait_until(pilot, lambda: "more below" not in shown(app) and "Question 3?" in shown(app))
        await pilot.press("pageup")
        await pilot.resize_terminal(80, 60)
        await wait_until(pilot, lambda: "Question 0?" in shown(app) and "more below" not in shown(app))


async def test_a_refusal_longer_than_the_view_begins_at_its_top() -> None:
    words = "Not in the corpus. " + "Searched one more outlet. " * 40
    refusal = answer(outcome="not_in_corpus", sentences=(), citations=(), closest=CLOSEST, words=words)
    async with running(Scripted([stream(refusal)]), (60, 15)) as (pilot, app):
        await answered(pilot)
        await wait_until(pilot, lambda: "Not in the corpus." in shown(app))
        assert QUESTION[:30] in shown(app)


async def test_a_message_stands_in_the_status_line_and_goes_with_the_next_question() -> None:
    async with running(Scripted(), NARROW) as (pilot, app):
        await pilot.press("ctrl+c")
        await wait_until(pilot, lambda: "ctrl+q quits." in shown(app).splitlines()[-5])
        await answered(pilot)
        assert "ctrl+q quits." not in shown(app)


async def test_when_the_server_is_gone_the_chat_is_offline_and_what_was_found_can_be_read() -> None:
    down = ProviderError("api.example.com cannot be reached.", "Is it running?", "provider_down")
    async with running(Scripted([[searching(), Retrieved(READING), down]])) as (pilot, app):
        await answered(pilot)
        assert "● offline" in shown(app) and "FOUND, NOT USED, of answer 1" in shown(app)
        await pilot.press("tab", "b")
        await wait_until(
            pilot,
            lambda: lit(app) == " ".join(POLL.text.split()),
        )
        await answered(pilot, "And now?")
        assert "● ready" in shown(app)


async def test_an_ingest_elsewhere_shows_in_the_header() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        engine.opened = Opened(replace(COVERAGE, documents=2413))
        app.chat.follow_corpus()
        await wait_until(pilot, lambda: "2,413 articles" in shown(app).splitlines()[0])


async def test_slash_commands_are_listed_completed_and_run() -> None:
    engine = Scripted()
    async with running(engine, (120, 50)) as (pilot, app):
        await pilot.press("/")
        await wait_until(pilot, lambda: all(key.written in shown(app) for key in COMMANDS.values()))
        await pilot.press("s", "i", "tab")
        await wait_until(pilot, lambda: app.chat.prompt.text == "/since ")
        send(app, "2024-03\r")
        await wait_until(pilot, lambda: "[since 2024-03 ×]   12 of 2,412 articles" in shown(app))
        send(app, "/nonsense\r")
        await wait_until(pilot, lambda: "There is no command /nonsense" in shown(app))
        for words in ("outlet Daily Ledger", "in tram1", "until 2025", "asof 2025-01-01", "all"):
            send(app, f"/{words}\r")
        last = Filters("2024-03", "2025", outlets=("Daily Ledger",), documents=("tram1",), as_of="2025-01-01")
        await wait_until(pilot, lambda: engine.limits[-2:] == [last, Filters()])
        await answered(pilot)
        send(app, "/export notes.md\r")
        await wait_until(pilot, lambda: "Written s7 to notes.md." in shown(app))
        send(app, "/open 2\r")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        send(app, "/only\r")
        await wait_until(pilot, lambda: "[in Turnout climbs to 61% ×]" in shown(app))
        assert not app.chat.transcript.turns[1:]  # no command was asked


async def test_a_timeline_is_asked_for_by_a_command() -> None:
    engine = Scripted([stream(answer("Timeline of the tram"))])
    async with running(engine) as (pilot, app):
        send(app, "/timeline\r")
        await wait_until(pilot, lambda: "/timeline WHAT" in shown(app))
        send(app, "/timeline the tram\r")
        await wait_until(
            pilot, lambda: [turn.question for turn in app.chat.transcript.turns] == ["Timeline of the tram"]
        )


async def test_the_palette_finds_a_command_which_waits_in_the_prompt_for_what_it_takes() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        app.chat.prompt.text = "half a"
        await pilot.press("ctrl+p")
        await wait_until(pilot, lambda: len(app.screen_stack) == 2 and "/since DATE" in shown(app))
        await pilot.press(*"since")
        await wait_until(pilot, lambda: "/open" not in shown(app) and "/since DATE" in shown(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.chat.prompt.text == "/since ")
        send(app, "2024\r")
        await wait_until(pilot, lambda: engine.limits == [Filters(since="2024")])
        assert app.chat.prompt.text == "half a"


async def test_model_and_corpus_change_without_leaving_and_one_that_cannot_be_used_changes_nothing() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await answered(pilot)
        send(app, "/model openai:small\r")
        await wait_until(pilot, lambda: "footnote → api.example.com" in shown(app) and "openai:small" in shown(app))
        assert QUESTION in shown(app)
        engine.faults["switch"] = UsageError("There is no model 'x'.")
        send(app, "/model x\r")
        await wait_until(pilot, lambda: "There is no model 'x'." in shown(app))
        assert "● ready" in shown(app) and engine.model == "openai:small"
        del engine.faults["switch"]
        send(app, "/corpus sports\r")
        await wait_until(pilot, lambda: "ask sports with openai:small" in shown(app))
        assert not app.chat.transcript.turns and app.chat.session is None
        await answered(pilot, "Who won?")
        assert engine.saved[-1][1] is None  # a new conversation


async def test_the_filters_stand_beside_the_corpus() -> None:
    filters, left = Filters(since="2010-01-01", outlets=("Daily Ledger",)), replace(COVERAGE, documents=12)
    engine = Scripted(opened=Opened(COVERAGE, filters, left, host="api.example.com"))
    async with running(engine) as (pilot, app):
        told = shown(app).splitlines()[0]
        assert "footnote → api.example.com   [since 2010-01-01 ×] [Daily Ledger ×]   12 of 2,412 articles" in told
        await pilot.resize_terminal(*NARROW)
        await wait_until(pilot, lambda: "[2 filters]   12 of 2,412 articles" in shown(app).splitlines()[0])
        told = shown(app).splitlines()[0]
        assert "→ api.example.com" in told and told.endswith("● ready")
        await pilot.resize_terminal(*WIDE)
        await wait_until(pilot, lambda: "Ledger ×" in shown(app))
        await click(pilot, app, "×")
        await wait_until(pilot, lambda: "2010" not in shown(app).splitlines()[0])
        assert engine.limits == [Filters(outlets=("Daily Ledger",))]


async def test_the_time_that_a_question_names_is_a_chip_that_a_click_or_a_key_takes_away() -> None:
    about = answer(around=(("2010-06-01", "2010-06-30"),))
    engine = Scripted([stream(about)])
    async with running(engine) as (pilot, app):
        await pilot.press("alt+u")
        await wait_until(pilot, lambda: "No filter is set." in shown(app))
        await answered(pilot)
        await wait_until(pilot, lambda: "[about 1–30 Jun 2010 ×]" in shown(app))
        await click(pilot, app, "×")
        await wait_until(pilot, lambda: "[any time ×]" in shown(app))
        send(app, "/undated\r")
        await wait_until(pilot, lambda: "[any time ×] [and undated ×]" in shown(app))
        assert engine.limits[-1] == Filters(undated=True, timeless=True)
        await pilot.press("alt+u")
        await wait_until(pilot, lambda: engine.limits[-1] == Filters(timeless=True))
        send(app, "/drop\r")
        await wait_until(pilot, lambda: engine.limits[-1] == Filters() and "[about 1–30 Jun" in shown(app))


# -- keys ------------------------------------------------------------------------------------------


async def test_ctrl_c_copies_a_selection_and_else_says_how_to_quit() -> None:
    async with running(Scripted()) as (pilot, app):
        await pilot.press("ctrl+c")
        await wait_until(pilot, lambda: "ctrl+q quits" in shown(app))
        app.chat.prompt.text = "a word"
        app.chat.prompt.select_all()
        await pilot.press("ctrl+c")
        await wait_until(pilot, lambda: app.clipboard == "a word")
        assert app.is_running


async def test_help_lists_every_key_and_closes() -> None:
    async with running(Scripted()) as (pilot, app):
        await pilot.press("f1")
        await wait_until(pilot, lambda: len(app.screen_stack) == 2)
        text = "\n".join(map(str, help_columns("prompt")))
        assert all((key.name or key.written) in text and key.does in text for key in KEYS)
        assert max(map(len, text.splitlines())) <= 36  # two columns fit in 80
        await pilot.press("escape")
        await wait_until(pilot, lambda: len(app.screen_stack) == 1)


def test_no_key_is_bound_that_a_terminal_sends_for_another() -> None:
    bound = {name for key in KEYS for names, _ in key.bound for name in names.split(",")}
    assert not bound & {"ctrl+i", "ctrl+m", "ctrl+h"}


# -- pinning ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "kept"), [("enter", []), ("y", [Place(7, 1)]), ("escape", []), ("n", [])])
async def test_pinning_shows_what_a_turn_would_assert_and_pins_it_only_on_yes(key: str, kept: list[Place]) -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await answered(pilot)
        send(app, "/pin\r")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "s7:1 as a case" in shown(app)
        await pilot.press(key)
        await wait_until(pilot, lambda: not isinstance(app.screen, Confirm))
        await wait_until(pilot, lambda: engine.pinned == kept)


async def test_without_a_turn_there_is_nothing_to_pin() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        send(app, "/pin\r")
        await wait_until(pilot, lambda: "Only a saved turn" in shown(app))
        assert not isinstance(app.screen, Confirm) and engine.pinning is None


async def test_an_ingest_runs_beside_the_questions_and_tells_how_it_ended() -> None:
    gate = asyncio.Event()
    engine = Scripted(gates={"ingest": gate})
    async with running(engine, NARROW) as (pilot, app):
        send(app, "/ingest ~/news\r")
        await wait_until(pilot, lambda: "ingest: reading" in shown(app) and "0 of 400" in shown(app))
        send(app, "/ingest other\r")
        await wait_until(pilot, lambda: "An ingest is running: /ingest stop ends it." in shown(app))
        await answered(pilot)
        gate.set()
        await wait_until(pilot, lambda: "~/news: 400 added." in shown(app) and "ingest: reading" not in shown(app))
        send(app, "/ingest stop\r")
        await wait_until(pilot, lambda: "No ingest is running." in shown(app))


async def test_an_ingest_is_stopped_and_its_errors_are_told() -> None:
    engine = Scripted(gates={"ingest": asyncio.Event()})
    async with running(engine) as (pilot, app):
        send(app, "/ingest\r")
        await wait_until(pilot, lambda: "ingest: reading" in shown(app))
        send(app, "/ingest stop\r")
        await wait_until(pilot, lambda: "The ingest was stopped" in shown(app) and "ingest: " not in shown(app))
        engine.gates.clear()
        engine.faults["ingest"] = UsageError("The disk is full.", "Free some.")
        send(app, "/ingest\r")
        await wait_until(pilot, lambda: "The disk is full. Free some." in shown(app) and not app.chat.ingesting)


async def test_without_a_corpus_an_ingest_makes_one_and_other_commands_say_why_not() -> None:
    engine = Scripted(faults={"open": no_corpus()})
    async with running(engine) as (pilot, app):
        for command in ("/since 2022\r", "/browse\r", "/sessions\r"):
            send(app, command)
            await wait_until(pilot, lambda: shown(app).count("Nothing can be asked") == 2)  # in its line, and as said
            app.chat.unsay()
        assert not engine.limits and app.screen is app.chat
        engine.faults.clear()
        send(app, "/ingest news\r")
        await wait_until(pilot, lambda: app.chat.state == "ready" and "2,412 articles" in shown(app))
        await answered(pilot)


async def test_a_resize_keeps_the_turn_at_the_top_of_the_view() -> None:
    saved = tuple((f"Question {number}?", answer(f"Question {number}?")) for number in range(30))
    async with running(Scripted(opened=Opened(COVERAGE, session=3, turns=saved)), WIDE) as (pilot, app):
        await wait_until(pilot, lambda: "Question 29?" in shown(app))
        await pilot.press("pageup", "pageup")
        await wait_until(pilot, lambda: "Question 29?" not in shown(app))

        def top() -> int:
            turns = app.chat.transcript
            return max(view.key for view in turns.views if view.virtual_region.y <= turns.scroll_y)

        before = top()
        for size in (NARROW, (60, 15), (200, 50), WIDE):
            await pilot.resize_terminal(*size)
            await wait_until(pilot, lambda: top() == before, f"the turn {before} at the top at {size}")
        await pilot.press("ctrl+end")
        await wait_until(pilot, lambda: "Question 29?" in shown(app))
        await pilot.resize_terminal(*NARROW)
        await wait_until(pilot, lambda: "Question 29?" in shown(app))
