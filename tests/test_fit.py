"""Fits: weights are found again where they are known, and what was asked once is not asked again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from bot.reading.onnx import ReadingModel
from evals import fit
from evals.fit import confidence, sentences, values
from evals.measure import Sample, mean, once
from store import embed

CASES = """
[[case]]
id = "keeper"
question = "Who keeps the light at Carrow Point?"
outcome = "answered"
facts = [["Ada Lorn"]]

[[case]]
id = "ferry"
question = "When does the ferry leave?"
outcome = "refused"
"""


def asked_questions(weights: dict[str, float], count: int) -> list[sentences.Question]:
    """Questions of ten sentences with random features, of which one is right as the weights have it."""
    draw = np.random.default_rng(7)
    made = []
    for number in range(count):
        features = draw.normal(size=(10, len(sentences.NAMES))) * 2
        odds = np.exp(features @ [weights[name] for name in sentences.NAMES])
        right = (np.arange(10) == draw.choice(10, p=odds / odds.sum())).astype(float)
        made.append(sentences.Question(str(number), str(number), "made", (), (), features, right))
    return made


def test_the_fit_of_sentences_finds_the_weights_by_which_the_right_ones_were_drawn() -> None:
    known = dict(zip(sentences.NAMES, cycle((1.0, -0.5, 0.7, 0.4, 0.3)), strict=False))
    found = sentences.fit(asked_questions(known, 3_000))
    assert found == pytest.approx(known, abs=0.15), "the ridge pulls them towards 0"
    assert set(sentences.fit(asked_questions(known, 50), ("span",))) == {"span"}


def test_the_fit_of_confidence_finds_the_weights_and_leaves_out_what_it_is_told_to() -> None:
    draw = np.random.default_rng(7)
    known = np.resize([1.0, -0.5, 0.8, 0.7, 0.0, 0.4, -0.9, 0.6, -0.4], len(confidence.NAMES) + 1)
    rows = []
    for number in range(6_000):
        evidence = np.append(draw.normal(size=len(confidence.NAMES)), 1.0)
        answerable = bool(draw.random() < 1 / (1 + np.exp(-evidence @ known)))
        rows.append(confidence.Question(str(number), str(number), "made", answerable, evidence))
    assert confidence.fit(rows)[:-1] == pytest.approx(known[:-1], abs=0.12)
    part = confidence.fit(rows, ("answer",))
    assert [name for name, weight in zip(confidence.NAMES, part, strict=False) if weight] == ["answer"]


def test_a_threshold_lets_at_most_its_share_of_the_answerable_fall_below() -> None:
    weights = np.append(np.eye(len(confidence.NAMES))[0], 0.0)
    rows = [
        confidence.Question(f"{suite}{n}", "", suite, n % 2 == 0, np.append(weights[:-1] * (n - 50) / 10, 1.0))
        for suite, count in (("large", 100), ("small", 20))
        for n in range(count)
    ]
    low = confidence.level(rows, weights, 0.2)
    below = [
        np.mean([row.sure(weights) < low for row in rows if row.answerable and row.suite == suite])
        for suite in ("large", "small")
    ]
    assert 0.1 < np.mean(below) <= 0.2, "each suite weighs the same"


@pytest.mark.parametrize("main", [sentences.main, confidence.main])
def test_a_fit_leaves_with_a_sentence_where_the_sets_are_missing(
    main: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["fit"])
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path))
    monkeypatch.delenv("FOOTNOTE_BENCHMARKS", raising=False)
    with pytest.raises(SystemExit, match="FOOTNOTE_BENCHMARKS is not set, so there is no"):
        main()


def test_what_was_asked_once_is_read_again_without_the_reading_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "harbour"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "light.md").write_text("# The light\n\nThe light at Carrow Point is kept by Ada Lorn.\n")
    (folder / "cases.toml").write_text(CASES)
    (folder / "suite.toml").write_text('name = "harbour"\nabout = "A brief."\ncorpus = "corpus"\n')
    first = fit.asked(str(folder))
    assert {one.id: one.case.answerable for one in first} == {"keeper": True, "ferry": False}
    monkeypatch.setattr(ReadingModel, "scores", lambda *given: pytest.fail("the reading model was asked again"))
    again = fit.asked(str(folder))
    assert [one.query for one in again] == [one.query for one in first]
    (keeper,) = [one for one in again if one.case.answerable]
    assert keeper.reading(embed.load("wordllama")).sentences[0].answering == "Ada Lorn"
    question = sentences.question(keeper)
    assert question.right.tolist() == [1.0] and question.reached(sentences.WEIGHTS) == (1, 1, 1, 1)
    assert len(fit.asked(str(folder), 1)) == 1


def test_macro_f1_is_the_mean_over_the_labels_that_occur() -> None:
    found = [(0.0, 0.0), (1.0, 1.0), (1.0, 3.0), (3.0, 3.0)]  # label, relation found
    samples = [Sample(str(number), "question", pair) for number, pair in enumerate(found)]
    assert once(samples, values.macro_f1) == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)


def test_the_labelled_pairs_are_of_many_questions_and_each_sentence_has_its_place() -> None:
    pairs = [*values.pairs(), *values.pairs(values.UNSEEN)]
    assert len(pairs) >= 570 and len({pair.question for pair in pairs}) >= 190
    assert {pair.label for pair in pairs} == set(values.RELATIONS)
    assert all(start < end for pair in pairs for _, start, end in pair.places)


@pytest.mark.torture
@pytest.mark.skipif("FOOTNOTE_BENCHMARKS" not in os.environ, reason="needs the folder of the public sets")
def test_values_are_aligned_as_they_are_by_hand() -> None:
    judged = list(values.judged())
    assert (once([one.sample(n) for n, one in enumerate(judged)], values.macro_f1) or 0) >= 0.74
    quiet = [one for one in judged if one.pair.label not in values.CLAIMS]
    claimed = [Sample(str(n), one.pair.question, (float(one.found in values.CLAIMS),)) for n, one in enumerate(quiet)]
    assert (once(claimed, mean) or 0) <= 0.03
