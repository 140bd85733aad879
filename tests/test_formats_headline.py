"""Headlines of texts without metadata: the first line that is story, never a dateline, a byline or what a page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.formats import read
from store.formats.headline import TITLE, title_of

STORY = (
    "The northern lock of Fremholm was closed on Monday after the ice broke its gate, the council of the harbour said."
)


@pytest.mark.parametrize(
    "top",
    [
        "Fremholm CNN —\n\n",
        "FREMHOLM (AP) — ",
        "FREMHOLM, Norholm – ",
        "(CNN) ",
        "Fremholm, 3 May 2021 — ",
        "By Ida Holm\n\n",
        "Ida Holm\nThe Fremholm Courier\n\n",
        "Ida Holm\niholm@example.com\n\nFREMHOLM — ",
        "Advertisement\n\nUpdated 3 May 2021, 10:12 a.m.\n\n",
        "Sign up here for our newsletter of the harbour.\n\n",
        "----\n\n",
    ],
)
def test_the_first_sentence_is_the_headline_below_what_is_none(top: str) -> None:
    title = title_of(f"{top}The gate of the lock broke on Monday. {STORY}")
    assert title == "The gate of the lock broke on Monday."


def test_a_long_sentence_is_cut_at_a_word_and_a_short_first_line_is_whole() -> None:
    cut = title_of(STORY)
    assert len(cut) <= TITLE and cut.endswith("…") and STORY.startswith(cut[:-1] + " ")
    assert title_of(f"Ice breaks gate of Fremholm lock\n\n{STORY}") == "Ice breaks gate of Fremholm lock"


def test_names_alone_are_the_headline_of_a_file_and_the_byline_of_a_record() -> None:
    text = f"Limping Lena\n\n{STORY}"
    assert title_of(text, names=True) == "Limping Lena"
    assert title_of(text).startswith("The northern lock of Fremholm")
    (article,) = read(Path("lock.txt"), text.encode())
    assert article.title == "Limping Lena" and not article.spans  # type: ignore[union-attr]


def test_a_title_that_metadata_gives_is_the_headline_and_a_text_of_nothing_else_keeps_its_line() -> None:
    (article,) = read(Path("lock.txt"), f"title: A gate of ice\noutlet: Courier\n\nIda Holm\n\n{STORY}".encode())
    assert article.title == "A gate of ice"  # type: ignore[union-attr]
    assert title_of("FREMHOLM (AP) —") == "FREMHOLM (AP) —"
