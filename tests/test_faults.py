"""Full disks: one sentence with the next step, nothing lost, and all well again once there is room."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import ARTICLES, Library

from store.dense import Dense
from store.embed import Embedding
from store.errors import DiskFull
from store.lexical import Lexical
from store.record import Record

MORE = "A report on turbines at the harbour, which ran for nine hours on Monday.\n"


def no_space(*args: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def well_again(library: Library) -> None:
    """The corpus answers, takes in what was left, and holds every article once."""
    assert library.ingest().problems == []
    assert library.top("turbines") == "new.txt" and library.top("shift foreman") == "mine.md"
    with library.record() as record:
        live = record.active_count()
        assert len(record.documents()) == 5
        assert record.stamp("lexical").count == record.stamp("dense").count == live
        assert record.stamp("lexical").applied == record.stamp("dense").applied == record.last_seq()
    assert len([path for path in (library.folder / "dense").iterdir() if path.is_dir()]) <= 2


# -- at the doors ----------------------------------------------------------------------------------


def full_record(patch: pytest.MonkeyPatch) -> None:
    def fail(self: Record, *args: object, **named: object) -> int:
        with self.begin():
            error = sqlite3.OperationalError("database or disk is full")
            raise sa.exc.OperationalError("INSERT", {}, error)

    patch.setattr(Record, "_write_version", fail)


def full_lexical(patch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **named: object) -> None:
        raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

    patch.setattr("tantivy.Document", fail)


def full_dense_copy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("store.dense.shutil.copytree", no_space)


def full_dense_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("store.generation.to_disk", no_space)


def full_dense_chroma(patch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **named: object) -> None:
        raise RuntimeError("Error executing plan: Internal error: error returned from database: (code: 13)")

    patch.setattr("store.generation.write", fail)
    patch.setattr("store.index.full", lambda folder: True)


def full_stamps(patch: pytest.MonkeyPatch) -> None:
    def fail(self: Record, *args: object) -> None:
        raise DiskFull("The disk is full.", "Free some space and run it again.")

    patch.setattr(Record, "set_stamp", fail)


DOORS = [full_record, full_lexical, full_dense_copy, full_dense_sync, full_dense_chroma, full_stamps]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_full_disk_at_any_door_is_said_and_survived(
    corpus: Library, monkeypatch: pytest.MonkeyPatch, door: Callable[[pytest.MonkeyPatch], None]
) -> None:
    corpus.write("new.txt", MORE)
    with monkeypatch.context() as patch:
        door(patch)
        with pytest.raises(DiskFull) as caught:
            corpus.ingest()
    assert caught.value.exit == 5 and "Free some space" in caught.value.next
    assert "full" in caught.value.message and "\n" not in caught.value.message
    assert corpus.top("shift foreman") == "mine.md", "what was there still answers"
    well_again(corpus)


@pytest.mark.parametrize("leg", [Lexical, Dense], ids=lambda leg: leg.__name__)
def test_a_question_on_a_full_disk_is_answered_by_the_other_leg(
    corpus: Library, monkeypatch: pytest.MonkeyPatch, leg: type
) -> None:
    shutil.rmtree(corpus.folder / leg.__name__.lower())
    said: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.mkdir", no_space)
        corpus.mend(said.append)
        assert "could not be mended" in said[0] and "full" in said[0]
    assert corpus.top("shift foreman") == "mine.md"


def test_a_full_disk_where_the_corpus_is_made(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.write("a.txt", MORE)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.mkdir", no_space)
        with pytest.raises(DiskFull):
            library.ingest()
    assert library.ingest().added == 1


# -- for real --------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes a file system of so many kilobytes; only root may."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def make(size: int) -> Path:
        said = "only root mounts a small disk"
        if os.geteuid() != 0:
            pytest.skip(said)
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"{said}: {done.stderr.strip()}")
        return folder

    yield make
    subprocess.run(["umount", "-l", str(folder)], capture_output=True)


@pytest.mark.parametrize(
    "size", [64, 320, 800, *(pytest.param(size, marks=pytest.mark.torture) for size in (160, 480, 640, 1000))]
)
def test_a_small_disk_that_fills_up(
    library: Library, disk: Callable[[int], Path], size: int, embedding: Embedding
) -> None:
    folder = disk(size)
    small = Library(folder / "corpus", library.root, embedding)
    for name, text in ARTICLES.items():
        small.write(name, text)
    for i in range(60):
        small.write(f"long/{i}.txt", f"Report {i}\n\n" + f"Word {i} stands for another {i * i} in this text. " * 200)
    with pytest.raises(DiskFull) as caught:
        small.ingest()
    assert "Free some space" in caught.value.next and "Traceback" not in caught.value.message
    with pytest.raises(DiskFull):
        small.ingest()
    shutil.rmtree(small.root / "long")
    small.write("new.txt", MORE)
    command = ["mount", "-o", "remount,size=100m", str(folder)]
    subprocess.run(command, check=True)
    small.ingest(yes=True)
    well_again(small)


def test_a_corpus_whose_disk_is_full_says_so_and_loses_nothing(corpus: Library, disk: Callable[[int], Path]) -> None:
    folder = disk(4_000)
    shutil.copytree(corpus.folder, folder / "corpus")
    moved = Library(folder / "corpus", corpus.root, corpus.embedding)
    with pytest.raises(OSError, match="No space"), (folder / "filler").open("wb") as filler:
        while True:
            filler.write(b"x" * 4096)
            filler.flush()
    moved.write("new.txt", MORE)
    with pytest.raises(DiskFull):
        moved.ingest()
    with pytest.raises(DiskFull):  # SQLite needs a few pages even to read
        moved.search("miners")
    (folder / "filler").unlink()
    well_again(moved)
