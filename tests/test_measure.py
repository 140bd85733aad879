"""Measures over cases: what they count, and intervals that drawing other cases would give."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.measure import Measure, Sample, auroc, by_case, f1, interval, mean, median, once, precision, refusing, taken
from evals.row import Expected, Row

README = Path(__file__).resolve().parent.parent / "evals" / "README.md"


def samples(*values: tuple[float, ...]) -> list[Sample]:
    """A case a tuple, each a cluster of its own."""
    return [Sample(str(number), str(number), value) for number, value in enumerate(values)]


def alone(*values: float) -> list[Sample]:
    return samples(*((value,) for value in values))


def of(measure: Measure, *values: tuple[float, ...]) -> float | None:
    return once(samples(*values), measure)


def test_an_interval_holds_its_mean_is_fixed_and_shrinks_with_the_cases() -> None:
    low, high = interval(alone(*[1.0, 0.0, 1.0, 1.0] * 10), mean)
    assert 0.5 < low < 0.75 < high < 0.95
    assert (low, high) == interval(alone(*[1.0, 0.0, 1.0, 1.0] * 10), mean)
    wide = interval(alone(1.0, 0.0, 1.0, 1.0), mean)
    assert wide[0] < low and high < wide[1]
    assert interval(alone(*[1.0] * 67), mean) == (1.0, 1.0)


def test_the_order_of_the_cases_changes_nothing() -> None:
    given = alone(*[1.0, 0.0, 0.0, 1.0, 1.0] * 8)
    assert interval(given, mean) == interval(given[::-1], mean)


def test_cases_that_share_a_cluster_are_drawn_together() -> None:
    apart = [Sample(str(n), str(n), (float(n % 2),)) for n in range(40)]
    paired = [Sample(str(n), str(n % 2), (float(n % 2),)) for n in range(40)]
    low, high = interval(apart, mean)
    assert 0.3 < low < 0.5 < high < 0.7
    assert interval(paired, mean) == (0.0, 1.0)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    import numpy as np

    draw = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        low, high = interval(alone(*(draw.random(80) < 0.7).astype(float)), mean)
        held += low <= 0.7 <= high
    assert 0.89 <= held / 200 <= 0.99  # 95 %, give or take three standard errors and the discreteness of 80 cases


def test_the_readme_s_intervals_are_these() -> None:
    text = README.read_text(encoding="utf-8")
    low, high = interval(alone(*[1.0] * 60 + [0.0] * 20), mean)
    assert f"`{60 / 80:.3f}  {low:.3f} – {high:.3f}  80`" in text
    low, high = interval(alone(*[0.0, 1.0, 1.0, 1.0] * 100), mean)
    assert f"and the same mean it is {low:.3f} – {high:.3f}." in text


def test_a_figure_of_no_case_is_none() -> None:
    assert taken([], mean) is None
    found = taken(alone(1.0, 0.0), mean)
    assert found is not None and (found.mean, found.n) == (0.5, 2)


def test_a_median_is_that_of_what_was_drawn_and_of_an_even_number_the_mean_of_the_middle_two() -> None:
    assert once(alone(5.0, 1.0, 3.0), median) == 3.0
    assert once(alone(4.0, 1.0, 3.0, 9.0), median) == 3.5
    low, high = interval(alone(*range(40)), median)
    assert 10 < low < 19.5 < high < 29


def test_auroc_counts_pairs_and_ties_half() -> None:
    assert of(auroc, (1, 0.9), (1, 0.4), (0, 0.4), (0, 0.1)) == 0.875
    assert of(auroc, (1, 0.1), (0, 0.9)) == 0.0
    assert of(auroc, (0, 0.5), (1, 0.5), (1, 0.5)) == 0.5
    assert of(auroc, (1, 0.1), (1, 0.2)) is None  # one kind only


def test_auroc_agrees_with_the_ranks_of_scipy() -> None:
    import numpy as np
    from scipy.stats import mannwhitneyu

    draw = np.random.default_rng(3)
    kind, score = draw.integers(0, 2, 300), draw.integers(0, 40, 300) / 40
    pairs = mannwhitneyu(score[kind == 1], score[kind == 0]).statistic
    ours = of(auroc, *zip(kind.astype(float), score, strict=True))
    assert ours == pytest.approx(pairs / ((kind == 1).sum() * (kind == 0).sum()))


def asked(id: str, answerable: bool, refused: bool) -> Row:
    return Row(id, 1, cluster=id, expected=Expected(answerable=answerable), refused=refused)


def test_refusals_are_counted_against_what_the_corpus_answers() -> None:
    rows = [
        asked("a", True, False), asked("b", True, True), asked("c", False, True), asked("d", False, True),
        asked("e", False, False),
    ]  # fmt: skip
    found = {name: (once(held, measure), len(held)) for name, (held, measure) in refusing(rows).items()}
    assert found["refusal_precision"] == (pytest.approx(2 / 3), 5)
    assert found["refusal_recall"] == (pytest.approx(2 / 3), 3)  # of those to be refused
    assert found["refusal_f1"] == (pytest.approx(2 / 3), 5)
    assert found["false_refusals"] == (0.5, 2)  # of the answerable


def test_where_nothing_is_to_be_refused_there_is_no_precision_of_refusing() -> None:
    assert of(precision, (1, 1), (1, 0)) is None
    assert of(f1, (1, 1)) is None
    assert of(precision, (0, 0), (1, 0)) is None  # nothing was refused


def test_attempts_at_one_case_are_averaged_before_cases_are_drawn() -> None:
    tries = [Sample("a", "a", (1.0,)), Sample("a", "a", (0.0,)), Sample("b", "b", (1.0,))]
    assert by_case(tries) == [Sample("a", "a", (0.5,)), Sample("b", "b", (1.0,))]
