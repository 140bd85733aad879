"""Damage: whatever happens to a file of an index, the next question is answered rightly, and that is said."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Library

from store.errors import IndexDamaged
from store.lock import writer
from store.passage import Query
from store.progress import Progress

QUESTION = "How deep was the shaft for the trapped miners?"


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_by_one(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


HARMS = [Path.unlink, empty, cut_by_one, pytest.param(cut_in_half, marks=pytest.mark.torture)]


def ask(library: Library) -> tuple[str, list[str], tuple[str, ...]]:
    """What a question does: mend, then search. The top source, the notices, and what was missing."""
    said: list[str] = []
    library.mend(said.append)
    with library.searching() as search:
        found = search.search(Query(QUESTION))
    return found.passages[0].document.source, said, found.missing


def below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("leg, name", [("lexical", "word index"), ("dense", "meaning index")])
def test_any_file_of_an_index_may_be_harmed(corpus: Library, leg: str, name: str, harm: Callable[[Path], None]) -> None:
    if leg == "lexical":  # with deleted rows, which have a file of their own
        corpus.write("ship.txt", "Ships\n\nA later report on the Titanic.")
        corpus.ingest()
    whole = corpus.folder.parent / "whole"
    shutil.copytree(corpus.folder, whole)
    files = [path.relative_to(corpus.folder) for path in below(corpus.folder / leg)]
    assert len(files) >= 5
    for file in files:
        shutil.rmtree(corpus.folder)
        shutil.copytree(whole, corpus.folder)
        path = corpus.folder / file
        before = path.stat().st_size
        harm(path)
        top, said, missing = ask(corpus)
        assert top == "mine.md" and missing == (), file
        unneeded = file.suffix == ".lock" or file.name == ".managed.json"
        last_line_end = file.name == "meta.json" and harm is cut_by_one
        if not (unneeded or last_line_end) and (harm is Path.unlink or before > 0):
            assert said == [f"the {name} was missing or damaged and has been brought level"], file
        assert ask(corpus) == ("mine.md", [], ()), f"{file}: mended for good"


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_what_only_a_writer_reads_may_be_harmed(corpus: Library, harm: Callable[[Path], None]) -> None:
    for name in (".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock"):
        harm(corpus.folder / "lexical" / name)
    corpus.write("new.txt", "A report on turbines.")
    corpus.ingest()
    assert corpus.top("turbines") == "new.txt" and ask(corpus) == ("mine.md", [], ())


@pytest.mark.parametrize("harm", ["deleted", "emptied", "a file", "all", "older generation"])
@pytest.mark.parametrize("leg, name", [("lexical", "word index"), ("dense", "meaning index")])
def test_an_index_folder_may_be_harmed_whole(corpus: Library, leg: str, name: str, harm: str) -> None:
    folder = corpus.folder / leg
    if harm == "older generation":
        shutil.copytree(folder, corpus.folder.parent / "older")
        corpus.write("new.txt", "A report on turbines.")
        corpus.ingest()
    shutil.rmtree(folder)
    if harm == "emptied":
        folder.mkdir()
    elif harm == "a file":
        folder.write_text("not a folder")
    elif harm == "older generation":
        (corpus.folder.parent / "older").rename(folder)
    elif harm == "all":
        for other in ("lexical", "dense"):
            shutil.rmtree(corpus.folder / other, ignore_errors=True)
    top, said, missing = ask(corpus)
    assert (top, missing) == ("mine.md", ()) and f"the {name} was missing or damaged" in "\n".join(said)
    assert ask(corpus) == ("mine.md", [], ())
    if harm == "older generation":
        assert corpus.top("turbines") == "new.txt"


@pytest.mark.parametrize("leg", ["lexical", "dense"])
def test_noise_of_the_right_size_never_crashes(corpus: Library, leg: str) -> None:
    """Sizes cannot show it; what is asked is no crash, no hang, and an answer once it is repaired."""
    code = (
        "import sys, pathlib\nfrom store.corpus import Corpus\nfrom store.sync import mend\n"
        "from store.passage import Query\nfrom store.errors import StoreError\n"
        "search = Corpus(pathlib.Path(sys.argv[1]))\n"
        "mend(search.folder, search.embedding, print)\n"
        "try: print(search.search(Query('trapped miners')).passages[0].document.source)\n"
        "except StoreError as error: print(error.message)\n"
    )
    for path in below(corpus.folder / leg):
        path.write_bytes(b"\xa5" * path.stat().st_size)
    done = subprocess.run([sys.executable, "-c", code, str(corpus.folder)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    corpus.sync.repair()
    assert ask(corpus) == ("mine.md", [], ())


HOLD = """
import sys, pathlib
from store.lock import writer
with writer(pathlib.Path(sys.argv[1]), "ingest"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("leg, other", [("lexical", "by meaning only"), ("dense", "by words only")])
def test_while_another_writes_the_other_leg_answers_and_says_so(corpus: Library, leg: str, other: str) -> None:
    shutil.rmtree(corpus.folder / leg)
    arguments = [sys.executable, "-c", HOLD, str(corpus.folder)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        top, (said,), (missing,) = ask(corpus)
        assert top == "mine.md" and other in missing
        assert "being written" in said and "footnote doctor --repair" in said
        holder.kill()
    assert ask(corpus)[2] == ()


def test_with_both_indexes_gone_a_question_rebuilds_them_with_progress_and_is_answered(
    corpus: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sync.LITTLE", 3)
    for leg in ("lexical", "dense"):
        shutil.rmtree(corpus.folder / leg)
    said: list[str] = []
    steps: list[Progress] = []
    corpus.mend(said.append, steps.append)
    assert {step.stage for step in steps} == {"word index", "meaning index"}
    assert all(0 < step.done <= step.total == 4 for step in steps)
    assert [line for line in said if "4 passages" in line], "a long work is told beforehand"
    assert ask(corpus) == ("mine.md", [], ())


def test_with_both_indexes_gone_and_another_writing_the_command_is_named(corpus: Library) -> None:
    for leg in ("lexical", "dense"):
        shutil.rmtree(corpus.folder / leg)
    said: list[str] = []
    with writer(corpus.folder, "ingest"):
        corpus.mend(said.append)
        with pytest.raises(IndexDamaged) as caught:
            corpus.search(QUESTION)
    assert len(said) == 2 and all("being written" in line and "footnote doctor --repair" in line for line in said)
    assert "footnote doctor --repair" in caught.value.next
