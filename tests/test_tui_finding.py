"""Finding in the chat: words in the answers and in the open article, match by match."""

from __future__ import annotations

import pytest
from chat_engine import COVERAGE, NARROW, WIDE, Scripted, answer, answered, ask, lit, running, shown, wait_until
from textual.content import Content

from bot.tui.app import Chat
from bot.tui.engine import Opened
from bot.tui.widgets.transcript import MOUNTED


def found(app: Chat) -> str:
    """What is marked on the screen as the match in view."""
    strips = app.screen._compositor.render_strips()
    pieces = [s for strip in strips for s in strip if s.style and s.style.reverse and s.style.underline]
    return " ".join(Content("".join(piece.text for piece in pieces)).plain.split())


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_matches_in_the_answers_are_counted_and_gone_through(size: tuple[int, int]) -> None:
    async with running(Scripted(), size) as (pilot, app):
        await answered(pilot)
        await answered(pilot, "And the MEMBERS?")
        await pilot.press("ctrl+f", *"members")
        await wait_until(pilot, lambda: found(app) == "MEMBERS" and "2 of 3" in shown(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: found(app) == "members" and "3 of 3" in shown(app))
        await pilot.press("down")
        await wait_until(pilot, lambda: "1 of 3" in shown(app))
        await pilot.press("up")
        await wait_until(pilot, lambda: "3 of 3" in shown(app))
        await pilot.press(*" xyz")
        await wait_until(pilot, lambda: "no match" in shown(app) and not found(app))
        await pilot.press("enter", "escape")
        await wait_until(pilot, lambda: app.focused is app.chat.prompt and "no match" not in shown(app))


async def test_a_match_in_a_turn_that_is_not_drawn_yet_is_drawn() -> None:
    turns = tuple((f"Question {number}?", answer(f"Question {number}?")) for number in range(MOUNTED + 30))
    async with running(Scripted(opened=Opened(COVERAGE, session=3, turns=turns))) as (pilot, app):
        assert len(app.chat.transcript.views) == MOUNTED
        await pilot.press("ctrl+f", *"question 7?")
        await wait_until(pilot, lambda: found(app) == "Question 7?" and "1 of 1" in shown(app))
        await pilot.press("escape", "ctrl+end")
        await wait_until(pilot, lambda: "Question 79?" in shown(app))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_slash_finds_in_the_open_article_and_esc_leads_back_to_it(size: tuple[int, int]) -> None:
    async with running(Scripted(), size) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app))
        await pilot.press("slash", *"paragraph 7")
        await wait_until(pilot, lambda: found(app) == "Paragraph 7" and "1 of 1" in shown(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.focused is app.chat.side.reader.text and not found(app))
        await pilot.press("ctrl+f")  # in the answers, where they stand beside the article
        where = "find in the answers" if size == WIDE else "find in the article"
        await wait_until(pilot, lambda: where in shown(app))
        await pilot.press("escape", "escape")
        await wait_until(pilot, lambda: not app.chat.reading)


async def test_a_question_that_is_asked_meanwhile_closes_the_article_and_the_line() -> None:
    async with running(Scripted(), NARROW) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app))
        await pilot.press("slash", *"spring")
        await wait_until(pilot, lambda: found(app) == "spring")
        await ask(pilot, "And then?")
        await wait_until(pilot, lambda: not app.chat.reading and app.chat.searched is None)
