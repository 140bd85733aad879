"""Sync: the record becomes equal to the roots, loses nothing by accident, and says what it passed over."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ARTICLES, Library

from store import formats
from store.errors import BadPath, CorpusLocked, CorpusMissing, RootMissing
from store.formats import Article
from store.formats.letters import clean
from store.ingest import Summary
from store.lock import writer
from store.passage import Document, Query
from store.progress import Progress
from store.record import Record
from store.sync import Sync


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.added, summary.changed, summary.unchanged, summary.removed


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, the writer's lock aside."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# -- in step with the roots ------------------------------------------------------------------------


def test_a_second_run_changes_nothing(corpus: Library) -> None:
    with corpus.record() as record:
        seq = record.last_seq()
    assert counts(corpus.ingest()) == (0, 0, 4, 0) == counts(corpus.sync.ingest())
    with corpus.record() as record:
        assert record.last_seq() == seq and len(record.roots()) == 1


def test_new_changed_and_vanished_files_are_followed(corpus: Library) -> None:
    corpus.write("deep/down/new.txt", "A report on turbines.")
    corpus.write("mine.md", "The rescued men went to hospital.")
    (corpus.root / "ship.txt").unlink()
    summary = corpus.ingest()
    assert counts(summary) == (1, 1, 2, 1)
    assert summary.passages == 4
    assert corpus.top("turbines") == "deep/down/new.txt"
    assert corpus.top("hospital") == "mine.md"
    assert "ship.txt" not in [p.document.source for p in corpus.search("Titanic Carpathia").passages]


def test_a_touched_file_is_unchanged(corpus: Library) -> None:
    os.utime(corpus.root / "mine.md", (1, 1))
    assert counts(corpus.ingest()) == (0, 0, 4, 0) == counts(corpus.ingest())


def test_a_file_replaced_within_the_same_second_and_size_is_seen(corpus: Library) -> None:
    path = corpus.write("ship.txt", "Aaaa aaaa aaaa.")
    corpus.ingest()
    info = path.stat()
    path.write_text("Bbbb bbbb bbbb.")
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert corpus.ingest().changed == 1


def test_a_renamed_file_keeps_its_article_and_that_names_where_it_lies_now(corpus: Library) -> None:
    corpus.write("web.md", "---\nurl: https://example.org/1\n---\nA page about turbines.")
    corpus.ingest()
    keys = {name: corpus.id_of(name) for name in ("web.md", "mine.md", "spill.md")}
    (corpus.root / "deep").mkdir()
    for name, new in (("web.md", "page.md"), ("mine.md", "shaft.md"), ("spill.md", "deep/spill.md")):
        (corpus.root / name).rename(corpus.root / new)
    assert counts(corpus.ingest(dry_run=True)) == (0, 0, 5, 0)
    assert counts(corpus.ingest()) == (0, 0, 5, 0) == counts(corpus.ingest()), "and no word is wanted"
    assert corpus.top("Who was the shift foreman?") == "shaft.md"
    assert {corpus.id_of(name) for name in ("page.md", "shaft.md", "deep/spill.md")} == set(keys.values())
    corpus.write("shaft.md", "The rescued men went to hospital.")
    assert counts(corpus.ingest()) == (0, 1, 4, 0) and corpus.id_of("shaft.md") == keys["mine.md"]


def test_a_new_file_under_the_old_name_of_another_is_an_article_of_its_own(corpus: Library) -> None:
    key = corpus.id_of("mine.md")
    (corpus.root / "mine.md").rename(corpus.root / "shaft.md")
    corpus.ingest()
    corpus.write("mine.md", "A report on turbines.")
    assert counts(corpus.ingest()) == (1, 0, 4, 0)
    other = corpus.id_of("mine.md")
    assert corpus.id_of("shaft.md") == key != other
    corpus.write("mine.md", "A report on harbours.")
    assert counts(corpus.ingest()) == (0, 1, 4, 0) and corpus.id_of("mine.md") == other


def test_two_parts_of_a_root_that_are_named_lose_only_what_is_gone(corpus: Library) -> None:
    for part in ("east", "west"):
        for name in "abcd":
            corpus.write(f"{part}/{name}.md", f"The {part}ern pier {name} is open.")
    corpus.ingest()
    (corpus.root / "east" / "a.md").unlink()
    (corpus.root / "west" / "b.md").rename(corpus.root / "east" / "e.md")
    assert counts(corpus.ingest(corpus.root / "east", corpus.root / "west")) == (0, 0, 7, 1)


@pytest.mark.parametrize("into_the_first", [False, True])
def test_a_file_that_moved_to_another_root_keeps_its_article(corpus: Library, into_the_first: bool) -> None:
    other = corpus.root.parent / "other"
    other.mkdir()
    (other / "pier.md").write_text("The pier of Hult is closed.")
    (other / "quay.md").write_text("The quay of Hult is open.")
    corpus.ingest(other)
    with corpus.record() as record:
        before = {document.title: document.id for document in record.documents()}
    old, new = (
        (other / "quay.md", corpus.root / "q.md") if into_the_first else (corpus.root / "mine.md", other / "m.md")
    )
    old.rename(new)
    summary = corpus.sync.ingest()
    assert (summary.added, summary.removed) == (0, 0)
    with corpus.record() as record:
        after = {document.title: document.id for document in record.documents()}
        assert after == before
        assert new.name in {document.source for document in record.documents() if document.root == new.parent.name}


def test_of_two_files_alike_one_is_renamed_and_the_other_vanishes(corpus: Library) -> None:
    for name in ("one.txt", "two.txt"):
        corpus.write(name, "A report on turbines.")
    corpus.ingest()
    keys = {corpus.id_of("one.txt"), corpus.id_of("two.txt")}
    for name in ("one.txt", "two.txt"):
        (corpus.root / name).unlink()
    corpus.write("three.txt", "A report on turbines.")
    assert counts(corpus.ingest()) == (0, 0, 5, 1) and corpus.id_of("three.txt") in keys


def test_a_copy_beside_its_file_is_a_new_article(corpus: Library) -> None:
    shutil.copy(corpus.root / "mine.md", corpus.root / "shaft.md")
    assert counts(corpus.ingest()) == (1, 0, 4, 0)


def test_a_renamed_file_with_another_text_is_a_new_article(corpus: Library) -> None:
    (corpus.root / "mine.md").unlink()
    corpus.write("shaft.md", ARTICLES["mine.md"].replace("33", "32"))
    assert counts(corpus.ingest()) == (1, 0, 3, 1)


def test_a_file_is_followed_into_the_part_of_a_root_that_is_named(corpus: Library) -> None:
    key = corpus.id_of("mine.md")
    (corpus.root / "deep").mkdir()
    (corpus.root / "mine.md").rename(corpus.root / "deep" / "mine.md")
    assert counts(corpus.ingest(corpus.root / "deep")) == (0, 0, 1, 0)
    assert counts(corpus.ingest()) == (0, 0, 4, 0) and corpus.id_of("deep/mine.md") == key


def test_when_one_of_two_copies_vanishes_the_other_stands_in(corpus: Library) -> None:
    corpus.write("one.md", "---\nurl: https://example.org/1\n---\nThe early version on turbines.")
    corpus.ingest()
    corpus.write("two.md", "---\nurl: https://example.org/1\n---\nThe later version on turbines.")
    assert corpus.ingest().changed == 1
    (corpus.root / "two.md").unlink()
    assert corpus.ingest().removed == 0
    (passage,) = (p for p in corpus.search("turbines").passages if "turbines" in p.text)
    assert passage.text == "The early version on turbines." and passage.document.source == "one.md"
    assert counts(corpus.ingest())[:2] == (0, 0)


def test_a_single_file_can_be_a_root(library: Library) -> None:
    path = library.write("one.md", ARTICLES["mine.md"])
    assert library.ingest(path).added == 1
    assert library.top("shift foreman") == "one.md"
    assert counts(library.sync.ingest()) == (0, 0, 1, 0)


def test_several_paths_at_once_and_names_that_clash(corpus: Library, tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name / "news").mkdir(parents=True)
        (tmp_path / name / "news" / "a.txt").write_text(f"Report {name}.")
    corpus.ingest(tmp_path / "x" / "news", tmp_path / "y" / "news")
    with corpus.record() as record:
        assert [root.name for root in record.roots()] == ["news", "news-2", "news-3"]
        assert len({d.id for d in record.documents()}) == 6


def test_the_times_that_an_article_names_are_kept_with_it(library: Library) -> None:
    library.write(
        "a.md", "---\ntitle: The bridge\npublished: 2026-05-20\n---\n\nThe bridge at Orlo closed on Tuesday.\n"
    )
    library.write("b.txt", "The bridge at Orlo will open again in March 2027, they said on Friday.\n")
    library.ingest()
    named = {
        passage.document.source: [
            (passage.text[s.start - passage.start : s.end - passage.start], s.value) for s in times
        ]
        for passage in library.search("When was the bridge at Orlo closed?").passages
        if (times := passage.event_dates)
    }
    assert named == {
        "a.md": [("Tuesday", "2026-05-19/2026-05-19")],
        "b.txt": [("March 2027", "2027-03-01/2027-03-31"), ("Friday", "")],
    }


def test_progress_is_told_and_ends_at_its_total(library: Library) -> None:
    for i in range(5):
        library.write(f"{i}.txt", f"Report {i}.")
    steps: list[Progress] = []
    Sync(library.folder, library.embedding, steps.append).ingest([library.root])
    stages = list(dict.fromkeys(step.stage for step in steps))
    assert stages == ["reading", "preparing", "word index", "meaning index"]
    for stage in stages:
        last = [step for step in steps if step.stage == stage][-1]
        assert last.done == last.total == 5


# -- one address, several articles -----------------------------------------------------------------

SCHOOL = "The north school of Orrin will close in June because it has only 31 pupils."
WHALE = "A whale of 14 metres was beached on Sollen on Friday and was towed back to sea."


def paged(text: str, url: str = "https://courier.example/") -> str:
    return f"---\nurl: {url}\n---\n{text}\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://courier.example", "https://courier.example/"),
        ("https://courier.example/live#p1", "https://courier.example/live#p2"),
        ("https://courier.example/a?utm_source=x", "http://www.courier.example/a"),
    ],
)
def test_two_stories_of_one_address_are_two_articles_and_both_are_named(
    library: Library, first: str, second: str
) -> None:
    library.write("school.md", paged(SCHOOL, first))
    library.write("whale.md", paged(WHALE, second))
    summary = library.ingest()
    (note,) = summary.warnings
    assert summary.added == 2 and note.path == "whale.md" and "school.md" in note.reason
    assert library.top("Why does the north school close?") == "school.md"
    assert library.top("How long was the whale?") == "whale.md"
    ids = library.id_of("school.md"), library.id_of("whale.md")
    library.write("whale.md", paged(WHALE + " Nobody was hurt.", second))
    assert counts(library.ingest()) == (0, 1, 1, 0)
    (library.root / "school.md").unlink()
    library.write("whale.md", paged(WHALE + " It swam off.", second))
    assert counts(library.ingest()) == (0, 1, 0, 1)
    assert ids[1] == library.id_of("whale.md"), "an article keeps its id when the other is gone"


def test_reports_of_one_template_under_one_address_are_two_articles(library: Library) -> None:
    for town, tonnes, cod in (("Orrin", 41, "12.40"), ("Hult", 66, "11.95")):
        text = f"FISH REPORT: {town}. Landings were {tonnes} tonnes. Cod sold at {cod} crowns a kilo at six o'clock."
        library.write(f"{town}.md", paged(text))
    assert library.ingest().added == 2
    assert library.top("What did cod cost in Hult?") == "Hult.md"


def test_a_near_identical_copy_under_one_address_is_one_article(library: Library) -> None:
    library.write("a.md", paged(SCHOOL))
    library.write("b.md", paged(SCHOOL + " Advertisement"))
    summary = library.ingest()
    with library.record() as record:
        (document,) = record.documents()
        (root,) = record.roots()
        assert {source.document for items in record.sources(root).values() for source in items} == {document.id}
    (note,) = summary.warnings
    assert counts(summary) == (1, 0, 0, 0) and note.path == "b.md" and "this text counts" in note.reason
    library.write("b.md", paged(WHALE))
    assert library.ingest().added == 1, "a copy that becomes another story is an article of its own"
    assert library.top("Why does the north school close?") == "a.md"


def test_a_metadata_field_that_is_not_read_is_named_once(library: Library) -> None:
    for name in ("a.md", "b.md"):
        library.write(name, f"---\ntitle: {name}\nmood: calm\n---\nA report on turbines.")
    (note,) = library.ingest().warnings
    assert note.path == "a.md" and "mood" in note.reason


# -- several articles in a file --------------------------------------------------------------------


def many(data: bytes) -> Iterator[Article]:
    """A format of our own: an article a line, `item: text`."""
    for line in data.decode().splitlines():
        item, text = line.split(": ", 1)
        yield Article(text=text, title=text[:40], item=item, url=f"https://x.example/{item}" if item > "u" else None)


@pytest.fixture
def lines(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setattr(formats, "FORMATS", [*formats.FORMATS, formats.Format((".lines",), many)])
    library.write("one.txt", "A report on harbours.")
    library.write("all.lines", f"a: {SCHOOL}\nb: {WHALE}\nc: A report on turbines.\n")
    assert counts(library.ingest()) == (4, 0, 0, 0)
    return library


def test_every_article_of_a_file_is_found_and_an_unchanged_file_is_not_read(
    lines: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lines.search("How long was the whale?").passages[0].document.item == "b"
    with lines.record() as record:
        (root,) = record.roots()
        assert [source.item for source in record.sources(root)["all.lines"]] == ["a", "b", "c"]
    monkeypatch.setattr("store.ingest.read_file", lambda *args: pytest.fail("it was read"))
    assert counts(lines.ingest()) == (0, 0, 4, 0)


def test_items_of_a_file_are_added_changed_and_retired(lines: Library) -> None:
    lines.write("all.lines", f"a: {SCHOOL}\nc: A report on cranes.\nd: A report on ferries.\n")
    assert counts(lines.ingest()) == (1, 1, 2, 1), "a, and one.txt, are as they were"
    assert {p.document.item for p in lines.search("report on ferries and cranes").passages} >= {"c", "d"}
    assert all("whale" not in p.text for p in lines.search("How long was the whale?").passages)
    assert counts(lines.ingest()) == (0, 0, 4, 0)


def test_many_items_that_vanish_at_once_want_a_word(lines: Library) -> None:
    lines.write("all.lines", f"a: {SCHOOL}\n")
    for _ in range(2):
        summary = lines.ingest()
        assert summary.withheld and summary.removed == 0 and "2 of 4" in summary.problems[0].message
    assert lines.ingest(yes=True, dry_run=True).removed == 2
    assert lines.ingest(yes=True).removed == 2
    assert counts(lines.ingest()) == (0, 0, 2, 0)


@pytest.mark.parametrize("gone", ["a", "b"])
@pytest.mark.parametrize("touched", [False, True])
def test_a_file_of_many_that_is_renamed_keeps_its_articles_and_its_gaps(
    lines: Library, gone: str, touched: bool
) -> None:
    keys = {item: item_id(lines, item) for item in "abc"}
    lines.sync.forget(keys[gone])
    (lines.root / "all.lines").rename(lines.root / "new.lines")
    if touched:
        os.utime(lines.root / "new.lines", (1, 1))
    assert counts(lines.ingest(dry_run=True)) == (0, 0, 3, 0)
    assert counts(lines.ingest()) == (0, 0, 3, 0) == counts(lines.ingest())
    later = "b" if gone == "a" else "a"
    lines.sync.forget(keys[later])
    lines.write("new.lines", f"a: {SCHOOL}\nb: {WHALE}\nc: A report on cranes.\n")
    assert counts(lines.ingest()) == (0, 1, 1, 0), "what was forgotten before and after the new name stays out"
    assert item_id(lines, "c") == keys["c"]
    with lines.record() as record:
        forgotten = {(one.document, Path(one.path).name) for one in record.exclusions()}
    assert forgotten >= {(keys["a"], "new.lines"), (keys["b"], "new.lines")}


def test_a_file_of_many_with_more_under_another_name_is_renamed_and_one_with_less_is_not(lines: Library) -> None:
    keys = {item: item_id(lines, item) for item in "abc"}
    text = (lines.root / "all.lines").read_text()
    (lines.root / "all.lines").unlink()
    lines.write("more.lines", text + "d: A report on ferries.\n")
    assert counts(lines.ingest()) == (1, 0, 4, 0) and {item: item_id(lines, item) for item in "abc"} == keys
    (lines.root / "more.lines").unlink()
    lines.write("less.lines", f"a: {SCHOOL}\nb: A report on cranes.\n")
    assert counts(lines.ingest(yes=True)) == (2, 0, 1, 4)


def item_id(library: Library, item: str) -> str:
    with library.record() as record:
        return next(document.id for document in record.documents() if document.item == item)


def test_a_forgotten_item_stays_out_and_the_others_stay_in(lines: Library) -> None:
    with lines.record() as record:
        key = next(d.id for d in record.documents() if d.item == "b")
    lines.sync.forget(key)
    assert counts(lines.ingest()) == (0, 0, 3, 0)
    lines.write("all.lines", f"a: {SCHOOL}\nb: {WHALE}\nc: A report on cranes.\n")
    summary = lines.ingest()
    assert counts(summary)[:2] == (0, 1) and "forgotten" in lines.reasons(summary)["all.lines#b"]
    assert lines.ingest(lines.root / "all.lines").added == 1
    assert lines.search("How long was the whale?").passages[0].document.item == "b"


def test_two_items_of_one_name_and_one_address_are_two_articles(lines: Library) -> None:
    lines.write("two.lines", f"x: {SCHOOL} Soon.\nx: {WHALE} Soon.\n")
    summary = lines.ingest()
    (note,) = summary.warnings
    assert summary.added == 2 and note.path == "two.lines#x#2" and "two.lines#x," in note.reason


def test_a_file_of_many_that_a_kill_left_half_written_is_read_again(
    lines: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines.write("all.lines", f"a: {SCHOOL} Soon.\nb: {WHALE} Soon.\nc: A report on cranes.\n")
    put = Record.put

    def killed(self: Record, document: Document, *rest: Any) -> str:
        return put(self, document, *rest) if document.item != "b" else str(1 / 0)

    with monkeypatch.context() as patch:
        patch.setattr(Record, "put", killed)
        with pytest.raises(ZeroDivisionError):
            lines.ingest()
    assert counts(lines.ingest()) == (0, 2, 2, 0)
    assert counts(lines.ingest()) == (0, 0, 4, 0)


# -- nothing is lost by accident -------------------------------------------------------------------


def test_over_a_third_vanished_wants_a_word(corpus: Library) -> None:
    (corpus.root / "mine.md").unlink()
    (corpus.root / "ship.txt").unlink()
    summary = corpus.ingest()
    assert summary.removed == 0 and summary.passages == 4 and summary.withheld
    assert "2 of 4" in summary.problems[0].message and "--yes" in summary.problems[0].next
    assert corpus.ingest(yes=True).removed == 2


def test_a_missing_root_loses_nothing_and_the_others_go_on(corpus: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("A report on turbines.")
    corpus.ingest(other)
    corpus.root.rename(tmp_path / "unmounted")
    (other / "b.txt").write_text("A report on harbours.")
    summary = corpus.sync.ingest()
    (problem,) = summary.problems
    assert isinstance(problem, RootMissing) and problem.exit == 5 and "missing" in problem.message
    assert (summary.added, summary.passages) == (1, 6)
    (tmp_path / "unmounted").rename(corpus.root)
    assert counts(corpus.sync.ingest()) == (0, 0, 6, 0)


@pytest.mark.parametrize("yes", [False, True])
def test_a_suddenly_empty_root_loses_nothing(corpus: Library, yes: bool) -> None:
    for path in corpus.root.iterdir():
        path.unlink()
    summary = corpus.ingest(yes=yes)
    assert isinstance(summary.problems[0], RootMissing) and "suddenly empty" in summary.problems[0].message
    assert summary.passages == 4 and corpus.top("shift foreman") == "mine.md"


def test_a_folder_that_cannot_be_opened_loses_nothing(corpus: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.write("deep/one.txt", "A report on turbines.")
    corpus.ingest()
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    summary = corpus.ingest()
    assert summary.removed == 0 and "permission denied" in corpus.reasons(summary)["deep"]
    assert corpus.top("turbines") == "deep/one.txt"


def test_a_path_inside_a_root_is_that_part_of_it(corpus: Library) -> None:
    corpus.write("deep/one.txt", "A report on turbines.")
    corpus.write("other.txt", "A report on harbours.")
    (corpus.root / "mine.md").unlink()
    assert counts(corpus.ingest(corpus.root / "deep")) == (1, 0, 0, 0)
    assert counts(corpus.ingest(corpus.root / "other.txt")) == (1, 0, 0, 0)
    with corpus.record() as record:
        assert len(record.roots()) == 1 and len(record.documents()) == 6


def test_a_parent_of_a_root_is_refused(corpus: Library) -> None:
    with pytest.raises(BadPath, match="contains the root 'news'") as caught:
        corpus.ingest(corpus.root.parent)
    assert "forget news" in caught.value.next
    assert counts(corpus.sync.ingest()) == (0, 0, 4, 0)


def test_a_root_by_a_link_or_dots_is_the_same_root(corpus: Library, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(corpus.root)
    assert counts(corpus.ingest(tmp_path / "link")) == (0, 0, 4, 0)
    assert counts(corpus.ingest(corpus.root / ".." / "news")) == (0, 0, 4, 0)


@pytest.mark.parametrize("name", ["gone", "x" * 300, "a.png", "pipe.txt", "caf\udce9"])
def test_a_path_that_cannot_be_a_root_is_a_sentence(library: Library, name: str) -> None:
    path = library.root / name
    if name == "a.png":
        path.write_bytes(b"\x89PNG")
    elif name == "pipe.txt":
        os.mkfifo(path)
    elif name.startswith("caf"):
        path.mkdir()
    with pytest.raises(BadPath) as caught:
        library.ingest(path)
    caught.value.message.encode()
    assert caught.value.exit == 2 and caught.value.next and "\n" not in caught.value.message
    assert not library.folder.exists()


# -- forgetting ------------------------------------------------------------------------------------


def test_a_forgotten_file_stays_out_until_it_is_named(corpus: Library) -> None:
    corpus.sync.forget(corpus.id_of("mine.md"))
    for summary in (corpus.sync.ingest(), corpus.ingest()):
        assert "forgotten" in corpus.reasons(summary)["mine.md"] and summary.passages == 3
    assert counts(corpus.ingest(corpus.root / "mine.md")) == (1, 0, 0, 0)
    assert counts(corpus.sync.ingest()) == (0, 0, 4, 0)


def test_a_root_is_forgotten_by_name_or_path_with_what_only_it_holds(corpus: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(corpus.root, other)
    page = "---\nurl: https://example.org/1\n---\nA page about turbines."
    for root in (corpus.root, other):
        (root / "web.md").write_text(page)
    corpus.ingest(corpus.root, other)
    corpus.sync.forget(str(other))
    assert len(corpus.titles()) == 5 and corpus.top("turbines") == "web.md"
    corpus.sync.forget("news")
    assert corpus.titles() == set()
    assert counts(corpus.ingest()) == (5, 0, 0, 0)


@pytest.mark.parametrize("given", ["", " ", "part"])
def test_nothing_is_forgotten_by_half_a_name(corpus: Library, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus.root)  # which an empty path would mean
    name = corpus.id_of("mine.md")[:6] if given == "part" else given
    with pytest.raises(BadPath) as caught:
        corpus.sync.forget(name)
    assert caught.value.next and counts(corpus.ingest()) == (0, 0, 4, 0)


def test_forgetting_what_is_not_there_is_a_sentence(corpus: Library, tmp_path: Path) -> None:
    with pytest.raises(BadPath, match="nothing-here"):
        corpus.sync.forget("nothing-here")
    with pytest.raises(CorpusMissing):
        Sync(tmp_path / "none", corpus.embedding).forget("x")
    with pytest.raises(CorpusMissing):
        Sync(tmp_path / "none", corpus.embedding).repair()
    assert not (tmp_path / "none").exists()


# -- what is passed over ---------------------------------------------------------------------------


def test_every_file_that_is_not_read_has_its_reason_and_the_rest_goes_on(
    corpus: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = corpus.root
    (tmp_path / "outside.txt").write_text("Not of this root.")
    corpus.write("empty.txt", b"")
    corpus.write("binary.txt", bytes(range(256)) * 50)
    corpus.write("huge.txt", b"word " * (21 * 1024 * 1024 // 5))
    corpus.write("locked.txt", "Nobody may read this.")
    corpus.write(os.fsdecode(b"caf\xe9.txt"), "A name that is no UTF-8.")
    os.mkfifo(root / "pipe.txt")
    (root / "loop.txt").symlink_to("loop.txt")
    (root / "nowhere.txt").symlink_to("gone.txt")
    (root / "out.txt").symlink_to(tmp_path / "outside.txt")
    (root / "round").symlink_to(root)
    (root / "folder.txt").mkdir()
    corpus.write("picture.jpg", b"\xff\xd8")
    corpus.write(".hidden.txt", "Hidden.")
    corpus.write("good.txt", "A report on turbines.")
    (root / "inner.txt").symlink_to("good.txt")
    monkeypatch.chdir(root)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        real = os.open

        def opened(path: str, *args: Any, **named: Any) -> int:
            if path == "locked.txt":
                raise PermissionError(errno.EACCES, "Permission denied")
            return real(path, *args, **named)

        monkeypatch.setattr(os, "open", opened)
        summary = corpus.ingest()
    reasons = corpus.reasons(summary)
    said = {
        "empty.txt": "the file is empty",
        "binary.txt": "binary data",
        "huge.txt": "22 MB is over the limit of 20 MB",
        "locked.txt": "permission denied",
        "caf?.txt": "not valid UTF-8",
        "pipe.txt": "a pipe",
        "socket.txt": "a socket",
        "loop.txt": "back to itself",
        "nowhere.txt": "leads nowhere",
        "out.txt": "out of the root",
        "round": "a link to a folder",
    }
    assert {path: text for path, text in reasons.items() if said.get(path, "?") not in text} == {}
    assert set(reasons) == set(said)
    assert summary.ignored == {".jpg": 1}
    assert counts(summary) == (2, 0, 4, 0), "good.txt and the link to it"
    assert corpus.top("turbines") in ("good.txt", "inner.txt")
    assert set(corpus.reasons(corpus.ingest())) >= set(said) - {"locked.txt", "socket.txt"}


@pytest.mark.parametrize(
    "text, said",
    [
        (b"---\ntitle: [\n---\nThe body stands on turbines.", "front matter cannot be read"),
        (b"---\npublished: someday\n---\nThe body stands on turbines.", "'someday' under published is no date"),
        ("The body — stands on café “turbines”. ".encode() + b"\xff", "broken characters"),
    ],
)
def test_an_odd_article_is_read_with_a_warning(corpus: Library, text: bytes, said: str) -> None:
    corpus.write("odd.md", text)
    summary = corpus.ingest()
    assert summary.added == 1 and not summary.skipped
    assert summary.warnings[0].path == "odd.md" and said in summary.warnings[0].reason
    assert corpus.top("turbines") == "odd.md"
    with corpus.record() as record:
        assert record.document(corpus.id_of("odd.md")).published is None


def test_a_file_that_turns_unreadable_keeps_its_last_version(corpus: Library) -> None:
    corpus.write("mine.md", b"")
    summary = corpus.ingest()
    assert "empty" in corpus.reasons(summary)["mine.md"] and summary.removed == 0
    assert corpus.top("shift foreman") == "mine.md"


ODD = {
    "crlf.txt": "First line on turbines.\r\n\r\nSecond line,\r\nwrapped.\r\n",
    "marks.txt": "The cafe\u0301 on turbines: a\u0323\u0302 \u1100\u1161\u11a8.\n",
    "beyond.txt": "👩‍👩‍👧‍👦 turbines 𝔘𝔫𝔦 🇨🇱. And on.\n",
    "rtl.txt": "שלום turbines עולם. \u202eمرحبا\u202c\n",
    "nul.txt": "Turbines \x00 stand here, and there is enough of other text round it.\n",
    "seps.txt": "Turbines\u2028stand\u0085here\x0cand\x1cthere.\n",
    "cr.txt": "Turbines one.\rTurbines two.\r",
}


def test_every_passage_of_an_odd_text_is_verbatim_in_its_version(library: Library) -> None:
    for name, text in ODD.items():
        library.write(name, text)
    assert library.ingest().added == len(ODD)
    found = library.search("turbines")
    assert {passage.document.source for passage in found.passages} == set(ODD)
    with library.record() as record:
        for passage in found.passages:
            version = record.document(passage.document.id)
            assert version.text == clean(ODD[passage.document.source])
            assert version.text[passage.start : passage.end] == passage.text


def test_an_empty_root_and_no_roots(library: Library) -> None:
    assert counts(library.ingest()) == (0, 0, 0, 0)
    assert library.search("anything").passages == ()
    with pytest.raises(CorpusMissing):
        Sync(library.folder / "none", library.embedding).ingest()


# -- dry runs and locks ----------------------------------------------------------------------------


def test_a_dry_run_changes_nothing(corpus: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("A report on turbines.")
    corpus.write("new.txt", "New.")
    corpus.write("mine.md", "Changed.")
    (corpus.root / "ship.txt").unlink()
    before = contents(corpus.folder)
    assert counts(corpus.ingest(corpus.root, other, dry_run=True)) == (2, 1, 2, 1)
    assert contents(corpus.folder) == before


def test_a_dry_run_without_a_corpus_makes_none(library: Library) -> None:
    library.write("a.txt", "New.")
    assert counts(library.ingest(dry_run=True)) == (1, 0, 0, 0)
    assert not library.folder.exists()


HOLD = """
import sys, time, pathlib
from store.formats import Article
from store.formats.letters import clean
from store.lock import writer
with writer(pathlib.Path(sys.argv[1]), "ingest"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_writers_at_once_and_the_second_learns_who_the_first_is(corpus: Library) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(corpus.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        for attempt in (corpus.ingest, corpus.sync.repair, lambda: corpus.sync.forget("news")):
            with pytest.raises(CorpusLocked, match=rf"`footnote ingest` \(process {holder.pid}\)") as caught:
                attempt()
            assert caught.value.exit == 5 and caught.value.next
        assert corpus.top("shift foreman") == "mine.md", "reading goes on"
        holder.kill()
    assert counts(corpus.ingest()) == (0, 0, 4, 0), "the lock dies with its holder"


def test_a_lock_is_given_back_after_an_error(corpus: Library) -> None:
    with pytest.raises(ZeroDivisionError), writer(corpus.folder, "ingest"):
        raise ZeroDivisionError
    with writer(corpus.folder, "forget"):
        assert "forget" in (corpus.folder / "lock").read_text()


def test_a_reader_sees_a_whole_article_at_any_moment(corpus: Library) -> None:
    code = (
        "import sys, pathlib\nfrom store import embed\nfrom store.sync import Sync\n"
        "folder, root = map(pathlib.Path, sys.argv[1:])\nsync = Sync(folder, embed.load('wordllama'))\n"
        "print('go', flush=True)\n"
        "for i in range(2):\n"
        "    for j in range(5): (root / f'n{j}.txt').write_text(f'Report {i} of number {j} on turbines.')\n"
        "    sync.ingest([root])\n"
    )
    arguments = [sys.executable, "-c", code, str(corpus.folder), str(corpus.root)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as child, corpus.searching() as search:
        assert child.stdout is not None and child.stdout.readline()
        while child.poll() is None:
            found = search.search(Query("turbines foreman"))
            assert found.passages and all(p.text for p in found.passages)
            time.sleep(0.02)
    assert child.returncode == 0
    assert len(corpus.search("turbines").passages) == 8
