"""Forgetting: cut short at any step it is finished later, and no file of the home keeps a word of the article."""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import shutil
import signal
from collections.abc import Callable
from functools import reduce
from multiprocessing import get_context
from pathlib import Path

import pytest

from bot import build
from bot.conversation import Answer, Citation, Quote
from bot.errors import SessionsDamaged
from bot.sessions import Sessions
from bot.settings import Paths, Settings, paths
from bot.traces import Traces
from store.embed import Embedding
from store.errors import BadPath, CorpusLocked
from store.record import Record
from store.sync import Sync

SECRET = "xylophonequartz"
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["bot.build", "chromadb", "tantivy"])
# Where a process is killed: after the function named behind a colon, before the one behind an exclamation mark.
STEPS = (
    "store.record.forgetting:Forgetting._erase",
    "store.record.forgetting:Forgetting.forget",
    "store.lexical!Lexical.catch_up",
    "store.lexical:Lexical.catch_up",
    "store.dense:Dense._apply",
    "store.dense!Dense.sweep",
    "bot.traces!Traces.erase",
    "bot.sessions:Sessions.erase",
    "store.record.forgetting!Forgetting.erased",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, embedding: Embedding) -> Path:
    """A home whose corpus has a secret article, which a saved answer and a row of an eval run quote."""
    folder = tmp_path_factory.mktemp("traces")
    news, home = folder / "news", folder / "home"
    news.mkdir()
    (news / "secret.txt").write_text(f"The {SECRET} was found\n\nThe {SECRET} lay in the cellar on Monday.\n")
    (news / "other.txt").write_text("The harbour was closed\n\nThe harbour was closed on Friday for repairs.\n")
    Sync(home / "corpora" / "default", embedding).ingest([news])
    with_text = Record(home / "corpora" / "default")
    document = with_text.document(next(d.id for d in with_text.documents() if d.source == "secret.txt"))
    with_text.close()
    quote = Quote(document.id, 1, 0, len(document.text), document.text)
    sessions = Sessions(home / "sessions.sqlite3")
    answer = Answer("Where?", "Where?", "answered", citations=(Citation(1, quote, document),))
    sessions.finish(sessions.begin("default", "Where?"), answer)
    sessions.close()
    rows(home, "starter/1", document.id)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "home")
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def rows(home: Path, run: str, *documents: str) -> Path:
    """The rows of an eval run: one for each document that quotes it, and one that quotes none."""
    file = home / "evals" / run / "rows.jsonl"
    file.parent.mkdir(parents=True)
    quoting = [{"id": f"c{i}", "citations": [{"document": key, "text": SECRET}]} for i, key in enumerate(documents)]
    file.write_text("".join(json.dumps(row) + "\n" for row in (*quoting, {"id": "last", "citations": []})))
    return file


def sync() -> Sync:
    return build.sync(Settings(), paths().corpus_folder("default"))


def secret(home: Path) -> str:
    """The id of the secret article."""
    record = Record(home / "corpora" / "default")
    try:
        return next(document.id for document in record.documents() if document.source == "secret.txt")
    finally:
        record.close()


def holding(home: Path) -> list[str]:
    """Files that hold the secret."""
    return [str(path) for path in home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes().lower()]


def _forget(home: Path, step: str, name: str) -> None:
    """Forgets, and kills this process at a step."""
    os.environ["FOOTNOTE_HOME"] = str(home)
    module, mark, names = step.partition("!" if "!" in step else ":")
    *classes, function = names.split(".")
    owner = reduce(getattr, classes, importlib.import_module(module))
    real = getattr(owner, function)

    def die(*given: object, **named: object) -> None:
        if mark == ":":
            real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, function, die)
    sync().forget(name)


def killed(home: Path, step: str, name: str) -> None:
    """Forgets in a process of its own, which is killed at a step."""
    process = FORKS.Process(target=_forget, args=(home, step, name))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_finished_when_asked_again(home: Path, step: str) -> None:
    assert len(holding(home)) >= 3
    key = secret(home)
    killed(home, step, key)
    assert sync().forget(key).said == f"the article {key} (The {SECRET} was found)"
    assert holding(home) == []
    assert [row["id"] for row in map(json.loads, (home / "evals/starter/1/rows.jsonl").open())] == ["last"]
    with pytest.raises(BadPath, match="was forgotten on"):
        sync().forget(key)


def ask() -> None:
    told: list[str] = []
    bot = build.bot(Settings(), paths().corpus_folder("default"), told.append)
    bot.corpus.close()
    assert len(told) == 1 and "has been finished: the article" in told[0]


@pytest.mark.parametrize("by", [lambda: sync().ingest(), lambda: sync().repair(), ask], ids=["ingest", "repair", "ask"])
def test_whatever_writes_next_finishes_it(home: Path, by: Callable[[], object]) -> None:
    killed(home, "store.record.forgetting:Forgetting.forget", secret(home))
    assert holding(home)
    by()
    assert holding(home) == []


@pytest.mark.parametrize("named", ["name", "path"])
def test_a_root_that_was_cut_short_is_finished_under_its_name_and_path(home: Path, made: Path, named: str) -> None:
    name = "news" if named == "name" else str(made.parent / "news")
    killed(home, "store.record.forgetting:Forgetting.forget_root", name)
    gone = sync().forget(name)
    assert len(gone.documents) == 2 and gone.said == "the root 'news' with 2 articles"
    assert holding(home) == []
    with pytest.raises(BadPath):
        sync().forget(name)


def test_rows_that_quote_it_go_and_others_stay(home: Path) -> None:
    own, other = secret(home), "zzzzzzzzzz"
    file = rows(home, "own/7", own, other, own)
    traces = Traces(Paths(home, home), "default")
    traces.erase({own})
    assert (traces.answers, traces.rows, traces.left) == (1, 3, "")
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["c1", "last"]
    assert file.stat().st_mode & 0o777 == 0o600 and sorted(file.parent.iterdir()) == [file]
    traces.erase({own})
    assert traces.rows == 3


def test_a_run_that_is_being_written_is_waited_for(home: Path) -> None:
    folder = os.open(home / "evals" / "starter" / "1", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    key = secret(home)
    with pytest.raises(CorpusLocked, match="eval run") as caught:
        sync().forget(key)
    assert "when the run has ended" in caught.value.next
    os.close(folder)
    sync().forget(key)
    assert holding(home) == []


def test_kept_replies_of_models_are_named(home: Path) -> None:
    replies = home / "evals" / "replies"
    replies.mkdir()
    assert Traces(Paths(home, home), "default").left == ""
    (replies / "a.json").write_text("{}")
    assert str(replies) in Traces(Paths(home, home), "default").left


def test_conversations_that_cannot_be_read_keep_no_article_out_and_the_erasure_waits(
    home: Path, tmp_path: Path
) -> None:
    key = secret(home)
    (home / "sessions.sqlite3").write_bytes(b"no database " * 500)
    with pytest.raises(SessionsDamaged):
        sync().forget(key)
    more = tmp_path / "more.txt"
    more.write_text("The bridge is open\n\nThe bridge is open again.\n")
    summary = sync().ingest([more])
    assert summary.added == 1 and [type(problem) for problem in summary.problems] == [SessionsDamaged]
    (home / "sessions.sqlite3").unlink()
    assert sync().forget(key).documents == [key] and holding(home) == []
