"""The chat screen with a scripted engine: what its keys and clicks do, what is saved, and what stays on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from chat_engine import (
    BUILD,
    CLOSEST,
    COVERAGE,
    FIRST,
    POLL,
    QUESTION,
    READING,
    SECOND,
    TRAM,
    TURNOUT,
    VOTE,
    Clock,
    Scripted,
    answer,
    answered,
    ask,
    chat,
    lit,
    no_corpus,
    quoted,
    ready,
    searching,
    shown,
    stream,
    wait_until,
)
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from bot.conversation import Failure, Place, Speaker
from bot.errors import BotError, ProviderError, SessionsDamaged, UsageError
from bot.events import Delta, Retrieved
from bot.show.clean import clean
from bot.tui.app import Chat
from bot.tui.draw.base import DROPS, OPENS
from bot.tui.engine import Opened
from bot.tui.keys import COMMANDS, DIGITS, KEYS, LETTERS, READER
from bot.tui.messages import QuoteChosen, TurnChosen
from bot.tui.modals import PinScreen, help_columns
from bot.tui.widgets.head import Status
from bot.tui.widgets.reader import Headline, Paragraph
from bot.tui.widgets.transcript import MOUNTED
from store.errors import FootnoteError
from store.passage import Filters

WIDE, NARROW = (120, 36), (80, 24)


@asynccontextmanager
async def running(engine: Scripted, size: tuple[int, int] = WIDE) -> AsyncIterator[tuple[Pilot[FootnoteError], Chat]]:
    app = chat(engine, Clock())
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        yield pilot, app


def held_open(*before: Any) -> list[Any]:
    """An answer that has begun and does not go on."""
    return [searching(), Retrieved(READING), *before, asyncio.Event()]


async def until_streamed(pilot: Pilot[FootnoteError], app: Chat, words: str) -> None:
    await wait_until(pilot, lambda: app.chat.transcript.turns and words in app.chat.transcript.turns[-1].text, words)


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


def send(app: Chat, text: str) -> None:
    """Sends keys all at once, as a terminal does that pastes without brackets: \r for Enter, \n for ctrl+j."""
    names = {"\r": "enter", "\n": "ctrl+j"}
    for letter in text:
        app.post_message(Key(names.get(letter, letter), letter))


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
    engine = Scripted([stream(answer()), stream(refusal)])
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
        await typed(screen.side.reader.text, {*DIGITS, "n", "p", *(key for key, _, _ in READER)})
        assert screen.reading and not engine.pinned and len(engine.asked) == 1
        await answered(pilot, "And the other?")
        await typed(screen.transcript, LISTED)


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


# -- loading ---------------------------------------------------------------------------------------


async def test_a_question_entered_while_loading_is_asked_when_the_corpus_is_ready() -> None:
    gate = asyncio.Event()
    engine = Scripted(gates={"load": gate})
    app = chat(engine)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot)
        await wait_until(pilot, lambda: "waits for the corpus" in shown(app))
        assert not engine.asked and not engine.saved
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
        assert app.chat.prompt.disabled and app.chat.prompt.text == f"{QUESTION}\nmore"
        assert "footnote ingest" in shown(app)


async def test_a_corpus_that_cannot_be_used_ends_the_chat_with_its_error() -> None:
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


# -- footnotes -------------------------------------------------------------------------------------


async def click(pilot: Pilot[FootnoteError], app: Chat, words: str) -> None:
    """Clicks in the middle of where some words were drawn."""
    for y, line in enumerate(shown(app).splitlines()):
        if words in line:
            assert await pilot.click(offset=(line.index(words) + len(words) // 2, y))
            return
    raise AssertionError(f"{words!r} is not on the screen:\n{shown(app)}")


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
    said = replace(SECOND, speaker=Speaker("harbour officials", 0, 17, anonymous=True))
    told = "· said by harbour officials (unnamed)"
    for size in (WIDE, NARROW):
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


def over_article(app: Chat) -> str:
    """The head of the open article, which never scrolls away."""
    return str(app.chat.side.query_one(Headline).content)


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
        await wait_until(pilot, lambda: lit(app) == BUILD)


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
    async with running(engine) as (pilot, app):
        await pilot.press("/")
        await wait_until(pilot, lambda: all(key.written in shown(app) for key in COMMANDS.values()))
        await pilot.press("s", "tab")
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
        send(app, "/open 2\r")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        send(app, "/only\r")
        await wait_until(pilot, lambda: "[in Turnout climbs to 61% ×]" in shown(app))
        assert not app.chat.transcript.turns[1:]  # no command was asked


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


async def test_the_layout_follows_the_width() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        assert "SOURCES" in shown(app)
        await pilot.resize_terminal(*NARROW)
        await wait_until(pilot, lambda: "SOURCES" not in shown(app) and "Turnout climbs to 61% · Harbour" in shown(app))
        await pilot.resize_terminal(*WIDE)
        await wait_until(pilot, lambda: "SOURCES" in shown(app) and "Turnout climbs to 61% · Harbour" not in shown(app))


async def test_the_layout_follows_a_width_that_changed_under_the_help() -> None:
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        await pilot.press("f1")
        await wait_until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.resize_terminal(*NARROW)
        await pilot.press("escape")
        await wait_until(pilot, lambda: "SOURCES" not in shown(app) and "Turnout climbs to 61% · Harbour" in shown(app))


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
        await pilot.press("tab", "up", "up", "1")
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
        assert max(map(len, text.splitlines())) <= 57  # two columns fit in 120, one in 60
        await pilot.press("escape")
        await wait_until(pilot, lambda: len(app.screen_stack) == 1)


def test_no_key_is_bound_that_a_terminal_sends_for_another() -> None:
    bound = {name for key in KEYS for names, _ in key.bound for name in names.split(",")}
    assert not bound & {"ctrl+i", "ctrl+m", "ctrl+h"}


# -- untrusted text --------------------------------------------------------------------------------

SEEDS = (
    "[@click=app.quit]here[/]", "[@click='app.quit']x", "[/x]", "[/]", "[bold]", "[red on blue]r[/red on blue]", "[[",
    "[link=https://evil.example]l[/link]", "https://evil.example", "\\[", "[$primary]", "$(id)", "{x!r}", "%s%n",
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;https://evil.example\x1b\\l\x1b]8;;\x1b\\",
    "\x9b31m", "\x00nul", "\x07bell", "\x08back", "\x7fdel", "\r\nline", "a\rb", "\u202eoverride", "]]",
    "\u2066isolate\u2069",
    "\u2028line", "\ufeffmark", "\U000e0041tag", "\U000e0001\U000e0041\U000e007f", "\ud800lone", "\uffff", "w" * 600,
    "日本語" * 60, "👩‍👩‍👧‍👦" * 20, "e\u0301" * 80, "\u0e19\u0e33" * 30, "\u200b" * 50, "\t\ttabs", " " * 40, "",
    "# head", "* item", "`code`", "![image](file:///etc/passwd)", "<script>", "&lt;", "[1] [2] [99] [1000]", "¶2 of 9",
)  # fmt: skip
AROUND: tuple[Callable[[str], str], ...] = (str, lambda s: f"[b]{s}", lambda s: f"x{s}y", lambda s: f"{s}\n\n{s}")
HOSTILE = tuple(wrap(seed) for wrap in AROUND for seed in SEEDS)


def test_there_are_two_hundred_hostile_strings() -> None:
    assert len(HOSTILE) >= 200


ACTIONS = tuple(action for _, _, action in READER)
BAR = ("scroll_up", "scroll_down", "grab")  # what a scroll bar does where it is pressed


def harmless(app: Chat) -> None:
    """Nothing on the screen steers a terminal, acts when it is clicked, or leads anywhere."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert not segment.control and segment.text == clean(segment.text, lines=False), repr(segment.text)
            assert segment.style is None or segment.style.link is None
            meta = {} if segment.style is None else segment.style.meta
            assert all(key in (OPENS, DROPS, "offset") or meta[key] in (*BAR, *ACTIONS) for key in meta), meta


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_hostile_text_does_nothing_on_any_surface(size: tuple[int, int]) -> None:
    """Transcript, sources, article, closest passages, model and title, forty strings a turn."""
    turns, shelf = [], {}
    for at in range(0, len(HOSTILE), 40):
        some = HOSTILE[at : at + 40]
        text = "\n\n".join(some)
        article = replace(TRAM, id=f"x{at}", title=text, outlet=some[0], author=some[1], source=some[2], text=text)
        shelf[article.id] = article
        citations = tuple(
            replace(quoted(1, article, text), number=number, document=replace(article, title=words, text=""))
            for number, words in enumerate(some, 1)
        )
        said = tuple(replace(answer().sentences[0], text=words, why=words) for words in some)
        turns.append((text, answer(text, sentences=said, citations=citations, notices=some)))
    every = " ".join(HOSTILE)
    closest = tuple(replace(CLOSEST[0], document=c.document) for c in citations)
    turns.append((every, answer(outcome="unsure", sentences=(), citations=(), closest=closest, words=every)))
    turns.append((every, answer(outcome="error", partial=every, citations=(), failure=Failure(every, every))))
    coverage = replace(COVERAGE, outlets=((HOSTILE[0], 1),))
    engine = Scripted(opened=Opened(coverage, host=HOSTILE[1], session=3, turns=tuple(turns)))
    engine.shelf, engine.model, engine.questions = shelf, f"openai:{HOSTILE[2]}", HOSTILE[:3]
    async with running(engine, size) as (pilot, app):
        for key in range(len(turns) - 2):
            app.chat.transcript.post_message(TurnChosen(key))
            app.chat.transcript.post_message(QuoteChosen("1"))
            await wait_until(pilot, lambda key=key: app.chat.reading and _heading(app).endswith(f"answer {key + 1}"))
            harmless(app)
            await pilot.press("escape")
            await wait_until(pilot, lambda: not app.chat.reading)
            harmless(app)
        for words in HOSTILE:
            head = app.chat.head
            head.title, head.host, head.chips = words, words, (words,)
            assert str(head.render()) == clean(str(head.render()), lines=False)
        engine.notice(every)
        await wait_until(pilot, lambda: app.chat.query_one(Status).said)
        harmless(app)
        assert app.is_running


def _heading(app: Chat) -> str:
    return str(app.chat.side.query_one("#heading", Static).content)


# -- pinning ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "kept"), [("enter", []), ("y", [Place(7, 1)]), ("escape", []), ("n", [])])
async def test_pinning_shows_what_a_turn_would_assert_and_pins_it_only_on_yes(key: str, kept: list[Place]) -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await answered(pilot)
        send(app, "/pin\r")
        await wait_until(pilot, lambda: isinstance(app.screen, PinScreen))
        assert "s7:1 as a case" in shown(app)
        await pilot.press(key)
        await wait_until(pilot, lambda: not isinstance(app.screen, PinScreen))
        await wait_until(pilot, lambda: engine.pinned == kept)


async def test_without_a_turn_there_is_nothing_to_pin() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        send(app, "/pin\r")
        await wait_until(pilot, lambda: "Only a saved turn" in shown(app))
        assert not isinstance(app.screen, PinScreen) and engine.pinning is None


# -- a fault of the screen -------------------------------------------------------------------------


def test_a_fault_of_the_screen_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError("no such width")

    monkeypatch.setattr("bot.tui.view.welcome", broken)
    error = chat(Scripted(), Clock()).run(headless=True)
    assert isinstance(error, BotError) and error.exit == 1
    assert "ZeroDivisionError: no such width" in error.message and "footnote chat -c" in error.next
    assert "Traceback" not in "".join(capsys.readouterr())


def test_a_fault_before_the_first_frame_ends_in_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError("no such part")

    monkeypatch.setattr("bot.tui.view.ChatView.compose", broken)
    error = chat(Scripted(), Clock()).run(headless=True)
    assert isinstance(error, BotError) and "ZeroDivisionError: no such part" in error.message
