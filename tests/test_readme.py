"""The README tells the truth: every `$ footnote …` block is run in order, and prints what stands there.

`FOOTNOTE_UPDATE_README=1 pytest tests/test_readme.py` writes the present output into the README.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
from console import in_turn

from bot.errors import ExitCode

PROJECT = Path(__file__).parents[1]
README = PROJECT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
CUT = re.compile(r" \| head -(\d+)$")


def kept(line: str, shown: str) -> str:
    """What a command of the README leaves of what it shows; `| head -N` keeps the first N lines."""
    cut = CUT.search(line)
    assert "Traceback" not in shown
    return alike("\n".join(shown.splitlines()[: int(cut[1]) if cut else None]))


def alike(text: str) -> str:
    """An output without what differs from run to run: seconds, trailing space."""
    text = re.sub(r"\b\d+\.\d s\b", "0.0 s", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.timeout(240)
def test_every_command_of_the_readme_prints_what_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    text = README.read_text("utf-8")

    every = [line[2:] for block in BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")]
    words = [shlex.split(CUT.sub("", line))[1:] for line in every]
    shown = iter(in_turn(tmp_path, *words, terminal=True, NO_COLOR="1"))

    def printed(match: re.Match[str]) -> str:
        commands = [line[2:] for line in match[1].splitlines() if line.startswith("$ ")]
        blocks = [f"$ {command}\n{kept(command, next(shown)[1])}".rstrip() + "\n" for command in commands]
        return f"```console\n{''.join(blocks)}```"

    fresh = BLOCK.sub(printed, text)
    if os.environ.get("FOOTNOTE_UPDATE_README"):
        README.write_text(fresh, "utf-8")
    assert README.read_text("utf-8") == fresh


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", README.read_text("utf-8"), re.M)
    listed = {int(code) for row in rows for code in row.split(",")}
    assert listed == set(map(int, ExitCode))


def test_the_pictures_of_the_readme_are_there_small_and_whole() -> None:
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text("utf-8"))
    files = sorted(PROJECT / name for name in named)
    assert files and files == sorted((PROJECT / "docs").glob("*.svg"))
    for file in files:
        text = file.read_text("utf-8")
        assert ElementTree.fromstring(text).tag.endswith("}svg") and len(text) < 80_000
        assert set(re.findall(r"https?://[^\s\"<]+", text)) <= {"http://www.w3.org/2000/svg"}, "nothing is fetched"
        assert str(Path.home()) not in text and str(PROJECT) not in text
