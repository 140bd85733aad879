"""Patterns over foreign text: the time of each grows with the text's length and not with its square."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from time import process_time

import pytest

from bot import question
from bot.reading import assertion, check, claims, kind, quotes

MODULES = """
    bot.question
    bot.reading.alignment bot.reading.amounts bot.reading.assertion bot.reading.check bot.reading.claims
    bot.reading.evidence bot.reading.figures bot.reading.guards.wording bot.reading.items bot.reading.kind
    bot.reading.overlap bot.reading.quotes bot.reading.speaker bot.reading.values
    bot.timeline.articles bot.timeline.when
    store.words
""".split()
PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in map(import_module, MODULES)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
PATTERNS |= {f"openers.{name}": value for name, value in assertion._OPENERS.items()}
PATTERNS |= {f"asked.{name}": value for name, value in kind._ASKED.items()}
PATTERNS |= {f"times.{number}": value for number, value in enumerate(question._TIMES)}
RUNS = [*"aA1 .,;:-'\"“”?![](){}*_#<>|/\\\t\nn½", "1,", "1.", "a ", "A ", "A.", "a'", "1 ", ", ", "in ", "[1",
        "[1]", "- ",
        "“a", "1/", "if ", "a:", " \n", "&#", "&a"]  # fmt: skip
LENGTH = 20_000


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_a_run_once(name: str) -> None:
    """Quadratic time would take minutes on the longest of these runs."""
    for run in RUNS:
        text = run * (LENGTH // len(run))
        began = process_time()
        for match in PATTERNS[name].finditer(text):
            assert match is not None
        assert process_time() - began < 1.0, run


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("work", [quotes.normal, check.bare, assertion.asks, claims.read.__wrapped__, quotes._spaced])
def test_work_on_a_long_run_ends(work: Callable[[str], object], run: str) -> None:
    if work is claims.read.__wrapped__:
        work(run * (check.LONGEST // len(run)))  # the longest sentence that is read
    else:
        work(run * (200_000 // len(run)))
