"""An ingest beside the chat, in a process of its own: its steps, how it ends, and that who leaves it ends it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.commands import background
from bot.errors import BotError
from store.corpus import Corpus
from store.progress import Progress


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


async def test_its_steps_come_and_then_what_was_done(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mill.txt").write_text("The mill reopens in June.\n")
    *steps, said = [step async for step in background.ingested("default", str(tmp_path / "mill.txt"))]
    assert all(isinstance(step, Progress) for step in steps) and {step.stage for step in steps if step} >= {"reading"}
    assert isinstance(said, str) and said.startswith("1 added, 0 changed")
    assert Corpus(home / "corpora" / "default").coverage().documents == 1


async def test_what_goes_wrong_is_told_and_who_leaves_ends_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BotError, match="nowhere"):
        await anext(background.ingested("default", str(tmp_path / "nowhere")))
    waits = 'print(\'{"stage": "reading", "done": 0, "total": 1}\', flush=True); import time; time.sleep(600)'
    monkeypatch.setattr(background, "START", waits)
    async with asyncio.timeout(60), aclosing(background.ingested("default", "")) as steps:
        assert await anext(steps) == Progress("reading", 0, 1)
    monkeypatch.setattr(background, "START", "import os; os._exit(9)")
    with pytest.raises(BotError, match="cut short"):
        await anext(background.ingested("default", ""))
