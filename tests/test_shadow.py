"""A corpus that may only be read is asked, searched, shown, listed and doctored, and stays as it is."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Library

from store.index import Shadow

CODE = """
import json, sys
from bot.cli.main import run
for line in sys.stdin:
    arguments = json.loads(line)
    print("==", *arguments, flush=True)
    print("=>", run(arguments), flush=True)
"""


def may_not_override() -> None:
    """Takes from a root process the right to write what its mode forbids: it is then like any user."""
    if os.geteuid() == 0:
        for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP


def told(home: Path, *commands: list[str]) -> list[tuple[str, int]]:
    """What commands of a user who may not write print, each with its exit code."""
    lines = "".join(json.dumps(command) + "\n" for command in commands)
    done = subprocess.run([sys.executable, "-c", CODE], input=lines, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=os.environ | {"FOOTNOTE_HOME": str(home)},
                          cwd=Path(__file__).parent.parent, preexec_fn=may_not_override)  # fmt: skip
    parts = [part.rpartition("=> ") for part in done.stdout.split("== ")[1:]]
    return [(said, int(code)) for said, _, code in parts]


def forbid(home: Path, *, below: str = "") -> None:
    """Takes the right to write from everything in a folder, the deepest first."""
    for path in [*sorted((home / below).rglob("*"), reverse=True), home / below]:
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.fixture
def home(corpus: Library, tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    shutil.copytree(corpus.folder, home / "corpora" / "default")
    yield home
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)


def state(home: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(home.rglob("*"))}


def bind(home: Path, tmp_path: Path) -> Path:
    """The home as a read-only mount shows it, to root too."""
    place = tmp_path / "mounted"
    place.mkdir()
    done = subprocess.run(["mount", "--bind", "-o", "ro", str(home), str(place)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"only root mounts: {done.stderr.strip()}")
    return place


@pytest.mark.parametrize("how", ["modes", "mount"])
def test_a_home_that_may_not_be_written_is_used_and_not_touched(home: Path, tmp_path: Path, how: str) -> None:
    place = bind(home, tmp_path) if how == "mount" else home
    try:
        if how == "modes":
            forbid(home)
        before = state(home)
        asked, searched, listed, doctored, ingested = told(
            place, ["ask", "Who came up last of the miners in Chile?"], ["search", "shift foreman"], ["sources"],
            ["doctor"], ["ingest"])  # fmt: skip
    finally:
        if how == "mount":
            subprocess.run(["umount", "-l", str(place)], check=True)
    assert asked[1] == 0 and "Luis Urzúa" in asked[0] and "missing" not in asked[0]
    assert asked[0].count("not saved") == 1 and str(place) in asked[0]
    assert searched[1] == 0 and "mine.md" in searched[0]
    assert listed[1] == 0 and "4 of 4 articles" in listed[0]
    assert doctored[1] == 0 and doctored[0].count("level with the record") == 2 and "fault" not in doctored[0]
    assert ingested[1] == 5 and "cannot be used" in ingested[0] and "Traceback" not in ingested[0]
    assert state(home) == before


def test_a_corpus_that_may_not_be_written_in_a_home_that_may_keeps_its_conversations(home: Path) -> None:
    forbid(home, below="corpora")
    question = "Who came up last of the miners in Chile?"
    first, again, shown = told(home, ["ask", question], ["ask", "-c", "How long was the shaft?"], ["show", "1"])
    assert (first[1], again[1], shown[1]) == (0, 0, 0) and "not saved" not in first[0] + again[0]
    assert (home / "sessions.sqlite3").exists()


# -- the stand-in ----------------------------------------------------------------------------------


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    folder = tmp_path / "index"
    (folder / "below").mkdir(parents=True)
    for name in ("meta.json", "rows.sqlite3", ".old.lock", "below/data.bin"):
        (folder / name).write_text(name)
    monkeypatch.setattr("store.index.os.access", lambda path, mode: False)
    return lambda: folder


def test_a_stand_in_has_all_files_but_locks_and_its_own_of_what_is_written(closed: Callable[[], Path]) -> None:
    folder, shadow = closed(), Shadow(closed())
    made = shadow.path()
    assert sorted(path.name for path in made.iterdir()) == ["below", "meta.json", "rows.sqlite3"]
    (made / "rows.sqlite3").write_text("changed")
    (made / ".old.lock").touch()
    assert (folder / "rows.sqlite3").read_text() == "rows.sqlite3" and (made / "below" / "data.bin").exists()
    (folder / "more.json").write_text("more")
    assert (shadow.path() / "more.json").read_text() == "more"
    del shadow
    assert not made.exists() and (folder / "meta.json").exists()


def test_a_folder_that_may_be_written_stands_for_itself(tmp_path: Path) -> None:
    assert Shadow(tmp_path).path() == tmp_path
