"""`footnote calibrate`: a threshold that is fitted to one corpus, by questions made of its own sentences."""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path

import pytest
from conftest import ARTICLES, ingested
from console import Done, Footnote, interrupted, start, valid

from bot.cli import main as cli
from bot.commands import calibrate
from bot.commands.twins import Twin, drawn, fitted, interval
from bot.errors import SettingsError
from bot.settings import CALIBRATION, Calibration, calibration, load
from store.passage import Document

STARTER = Path(__file__).parents[1] / "evals" / "suites" / "starter" / "corpus"
FOREMAN = "Who was the shift foreman?"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose corpus is some of the sample briefs."""
    home = tmp_path_factory.mktemp("large")
    (home / "news").mkdir()
    for article in STARTER.glob("[mn]*"):
        shutil.copy(article, home / "news")
    return ingested(home, home / "news")


@pytest.fixture(scope="module")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    news = home / "news"
    news.mkdir()
    for name, text in ARTICLES.items():
        (news / name).write_text(text)
    return ingested(home, news)


@pytest.fixture
def small(_small: Path, tmp_path: Path) -> Path:
    """A home whose corpus has four articles."""
    return shutil.copytree(_small, tmp_path / "home")


def kept(home: Path) -> Path:
    """The file of the corpus's own threshold."""
    return home / "corpora" / "default" / CALIBRATION


def keep(home: Path, answer_at: float) -> None:
    kept(home).write_text(json.dumps({"answer_at": answer_at, "pairs": 40, "fitted": "2026-11-30"}))


def told(done: Done) -> str:
    assert done.code == 0, done
    return next(line for line in done.out.splitlines() if "threshold" in line)


# -- questions from sentences ----------------------------------------------------------------------


def asked(text: str) -> list[tuple[str, str]]:
    return [(twin.question, twin.span) for twin in drawn([Document("a", "news", "a.md", "A title", text=text)])]


@pytest.mark.parametrize(
    ("sentence", "question", "span"),
    [
        (
            "Luis Urzua promised the families that all the men would be home.",
            "Who promised the families that all the men would be home?", "Luis Urzua",
        ),
        (
            "A steel capsule lifted the last miners out of the shaft on 14 October 2010.",
            "When steel capsule lifted the last miners out of the shaft?", "14 October 2010",
        ),
        (
            "The liner's crew could lower only 18 lifeboats before the end came.",
            "How many lifeboats before the end came The liner's crew could lower?", "18",
        ),
    ],
)  # fmt: skip
def test_a_sentence_becomes_a_question_for_its_name_its_day_or_its_number(
    sentence: str, question: str, span: str
) -> None:
    assert asked(sentence) == [(question, span)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Luis Urzua promised it.",
        "Will they pay the 300 workers of the closed mine in full this time?",
        "the 300 workers of the closed mine were paid in full this time.",
        f"He paid the 300 workers {'of the mine ' * 9}in full.",
        "Nobody knows who will now come to reopen the closed mine.",
    ],
)
def test_a_sentence_that_is_short_long_a_question_a_fragment_or_without_a_fact_is_not_asked_about(
    sentence: str,
) -> None:
    assert asked(sentence) == []


def test_every_article_is_asked_about_once_before_any_is_asked_about_again() -> None:
    line = "The town council has paid {} workers of the closed mine in full."
    articles = [
        Document(name, "news", name, name, text=f"{line.format(3)} {line.format(4)}") for name in ("a", "b", "c")
    ]
    assert [twin.document for twin in drawn(articles)] == ["a", "b", "c", "a", "b", "c"]
    assert all(isinstance(twin, Twin) for twin in drawn(articles))


# -- the threshold ---------------------------------------------------------------------------------


def test_at_most_one_in_twenty_answerable_questions_falls_below_the_threshold() -> None:
    many = [number / 1000 for number in range(300, 1000) for _ in range(30)]
    at = fitted(many, default=0.24)
    assert at == pytest.approx(0.335, abs=0.011) and sum(value < at for value in many) <= 0.05 * len(many)


def test_few_pairs_draw_the_threshold_to_the_default_and_it_stays_within_bounds() -> None:
    assert fitted([0.5] * 20, default=0.24) == 0.37
    assert fitted([0.0] * 100_000, default=0.24) == 0.1 and fitted([1.0] * 100_000, default=0.24) == 0.6


def test_an_interval_holds_the_share_and_narrows_with_the_pairs() -> None:
    assert interval(0, 12) == pytest.approx((0, 0.2425), abs=1e-3)
    low, high = interval(300, 600)
    assert low == pytest.approx(0.46, abs=1e-3) and high == pytest.approx(0.54, abs=1e-3)


# -- the command -----------------------------------------------------------------------------------


def test_calibrate_keeps_the_threshold_when_told_to_and_doctor_shows_it(large: Path, in_process: Footnote) -> None:
    assert "it is not fitted to this corpus" in told(in_process(large, "doctor"))
    done = in_process(large, "calibrate", "--pairs", "12", "--save", "--json", env={"FOOTNOTE_K": "2"})
    assert done.code == 0, done.err
    value = valid(done.value, "calibrate")
    own = calibration(kept(large).parent)
    assert value["saved"] and own == Calibration(value["answer_at"], 12, value["fitted"])
    shown = told(in_process(large, "doctor"))
    assert f"from a confidence of {own.answer_at:g}" in shown and "12 pairs" in shown and own.fitted in shown


def test_what_a_threshold_changes_is_told_and_nothing_is_kept_unasked(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(small))
    monkeypatch.setattr(calibrate, "_asked", lambda given, pairs: [(0.2, 0.1), *[(0.5, 0.3)] * 19])
    assert cli.run(["calibrate"]) == 0
    out, err = capsys.readouterr()
    assert [line.split() for line in out.splitlines()[2:]] == [
        ["now", "0.225", "1", "(1%", "to", "24%)", "1", "(1%", "to", "24%)"],
        ["fitted", "0.36", "1", "(1%", "to", "24%)", "20", "(84%", "to", "100%)"],
    ]
    assert "not kept; --save keeps it" in err and "drawn to the default" in err and not kept(small).exists()


def test_a_corpus_of_too_few_sentences_is_told_so_in_one(small: Path, in_process: Footnote) -> None:
    done = in_process(small, "calibrate", "--save")
    assert done.code == 2 and done.out == "" and not kept(small).exists()
    assert "12 sentences" in done.err and "footnote ingest" in done.err and done.err.count("\n") == 2


def test_ctrl_c_keeps_nothing(large: Path, tmp_path: Path) -> None:
    home = shutil.copytree(large, tmp_path / "home", ignore=shutil.ignore_patterns(CALIBRATION))
    process = start(home, "calibrate", "--pairs", "100", "--save")
    done = interrupted(process, signal.SIGINT, lambda: time.sleep(2))
    assert done.code == 130 and "Traceback" not in done.err
    assert not list(kept(home).parent.glob(f"{CALIBRATION}*"))


def test_ask_answers_by_the_threshold_that_is_kept_unless_another_is_set(small: Path, in_process: Footnote) -> None:
    keep(small, 1.0)
    assert in_process(small, "ask", FOREMAN).code == 4
    assert in_process(small, "ask", FOREMAN, env={"FOOTNOTE_ANSWER_AT": "0.1"}).code == 0
    (small / "config.toml").write_text("[corpora.default]\nanswer_at = 0.1\n")
    assert in_process(small, "ask", FOREMAN).code == 0


@pytest.mark.parametrize("content", ["{", "[]", '{"answer_at": 7, "pairs": 3, "fitted": "x"}', '{"answer_at": 0.5}'])
def test_a_damaged_file_is_not_used_and_told(small: Path, content: str) -> None:
    kept(small).write_text(content)
    with pytest.raises(SettingsError, match=r"calibration\.json cannot be read and is not used"):
        calibration(kept(small).parent)
    assert load(environ={"FOOTNOTE_HOME": str(small)}).answer_at == load(environ={}, calibrated=False).answer_at


def test_a_damaged_file_keeps_no_question_from_its_answer(small: Path, in_process: Footnote) -> None:
    kept(small).write_text("{")
    done = in_process(small, "ask", FOREMAN)
    assert done.code in (0, 4) and "calibration.json cannot be read and is not used" in done.err
    assert told(in_process(small, "doctor")).startswith("warning") and "Traceback" not in done.err


def test_the_threshold_never_lies_below_the_one_of_refusing(small: Path) -> None:
    keep(small, 0.2)
    environ = {"FOOTNOTE_HOME": str(small), "FOOTNOTE_REFUSE_BELOW": "0.22"}
    assert calibration(kept(small).parent) == Calibration(0.2, 40, "2026-11-30")
    assert (found := load(environ=environ)).answer_at == found.refuse_below == 0.22
