"""Marks of Markdown: words stay, targets of links, emphasis and HTML do not, and headings are spans."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.marks import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The [port](https://x.example/a_(b)?c=1 \"A title\") was sold.", "The port was sold."),
        ("The [port](<a b>) and the [board](/about/board) said so.", "The port and the board said so."),
        ("The [port of [old] Holm](x) was\n[sold\nagain](y).", "The port of [old] Holm was\nsold\nagain."),
        ("[![Crane](https://x.example/c.jpg?w=1)](https://x.example/g)Sold.", "Sold."),
        ("![Crane](c.jpg) Sold. ![[photo.png]] Then.", " Sold.  Then."),
        ("Sold.[^1] So [^note-2]they say.\n\n[^1]: The board said so.", "Sold. So they say.\n\nThe board said so."),
        ("The [port][p], the [board][].\n\n[p]: https://x.example\n[board]: <y> 'T'\n", "The port, the board.\n\n"),
        ("The [[Holm Port|port]] and [[Nordhavn]].", "The port and Nordhavn."),
        ("**Very** *much* __so__ _indeed_, ***all*** of ~~it~~ ==here==.", "Very much so indeed, all of it here."),
        ("**A bold line\nthat wraps.** *And\nthis.*", "A bold line\nthat wraps. And\nthis."),
        ("See <https://x.example/a> or <mailto:a@x.example>.", "See https://x.example/a or mailto:a@x.example."),
        (r"1\. A \*star\* and \[brackets\].", "1. A *star* and [brackets]."),
        ("It runs `make all` daily.", "It runs make all daily."),
        ("> [!quote] Rask\n> We will pay.\n> Soon.\n", "Rask\nWe will pay.\nSoon.\n"),
        ("```\nkept *as* it is\n```\n", "\nkept as it is\n\n"),
        ("A line. ^a1b2\n", "A line.\n"),
        ("One %%a note to\nmyself%% two.", "One  two."),
        ("<p>One <a href='x' title='a > b'>two</a>.</p>\n<p>3&nbsp;four<br>five.</p>", "One two.\n\n3 four\nfive.\n\n"),
        ("A.\n\n<figure><img src='x'><figcaption>Fog.</figcaption></figure>\n\nAnd **so**.", "A.\n\nFog.\n\nAnd so."),
        ("<style>.a{}</style><script>b()</script><!-- c -->One <b>two</b>.", "One two."),
        ("R&amp;D at caf&eacute;s &lt;here&gt;", "R&D at cafés <here>"),
    ],
)  # fmt: skip
def test_marks_go_and_words_stay(written: str, read: str) -> None:
    assert plain(written)[0] == read


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 = 24 and 5*6*7, snake_case_name, f(x)[0]* and a_b.",
        "* one\n* two\n- three\n1. four\n",
        "[sic] he said (again). [1] [the] plan [ ](",
        "If x < y and y > z, then x < z.",
        "Five stars: ***** and a rule:\n\n***\n\n---\n\n___\n",
        "He owed #5 to Channel #4.\n#nospace\n",
        "C:\\dir\\file and 100% or 50%%.",
        "Q: Why?\n\nThe last line of a paragraph.\n---\nMore.",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
    ],
)
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert plain(text)[0] == text


def test_headings_are_spans_without_their_marks() -> None:
    text, spans = plain(
        "# The **port** [sold](x) #\n\nText.\n\nWhy now?\n--------\n\nMore.\n\nOver\n====\n\n### Three\n"
        "End\n<h2>Four</h2>\n"
    )
    assert [(text[s.start : s.end], s.kind, s.value) for s in spans] == [
        ("The port sold", "heading", "1"), ("Why now?", "heading", "2"), ("Over", "heading", "1"),
        ("Three", "heading", "3"), ("Four", "heading", "2"),
    ]  # fmt: skip
    assert not set("#=-<*") & set(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    written = end.join(["# One", "", "> Two **three**", "", "- four", ""])
    text, (span,) = plain(written)
    assert text == end.join(["One", "", "Two three", "", "- four", ""]) and text[span.start : span.end] == "One"


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "[[", "[a](", "[a](b", "[a](((", "[^", "**a ", "*a ", "_a ", "__a ", "~~a ", "==a ", "`a ", "%%a ",
     "<a ", "<p>", "<b>", "# ", "> ", "[a]: b\n", "[a][", "a[b]", "[a[b]", "a\n---\n", "\\", "```\n", "*", "_",
     "[a](b \"c", "***a", "**a*b", "<http", "&amp;", "e\u0301", "\u0301"],
)  # fmt: skip
def test_a_text_is_read_in_time_that_grows_with_it(piece: str) -> None:
    began = time.process_time()
    plain(piece * (400_000 // len(piece)))
    assert time.process_time() - began < 10


@given(st.text(alphabet="ab #*_[]()!<>p/`~=-\n\r\\^:&;%|.\u0301é", max_size=120))
@settings(max_examples=150)
def test_spans_lie_on_the_words_of_headings(written: str) -> None:
    text, spans = plain(written)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert "\n" not in text[span.start : span.end].rstrip("\r\n")
