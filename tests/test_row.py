"""A row of a run: kept as plain values and read back the same, also from runs of older versions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_report import row

from bot.conversation import Context
from evals.row import Ranked, Row, Said, Shown

KEPT = replace(
    row("pier", turns=["What stands at Hale?"], tags=["name"]),
    sentences=(Said("It is closed.", "quoted", (1,)),),
    citations=(Shown(1, "It is closed.", 4, 17, "d1", 2, "pier.md", "The pier"),),
    closest=(Shown("a", "It rained.", 18, 28, "d1", 2),),
    passages=(Ranked("d1", "pier.md", 0, 28, 0.5),),
    passage=Context(1, 0, 28, "Now It is closed. It rained.", ((4, 17),)),
)


def test_a_row_is_kept_as_plain_values_and_read_back_the_same() -> None:
    assert Row.read(json.loads(json.dumps(KEPT.plain()))) == KEPT


def test_a_row_of_an_older_version_may_lack_keys_and_have_others() -> None:
    needed = ("id", "attempt", "scores", "error", "expected", "outcome", "refused")
    old = {key: value for key, value in KEPT.plain().items() if key in needed}
    old["expected"] = {"answerable": True, "documents": ["pier.md"], "weight": 3}
    read = Row.read(old | {"colour": "red"})
    assert (read.id, read.answerable, read.sentences, read.passage) == ("pier", True, (), None)
    assert read.cluster == "pier.md", "cases of one first document are resampled together"


@pytest.mark.parametrize(
    "wrong",
    [[], {"id": "a"}, KEPT.plain() | {"scores": 1}, KEPT.plain() | {"tags": "name"}, KEPT.plain() | {"expected": 3},
     KEPT.plain() | {"citations": [{"number": 1}]}],
)  # fmt: skip
def test_what_is_no_row_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"missing|no list|no expected"):
        Row.read(wrong)


def test_a_row_passes_by_its_score_and_where_nothing_counts() -> None:
    assert [replace(KEPT, scores={"passed": score}).passed for score in (1.0, 0.0, None)] == [True, False, True]
