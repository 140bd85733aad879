"""The meaning index: cosine over our own vectors, published in generations that readers hold on to."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Library
from test_embed import Twin

from store.dense import Dense, DenseReader
from store.embed import Embedding
from store.errors import IndexDamaged
from store.record import Record


@pytest.fixture
def record(corpus: Library) -> Iterator[Record]:
    with corpus.record() as record:
        yield record


def opened(library: Library, record: Record) -> DenseReader:
    return Dense(library.folder, library.embedding).reader(record)


def nearest(library: Library, reader: DenseReader, text: str, passages: list[int] | None = None) -> dict[int, float]:
    return reader.search(library.embedding.question(text), 10, passages)


def generations(library: Library) -> list[str]:
    return sorted(path.name for path in (library.folder / "dense").iterdir() if path.is_dir())


def change(library: Library, number: int) -> None:
    library.write("extra.txt", f"Extra report number {number} about the harbour.")
    library.ingest()


def test_similarity_is_the_cosine_and_grows_with_nearness(corpus: Library, record: Record) -> None:
    (batch,) = record.changes(0)
    text = next(f"{c.title}. {c.text}" for c in batch if "miners" in c.title)
    leg = opened(corpus, record)
    cosines = nearest(corpus, leg, text)
    hits = list(cosines.items())
    assert hits[0][1] == pytest.approx(1.0, abs=1e-5)
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    asked = corpus.embedding.question(text)
    for change in batch:
        own = float(corpus.embedding.matrix([f"{change.title}. {change.text}"])[0] @ asked)
        assert cosines[change.id] == pytest.approx(own, abs=1e-5)
    leg.close()


def test_hits_are_only_of_the_passages_given(corpus: Library, record: Record) -> None:
    leg = opened(corpus, record)
    ids = list(nearest(corpus, leg, "rescue"))
    assert list(nearest(corpus, leg, "rescue", [ids[2]])) == [ids[2]]
    assert nearest(corpus, leg, "rescue", []) == {}
    assert len(leg.search(corpus.embedding.question("rescue"), 2)) == 2
    leg.close()


def test_the_collection_holds_ids_and_vectors_only(corpus: Library, record: Record) -> None:
    leg = opened(corpus, record)
    held = leg._collection.get(include=["documents", "metadatas"])
    assert set(held["documents"]) == {None} == set(held["metadatas"])
    settings = leg._collection.configuration_json
    assert settings["hnsw"]["space"] == "cosine"
    assert (settings.get("embedding_function") or {"name": None}).get("name") in (None, "legacy")
    leg.close()


def test_a_reader_keeps_the_old_generation_while_a_new_one_is_published(corpus: Library, record: Record) -> None:
    leg = opened(corpus, record)
    before = nearest(corpus, leg, "harbour")
    for number in range(3):
        change(corpus, number)
        assert nearest(corpus, leg, "harbour") == before
    assert "g000001" in generations(corpus), "somebody reads it"
    assert not leg.current(record)
    leg.close()
    leg = opened(corpus, record)
    assert leg.current(record) and len(nearest(corpus, leg, "harbour")) == 5
    leg.close()
    change(corpus, 9)
    assert generations(corpus) == ["g000004", "g000005"]


def test_the_previous_generation_is_kept_and_older_ones_are_swept(corpus: Library) -> None:
    assert generations(corpus) == ["g000001"]
    for number in range(4):
        change(corpus, number)
    assert generations(corpus) == ["g000004", "g000005"]
    locks = sorted(path.name for path in (corpus.folder / "dense").glob("*.lock"))
    assert set(locks) <= {"g000004.lock", "g000005.lock"}


def test_what_a_crash_left_behind_is_swept_and_the_previous_one_stays(corpus: Library) -> None:
    change(corpus, 1)
    (corpus.folder / "dense" / "g000003").mkdir()
    corpus.ingest()
    assert generations(corpus) == ["g000001", "g000002"]


def test_reading_leaves_the_generation_as_it_was_published(corpus: Library, record: Record) -> None:
    for _ in range(3):
        leg = opened(corpus, record)
        nearest(corpus, leg, "rescue")
        leg.close()
    assert Dense(corpus.folder, corpus.embedding).sound(record)


def test_an_open_generation_is_locked_and_a_closed_one_is_free(corpus: Library, record: Record) -> None:
    leg = opened(corpus, record)
    with (corpus.folder / "dense" / "g000001.lock").open() as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        leg.close()
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_another_embedder_is_seen_and_its_vectors_are_not_mixed(corpus: Library, record: Record) -> None:
    twin = Dense(corpus.folder, Embedding(Twin()))
    with pytest.raises(IndexDamaged, match="another embedder"):
        twin.reader(record)
    assert not twin.sound(record)
    assert twin.catch_up(record) == 4
    reader = twin.reader(record)
    assert reader.search(twin.embedding.question("x"), 10)
    reader.close()
    assert record.stamp("dense").embedder == Embedding(Twin()).stamp
    with pytest.raises(IndexDamaged, match="another embedder"):
        opened(corpus, record)


def test_a_rebuild_embeds_nothing_twice(corpus: Library, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    leg = Dense(corpus.folder, corpus.embedding)
    assert corpus.embedding.stamp

    def refuse(texts: list[str]) -> None:
        raise AssertionError("the vectors are in the record")

    monkeypatch.setattr(corpus.embedding, "matrix", refuse)
    leg.catch_up(record, rebuild=True)
    assert leg.sound(record)


def test_it_follows_a_record_that_is_still_written(corpus: Library, record: Record) -> None:
    leg = Dense(corpus.folder, Embedding(Twin()))
    passes = iter((False, True))

    def written() -> bool:
        ended = next(passes)
        if ended:
            record.drop_source(record.roots()[0], "ship.txt")  # its passage has been written meanwhile
        return ended

    assert leg.catch_up(record, written=written) == 5
    reader = leg.reader(record)
    assert len(reader.search(leg.embedding.question("x"), 10)) == 3
    reader.close()


def test_catching_up_twice_publishes_once(corpus: Library, record: Record) -> None:
    assert Dense(corpus.folder, corpus.embedding).catch_up(record) == 0
    assert generations(corpus) == ["g000001"]


def test_a_publication_that_fails_leaves_no_folder_and_the_old_one_answers(
    corpus: Library, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write("extra.txt", "More about the harbour.")

    def fail(*args: object, **named: object) -> None:
        raise RuntimeError("hnsw went wrong")

    monkeypatch.setattr("store.generation.write", fail)
    with pytest.raises(IndexDamaged):
        corpus.ingest()
    assert generations(corpus) == ["g000001"]
    leg = opened(corpus, record)
    assert len(nearest(corpus, leg, "rescue")) == 4
    leg.close()


def test_a_dotenv_file_nearby_is_not_read(
    corpus: Library, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("chroma_server_host=example.org\nis_persistent=maybe\n")
    monkeypatch.chdir(tmp_path)
    leg = opened(corpus, record)
    assert nearest(corpus, leg, "rescue")
    leg.close()
