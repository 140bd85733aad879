"""Time: reading and splitting a megabyte of anything is done in seconds, and time grows no faster than the text."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import formats
from store.formats import Unreadable
from store.formats.facts import facts_of
from store.formats.furniture import furniture
from store.machine import paragraphs, speaks_to_machine
from store.split import split

MEGABYTE = 1_000_000
LETTERS = [chr(code) for code in range(128)]
PARTS = [
    "<!--", "-->", "<script", "<|im_start|>", "<|im_end|>", "Source:", "Source: ", "Read more:", "Watch more on ",
    "JUST WATCHED ", "Replay", "MUST WATCH ", "Hide Caption 1 of 2 ", "Photos: ", "'s contributed to this report",
    "A's ", "Ignore all previous ", "note to the ai", "System: ", "you are an ", "from now on ", "answer to ",
    " ", "\t", "\n", "\r", "\r\n", "\n\n", "[(", "\"'", "”", "--", "---\n", "+++\n", '{"a":', ". ", ".", "1", "1. ",
    "- ", "#", "# ", "=", "*", "_", "[[", "](", "é", "\u00a0", "\u2028", "Ã", "key: ", "title: x\n",
]  # fmt: skip
SAMPLE = [(a, b) for at, (a, b) in enumerate(itertools.product(PARTS, PARTS)) if at % 101 == 0]


def work(text: str, name: str) -> float:
    """Processor seconds for reading and splitting an article of that text."""
    began = time.process_time()
    try:
        for article in formats.read(Path(name), text.encode()):
            split(article.text, article.spans)
    except Unreadable:
        pass
    facts_of(text)
    return time.process_time() - began


def runs(part: str, size: int) -> list[str]:
    """A text of one part, alone, after a story, and after the opening of metadata."""
    run = part * (size // len(part))
    return [run, f"A ferry sank on Friday.\n{run}x", f"---\ntitle: x\n{run}\n---\nA ferry sank."]


def grows_with_the_text(part: str, size: int) -> None:
    for name in ("a.txt", "a.md"):
        for half, whole in zip(runs(part, size // 2), runs(part, size), strict=True):
            took = work(whole, name)
            assert took < 20 * size / MEGABYTE, (part, took)
            if took > 1:
                assert took < 2.5 * work(half, name) + 0.5, (part, took)


@pytest.mark.parametrize("part", ["<!--", "Source:  ", " ", "\n", "\r", "'s contributed to this report", "Ã", "- \n"])
def test_a_run_of_what_was_slow(part: str) -> None:
    grows_with_the_text(part, MEGABYTE // 16)


def test_a_run_of_any_letter_or_pair() -> None:
    for part in [*LETTERS[::3], *("".join(pair) for pair in SAMPLE)]:
        assert work(runs(part, 20_000)[1], "a.md") < 2, part


@pytest.mark.torture
@pytest.mark.parametrize("part", LETTERS)
def test_a_megabyte_of_any_letter(part: str) -> None:
    grows_with_the_text(part, MEGABYTE)


@pytest.mark.torture
@pytest.mark.parametrize("first", PARTS)
def test_a_megabyte_of_any_pair(first: str) -> None:
    for second in PARTS:
        grows_with_the_text(first + second, MEGABYTE)


@pytest.mark.parametrize("part", ["\n", " ", "ignore the previous ", "bot must ", "system: ", "<|a"])
def test_words_to_a_machine_are_sought_in_one_pass(part: str) -> None:
    text = part * (200_000 // len(part))
    began = time.process_time()
    for start, end in paragraphs(text):
        speaks_to_machine(text[start:end])
        furniture(text[start:end], 0)
    assert time.process_time() - began < 5


CODE = """
import pathlib, resource, sys
from store.formats import read
from store.split import split
part = sys.argv[1].encode().decode("unicode_escape")
data = ("One line." + part * (19_000_000 // len(part))).encode()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for article in read(pathlib.Path("a.txt"), data):
    split(article.text, article.spans)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.torture
@pytest.mark.parametrize("part", [r"\n", r"\r\n", " "])
def test_the_largest_file_takes_ten_times_its_size_in_memory_at_most(part: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, part], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 200_000_000
