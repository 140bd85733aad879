"""Manifests: files beside the articles tell what their texts lack; none is an article, a broken one costs nothing."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Library

from store.formats import Unreadable
from store.formats.manifest import parsed
from store.ingest import Summary
from store.passage import Document

STORY = "The ferry to Holm sails again. It had lain still since May.\n"
TOML = """[files."ferry.txt"]
title = "Ferry sails"
outlet = "Holm Post"
author = ["Ines Vold", "Karl Brandt"]
published = 2019-06-02
url = "https://h.example/f"
"""
CSV = "file;title;outlet;author;published;url\nferry.txt;Ferry sails;Holm Post;Ines Vold, Karl Brandt;2019-06-02;"
CSV += "https://h.example/f\n"
JSONL = (
    '{"filename": "./ferry.txt", "headline": "Ferry sails", "site": "Holm Post", "authors": ["Ines Vold",'
    ' "Karl Brandt"], "date": "2 June 2019", "link": "https://h.example/f"}\n'
)


def article(library: Library, source: str = "ferry.txt") -> Document:
    with library.record() as record:
        return next(document for document in record.documents() if document.source == source)


def said(summary: Summary) -> list[str]:
    return [f"{odd.path}: {odd.reason}" for odd in (*summary.skipped, *summary.warnings)]


@pytest.mark.parametrize(
    ("name", "content"), [("footnote.toml", TOML), ("manifest.csv", CSV), ("manifest.jsonl", JSONL)]
)
@pytest.mark.parametrize("folder", ["", "2019/june/"])
def test_a_manifest_tells_what_the_text_lacks(library: Library, name: str, content: str, folder: str) -> None:
    library.write(f"{folder}ferry.txt", STORY)
    library.write(f"{folder}other.txt", "Another story.\n")
    library.write(f"{folder}{name}", content)
    summary = library.ingest()
    assert summary.added == 2 and not said(summary) and not summary.ignored
    got = article(library, f"{folder}ferry.txt")
    assert (got.title, got.outlet, got.author) == ("Ferry sails", "Holm Post", "Ines Vold, Karl Brandt")
    assert (got.published, got.date_source, got.url) == ("2019-06-02", "manifest", "https://h.example/f")
    assert article(library, f"{folder}other.txt").published is None


def test_the_text_counts_before_the_manifest_and_the_nearest_manifest_before_others(library: Library) -> None:
    library.write("a/ferry.txt", "---\ntitle: Its own\npublished: 2018-01-01\n---\n" + STORY)
    library.write("footnote.toml", '[files."a/ferry.txt"]\ntitle = "Far"\noutlet = "Far Post"\nauthor = "Far"\n')
    library.write("a/manifest.csv", "file,title,published,outlet\nferry.txt,Near,2019-01-01,Near Post\n")
    library.ingest()
    got = article(library, "a/ferry.txt")
    assert (got.title, got.published, got.date_source) == ("Its own", "2018-01-01", "front matter")
    assert (got.outlet, got.author) == ("Near Post", "Far")


def test_a_pattern_names_many_files(library: Library) -> None:
    for name in ("a.txt", "b.txt", "c.md"):
        library.write(name, f"A report on {name}.\n")
    library.write("footnote.toml", '[files."*.txt"]\noutlet = "Holm Post"\n[files."b.txt"]\noutlet = "B Post"\n')
    assert not said(library.ingest())
    assert [article(library, name).outlet for name in ("a.txt", "b.txt", "c.md")] == ["Holm Post", "B Post", None]


def test_a_changed_manifest_has_its_files_read_again_and_no_others(library: Library) -> None:
    library.write("ferry.txt", STORY)
    library.write("other.txt", "Another story.\n")
    library.ingest()
    library.write("footnote.toml", TOML)
    summary = library.ingest()
    assert (summary.added, summary.changed, summary.unchanged) == (0, 1, 1)
    library.write("footnote.toml", TOML.replace("2019-06-02", "2019-06-03"))
    summary = library.ingest()
    assert (summary.changed, summary.unchanged) == (1, 1) and article(library).published == "2019-06-03"
    assert library.ingest().unchanged == 2
    (library.root / "footnote.toml").unlink()
    library.ingest()
    assert article(library).published is None


def test_fields_map_the_columns_of_an_export(library: Library) -> None:
    library.write("dump.csv", f"kop,when_out,tekst\nFerry sails,2019-06-02,{STORY.strip()}\n")
    assert "[fields]" in "".join(said(library.ingest()))
    library.write(
        "footnote.toml",
        '[fields]\ntitle = "kop"\npublished = "when_out"\ntext = "tekst"\n[files."dump.csv"]\noutlet = "Holm Post"\n',
    )
    assert library.ingest().added == 1
    got = article(library, "dump.csv")
    assert (got.title, got.published, got.date_source) == ("Ferry sails", "2019-06-02", "date field")
    assert got.outlet == "Holm Post"


def test_a_manifest_lies_beside_a_file_that_is_a_root(library: Library) -> None:
    path = library.write("ferry.txt", STORY)
    library.write("footnote.toml", TOML)
    library.ingest(path)
    assert article(library).outlet == "Holm Post"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("footnote.toml", "[files\n", "not valid TOML"),
        ("footnote.toml", "files = 3\n", "to be tables"),
        ("footnote.toml", b"\x00\x01\x02" * 90, "binary"),
        ("footnote.toml", "x = " + "[" * 100_000, "not valid TOML"),
        ("manifest.csv", "a,b\n1,2\n", "a file's name"),
        ("manifest.csv", "", "empty"),
        ("manifest.jsonl", "[1]\n" * 200, "names a file"),
        ("manifest.jsonl", "{}\n" * 200, "too many"),
    ],
)
def test_a_broken_manifest_is_one_sentence_and_the_rest_goes_in(
    library: Library, name: str, content: Any, reason: str
) -> None:
    library.write("ferry.txt", STORY)
    library.write(name, content)
    summary = library.ingest()
    (line,) = said(summary)
    assert summary.added == 1 and line.startswith(f"{name}: ") and reason in line
    assert line.endswith("nothing was taken from this manifest")


def test_what_a_manifest_has_that_is_odd_is_told(library: Library) -> None:
    library.write("ferry.txt", STORY)
    library.write(
        "manifest.csv", "file,published,mood\nferry.txt,June,calm\ngone.txt,2019-01-01,\nferry.txt,,\n,,\nx,y\n"
    )
    library.write("footnote.toml", '[other]\n[fields]\nshape = "x"\ntitle = []\n[files]\n"ferry.txt" = 3\n')
    told = "\n".join(said(library.ingest()))
    for part in (
        "line 2: 'June' under published is no date", "line 2: not known: mood", "line 3: there is no file gone.txt",
        "line 4: the file is named before", "line 6: it has 2 fields", "'other'", "'shape'", "title is to be",
        "its facts are to be a table",
    ):  # fmt: skip
        assert part in told, part
    assert article(library).published is None


def test_a_manifest_is_never_an_article(library: Library) -> None:
    library.write("ferry.txt", STORY)
    path = library.write("manifest.jsonl", '{"file": "ferry.txt", "title": "Ferry", "text": "No article."}\n')
    assert library.ingest().added == 1
    assert "manifest" in library.ingest(path).skipped[0].reason
    assert library.titles() == {"Ferry"}


def test_names_that_no_file_can_have_are_no_fault() -> None:
    assert parsed("manifest.csv", b"file,title\n" + b"x" * 5_000 + b",A\n\x00,B\n../../x,C\n").files
    with pytest.raises(Unreadable):
        parsed("manifest.csv", b" ")
