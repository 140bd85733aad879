"""Every key of the table, pressed where it acts, runs its action."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chat_engine import CLOSEST, QUESTION, Scripted, answer, answered, running, stream, wait_until
from textual.pilot import Pilot

from bot.conversation import Failure
from bot.tui.app import Chat
from bot.tui.keys import LETTERS, PARTS, TABLE
from store.errors import FootnoteError

PASSAGES = tuple(replace(CLOSEST[0], letter=letter) for letter in LETTERS)
FAILED = answer(
    outcome="error", sentences=(), citations=(), closest=PASSAGES, failure=Failure("The server is busy.", "Wait.")
)


async def focused(pilot: Pilot[FootnoteError], app: Chat, part: str) -> None:
    """Gives a part of the screen the focus, over an answer that failed with nine passages found."""
    await answered(pilot, QUESTION)
    app.chat.prompt.text = ""
    if part == "transcript":
        app.chat.set_focus(app.chat.transcript)
    elif part == "reader":
        app.chat.action_open("a", True)
        await wait_until(pilot, lambda: app.chat.part == "reader")
    elif part == "find":
        await pilot.press("ctrl+f")
        await wait_until(pilot, lambda: app.chat.part == "find")
    elif part in ("list", "browse", "sessions"):
        await pilot.press("ctrl+s" if part == "sessions" else "ctrl+b")
        await wait_until(pilot, lambda: getattr(app.screen, "part", "") in ("browse", "sessions"))
        app.screen.set_focus(app.screen.query_one("#rows"))


@pytest.mark.parametrize("part", PARTS)
async def test_every_key_runs_its_action(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(Scripted([stream(FAILED)])) as (pilot, app):
        await focused(pilot, app, part)
        ran: list[str] = []

        async def run(action: object, *given: object, **more: object) -> bool:
            ran.append(str(action))
            return True

        async def back() -> None:
            ran.append("back")

        monkeypatch.setattr(app, "run_action", run)
        monkeypatch.setattr(app.chat, "action_back", back)
        for key in TABLE:
            for names, action in key.bound if key.part == part else ():
                for name in names.split(","):
                    ran.clear()
                    await pilot.press(name)
                    await wait_until(pilot, lambda: ran, name)
                    assert ran == [action], name
