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
from bot.cli import main

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
        ("bot/answer.py", "import langchain_core.messages", "LangChain only in bot.model"),
        ("bot/build.py", "import bot.cli", "Imports point one way"),
        ("bot/answer.py", "import evals", "Imports point one way"),
    ],
)
def test_a_broken_contract_is_seen(tmp_path: Path, importer: str, line: str, broken: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for module in ("store/passage", "store/errors", "store/search", "bot/cli", "bot/build", "bot/answer"):
        (tmp_path / f"{module}.py").touch()
    assert "0 broken" in lint(tmp_path).stdout
    (tmp_path / importer).write_text(line + "\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert "1 broken" in done.stdout and broken in done.stdout, done.stdout


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
