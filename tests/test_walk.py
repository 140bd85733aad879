"""Walking: what is found in a root, what is refused, and no way out of it while a file is read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Library

from store.formats import Unreadable
from store.walk import PAGE_PART, read_file, shown, walk

SECRET = "The secret of the other folder is on turbines."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "news"
    (root / "deep" / "er").mkdir(parents=True)
    (root / "deep" / "er" / "a.txt").write_text("A report.")
    (root / "b.md").write_text("Another report.")
    (tmp_path / "other" / "er").mkdir(parents=True)
    (tmp_path / "other" / "er" / "a.txt").write_text(SECRET)
    return root


def test_files_come_in_order_and_a_part_is_a_part(root: Path) -> None:
    (root / "deep" / "z.txt").write_text("Z.")
    (root / ".git").mkdir()
    (root / ".git" / "c.txt").write_text("Hidden.")
    assert walk(root).files == ["b.md", "deep/z.txt", "deep/er/a.txt"]
    assert walk(root, "deep/er").files == ["deep/er/a.txt"]
    assert walk(root, "b.md").files == ["b.md"]
    assert walk(root / "b.md").files == [""]


def test_a_file_is_read_through_links_inside_its_root(root: Path) -> None:
    (root / "to-a.txt").symlink_to("deep/er/a.txt")
    assert walk(root).files[1] == "to-a.txt"
    assert read_file(root, "to-a.txt")[1] == read_file(root, "deep/er/a.txt")[1] == b"A report."
    assert read_file(root / "b.md", "")[1] == b"Another report."


@pytest.mark.parametrize("folder", ["ice_files", "ice files", "Ice-Dateien", "ice_fichiers", "ice.fld"])
def test_the_folder_of_a_saved_page_is_passed_over_and_counted(root: Path, folder: str) -> None:
    (root / "ice.html").write_text("<p>The road over Vind pass is open.</p>")
    (root / folder / "deep").mkdir(parents=True)
    (root / folder / "frame.html").write_text("<p>Buy a boat today.</p>")
    (root / folder / "deep" / "style.css").write_text("p {}")
    found = walk(root)
    assert "ice.html" in found.files and not [file for file in found.files if "frame" in file]
    assert found.ignored[PAGE_PART] == 2


def test_a_folder_of_that_name_without_its_page_is_read(root: Path) -> None:
    (root / "ice_files").mkdir()
    (root / "ice_files" / "report.html").write_text("<p>The road over Vind pass is open.</p>")
    assert "ice_files/report.html" in walk(root).files


def swap_file(root: Path) -> None:
    (root / "deep/er/a.txt").unlink()
    (root / "deep/er/a.txt").symlink_to(root.parent / "other/er/a.txt")


def swap_parent(root: Path) -> None:
    (root / "deep").rename(root / "gone")
    (root / "deep").symlink_to(root.parent / "other")


def swap_for_a_pipe(root: Path) -> None:
    (root / "deep/er/a.txt").unlink()
    os.mkfifo(root / "deep/er/a.txt")


def swap_for_a_folder(root: Path) -> None:
    (root / "deep/er/a.txt").unlink()
    (root / "deep/er/a.txt").mkdir()


SWAPS = [swap_file, swap_parent, swap_for_a_pipe, swap_for_a_folder]


@pytest.mark.parametrize("swap", SWAPS)
def test_what_was_swapped_in_before_reading_is_not_read(root: Path, swap: Callable[[Path], None]) -> None:
    swap(root)
    with pytest.raises((Unreadable, IsADirectoryError)):
        read_file(root, "deep/er/a.txt")


@pytest.mark.parametrize("swap", [swap_file, swap_parent])
def test_a_link_swapped_in_after_the_check_leads_nowhere(
    root: Path, swap: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.path.realpath

    def checked(path: Path, *, strict: bool = False) -> str:
        answer = real(path, strict=strict)
        if str(path).endswith("a.txt"):
            swap(root)
        return answer

    monkeypatch.setattr(os.path, "realpath", checked)
    with pytest.raises(Unreadable, match="while it was read"):
        read_file(root, "deep/er/a.txt")


def test_a_link_swapped_in_during_an_ingest_is_named(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = library.root.parent / "outside.txt"
    outside.write_text(SECRET)
    library.write("a.txt", "A report on harbours.")
    library.write("b.txt", "A report on bridges.")

    def swapped(root: Path, inside: str) -> tuple[str, bytes]:
        if inside == "b.txt":
            (root / inside).unlink()
            (root / inside).symlink_to(outside)
        return read_file(root, inside)

    monkeypatch.setattr("store.ingest.read_file", swapped)
    summary = library.ingest()
    assert summary.added == 1 and "leads elsewhere" in library.reasons(summary)["b.txt"]
    assert all("secret" not in passage.text for passage in library.search("turbines secret").passages)


def test_a_path_that_is_too_long_is_named_and_the_rest_goes_in(library: Library) -> None:
    library.write("a.txt", "A report on harbours.")
    here = os.open(library.root, os.O_RDONLY)
    try:
        for depth in range(20):  # each step by the folder before: no whole path can name the last ones
            os.mkdir("d" * 250, dir_fd=here)
            inner = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
            for name in ("x.txt", "y" * 240 + ".txt"):
                os.close(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=here))
                Path(f"/proc/self/fd/{here}/{name}").write_text(f"A report of depth {depth}.")
    finally:
        os.close(here)
    summary = library.ingest()
    assert summary.added > 20 and library.top("harbours") == "a.txt"
    assert any("file name too long" in item.reason for item in summary.skipped)
    assert all(len(item.path) <= 400 for item in summary.skipped)
    again = library.ingest()
    assert again.unchanged == summary.added and not again.problems
    subprocess.run(["rm", "-rf", str(library.root / ("d" * 250))], check=True)


def test_a_tree_of_a_thousand_folders_is_walked(tmp_path: Path) -> None:
    inner = str(tmp_path)
    for _ in range(1_100):
        inner += "/d"
        Path(inner).mkdir()
    Path(inner, "a.txt").write_text("Deep.")
    try:
        assert len(walk(tmp_path).files) == 1
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_a_name_for_a_summary_is_utf8_and_short() -> None:
    assert shown("caf\udce9.txt") == "caf?.txt" and len(shown("x" * 5_000)) == 400
