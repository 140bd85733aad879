"""What leaves the chat: copies, exports, originals, marks, and a question that goes through the editor."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from chat_engine import (
    COVERAGE,
    FIRST,
    QUESTION,
    TRAM,
    TURNOUT,
    VOTE,
    Scripted,
    answer,
    answered,
    held_open,
    lit,
    over_article,
    running,
    send,
    shown,
    wait_until,
)
from textual.pilot import Pilot

from bot.conversation import Place
from bot.events import Delta
from bot.tui.engine import Opened
from store.errors import FootnoteError


@pytest.fixture(autouse=True)
def _no_screen_of_a_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


async def said(pilot: Pilot[FootnoteError], words: str) -> None:
    await wait_until(pilot, lambda: words in shown(pilot.app), words)


# -- copies ----------------------------------------------------------------------------------------


async def test_an_answer_is_copied_with_its_sources_or_alone_and_an_open_quote_with_its_reference() -> None:
    engine = Scripted()
    engine.shelf["tram1"] = replace(TRAM, url="https://ledger.example/tram")
    async with running(engine) as (pilot, app):
        await pilot.press("alt+y")
        await said(pilot, "There is nothing to copy yet.")
        await answered(pilot)
        await pilot.press("alt+y")
        await said(pilot, "Copied (OSC 52) the answer with its sources")
        assert app.clipboard.startswith(f"{VOTE} [1] {TURNOUT} [2]\n[1] Council backs tram line · Daily Ledger")
        await pilot.press("alt+shift+y")
        await said(pilot, "Copied (OSC 52) the answer without its sources")
        assert app.clipboard == f"{VOTE} [1] {TURNOUT} [2]\n"
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app) == VOTE)
        await pilot.press("y")
        await said(pilot, "Copied (OSC 52) the quote with its reference")
        quote, reference, address = app.clipboard.splitlines()
        assert (quote, reference[:23]) == (f"“{VOTE}”", "Council backs tram line")
        assert address.startswith("https://ledger.example/tram#:~:text=After%20a%20four%2Dhour%20debate")


@pytest.mark.parametrize(("code", "way"), [(0, "xclip"), (1, "OSC 52")])
async def test_the_way_that_worked_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, way: str
) -> None:
    tool = tmp_path / "xclip"
    tool.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path}/copied\nexit {code}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":9")
    async with running(Scripted()) as (pilot, app):
        await answered(pilot)
        await pilot.press("alt+shift+y")
        await said(pilot, f"Copied ({way})")
        assert VOTE in app.clipboard and VOTE in (tmp_path / "copied").read_text()
        monkeypatch.setenv("SSH_TTY", "/dev/pts/1")  # the clipboard here is not the user's
        await pilot.press("alt+y")
        await said(pilot, "Copied (OSC 52)")


# -- the original ----------------------------------------------------------------------------------


async def test_the_original_is_the_page_at_the_quote_else_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Scripted()
    opened: list[str] = []
    async with running(engine) as (pilot, app):
        monkeypatch.setattr(app, "open_url", lambda url, **more: opened.append(url))

        async def reopened() -> None:
            for key, words in (("alt+2", TURNOUT), ("alt+1", VOTE)):
                await pilot.press(key)
                await wait_until(pilot, lambda words=words: lit(app) == words)
            await pilot.press("alt+o")

        await answered(pilot)
        await pilot.press("alt+o")
        await said(pilot, "Open a footnote first.")
        await reopened()
        await said(pilot, "its file is gone: tram.md")
        monkeypatch.setenv("DISPLAY", ":9")
        engine.files["tram1"] = tmp_path / "tram.md"
        engine.files["tram1"].write_text("here")
        await reopened()
        await wait_until(pilot, lambda: opened == [engine.files["tram1"].as_uri()])
        engine.shelf["tram1"] = replace(TRAM, url="https://ledger.example/tram")
        await reopened()
        await wait_until(pilot, lambda: len(opened) == 2)
        assert opened[1].startswith("https://ledger.example/tram#:~:text=After")
        monkeypatch.delenv("DISPLAY")
        await pilot.press("alt+o")
        await said(pilot, "there is no browser here:")
        assert app.clipboard == opened[1]


# -- marks -----------------------------------------------------------------------------------------


async def test_a_mark_is_set_by_key_and_by_word_saved_and_shown_after_a_resume() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await answered(pilot)
        send(app, "/mark use\r")
        await said(pilot, "Open a footnote first.")
        await pilot.press("tab", "2")
        await wait_until(pilot, lambda: lit(app) == TURNOUT)
        for sign, mark in (("✓ checked", "checked"), ("✗ wrong", "wrong"), ("★ use", "use")):
            await pilot.press("m")
            await wait_until(pilot, lambda sign=sign: sign in over_article(app))
            assert engine.marked == {(Place(7, 1), 2): mark}
        assert "[2]★" in shown(app)
        await pilot.press("m")
        await wait_until(pilot, lambda: "★" not in shown(app))
        send(app, "/mark WRONG\r")
        await wait_until(pilot, lambda: engine.marked[Place(7, 1), 2] == "wrong")
        send(app, "/mark good\r")
        await said(pilot, "A mark is checked, wrong, use or none.")
    saved = Opened(COVERAGE, session=7, turns=((QUESTION, answer()),), marks={(1, 2): "wrong"})
    async with running(Scripted(opened=saved)) as (pilot, app):
        await said(pilot, "[2]✗")


async def test_a_footnote_of_an_answer_that_is_still_coming_can_be_marked() -> None:
    engine = Scripted([held_open(Delta(f"{VOTE} [1] ", (FIRST,)))])
    async with running(engine) as (pilot, app):
        send(app, f"{QUESTION}\r")
        await said(pilot, "[1]")
        await pilot.press("alt+1")
        await wait_until(pilot, lambda: lit(app) == VOTE)
        await pilot.press("alt+m")
        await wait_until(pilot, lambda: engine.marked == {(Place(7, 1), 1): "checked"})
        await pilot.press("escape", "escape")
        await wait_until(pilot, lambda: app.chat.asking is None)
        assert app.chat.transcript.turns[0].marks == {"1": "checked"}


# -- export ----------------------------------------------------------------------------------------


async def test_a_conversation_is_exported_by_key_or_to_a_named_file() -> None:
    async with running(Scripted()) as (pilot, app):
        await pilot.press("alt+x")
        await said(pilot, "There is no saved conversation yet.")
        await answered(pilot)
        await pilot.press("alt+x")
        await said(pilot, "Written s7 to .")
        send(app, "/export tram.html\r")
        await said(pilot, "Written s7 to tram.html.")


# -- the editor ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "becomes"),
    [
        ('printf "%s and why?\\n" "$(cat "$1")" > "$1"', "Who voted and why?"),
        ('echo lost > "$1"; exit 3', "Who voted"),
    ],
    ids=["written", "failed"],
)
async def test_a_question_goes_through_the_editor_and_one_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, becomes: str
) -> None:
    editor = tmp_path / "an editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)

    @contextmanager
    def suspended() -> Iterator[None]:
        yield

    async with running(Scripted()) as (pilot, app):
        monkeypatch.setattr(app, "suspend", suspended)  # a headless driver cannot
        app.chat.prompt.text = "Who voted"
        await pilot.press("ctrl+g")
        await said(pilot, "No editor is named")
        monkeypatch.setenv("EDITOR", f"'{editor}'")
        await pilot.press("ctrl+g")
        await wait_until(pilot, lambda: app.chat.prompt.text == becomes)
        if becomes == "Who voted":
            await said(pilot, "ended with code 3")
        monkeypatch.setenv("EDITOR", os.fspath(tmp_path / "none"))
        await pilot.press("ctrl+g")
        await said(pilot, "cannot be started")
