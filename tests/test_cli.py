"""The command line: streams, exit codes, JSON that fits its schemas, colours, signals and bad input."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ARTICLES, ingested
from console import (
    ROOT,
    Done,
    Footnote,
    command,
    environment,
    in_turn,
    interrupted,
    on_terminal,
    start,
    valid,
    without_root_powers,
)
from jsonschema import ValidationError
from model_server import Script, serve

from bot.commands.ingest import notes
from bot.sessions import Sessions
from store.ingest import Summary
from store.lock import writer
from store.walk import Skipped

FOREMAN = "Who was the shift foreman?"
# Whatever the cuts between the outcomes, these settings bring each of them about.
SURE = "answer_at = 0\nrefuse_below = 0\nsentences = 1\n"
REFUSING = {"FOOTNOTE_ANSWER_AT": "1", "FOOTNOTE_REFUSE_BELOW": "1"}
UNSURE = {"FOOTNOTE_ANSWER_AT": "1", "FOOTNOTE_REFUSE_BELOW": "0"}
ESCAPE = "\x1b"
REVERSE = "\x1b[1;7m"
LONG_TITLE = "A title " + "that goes on and on " * 20 + "to its end"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home whose corpus is in step with `news`."""
    shelf = tmp_path_factory.mktemp("shelf")
    (shelf / "news").mkdir()
    for name, text in ARTICLES.items():
        (shelf / "news" / name).write_text(text)
    (shelf / "home").mkdir(mode=0o700)
    (shelf / "home" / "config.toml").write_text(SURE)
    ingested(shelf / "home", shelf / "news")
    return shelf


@pytest.fixture
def home(shelf: Path, copied: Callable[[Path], Path]) -> Path:
    """A home whose corpus is in step with the shelf's news."""
    return copied(shelf / "home")


@pytest.fixture
def own(shelf: Path, tmp_path: Path) -> Path:
    """A home and a folder of news that one test may change."""
    shutil.copytree(shelf / "home", tmp_path / "home", ignore=shutil.ignore_patterns("sessions*", "corpora"))
    shutil.copytree(shelf / "news", tmp_path / "news")
    return tmp_path


@pytest.fixture
def footnote(home: Path, in_process: Footnote) -> Footnote:
    """A command in this process; `home`, `stdin` and `env` as named arguments."""
    return lambda *arguments, home=home, **named: in_process(home, *arguments, **named)


def answered(done: Done) -> Done:
    assert done.code == 0 and "**Luis Urzúa**, the shift foreman, came up last. [" in done.out, done
    return done


def one_sentence(done: Done, code: int) -> str:
    """What a failed command says: a sentence, and perhaps the next step below it."""
    assert done.code == code, done
    said, *following = done.err.splitlines()
    assert re.search(r"[.)?]$", said) and len(following) <= 1, done.err
    assert all(line.startswith("  ") for line in following)
    assert "unexpected" not in said
    return done.err


# -- timeline --------------------------------------------------------------------------------------


def test_a_timeline_is_drawn_and_written_and_refused_as_a_question_is(footnote: Footnote, tmp_path: Path) -> None:
    drawn = footnote("timeline", "the San José mine")
    assert drawn.code == 0 and re.search(r"^13 Oct 2010 ● The last of 33 miners trapped", drawn.out, re.M), drawn
    assert "[1] All 33 miners brought up · Sample Wire" in drawn.out
    whole = valid(footnote("timeline", "the San José mine", "--json").value, "ask")
    first = {"footnote": 1, "first": "2010-10-13", "last": "2010-10-13", "told": True, "ahead": False}
    assert whole["course"][0] == first
    page, rows = tmp_path / "mine.html", tmp_path / "mine.csv"
    written = footnote("timeline", "the San José mine", "--html", page, "--csv", rows)
    assert written.code == 0 and not written.out and "All 33 miners brought up" in page.read_text()
    assert footnote("timeline", "the San José mine", "--csv", "-").out == rows.read_text()
    assert "already" in one_sentence(footnote("timeline", "the San José mine", "--html", page), 2)
    assert footnote("timeline", "the San José mine", "--html", page, "--force").code == 0
    assert footnote("show", "1").code == 0  # it is saved as a turn
    assert footnote("timeline", "the fall of Carthage", "--html", tmp_path / "none.html").code == 4
    assert not (tmp_path / "none.html").exists()


# -- streams ---------------------------------------------------------------------------------------


def test_the_answer_is_on_stdout_the_narration_on_stderr_and_with_an_argument_stdin_is_never_read(home: Path) -> None:
    held_open, ours = os.pipe()
    try:
        process = start(home, "ask", FOREMAN, stdin=held_open)
        out, err = process.communicate(timeout=60)
    finally:
        os.close(held_open)
        os.close(ours)
    done = answered(Done(process.returncode, out.decode(), err.decode()))
    assert "[1] All 33 miners brought up · Sample Wire · 2010-10-14 · mine.md" in done.out
    assert "**Luis Urzúa**, the shift foreman, came up last." in done.out
    assert re.fullmatch(r"searching 4 articles \(.*\), as of 2010-10-14 … s\d+:\d+\n", done.err), done.err
    assert ESCAPE not in done.out + done.err


def test_quiet_leaves_stderr_empty(footnote: Footnote) -> None:
    assert answered(footnote("ask", FOREMAN, "-q")).err == ""
    assert footnote("ask", FOREMAN, "-q", env=REFUSING).err == ""
    assert footnote("sources", "-q").err == ""
    assert one_sentence(footnote("ask", FOREMAN, "-q", "--since", "soon"), 2)


def test_no_stream_prints_the_same(footnote: Footnote) -> None:
    assert footnote("ask", FOREMAN).out == footnote("ask", FOREMAN, "--no-stream").out


def test_a_terminal_shows_the_quote_in_reverse(home: Path) -> None:
    code, shown = on_terminal(home, "ask", FOREMAN)
    unwrapped = shown.replace(f"\x1b[0m\n    {REVERSE}", " ")
    assert (
        code == 0 and f"\x1b[1;4;7mLuis Urzúa\x1b[0m{REVERSE}, the shift foreman, came up last.\x1b[0m" in unwrapped
    ), shown
    assert "**" not in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert ESCAPE not in plain and max(map(len, plain.splitlines()[1:])) <= 80


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_a_terminal_gets_no_ansi_where_it_is_unwelcome(home: Path, quiet: dict[str, str], footnote: Footnote) -> None:
    footnote("ask", FOREMAN)
    code, shown = on_terminal(home, "show", "1", *([] if quiet else ["--no-color"]), **quiet)
    assert code == 0 and ESCAPE not in shown
    assert "**Luis Urzúa, the shift foreman, came up last.**" in re.sub(r"\*\*\n\*\*|\s+", " ", shown)


def test_of_one_file_no_more_than_ten_lines_are_told() -> None:
    lost = [Skipped(f"a.csv, line {number}", "bad") for number in range(2, 15)]
    told = notes(Summary(skipped=[*lost, Skipped("b.pdf", "it is a scan")]))
    assert told[9:] == [
        "skipped: a.csv, line 11: bad",
        "skipped: a.csv: 3 more like these (`--json` lists all)",
        "skipped: b.pdf: it is a scan",
    ]


def test_ingest_draws_a_bar_on_a_terminal_and_none_where_ansi_is_unwelcome(own: Path) -> None:
    ingest = ["ingest", str(own / "news")]
    (code, shown), (again, plain) = in_turn(own / "home", ingest, [*ingest, "--no-color"], terminal=True)
    assert code == 0 and "reading" in shown and ESCAPE in shown and "4 added" in shown
    assert again == 0 and ESCAPE not in plain and "4 unchanged" in plain


@pytest.mark.parametrize("arguments", [["--help"], ["sources"], ["show", "1", "--json"]])
def test_a_broken_pipe_ends_quietly(home: Path, arguments: list[str], footnote: Footnote) -> None:
    footnote("ask", FOREMAN)
    there, here = os.pipe()
    os.close(there)
    process = start(home, *arguments, stdout=here)
    os.close(here)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0 and b"Broken" not in err and b"Traceback" not in err, err


def test_a_refusal_that_nobody_reads_is_a_refusal_still(home: Path) -> None:
    there, here = os.pipe()
    os.close(there)
    process = start(home, "ask", "How many people live in Cairo?", stdout=here, env=REFUSING)
    os.close(here)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4 and b"Traceback" not in err, err


def test_closed_and_full_streams_are_survived(home: Path) -> None:
    def close_all() -> None:
        for number in (0, 1, 2):
            os.close(number)

    assert start(home, "sources", preexec_fn=close_all, stdin=None, stdout=None, stderr=None).wait(60) == 0
    with Path("/dev/full").open("wb") as full:
        for form in ([], ["--json"]):
            done = command(home, "sources", "-q", *form, stdout=full)
            assert "is full" in one_sentence(done, 5)


def test_an_ascii_terminal_gets_question_marks_and_no_failure(home: Path, footnote: Footnote) -> None:
    footnote("ask", FOREMAN)
    done = command(home, "show", "1", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert done.code == 0 and "Luis Urz?a" in done.out


def test_tables_off_a_terminal_are_never_cut_and_on_one_they_fit(own: Path, footnote: Footnote) -> None:
    (own / "news" / "long.md").write_text(f"---\ntitle: {LONG_TITLE}\n---\nThe ferry sank in the bay on Monday.\n")
    assert footnote("ingest", own / "news", home=own / "home").code == 0
    assert LONG_TITLE in footnote("sources", home=own / "home").out
    code, shown = on_terminal(own / "home", "sources")
    assert code == 0 and max(map(len, shown.splitlines())) <= 80 and "…" in shown


def test_families_are_listed_with_their_origin(own: Path, footnote: Footnote) -> None:
    story = "The ferry Marta sank in the bay of Essel on Monday. All 41 people aboard were saved by two fishing boats."
    for outlet, day in (("Sample Wire", 4), ("Sample Daily", 5)):
        facts = f"---\ntitle: Ferry sinks\noutlet: {outlet}\npublished: 2019-03-0{day}\n---\n"
        (own / "news" / f"ferry-{day}.md").write_text(f"{facts}{story}\n\n(Reuters)\n")
    home = own / "home"
    assert footnote("ingest", own / "news", "--json", home=home).value["families"] == 1
    lines = footnote("sources", "--families", home=home).out.splitlines()
    assert [line.split()[0] for line in lines] == ["origin", "copy"] and "Sample Wire" in lines[0]
    (family,) = valid(footnote("sources", "--families", "--json", home=home).value, "families")["families"]
    assert (family["origin"]["outlet"], family["outlets"], family["credit"]) == ("Sample Wire", 2, "Reuters")
    shown = footnote("ask", "Where did the ferry Marta sink?", home=home).out
    assert "· 2 outlets, 1 origin (Reuters)" in shown and shown.count("bay of Essel on") < 3
    assert footnote("sources", "--families", "--outlet", "Sample Gazette", home=home).out == ""


def test_a_correction_is_told_beside_the_day_and_heads_its_note(own: Path, footnote: Footnote) -> None:
    note = "Correction, 7 May 2026: An earlier version of this article said that twelve boats sank."
    (own / "news" / "boats.md").write_text(f"---\ndate: 2026-05-01\n---\nFourteen boats of Selm sank.\n\n{note}\n")
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    asked = footnote("ask", "How many boats of Selm sank?", home=home).out
    assert "2026-05-01, corrected 7 May 2026 · boats.md" in asked and "**twelve**" not in asked
    cited = valid(footnote("ask", "How many boats of Selm sank?", "--json", home=home).value, "ask")["citations"][0]
    assert cited["corrected"] == "2026-05-07"
    assert f"\nCorrection\n{note}\n" in footnote("show", cited["document_id"], home=home).out


# -- stdin -----------------------------------------------------------------------------------------


def test_stdin_that_is_no_text_is_no_question(footnote: Footnote) -> None:
    sent = FOREMAN.encode("utf-16").decode("latin-1")
    assert "is not UTF-8 text" in one_sentence(footnote("ask", "-", stdin=sent), 2)


def test_a_question_is_read_as_utf8_whatever_the_locale(home: Path) -> None:
    process = start(home, "ask", "Who is 東京?", "--json", env={"LC_ALL": "C", "PYTHONUTF8": "0"})
    out, _ = process.communicate(timeout=60)
    assert json.loads(out)["question"] == "Who is 東京?"


def test_a_question_comes_from_stdin(footnote: Footnote) -> None:
    answered(footnote("ask", "-", stdin=FOREMAN + "\n"))
    answered(footnote("ask", stdin=FOREMAN))


# -- exit codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["sessions"], ["eval"], ["ask", "--help"]])
def test_help_is_on_stdout_and_no_failure(footnote: Footnote, arguments: list[str]) -> None:
    done = footnote(*arguments)
    assert done.code == 0 and done.out.startswith("Usage: footnote") and done.err == ""


def test_the_exit_codes_stand_in_the_help(footnote: Footnote) -> None:
    said = " ".join(footnote("--help").out.split())
    for code in ("0 answered", "1 unexpected", "2 usage", "3 provider", "4 refused", "5 corpus", "6 eval regression",
                 "7 eval run invalid", "130 Ctrl-C", "143 SIGTERM"):  # fmt: skip
        assert code in said


def test_the_version_is_told(footnote: Footnote) -> None:
    from bot import __version__

    for option in ("--version", "-V"):
        assert footnote(option).out == f"footnote {__version__}\n"


def test_a_refusal_is_exit_4_and_says_what_the_corpus_covers(footnote: Footnote) -> None:
    done = footnote("ask", "How many people live in Cairo?", env=REFUSING)
    assert done.code == 4
    assert done.out.startswith("The articles do not say. Searched 4 articles (1969-07-21 to 2010-10-14, 1 undated; ")
    assert "Closest, not used:\n  a  " in done.out
    assert footnote("ask", "How many people live in Cairo?", "--abstain-ok", env=REFUSING).code == 0


def test_an_unsure_answer_is_a_refusal_that_can_be_read(footnote: Footnote) -> None:
    done = footnote("ask", FOREMAN, env=UNSURE)
    assert done.code == 4 and re.match(
        r"The articles may not say\. Searched .*The closest passages:\n\na  All 33 miners", done.out
    )


def test_an_unsure_answer_says_so_first_and_is_short_on_a_terminal(home: Path) -> None:
    code, shown = on_terminal(home, "ask", FOREMAN, NO_COLOR="1", **UNSURE)
    lines = shown.splitlines()
    begins = next(at for at, line in enumerate(lines) if line.startswith("The articles may not say."))
    assert code == 4
    assert len(lines) - begins <= 14, shown


def test_an_unknown_outlet_is_outside_coverage_and_the_nearest_is_named(footnote: Footnote) -> None:
    done = footnote("ask", FOREMAN, "--outlet", "Sampel Wire", "--json")
    value = valid(done.value, "ask")
    assert (done.code, value["outcome"]) == (4, "outside_coverage")
    assert re.match("No article is from Sampel Wire.*nearest.*: Sample Wire", value["answer"], re.I)


USAGE = {
    "no command": ["reply"],
    "no option": ["ask", "x y", "--colour"],
    "empty question": ["ask", ""],
    "blank question": ["ask", " \t\n "],
    "empty stdin": ["ask", "-"],
    "nothing but marks": ["ask", "?!"],
    "long question": ["ask", "why " * 25_000],
    "bad date": ["ask", FOREMAN, "--since", "last week"],
    "no such day": ["ask", FOREMAN, "--until", "2023-02-30"],
    "no such month": ["sources", "--since", "2023-13"],
    "year nought": ["sources", "--since", "0000"],
    "dates swapped": ["ask", FOREMAN, "--since", "2011", "--until", "2010"],
    "empty outlet": ["ask", FOREMAN, "--outlet", " "],
    "no such article": ["ask", FOREMAN, "--in", "zzzz"],
    "no such session": ["ask", FOREMAN, "--session", "s999"],
    "no session": ["ask", FOREMAN, "--session", ""],
    "no number": ["ask", FOREMAN, "-k", "many"],
    "too many": ["ask", FOREMAN, "-k", "51"],
    "no model": ["ask", FOREMAN, "--model", "nobody"],
    "no corpus name": ["ask", FOREMAN, "--corpus", "../up"],
    "no such quote": ["show", "99"],
    "no such turn": ["show", "s1:99/1"],
    "no such id": ["show", "zzzz"],
    "no such version": ["show", "1", "--version-number", "9", "--raw", "--versions", "--nope"],
    "nothing to forget": ["forget", "zzzz"],
    "no such conversation": ["sessions", "show", "s999"],
    "no path": ["ingest", ""],
    "missing folder": ["ingest", "/no/such/folder"],
    "not text": ["ingest", "/dev/null"],
    "surrogate path": ["ingest", "caf\udce9"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE.keys())
def test_a_mistake_of_the_users_is_exit_2_with_one_sentence(footnote: Footnote, arguments: list[str]) -> None:
    footnote("ask", FOREMAN)
    one_sentence(footnote(*arguments), 2)
    done = footnote(*arguments, "--json")
    value = valid(done.value, "error")
    assert (done.code, value["error"]["exit"]) == (2, 2)


def test_surrogates_in_any_argument_are_a_mistake_and_no_crash(footnote: Footnote) -> None:
    bad = "\udcff"
    for arguments in (["show", bad], ["forget", bad], ["search", bad], ["ask", FOREMAN, "--in", bad],
                      ["ask", FOREMAN, "--session", bad], ["sources", "--corpus", bad], [bad]):  # fmt: skip
        one_sentence(footnote(*arguments), 2)
    assert footnote("ask", FOREMAN, "--outlet", "\udcff").code == 4
    assert footnote("sources", "--not-outlet", "\udcff").code == 0


def test_bytes_of_an_argument_that_are_not_utf8_are_replaced(footnote: Footnote) -> None:
    done = footnote("ask", os.fsdecode(b"Who was the \xff\xfe shift foreman?"), "--json")
    assert done.code == 0 and valid(done.value, "ask")["question"] == "Who was the \ufffd\ufffd shift foreman?"


def test_a_corpus_that_is_not_there_is_exit_5(footnote: Footnote, tmp_path: Path) -> None:
    for arguments in (["ask", FOREMAN], ["search", "x"], ["show", "abc"], ["sources"], ["forget", "abc"], ["ingest"]):
        said = one_sentence(footnote(*arguments, home=tmp_path), 5)
        assert "footnote ingest PATH" in said
        done = footnote(*arguments, "--json", home=tmp_path)
        assert valid(done.value, "error")["error"]["code"] == "corpus_missing"
    assert not list(tmp_path.iterdir()), "a question makes no corpus"


def test_a_corpus_still_empty_after_ingest_is_exit_5(footnote: Footnote, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = footnote("ingest", tmp_path / "empty", "--json", home=tmp_path / "home")
    value = valid(done.value, "ingest")
    assert (done.code, value["outcome"], value["error"]["code"]) == (5, "error", "corpus_missing")
    done = footnote("ingest", tmp_path / "empty", home=tmp_path / "home")
    assert done.code == 5 and "The corpus is still empty.\n  Name a folder" in done.err
    assert "is empty" in one_sentence(footnote("ask", FOREMAN, home=tmp_path / "home"), 5)


def test_a_second_writer_is_exit_5_and_the_holder_is_named(footnote: Footnote, home: Path) -> None:
    with writer(home / "corpora" / "default", "ingest"):
        for arguments in (["ingest"], ["forget", "mine"], ["doctor", "--repair"]):
            said = one_sentence(footnote(*arguments), 5)
            assert f"`footnote ingest` (process {os.getpid()})" in said and "Wait" in said
            assert valid(footnote(*arguments, "--json").value, "error")["error"]["code"] == "corpus_locked"
        answered(footnote("ask", FOREMAN))


def record_of(home: Path) -> Path:
    return home / "corpora" / "default" / "record.sqlite3"


def test_a_record_of_a_newer_version_is_exit_5(footnote: Footnote, shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf / "home", tmp_path / "home")
    with sqlite3.connect(record_of(tmp_path / "home")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for arguments in (["ask", FOREMAN], ["ingest"], ["sources"]):
        assert "newer Footnote" in one_sentence(footnote(*arguments, home=tmp_path / "home"), 5)
    assert footnote("doctor", home=tmp_path / "home").code == 5


def test_a_damaged_record_is_exit_5(footnote: Footnote, tmp_path: Path) -> None:
    record = record_of(tmp_path)
    record.parent.mkdir(parents=True)
    record.write_bytes(b"no database at all " * 500)
    for arguments in (["ask", FOREMAN], ["ingest"], ["show", "abc"], ["sources"]):
        assert "cannot be read" in one_sentence(footnote(*arguments, home=tmp_path), 5)
        assert valid(footnote(*arguments, "--json", home=tmp_path).value, "error")["error"]["code"] == "corpus_damaged"
    done = footnote("doctor", "--json", home=tmp_path)
    assert done.code == 5 and valid(done.value, "doctor")["error"]["exit"] == 5
    assert "cannot be read" in footnote("corpora", home=tmp_path).out


def test_damaged_conversations_cost_no_answer(footnote: Footnote, shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf / "home", tmp_path / "home")
    for file in (tmp_path / "home").glob("sessions*"):
        file.unlink()
    (tmp_path / "home" / "sessions.sqlite3").write_bytes(b"no database at all " * 500)
    done = answered(footnote("ask", FOREMAN, home=tmp_path / "home"))
    assert "was not saved" in done.err
    one_sentence(footnote("ask", FOREMAN, "-c", home=tmp_path / "home"), 5)
    one_sentence(footnote("sessions", "list", home=tmp_path / "home"), 5)
    assert footnote("doctor", home=tmp_path / "home").code == 5


def test_what_may_not_be_opened_is_exit_5_with_a_sentence(shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf / "home", tmp_path / "home")
    (tmp_path / "home" / "corpora").chmod(0)
    try:
        done = command(tmp_path / "home", "sources", preexec_fn=without_root_powers)
        assert "ermission denied" in one_sentence(done, 5)
    finally:
        (tmp_path / "home" / "corpora").chmod(0o700)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("modle = 'extract'", "the nearest is model"),
        ("k = 0", "from 1 to 50"),
        ("k = ", "line 1"),
        ("corpus = 'Ü'", "corpus"),
        ("[outlets]\n'a.example' = 1", "[outlets]"),
    ],
)
def test_a_wrong_config_is_exit_2(footnote: Footnote, tmp_path: Path, config: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(config)
    assert said in one_sentence(footnote("ask", FOREMAN, home=tmp_path), 2)
    assert valid(footnote("ask", FOREMAN, "--json", home=tmp_path).value, "error")["error"]["code"] == "settings"


def test_a_home_that_cannot_be_used_is_told(footnote: Footnote, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "news.txt").write_text("The ferry sank in the bay on Monday.")
    one_sentence(footnote("ingest", tmp_path / "news.txt", home=tmp_path / "file"), 2)
    one_sentence(footnote("ask", FOREMAN, home=tmp_path / "h\udcff"), 2)


def test_an_unforeseen_error_is_exit_1_and_no_traceback(footnote: Footnote, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*arguments: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("bot.build.bot", fall)
    done = footnote("ask", FOREMAN, "--json")
    assert done.code == 1 and valid(done.value, "error")["error"]["code"] == "unexpected"
    assert "FOOTNOTE_DEBUG=1" in done.err


def test_evals_below_their_floor_are_exit_6_and_bad_suites_exit_7(footnote: Footnote, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    (suite / "corpus").mkdir(parents=True)
    (suite / "corpus" / "mine.md").write_text(ARTICLES["mine.md"])
    (suite / "suite.toml").write_text('name = "own"\nabout = "own"\ncorpus = "corpus"\n[floors]\noutcome = 1.0\n')
    (suite / "cases.toml").write_text(
        '[[case]]\nid = "a"\noutcome = "answered"\nquestion = "How many miners were trapped?"\nfacts = [["4,711"]]\n'
    )
    done = footnote("eval", "gate", suite, "--json", env=REFUSING)
    assert done.code == 6 and done.value["error"]["exit"] == 6, done
    (suite / "suite.toml").write_text("floors = 3\n")
    for action in ("check", "run", "gate"):
        one_sentence(footnote("eval", action, suite), 7)
        assert valid(footnote("eval", action, "no-such-suite", "--json").value, "error")["error"]["exit"] == 7


# -- signals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_question_quietly(home: Path, number: signal.Signals, code: int) -> None:
    process = start(home, "ask", FOREMAN)
    assert process.stderr is not None
    done = interrupted(process, number, process.stderr.readline)
    assert (done.code, done.out) == (code, "") and "Traceback" not in done.err, done


def test_ctrl_c_ends_ingest_and_the_next_one_finishes(own: Path, footnote: Footnote) -> None:
    for index in range(60):
        (own / "news" / f"more{index}.txt").write_text(f"The ferry number {index} sank in the bay on Monday.\n" * 9)
    process = start(own / "home", "ingest", own / "news")

    def begun() -> None:
        log = record_of(own / "home").with_name("record.sqlite3-wal")
        while process.poll() is None and not (log.exists() and log.stat().st_size > 200_000):
            time.sleep(0.005)

    done = interrupted(process, signal.SIGINT, begun)
    assert (done.code, done.out) == (130, "") and "Traceback" not in done.err, done
    assert footnote("ingest", home=own / "home").code == 0
    assert "64 articles" in footnote("sources", "--coverage", home=own / "home").out


def ended(process: subprocess.Popen[bytes], number: signal.Signals, after: float) -> tuple[int, str]:
    """How a command ends that gets a signal after some seconds: exit code and stderr."""
    time.sleep(after)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    return process.returncode, err.decode()


@pytest.mark.parametrize("after", [0.2, 0.8, 3.2])
def test_sigterm_ends_a_slow_model_quietly_even_where_ctrl_c_is_ignored(home: Path, after: float) -> None:
    def in_background() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    with serve(Script(("Luis Urzúa came up last. " * 50,) * 200, delays=0.05)) as server:
        env = {"OPENAI_BASE_URL": server.url("openai"), "OPENAI_API_KEY": "x"}
        process = start(home, "ask", "-m", "openai:x", FOREMAN, env=env, preexec_fn=in_background)
        code, err = ended(process, signal.SIGTERM, after)
    assert code in (143, -signal.SIGTERM), "before our first line Python itself ends by the signal"
    assert "Traceback" not in err and err.count("\n") <= 2, err


INTERRUPTING = """
import os, signal, sys, threading
from bot.cli.main import main
threading.Timer(float(sys.argv.pop(1)), os.kill, (os.getpid(), signal.SIGINT)).start()
main()
"""


@pytest.mark.parametrize("after", ["0.01", "0.1", "0.2", "0.4", "0.7"])
def test_ctrl_c_while_footnote_starts_is_quiet(home: Path, after: str) -> None:
    process = start(home, begin=(sys.executable, "-c", INTERRUPTING, after, "ask", FOREMAN))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and err.count(b"\n") <= 1 and b"Traceback" not in err, err


SWALLOWING = """
import os, signal, time
from bot.cli import main as cli
armed = signal.setitimer
class Ends:
    def __del__(self): os.kill(os.getpid(), signal.SIGINT)
def arm(*after):
    signal.setitimer = armed
    os.kill(os.getpid(), signal.SIGINT)
    armed(*after)
def run(arguments):
    if arguments: signal.setitimer = arm
    Ends()
    time.sleep(30)
cli.run = run
cli.main()
"""


@pytest.mark.parametrize("while_the_hook_runs", [[], ["again"]])
def test_a_signal_that_a_finalizer_swallows_ends_the_command(home: Path, while_the_hook_runs: list[str]) -> None:
    process = start(home, begin=(sys.executable, "-c", SWALLOWING, *while_the_hook_runs))
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"")


# -- ask, search and what they save ------------------------------------------------------------------


def test_every_answer_fits_its_schema_and_every_quote_its_article(footnote: Footnote) -> None:
    for env in ({}, REFUSING, UNSURE):
        value = valid(footnote("ask", FOREMAN, "--json", env=env).value, "ask")
        for quoted in value["citations"] + value["closest"]:
            article = valid(footnote("show", quoted["document_id"], "--json").value, "show")
            assert article["text"][quoted["start"] : quoted["end"]] == quoted["quote"]
    with pytest.raises(ValidationError):
        valid({**value, "extra": 1}, "ask")


def test_json_is_silent_on_stderr(footnote: Footnote) -> None:
    assert footnote("ask", FOREMAN, "--json").err == ""


def test_jsonl_tells_the_events_in_order(footnote: Footnote) -> None:
    done = footnote("ask", FOREMAN, "--jsonl")
    events = [valid(json.loads(line), "event") for line in done.out.splitlines()]
    names = [event["event"] for event in events]
    assert names[:2] == ["searching", "retrieved"] and names[-1] == "answered" and set(names[2:-1]) == {"delta"}
    assert "".join(event["text"] for event in events[2:-1]).strip() == events[-1]["answer"]["answer"]
    refused = [json.loads(line)["event"] for line in footnote("ask", FOREMAN, "--jsonl", env=REFUSING).out.splitlines()]
    assert refused == ["searching", "retrieved", "answered"]
    done = footnote("ask", FOREMAN, "--jsonl", "--since", "soon")
    assert done.code == 2 and valid(done.value, "error")


def test_search_prints_passages_and_finding_none_is_no_failure(footnote: Footnote) -> None:
    done = footnote("search", "iceberg")
    assert done.code == 0 and done.out.startswith("1  Titanic strikes an iceberg · no outlet · undated · ship.txt · ")
    value = valid(footnote("search", "iceberg", "--json").value, "search")
    assert value["passages"][0]["source"] == "ship.txt"
    none = footnote("search", "iceberg", "--since", "2030", "--json")
    assert none.code == 0 and valid(none.value, "search")["passages"] == []


def sources_of(done: Done) -> set[str]:
    """The articles among the passages of a search."""
    assert done.code == 0, done
    return {passage["source"] for passage in done.value["passages"]}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ([], {"mine.md", "spill.md", "ship.txt", "landing.md"}),
        (["--since", "2010"], {"mine.md", "spill.md"}),
        (["--since", "2010-06-15", "--until", "2010-06"], {"spill.md"}),
        (["--until", "1970"], {"landing.md"}),
        (["--until", "1970", "--undated"], {"landing.md", "ship.txt"}),
        (["--outlet", "sample wire"], {"mine.md", "landing.md"}),
        (["--outlet", "Sample Wire", "--outlet", "Sample Daily"], {"mine.md", "landing.md", "spill.md"}),
        (["--not-outlet", "Sample Wire"], {"spill.md", "ship.txt"}),
        (["--in", "news"], {"mine.md", "spill.md", "ship.txt", "landing.md"}),
    ],
)
def test_filters_are_hard_everywhere(footnote: Footnote, options: list[str], kept: set[str]) -> None:
    assert sources_of(footnote("search", "men in April", "--json", *options)) == kept
    listed = valid(footnote("sources", "--json", *options).value, "sources")
    assert {item["source"] for item in listed["documents"]} == kept
    assert listed["coverage"]["documents"] == len(kept)
    asked = valid(footnote("ask", FOREMAN, "--json", *options).value, "ask")
    assert {quoted["source"] for quoted in asked["citations"]} <= kept
    assert asked["coverage"]["documents"] == len(kept)


def test_in_takes_an_article_by_the_beginning_of_its_id(footnote: Footnote) -> None:
    key = footnote("search", "iceberg", "--json").value["passages"][0]["id"]
    assert sources_of(footnote("search", "men", "--in", key[:6], "--json")) == {"ship.txt"}
    assert footnote("ask", FOREMAN, "--in", key[:6], "--json").value["filters"]["in"] == [key]


def test_a_date_filter_says_how_many_undated_articles_it_leaves_out(footnote: Footnote) -> None:
    assert (
        "1 undated article left out by the dates; --undated keeps them"
        in footnote("ask", FOREMAN, "--since", "2010").err
    )
    done = footnote("ask", FOREMAN, "--since", "2030", "--json")
    assert (done.code, done.value["outcome"]) == (4, "not_in_corpus"), "never by date while an article is undated"
    assert done.value["answer"].startswith("No article passes the filters. Widen them")
    done = footnote("ask", FOREMAN, "--since", "2030", "--not-outlet", "Sample Wire", "--in", "news", "--json")
    assert done.value["notices"] == ["1 undated article left out by the dates; --undated keeps them"]


def test_a_period_without_articles_is_outside_coverage_where_all_are_dated(footnote: Footnote) -> None:
    done = footnote("ask", FOREMAN, "--since", "2030", "--outlet", "Sample Wire", "--json")
    assert (done.code, done.value["outcome"]) == (4, "outside_coverage")
    assert done.value["answer"].startswith("No article is dated since 2030-01-01.")


def test_the_as_of_day_is_shown(footnote: Footnote) -> None:
    filters = footnote("ask", FOREMAN, "--json").value["filters"]
    assert (filters["as_of"], filters["inferred"]) == ("2010-10-14", ["as_of"])
    filters = footnote("ask", FOREMAN, "--json", "--as-of", "2012-05").value["filters"]
    assert (filters["as_of"], filters["inferred"]) == ("2012-05-01", [])


def test_a_conversation_is_continued_by_c_and_by_session(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    footnote("ingest", own / "news", "--corpus", "other", home=home)
    first = footnote("ask", FOREMAN, "--json", home=home).value
    assert (first["session"], first["turn"]) == ("s1", 1)
    second = footnote("ask", "Who came up last?", "-c", "--json", home=home).value
    assert (second["session"], second["turn"]) == ("s1", 2)
    third = footnote("ask", "Where was the plaque left?", "--json", home=home).value
    assert (third["session"], third["turn"], third["standalone_question"]) == ("s2", 1, "Where was the plaque left?")
    assert footnote("ask", "And when?", "--session", "s1", "--json", home=home).value["turn"] == 3
    assert "belongs to the corpus 'default'" in one_sentence(
        footnote("ask", "And when?", "--session", "1", "--corpus", "other", home=home), 2
    )
    assert footnote("ask", "Who came up?", "-c", "--json", "--corpus", "other", home=home).value["session"] == "s3"
    with closing(Sessions(home / "sessions.sqlite3")) as chat:  # as a chat holds the conversation that it shows
        assert chat.hold(2)
        copied = footnote("ask", "And where was it left?", "--session", "s2", home=home)
        assert "s2 is open in a chat: this goes on in a copy of it" in copied.err
        assert [question for question, _ in chat.turns(4)] == ["Where was the plaque left?", "And where was it left?"]
    footnote("sessions", "delete", "s4", "--yes", home=home)
    listed = valid(footnote("sessions", "list", "--json", home=home).value, "sessions")["sessions"]
    assert [(item["session"], item["corpus"], item["turns"]) for item in listed] == [
        ("s3", "other", 1), ("s1", "default", 3), ("s2", "default", 1),
    ]  # fmt: skip
    assert listed[1]["title"] == FOREMAN
    assert "s3" not in footnote("sessions", "list", "--corpus", "default", home=home).out
    search = ("sessions", "search", "came last", "--corpus", "default")
    (found,) = valid(footnote(*search, "--json", home=home).value, "sessions")["sessions"]
    assert (found["session"], found["hit"]["turn"]) == ("s1", 2)
    printed = footnote(*search, home=home).out
    assert printed.startswith("s1  ") and "**came** up **last**" in printed
    renamed = valid(footnote("sessions", "rename", "s2", "The plaque", "--json", home=home).value, "sessions")
    assert renamed["sessions"][0]["title"] == "The plaque"
    assert "Add --yes" in one_sentence(footnote("sessions", "delete", "s3", home=home), 2)
    gone = valid(footnote("sessions", "delete", "s3", "--yes", "--json", home=home).value, "sessions")["sessions"]
    assert [item["session"] for item in gone] == ["s3"]
    assert "no session s3" in one_sentence(footnote("sessions", "show", "s3", home=home), 2)
    shown = valid(footnote("sessions", "show", "s1", "--json", home=home).value, "session")
    assert [turn["question"] for turn in shown["turns"]] == [FOREMAN, "Who came up last?", "And when?"]
    printed = footnote("sessions", "show", "1", home=home).out
    assert f"s1:1  {FOREMAN}\n\n" in printed and "Luis Urzúa, the shift foreman, came up last. [" in printed


def test_no_save_leaves_no_trace(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    done = answered(footnote("ask", FOREMAN, "--no-save", home=home))
    assert not (home / "sessions.sqlite3").exists() and "s1" not in done.err
    value = valid(footnote("ask", FOREMAN, "--no-save", "--json", home=home).value, "ask")
    assert value["session"] is None and value["turn"] is None
    assert "Nothing has been asked" in one_sentence(footnote("show", "1", home=home), 2)


# -- show ------------------------------------------------------------------------------------------


def test_show_marks_a_quote_inside_its_article(footnote: Footnote) -> None:
    asked = footnote("ask", FOREMAN, "--json").value
    for what in ("1", f"{asked['session']}:{asked['turn']}/1"):
        done = footnote("show", what)
        assert done.code == 0 and "**Luis Urzúa, the shift foreman, came up last.**" in done.out
        value = valid(footnote("show", what, "--json").value, "show")
        quote = value["quote"]
        assert quote["text"] == value["text"][quote["start"] : quote["end"]] == asked["citations"][0]["quote"]


def test_show_opens_the_closest_passage_of_a_refusal_by_its_letter(footnote: Footnote) -> None:
    footnote("ask", FOREMAN, env=REFUSING)
    assert "**" in footnote("show", "a").out
    assert valid(footnote("show", "a", "--json").value, "show")["quote"]["name"] == "a"
    assert "it has: a, b, c" in one_sentence(footnote("show", "1"), 2)


def test_search_never_becomes_the_last_answer(footnote: Footnote) -> None:
    footnote("ask", FOREMAN)
    footnote("search", "iceberg")
    assert "All 33 miners" in footnote("show", "1").out


def test_show_opens_an_article_by_its_id_or_the_beginning_of_it(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    key = next(
        item["id"]
        for item in footnote("sources", "--json", home=home).value["documents"]
        if item["source"] == "mine.md"
    )
    shown = footnote("show", key[:7], home=home).out
    assert shown == footnote("show", key, home=home).out
    assert shown.startswith("All 33 miners brought up · Sample Wire · 2010-10-14 · mine.md\n")
    assert f"{key} · version 1 of 1 · by A. Reporter" in shown and "---" not in shown
    assert footnote("show", key, "--raw", home=home).out == ARTICLES["mine.md"] + "\n"
    footnote("ask", FOREMAN, home=home)
    (own / "news" / "mine.md").write_text(ARTICLES["mine.md"].replace("2010-10-14", "2010-10-15"))
    footnote("ingest", home=home)
    assert footnote("show", key, "--versions", home=home).out == "1  2010-10-14\n2  2010-10-15  current\n"
    value = valid(footnote("show", key, "--versions", "--json", home=home).value, "versions")
    assert [item["current"] for item in value["versions"]] == [False, True]
    assert footnote("show", key, "--json", home=home).value["version"] == 2
    assert footnote("show", key, "--json", "--version-number", "1", home=home).value["published"] == "2010-10-14"
    assert "the file has changed since (now version 2)" in footnote("show", "1", home=home).out
    assert "no version 7" in one_sentence(footnote("show", key, "--version-number", "7", home=home), 2)
    (own / "news" / "mine.md").unlink()
    footnote("ingest", home=home)
    assert "no longer in its root" in footnote("show", "1", home=home).out


# -- what is there ---------------------------------------------------------------------------------


def test_sources_lists_the_newest_first_and_the_undated_last(footnote: Footnote) -> None:
    lines = footnote("sources").out.splitlines()
    assert [line.split()[1] for line in lines] == ["2010-10-14", "2010-06-15", "1969-07-21", "undated"]
    assert footnote("sources", "--only-undated").out.count("\n") == 1
    covered = footnote("sources", "--coverage").out
    assert covered.startswith("4 articles (1969-07-21 to 2010-10-14, 1 undated; ")
    assert "Sample Wire   2  █" in covered and "undated       1\n" in covered
    value = valid(footnote("sources", "--coverage", "--json").value, "sources")
    assert value["coverage"]["undated"] == 1 and value["documents"] == [] and len(value["months"]) == 3
    assert valid(footnote("sources", "--json").value, "sources")["months"] == []
    narrow = footnote("sources", "--coverage", env={"COLUMNS": "40"})
    assert max(map(len, narrow.out.splitlines()[1:])) < 40 and "cut to fit the width: 1969 to 19" in narrow.err


def test_a_shell_completes_what_the_corpus_holds(home: Path, footnote: Footnote) -> None:
    key = footnote("search", "iceberg", "--json").value["passages"][0]["id"]
    offered = {"--outlet": "Sample\\ Daily\nSample\\ Wire\n", "--in": "news\n", "--corpus": "default\n"}
    for words, out in (*((f"{name}\n", out) for name, out in offered.items()), (f"--in\n{key[:4]}", f"{key}\n")):
        env = {"_FOOTNOTE_COMPLETE": "complete_bash", "COMP_WORDS": f"footnote\nask\n{words}", "COMP_CWORD": "3"}
        assert command(home, env=env) == Done(0, out, "")


def test_corpora_paths_and_doctor_fit_their_schemas(footnote: Footnote, home: Path) -> None:
    assert valid(footnote("corpora", "--json").value, "corpora")["corpora"][0]["coverage"]["documents"] == 4
    assert footnote("corpora").out.startswith("default  4 articles")
    places = valid(footnote("paths", "--json").value, "paths")
    assert places["corpus"] == str(home / "corpora" / "default") and "\ncorpus " in footnote("paths").out
    done = footnote("doctor", "--json")
    assert done.code == 0 and valid(done.value, "doctor")["outcome"] == "examined"
    assert "ok       word index: level with the record" in footnote("doctor").out


def test_doctor_finds_a_damaged_index_and_repair_mends_it(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    shutil.rmtree(home / "corpora" / "default" / "lexical")
    done = footnote("doctor", home=home)
    assert done.code == 5 and "fault    word index" in done.out and "footnote doctor --repair" in done.out
    assert valid(footnote("doctor", "--json", home=home).value, "doctor")["outcome"] == "error"
    assert footnote("doctor", "--repair", home=home).code == 0
    answered(footnote("ask", FOREMAN, home=home))


def test_files_are_for_their_owner_alone(home: Path, footnote: Footnote) -> None:
    footnote("ask", FOREMAN)
    assert home.joinpath("corpora").stat().st_mode & 0o777 == 0o700
    for name in ("sessions.sqlite3", "corpora/default/record.sqlite3"):
        assert (home / name).stat().st_mode & 0o777 == 0o600, name


# -- ingest and forget -----------------------------------------------------------------------------


def test_ingest_is_idempotent_and_says_what_it_did(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    first = footnote("ingest", own / "news", home=home)
    assert re.fullmatch(r"4 added, 0 changed, 0 unchanged, 0 removed; 1 undated; \d+ passages; [\d.]+ s\n", first.out)
    value = valid(footnote("ingest", "--json", home=home).value, "ingest")
    assert (value["outcome"], value["added"], value["unchanged"]) == ("ingested", 0, 4)
    assert (value["undated"], value["families"]) == (1, 0)
    for name in ("ship.txt", "mine.md"):
        (own / "news" / name).unlink()
    dated = ARTICLES["landing.md"] + "A third man stayed in orbit.\n"
    (own / "news" / "copy.md").write_text(dated)
    assert "; 1 family; " in footnote("ingest", "--yes", home=home).out
    again = footnote("ingest", "--dry-run", "--json", home=home).value
    assert (again["undated"], again["families"]) == (0, 1)


def test_a_saved_answer_opens_at_an_article_whose_file_was_renamed(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    answered(footnote("ask", FOREMAN, home=home))
    (own / "news" / "mine.md").rename(own / "news" / "shaft.md")
    assert footnote("ingest", home=home).out.startswith("0 added, 0 changed, 4 unchanged, 0 removed")
    shown = footnote("show", "1", home=home).out
    assert "shaft.md" in shown.splitlines()[0] and "version 1 of 1" in shown
    assert "**Luis Urzúa, the shift foreman, came up last.**" in shown


def test_a_dry_run_changes_nothing(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    (own / "news" / "mine.md").unlink()
    (own / "news" / "new.txt").write_text("The ferry sank in the bay on Monday.")
    done = footnote("ingest", "--dry-run", home=home)
    assert done.out.startswith("would be: 1 added, 0 changed, 3 unchanged, 1 removed")
    value = valid(footnote("ingest", "--dry-run", "--json", home=home).value, "ingest")
    assert (value["outcome"], value["added"], value["removed"]) == ("dry_run", 1, 1)
    assert "mine.md" in footnote("sources", "--json", home=home).out


def test_many_vanished_files_want_a_word_and_a_missing_root_takes_nothing_out(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    for name in ("mine.md", "spill.md", "landing.md"):
        (own / "news" / name).unlink()
    done = footnote("ingest", "--json", home=home)
    value = valid(done.value, "ingest")
    assert done.code == value["error"]["exit"] == 2 and "--yes" in value["error"]["next"]
    assert footnote("sources", "--json", home=home).value["coverage"]["documents"] == 4
    (own / "news").rename(own / "away")
    done = footnote("ingest", home=home)
    assert done.code == 5 and "is missing; nothing was taken out." in done.err and "Bring it back" in done.err
    (own / "away").rename(own / "news")
    assert "3 removed" in footnote("ingest", "--yes", home=home).out


def odd_folder(folder: Path) -> None:
    """A folder of everything that is no article, with one article among it."""
    import socket

    folder.mkdir()
    (folder / "good.txt").write_text("The harbour trust reopened the pier in May 2020.")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.txt").write_bytes(b"The caf\xe9 closed on Tuesday, its owner said.")
    (folder / "front.md").write_text("---\ntitle: [a\npublished: soon\n---\nThe mayor resigned on Sunday.")
    (folder / "day.md").write_text("---\npublished: 2020-99-99\n---\nThe mayor came back on Friday.")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "self").symlink_to(folder)
    (folder / "out.txt").symlink_to("/etc/passwd")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8")
    os.mkfifo(folder / "pipe.txt")
    with (folder / "big.txt").open("wb") as big:
        big.truncate(50 * 1024 * 1024)
    where = Path.cwd()
    os.chdir(folder)
    try:
        socket.socket(socket.AF_UNIX).bind("socket.txt")
    finally:
        os.chdir(where)


def test_bad_files_are_passed_over_each_with_its_reason(tmp_path: Path) -> None:
    odd_folder(tmp_path / "odd")
    (tmp_path / "odd" / "secret.txt").write_text("The vault was opened on Monday.")
    (tmp_path / "odd" / "closed").mkdir()
    for name in ("secret.txt", "closed"):
        (tmp_path / "odd" / name).chmod(0)
    try:
        done = command(tmp_path / "home", "ingest", tmp_path / "odd", preexec_fn=without_root_powers)
    finally:
        (tmp_path / "odd" / "closed").chmod(0o700)
    assert done.code == 0 and done.out.startswith("4 added"), done
    for name, reason in {
        "binary.txt": "not a text file", "empty.txt": "is empty", "loop.txt": "leads nowhere",
        "out.txt": "out of the root",
        "pipe.txt": "is a pipe", "socket.txt": "is a socket", "big.txt": "20 MB", "secret.txt": "ermission denied",
        "closed": "cannot be opened",
    }.items():  # fmt: skip
        assert re.search(rf"^skipped: {name}: .*{reason}", done.err, re.M), (name, done.err)
    for name, reason in {"broken.txt": "not UTF-8", "front.md": "front matter", "day.md": "is no date"}.items():
        assert re.search(rf"^note: {name}: .*{reason}", done.err, re.M), (name, done.err)
    assert "passed over: 1 .jpg file" in done.err


@pytest.mark.parametrize("kind", ["pipe", "socket", "binary", "empty", "loop", "nothing"])
def test_a_path_that_is_no_article_is_told(tmp_path: Path, footnote: Footnote, kind: str) -> None:
    odd_folder(tmp_path / "odd")
    done = footnote("ingest", tmp_path / "odd" / f"{kind}.txt", home=tmp_path / "home")
    assert done.code == (5 if kind in ("binary", "empty") else 2)
    assert done.err and "unexpected" not in done.err


def held(folder: Path) -> bytes:
    """Every byte of every file below a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_forgotten_stays_away_until_it_is_ingested_by_name(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    answered(footnote("ask", FOREMAN, home=home))
    key = footnote("show", "1", "--json", home=home).value["document_id"]
    assert b"San Jos\xc3\xa9 mine" in held(home)
    done = footnote("forget", key, home=home)
    assert done.code == 0 and done.out.startswith(f"Forgotten: the article {key}") and "1 saved answer" in done.err
    assert b"San Jos\xc3\xa9 mine" not in held(home), "erased means erased"
    assert "was forgotten" in one_sentence(footnote("show", key, home=home), 2)
    assert "no saved answer" in one_sentence(footnote("show", "1", home=home), 2)
    assert "(no saved answer)" in footnote("sessions", "show", "s1", home=home).out
    assert valid(footnote("sessions", "show", "s1", "--json", home=home).value, "session")["turns"][0]["answer"] is None
    assert "1 skipped" in footnote("ingest", home=home).out
    assert key in footnote("sources", "--forgotten", home=home).out
    assert valid(footnote("sources", "--forgotten", "--json", home=home).value, "forgotten")["forgotten"]
    assert "1 added" in footnote("ingest", own / "news" / "mine.md", home=home).out
    answered(footnote("ask", FOREMAN, home=home))
    assert valid(footnote("sources", "--forgotten", "--json", home=home).value, "forgotten")["forgotten"] == []


def test_a_root_is_forgotten_by_name_or_path(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    for name in ("news", own / "news"):
        footnote("ingest", own / "news", home=home)
        done = footnote("forget", name, "--json", home=home)
        assert done.code == 0 and len(valid(done.value, "forget")["forgotten"]) == 4
        assert "is empty" in one_sentence(footnote("ask", FOREMAN, home=home), 5)


def corpora_of(footnote: Footnote, home: Path) -> list[str]:
    return [item["name"] for item in valid(footnote("corpora", "--json", home=home).value, "corpora")["corpora"]]


def test_forget_asks_on_a_terminal_and_no_is_an_answer(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    forget, corpora, again = ["forget", "news"], ["corpora"], ["ingest", str(own / "news")]
    commands = forget, corpora, forget, corpora, again, [*forget, "--yes"]
    done = in_turn(home, *commands, terminal=True, typed="n\ny\n", NO_COLOR="1")
    assert [code for code, _ in done] == [0] * len(commands)
    refused, kept, agreed, emptied, _, unasked = (shown for _, shown in done)
    assert "Erase the root 'news' with 4 articles for good? [y/N]" in refused and "Forgotten" not in refused
    assert kept.startswith("default")
    assert "Forgotten: the root 'news' with 4 articles." in agreed
    assert "default" not in emptied, "an emptied corpus is no ghost in the list"
    assert "Erase" not in unasked and "Forgotten" in unasked


def test_a_whole_corpus_is_taken_away_with_what_was_said_of_it(own: Path, footnote: Footnote) -> None:
    home, other = own / "home", ["--corpus", "other"]
    footnote("ingest", own / "news", home=home)
    footnote("ingest", own / "news", *other, home=home)
    answered(footnote("ask", FOREMAN, home=home))
    answered(footnote("ask", FOREMAN, *other, home=home))
    assert "wants" in footnote("forget", "--help").out
    assert "Add --yes" in one_sentence(footnote("forget", "--all", *other, home=home), 2)
    assert "Both" in one_sentence(footnote("forget", "news", "--all", *other, home=home), 2)
    assert "Nothing to forget" in one_sentence(footnote("forget", *other, home=home), 2)
    with writer(home / "corpora" / "other", "ingest"):
        assert "is being written" in one_sentence(footnote("forget", "--all", "--yes", *other, home=home), 5)
    assert corpora_of(footnote, home) == ["default", "other"]
    done = footnote("forget", "--all", "--yes", *other, "--json", home=home)
    value = valid(done.value, "forget")
    assert (done.code, len(value["forgotten"]), value["answers_erased"]) == (0, 4, 1)
    assert not (home / "corpora" / "other").exists() and corpora_of(footnote, home) == ["default"]
    assert "(no saved answer)" in footnote("sessions", "show", "s2", home=home).out
    assert "Luis" in footnote("sessions", "show", "s1", home=home).out, "the other corpus keeps its answers"
    assert "no corpus" in one_sentence(footnote("forget", "--all", "--yes", *other, home=home), 5)
    assert (own / "news" / "mine.md").exists()


def test_a_corpus_behind_a_link_is_taken_away_too(own: Path, footnote: Footnote) -> None:
    home = own / "home"
    footnote("ingest", own / "news", home=home)
    (home / "corpora" / "default").rename(own / "elsewhere")
    (home / "corpora" / "default").symlink_to(own / "elsewhere")
    assert footnote("forget", "--all", "--yes", home=home).code == 0
    assert not (own / "elsewhere").exists() and not (home / "corpora" / "default").is_symlink()


# -- limits of the shell, and pagers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "size", "said"), [("RLIMIT_NOFILE", 16, "16 are allowed"), ("RLIMIT_AS", 400_000_000, "400 are allowed")]
)
def test_a_limit_that_is_too_low_is_told_in_a_sentence(home: Path, limit: str, size: int, said: str) -> None:
    kind = getattr(resource, limit)
    done = command(home, "ask", FOREMAN, preexec_fn=lambda: resource.setrlimit(kind, (size, size)))
    assert done.out == "" and said in one_sentence(done, 1)


def test_a_low_limit_of_files_is_raised_where_it_may_be(home: Path) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    answered(command(home, "ask", FOREMAN, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (16, most))))


def test_a_long_article_opens_in_the_pager_and_a_short_one_does_not(own: Path, footnote: Footnote) -> None:
    home, seen = own / "home", own / "seen"
    pager = {"PAGER": f"tee {seen} >/dev/null"}
    (own / "news" / "long.md").write_text("\n\n".join(f"Ferry {number} sank in the bay." for number in range(40)))
    footnote("ingest", own / "news", home=home)
    keys = {item["source"]: item["id"] for item in footnote("sources", "--json", home=home).value["documents"]}
    commands = [["show", keys["mine.md"]], ["show", keys["long.md"], "--no-pager"], ["show", keys["long.md"]]]
    short, unpaged, paged = in_turn(home, *commands, terminal=True, **pager)
    assert [code for code, _ in (short, unpaged, paged)] == [0, 0, 0]
    assert "came up last" in short[1] and "Ferry 39" in unpaged[1] and "Ferry 39" not in paged[1]
    assert seen.read_text().count("Ferry 39") == 1 and "came up last" not in seen.read_text()
    for environ in ({"PAGER": ""}, {"PAGER": "no-such-pager 2>&-"}):
        assert "Ferry 39" in on_terminal(home, "show", keys["long.md"], **environ)[1]
    assert "Ferry 39" in footnote("show", keys["long.md"], home=home).out


# -- the network -----------------------------------------------------------------------------------

CLOSED = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import conftest
conftest.close_network()
from bot.cli.main import run
folder = sys.argv[1]
sys.exit(run(["ingest", folder]) or run(["ask", sys.argv[2]]))
"""


def test_ingest_and_ask_touch_no_network_whatever_keys_there_are(own: Path) -> None:
    keys = dict.fromkeys(("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_HOST", "HTTPS_PROXY"), "http://key.example")
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, str(ROOT / "tests"), str(own / "news"), FOREMAN],
        env=environment(own / "home", **keys), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and "**Luis Urzúa**, the shift foreman, came up last. [" in done.stdout, done.stderr
    assert "network" not in done.stderr
