"""The record: versions that stay, a sequence that only grows, filters, and what forgetting leaves behind."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Library
from hypothesis import given, settings
from hypothesis import strategies as st

from store.corpus import FakeCorpus
from store.errors import BadPath, CorpusDamaged, CorpusMissing, CorpusNewer
from store.passage import Document, Filters, Query, Span
from store.record import SCHEMA, Change, Record, Root, Source, Stamp
from store.split import split

ARTICLE = Document(
    id="aaaaaaaaaa",
    root="news",
    source="a.txt",
    title="A title",
    outlet="Sample Wire",
    published="2010-10-14",
    text="One fact. Two facts.",
    spans=(Span(0, 3, "event", "x"),),
)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    record = Record(tmp_path / "corpus", create=True)
    yield record
    record.close()


@pytest.fixture
def root(record: Record, tmp_path: Path) -> Root:
    return record.add_root(tmp_path / "news")


def put(record: Record, root: Root, document: Document = ARTICLE, **facts: str | None) -> str:
    """Writes an article as a sync would, with some facts replaced."""
    document = replace(document, **facts)  # type: ignore[arg-type]
    source = Source(document.source, document.id, "stamp", "digest")
    return record.put(document, split(document.text, document.spans), root, source)


def changes(record: Record, after: int = 0) -> list[Change]:
    return [change for batch in record.changes(after) for change in batch]


# -- articles and versions -------------------------------------------------------------------------


def test_an_article_is_added_once_and_then_the_same(record: Record, root: Root) -> None:
    assert put(record, root) == "added"
    seq = record.last_seq()
    assert put(record, root) == "same"
    assert record.last_seq() == seq


def test_what_is_put_is_what_is_read(record: Record, root: Root) -> None:
    put(record, root)
    got = record.document("aaaaaaaaaa")
    assert replace(got, ingested=None) == ARTICLE
    assert got.ingested is not None


def test_a_passage_knows_its_page_its_headings_and_the_day_of_its_post(record: Record, root: Root) -> None:
    text = "Storm\n\nRoads are shut.\n\nThe wind drops."
    second = text.index("The wind")
    marks = (
        Span(0, second, "page", "3"),
        Span(0, second, "post", "2010-10-12T07:05"),
        Span(0, 5, "heading", "2"),
        Span(second, len(text), "page", "4"),
        Span(second, len(text), "post", "2010-10-13"),
    )
    put(record, root, replace(ARTICLE, text=text, spans=marks))
    first, last = record.passages([change.id for change in changes(record)])
    assert (first.document.published, first.document.date_source) == ("2010-10-12", "post")
    assert (last.document.published, first.page(first.start), last.page(last.start)) == ("2010-10-13", 3, 4)
    assert marks[2] in first.spans and record.document(ARTICLE.id).published == ARTICLE.published


@pytest.mark.parametrize("fact", [{"text": "Other."}, {"title": "B"}, {"outlet": None}, {"published": "2010-10-15"}])
def test_another_text_or_fact_is_a_new_version_and_the_old_one_stays(
    record: Record, root: Root, fact: dict[str, str]
) -> None:
    put(record, root)
    assert put(record, root, **fact) == "changed"
    assert record.versions("aaaaaaaaaa") == [
        (1, "2010-10-14", False),
        (2, fact.get("published", "2010-10-14"), True),
    ]
    assert record.document("aaaaaaaaaa", 1).text == ARTICLE.text
    assert record.document("aaaaaaaaaa").version == 2


def test_event_dates_that_are_read_otherwise_are_replaced_in_the_same_version(record: Record, root: Root) -> None:
    put(record, root)
    seq = record.last_seq()
    otherwise = (Span(4, 8, "event", "2010-10-13/2010-10-13"),)
    assert put(record, root, replace(ARTICLE, spans=otherwise)) == "same"
    assert record.document("aaaaaaaaaa").spans == otherwise and record.last_seq() == seq
    (passage,) = record.passages([change.id for change in changes(record)])
    assert passage.event_dates == otherwise


def test_a_text_that_comes_back_revives_its_version(record: Record, root: Root) -> None:
    put(record, root)
    first = {change.id for change in changes(record)}
    put(record, root, text="Other.")
    assert put(record, root) == "changed"
    assert [live for _, _, live in record.versions("aaaaaaaaaa")] == [True, False]
    assert {change.id for change in changes(record) if not change.retired} == first


def test_a_url_met_twice_is_one_article_with_two_files(record: Record, root: Root) -> None:
    assert put(record, root) == "added"
    assert put(record, root, source="copy.txt") == "same"
    assert set(record.sources(root)) == {"a.txt", "copy.txt"}
    assert len(record.documents()) == 1
    assert record.drop_source(root, "copy.txt") is False
    assert record.document("aaaaaaaaaa").text == ARTICLE.text
    assert record.drop_source(root, "a.txt") is True
    assert record.documents() == [] and record.active_count() == 0


def test_a_vanished_article_is_out_of_retrieval_but_still_opens(record: Record, root: Root) -> None:
    put(record, root)
    (change,) = changes(record)
    record.drop_source(root, "a.txt")
    assert record.passages([change.id]) == []
    assert record.allowed(Filters(documents=("aaaaaaaaaa",))) == {}
    assert record.document("aaaaaaaaaa").text == ARTICLE.text
    assert put(record, root) == "added"


@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=300))
def test_any_text_comes_back_character_for_character(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    record = Record(tmp_path_factory.mktemp("record"), create=True)
    try:
        put(record, record.add_root(Path("/news")), text=text, spans=())  # type: ignore[arg-type]
        assert record.document("aaaaaaaaaa").text == text
        for passage in record.passages([change.id for change in changes(record)]):
            assert text[passage.start : passage.end] == passage.text
    finally:
        record.close()


# -- the sequence ----------------------------------------------------------------------------------


def test_every_change_takes_a_new_seq_and_a_retired_passage_is_a_tombstone(record: Record, root: Root) -> None:
    put(record, root)
    first = record.last_seq()
    put(record, root, text="Other.")
    later = changes(record, first)
    assert [change.retired for change in later] == [True, False]
    assert [change.seq for change in later] == [first + 1, first + 2] and record.last_seq() == first + 2
    assert later[0].text == "" and later[1].text == "Other."


def test_a_follower_that_starts_anywhere_ends_with_the_live_passages(record: Record, root: Root) -> None:
    seen: list[tuple[int, set[int]]] = [(0, set())]
    for text in ("One.", "Two.", "One.", "Three.", "One."):
        put(record, root, text=text)
        live = {change.id for change in changes(record) if not change.retired}
        seen.append((record.last_seq(), live))
    for seq, held in seen:
        followed = set(held)
        for change in changes(record, seq):
            (followed.discard if change.retired else followed.add)(change.id)
        assert followed == seen[-1][1]


def test_changes_come_in_order_over_many_batches(record: Record, root: Root) -> None:
    text = "\n\n".join(f"Paragraph {i}. " + "word " * 180 for i in range(1_200))
    put(record, root, text=text, spans=())  # type: ignore[arg-type]
    got = changes(record)
    assert [change.seq for change in got] == list(range(1, len(got) + 1)) and len(got) > 1_000
    assert "".join("".join(change.text.split()) for change in got) == "".join(text.split())


# -- filters and lists -----------------------------------------------------------------------------


def test_a_month_passes_where_a_day_of_it_would_and_stands_before_its_days(record: Record, root: Root) -> None:
    for key, day in {"month": "2019-02", "later": "2019-02-20", "older": "2019-01-31"}.items():
        put(record, root, id=key, source=f"{key}.txt", published=day)

    def left(since: str | None, until: str | None) -> list[str]:
        filters = Filters(since=since, until=until)
        assert [d.id for d in FakeCorpus(*record.documents()).documents(filters)] == [
            d.id for d in record.documents(filters)
        ]
        return [d.id for d in record.documents(filters)]

    assert left(None, None) == ["later", "month", "older"]
    assert left("2019-02-01", "2019-02-28") == ["later", "month"]
    assert left("2019-02-21", "2019-06-01") == left("2019-02-01", "2019-02-03") == ["month"]
    assert left("2019-03-01", None) == [] and left(None, "2019-01-31") == ["older"]
    assert (record.coverage().first, record.coverage(Filters(since="2019-02-21")).last) == ("2019-01-31", "2019-02-28")


def test_filters_are_hard_and_undated_articles_are_counted(record: Record, root: Root) -> None:
    for i, (outlet, day) in enumerate(
        [("Sample Wire", "2010-01-01"), ("Sample Daily", "2010-06-15"), ("Sample Wire", None), (None, None)]
    ):
        put(record, root, id=f"{'abcd'[i]}aaa", source=f"{i}.txt", outlet=outlet, published=day)

    def left(**filters: object) -> list[str]:
        return [d.id[0] for d in record.documents(Filters(**filters))]  # type: ignore[arg-type]

    assert left() == ["b", "a", "c", "d"]
    assert left(since="2010-06-15") == ["b"] and left(until="2010-06-14") == ["a"]
    assert left(since="2010-06-15", undated=True) == ["b", "c", "d"]
    assert left(outlets=("SAMPLE wire",)) == ["a", "c"]
    assert left(not_outlets=("sample wire",)) == ["b", "d"]
    assert left(documents=("aaaa", "daaa")) == ["a", "d"] and left(documents=("news",)) == list("bacd")
    assert left(documents=("elsewhere",)) == []
    coverage = record.coverage()
    assert (coverage.documents, coverage.undated, coverage.first, coverage.last) == (
        4,
        2,
        "2010-01-01",
        "2010-06-15",
    )
    assert coverage.outlets == (("Sample Wire", 2), ("Sample Daily", 1))


def test_an_article_in_two_roots_is_found_under_either(record: Record, root: Root, tmp_path: Path) -> None:
    other = record.add_root(tmp_path / "more" / "news")
    assert other.name == "news-2"
    put(record, root)
    put(record, other, replace(ARTICLE, root="news-2"), source="copy.txt")
    for name in ("news", "news-2"):
        assert [d.id for d in record.documents(Filters(documents=(name,)))] == ["aaaaaaaaaa"]


def test_an_id_may_be_cut_short_where_one_article_has_it(record: Record, root: Root) -> None:
    put(record, root, id="abcd")
    put(record, root, id="abef", source="b.txt")
    assert record.document("abc").id == "abcd"
    for key, said in (("ab", "Several"), ("x", "No article"), ("", "article"), ("a%", "No article")):
        with pytest.raises(BadPath, match=said):
            record.document(key)
    with pytest.raises(BadPath, match="no version 9"):
        record.document("abcd", 9)


def test_an_index_stamp_is_kept(record: Record) -> None:
    assert record.stamp("dense") == Stamp()
    stamp = Stamp(7, 5, "g000001", "e/256/x", {"a/b": 3})
    record.set_stamp("dense", stamp)
    assert record.stamp("dense") == stamp


# -- forgetting ------------------------------------------------------------------------------------

SECRET = "xylophonequartz"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("by", ["article", "root"])
def test_what_is_forgotten_is_in_no_file_of_the_corpus(corpus: Library, by: str) -> None:
    secret = corpus.root.parent / "private"
    secret.mkdir()
    for i in range(3):
        text = f"---\ntitle: A {SECRET} title\n---\n" + f"The {SECRET} was seen in room {i}. " * 300
        (secret / f"{i}.md").write_text(text)
    corpus.ingest(secret)
    (secret / "1.md").write_text(f"Another {SECRET}.")
    (secret / "2.md").unlink()
    corpus.ingest(secret)
    assert any(SECRET.encode() in data for data in bytes_of(corpus.folder).values())

    if by == "root":
        corpus.sync.forget("private")
    else:
        with corpus.record() as record:
            ids = [d.id for d in record.documents(Filters(documents=("private",)))]
            ids += _retired(corpus.folder)
        for key in ids:
            corpus.sync.forget(key)
    with corpus.record() as record:
        assert len(record.documents()) == 4
    for path, data in bytes_of(corpus.folder).items():
        assert SECRET.encode() not in data.lower(), f"{path} still holds it"
    assert all(SECRET not in passage.text.lower() for passage in corpus.search(SECRET).passages)
    assert corpus.top("miners trapped in Chile") == "mine.md"


def _retired(folder: Path) -> list[str]:
    """Ids of articles without a current version; only the file itself lists them."""
    with sqlite3.connect(folder / "record.sqlite3") as connection:
        return [row[0] for row in connection.execute("SELECT id FROM documents WHERE current IS NULL")]


def test_forgetting_erases_the_log_too_while_somebody_reads(corpus: Library) -> None:
    corpus.write("secret.txt", f"The {SECRET} again.")
    corpus.ingest()
    with corpus.searching() as reader:
        assert reader.search(Query(SECRET)).passages
        corpus.sync.forget(corpus.id_of("secret.txt"))
        logs = [data for path, data in bytes_of(corpus.folder).items() if "record.sqlite3" in path]
        assert logs and not any(SECRET.encode() in data for data in logs)


def test_forgetting_that_was_cut_short_is_finished_by_the_next_run(
    corpus: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write("secret.txt", f"The {SECRET} again.")
    corpus.ingest()
    key = corpus.id_of("secret.txt")
    with monkeypatch.context() as patch:
        patch.setattr("store.sync.Sync.level", lambda *args, **named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            corpus.sync.forget(key)
    assert SECRET not in corpus.search(SECRET).passages[0].text
    corpus.ingest()
    assert not any(SECRET.encode() in data for data in bytes_of(corpus.folder).values())
    assert corpus.top("shift foreman") == "mine.md"


@pytest.mark.parametrize("vanished", [False, True])
def test_a_forgotten_article_says_so_and_its_file_is_marked(corpus: Library, vanished: bool) -> None:
    key = corpus.id_of("mine.md")
    if vanished:
        (corpus.root / "mine.md").unlink()
        corpus.ingest()
    corpus.sync.forget(key)
    with corpus.record() as record:
        with pytest.raises(BadPath, match="was forgotten on"):
            record.document(key)
        assert [(gone.document, gone.path) for gone in record.exclusions()] == [(key, str(corpus.root / "mine.md"))]


def test_a_passage_shared_with_another_article_keeps_its_vector(corpus: Library) -> None:
    corpus.write("copy.md", (corpus.root / "mine.md").read_text())
    corpus.ingest()
    corpus.sync.forget(corpus.id_of("copy.md"))
    with corpus.record() as record:
        live = [change for change in changes(record) if not change.retired]
        assert len(record.vectors(corpus.embedding.stamp, [c.hash for c in live])) == len(live)


# -- the file --------------------------------------------------------------------------------------


def test_a_missing_corpus_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing, match="no corpus"):
        Record(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_newer_schema_is_refused_and_left_alone(record: Record) -> None:
    record.close()
    with sqlite3.connect(record.path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")
    connection.close()
    before = record.path.read_bytes()
    for create in (False, True):
        with pytest.raises(CorpusNewer, match="newer Footnote") as caught:
            Record(record.folder, create=create)
        assert caught.value.exit == 5 and "pgrade" in caught.value.next
    assert record.path.read_bytes() == before


@pytest.mark.parametrize("harm", ["noise", "cut", "folder"])
def test_a_damaged_file_is_one_sentence(corpus: Library, harm: str) -> None:
    path = corpus.folder / "record.sqlite3"
    if harm == "noise":
        path.write_bytes(b"noise " * 5_000)
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.unlink()
        path.mkdir()
    with pytest.raises(CorpusDamaged) as caught:
        corpus.search("miners")
    assert caught.value.next and "\n" not in caught.value.message


def test_the_file_is_its_owners_alone(record: Record, root: Root) -> None:
    put(record, root)
    for path in (record.path, *record.folder.glob("record.sqlite3-*")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(record.folder.stat().st_mode) == 0o700


# -- files of several articles ---------------------------------------------------------------------


def test_the_articles_of_one_file_are_told_apart_by_their_items(record: Record, root: Root) -> None:
    for item in ("1", "2", "3"):
        document = replace(
            ARTICLE, id=f"{'abc'[int(item) - 1]}aaaa", item=item, source="all.jsonl", title=f"Report {item}"
        )
        record.put(document, split(document.text), root, Source("all.jsonl", document.id, "", "bytes", item))
    held = record.sources(root)["all.jsonl"]
    assert [(source.item, source.document, source.stamp) for source in held] == [
        ("1", "aaaaa", ""), ("2", "baaaa", ""), ("3", "caaaa", "")]  # fmt: skip
    record.restamp(root, "all.jsonl", "size and time")
    assert {source.stamp for source in record.sources(root)["all.jsonl"]} == {"size and time"}
    assert record.document("baaaa").item == "2"
    assert record.drop_source(root, "all.jsonl", "2") is True
    assert [d.title for d in record.documents()] == ["Report 1", "Report 3"]
    record.forget("caaaa")
    assert [(gone.document, gone.item) for gone in record.exclusions()] == [("caaaa", "3")]
