"""Killed at any moment: the next ingest finishes, search answers, and every article is there exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Library

from store.dense import Dense
from store.errors import CorpusMissing
from store.lexical import Lexical
from store.passage import Query
from store.record import Record

ARTICLES = 150
PLACES = ("harbour", "station", "bridge", "market", "tower", "mill", "school", "dam", "tunnel", "stadium")
CODE = """
import pathlib, sys
from store import embed
from store.sync import Sync
embedding = embed.load("wordllama")
print("go", flush=True)
Sync(pathlib.Path(sys.argv[1]), embedding).ingest([pathlib.Path(sys.argv[2])], yes=True)
"""


def generate(library: Library, rng: random.Random) -> None:
    for i in range(ARTICLES):
        days = " ".join(f"On day {day} the {rng.choice(PLACES)} was {rng.choice(PLACES)}-wide." for day in range(12))
        library.write(f"{i % 7}/a{i}.txt", f"Inspection {i}\n\nInspector number{i} came first. {days}\n")


def change(library: Library, rng: random.Random) -> None:
    """Rewrites a tenth of the articles and takes some out and in."""
    for i in rng.sample(range(ARTICLES), 15):
        path = library.root / f"{i % 7}/a{i}.txt"
        if path.exists() and rng.random() < 0.4:
            path.unlink()
        else:
            library.write(f"{i % 7}/a{i}.txt", f"Inspection {i}\n\nInspector number{i} came again, {rng.random()}.\n")


def kill_after(library: Library, seconds: float) -> bool:
    """Starts an ingest, kills it so many seconds after it has begun; whether it was still at work."""
    arguments = [sys.executable, "-c", CODE, str(library.folder), str(library.root)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent) as child:
        assert child.stdout is not None and child.stdout.readline() == b"go\n"
        time.sleep(seconds)
        alive = child.poll() is None
        os.kill(child.pid, signal.SIGKILL)
    return alive


def all_is_well(library: Library) -> None:
    on_disk = {str(path.relative_to(library.root)) for path in library.root.rglob("*.txt")}
    with library.record() as record:
        sources = [document.source for document in record.documents()]
        assert sorted(sources) == sorted(on_disk), "every article exactly once"
        live = record.active_count()
        lexical, dense = Lexical(library.folder), Dense(library.folder, library.embedding)
        reader = dense.reader(record)
        assert lexical.reader(record).total == live == reader._collection.count()
        with library.searching() as search:
            for source in random.sample(sources, 5):
                number = Path(source).stem.removeprefix("a")
                found = search.search(Query(f"inspector number{number}"))
                assert found.passages[0].document.source == source and not found.missing
        named = record.stamp("dense").generation
        reader.close()
    generations = sorted(path.name for path in (library.folder / "dense").iterdir() if path.is_dir())
    assert len(generations) <= 2 and generations[-1] == named


def kill_again_and_again(library: Library, times: int) -> None:
    seed = int(os.environ.get("FOOTNOTE_SEED", random.randrange(10**6)))
    print(f"FOOTNOTE_SEED={seed}")
    rng = random.Random(seed)
    generate(library, rng)
    for kill in range(times):
        alive = kill_after(library, rng.uniform(0.01, 1.2 if kill else 0.6))
        print(f"kill {kill}: {'while it worked' if alive else 'after it had ended'}")
        ask_at_once(library)
        library.ingest(yes=True)
        all_is_well(library)
        change(library, rng)


def ask_at_once(library: Library) -> None:
    """A question right after the kill, with no ingest between."""
    if not (library.folder / "record.sqlite3").exists():
        return
    try:
        Record(library.folder).close()
    except CorpusMissing:  # killed before the tables were made: there is nothing to ask yet
        return
    library.mend(print)
    with library.searching() as search:
        if search.count():
            assert search.search(Query("inspector")).passages


def test_killed_at_two_moments(library: Library) -> None:
    kill_again_and_again(library, 2)


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_killed_at_thirty_moments(library: Library) -> None:
    kill_again_and_again(library, 30)
