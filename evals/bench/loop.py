"""The longest time for which the chat's event loop stands still, while it answers and while it ingests.

A task that ticks beside the chat measures it, in a process without a terminal: by the clock, which other programs
lengthen, and by the processor time of the loop's own thread. The same chat at rest tells how much is the machine's.
"""

import json
import subprocess
from pathlib import Path

from evals.bench.screen import Process, started

QUESTIONS = (
    "How much oil flowed from the well each day?",
    "When was it capped?",
    "How many miners were brought to the surface in Chile?",
    "Who won the 2031 Nobel prize?",
    "Timeline of the oil spill",
)
CHAT = """
import asyncio, json, sys, time
from bot.cli.main import _prepare
from bot.commands.chat import Live
from bot.settings import load, paths
from bot.tui.app import Chat
from store.passage import Filters

longest = [0.0, 0.0]  # by the clock, and of the thread's own time

async def ticking():
    last = time.perf_counter(), time.thread_time()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter(), time.thread_time()
        longest[:] = [max(one, after - before) for one, after, before in zip(longest, now, last)]
        last = now

async def until(predicate):
    while not predicate():
        await asyncio.sleep(0.01)

def taken():
    told = [1e3 * one for one in longest]
    longest[:] = [0.0, 0.0]
    return told

async def main(folder, *questions):
    app = Chat(Live(load(), paths(), Filters()))
    chat = app.chat
    async def ask(question):
        turns = len(chat.transcript.turns)
        chat.prompt.text = question
        chat.prompt.submit(False)
        await until(lambda: len(chat.transcript.turns) > turns and chat.asking is None)
    async with app.run_test(size=(120, 36)):
        await until(lambda: chat.state == "ready" and chat.samples)
        await ask(questions[0])
        beside = asyncio.create_task(ticking())
        await asyncio.sleep(2)
        told = {"at rest": taken()}
        for question in questions:
            await ask(question)
        told["answering"] = taken()
        chat.action_ingest(folder)
        await ask(questions[0])
        await until(lambda: not chat.ingesting)
        await asyncio.sleep(1)
        told["ingesting"] = taken()
        print(json.dumps(told))
        beside.cancel()

_prepare()
asyncio.run(main(*sys.argv[1:]))
"""


def stands(home: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """The longest times in milliseconds, by the clock and of the thread's own, by what the chat does meanwhile.

    Raises SystemExit where the chat fails.
    """
    process: Process = CHAT, [str(folder), *QUESTIONS]
    command, env = started(process, home)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the chat's loop: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return {name: (clock, own) for name, (clock, own) in json.loads(done.stdout).items()}
