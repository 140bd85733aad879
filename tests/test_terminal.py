"""The terminal: what goes where, how a quote is marked, and when there is no colour."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation import Answer, Citation, Closest, Context, Quote
from bot.conversation import Sentence as Said
from bot.show.clean import clean
from bot.show.page import also_in, reference
from bot.show.terminal import MARK, PLAIN_MARK, Terminal, refused, sources
from store.passage import Document

DOCUMENT = Document("abcdefghij", "news", "a.md", "A \x1b[1mtitle\nof two lines", "Wire", published="2020-05-01")
TEXT = "It rained. The ferry sank on Monday, the\r\nharbour trust said. Nobody was hurt."
SANK = (TEXT.index("The ferry"), TEXT.index(" Nobody"))


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


def on_screen(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str] | None = None, *, color: bool = True
) -> tuple[Terminal, Screen]:
    """A terminal of 41 columns, and what is shown on it."""
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("COLUMNS", "41")
    return Terminal(color=color, environ=environ or {}), screen


@pytest.mark.parametrize(
    ("environ", "color", "style"),
    [
        ({"TERM": "xterm"}, True, True),
        ({}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({}, False, False),
    ],
)
def test_when_there_is_style(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], color: bool, style: bool
) -> None:
    assert on_screen(monkeypatch, environ, color=color)[0].style is style


def test_off_a_terminal_there_is_none() -> None:
    terminal = Terminal(environ={})
    assert not terminal.style and not terminal.lively and terminal.dim("words") == "words"


def test_a_quote_is_in_reverse_on_a_terminal_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, _ = on_screen(monkeypatch)
    assert terminal.marked(TEXT, 0, [SANK], "  ").splitlines() == [
        f"  It rained. {MARK[0]}The ferry sank on Monday,{MARK[1]}",
        f"  {MARK[0]}the harbour trust said.{MARK[1]} Nobody was",
        "  hurt.",
    ]


def test_a_quote_has_signs_round_it_where_there_is_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = on_screen(monkeypatch, color=False)[0].marked("He said “sh****” twice. It rained.", 0, [(0, 23)], "")
    assert shown == "**He said “sh****” twice.** It rained."


def test_off_a_terminal_a_passage_is_one_line() -> None:
    terminal = Terminal(environ={})
    assert terminal.marked(TEXT, 0, [SANK], "    ") == (
        "    It rained. **The ferry sank on Monday, the harbour trust said.** Nobody was hurt."
    )
    assert terminal.marked(TEXT, 100, [(100 + SANK[0], 100 + SANK[1])], "") == terminal.marked(TEXT, 0, [SANK], "")


def test_marks_may_touch_overlap_or_lie_outside() -> None:
    terminal = Terminal(environ={})
    assert terminal.marked("one two three", 0, [(4, 99)], "") == "one **two three**"
    assert terminal.marked("one two three", 0, [(0, 7), (4, 13)], "").replace("****", "") == "**one two three**"
    assert terminal.marked("one two", 10, [(0, 5)], "") == "one two"
    assert terminal.marked("one two", 0, [(3, 4)], "") == "one two"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["ferry", "sank ", "\r\n", " ", "a", ", ", "\x1b", "日本"]), max_size=30).map("".join),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3),
    st.booleans(), st.booleans(),
)  # fmt: skip
@example("\r\nferryferryferryferry\r\nferry", [(0, 25)], True, False)
def test_marking_changes_nothing_but_spaces(text: str, marks: list[tuple[int, int]], tty: bool, style: bool) -> None:
    terminal = Terminal(environ={})
    terminal.tty, terminal.style, terminal.width = tty, tty and style, 24
    shown = terminal.marked(text, 0, marks, "  ")
    for sign in {*MARK, *PLAIN_MARK}:
        shown = shown.replace(sign, "")
    assert "".join(shown.split()) == "".join(clean(text).split())
    if tty:
        assert all(len(line) <= 24 or " " not in line.strip() for line in shown.splitlines())


def test_running_text_wraps_at_words_and_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, screen = on_screen(monkeypatch)
    for piece in ("The ferry sank on Monday. [1] ", "Nobody \x1b[2Jwas\nhurt. [2] "):
        terminal.flow(piece)
    terminal.end_flow()
    assert screen.shown == "The ferry sank on Monday. [1] Nobody\n\ufffd[2Jwas hurt. [2]\n"


def test_narration_and_errors_are_on_stderr_each_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(environ={}).note("reading\nfiles \x1b[1m")
    Terminal(environ={}, quiet=True).note("reading")
    Terminal(environ={}, quiet=True).fail("It \x07failed.", "Try\nagain.")
    assert capsys.readouterr() == ("", "reading files \ufffd[1m\nIt \ufffdfailed.\n  Try again.\n")


def test_json_is_one_ascii_line(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(environ={}).json({"title": "é\x1b\n\u202e\udcff"})
    assert capsys.readouterr().out == '{"title": "\\u00e9\\u001b\\n\\u202e\\udcff"}\n'


def test_what_an_encoding_lacks_becomes_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen("ascii")
    monkeypatch.setattr("sys.stdout", screen)
    Terminal(environ={}).out("Zürich …")
    assert screen.shown == "Z?rich ?\n"


def test_a_reference_is_one_clean_line() -> None:
    assert reference(DOCUMENT) == "A \ufffd[1mtitle of two lines · Wire · 2020-05-01 · a.md"
    assert reference(Document("abcdefghij", "news", "b.txt", "B")) == "B · no outlet · undated · b.txt"


def test_footnotes_of_one_article_share_a_line_and_the_best_passage_stands_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = Document("bcdefghijk", "news", "b.md", "Other", "Gazette")
    quotes = [Quote(DOCUMENT.id, 1, *SANK, TEXT[slice(*SANK)]), Quote(DOCUMENT.id, 1, 0, 10, TEXT[:10])]
    answer = Answer(
        "?", "?", "answered",
        sentences=(Said("Copied.", (1, 2, 3), "quoted"),),
        citations=(
            Citation(1, quotes[0], DOCUMENT, (other,)), Citation(2, quotes[1], DOCUMENT),
            Citation(3, Quote(other.id, 1, 0, 4, "Rain"), other),
        ),
        context=Context(1, 0, len(TEXT), TEXT, (SANK,)),
    )  # fmt: skip
    sources(Terminal(environ={}), answer)
    assert capsys.readouterr().out.splitlines() == [
        "",
        f"[1][2] {reference(DOCUMENT)} · [1] also in Gazette · 2 outlets, 1 origin",
        "    It rained. **The ferry sank on Monday, the harbour trust said.** Nobody was hurt.",
        "[3] Other · Gazette · undated · b.md",
        "    [3] “Rain”",
    ]


def test_every_footnote_has_its_quote_in_print_and_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    article = replace(DOCUMENT, url="https://wire.example/\x1b[2Jferry")
    answer = Answer(
        "?", "?", "answered",
        sentences=(Said("Copied.", (1, 2), "quoted"),),
        citations=(
            Citation(1, Quote(article.id, 1, *SANK, TEXT[slice(*SANK)]), article),
            Citation(2, Quote(article.id, 1, 400, 420, "Trade fell by a half."), article),
        ),
        context=Context(1, 0, len(TEXT), TEXT, (SANK,)),
    )  # fmt: skip
    sources(Terminal(environ={}), answer)
    shown = capsys.readouterr().out.splitlines()
    assert shown[2] == "    https://wire.example/\ufffd[2Jferry"
    assert shown[3] == "    [2] “Trade fell by a half.”" and "**The ferry sank" in shown[4]


def test_the_same_words_elsewhere_are_told_but_not_of_the_same_outlet() -> None:
    again, other = replace(DOCUMENT, id="bcdefghijk", source="b.md"), Document("c", "news", "c.md", "C")
    quote = Quote(DOCUMENT.id, 1, 0, 4, "Rain")
    assert also_in([Citation(1, quote, DOCUMENT, (again,))]) == ""
    assert also_in([Citation(1, quote, DOCUMENT, (again, other))]) == " · also in c.md · 2 articles, 1 origin"


def test_notices_never_stand_in_a_line_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, screen = on_screen(monkeypatch)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("bot.show.terminal._same_place", lambda one, other: True)
    terminal.flow("The ferry sank. [1]")
    terminal.note("asked again")
    terminal.flow("Nobody was hurt. [2]")
    terminal.fail("It was cut.", "")
    assert screen.shown == "The ferry sank. [1]\nasked again\nNobody was hurt. [2]\nIt was cut.\n"


def test_a_notice_breaks_no_line_of_an_answer_that_goes_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(environ={})
    terminal.flow("The ferry sank. [1]")
    terminal.note("asked again")
    terminal.flow("Nobody was hurt. [2]")
    assert capsys.readouterr() == ("The ferry sank. [1] Nobody was hurt. [2]", "asked again\n")


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        ("not_in_corpus", ["Words. Closest, not used:", f"  a  {reference(DOCUMENT)}: {' '.join(TEXT.split())}"]),
        ("unsure", ["Words.", "", f"a  {reference(DOCUMENT)}", "    It rained. **The ferry sank on Monday, "]),
    ],
)
def test_a_refusal_says_why_and_what_is_closest(
    capsys: pytest.CaptureFixture[str], outcome: str, lines: list[str]
) -> None:
    offered = Closest("a", Quote(DOCUMENT.id, 1, 0, len(TEXT), TEXT), DOCUMENT, (SANK,))
    refused(Terminal(environ={}), Answer("?", "?", outcome, closest=(offered,), words="Words."))  # type: ignore[arg-type]
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == len(lines) and all(re.match(re.escape(b), a) for a, b in zip(shown, lines, strict=True))
