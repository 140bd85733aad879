"""An ingest beside the chat, in a process of its own, so that the screen never waits; it tells JSON, a line a step."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from bot.errors import BotError
from store.errors import FootnoteError
from store.progress import Progress

START = "from bot.commands.background import main; main()"
OFTEN = 0.1  # least seconds between two reports of one stage


async def ingested(corpus: str, path: str) -> AsyncGenerator[Progress | str]:
    """The steps of an ingest of a path, "" for all roots, then a sentence with what was done; who leaves it ends it.

    Raises BotError for what went wrong there.
    """
    command = [sys.executable, "-P", "-c", START, corpus, *([path] if path else [])]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            told = json.loads(line)
            if "stage" in told:
                yield Progress(**told)
            elif "error" in told:
                raise BotError(told["error"], told["next"])
            else:
                yield told["done"]
                return
        raise BotError("The ingest was cut short; what it had written stays.", "Try in a shell: footnote ingest PATH")
    finally:
        if process.returncode is None:
            process.kill()  # a sync that is killed anywhere goes on at the next one
            await process.wait()


def main() -> None:
    """Syncs the corpus and the path that the arguments name."""
    from store.private import keep_private

    keep_private()
    corpus, *paths = sys.argv[1:]
    try:
        _tell({"done": _synced(corpus, [Path(path).expanduser() for path in paths])})
    except FootnoteError as error:
        _tell({"error": error.message, "next": error.next})


def _synced(corpus: str, paths: list[Path]) -> str:
    """What a sync did, in a sentence, with the first of what went wrong."""
    from bot import build
    from bot.commands.ingest import line
    from bot.settings import load, outlets
    from bot.settings import paths as places
    from store.outlets import Outlets

    began, last = perf_counter(), {"": 0.0}

    def report(now: Progress) -> None:
        if now.done == now.total or monotonic() - last.get(now.stage, 0.0) >= OFTEN:
            last[now.stage] = monotonic()
            _tell({"stage": now.stage, "done": now.done, "total": now.total})

    folder = places().corpus_folder(corpus)
    places().ensure(folder.parent)
    summary = build.sync(load({"corpus": corpus}), folder, report, outlets=Outlets(outlets())).ingest(paths)
    told = [f"{line(summary, perf_counter() - began)}."]
    if not (summary.problems or summary.passages):
        told.append("The corpus is still empty.")
    told += [f"{problem.message} {problem.next}" for problem in summary.problems[:1]]
    return " ".join(told)


def _tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)
