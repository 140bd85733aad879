"""A past turn becomes a case: what it asserts is shown, then written into a suite that asks it again."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from console import Footnote, on_terminal, valid
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Answer, Citation, Closest, Context, Outcome, Place, Quote, Sentence
from bot.errors import EvalInvalid, NotThere, UsageError
from evals.case import Case
from evals.find import load, own
from evals.pin import Pin, keep, lines, pin, written
from evals.suite import read
from store.errors import DiskFull
from store.passage import Document, Filters

PIER = Document("abcdefghij", "news", "pier.txt", "The pier")
QUOTE = "The Hale pier lost 30 planks on Monday, Ada Thorne said, and repairs cost £48,000."
SOURCES = {PIER.id: PIER.source}


def answered(question: str = "What did the pier lose?", quote: str = QUOTE, **told: Any) -> Answer:
    cited = Citation(1, Quote(PIER.id, 1, 0, len(quote), quote), PIER)
    made = Answer(
        question, question, "answered", (Sentence(quote, (1,), "quoted"),), (cited,),
        Context(1, 0, len(quote), quote), filters=Filters(as_of="2024-03-14", inferred=("as_of",)),
    )  # fmt: skip
    return replace(made, **told)


def refused(question: str = "Who is the mayor?") -> Answer:
    closest = Closest("a", Quote(PIER.id, 1, 0, 3, "The"), PIER)
    return Answer(question, question, "unsure", closest=(closest,))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def pinned(*answers: Answer | None, turn: int | None = None, suite: str = "mine", corpus: str = "default") -> Pin:
    """The last turn of a conversation, or another, as a case."""
    turns = [(answer.question if answer else "Lost?", answer) for answer in answers]
    return pin(turns, Place(7, turn or len(turns)), corpus, suite, SOURCES)


# -- what is asserted ------------------------------------------------------------------------------


def test_an_answer_is_held_to_its_end_its_numbers_and_the_articles_it_cited() -> None:
    case = pinned(answered()).case
    assert (case.question, case.outcome, case.documents) == ("What did the pier lose?", "answered", ("pier.txt",))
    assert case.facts == (("30",), ("£48,000",))
    assert case.tags == ("pinned",) and not case.must_pass


def test_without_a_number_its_names_are_the_facts_and_neither_weekdays_nor_the_questions_own() -> None:
    said = "On Monday the pier at Hale was shut by Ada Thorne of the Harbour Board."
    assert pinned(answered("Who shut the pier at Hale?", said)).case.facts == (("Ada Thorne",), ("Harbour Board",))


def test_a_fact_that_the_question_holds_or_the_sentences_lack_is_none() -> None:
    asked = answered("Did it lose 30 planks?")
    assert pinned(asked).case.facts == (("£48,000",),)
    paraphrased = answered(sentences=(Sentence("It lost some planks.", (1,), "supported"),))
    assert pinned(paraphrased).case.facts == ()


def test_a_refusal_is_held_to_refusing() -> None:
    case = pinned(refused()).case
    assert (case.outcome, case.facts, case.documents) == ("refused", (), ())


def test_disagreement_is_held_to_being_told() -> None:
    assert pinned(answered(outcome="conflicting")).case.outcome == "conflicting"
    assert pinned(answered(outcome="partly")).case.outcome == "answered"


def test_earlier_questions_that_were_answered_become_its_turns() -> None:
    case = pinned(answered("First?"), None, refused("Second?"), answered("And then?"), refused("Later?"), turn=4).case
    assert case.turns == ("First?", "Second?")


def test_filters_are_kept_and_the_day_that_nobody_set_stays_todays() -> None:
    asked = Filters("2024-01-01", "2024-02-01", True, ("Wire",), ("Gazette",), (PIER.id, "news"), "2024-03-01")
    kept = pinned(answered(filters=asked)).case.filters
    assert kept == replace(asked, documents=("pier.txt", "news"))
    assert pinned(answered()).case.filters == Filters(as_of="2024-03-14", inferred=("as_of",))


@pytest.mark.parametrize("outcome", ["stopped", "cut", "error"])
def test_what_neither_answered_nor_refused_is_not_pinned(outcome: Outcome) -> None:
    with pytest.raises(UsageError, match=f"s7:1 ended as {outcome}"):
        pinned(answered(outcome=outcome))


def test_a_turn_without_an_answer_or_that_there_is_not_is_told() -> None:
    with pytest.raises(NotThere, match="s7:1 has no saved answer"):
        pinned(None)
    with pytest.raises(NotThere, match="no turn s7:3"):
        pinned(answered(), turn=3)
    with pytest.raises(UsageError, match="cites nothing"):
        pinned(answered(citations=(), context=None))


# -- the suite it goes into ------------------------------------------------------------------------


def test_a_suite_of_ones_own_is_made_over_the_corpus_in_use_and_read_back(home: Path) -> None:
    (home / "corpora" / "press").mkdir(parents=True)
    found = pinned(answered("First?"), answered(), corpus="press")
    assert not own().exists()  # nothing is written before it was shown
    assert keep(found) == own() / "mine" / "cases.toml"
    suite = load("mine")
    assert suite.cases == (found.case,)
    assert (suite.live, suite.corpus, suite.name) == ("press", home / "corpora" / "press", "mine")


def test_ids_come_from_the_question_and_stay_unique() -> None:
    for number, expected in enumerate(
        ("what-did-the-pier-lose", "what-did-the-pier-lose-2", "what-did-the-pier-lose-3")
    ):
        found = pinned(answered("What did the pier lose" + "?" * number))
        assert found.case.id == expected
        keep(found)
    assert len(load("mine").cases) == 3
    assert pinned(answered("¿Dónde está?")).case.id == "donde-esta"
    assert pinned(answered("谁？")).case.id == "pinned"


def test_a_turn_that_is_pinned_already_is_told_with_the_case_that_it_is() -> None:
    keep(pinned(answered()))
    with pytest.raises(UsageError, match=r"s7:1 is in mine already, as the case what-did-the-pier-lose\."):
        pinned(answered())
    keep(pinned(answered("First?"), answered()))
    keep(pinned(refused()))
    with pytest.raises(UsageError, match="is in mine already"):
        pinned(refused())
    assert len(load("mine").cases) == 3


def test_a_suite_by_its_folder_takes_a_case_that_its_corpus_can_answer(tmp_path: Path) -> None:
    tiny.write(tmp_path)
    before = (tmp_path / "cases.toml").read_text()
    keep(pinned(answered(), suite=str(tmp_path)))
    assert (tmp_path / "cases.toml").read_text().startswith(before)
    assert [case.id for case in read(tmp_path).cases][-1] == "what-did-the-pier-lose"
    elsewhere = replace(PIER, source="elsewhere.md")
    cited = Citation(1, Quote(PIER.id, 1, 0, len(QUOTE), QUOTE), elsewhere)
    with pytest.raises(UsageError, match=r"no file 'elsewhere\.md'"):
        pinned(answered(citations=(cited,)), suite=str(tmp_path))


def test_suites_that_cannot_take_a_case_say_why(tmp_path: Path) -> None:
    for name, said in (
        ("starter", "travels with Footnote"), ("../x", "no suite in"), ("public", "no name"), ("A b", "no name"),
        ("\0", "no name"), ("~no-such-user/x", "no name"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=said):
            pinned(answered(), suite=name)
    keep(pinned(answered()))
    with pytest.raises(UsageError, match="asks the corpus 'default', and this was asked of 'press'"):
        pinned(answered(), corpus="press")


def test_a_suite_whose_corpus_is_gone_is_told_by_its_name() -> None:
    keep(pinned(answered()))
    assert (load("mine").corpus, load("mine").missing) == (None, "there is no corpus 'default'")


def test_a_disk_that_is_full_leaves_the_suite_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    file = keep(pinned(answered()))
    before = file.read_text()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull):
        keep(pinned(answered("Another?")))
    monkeypatch.undo()
    assert file.read_text() == before


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_whatever_a_question_holds_is_written_as_toml_that_says_the_same(question: str, turn: str) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in (question, turn)]
    (held,) = tomllib.loads(written(Case("a", texts[0], "refused", turns=(texts[1],))))["case"]
    assert (held["question"], held["turns"]) == (texts[0], [texts[1]])


def test_what_is_shown_names_everything_that_is_asserted() -> None:
    asked = Filters(since="2024-01-01", outlets=("Wire",), as_of="2024-03-14", inferred=("as_of",))
    shown = "\n".join(lines(pinned(answered("First?"), answered(filters=asked))))
    for said in (
        "asked before: First?", "question: What did the pier lose?", "since: 2024-01-01", "outlet: Wire",
        "the day that counts as today: 2024-03-14", "must end: answered", "must say: 30", "must cite: pier.txt",
    ):  # fmt: skip
        assert said in shown
    assert "must end: refused" in lines(pinned(refused()))


# -- the command -----------------------------------------------------------------------------------


def test_a_turn_is_pinned_after_a_yes_and_asked_again_by_its_suite(
    home: Path, tmp_path: Path, in_process: Footnote
) -> None:
    tiny.write(tmp_path / "tiny")
    assert in_process(home, "ingest", tmp_path / "tiny" / "corpus").code == 0
    assert in_process(home, "ask", "How many planks did the storm tear from the pier?", "--abstain-ok").code == 0
    done = in_process(home, "eval", "pin", "--suite", "mine")
    assert done.code == 2 and "question: How many planks" in done.out and "Add --yes." in done.err
    assert not own().exists()
    done = in_process(home, "eval", "pin", "--suite", "mine", "--session", "s1", "--turn", "1", "--yes", "--json")
    value = valid(done.value, "eval-pin")
    assert (done.code, value["suite"], value["turn"]) == (0, "mine", "s1:1")
    assert any(re.match("must (say|end)", said) for said in value["asserts"])
    done = in_process(home, "eval", "run", "mine", "--json")
    assert (done.code, done.value["n"], done.value["metrics"]["passed"]["mean"]) == (0, 1, 1.0)
    listed = {suite["suite"]: suite for suite in in_process(home, "eval", "list", "--json").value}
    assert listed["mine"]["cases"] == 1 and listed["public/scifact"]["cases"] >= 0


def test_on_a_terminal_a_no_pins_nothing(home: Path, tmp_path: Path, in_process: Footnote) -> None:
    tiny.write(tmp_path / "tiny")
    assert in_process(home, "ingest", tmp_path / "tiny" / "corpus").code == 0
    assert in_process(home, "ask", "Who is the mayor of Ulm?", "--abstain-ok").code == 0
    code, shown = on_terminal(home, "eval", "pin", "--suite", "mine", typed="n\n")
    assert code == 0 and "must end:" in shown and "Pin it as who-is-the-mayor-of-ulm?" in shown
    assert not own().exists()
    code, shown = on_terminal(home, "eval", "pin", "--suite", "mine", typed="y\n")
    assert code == 0 and "is pinned" in shown and len(load("mine").cases) == 1


def test_a_suite_names_one_day_and_a_corpus_that_may_be(tmp_path: Path) -> None:
    both = tiny.CASES.replace('outcome = "refused"', 'outcome = "refused"\nas_of = 2024-01-01\ntoday = 2024-01-02')
    with pytest.raises(EvalInvalid, match="as_of and today are both set"):
        tiny.write(tmp_path, cases=both)
    with pytest.raises(EvalInvalid, match=r"suite\.toml, line 3: '\.\./x' is no name for a corpus"):
        tiny.write(tmp_path, suite='name = "a"\nabout = "b"\ncorpus = "@../x"\n')
