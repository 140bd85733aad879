"""Changes between versions: what is gone and what is new, word by word, and nothing else."""

from __future__ import annotations

import re
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from bot.show.changes import AROUND, changes
from store.passage import Document, Span

WORDS = st.lists(st.sampled_from("the ferry sank rose at nine ten o'clock near Hult".split()), min_size=1, max_size=40)


def told(before: str, after: str) -> list[str]:
    return list(changes(Document("a", "r", "s", "t", text=before), Document("a", "r", "s", "t", text=after)))


def test_equal_versions_have_no_changes() -> None:
    assert told("The ferry sank.\n\nNobody was hurt.", "The ferry sank.\n\n\nNobody was  hurt.") == []


def test_a_figure_that_changed_stands_between_its_words() -> None:
    before = "The ferry sank.\n\nNine people are missing since Tuesday."
    assert told(before, before.replace("Nine", "Fourteen")) == [
        "[-Nine-] {+Fourteen+} people are missing since Tuesday."
    ]


def test_a_new_and_a_lost_paragraph_are_each_told() -> None:
    assert told("One.\n\nTwo.", "One.\n\nTwo.\n\nThree came.") == ["{+Three came.+}"]
    assert told("One.\n\nTwo.\n\nThree came.", "One.\n\nThree came.") == ["[-Two.-]"]


def test_long_stretches_that_stayed_are_cut() -> None:
    same = "word " * 100
    (change,) = told(f"{same}old {same}", f"{same}new {same}")
    assert change == f"… {'word ' * AROUND}[-old-] {{+new+}} {'word ' * AROUND}…"


def test_front_matter_is_not_compared() -> None:
    heads = ("---\ntitle: Old\n---\n", "---\ntitle: A new one\n---\n")
    versions = [
        Document("a", "r", "s", "t", text=f"{head}Same.", spans=(Span(0, len(head), "furniture", "front matter"),))
        for head in heads
    ]
    assert list(changes(*versions)) == []


def test_two_texts_of_ten_thousand_words_are_compared_in_a_second() -> None:
    began = process_time()
    assert told("a b c " * 4_000, "c b a " * 4_000)
    assert process_time() - began < 2


@given(WORDS, WORDS)
def test_what_is_told_holds_every_word_that_came_and_went(old: list[str], new: list[str]) -> None:
    lines = " ".join(told(" ".join(old), " ".join(new)))
    gone = " ".join(re.findall(r"\[-(.*?)-\]", lines)).split()
    added = " ".join(re.findall(r"\{\+(.*?)\+\}", lines)).split()
    if old != new:
        assert sorted([*added, *old]) == sorted([*gone, *new])
