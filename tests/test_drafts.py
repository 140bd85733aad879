"""The unsent text of a chat as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.drafts import Draft
from store.errors import StoreError


def test_a_text_is_kept_whole_and_one_chat_holds_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    first, beside = Draft(path), Draft(path)
    assert first.saved() == "" and not path.exists()
    first.keep("Wer zahlte für die Straßenbahn?")
    first.keep("Wer zählt?")
    beside.keep("another")
    assert beside.saved() == "" and path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("utf-8") == "Wer zählt?"


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"draft\.txt"):
        Draft(tmp_path / "gone" / "draft.txt").keep("text")
