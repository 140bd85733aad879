"""Figures over rows of a public set: a mean, an AUROC or how well was refused, each with its interval.

`other` is the figure on the half of the cases that confidence and its thresholds were not fitted on.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from evals import gold
from evals.kept.baseline import SCHEMA
from evals.kept.files import parsed, save
from evals.measure import D, Drawn, Measure, Sample, auroc, mean, once, refusing, sampled, taken
from evals.public.asking import Row
from evals.suite import PUBLIC

ANCHORS = Path(__file__).with_name("anchors.tsv")
BASELINES = ANCHORS.with_name("baselines")
Text = Callable[[Row], str]
Values = Mapping[str, Callable[[D], float | None]]  # by the name of their figure; None where one does not apply


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a set; `other` is the same on the half that is not for tuning (`other_n` cases)."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    n: int
    other: float | None = None
    other_n: int = 0
    floor: str = ""
    published: str = ""

    def plain(self) -> dict[str, Any]:
        """The figure as plain values, rounded to four digits."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def tuning(case: str) -> bool:
    """Whether a case's id belongs to the half on which settings may be chosen."""
    return int(hashlib.sha256(case.encode()).hexdigest(), 16) % 2 == 0


def measured(unit: str, samples: Mapping[str, tuple[Sequence[Sample], Measure]]) -> list[Figure]:
    """Each measure over its samples with its interval; none where it cannot be taken (no sample, one class only)."""
    found = []
    for name, (every, measure) in samples.items():
        rest = [sample for sample in every if not tuning(sample.id)]
        if whole := taken(every, measure):
            found.append(Figure(name, unit, whole.mean, whole.low, whole.high, whole.n, once(rest, measure), len(rest)))
    return found


def anchored(name: str, figures: Iterable[Figure]) -> list[Figure]:
    """A set's figures, each beside its floor and what others reached, by anchors.tsv."""
    rows = [line.split("\t") for line in ANCHORS.read_text(encoding="utf-8").splitlines()[1:]]
    anchors = {figure: (floor, published) for of_set, figure, floor, published in rows if of_set == name}
    found = ((one, anchors.get(one.name, ("", ""))) for one in figures)
    return [replace(one, floor=floor, published=published) for one, (floor, published) in found]


def means(unit: str, rows: Sequence[D], values: Values[D]) -> list[Figure]:
    """The mean of each named value over the rows to which it applies."""
    return measured(unit, {name: (sampled(rows, value), mean) for name, value in values.items()})


def aurocs(unit: str, rows: Sequence[D], true: Callable[[D], bool], scores: Values[D]) -> list[Figure]:
    """How well each named score tells the rows that are true from the others, among those to which it applies."""
    return measured(unit, {name: (sampled(rows, score, true), auroc) for name, score in scores.items()})


def ranking(rows: Sequence[Row], measures: Sequence[str], unit: str, *, label: str = "") -> list[Figure]:
    """Ranking measures over the rows that have relevant documents."""
    kept = [row for row in rows if row.relevant]
    scores = gold.ranking(measures, {row.id: row.relevant for row in kept}, {row.id: row.ranked for row in kept})
    return means(unit, kept, {f"{name}{label}": partial(of_row, scores[name]) for name in measures})


def of_row(scores: Mapping[str, float], row: Drawn) -> float | None:
    """The score of a row, None where there is none."""
    return scores.get(row.id)


def refusals(rows: Sequence[Row], *, label: str = "") -> list[Figure]:
    """Answerable or not: the order that confidence gives, and the product's own refusals."""
    order = {f"answerable AUROC{label}": lambda row: row.confidence}
    own = {f"{name}{label}": samples for name, samples in refusing(rows).items()}
    return aurocs("question", rows, lambda row: row.answerable, order) + measured("question", own)


def holding(texts: Mapping[str, Text], rows: Sequence[Row]) -> list[Figure]:
    """The share of rows of which a text holds a gold answer."""
    return means("question", rows, {name: partial(_holds, text) for name, text in texts.items()})


def _holds(text: Text, row: Row) -> bool:
    return gold.contains(text(row), row.answers)


def planted(rows: Sequence[Row], what: str) -> list[Figure]:
    """Answers that tell what was planted, those that tell a gold answer, and questions that are answered."""
    return means("question", rows, {
        f"answers that tell {what}": lambda row: any(gold.contains(row.answer, group) for group in row.absent),
        "answers that tell the right one": lambda row: gold.contains(row.answer, row.answers) if row.answers else None,
        "answered": lambda row: not row.refused,
    })  # fmt: skip


BEST: Mapping[str, Text] = {
    "best sentence holds the answer": lambda row: row.best,
    "chosen sentences hold the answer": lambda row: "\n".join(row.chosen),
}


def sentences(rows: Sequence[Row], selected: Mapping[str, Sequence[str]]) -> list[Figure]:
    """The chosen sentences against those that people selected, over the rows that have such."""
    kept = [row for row in rows if selected[row.id]]
    met = {row.id: overlap(row.chosen, selected[row.id]) for row in kept}
    return means("sentence", kept, {
        "chosen sentences precision": lambda row: met[row.id][0],
        "chosen sentences recall": lambda row: met[row.id][1],
        "chosen sentences F1": lambda row: met[row.id][2],
    })  # fmt: skip


def answered(rows: Sequence[Row]) -> list[Figure]:
    """Answers against gold strings, where a model wrote them: exact match, F1 over words, contains.

    Source: Rajpurkar et al. 2016. An extract's whole sentences are not made for exact match: nothing is given then.
    """
    return means("answer", [row for row in rows if row.model != "extract"], {
        "exact match": lambda row: gold.exact(row.answer, row.answers),
        "F1": lambda row: gold.word_f1(row.answer, row.answers),
        "contains": lambda row: gold.contains(row.answer, row.answers),
    })  # fmt: skip


def matches(one: str, other: str) -> bool:
    """Whether two texts are cuts of one sentence: the words of the shorter stand in a row in the longer."""
    a, b = sorted((re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())), key=len)
    return bool(a) and f" {' '.join(a)} " in f" {' '.join(b)} "


def overlap(chosen: Sequence[str], gold: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of chosen sentences against gold ones; sentences are matched by `matches`."""
    right = sum(any(matches(one, other) for other in gold) for one in chosen)
    met = sum(any(matches(one, other) for one in chosen) for other in gold)
    p, r = right / len(chosen) if chosen else 0.0, met / len(gold) if gold else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def accept(name: str, figures: Sequence[Figure], model: str, why: str, folder: Path = BASELINES) -> Path:
    """Makes these figures a set's baseline, with the reason. Raises EvalInvalid where it cannot be written."""
    value = {
        "schema_version": SCHEMA, "suite": f"{PUBLIC}{name}", "model": model, "why": why,
        "accepted": date.today().isoformat(), "figures": [figure.plain() for figure in figures],
    }  # fmt: skip
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace('{"name"', '\n{"name"')
    return save(folder / f"{name}.json", f"{text}\n")


def accepted(name: str, folder: Path = BASELINES) -> tuple[Figure, ...]:
    """A set's figures as they were accepted; none where it has no baseline. Raises EvalInvalid for a spoilt file."""
    figures = parsed(folder / f"{name}.json", lambda value: tuple(Figure(**figure) for figure in value["figures"]),
                     "baseline", "Write it anew with --accept.")  # fmt: skip
    return figures or ()
