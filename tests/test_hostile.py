"""Hostile text: twenty strings, through every command and every place that a stranger can write to."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from console import Done, Footnote, abandoned, command, in_turn, played, valid

from bot.errors import ExitCode

HOSTILE = {
    "clear screen": "\x1b[2J\x1b[H",
    "colour": "\x1b[31;1mred\x1b[0m",
    "hyperlink": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x07",
    "window title": "\x1b]0;title\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "device control": "\x1bP+q544e\x1b\\",
    "one-byte CSI": "\x9b2J\x9d0;t\x9c",
    "bidi override": "\u202egpj.exe\u202c",
    "bidi isolate": "\u2067abc\u2069",
    "tag characters": "\U000e0001\U000e0069\U000e0067",
    "click markup": "[@click=app.quit]press[/]",
    "closing markup": "[/x]",
    "link markup": "[link=https://evil.example]here[/link]",
    "style markup": "[bold red on white]loud[/bold red on white]",
    "null": "a\x00b",
    "backspaces": "safe\x08\x08\x08\x08evil",
    "carriage return": "shown\rhidden",
    "bell": "\x07\x0e\x0f",
    "line separators": "one\u2028two\u2029three\x85four",
    "footnote": "[3] [a] s1:1/1 :smile: ** ****",
}
ALL = " ".join(HOSTILE.values())
PLAIN = ALL.replace("\x00", "")  # what an argument can hold
COLOURS = re.compile(r"\x1b\[(?:0|1|2|22|1;7|1;4;7)m")
CALM = "The sea was calm all day and nobody on the shore saw anything. " * 12  # so that it still counts as text
FORCED = {"FOOTNOTE_ANSWER_AT": "0", "FOOTNOTE_REFUSE_BELOW": "0", "FOOTNOTE_SENTENCES": "1"}
REFUSED = {"FOOTNOTE_ANSWER_AT": "1", "FOOTNOTE_REFUSE_BELOW": "1"}


def as_name(text: str) -> str:
    return text.replace("/", "|").replace("\x00", "")


def harmless(shown: str, allowed: str = "\n") -> str:
    """What a terminal may be given: nothing that steers it, reorders the text or hides in it."""
    for letter in set(shown) - set(allowed):
        assert unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp"), ascii(letter)
        assert unicodedata.bidirectional(letter) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        assert not 0xE0000 <= ord(letter) <= 0xE007F, ascii(letter)
    return shown


def checked(done: Done, *codes: int, allowed: str = "\n") -> Done:
    assert done.code in codes, done
    assert "Traceback" not in done.err and "unexpected" not in done.err, done.err
    harmless(done.out, allowed)
    harmless(done.err)
    return done


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A corpus whose root, file names, facts and texts are hostile."""
    shelf = tmp_path_factory.mktemp("shelf")
    news = shelf / as_name(f"news {PLAIN}")[:80]
    news.mkdir()
    for number, (name, text) in enumerate(HOSTILE.items()):
        facts = {"title": f"Ferry {name} {text}", "outlet": f"Wire {text}", "author": f"By {text}"}
        head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in facts.items())
        body = f"Ferry {number} sank {text} in the harbour on Monday.\n\nIts captain {text} swam ashore.\n\n{CALM}"
        (news / as_name(f"{number} {text}.md")).write_text(f"---\n{head}---\n{body}\n", "utf-8", newline="")
    (news / as_name(f"{PLAIN}.txt")[:60]).with_suffix(".txt").write_bytes(bytes(range(256)))
    commands = ["ingest", str(news)], ["ask", f"Which ferry sank {PLAIN}?"]
    (code, ingested), (answered, shown) = in_turn(shelf / "home", *commands, **FORCED)
    assert code == answered == 0 and "Traceback" not in ingested + shown
    assert f"{len(HOSTILE)} added" in harmless(ingested) and "skipped: " in ingested
    harmless(shown)
    yield shelf


@pytest.fixture
def home(shelf: Path, copied: Callable[[Path], Path]) -> Path:
    return copied(shelf / "home")


@pytest.mark.parametrize("forced", [FORCED, REFUSED], ids=["answered", "refused"])
def test_ask(home: Path, forced: dict[str, str], in_process: Footnote) -> None:
    done = checked(in_process(home, "ask", f"Which ferry sank in the harbour {PLAIN}?", env=forced), 0, 4)
    assert "Ferry" in done.out and "searching" in done.err


def test_ask_as_json(home: Path, in_process: Footnote) -> None:
    done = checked(in_process(home, "ask", f"Which ferry sank? {PLAIN}", "--json", env=FORCED), 0)
    assert done.out.isascii()
    for citation in valid(done.value, "ask")["citations"]:
        article = valid(in_process(home, "show", citation["document_id"], "--json").value, "show")
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_terminal_gets_our_own_colours_and_nothing_else(home: Path) -> None:
    commands = ["ask", f"Which ferry sank in the harbour {PLAIN}?"], ["sources"]
    for code, shown in in_turn(home, *commands, terminal=True, **FORCED):
        assert code == 0
        harmless(COLOURS.sub("", shown))


def test_search(home: Path, in_process: Footnote) -> None:
    done = checked(in_process(home, "search", f"ferry captain {PLAIN}", "-k", "50"), 0)
    assert "[@click=app.quit]press[/]" in done.out, "markup is text"


def test_sources(home: Path, in_process: Footnote) -> None:
    done = checked(in_process(home, "sources"), 0)
    assert done.out.count("\n") == len(HOSTILE) and "[link=https://evil.example]here[/link]" in done.out
    checked(in_process(home, "sources", "--coverage", "--not-outlet", PLAIN), 0)


def test_show(home: Path, in_process: Footnote) -> None:
    listed = checked(in_process(home, "sources", "--json"), 0)
    assert listed.out.isascii()
    worst = next(item["id"] for item in listed.value["documents"] if "clear screen" in item["title"])
    assert "2J" in checked(in_process(home, "show", worst), 0).out
    checked(in_process(home, "show", worst, "--raw"), 0, allowed="\n\t")


def test_chat(home: Path) -> None:
    """Every byte that the screen writes for a hostile conversation and a hostile article: our own moves and colours."""
    code, shown = played(home, ["chat", "-c"], "● ready", b"\t", "1-9", b"1", "Close", b"\x1b", "Ask", b"\x11")
    assert code == 0 and "\ufffd[31;1mred" in shown and "captain" in shown
    assert not [text for text in HOSTILE.values() if text != harmless_only(text) and text in shown]
    harmless(
        re.sub(r"\x1b\[[\d;?<>=$]*[A-Za-z]|\x1b\]22;\w+\x07", "", shown), allowed="\r\n"
    )  # the latter: a mouse shape


def test_a_chat_ends_with_its_terminal(home: Path) -> None:
    assert abandoned(home, ["chat"], "● ready") == ExitCode.TERMINATED


def harmless_only(text: str) -> str:
    """A text without what steers or hides."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf"))


def test_ingest_and_forget(shelf: Path, tmp_path: Path, in_process: Footnote) -> None:
    shutil.copytree(shelf / "home", tmp_path / "home", ignore=shutil.ignore_patterns("sessions*"))
    home = tmp_path / "home"
    assert "20 unchanged" in checked(in_process(home, "ingest"), 0).out
    checked(in_process(home, "forget", next(path for path in shelf.iterdir() if path.name != "home")), 0)


def test_sessions(home: Path, in_process: Footnote) -> None:
    done = checked(in_process(home, "sessions", "list"), 0)
    assert all(line.startswith("s") for line in done.out.splitlines())
    checked(in_process(home, "sessions", "show", done.out.split()[0]), 0)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", "x y", "--corpus", PLAIN], 2),
        (["ask", "x y", "--session", PLAIN], 2),
        (["ask", "x y", "--outlet", PLAIN], 4),
        (["ask", "x y", "--in", PLAIN], 2),
        (["ask", "x y", "--since", PLAIN], 2),
        (["ask", "x y", "--model", PLAIN], 2),
        (["ask", "x y", f"--{PLAIN}"], 2),
        ([PLAIN], 2),
        (["doctor"], 0),
        (["paths"], 0),
        (["corpora"], 0),
        (["forget", PLAIN], 2),
        (["show", PLAIN, "--json"], 2),
        (["sessions", "show", PLAIN], 2),
        (["eval", "check", PLAIN], 7),
    ],
    ids=lambda value: value[0][:6] + value[-2][2:5] if isinstance(value, list) and len(value) > 1 else None,
)
def test_the_rest(home: Path, arguments: list[str], code: int, in_process: Footnote) -> None:
    checked(in_process(home, *arguments), code)


def test_a_home_with_a_hostile_name(tmp_path: Path, in_process: Footnote) -> None:
    home = tmp_path / as_name(PLAIN)[:80]
    (tmp_path / "a.txt").write_text("The ferry sank in the harbour on Monday.")
    checked(in_process(home, "ingest", tmp_path / "a.txt"), 0)
    checked(in_process(home, "doctor"), 0)


def test_a_hostile_suite(home: Path, tmp_path: Path, in_process: Footnote) -> None:
    suite = tmp_path / "suite"
    (suite / "corpus").mkdir(parents=True)
    (suite / "corpus" / "a.txt").write_text("The ferry sank in the harbour on Monday.")
    text = json.dumps(PLAIN)
    (suite / "suite.toml").write_text(f'about = {text}\ncorpus = "corpus"\n'.replace("\\/", "/"))
    case = f'[[case]]\nid = {text}\nquestion = {text}\noutcome = "answered"\nfacts = [[{text}]]\n'
    (suite / "cases.toml").write_text(case)
    checked(in_process(home, "eval", "run", suite), 0, 7)


def test_names_that_are_not_utf8_are_passed_over_with_a_reason(tmp_path: Path) -> None:
    closed = tmp_path / "news" / "closed caf\udce9"
    closed.mkdir(parents=True)
    (closed / "a.txt").write_text("The cafe closed on Tuesday.")
    (tmp_path / "news" / "caf\udce9.txt").write_text("The cafe closed on Tuesday.")
    (tmp_path / "news" / "good.txt").write_text("The ferry sank in the harbour on Monday.")
    done = checked(command(tmp_path / "home", "ingest", tmp_path / "news"), 0)
    assert done.out.startswith("1 added") and done.err.count("UTF-8") == 2
