"""Offline: ingest and search touch no network, whatever keys lie in the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ARTICLES, Library, NetworkTouched

CODE = """
import logging, pathlib, sys
sys.path.insert(0, sys.argv[3])
import conftest
conftest.close_network()
from store import embed
from store.corpus import Corpus
from store.passage import Query
from store.sync import Sync, mend

folder, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
embedding = embed.load("wordllama")
summary = Sync(folder, embedding).ingest([root])
mend(folder, embedding, print)
found = Corpus(folder, embedding).search(Query("Who was the shift foreman in the mine?"))
print(summary.added, found.passages[0].document.source, found.missing, logging.getLogger().handlers)
"""


def test_ingest_and_search_touch_no_network_with_a_key_in_the_environment(tmp_path: Path) -> None:
    root = tmp_path / "news"
    root.mkdir()
    for name, text in ARTICLES.items():
        (root / name).write_text(text)
    keys = dict.fromkeys(("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "CHROMA_API_KEY"), "sk-not-a-key")
    code = [sys.executable, "-c", CODE, str(tmp_path / "corpus"), str(root), str(Path(__file__).parent)]
    project = str(Path(__file__).parent.parent)
    done = subprocess.run(
        code,
        env={**os.environ, **keys, "PYTHONPATH": project},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "4 mine.md () []" and done.stderr == ""


def test_in_this_process_too(library: Library, no_network: None) -> None:
    library.write("mine.md", ARTICLES["mine.md"])
    library.ingest()
    assert library.top("shift foreman") == "mine.md"


def test_the_block_itself_holds(no_network: None) -> None:
    import http.client

    with pytest.raises(NetworkTouched):
        http.client.HTTPConnection("127.0.0.1", 9, timeout=1).connect()
