"""Shell completion: the values of `--outlet`, `--corpus`, `--in` and `--again`, as a shell asks for them."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from console import Footnote, command

START = """
import json, sys
from bot.cli.main import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""

RECORD = """
CREATE TABLE roots (id INTEGER PRIMARY KEY, name TEXT, path TEXT);
CREATE TABLE documents (id TEXT PRIMARY KEY, current INTEGER);
CREATE TABLE versions (id INTEGER PRIMARY KEY, document TEXT, title TEXT, outlet TEXT);
"""

SESSIONS = """
CREATE TABLE sessions (id INTEGER PRIMARY KEY, corpus TEXT);
CREATE TABLE turns (session INTEGER, number INTEGER, asked TEXT, question TEXT, answer JSON);
INSERT INTO sessions VALUES (1, 'default'), (2, 'other');
INSERT INTO turns VALUES (1, 1, '2026-03-01', 'Who?', '{}'), (1, 2, '2026-03-02', 'When?', '{}'),
    (1, 3, '2026-03-03', 'Why?', NULL), (2, 1, '2026-03-04', 'Where?', '{}');
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two corpora, and a folder that is none; their records hold what is asked for and no more."""
    for name, outlets in (("default", ("Sample Wire", "Sample Daily", "Æther's")), ("other", ("Gazette",))):
        folder = tmp_path / "corpora" / name
        folder.mkdir(parents=True)
        with closing(sqlite3.connect(folder / "record.sqlite3")) as record, record:
            record.executescript(RECORD)
            record.execute("INSERT INTO roots VALUES (1, 'news', '/a/news')")
            for number, outlet in enumerate((*outlets, None)):
                record.execute("INSERT INTO documents VALUES (?, ?)", (f"key{number}", number))
                record.execute("INSERT INTO versions VALUES (?, ?, 'A \x1btitle', ?)", (number, f"key{number}", outlet))
            record.execute("INSERT INTO documents VALUES ('key9', NULL)")
            record.execute("INSERT INTO versions VALUES (9, 'key9', 'Gone', 'Retired')")
    (tmp_path / "corpora" / "nothing").mkdir()
    with closing(sqlite3.connect(tmp_path / "sessions.sqlite3")) as saved, saved:
        saved.executescript(SESSIONS)
    return tmp_path


@pytest.fixture
def bash(home: Path, in_process: Footnote) -> Callable[..., list[str]]:
    """What bash is offered for the last of some words."""

    def offered(*words: str) -> list[str]:
        env = {"_FOOTNOTE_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(("footnote", *words))}
        done = in_process(home, env={**env, "COMP_CWORD": str(len(words))})
        assert done.code == 0 and done.err == "", done
        return done.out.split("\n")[:-1] if done.out.strip() else []

    return offered


def test_outlets_are_offered_as_bash_writes_them(bash: Callable[..., list[str]]) -> None:
    assert bash("ask", "--outlet", "") == ["Sample\\ Daily", "Sample\\ Wire", "Æther\\'s"]
    assert bash("sources", "--not-outlet", "sample\\ d") == ["Sample\\ Daily"]
    assert bash("ask", "--corpus", "other", "--outlet", "") == ["Gazette"]


def test_corpora_are_offered_by_name(bash: Callable[..., list[str]]) -> None:
    assert bash("ask", "--corpus", "") == ["default", "other"]
    assert bash("ingest", "--corpus", "ot") == ["other"]


def test_in_offers_roots_and_articles_once_an_id_is_begun(
    bash: Callable[..., list[str]], home: Path, in_process: Footnote
) -> None:
    assert bash("ask", "--in", "") == ["news"] and bash("ask", "--in", "k") == []
    assert bash("ask", "--in", "key") == ["key0", "key1", "key2", "key3"]
    env = {"_FOOTNOTE_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = in_process(home, env={**env, "_TYPER_COMPLETE_ARGS": "footnote ask --in key1"})
    assert done.out == "key1\tA \ufffdtitle\n"


def test_again_offers_the_turns_of_the_corpus_that_have_an_answer(bash: Callable[..., list[str]]) -> None:
    assert bash("ask", "--again", "") == ["s1:2", "s1:1"] and bash("ask", "--again", "s1:1") == ["s1:1"]
    assert bash("ask", "--corpus", "other", "--again", "") == ["s2:1"]


@pytest.mark.parametrize("words", [("--outlet", ""), ("--in", "key"), ("--corpus", "no such name", "--outlet", "")])
def test_a_corpus_that_cannot_be_read_offers_nothing(
    bash: Callable[..., list[str]], home: Path, words: tuple[str, ...]
) -> None:
    record = home / "corpora" / "default" / "record.sqlite3"
    for damage in (b"no database at all" * 99, b"", None):
        record.unlink()
        if damage is None:
            record.mkdir()
        else:
            record.write_bytes(damage)
        assert bash("ask", *words) == []


def test_a_wrong_config_offers_nothing(bash: Callable[..., list[str]], home: Path) -> None:
    (home / "config.toml").write_text("model = [")
    assert bash("ask", "--outlet", "") == []


@pytest.mark.parametrize("option", ["--outlet", "--corpus", "--in", "--again"])
def test_nothing_heavy_is_loaded_for_it(home: Path, option: str) -> None:
    env = {"_FOOTNOTE_COMPLETE": "complete_bash", "COMP_WORDS": f"footnote\nask\n{option}\n", "COMP_CWORD": "3"}
    done = command(home, env=env, begin=(sys.executable, "-c", START))
    assert done.out.strip()
    libraries = {name.partition(".")[0] for name in json.loads(done.err)}
    assert not libraries & {"chromadb", "onnxruntime", "tantivy", "numpy", "sqlalchemy", "textual", "watchfiles"}
