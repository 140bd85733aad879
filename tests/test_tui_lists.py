"""The lists over the chat: saved conversations and articles, searched as one types, with a key for all they can do."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import replace
from time import thread_time

import pytest
from chat_engine import (
    COVERAGE,
    NARROW,
    POLL,
    QUESTION,
    TRAM,
    WIDE,
    Scripted,
    answer,
    answered,
    ask,
    click,
    held_open,
    lit,
    over_article,
    running,
    send,
    shown,
    wait_until,
)
from textual.events import Key
from textual.pilot import Pilot

from bot.conversation import Session
from bot.errors import SessionsLocked
from bot.tui.app import Chat
from bot.tui.browse_screen import BrowseScreen
from bot.tui.engine import Opened
from bot.tui.modals import Confirm, TitleScreen
from bot.tui.sessions_screen import SessionsScreen
from store.errors import FootnoteError
from store.passage import Filters

TRAMS = Session(3, "default", "The eastern tram line", 2, "2024-03-15T10:00:00Z")
HIT = replace(TRAMS, hit="members voted 7-2 in favour of the plan", marks=((8, 13),), turn=1)
POLLS = Session(5, "default", "Who was asked?", 1, "2024-03-16T10:00:00Z")
SAVED = ((QUESTION, answer()), ("And then?", None))


def library(**more: object) -> Scripted:
    return Scripted(conversations=[HIT, POLLS], **more)  # type: ignore[arg-type]


async def opened(pilot: Pilot[FootnoteError], app: Chat, key: str = "ctrl+s") -> None:
    """Opens a list and waits for its rows."""
    await pilot.press(key)
    kind = SessionsScreen if key == "ctrl+s" else BrowseScreen
    await wait_until(pilot, lambda: isinstance(app.screen, kind) and app.screen.rows.items, "the list")


# -- saved conversations ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_conversation_is_searched_by_its_words_and_gone_on_with(size: tuple[int, int]) -> None:
    engine = library()
    async with running(engine, size) as (pilot, app):
        await opened(pilot, app)
        assert "Who was asked?   1 turn · 16 Mar 2024" in shown(app)
        engine.opened = Opened(COVERAGE, session=3, turns=SAVED, title=TRAMS.title, queued=("Who paid?", "And why?"))
        send(app, "voted\r")  # the list is that of the whole word before Enter acts
        await wait_until(pilot, lambda: app.screen is app.chat and app.chat.transcript.turns)
        assert engine.done == [("resume", 3)] and "The eastern" in shown(app).splitlines()[0]
        assert "it never came" in shown(app) and "ctrl+r asks again" in shown(app)
        assert app.chat.prompt.text == "Who paid?\nAnd why?" and "2 questions had not been asked" in shown(app)
        await pilot.press("tab", "up", "2")
        await wait_until(pilot, lambda: "61 percent" in lit(app))
        await answered(pilot, "And now?")
        assert engine.saved[-1][:2] == ("And now?", 3)


async def test_the_hit_is_marked_and_an_empty_search_says_so() -> None:
    async with running(library()) as (pilot, app):
        await opened(pilot, app)
        await pilot.press(*"favour")
        await wait_until(pilot, lambda: lit(app) == "voted" and "· 1 hit" in shown(app))
        await pilot.press("x")
        await wait_until(pilot, lambda: "No conversation has these words." in shown(app))
        await pilot.press("enter", "f2", "escape")
        await wait_until(pilot, lambda: app.screen is app.chat)


async def test_a_conversation_gets_another_title() -> None:
    async with running(library(opened=Opened(COVERAGE, session=3, turns=SAVED))) as (pilot, app):
        await opened(pilot, app)
        await pilot.press("f2")
        await wait_until(pilot, lambda: isinstance(app.screen, TitleScreen))
        await pilot.press("escape", "f2", *" [x]", "enter")
        await wait_until(pilot, lambda: "The eastern tram line [x]   2 turns" in shown(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: "The eastern tram line [x]" in shown(app).splitlines()[0])


async def test_a_conversation_is_deleted_only_on_yes_and_an_undo_brings_it_back() -> None:
    engine = library()
    async with running(engine) as (pilot, app):
        await opened(pilot, app)
        await pilot.press("ctrl+z")
        await wait_until(pilot, lambda: "nothing to undo" in shown(app))
        for key in ("enter", "n", "escape", "y"):
            await pilot.press("down" if engine.done else "up", "d")
            await wait_until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press(key)
            await wait_until(pilot, lambda: isinstance(app.screen, SessionsScreen))
        await wait_until(pilot, lambda: "ctrl+z brings it back" in shown(app))
        await pilot.press("ctrl+z")
        await wait_until(pilot, lambda: engine.done == [("delete", 3), ("restore",)])


async def test_the_open_conversation_is_left_when_it_is_deleted_and_one_that_is_held_stays() -> None:
    engine = library(opened=Opened(COVERAGE, session=3, turns=SAVED))
    async with running(engine) as (pilot, app):
        await opened(pilot, app)
        engine.faults["delete"] = SessionsLocked("Session s3 is open in another chat.", "Close that chat first.")
        await pilot.press("up", "delete", "y")
        await wait_until(pilot, lambda: "s3 is open in another chat." in shown(app))
        del engine.faults["delete"]
        await pilot.press("d", "y")
        await wait_until(pilot, lambda: "The eastern tram line" not in shown(app).splitlines()[1])
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.chat.session is None and not app.chat.transcript.turns)


async def test_a_conversation_is_written_to_a_file_and_an_answer_in_progress_is_stopped_by_another() -> None:
    engine = library(script=[held_open()])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await wait_until(pilot, lambda: app.chat.asking is not None and engine.saved)
        await opened(pilot, app)
        for name in ("down", "x"):  # all at once: the second key already goes to the rows
            app.post_message(Key(name, name if name == "x" else None))
        await wait_until(pilot, lambda: "Written s5 to" in shown(app))
        await click(pilot, app, "The eastern tram line")
        await wait_until(pilot, lambda: app.screen is app.chat and engine.done)
        assert app.chat.asking is None and engine.closed == 1 and app.chat.session == 3


async def test_a_conversation_that_another_chat_has_open_goes_on_in_a_copy() -> None:
    async with running(library(opened=Opened(COVERAGE, session=3, turns=SAVED, elsewhere=True))) as (pilot, app):
        engine = app.chat.engine
        assert isinstance(engine, Scripted) and "open in another chat" in shown(app)
        await answered(pilot, "And now?")
        assert engine.branched == [(3, 3)] and len(app.chat.transcript.turns) == 3
        await answered(pilot, "And then?")
        assert engine.branched == [(3, 3)] and engine.saved[-1][1] == 8


async def test_an_earlier_question_is_asked_otherwise_in_a_conversation_of_its_own() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await pilot.press("alt+r")
        await wait_until(pilot, lambda: "There is no question yet." in shown(app))
        for question in ("One?", "Two?", "Three?"):
            await answered(pilot, question)
        await pilot.press("tab", "up", "alt+r")
        await wait_until(pilot, lambda: app.chat.prompt.text == "Two?" and "in a new conversation" in shown(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: not app.chat.prompt.text and app.chat.before is None)
        send(app, "/edit\r")
        await wait_until(pilot, lambda: app.chat.prompt.text == "Two?")
        send(app, "!\r")
        await wait_until(pilot, lambda: app.chat.asking is None and engine.branched == [(7, 2)])
        assert [turn.question for turn in app.chat.transcript.turns] == ["One?", "Two?!"]
        assert engine.asked[-1][1].questions == ("One?",)  # the turns after it are not leant on


# -- articles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_an_article_is_read_without_a_question_and_esc_leads_back_to_its_row(size: tuple[int, int]) -> None:
    engine = Scripted()
    async with running(engine, size) as (pilot, app):
        await opened(pilot, app, "ctrl+b")
        assert "15 Mar 2024" in shown(app) and "Harbour" in shown(app) and "undated" in shown(app)
        send(app, "harbour 2024\r")
        await wait_until(pilot, lambda: app.chat.reading and "The harbour ward led." in shown(app))
        assert over_article(app).startswith(POLL.title) and not engine.asked and not lit(app)
        await pilot.press("n", "p", "escape")
        await wait_until(pilot, lambda: isinstance(app.screen, BrowseScreen))
        assert app.screen.search.value == "harbour 2024" and app.screen.marked.id == POLL.id
        await pilot.press("escape", *"why", "enter")
        await wait_until(pilot, lambda: engine.asked)
        assert not app.chat.reading


async def test_only_ticked_articles_are_asked_and_their_chips_are_their_headlines() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await opened(pilot, app, "ctrl+b")
        await pilot.press("home", "space", "space")
        await wait_until(pilot, lambda: "2 ticked: Esc asks only these" in shown(app) and "[x]" in shown(app))
        await pilot.press("up", "space", "escape")
        await wait_until(pilot, lambda: engine.limits == [Filters(documents=(TRAM.id,))])
        await wait_until(pilot, lambda: "[in Council backs tram line ×]" in shown(app))
        await opened(pilot, app, "ctrl+b")
        assert "1 ticked: Esc asks only it" in shown(app)
        await pilot.press("home", "space", "escape")
        await wait_until(pilot, lambda: engine.limits[-1] == Filters())
        await opened(pilot, app, "ctrl+b")
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is app.chat)
        assert len(engine.limits) == 2  # nothing was changed


async def test_articles_stand_by_day_or_by_outlet_and_letters_search_from_the_rows() -> None:
    async with running(Scripted()) as (pilot, app):
        await opened(pilot, app, "ctrl+b")
        order = [article.id for article in app.screen.rows.items]  # type: ignore[attr-defined]
        await pilot.press("ctrl+o")
        await wait_until(pilot, lambda: "by outlet" in shown(app))
        assert [article.outlet for article in app.screen.rows.items] == ["Daily Ledger", "Harbour Times", None]  # type: ignore[attr-defined]
        for keys, at in ((("end",), 2), (("pageup",), 0), (("pagedown", "up"), 1), (("home",), 0)):
            await pilot.press(*keys)
            assert app.screen.rows.at == at  # type: ignore[attr-defined]
        await pilot.press("ctrl+o", "/", *"jo marsh")
        await wait_until(pilot, lambda: "1 article ·" in shown(app))
        await pilot.press(*"xx")
        await wait_until(pilot, lambda: "No article has these words" in shown(app))
        assert len(order) == 3


@pytest.fixture
def own_heap() -> Iterator[None]:
    """Garbage collections within a test walk only what the test made, not what others left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("own_heap")
async def test_ten_thousand_articles_never_hold_the_loop() -> None:
    shelf = {f"d{n}": replace(TRAM, id=f"d{n}", title=f"Tram line {n}", text="") for n in range(10_000)}
    async with running(Scripted(shelf=shelf)) as (pilot, app):
        longest, last = 0.0, thread_time()
        ended = False

        async def tick() -> None:
            nonlocal longest, last
            while not ended:
                now = thread_time()
                longest, last = max(longest, now - last), now
                await asyncio.sleep(0.005)

        await pilot.pause()
        ticking = asyncio.create_task(tick())
        await opened(pilot, app, "ctrl+b")
        await pilot.press("end", *"line 99")
        await wait_until(pilot, lambda: len(app.screen.rows.items) == 280)  # type: ignore[attr-defined]
        ended = True
        await ticking
    assert longest < 0.5, "the loop's own time: other programs do not count"


async def test_help_and_the_palette_open_over_a_list_and_a_command_leaves_it() -> None:
    async with running(Scripted()) as (pilot, app):
        await opened(pilot, app, "ctrl+b")
        await pilot.press("f1")
        await wait_until(pilot, lambda: "tick: ask only these" in shown(app))
        await pilot.press("escape", "ctrl+p")
        await wait_until(pilot, lambda: "/since DATE" in shown(app))
        await pilot.press(*"find", "enter")
        await wait_until(pilot, lambda: app.screen is app.chat and app.focused is app.chat.find_bar.wanted)


async def test_an_error_of_the_corpus_stands_in_the_list() -> None:
    engine = library(faults={name: SessionsLocked(f"{name} is held.", "Wait.") for name in ("articles", "sessions")})
    async with running(engine) as (pilot, app):
        for key, name in (("ctrl+b", "articles"), ("ctrl+s", "sessions")):
            await pilot.press(key)
            await wait_until(pilot, lambda name=name: f"{name} is held. Wait." in shown(app))
            await pilot.press("down", "enter", "space", "d", "x", "f2", "escape")
            await wait_until(pilot, lambda: app.screen is app.chat)
