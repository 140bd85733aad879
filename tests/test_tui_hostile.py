"""Hostile text on every surface of the chat does nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chat_engine import (
    CLOSEST,
    COVERAGE,
    NARROW,
    TRAM,
    WIDE,
    Scripted,
    answer,
    quoted,
    running,
    shown,
    wait_until,
)
from hostile_text import HOSTILE, mixed
from textual.events import Paste
from textual.widgets import Static

from bot.conversation import Failure, Session
from bot.show.clean import clean
from bot.tui.app import Chat
from bot.tui.draw.base import DROPS, OPENS
from bot.tui.engine import Opened
from bot.tui.keys import READER
from bot.tui.listing import ListScreen
from bot.tui.messages import QuoteChosen, TurnChosen
from bot.tui.widgets.head import Status

SIZES = [
    pytest.param(WIDE, HOSTILE, id="wide"),
    pytest.param(NARROW, HOSTILE, id="narrow", marks=pytest.mark.torture),
    *(
        pytest.param(size, mixed(2_000), id=f"2000-{name}", marks=[pytest.mark.torture, pytest.mark.timeout(900)])
        for size, name in ((WIDE, "wide"), (NARROW, "narrow"))
    ),
]


def test_there_are_two_hundred_hostile_strings() -> None:
    assert len(HOSTILE) >= 200


ACTIONS = tuple(action for action, _ in READER)
BAR = ("scroll_up", "scroll_down", "grab")  # what a scroll bar does where it is pressed


def harmless(app: Chat) -> None:
    """Nothing on the screen steers a terminal, acts when it is clicked, or leads anywhere."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert not segment.control and segment.text == clean(segment.text, lines=False), repr(segment.text)
            assert segment.style is None or segment.style.link is None
            meta = {} if segment.style is None else segment.style.meta
            assert all(key in (OPENS, DROPS, "offset") or meta[key] in (*BAR, *ACTIONS) for key in meta), meta


@pytest.mark.parametrize(("size", "hostile"), SIZES)
async def test_hostile_text_does_nothing_on_any_surface(size: tuple[int, int], hostile: tuple[str, ...]) -> None:
    """Transcript, sources, article, closest passages, model and title, forty strings a turn."""
    turns, shelf = [], {}
    for at in range(0, len(hostile), 40):
        some = hostile[at : at + 40]
        text = "\n\n".join(some)
        article = replace(TRAM, id=f"x{at}", title=text, outlet=some[0], author=some[1], source=some[2], text=text)
        shelf[article.id] = article
        citations = tuple(
            replace(quoted(1, article, text), number=number, document=replace(article, title=words, text=""))
            for number, words in enumerate(some, 1)
        )
        said = tuple(replace(answer().sentences[0], text=words, why=words) for words in some)
        turns.append((text, answer(text, sentences=said, citations=citations, notices=some)))
    every = " ".join(hostile)
    closest = tuple(replace(CLOSEST[0], document=c.document) for c in citations)
    turns.append((every, answer(outcome="unsure", sentences=(), citations=(), closest=closest, words=every)))
    turns.append((every, answer(outcome="error", partial=every, citations=(), failure=Failure(every, every))))
    coverage = replace(COVERAGE, outlets=((hostile[0], 1),))
    engine = Scripted(opened=Opened(coverage, host=hostile[1], session=3, turns=tuple(turns)))
    engine.shelf, engine.model, engine.questions = shelf, f"openai:{hostile[2]}", hostile[:3]
    async with running(engine, size) as (pilot, app):
        for key in range(len(turns) - 2):
            app.chat.transcript.choose(key)
            app.chat.transcript.post_message(TurnChosen())
            app.chat.transcript.post_message(QuoteChosen("1"))
            await wait_until(pilot, lambda key=key: app.chat.reading and _heading(app).endswith(f"answer {key + 1}"))
            harmless(app)
            await pilot.press("escape")
            await wait_until(pilot, lambda: not app.chat.reading)
            harmless(app)
        for words in hostile:
            head = app.chat.head
            head.title, head.host, head.chips = words, words, (words,)
            assert str(head.render()) == clean(str(head.render()), lines=False)
        engine.notice(every)
        await wait_until(pilot, lambda: app.chat.query_one(Status).said)
        harmless(app)
        assert app.is_running


@pytest.mark.parametrize(("size", "hostile"), SIZES)
async def test_hostile_text_does_nothing_in_a_list_or_a_search(size: tuple[int, int], hostile: tuple[str, ...]) -> None:
    saved = [Session(n, "default", words, 1, "2024-03-15", words, ((0, 3),), n % 2) for n, words in enumerate(hostile)]
    shelf = {
        f"x{n}": replace(TRAM, id=f"x{n}", title=words, outlet=words, text=words) for n, words in enumerate(hostile)
    }
    async with running(Scripted(conversations=saved, shelf=shelf, opened=Opened(COVERAGE, last=saved[0])), size) as (
        pilot,
        app,
    ):
        for key in ("ctrl+s", "ctrl+b"):
            await pilot.press(key)
            await wait_until(pilot, lambda: isinstance(app.screen, ListScreen) and app.screen.rows.items)
            screen = app.screen
            assert isinstance(screen, ListScreen) and len(screen.rows.items) == len(hostile)
            while screen.rows.at < len(hostile) - 1:
                harmless(app)
                await pilot.press("pagedown")
            harmless(app)
            screen.note(hostile[1])
            screen.search.value = "".join(hostile[:20])
            await pilot.pause()
            harmless(app)
            await pilot.press("escape")
            await wait_until(pilot, lambda: app.screen is app.chat)
        await pilot.press("ctrl+f")
        app.post_message(Paste("".join(hostile[:20])))
        await wait_until(pilot, lambda: "no match" in shown(app))
        harmless(app)


def _heading(app: Chat) -> str:
    return str(app.chat.side.query_one("#heading", Static).content)
