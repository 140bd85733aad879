"""Every state of the chat screen, reached by a pilot and held against a picture, at both sizes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from chat_engine import (
    CLOSEST,
    COVERAGE,
    FIRST,
    QUESTION,
    READING,
    VOTE,
    Clock,
    Scripted,
    answer,
    answered,
    ask,
    chat,
    lit,
    no_corpus,
    ready,
    searching,
    shown,
    stream,
    wait_until,
)
from pytest_textual_snapshot import SVGImageExtension
from textual._doc import take_svg_screenshot
from textual.pilot import Pilot
from textual.screen import ModalScreen

from bot.conversation import Answer, Moment, Sentence, Session
from bot.errors import ProviderError
from bot.events import Delta, Retrieved
from bot.tui.app import Chat
from bot.tui.engine import Opened
from store.errors import CorpusDamaged, FootnoteError
from store.passage import Filters
from store.progress import Progress

SVGImageExtension.file_extension = "svg"  # which the plug-in still sets by the name that syrupy 4 had
SMALL = (60, 15)
SIZES = {"wide": (120, 36), "narrow": (80, 24)}
Drive = Callable[[Pilot[FootnoteError], Chat, Clock], Awaitable[None]]


@dataclass(frozen=True)
class State:
    """An engine, how to get into the state, and what must then stand on the screen, and what must not."""

    engine: Callable[[], Scripted]
    drive: Drive
    stands: tuple[str, ...]
    lacks: tuple[str, ...] = ()


async def _load(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)


async def _sampled(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await wait_until(pilot, lambda: app.chat.samples)


async def _first_frame(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await pilot.press(*"who")
    await wait_until(pilot, lambda: app.chat.prompt.text == "who")


async def _queued(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ask(pilot)
    await wait_until(pilot, lambda: app.chat.asking is not None)
    clock.now += 1.2
    app.chat.tick()
    await pilot.pause()


async def _answered(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await answered(pilot)


async def _asked(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await ask(pilot)


async def _searching(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _asked(pilot, app, clock)
    await wait_until(pilot, lambda: app.chat.asking is not None and app.chat.transcript.turns[-1].standalone)
    clock.now += 0.3
    app.chat.tick()
    await pilot.pause()


async def _retrieved(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _asked(pilot, app, clock)
    await wait_until(pilot, lambda: app.chat.asking is not None and "reading" in app.chat.asking.doing)
    clock.now += 0.8
    app.chat.tick()
    await pilot.pause()


async def _streaming(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _asked(pilot, app, clock)
    await wait_until(pilot, lambda: app.chat.transcript.turns[-1].text.endswith("Construction"))
    clock.now += 1.5
    app.chat.tick()
    await pilot.pause()


async def _stopped(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _streaming(pilot, app, clock)
    await pilot.press("escape")
    await wait_until(pilot, lambda: app.chat.asking is None)


async def _read(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _answered(pilot, app, clock)
    await pilot.press("tab", "1")
    await wait_until(pilot, lambda: app.chat.reading and lit(app))


async def _marked(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _read(pilot, app, clock)
    await pilot.press("m", "m")
    await wait_until(pilot, lambda: "✗ wrong" in shown(app))


async def _log(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _answered(pilot, app, clock)
    app.chat.prompt.text = ""
    await pilot.press("tab", "l")
    await wait_until(pilot, lambda: len(app.screen_stack) == 2)


async def _unasked(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _browse(pilot, app, clock)
    await pilot.press("up", "space", "up", "enter")
    await wait_until(pilot, lambda: app.chat.reading and app.chat.part == "reader")


async def _help(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await pilot.press("f1")
    await wait_until(pilot, lambda: len(app.screen_stack) == 2)


async def _sessions(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await pilot.press("ctrl+s")
    await wait_until(pilot, lambda: "conversation" in shown(app) and "2 turns" in shown(app))
    await pilot.press(*"7-2")
    await wait_until(pilot, lambda: "1 hit" in shown(app))


async def _renaming(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _sessions(pilot, app, clock)
    await pilot.press("f2")
    await wait_until(pilot, lambda: len(app.screen_stack) == 3)


async def _deleting(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _sessions(pilot, app, clock)
    await pilot.press("down", "d")
    await wait_until(pilot, lambda: len(app.screen_stack) == 3)


async def _palette(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await pilot.press("ctrl+p", *"date")
    await wait_until(pilot, lambda: len(app.screen_stack) == 2 and "/until DATE" in shown(app))


async def _ingesting(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _answered(pilot, app, clock)
    await pilot.press(*"/ingest ~/news", "enter")
    await wait_until(pilot, lambda: "0 of 400" in shown(app))
    clock.now += 2
    app.chat.show_ingest(Progress("reading", 120, 400), 2.0)
    await pilot.pause()


async def _browse(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await pilot.press("ctrl+b")
    await wait_until(pilot, lambda: "3 articles" in shown(app))
    await pilot.press("down", "space")
    await wait_until(pilot, lambda: "1 ticked" in shown(app))


async def _find(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _answered(pilot, app, clock)
    await pilot.press("ctrl+f", *"the")
    await wait_until(pilot, lambda: "1 of 6" in shown(app))


async def _listed(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await ready(pilot)
    await pilot.press("/")
    await wait_until(pilot, lambda: app.chat.query_one("#commands").display)


async def _pinning(pilot: Pilot[FootnoteError], app: Chat, clock: Clock) -> None:
    await _answered(pilot, app, clock)
    app.chat.action_pin()
    await wait_until(pilot, lambda: len(app.screen_stack) == 2)


def _engine(*script: Any, **more: Any) -> Callable[[], Scripted]:
    return lambda: Scripted(script, **more)


def _streamed() -> Scripted:
    return Scripted(
        [[searching(), Retrieved(READING), Delta(f"{VOTE} [1] ", (FIRST,)), Delta("Construction"), asyncio.Event()]]
    )


def _loading(*names: str) -> Callable[[], Scripted]:
    return lambda: Scripted(gates={name: asyncio.Event() for name in names})


def _refusal(outcome: str, words: str, **more: Any) -> Answer:
    return answer(outcome=outcome, sentences=(), citations=(), closest=CLOSEST, words=words, **more)


PARTLY = answer(
    outcome="partly", model="openai:small",
    sentences=(
        Sentence("The council backed the line.", (1,), "supported"),
        Sentence("The mayor was against it.", (), "unsupported", "no source"),
        Sentence("Turnout fell.", (), "unsupported", "the articles say otherwise"),
        Sentence("More is not said.", (), "none"),
    ),
)  # fmt: skip
CONFLICT = answer(outcome="conflicting")
SEARCHED = "Not in the corpus. Searched 2,412 articles (1990-01-02 to 2024-03-15, 12 undated; Daily Ledger)."
LIMITS = Filters(since="2022-07-01", outlets=("Daily Ledger",))
DOWN = ProviderError("The server cannot be reached.", "Is it running?", "provider_down")
KEY = ProviderError("The provider refused the key.", "Set it with: footnote keys set openai", "provider_key")

CONVERSATION = Session(
    3, "default", "The eastern tram line", 2, "2024-03-15T10:00:00Z",
    hit="After a four-hour debate, members voted 7-2 in favour of the plan", marks=((40, 43),), turn=1,
)  # fmt: skip

STATES = {
    "no-corpus": State(
        _engine(faults={"open": no_corpus()}), _load, ("No corpus yet.", "footnote ingest PATH", "● no corpus")
    ),
    "closed": State(
        _engine(faults={"open": CorpusDamaged("record.sqlite3 cannot be read.", "Restore it from a backup.")}), _load,
        ("The corpus cannot be used now.", "Restore it from a backup.", "● closed", "Until this is mended"),
    ),
    "loading": State(_loading("open"), _first_frame, ("who", "● loading")),
    "queued": State(_loading("load"), _queued, (QUESTION, "waits for the corpus · 1.2 s")),
    "ready": State(
        _engine(), _sampled,
        ("2,412 articles · 1990–2024", "12 undated", "▸ Who voted against the line?", "Who is Jo Marsh?", "Enter asks"),
    ),
    "searching": State(
        lambda: Scripted([[searching(standalone="What did the council decide in March 2024?"), asyncio.Event()]]),
        _searching,
        ("⠙ searching · 0.3 s", "esc stop", "looked up as: What did the council decide in March 2024?", "● answering"),
    ),
    "reading": State(
        lambda: Scripted([[searching(), Retrieved(READING), asyncio.Event()]]), _retrieved,
        ("⠙ reading 3 passages · 0.8 s", "esc stop"),
    ),
    "streaming": State(_streamed, _streaming, ("[1] Construction", "answering · 1.5 s"), ("stopped",)),
    "stopped": State(
        _streamed, _stopped, (QUESTION, "[1] Construction", "stopped;", "● ready"), ("quoted", "esc stop")
    ),
    "answered": State(_engine(), _answered, ("2 footnotes · 2/2 quoted · 14–15 Mar 2024 · 0.4 s", "[2]")),
    "not-in-corpus": State(
        _engine(stream(_refusal("not_in_corpus", SEARCHED))), _answered,
        ("Not in the corpus.", "Closest, not used:", "a Council backs tram line"),
    ),
    "outside-coverage": State(
        _engine(stream(_refusal("outside_coverage", "No article of the corpus is from 1950.", notices=("One note",)))),
        _answered, ("No article of the corpus is from 1950.", "outside the corpus · 0.4 s"),
    ),
    "unsure": State(
        _engine(stream(_refusal("unsure", "Closest passages; they may not answer this."))), _answered,
        ("they may not answer this", "b A letter to the editor"),
    ),
    "partly": State(
        _engine(stream(PARTLY), model="openai:small", opened=Opened(COVERAGE, host="api.example.com")), _answered,
        ("(no source)", "(the articles say otherwise)", "1/3 supported", "→ api.example.com"),
    ),
    "conflicting": State(_engine(stream(CONFLICT)), _answered, ("Harbour Times · 15 Mar 2024: Turnout",)),
    "course": State(
        _engine(stream(answer(course=(Moment(1, "2023-03-14", "2023-03-14"), Moment(2))))), _answered,
        ("14 Mar 2023 ●", "order unknown"),
    ),
    "cut": State(_engine(stream(answer(outcome="cut"))), _answered, ("The model stopped early.", "2/2 quoted")),
    "error": State(
        _engine([searching(), KEY]), _answered, ("✗ The provider refused the key.", "Set it with: footnote keys set")
    ),
    "log": State(
        _engine([searching(), KEY], told="2024-03-15 10:00:00 UTC\n" + "provider_key: It was refused.\n" * 40), _log,
        ("/home/me/footnote/log.txt", "provider_key: It was refused.", "Log", "↑↓ scroll · Esc closes"),
    ),
    "offline": State(
        _engine([searching(), Retrieved(READING), DOWN]), _answered,
        ("✗ The server cannot be reached.", "● offline", "Council backs tram line", "ctrl+r asks again"),
    ),
    "filtered": State(
        _engine(opened=Opened(COVERAGE, LIMITS, replace(COVERAGE, documents=12))), _sampled, ("12 of 2,412 articles",)
    ),
    "commands": State(_engine(), _listed, ("/since DATE", "articles from that day", "/corpus NAME")),
    "pin": State(_engine(), _pinning, ("Pin this answer as an eval case?", "y pins it · Enter, n or Esc does not")),
    "sessions": State(
        _engine(conversations=[CONVERSATION, replace(CONVERSATION, id=4, title="Who is Jo Marsh?", hit="")]), _sessions,
        ("▸ The eastern tram line 2 turns · 15 Mar 2024", "members voted 7-2 in favour", "↓ To the rows ⏎ Go on"),
        ("Jo Marsh",),
    ),
    "rename": State(_engine(conversations=[CONVERSATION]), _renaming, ("Title", "Enter keeps it · Esc does not")),
    "delete": State(
        _engine(conversations=[CONVERSATION]), _deleting, ("Delete s3?", "y deletes it · Enter, n or Esc does not")
    ),
    "palette": State(_engine(), _palette, ("/since DATE", "/until DATE", "/asof DATE")),
    "ingesting": State(
        lambda: Scripted(gates={"ingest": asyncio.Event()}), _ingesting,
        ("ingest: reading ━", "120 of 400 · 60/s · 5 s left · /ingest stop", "2/2 quoted"),
    ),
    "browse": State(
        _engine(), _browse,
        ("3 articles · newest first · 1 ticked: Esc asks only it", "[x] 15 Mar 2024", "undated", "space Tick"),
    ),
    "unasked": State(_engine(), _unasked, ("Turnout climbs to 61%", "/ Find tab Ask esc Close"), ("n/p",)),
    "find": State(_engine(), _find, ("find in the answers: the", "1 of 6", "⏎ ↓ Next match")),
    "offered": State(_engine(opened=Opened(COVERAGE, last=CONVERSATION)), _sampled, ("2 turns · ctrl+s opens it",)),
    "marked": State(
        _engine(stream(answer(around=(("2024-03-01", "2024-03-31"),)))), _marked,
        ("[1] of 2 · ✗ wrong", "Footnote 1 is marked: wrong."),
    ),
    "article": State(
        _engine(), _read,
        ("[1] of 2 · Council backs tram line", "14 Mar 2024 · ¶1 of 10", "o open y copy m mark t only this"),
    ),
    "help": State(_engine(), _help, ("prompt", "new line", "Esc closes")),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)


def held(state: State, size: tuple[int, int], snap_compare: Any, theme: str = "dark") -> bool:
    """Whether the state is reached, stands in words on the screen and looks as in its picture."""
    clock = Clock()
    app = chat(state.engine(), clock)
    app.theme = theme

    async def drive(pilot: Pilot[FootnoteError]) -> None:
        await state.drive(pilot, app, clock)
        resized = () if isinstance(app.screen, ModalScreen) else (SMALL, size)  # what lies under a window is cut anew
        for other in resized:  # a picture is the same again after the terminal was another for a moment
            await pilot.resize_terminal(*other)
            await wait_until(pilot, lambda other=other: app.screen.size == other)
        drawn = [str(view.content) for view in app.chat.transcript.views]  # the screen breaks lines, the turn does not
        seen = " ".join(" ".join([shown(app), *drawn]).split())
        assert not [words for words in state.stands if words not in seen], shown(app)
        assert not [words for words in state.lacks if words in seen], shown(app)

    return bool(snap_compare(app, terminal_size=size, run_before=drive))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STATES)
def test_state(name: str, size: str, snap_compare: Any) -> None:
    assert held(STATES[name], SIZES[size], snap_compare)


def test_an_article_without_colours(snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert held(STATES["article"], SIZES["wide"], snap_compare)


@pytest.mark.parametrize("theme", ["light", "ansi-dark", "ansi-light"])
def test_an_article_in_another_theme(theme: str, snap_compare: Any) -> None:
    assert held(STATES["article"], SIZES["wide"], snap_compare, theme)


def test_two_states_differ_as_pictures() -> None:
    """What the comparison rests on: a changed screen is another picture."""
    pictures = set()
    for name in ("answered", "error"):
        state, clock = STATES[name], Clock()
        app = chat(state.engine(), clock)
        pictures.add(take_svg_screenshot(app, terminal_size=(80, 24), run_before=partial(_driven, state, clock)))
    assert len(pictures) == 2


async def _driven(state: State, clock: Clock, pilot: Pilot[FootnoteError]) -> None:
    assert isinstance(pilot.app, Chat)
    await state.drive(pilot, pilot.app, clock)
