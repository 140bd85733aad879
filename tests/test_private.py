"""Whatever the umask: what Footnote keeps is for its owner alone, and what a user names is not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import tiny as sample
from conftest import ARTICLES
from console import command, in_turn

from store import private
from store.record import Record


def modes(folder: Path) -> dict[str, str]:
    """Everything below a folder that anybody but its owner may use, with its mode."""
    paths = (folder, *folder.rglob("*"))
    return {str(path): oct(path.stat().st_mode & 0o777) for path in paths if path.stat().st_mode & 0o077}


def test_all_that_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    news, home = tmp_path / "news", tmp_path / "deep" / "home"
    news.mkdir()
    for name, text in ARTICLES.items():
        (news / name).write_text(text)
    commands = ["ingest", str(news)], ["ask", "Who came up last?"], ["doctor", "--repair"]
    assert [code for code, _ in in_turn(home, *commands, umask=0)] == [0, 0, 0]
    (news / "mine.md").unlink()
    assert [code for code, _ in in_turn(home, ["ingest", "--yes"], ["forget", "news"], umask=0)] == [0, 0]
    assert command(home, "keys", "set", "openai", stdin=b"a-key\n", umask=0).code == 0
    assert {path.name for path in home.iterdir()} >= {"corpora", "keys.json", "sessions.sqlite3"}
    assert modes(tmp_path / "deep") == {}


def test_a_report_has_the_mode_that_the_users_shell_gives(tmp_path: Path) -> None:
    home, page = tmp_path / "home", tmp_path / "page.html"
    suite = sample.write(tmp_path / "suite").folder
    run = ["eval", "run", str(suite), "--limit", "1", "--retrieval-only", "--html", str(page)]
    assert command(home, *run, umask=0o027).code == 0
    assert page.stat().st_mode & 0o777 == 0o640
    assert modes(home) == {} and any(home.rglob("rows.jsonl"))


def test_the_log_beside_a_record_is_private_too(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        record = Record(tmp_path / "corpus", create=True)
    finally:
        os.umask(before)
    record.add_root(Path("/home/reader/news"))
    assert len(list((tmp_path / "corpus").iterdir())) == 3 and modes(tmp_path / "corpus") == {}
    record.close()


def test_a_file_is_replaced_whole_or_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys.json"
    before = os.umask(0)
    try:
        private.replace(file, b"old")
    finally:
        os.umask(before)
    assert modes(tmp_path / "keys.json") == {} and file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(os, "fsync", lambda opened: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        private.replace(file, b"new")
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]
