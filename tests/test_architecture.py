"""ARCHITECTURE.md tells the truth: its files and functions are there, and its two ways are walked in that order."""

from __future__ import annotations

import ast
import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from conftest import ARTICLES, Library

from bot import build
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
WORDS = """
question source quote format date outlet manifest copy session key model provider timeline prompt follow-up refusal
metric eval baseline corpus index embedder doctor export screen setting
""".split()
STEP = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|", re.MULTILINE)


def section(title: str) -> str:
    """The text under a heading of the second level."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def defined(file: Path) -> set[str]:
    """The functions of a file, and the methods of its classes as `Class.method`."""
    names = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{inner.name}" for inner in ast.walk(node) if isinstance(inner, FUNCTIONS)}
        elif isinstance(node, FUNCTIONS):
            names.add(node.name)
    return names


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@contextmanager
def entered() -> Iterator[list[tuple[str, str]]]:
    """The functions of the project as (file, qualified name), in the order in which each is first entered."""
    order: dict[tuple[str, str], None] = {}

    def follow(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            file = Path(frame.f_code.co_filename).relative_to(ROOT).as_posix()
            order.setdefault((file, frame.f_code.co_qualname), None)

    found: list[tuple[str, str]] = []
    threading.setprofile(follow)
    sys.setprofile(follow)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        found += order


def walked(steps: list[tuple[str, str]], work: Callable[[], object]) -> None:
    """Does the work, and holds the order of its first calls against the steps."""
    with entered() as calls:
        work()
    assert not [step for step in steps if step not in calls]
    assert [call for call in calls if call in steps] == steps


def test_every_file_that_it_names_is_there() -> None:
    names = set(re.findall(r"`((?:bot|store|prompts|evals|tests)/[\w./-]*)`", PAGE))
    assert len(names) > 40 and not [name for name in names if not (ROOT / name).exists()]


@pytest.mark.parametrize("title", ["The way of a question", "The way of an article"])
def test_every_function_of_a_way_is_defined_where_it_says(title: str) -> None:
    steps = STEP.findall(section(title))
    assert len(steps) > 10
    assert not [f"{file}: {name}" for file, name in steps if name not in defined(ROOT / file)]


def test_a_question_takes_the_way_that_is_drawn(corpus: Library) -> None:
    async def ask() -> None:
        bot = build.bot(Settings(answer_at=0.0, refuse_below=0.0), corpus.folder, lambda notice: None)
        async for _ in bot.answer("Who was the shift foreman in 2010?"):
            pass

    walked(STEP.findall(section("The way of a question")), lambda: asyncio.run(ask()))


def test_an_article_takes_the_way_that_is_drawn(library: Library) -> None:
    library.write("mine.md", ARTICLES["mine.md"])
    walked(STEP.findall(section("The way of an article")), library.ingest)


def test_each_word_that_a_user_says_has_its_file() -> None:
    rows = dict(re.findall(r"^\| ([\w-]+) \| (.+) \|$", section("To change X, open Y"), re.MULTILINE))
    rows.pop("word", None)
    assert list(rows) == WORDS
    for files in rows.values():
        assert re.findall(r"`([^`]+)`", files)
