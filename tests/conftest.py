"""Shared by all tests: a home for each, the embedder, small corpora, a closed network, and `--shuffle SEED`."""

from __future__ import annotations

import io
import os
import random
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import hypothesis
import pytest
from console import Done, Footnote

from bot.reading import onnx
from bot.reading.evidence import ModelReader
from store import embed
from store.corpus import Corpus
from store.embed import Embedding
from store.formats import Article
from store.ingest import Summary
from store.passage import Found, Query
from store.progress import Report
from store.record import Record
from store.sync import Sync, mend
from store.walk import stamp_of

hypothesis.settings.register_profile("any machine", deadline=None, max_examples=50)  # a slow machine is no fault
hypothesis.settings.load_profile("any machine")

os.environ["HF_HUB_OFFLINE"] = "1"
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # a file system in memory, and the least room that is wanted there


def in_memory() -> None:
    """Keeps temporary files in memory where there is room: each small ingest waits dozens of times for a disk."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    facts = os.statvfs(MEMORY)
    if facts.f_bavail * facts.f_frsize > ROOM and not facts.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None


in_memory()
onnx.KEPT = 4_096  # tests ask the same questions many times

# Real, well-documented events, told in our own words; what only one article says tells them apart.
ARTICLES = {
    "mine.md": """---
title: All 33 miners brought up
outlet: Sample Wire
author: A. Reporter
published: 2010-10-14
---
The last of 33 miners trapped in the San José mine in Chile was brought to the surface on Wednesday night.

They had spent 69 days underground after a collapse on 5 August. A steel capsule named Fénix lifted them
through a shaft 624 metres long, one at a time. Luis Urzúa, the shift foreman, came up last.
""",
    "spill.md": """---
title: Oil flow estimate raised again
outlet: Sample Daily
published: 2010-06-15
---
Government scientists said that between 35,000 and 60,000 barrels of oil a day were flowing from the broken
well in the Gulf of Mexico. In April the Coast Guard had spoken of 1,000 barrels a day.

The drilling rig had sunk on 22 April after an explosion in which eleven workers died.
""",
    "ship.txt": """Titanic strikes an iceberg

The liner Titanic struck an iceberg late on Sunday in the North Atlantic. Some early reports said that every
passenger was safe and that the ship was under tow to Halifax. The Carpathia picked up 705 survivors.

Advertisement
""",
    "landing.md": """---
title: Two men walk on the Moon
outlet: Sample Wire
published: 1969-07-21
---
Neil Armstrong and Edwin Aldrin walked on the surface of the Moon while Michael Collins circled above them.
They left behind a plaque and a seismometer, and took 21.5 kilograms of rock home with them.
""",
}


@dataclass(frozen=True)
class Library:
    """A corpus in `folder` that follows the articles in `root`."""

    folder: Path
    root: Path
    embedding: Embedding

    @property
    def sync(self) -> Sync:
        return Sync(self.folder, self.embedding)

    def ingest(self, *paths: Path, yes: bool = False, dry_run: bool = False) -> Summary:
        """Syncs the paths named; the root where none is."""
        return self.sync.ingest(paths or [self.root], yes=yes, dry_run=dry_run)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    @contextmanager
    def record(self) -> Iterator[Record]:
        record = Record(self.folder)
        try:
            yield record
        finally:
            record.close()

    @contextmanager
    def searching(self) -> Iterator[Corpus]:
        corpus = Corpus(self.folder, self.embedding)
        try:
            yield corpus
        finally:
            corpus.close()

    def mend(self, notice: Callable[[str], None], report: Report | None = None) -> None:
        mend(self.folder, self.embedding, notice, report)

    def search(self, query: str | Query) -> Found:
        with self.searching() as search:
            return search.search(Query(query) if isinstance(query, str) else query)

    def top(self, query: str | Query) -> str:
        """The source of the best passage, or nothing."""
        passages = self.search(query).passages
        return passages[0].document.source if passages else ""

    def titles(self) -> set[str]:
        with self.record() as record:
            return {document.title for document in record.documents()}

    def id_of(self, source: str) -> str:
        with self.record() as record:
            return next(d.id for d in record.documents() if d.source == source)

    def reasons(self, summary: Summary) -> dict[str, str]:
        return {skipped.path: skipped.reason for skipped in summary.skipped}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shuffle", type=int, metavar="SEED", help="run the files, and the tests of each, in random order"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffles the files and the tests of each: a file's fixtures are made once all the same."""
    seed = config.getoption("--shuffle")
    if seed is None:
        return
    draw = random.Random(seed)
    files = {item.path: draw.random() for item in items}
    items.sort(key=lambda item: (files[item.path], draw.random()))


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the folders of whoever runs it, nor those of another test."""
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path_factory.mktemp("own") / "home"))


def ingested(home: Path, news: Path) -> Path:
    """A home that several tests begin with, its corpus made of that folder in this process."""
    from bot.cli.main import run

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_HOME", str(home))
        assert run(["ingest", str(news)]) == 0
    return home


@pytest.fixture
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Copies a home that several tests begin with, so that each may change its own."""
    return lambda home: Path(shutil.copytree(home, tmp_path_factory.mktemp("copied") / "home"))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Footnote:
    """A command as `console.command` runs it, in this process: the home first, `stdin` and `env` by name."""
    from bot.cli.main import run

    def ran(home: Path, *arguments: str | Path, stdin: str = "", env: Mapping[str, str] = MappingProxyType({})) -> Done:
        with monkeypatch.context() as patch:
            for key in [key for key in os.environ if key.startswith(("FOOTNOTE_", "NO_COLOR"))]:
                patch.delenv(key)
            for key, value in {"FOOTNOTE_HOME": str(home), **env}.items():
                patch.setenv(key, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            capfd.readouterr()
            code = run([str(argument) for argument in arguments])
            sys.stdout.flush()
            out, err = capfd.readouterr()
        assert "Traceback" not in out + err and "\x1b" not in out + err
        return Done(code, out, err)

    return ran


@pytest.fixture(scope="session")
def embedding() -> Embedding:
    return embed.load("wordllama")


def reader() -> ModelReader:
    """The reader with the model that ships."""
    return ModelReader(onnx.load(), embed.load("wordllama"))


def story(article: Article) -> str:
    """The text of an article without what is marked as page."""
    text = article.text
    for span in sorted(article.spans, key=lambda span: -span.start):
        if span.kind == "furniture":
            text = text[: span.start] + text[span.end :]
    return text


@pytest.fixture
def library(tmp_path: Path, embedding: Embedding) -> Library:
    """An empty corpus over an empty folder of articles."""
    root = tmp_path / "news"
    root.mkdir()
    return Library(tmp_path / "corpus", root, embedding)


@pytest.fixture(scope="session")
def _corpus(tmp_path_factory: pytest.TempPathFactory, embedding: Embedding) -> Library:
    folder = tmp_path_factory.mktemp("library")
    (folder / "news").mkdir()
    made = Library(folder / "corpus", folder / "news", embedding)
    for name, text in ARTICLES.items():
        made.write(name, text)
    made.ingest()
    return made


@pytest.fixture
def corpus(_corpus: Library, library: Library) -> Library:
    """A corpus in step with a folder of four small articles: a copy of one that is made once."""
    shutil.copytree(_corpus.root, library.root, dirs_exist_ok=True)
    shutil.copytree(_corpus.folder, library.folder)
    with closing(sqlite3.connect(library.folder / "record.sqlite3")) as record, record:
        record.execute("UPDATE roots SET path = ?", (str(library.root),))
        stamps = [(stamp_of(path.stat()), path.name) for path in library.root.iterdir()]
        record.executemany("UPDATE sources SET stamp = ? WHERE path = ?", stamps)
    return library


class NetworkTouched(AssertionError):
    """Something tried to leave this machine."""


def close_network(replace: Callable[[object, str, Any], None] = setattr) -> None:
    """Makes every way out through a socket raise NetworkTouched."""

    def refuse(*args: object, **named: object) -> None:
        raise NetworkTouched(f"the network was touched: {args[1:]}")

    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        replace(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        replace(socket, name, refuse)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    close_network(monkeypatch.setattr)
