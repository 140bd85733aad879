"""Figures over rows of a public set: a mean, an AUROC or how well was refused, each with its interval.

`other` is the figure on the half of the cases that confidence and its cuts were not fitted on.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from evals import gold
from evals.kept.baseline import PUBLIC_BASELINES, SCHEMA, short
from evals.kept.files import parsed, save
from evals.measure import Measure, R, Sample, auroc, judged, mean, once, refusing, sampled, taken
from evals.public.asking import Row

ANCHORS = Path(__file__).with_name("anchors.tsv")
LARGEST = 200_000  # bytes that the single cases of a baseline may take
Text = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a set; `other` is the same on the half that is not for tuning (`other_n` cases).

    `scores` are the single cases' values by id where the figure is their mean, else empty.
    """

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
    scores: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    def plain(self) -> dict[str, Any]:
        """The figure as plain values, rounded to four digits, without the single cases."""
        values = {name: value for name, value in asdict(self).items() if name != "scores"}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def tuning(case: str) -> bool:
    """Whether a case's id belongs to the half on which settings may be chosen."""
    return int(hashlib.sha256(case.encode()).hexdigest(), 16) % 2 == 0


def figure(name: str, unit: str, samples: Sequence[Sample], measure: Measure) -> Figure | None:
    """A measure over samples with its interval; None where it cannot be taken (no sample, one class only)."""
    whole = taken(samples, measure)
    if whole is None:
        return None
    rest = [sample for sample in samples if not tuning(sample.id)]
    scores = {sample.id: sample.values[0] for sample in samples} if measure is mean else {}
    other = once(rest, measure)
    return Figure(name, unit, whole.mean, whole.low, whole.high, whole.n, other, len(rest), scores=scores)


def anchored(name: str, figures: Iterable[Figure]) -> list[Figure]:
    """A set's figures, each beside its floor and what others reached, by anchors.tsv."""
    rows = [line.split("\t") for line in ANCHORS.read_text(encoding="utf-8").splitlines()[1:]]
    anchors = {figure: (floor, published) for of_set, figure, floor, published in rows if of_set == name}
    found = ((one, anchors.get(one.name, ("", ""))) for one in figures)
    return [replace(one, floor=floor, published=published) for one, (floor, published) in found]


def means(unit: str, rows: Iterable[R], values: Mapping[str, Callable[[R], float | None]]) -> list[Figure]:
    """The mean of each named value over the rows to which it applies."""
    rows = list(rows)
    found = [figure(name, unit, sampled(rows, value), mean) for name, value in values.items()]
    return [one for one in found if one]


def ranking(rows: Iterable[Row], measures: Sequence[str], unit: str, *, label: str = "") -> list[Figure]:
    """Ranking measures over the rows that have relevant documents."""
    kept = [row for row in rows if row.relevant]
    scores = gold.ranking(measures, {row.id: row.relevant for row in kept}, {row.id: row.ranked for row in kept})
    return means(unit, kept, {f"{name}{label}": _score(scores[name]) for name in measures})


def _score(scores: Mapping[str, float]) -> Callable[[Row], float]:
    return lambda row: scores[row.id]


def refusals(rows: Sequence[Row], *, label: str = "") -> list[Figure]:
    """Answerable or not: the order that confidence gives, and the product's own refusals, both without single cases."""
    wanted = {"answerable AUROC": (judged(rows, lambda row: row.confidence), auroc), **refusing(rows)}
    found = [figure(f"{name}{label}", "question", samples, measure) for name, (samples, measure) in wanted.items()]
    return [replace(one, scores={}) for one in found if one]


def holding(texts: Mapping[str, Text], rows: Iterable[Row]) -> list[Figure]:
    """The share of rows of which a text holds a gold answer."""

    def holds(text: Text) -> Callable[[Row], float]:
        return lambda row: gold.contains(text(row), row.answers)

    return means("question", rows, {name: holds(text) for name, text in texts.items()})


BEST: Mapping[str, Text] = {
    "best sentence holds the answer": lambda row: row.best,
    "chosen sentences hold the answer": lambda row: "\n".join(row.chosen),
}


def sentences(rows: Iterable[Row], selected: Mapping[str, Sequence[str]]) -> list[Figure]:
    """The chosen sentences against those that people selected, over the rows that have such."""
    kept = [row for row in rows if selected[row.id]]
    met = {row.id: overlap(row.chosen, selected[row.id]) for row in kept}
    return means("sentence", kept, {
        "chosen sentences precision": lambda row: met[row.id][0],
        "chosen sentences recall": lambda row: met[row.id][1],
        "chosen sentences F1": lambda row: met[row.id][2],
    })  # fmt: skip


def answered(rows: Iterable[Row]) -> list[Figure]:
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


def accept(name: str, figures: Sequence[Figure], model: str, why: str, folder: Path = PUBLIC_BASELINES) -> Path:
    """Makes these figures a set's baseline, with the reason. Raises EvalInvalid where it cannot be written.

    `ids` and `scores` are the single cases behind those that are means: one list a figure, in the order of the ids,
    null where a case does not count. Where they would take more than LARGEST bytes there are only the number of the
    cases and the hash of their ids. No text is kept.
    """
    ids = list(dict.fromkeys(key for figure in figures for key in figure.scores))
    scores = {f.name: [short(f.scores.get(key)) for key in ids] for f in figures if f.scores}
    cases: dict[str, Any] = {"ids": ids, "scores": scores}
    value = {
        "schema_version": SCHEMA,
        "suite": f"public/{name}",
        "model": model,
        "why": why,
        "accepted": date.today().isoformat(),
        "cases": len(ids),
        "ids_sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        "figures": [figure.plain() for figure in figures],
        **(cases if len(json.dumps(cases)) <= LARGEST else {}),
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = text.replace('{"name"', '\n{"name"').replace(',"ids":', ',\n"ids":') + "\n"
    return save(folder / f"{name}.json", text)


def accepted(name: str, folder: Path = PUBLIC_BASELINES) -> tuple[Figure, ...]:
    """A set's figures as they were accepted; none where it has no baseline. Raises EvalInvalid for a spoilt file."""
    figures = parsed(folder / f"{name}.json", lambda value: tuple(Figure(**figure) for figure in value["figures"]),
                     "baseline", "Write it anew with --accept.")  # fmt: skip
    return figures or ()
