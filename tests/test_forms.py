"""The forms of a report: a table of 80 columns, Markdown, JUnit XML and one HTML page that nothing can break out of."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import tiny as sample
from console import Footnote
from junitparser import JUnitXml
from rich.console import Console
from test_report import refused, report, row

from bot.errors import EvalInvalid
from evals.forms.junit import junit
from evals.forms.markdown import markdown
from evals.forms.page import page
from evals.forms.table import table
from evals.kept.files import save
from evals.report import Report
from evals.row import Row
from store.errors import DiskFull

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></body><h1>owned</h1>",
    '"><svg onload=alert(1)>',
    "\x1b[2J\x1b]0;title\x07 \x00 \ufffe \u202egnp.exe",
    "</style><style>*{display:none}</style> ]]> <!-- &lt;b&gt; javascript:alert(1)",
    "[red]bold[/red] **stars** `ticks` | pipes | [a](javascript:alert(1))",
]
VOID = {"meta", "input"}


def cited(text: str, number: int = 1, **told: Any) -> dict[str, Any]:
    facts = {
        "document_id": "d1",
        "version": 1,
        "source": "pier.md",
        "title": "The pier",
        "outlet": None,
        "published": None,
    }
    return {"number": number, "quote": text, "start": 10, "end": 10 + len(text), **facts, **told}


class Page(HTMLParser):
    """An HTML page read as a browser would: its elements, their texts, and that each is closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def inside(self, tag: str) -> list[str]:
        return [text for home, text in self.texts if home == tag]


def shown(what: Report, width: int = 80) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(table(what))
    return out.getvalue()


def hostile() -> Report:
    """A report in which everything that an article, a question or a model says is hostile."""
    rows = []
    for number, said in enumerate(HOSTILE):
        facts = {"source": said, "title": said, "outlet": said, "published": said}
        rows.append(
            row(
                f"case-{number}", question=said, answer=said, why=said, tags=[said], turns=[said], standalone=said * 2,
                sentences=[{"text": said, "verdict": "supported", "citations": [1]}], model=said,
                citations=[cited(said, **facts)], closest=[cited(said, number="a", **facts)],
                passage={"number": 1, "start": 0, "end": 999, "text": " " * 10 + said, "marks": []},
                scores={"passed": 0.0}, error=said if number % 2 else None,
            )
        )  # fmt: skip
        wanted = replace(rows[-1].expected, facts=((said,),), absent=((said,),), documents=(said,), quote_from=(said,))
        rows[-1] = replace(rows[-1], expected=wanted)
    return Report("tiny", HOSTILE[0], (*rows, refused("due", due=True)), manifest={"run": HOSTILE[1], "settings": said})


# -- the page ------------------------------------------------------------------------------------


def test_nothing_that_a_text_says_becomes_markup_or_steers_the_page() -> None:
    read = Page(page(hostile()))
    names = {name for name, _ in read.elements}
    assert not names & {"script", "img", "iframe", "object", "link", "a", "form"}
    assert [name for name, _ in read.elements].count("h1") == 1
    assert not [key for _, attributes in read.elements for key in attributes if key.startswith("on")]
    words = "".join(text for _, text in read.texts)
    assert "<img src=x onerror=alert(1)>" in words and "</script><script>alert(1)</script>" in words
    assert not set("\x00\x07\x1b\ufffe\u202e") & set(words)
    assert len(read.inside("style")) == 1 and "display:none}" not in read.inside("style")[0]


def test_the_page_fetches_nothing_and_says_so_to_the_browser() -> None:
    text = page(hostile())
    read = Page(text)
    values = [value or "" for _, attributes in read.elements for value in attributes.values()]
    assert not [value for value in values if value.startswith(("http:", "https:", "//", "javascript:", "data:"))]
    assert not {"src", "href", "srcset", "action"} & {key for _, attributes in read.elements for key in attributes}
    assert "url(" not in read.inside("style")[0] and "@import" not in read.inside("style")[0]
    policy = next(a for name, a in read.elements if name == "meta" and "content" in a and a.get("http-equiv"))
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_a_case_shows_its_question_its_answer_with_numbers_and_its_quotes_marked_inside_their_passage() -> None:
    passage = {"number": 1, "start": 4, "end": 60, "text": "Early. The pier is closed. It rained.", "marks": []}
    one = row(
        "pier", question="Is the pier open?",
        sentences=[{"text": "It is closed.", "verdict": "quoted", "citations": [1]}],
        citations=[cited("The pier is closed.", start=11, end=30), cited("Elsewhere.", 2, document_id="d2")],
        passage=passage, scores={"passed": 0.0}, why="not said: Monday", turns=["What stands at Hale?"],
    )  # fmt: skip
    read = Page(page(report(one)))
    assert read.inside("mark") == ["The pier is closed.", "Elsewhere."]
    assert read.inside("blockquote") == ["Early. ", " It rained."]
    words = " ".join(" ".join(text for _, text in read.texts).split())
    for said in ("Is the pier open?", "It is closed. [1]", "not said: Monday", "asked before: What stands at Hale?"):
        assert said in words


def test_cases_can_be_filtered_by_passed_failed_and_tag_without_a_script() -> None:
    mixed = report(row("a", tags=["name"]), row("b", tags=["date", "name"], scores={"passed": 0.0}, why="no"))
    read = Page(page(mixed))
    picks = [attributes["id"] for name, attributes in read.elements if name == "input"]
    assert picks == ["all", "passed", "failed", "t0", "t1"]
    cases = [attributes["class"] for name, attributes in read.elements if name == "details"]
    assert cases == ["case passed t1", "case failed t0 t1"]
    style = read.inside("style")[0]
    assert all(f"#{kind}:checked ~ .case:not(.{kind})" in style for kind in picks[1:])
    assert "prefers-color-scheme: dark" in style


def test_charts_show_refusing_over_the_cut_and_the_time_that_answers_took() -> None:
    rows = [row("a"), row("b", confidence=0.9), refused("c", due=True, confidence=0.1)]
    read = Page(page(report(*rows, manifest={"settings": {"answer_at": 0.31}})))
    titles = read.inside("title")
    assert "Refusing, were confidence under the cut alone to decide" in titles
    assert "Share of answers that had come" in titles
    assert "answer_at 0.31" in " ".join(read.inside("span"))
    lines = [attributes for name, attributes in read.elements if name == "path"]
    assert len(lines) == 6 and all((line["d"] or "").startswith("M") for line in lines)
    assert sum(name == "circle" for name, _ in read.elements) == 3
    alone = Page(page(report(row("a"))))  # nothing to be refused: no such chart
    assert "Refusing, were confidence under the cut alone to decide" not in alone.inside("title")


def test_a_skipped_suite_has_a_page_that_says_so() -> None:
    assert "SKIPPED: there is no folder /x" in Page(page(Report("tiny", skipped="there is no folder /x"))).inside("p")


# -- the others ----------------------------------------------------------------------------------


def test_a_table_fits_80_columns_says_why_a_case_failed_and_steers_no_terminal() -> None:
    long = row(
        "long", question="Why " * 60, why="not said: " + "a fact, " * 40, tags=["t" * 60], scores={"passed": 0.0}
    )
    out = shown(report(long, refused("due", due=True, tags=["short"])))
    assert max(map(len, out.splitlines())) <= 80
    assert "long: not said: a fact" in " ".join(out.split()) and "1 of 2 cases failed" in out
    assert "refusal_recall" in out and "first_token" in out
    out = shown(hostile(), 300)
    assert "[red]bold[/red] **stars**" in out and not {"\x1b", "\x00", "\u202e"} & set(out)
    assert "INVALID: 3 of 8 cases ended in an error of ours." in out


def test_attempts_and_what_was_not_asked_whole_are_said() -> None:
    tries = report(row("a"), row("a", attempt=2, scores={"passed": 0.0}, why="no"), manifest={"state": "running"})
    out = shown(tries)
    assert "1 cases, each asked 2 times" in out and "a (1 of 2 attempts): no" in out and "NOT WHOLE" in out


def test_markdown_keeps_what_texts_say_from_being_markup() -> None:
    text = markdown(hostile())
    assert "\\[red\\]bold\\[/red\\] \\*\\*stars\\*\\* \\`ticks\\` \\| pipes" in text
    assert "\\<img src=x onerror=alert(1)\\>" in text and "<script" not in text.replace("\\<", "")
    assert "| refusal\\_recall | 1.000 | 1.000 – 1.000 | 1 |" in text
    assert "\x1b" not in text
    assert markdown(Report("tiny", skipped="no folder")) == "# tiny\n\nSKIPPED: no folder\n"


def test_junit_has_a_test_a_case_and_tells_errors_from_failures() -> None:
    (suite,) = JUnitXml.fromstring(junit(hostile()))
    assert (suite.tests, suite.failures, suite.errors) == (8, 4, 3)
    first = next(iter(suite))
    assert (first.name, first.time) == ("case-0", 0.03)
    assert first.result[0].message == HOSTILE[0]
    assert any(found.name == "refusal_recall" for found in suite.properties())
    (skipped,) = JUnitXml.fromstring(junit(Report("tiny", skipped="no folder")))
    assert skipped.skipped == 1


def test_where_passages_alone_are_scored_nothing_has_failed() -> None:
    def ranked(id: str) -> Row:
        return replace(row(id, outcome="stopped", tags=["name"]), scores={"RR": 0.5, "passed": None})

    alone = report(ranked("a"), ranked("b"), manifest={"retrieval_only": True})
    out = shown(alone)
    assert "2 cases, ranking only" in out and "failed" not in out and "refusal" not in out
    assert "name   0.500" in " ".join(line for line in out.splitlines() if "name" in line)
    assert "failed" not in Page(page(alone)).inside("span")
    assert "## 0 of 2 cases failed" in markdown(alone) and JUnitXml.fromstring(junit(alone)).failures == 0


# -- files ---------------------------------------------------------------------------------------


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.html"
    save(file, "first")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match=r"The disk that holds .* is full\.") as caught:
        save(file, "second")
    assert caught.value.exit == 5
    assert file.read_text() == "first" and [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_is_missing_is_a_sentence_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EvalInvalid) as caught:
        save(tmp_path / "gone" / "report.md", "text")
    assert "No such file or directory" in caught.value.message and "mkdir -p" in caught.value.next
    with pytest.raises(EvalInvalid, match="Is a directory"):
        save(tmp_path, "text")


def test_a_device_is_written_and_never_replaced() -> None:
    save(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()
    if Path("/dev/full").exists():
        with pytest.raises(DiskFull):
            save(Path("/dev/full"), "text")


def test_eval_run_writes_every_form_and_says_first_where_it_cannot(tmp_path: Path, in_process: Footnote) -> None:
    sample.write(tmp_path)
    files = {form: tmp_path / f"report.{form}" for form in ("html", "markdown", "junit")}
    flags = [word for form, file in files.items() for word in (f"--{form}", str(file))]
    assert in_process(tmp_path / "home", "eval", "run", tmp_path, *flags).code == 0
    assert "Cases" in Page(files["html"].read_text()).inside("h2")
    assert files["markdown"].read_text().startswith("# tiny: 3 cases")
    assert JUnitXml.fromfile(str(files["junit"])).tests == 3
    done = in_process(tmp_path / "home", "eval", "run", tmp_path, "--html", tmp_path / "gone" / "a.html")
    assert (done.code, done.out) == (7, "") and "there is no folder" in done.err and "Traceback" not in done.err
