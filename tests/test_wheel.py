"""The wheel is whole: installed away from the checkout it ingests, asks and answers, from its own files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "store", "prompts", "evals")
SCRIPT = """
import sys
from importlib.metadata import entry_points
(script,) = entry_points(group="console_scripts", name="footnote")
sys.exit(script.load()())
"""
ARTICLE = """---
title: Lighthouse to reopen in June
outlet: Sample Wire
published: 2024-05-03
---
The lighthouse at Carrow Point will reopen to visitors on June 1, the harbour trust said on Friday.

Repairs to the lamp room cost 48,000 pounds. Visitors will be able to climb all 112 steps again.
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as from a plain shell: no module path, no setting of the caller's."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FOOTNOTE_", "VIRTUAL_ENV"))}
    return subprocess.run(command, cwd=cwd, env=plain | environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("footnote_news-*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a new environment: the wheel in it, everything else borrowed from this one.

    Folders named in a .pth file are searched, but .pth files inside them are not read: so the editable
    install of the checkout, itself a .pth file, is not borrowed.
    """
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, symlinks=True)
    paths = {"base": str(home), "platbase": str(home)}
    borrowed = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    own = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    with zipfile.ZipFile(wheel) as archive:  # which is all that pip does with it, but for scripts
        archive.extractall(own)
    (own / "borrowed.pth").write_text("\n".join(borrowed) + "\n")
    return home / "bin" / "python"


def test_it_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (archive.read(n).decode() for n in archive.namelist() if n.endswith("/METADATA"))
        licences = [n for n in archive.namelist() if n.endswith("/licenses/LICENSE")]
    there = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert names == there
    assert licences
    assert "Requires-Python: <3.14,>=3.11" in metadata
    assert metadata.splitlines()[1] == "Name: footnote-news", "footnote is another project's name"


def test_its_modules_are_imported_from_it(installed: Path, tmp_path: Path) -> None:
    names = ", ".join(PACKAGES)
    code = f"import json, {names}; print(json.dumps([package.__file__ for package in ({names})]))"
    done = run(installed, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for file in json.loads(done.stdout):
        assert Path(file).is_relative_to(installed.parents[1]), file


def test_it_ingests_and_answers_from_another_folder(installed: Path, tmp_path: Path) -> None:
    from bot import __version__

    articles, home = tmp_path / "articles", tmp_path / "home"
    articles.mkdir()
    (articles / "lighthouse.md").write_text(ARTICLE)

    def footnote(*arguments: str) -> str:
        done = run(installed, "-c", SCRIPT, *arguments, cwd=tmp_path, FOOTNOTE_HOME=str(home))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert footnote("--version").split()[-1] == __version__
    footnote("ingest", "articles")
    answer = json.loads(footnote("ask", "How much did the repairs to the lamp room of the lighthouse cost?", "--json"))
    assert "48,000 pounds" in answer["answer"]
    assert any("48,000 pounds" in citation["quote"] for citation in answer["citations"])
