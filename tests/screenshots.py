"""Draws the pictures of the README from a real run over the sample articles: `make screenshots`."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from chat_engine import lit, wait_until

from bot.cli.main import run
from bot.commands.chat import Live
from bot.settings import load, paths
from bot.tui.app import Chat
from store.passage import Filters

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
QUESTIONS = ("How much oil flowed from the well each day?", "Who won the 2010 World Cup?")


def saved(app: Chat, name: str, title: str) -> None:
    """Writes what stands on the screen, without the fonts that such a picture would fetch."""
    picture = app.export_screenshot(title=title)
    picture = re.sub(r"@font-face \{.*?\}\s*|<!-- .*? -->", "", picture, flags=re.DOTALL)
    (DOCS / f"{name}.svg").write_text("\n".join(line.rstrip() for line in picture.splitlines()) + "\n", "utf-8")


async def drawn() -> None:
    """A chat from its first screen to a quote inside its article, and a refusal in the light theme."""
    app = Chat(Live(load(), paths(), Filters()), lively=False)
    async with app.run_test(size=(110, 30)) as pilot:

        async def until(predicate: Callable[[], object]) -> None:
            await wait_until(pilot, predicate)

        async def asked(question: str) -> None:
            app.chat.prompt.text = question
            await pilot.press("enter")
            await until(lambda: app.chat.asking is None and app.chat.transcript.turns[-1].question == question)
            await until(lambda: app.chat.transcript.turns[-1].paragraphs)

        await until(lambda: app.chat.samples)
        saved(app, "chat-start", "footnote")
        await asked(QUESTIONS[0])
        saved(app, "chat-answer", "footnote: an answer, its sources beside it")
        await pilot.press("tab", "1")
        await until(lambda: lit(app))
        saved(app, "chat-quote", "footnote: the quote inside its article")
        await pilot.press("escape")
        app.theme = "light"
        await pilot.resize_terminal(80, 24)
        await asked(QUESTIONS[1])
        saved(app, "chat-refusal", "footnote at 80x24, light: not in the corpus")


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    if run(["ingest", "-q", str(ROOT / "evals/suites/starter/corpus")]):
        raise SystemExit("The sample articles were not read.")
    asyncio.run(drawn())
    for file in sorted(DOCS.glob("*.svg")):
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    import os

    with tempfile.TemporaryDirectory() as home:
        os.environ["FOOTNOTE_HOME"] = home
        main()
