"""SQLite files: those of every past schema open, odd places are no trouble, and what cannot be written is read."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
import sqlalchemy as sa

from bot import sessions
from bot.conversation import Place, leant_on
from bot.errors import SessionsLocked
from bot.sessions import Sessions
from store.errors import CorpusDamaged, CorpusLocked
from store.record import SCHEMA, Record

FERRY, FAIR, OWL, SALT = "kfry2c4yjj", "ng57uxl6mq", "fzlt5w4q5s", "kvasjcwiug"
FAIR_TITLE = "Spring fair moves to the meadow"
DATA = Path(__file__).parent / "data"  # a file of each past schema, as that version of Footnote wrote it


def copy(name: str, folder: Path, file: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(DATA / name, folder / file))


def shape(path: Path) -> dict[str, object]:
    """The tables of a file with their columns, keys and indexes, however their SQL was written."""
    inspector = sa.inspect(sa.create_engine(sa.URL.create("sqlite", database=str(path))))
    return {
        table: (
            {column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)},
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted(str(key) for key in inspector.get_foreign_keys(table)),
            sorted(str(index) for index in inspector.get_indexes(table)),
        )
        for table in inspector.get_table_names()
    }


# -- the ladder ------------------------------------------------------------------------------------


def test_there_is_a_file_of_every_past_schema() -> None:
    for name, schema in (("record", SCHEMA), ("sessions", sessions.SCHEMA)):
        for version in range(1, schema.version):
            with sqlite3.connect(DATA / f"{name}-{version}.sqlite3") as connection:
                assert connection.execute("PRAGMA user_version").fetchone() == (version,)


@pytest.mark.parametrize("version", range(1, SCHEMA.version))
def test_a_record_of_a_past_schema_keeps_its_articles_and_gets_the_tables_of_today(
    tmp_path: Path, version: int
) -> None:
    path = copy(f"record-{version}.sqlite3", tmp_path / "old", "record.sqlite3")
    record = Record(tmp_path / "old")
    assert {d.id: d.title for d in record.documents()} == {FERRY: "Night ferry to Brack island stops", FAIR: FAIR_TITLE}
    assert "open at nine" in record.document(FAIR).text and "open at ten" in record.document(FAIR, 1).text
    assert record.document(OWL).outlet == "Valley Echo", "a retired article still opens"
    (root,) = record.roots()
    sources = {path: [(s.item, s.document) for s in items] for path, items in record.sources(root).items()}
    assert sources == {"fair.txt": [("", FAIR)], "ferry.md": [("", FERRY)]}
    assert [(gone.document, gone.path) for gone in record.exclusions()] == [(SALT, "/home/reader/news/salt.txt")]
    assert record.integrity() == "ok" and record.active_count() == 2
    record.close()
    Record(tmp_path / "new", create=True).close()
    assert shape(path) == shape(tmp_path / "new" / "record.sqlite3")


@pytest.mark.parametrize("version", range(1, sessions.SCHEMA.version))
def test_sessions_of_a_past_schema_keep_their_conversations(tmp_path: Path, version: int) -> None:
    path = copy(f"sessions-{version}.sqlite3", tmp_path, "sessions.sqlite3")
    held = Sessions(path)
    assert [(session.name, session.turns) for session in held.saved()] == [("s2", 1), ("s1", 2)]
    answer = held.answer(Place(1, 1))
    assert "41 passengers a night were too few" in answer.text and answer.citations[0].quote.document == FERRY
    assert leant_on(held.turns(1)).questions[1] == "When do the stalls of the spring fair open?"
    assert held.begin("default", "What is next?", 2) == Place(2, 2)
    assert [(hit.name, hit.turn) for hit in held.search("were too few")] == [("s1", 1)]
    assert held.queued(1) == ()
    held.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    class Broken(Record):
        schema = replace(SCHEMA, steps=(*SCHEMA.steps, ("CREATE TABLE more (id INTEGER)", "no SQL at all")))

    path = copy("record-1.sqlite3", tmp_path, "record.sqlite3")
    before = shape(path)
    with pytest.raises(CorpusDamaged, match="syntax error"):
        Broken(tmp_path)
    assert shape(path) == before
    Record(tmp_path).close()


def test_many_that_open_an_old_file_at_once_climb_once(tmp_path: Path) -> None:
    copy("record-1.sqlite3", tmp_path, "record.sqlite3")

    def articles(_: int) -> int:
        record = Record(tmp_path)
        try:
            return len(record.documents())
        finally:
            record.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(articles, range(16))) == {2}


# -- odd places and what may not be written --------------------------------------------------------


@pytest.mark.parametrize("name", ["what?", "100%", "50%20off", "a#b", "a;b&c=d", "ümlaut 日本", ":memory:", "file:x"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    record = Record(tmp_path / name / "corpus", create=True)
    record.add_root(Path("/home/reader/news"))
    record.close()
    held = Sessions(tmp_path / name / "sessions.sqlite3")
    assert held.begin("default", "One?") == Place(1, 1)
    held.close()
    assert sorted(path.name for path in (tmp_path / name).iterdir()) == ["corpus", "sessions.sqlite3"]
    assert [root.name for root in Record(tmp_path / name / "corpus").roots()] == ["news"]


def forbid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("store.sqlite.os.access", lambda path, mode: False)


def test_what_may_not_be_written_is_read_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Record(tmp_path, create=True)
    made.add_root(Path("/home/reader/news"))
    made.close()
    forbid(monkeypatch)
    record = Record(tmp_path)
    assert record.readonly and [root.name for root in record.roots()] == ["news"]
    with pytest.raises(CorpusDamaged, match="cannot be opened for writing"):
        record.add_root(Path("/home/reader/more"))
    assert [path.name for path in tmp_path.iterdir()] == ["record.sqlite3"]


def test_what_may_not_be_written_is_read_with_the_changes_in_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Record(tmp_path, create=True)
    writing.add_root(Path("/home/reader/news"))
    assert (tmp_path / "record.sqlite3-wal").stat().st_size
    with monkeypatch.context() as patch:
        forbid(patch)
        record = Record(tmp_path)
        assert [root.name for root in record.roots()] == ["news"]
        writing.add_root(Path("/home/reader/more"))
        assert [root.name for root in record.roots()] == ["news", "more"]
    writing.close()
    assert [root.name for root in record.roots()] == ["news", "more"]


def test_an_old_file_that_may_not_be_written_is_told_and_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("record-1.sqlite3", tmp_path, "record.sqlite3")
    before = path.read_bytes()
    forbid(monkeypatch)
    with pytest.raises(CorpusDamaged, match="older Footnote") as caught:
        Record(tmp_path)
    assert "right to write" in caught.value.next and path.read_bytes() == before


# -- held by others --------------------------------------------------------------------------------


def test_saved_conversations_that_another_program_holds_are_waited_for_shortly_and_never_moved(tmp_path: Path) -> None:
    held = Sessions(tmp_path / "sessions.sqlite3")
    held.begin("default", "One?")
    other = sqlite3.connect(tmp_path / "sessions.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = perf_counter()
    with pytest.raises(
        SessionsLocked, match=r"sessions\.sqlite3 is held by another program; Footnote waited 2 s"
    ) as caught:
        held.begin("default", "Two?")
    assert perf_counter() - began < 20 and "ove" not in caught.value.next and caught.value.exit == 5
    assert held.turns(1), "reading needs no turn"
    other.execute("COMMIT")
    assert held.begin("default", "Two?") == Place(2, 1)
    other.close()


def test_a_record_that_another_program_holds_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Record, "wait", 0.1)
    record = Record(tmp_path, create=True)
    other = sqlite3.connect(record.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CorpusLocked, match="held by another program") as caught:
        record.add_root(Path("/home/reader/news"))
    assert "move" not in caught.value.next
    other.close()


def test_a_log_that_somebody_reads_from_is_not_called_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Record, "wait", 0.1)
    record = Record(tmp_path, create=True)
    reader = sqlite3.connect(record.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM roots").fetchall()
    record.add_root(Path("/home/reader/news"))
    with pytest.raises(CorpusLocked, match="held by another program"):
        record.empty_log()
    reader.execute("COMMIT")
    record.empty_log()
    assert (tmp_path / "record.sqlite3-wal").stat().st_size == 0
    reader.close()
