"""Footnotes of the chat: they open their article at the quote, by key and by click, at every width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chat_engine import (
    BUILD,
    CLOSEST,
    FIRST,
    NARROW,
    POLL,
    QUESTION,
    SECOND,
    TRAM,
    TURNOUT,
    VOTE,
    WIDE,
    Scripted,
    answer,
    answered,
    ask,
    click,
    held_open,
    lit,
    over_article,
    quoted,
    running,
    shown,
    stream,
    until_streamed,
    wait_until,
)
from textual.widgets import Static

from bot.conversation import Sentence, Speaker
from bot.errors import UsageError
from bot.events import Delta
from bot.tui.widgets.reader import Paragraph

# -- footnotes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_number_key_opens_the_article_at_its_quote(size: tuple[int, int]) -> None:
    async with running(Scripted(), size) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "2")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        assert app.focused is app.chat.side.reader.text
        await pilot.press("escape")
        await wait_until(pilot, lambda: not app.chat.reading)
        assert app.focused is app.chat.prompt and QUESTION in shown(app)


async def test_who_says_a_quote_stands_beside_it_and_over_the_open_article() -> None:
    said = replace(SECOND, speaker=Speaker("officials", 8, 17, anonymous=True))
    told = "· said by officials (unnamed)"
    for size in (WIDE, (108, 24)):
        async with running(Scripted([stream(answer(citations=(FIRST, said)))]), size) as (pilot, app):
            await answered(pilot)
            drawn = (app.chat.side if size == WIDE else app.chat.transcript).query(Static)
            assert "".join(str(one.content) for one in drawn).count(told) == 1
            await pilot.press("tab", "1")
            await wait_until(pilot, lambda app=app: app.chat.reading)
            assert "said by" not in over_article(app)
            await pilot.press("n")
            await wait_until(pilot, lambda app=app: lit(app) == TURNOUT)
            assert told in over_article(app)


async def test_a_click_on_a_number_opens_it_also_while_the_answer_streams() -> None:
    engine = Scripted([held_open(Delta(f"{VOTE} [1] More", (FIRST,)))])
    async with running(engine) as (pilot, app):
        await ask(pilot)
        await until_streamed(pilot, app, "More")
        await wait_until(pilot, lambda: "[1]" in shown(app))
        await click(pilot, app, "[1]")
        await wait_until(pilot, lambda: lit(app) == VOTE)
        assert app.chat.asking is not None


async def test_n_and_p_go_through_the_footnotes() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == VOTE)
        await pilot.press("p")  # there is none before the first
        await pilot.press("n")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        assert "[2] of 2" in over_article(app)
        await pilot.press("p")
        await wait_until(pilot, lambda: lit(app) == VOTE)


async def test_a_quote_over_a_paragraphs_end_is_marked_in_both() -> None:
    over = quoted(1, TRAM, TRAM.text[TRAM.text.index("with the mayor") : TRAM.text.index(" is due to begin")])
    engine = Scripted([stream(answer(citations=(over,)))])
    async with running(engine) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == "with the mayor abstaining. Construction")
        assert sum(paragraph.mark is not None for paragraph in app.chat.side.reader.query(Paragraph)) == 2


async def test_a_quote_far_down_is_in_view_under_a_head_that_stays_and_a_resize_keeps_it_there() -> None:
    words = "Paragraph 8 tells at some length"
    engine = Scripted([stream(answer(citations=(quoted(1, TRAM, words),)))])
    async with running(engine, (80, 20)) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == words)
        assert VOTE.split(",")[0] not in shown(app) and "[1] of 1 · Council backs tram line" in shown(app)
        for size in ((50, 16), WIDE, (60, 15)):
            await pilot.resize_terminal(*size)
            await wait_until(pilot, lambda: lit(app) == words, f"the quote at {size}")
        await pilot.press("home")
        await wait_until(pilot, lambda: "title: Council" in shown(app))
        await pilot.resize_terminal(70, 15)
        await wait_until(pilot, lambda: app.chat.size.width == 70)
        assert not lit(app)  # the reader had left it


async def test_letters_open_the_closest_passages_of_a_refusal() -> None:
    refusal = answer(outcome="not_in_corpus", sentences=(), citations=(), closest=CLOSEST, words="Not in the corpus.")
    async with running(Scripted([stream(refusal)])) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: "no footnote 1" in shown(app))
        await pilot.press("a")
        await wait_until(pilot, lambda: lit(app) == BUILD[:12])  # the marked words of the passage


async def test_an_earlier_answer_is_chosen_and_its_footnotes_open() -> None:
    engine = Scripted([stream(answer()), stream(answer("Second?", citations=(quoted(1, TRAM, BUILD),)))])
    async with running(engine) as (pilot, app):
        await answered(pilot)
        await answered(pilot, "Second?")
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == BUILD)
        await pilot.press("escape", "tab", "up")
        await wait_until(pilot, lambda: "SOURCES of answer 1" in shown(app))
        await pilot.press("1")
        await wait_until(pilot, lambda: lit(app) == VOTE)


async def test_an_article_that_is_gone_is_told() -> None:
    gone = UsageError("Article tram1 was forgotten on 2024-04-01.", "Ingest its file by name to read it again.")
    async with running(Scripted(faults={"article": gone})) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: "was forgotten" in " ".join(shown(app).split()))
        assert not app.chat.reading


async def test_a_question_asked_beside_an_open_article_closes_it_and_keeps_the_prompt() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: app.chat.reading)
        await answered(pilot, "And then?")
        assert not app.chat.reading and app.focused is app.chat.prompt


async def test_a_click_anywhere_on_a_source_opens_it_and_of_many_the_open_one_is_in_view() -> None:
    shelf = {f"n{number}": replace(POLL, id=f"n{number}", title=f"Article {number}") for number in range(1, 21)}
    many = tuple(quoted(number, article, TURNOUT) for number, article in enumerate(shelf.values(), 1))
    async with running(Scripted([stream(answer(citations=many))], shelf=shelf)) as (pilot, app):
        await answered(pilot)
        await click(pilot, app, "Harbour Times · 15 Mar 2024")
        await wait_until(pilot, lambda: app.chat.reading and "[1] of 20" in over_article(app))
        await pilot.press("alt+p")  # there is none before the first
        app.chat.action_open("20")
        await wait_until(pilot, lambda: "▸ Article 20" in shown(app))
        assert app.focused is app.chat.prompt


async def test_the_layout_follows_the_width() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        assert "SOURCES" in shown(app)
        await pilot.resize_terminal(*NARROW)
        await wait_until(pilot, lambda: "SOURCES" not in shown(app) and "Turnout climbs to 61% · Harbour" in shown(app))
        await pilot.resize_terminal(*WIDE)
        await wait_until(pilot, lambda: "SOURCES" in shown(app) and "Turnout climbs to 61% · Harbour" not in shown(app))


async def test_an_answer_drawn_anew_under_an_open_article_keeps_its_width() -> None:
    """On a small screen an open article hides the answer, whose headlines stay as they were."""
    async with running(Scripted(), NARROW) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: app.chat.reading)
        await pilot.press("m")
        await wait_until(pilot, lambda: "✓" in shown(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: "[1]✓" in shown(app))
        assert "Council backs tram line · Daily Ledger" in shown(app)


async def test_the_layout_follows_a_width_that_changed_under_the_help() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        await pilot.press("f1")
        await wait_until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.resize_terminal(*NARROW)
        await pilot.press("escape")
        await wait_until(pilot, lambda: "SOURCES" not in shown(app) and "Turnout climbs to 61% · Harbour" in shown(app))


@pytest.mark.parametrize(
    ("between", "count"),
    [("\n\n", 300), pytest.param(" ", 3_000, marks=pytest.mark.torture)],
    ids=["many paragraphs", "one paragraph"],
)
async def test_of_a_long_article_what_is_around_the_quote_is_drawn_and_the_rest_on_the_way(
    between: str, count: int
) -> None:
    lines = between.join(f"Line {number} of a very long report of the council." for number in range(count))
    long = replace(TRAM, text=f"{lines}{between}{VOTE}{between}{lines} At the end.")
    cited = quoted(1, long, VOTE)
    said = answer(sentences=(Sentence(VOTE, (1,), "quoted"),), citations=(cited,))
    async with running(Scripted([stream(said)], shelf={"tram1": long})) as (pilot, app):
        await answered(pilot)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == VOTE)
        text = app.chat.side.reader.text
        assert len(text.children) < 200
        await pilot.press("end")
        await wait_until(pilot, lambda: "At the end." in shown(app))
        await pilot.press("home")
        await wait_until(pilot, lambda: "Line 0 of" in shown(app) and text.scroll_y == 0)
        for _ in range(2):
            before = len(text.children)
            text.scroll_to(y=text.max_scroll_y, animate=False)
            await wait_until(pilot, lambda before=before: len(text.children) > before)
        await pilot.press("slash", *f"Line {count - 9} of")
        await wait_until(pilot, lambda: "1 of 2" in shown(app) and f"Line {count - 9} of" in shown(app))
        text.scroll_to(y=0, animate=False)  # what stands before it is drawn, and the view stays
        await wait_until(pilot, lambda: text.scroll_y > 0)
        assert len(text.children) < 400
