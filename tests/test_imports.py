"""Imports point one way, files and functions fit a screen, and a call for help loads nothing heavy."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "store", "prompts", "evals")
SOURCES = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
HEAVY = ("chromadb", "textual", "rich", "numpy", "sqlalchemy", "watchfiles")
STORES = ("chromadb", "sqlalchemy", "tantivy")  # libraries of the store, which no judgement or noun needs

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
LOADED = """
import importlib, json, sys

for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Checks the contracts of the pyproject.toml in that folder, over the packages beside it."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True,
    )  # fmt: skip


def loaded(*modules: str) -> set[str]:
    """The modules that a fresh interpreter holds after importing these."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *modules],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_layers_are_exhaustive_and_siblings_acyclic_in_every_package_of_several_modules() -> None:
    exhaustive = {name for one in CONTRACTS if one.get("exhaustive") for name in one["containers"]}
    acyclic = {name for one in CONTRACTS if one["type"] == "acyclic_siblings" for name in one["ancestors"]}
    assert {"bot", "store", "evals"} <= exhaustive and acyclic == {"bot", "store", "evals"}
    assert not [one["name"] for one in CONTRACTS if one.get("unmatched_ignore_imports_alerting", "error") != "error"]


def test_every_ignored_import_carries_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    ignored = [line for line in lines if " -> " in line and line.lstrip().startswith(('"', "ignore_imports"))]
    assert ignored and not [line for line in ignored if "# " not in line]


@pytest.mark.parametrize(
    ("importer", "line", "broken"),
    [
        ("store/split.py", "import bot", "Packages"),
        ("prompts/__init__.py", "import store", "Packages"),
        ("bot/answer.py", "import evals", "Packages"),
        ("store/passage.py", "import store.search", "Inside the store"),
        ("store/search.py", "import chromadb.config", "chromadb"),
        ("bot/outcome.py", "import tantivy", "tantivy"),
        ("evals/case.py", "from sqlalchemy import text", "SQLAlchemy"),
        ("bot/cli/main.py", "from textual.app import App", "Textual"),
        ("evals/measure.py", "import torch.nn", "torch and onnx"),
        ("bot/commands/watch.py", "import watchfiles", "watchfiles"),
        ("bot/answer.py", "import langchain_core.messages", "LangChain"),
        ("bot/build.py", "import bot.cli.main", "Inside the bot"),
        ("evals/measure.py", "import evals.run", "Inside the evals"),
        ("bot/tui/app.py", "import store.search", "The screen knows neither"),
        ("bot/tui/app.py", "from bot.answer import Bot", "The screen knows neither"),
    ],
)
def test_a_broken_contract_is_seen(tmp_path: Path, importer: str, line: str, broken: str) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda at, names: [n for n in names if "." in n and not n.endswith(".py")],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / importer).open("a") as file:
        file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert [row for row in done.stdout.splitlines() if "BROKEN" in row and broken in row], done.stdout


def test_the_screen_imports_nouns_and_words_and_nothing_that_answers() -> None:
    """All that comes with it, in its own words: what it is given by the engine, and how that is told."""
    ours = {name for name in loaded("bot.tui.app") if name.partition(".")[0] in PACKAGES}
    assert {name for name in ours if not name.startswith("bot.tui")} == {
        "bot", "bot.conversation", "bot.errors", "bot.show", "bot.show.clean", "bot.show.page", "store",
        "store.errors", "store.passage", "store.progress",
    }  # fmt: skip


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
    names = json.loads(done.stderr.splitlines()[-1])
    assert not [name for name in names if name in (*HEAVY, "evals") or name.startswith(("langchain", "langgraph"))]


HEADLESS = """
bot.answer bot.cite bot.conversation bot.errors bot.events bot.outcome bot.question bot.reading bot.settings
bot.show.clean bot.show.page bot.show.plain bot.show.terminal bot.writers bot.writers.model evals.case
evals.checks evals.measure evals.scoring
store.errors store.passage store.split store.words
""".split()


def test_headless_modules_load_no_store_and_no_screen() -> None:
    """All in one interpreter: what it holds after the last is what any of them has loaded."""
    libraries = {name.partition(".")[0] for name in loaded(*HEADLESS)}
    assert not libraries & {*STORES, "textual", "langchain", "langchain_core", "trafilatura"}


def test_no_file_is_over_400_lines_and_no_function_over_50() -> None:
    long = []
    for file in SOURCES:
        text = file.read_text()
        inside = file.relative_to(ROOT)
        if (lines := text.count("\n")) > 400:
            long.append(f"{inside}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                long += [f"{inside}:{node.lineno} {node.name}: {lines} lines"] if lines > 50 else []
    assert not long


def test_the_bot_has_at_most_20_entries() -> None:
    entries = [entry.name for entry in (ROOT / "bot").iterdir() if entry.name != "__pycache__"]
    assert len(entries) <= 20, sorted(entries)
