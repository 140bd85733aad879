"""A report: the figures over rows, by tag too, Trust-Score, time, and the shape of its JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from evals.report import Report, as_json, latency, metrics, slices
from evals.row import Row


def row(id: str, **told: Any) -> Row:
    """A row as the runner makes it: an answerable case that was answered and passed, unless told otherwise."""
    answerable = told.pop("answerable", True)
    scores = {"outcome": 1.0, "facts": 1.0 if answerable else None, "document": None, "quotes": 1.0, "passed": 1.0}
    made = {
        "id": id, "attempt": 1, "question": f"What of {id}?", "turns": [], "tags": [], "cluster": "",
        "must_pass": False,
        "expected": {"outcome": "answered" if answerable else "refused", "answerable": answerable, "facts": [],
                     "absent": [], "documents": [], "quote_from": []},
        "outcome": "answered", "refused": False, "confidence": 0.8, "model": "extract", "standalone": f"What of {id}?",
        "answer": "So. [1]", "sentences": [], "citations": [], "closest": [], "passages": [], "passage": None,
        "scores": scores | told.pop("scores", {}), "timing_ms": {"retrieve": 10.0, "first_token": 20.0, "total": 30.0},
        "usage": {"input_tokens": 0, "output_tokens": 0}, "error": None, "why": "",
    }  # fmt: skip
    return Row.read(made | told)


def refused(id: str, *, due: bool, **told: Any) -> Row:
    scores = {"outcome": float(due), "passed": float(due)} | ({} if due else {"facts": 0.0})
    return row(id, answerable=not due, refused=True, outcome="unsure", scores=scores, **told)


def report(*rows: Row, **more: Any) -> Report:
    return Report("tiny", "extract", rows, **more)


def test_a_check_that_does_not_apply_gives_no_score() -> None:
    found = metrics(report(row("a"), refused("b", due=True)))
    assert (found["outcome"].n, found["facts"].n, found["quotes"].n) == (2, 1, 2)
    assert "document" not in found


def test_attempts_are_averaged_a_case_and_one_that_failed_fails_it() -> None:
    tries = report(row("a"), row("a", attempt=2, scores={"facts": 0.0, "passed": 0.0}), row("b"))
    found = metrics(tries)
    assert (found["facts"].mean, found["facts"].n) == (0.75, 2)
    assert (tries.n, tries.failed) == (2, ("a",))
    assert as_json(tries, rows=False)["attempts"] == 3


def test_cases_over_one_article_are_drawn_together() -> None:
    apart = [row(str(n), scores={"facts": float(n % 2)}) for n in range(40)]
    shared = [row(r.id, scores=r.scores, expected={**asdict(r.expected), "documents": [f"{n % 2}.md"]})
              for n, r in enumerate(apart)]  # fmt: skip
    named = [replace(one, cluster=str(n % 2)) for n, one in enumerate(apart)]
    assert metrics(report(*apart))["facts"].low > 0.3
    for rows in (shared, named):
        found = metrics(report(*rows))["facts"]
        assert (found.low, found.high) == (0.0, 1.0)


def test_slices_hold_the_cases_of_a_tag_with_their_own_n() -> None:
    tagged = report(row("a", tags=["name"]), row("b", tags=["name", "date"], scores={"passed": 0.0}), row("c"))
    found = slices(tagged)
    assert list(found) == ["date", "name"]
    assert (found["name"]["passed"].mean, found["name"]["passed"].n) == (0.5, 2)
    assert (found["date"]["passed"].mean, found["date"]["passed"].n) == (0.0, 1)
    assert as_json(tagged, rows=False)["slices"]["name"]["n"] == 2


def test_refusals_stand_among_the_figures_with_intervals() -> None:
    rows = [refused(f"r{n}", due=True) for n in range(3)] + [refused("f", due=False)]
    rows += [row(f"m{n}", answerable=False, scores={"passed": 0.0}) for n in range(2)] + [row("a")]
    found = metrics(report(*rows))
    assert found["refusal_precision"].mean == 0.75
    assert (found["refusal_recall"].mean, found["refusal_recall"].n) == (0.6, 5)
    assert found["refusal_f1"].mean == pytest.approx(2 / 3)
    assert (found["false_refusals"].mean, found["false_refusals"].n) == (0.5, 2)
    assert found["refusal_recall"].low < 0.6 < found["refusal_recall"].high


# -- Trust-Score ---------------------------------------------------------------------------------

JUDGED = {"support_recall": 1.0, "support_precision": 0.5}
UNJUDGED = dict.fromkeys(JUDGED)


def test_trust_score_is_the_mean_of_its_three_parts() -> None:
    rows = [
        row("right", scores=JUDGED),
        row("wrong", scores=JUDGED | {"facts": 0.0}),
        row("nothing", answerable=False, scores=JUDGED),
        replace(refused("due", due=True), scores={"facts": None, "passed": 1.0, **UNJUDGED}),
    ]
    found = metrics(report(*rows))
    refusing, answering = 2 / (2 + 1), 4 / (2 + 3)  # 2 due, 1 refused, rightly; 2 answerable, 3 answered, 2 of them
    assert found["grounded_refusal_f1"].mean == pytest.approx((refusing + answering) / 2)
    assert found["answer_correctness_f1"].mean == pytest.approx(2 * 1 / (3 + 2))  # one right of 3 given and 2 due
    assert found["citation_f1"].mean == pytest.approx(2 * 1.0 * 0.5 / 1.5)
    parts = ("grounded_refusal_f1", "answer_correctness_f1", "citation_f1")
    assert found["trust_score"].mean == pytest.approx(sum(found[name].mean for name in parts) / 3)


def test_one_that_always_refuses_has_a_low_trust_score() -> None:
    rows = [refused("a", due=False), refused("b", due=True)]
    rows = [replace(one, scores={**one.scores, **UNJUDGED}) for one in rows]
    found = metrics(report(*rows))
    assert found["grounded_refusal_f1"].mean == pytest.approx((2 / 3) / 2)
    assert (found["answer_correctness_f1"].mean, found["citation_f1"].mean) == (0.0, 0.0)


def test_without_cases_of_both_kinds_or_judged_citations_there_is_no_trust_score() -> None:
    assert "trust_score" not in metrics(report(row("a", scores=JUDGED), row("b", scores=JUDGED)))
    assert "trust_score" not in metrics(report(row("a"), refused("b", due=True)))


# -- time and JSON -------------------------------------------------------------------------------


def test_latency_has_the_median_and_the_95th_percentile_of_each_stage() -> None:
    rows = [row(str(n), timing_ms={"retrieve": n + 1.0, "first_token": 0.0, "total": 100.0}) for n in range(101)]
    rows.append(row("broken", error="fell over", timing_ms={"retrieve": 9e9, "first_token": 9e9, "total": 9e9}))
    found = latency(report(*rows))
    assert found["retrieve"] == {"median": 51.0, "p95": 96.0, "n": 101}
    assert "first_token" not in found and found["total"]["median"] == 100.0


def test_the_json_of_a_report_has_its_agreed_shape() -> None:
    value = json.loads(json.dumps(as_json(report(row("a", tags=["x"]), refused("b", due=True)), rows=True)))
    assert list(value) == [
        "schema_version", "suite", "model", "n", "attempts", "skipped", "metrics", "slices", "latency_ms", "failed",
        "invalid", "rows",
    ]  # fmt: skip
    assert all(mean.keys() == {"mean", "low", "high", "n"} for mean in value["metrics"].values())
    assert value["slices"]["x"]["metrics"].keys() <= value["metrics"].keys()


def test_an_empty_report_has_no_figure() -> None:
    value = as_json(Report("tiny", skipped="there is no folder /x"), rows=False)
    assert (value["n"], value["metrics"], value["slices"], value["latency_ms"]) == (0, {}, {}, {})
    assert value["skipped"] == "there is no folder /x"


def test_a_draw_without_an_answerable_case_says_nothing_of_how_right_or_well_cited_answers_are() -> None:
    rows = [row("a", scores=JUDGED), *(refused(f"r{n}", due=True) for n in range(3))]
    rows = [replace(one, scores={**UNJUDGED, **one.scores}) for one in rows]
    found = metrics(report(*rows))
    assert (found["answer_correctness_f1"].low, found["citation_f1"].low) == (1.0, pytest.approx(2 / 3))
