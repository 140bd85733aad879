"""The README tells the truth: every `$ footnote …` block is run in order, and prints what stands there.

`FOOTNOTE_UPDATE_README=1 pytest tests/test_readme.py` writes the present output into the README.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ExitCode

PROJECT = Path(__file__).parents[1]
README = PROJECT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
RUN = "from bot.cli import main; main()"


def run(command: str, home: Path) -> str:
    """What a command of the README prints: stdout, then stderr's narration left out, times made alike."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *shlex.split(command)[1:]],
        cwd=PROJECT,
        env={**os.environ, "FOOTNOTE_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return alike(done.stdout)


def alike(text: str) -> str:
    """An output without what differs from run to run: seconds, trailing space."""
    text = re.sub(r"\b\d+\.\d s\b", "0.0 s", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.timeout(240)
def test_every_command_of_the_readme_prints_what_stands_there(tmp_path: Path) -> None:
    text = README.read_text("utf-8")
    run("footnote ingest -q evals/suites/starter/corpus", tmp_path)  # what `make demo` has done before

    def printed(match: re.Match[str]) -> str:
        commands = [line[2:] for line in match[1].splitlines() if line.startswith("$ ")]
        blocks = [f"$ {command}\n{run(command, tmp_path)}".rstrip() + "\n" for command in commands]
        return f"```console\n{''.join(blocks)}```"

    fresh = BLOCK.sub(printed, text)
    if os.environ.get("FOOTNOTE_UPDATE_README"):
        README.write_text(fresh, "utf-8")
    assert README.read_text("utf-8") == fresh


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", README.read_text("utf-8"), re.M)
    listed = {int(code) for row in rows for code in row.split(",")}
    assert listed == set(map(int, ExitCode))
