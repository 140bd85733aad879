"""Words: the one form of a text for comparing, tokens and stems."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.words import folded, stem, terms, tokens


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ame\u0301lie O\u0308berg", "Amélie Öberg"),  # decomposed letters
        ("gov\u00adern\u00adment", "government"),  # soft hyphens
        ("gov\u00ad\nernment", "government"),  # one at the end of a line
        ("ze\u200bro\u200c wi\u200ddth\u2060 mark\ufeff", "zero width mark"),
        ("l\u200eeft to \u202eright\u202c", "left to right"),  # marks of direction
        ("ten\u00a0thousand\u202fkroner", "ten thousand kroner"),  # no-break spaces
        ("the ﬁrst oﬃce", "the first office"),  # ligatures
        ("Ｔｏｋｙｏ ２０２４", "Tokyo 2024"),  # full-width forms
        ("caf&eacute; &#8364;5 &#x41;&nbsp;B", "café €5 A B"),  # character references
        ("d&amp;eacute;j&amp;agrave;", "déjà"),  # escaped twice
        ("gov&shy;ernment", "government"),
        ("AT&T; R&D &unknown; &", "AT&T; R&D &unknown; &"),  # ampersands that begin none
        ("3½ miles, Brandname™", "3 1/2 miles, Brandname "),
        ("x\u0302yz", "xyz"),  # a mark for which there is no letter
        ("plain ASCII", "plain ASCII"),
    ],
)
def test_each_way_of_writing_comes_to_one_form(written: str, plain: str) -> None:
    assert folded(written) == plain
    assert tokens(written) == tokens(plain)


@given(st.text(st.sampled_from("aé\u0301\u00ad\u200bﬁ½™ 8\n") | st.characters(), max_size=40))
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = folded(text.replace("&", ""))
    assert folded(once) == once


@pytest.mark.parametrize("run", ["\u0301\u0323", "\u00ad\n", "&amp;", "\u0591\u05a1", "&#", "\u200b ", "½"])
def test_a_long_run_of_one_sign_takes_no_longer_than_its_length(run: str) -> None:
    began = perf_counter()
    folded("a" + run * 200_000)
    assert perf_counter() - began < 5


def test_tokens_are_lower_case_words_without_accents() -> None:
    assert tokens("San José's U.S. café—35,000!") == ["san", "jose", "s", "u", "s", "cafe", "35", "000"]


def test_stop_words_count_only_where_there_is_nothing_else() -> None:
    assert set(terms("Who was the foreman?")) == {stem("foreman")}
    assert terms("Who was it?") and terms("") == {}
