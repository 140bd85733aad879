"""A corpus that may only be read is searched by both indexes, and nothing is left in it or behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Library

from store import readonly
from store.dense import Dense
from store.lexical import Lexical
from store.words import weighted


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No folder may be written to, as far as one asks; temporary folders are made in the path given."""
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr(readonly.os, "access", lambda path, mode: mode != os.W_OK)
    monkeypatch.setattr(readonly.tempfile, "mkdtemp", lambda prefix: str(_folder(made, prefix)))
    return made


def _folder(made: Path, prefix: str) -> Path:
    folder = made / f"{prefix}{len(list(made.iterdir()))}"
    folder.mkdir()
    return folder


def below(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_both_indexes_are_read_from_temporary_folders_that_go_again(corpus: Library, sealed: Path) -> None:
    before = below(corpus.folder / "lexical"), below(corpus.folder / "dense" / "g000001")
    with corpus.record() as record:
        lexical = Lexical(corpus.folder).reader(record)
        dense = Dense(corpus.folder, corpus.embedding).reader(record)
        assert len(list(sealed.iterdir())) == 2
        by_words = lexical.search(weighted("trapped miners"), 3)
        by_meaning = dense.search(corpus.embedding.question("trapped miners"), 3)
        dense.close()
    assert next(iter(by_words)) == next(iter(by_meaning))
    assert (below(corpus.folder / "lexical"), below(corpus.folder / "dense" / "g000001")) == before
    del lexical, dense
    assert list(sealed.iterdir()) == []


def test_a_folder_that_may_be_written_to_is_used_itself(tmp_path: Path) -> None:
    assert readonly.writable(tmp_path).path == tmp_path
    assert readonly.writable(tmp_path / "missing").path == tmp_path / "missing"


SEARCH = """
import pathlib, sys
from store import embed
from store.dense import Dense
from store.lexical import Lexical
from store.record import Stamp
from store.words import weighted
folder, embedding = pathlib.Path(sys.argv[1]), embed.load("wordllama")

class Stamps:
    def stamp(self, name):
        return Stamp(**eval(sys.argv[2])[name])

try:
    (folder / "new").touch()
except PermissionError:
    print(list(Lexical(folder).reader(Stamps()).search(weighted("trapped miners"), 1)))
    print(list(Dense(folder, embedding).reader(Stamps()).search(embedding.question("trapped miners"), 1)))
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv, which takes root's rights away, is not there")
def test_without_the_right_to_write_both_are_searched(corpus: Library) -> None:
    with corpus.record() as record:
        kinds = ("applied", "count", "generation", "embedder", "files")
        stamps = {name: {kind: getattr(record.stamp(name), kind) for kind in kinds} for name in ("lexical", "dense")}
    paths = (corpus.folder, *corpus.folder.rglob("*"))
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    powerless = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    arguments = [*powerless, sys.executable, "-c", SEARCH, str(corpus.folder), repr(stamps)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)
    first, second = done.stdout.split()
    assert first == second, done.stderr
