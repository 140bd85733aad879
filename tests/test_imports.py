"""Imports point one way, and a call for help loads nothing heavy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "store", "prompts", "evals")
HEAVY = ("chromadb", "textual", "rich", "numpy", "sqlalchemy")

HELP = """
import json, sys

sys.argv = ["footnote", *sys.argv[1:]]
from bot.cli.main import main

try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Checks the contracts of the pyproject.toml in that folder, over the packages beside it."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("importer", "line", "broken"),
    [
        ("store/stray.py", "import bot", "The store knows nothing of what stands on it"),
        ("prompts/stray.py", "import store", "Prompts import nothing of ours"),
        ("store/passage.py", "import store.search", "Inside the store"),
        ("store/search.py", "import chromadb.config", "chromadb only in store.dense"),
        ("bot/stray.py", "import tantivy", "tantivy only in store.lexical"),
        ("evals/stray.py", "from sqlalchemy import text", "SQLAlchemy only in store.record and bot.sessions"),
        ("bot/cli.py", "from textual.app import App", "Textual only in bot.tui"),
        ("bot/answer.py", "import langchain_core.messages", "LangChain only in bot.writers.model"),
        ("bot/build.py", "import bot.cli.main", "Imports point one way"),
        ("bot/answer.py", "import evals", "Imports point one way"),
        ("bot/tui/stray.py", "import store.search", "The screen knows neither"),
        ("bot/tui/stray.py", "from bot.answer import Bot", "The screen knows neither"),
        ("evals/stray.py", "import bot.tui.stray", "Evals ask the bot"),
    ],
)
def test_a_broken_contract_is_seen(tmp_path: Path, importer: str, line: str, broken: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for module in ("store", "bot", "bot/tui", "bot/commands"):
        (tmp_path / module).mkdir(exist_ok=True)
    for source in [*ROOT.glob("store/*.py"), *ROOT.glob("bot/*.py"), *ROOT.glob("bot/*/__init__.py")]:
        (tmp_path / source.relative_to(ROOT)).touch()
    (tmp_path / "bot" / "tui" / "stray.py").touch()
    assert "0 broken" in lint(tmp_path).stdout
    (tmp_path / importer).write_text(line + "\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert "1 broken" in done.stdout and broken in done.stdout, done.stdout


SCREEN = """
import sys
import bot.tui.app

print(*sorted(name for name in sys.modules if name.partition(".")[0] in ("bot", "store", "prompts", "evals")))
"""


def test_the_screen_imports_nouns_and_words_and_nothing_that_answers() -> None:
    """All that comes with it, in its own words: what it is given by the engine, and how that is told."""
    done = subprocess.run(
        [sys.executable, "-c", SCREEN], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = {name for name in done.stdout.split() if not name.startswith("bot.tui")}
    nouns = {
        "bot",
        "bot.tui.engine",
        "bot.show.clean",
        "bot.conversation",
        "bot.errors",
        "bot.show.page",
        "store",
        "store.passage",
    }
    assert loaded == nouns


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["--version"]], ids=" ".join)
def test_help_imports_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "FOOTNOTE_HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    loaded = json.loads(done.stderr.splitlines()[-1])
    heavy = [name for name in loaded if name in HEAVY or name.startswith(("langchain", "langgraph"))]
    assert not heavy
