"""Offline: ingest and search touch no network; `test_cli` says the same of commands, whatever keys there are."""

from __future__ import annotations

import pytest
from conftest import ARTICLES, Library, NetworkTouched


def test_ingest_and_search_touch_no_network(library: Library, no_network: None) -> None:
    library.write("mine.md", ARTICLES["mine.md"])
    library.ingest()
    assert library.top("shift foreman") == "mine.md"


def test_the_block_itself_holds(no_network: None) -> None:
    import http.client

    with pytest.raises(NetworkTouched):
        http.client.HTTPConnection("127.0.0.1", 9, timeout=1).connect()
