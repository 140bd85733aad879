"""How well values are aligned: `python -m evals.fit.values`, by `bot.reading.alignment`.

`values.tsv` holds pairs of sentences with a question each, labelled by hand: corpus, question, article, start and end
of either sentence, label. Articles and offsets are those of the suites `starter` and `course`, of RealTimeQA's 2022
collection in the folder FOOTNOTE_BENCHMARKS, and of the news pages in FOOTNOTE_SHARED; pairs of a missing folder are
left out. The reading model marks the answering words of each sentence in its passage, as it does for an answer.

agree: both give what was asked, and both may be right at once ("at least 9" and "9", "about 70" and "72").
supersedes: both give it, dated on different days, and the newer gives another value: later, corrected or come true.
contradicts: both give it, of the same day or one of them undated, and both cannot be right.
unrelated: one of them does not give what was asked, or gives it of another place, period or part.

Questions of the tuning half were read while the rules were made, the other half was not, nor was any of the later set
`values_unseen.tsv`. Prints macro F1 over the four labels, and how often supersession or contradiction is claimed of
pairs that agree or are unrelated, with 95 % intervals over questions; beside them a baseline: other numbers among the
answering words → another value.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np

from bot.reading import Candidate
from bot.reading.alignment import Relation, relation
from bot.reading.claims import read
from bot.reading.evidence import MARKED, answering
from bot.reading.onnx import load
from evals.fit import lines, table, told
from evals.measure import Sample, Table, mean, share
from evals.public.figures import tuning
from store.event_dates import event_dates
from store.formats import Article, parts
from store.passage import BEFORE, Document, Passage
from store.split import split

LABELS = Path(__file__).with_suffix(".tsv")
UNSEEN = LABELS.with_stem("values_unseen")
SUITES = Path(__file__).parents[1] / "suites"
RELATIONS: tuple[Relation, ...] = get_args(Relation)
CLAIMS: frozenset[Relation] = frozenset(("supersedes", "contradicts"))
Place = tuple[str, int, int]  # an article, start and end of a sentence in it


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences with their question, and how they stand to one another by label."""

    corpus: str
    question: str
    places: tuple[Place, Place]
    label: Relation


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair with what the rules and the baseline say of it."""

    pair: Pair
    rows: tuple[Candidate, Candidate]
    found: Relation
    baseline: Relation

    def sample(self, number: int, *, baseline: bool = False) -> Sample:
        found = self.baseline if baseline else self.found
        indices = RELATIONS.index(self.pair.label), RELATIONS.index(found)
        return Sample(str(number), self.pair.question, tuple(map(float, indices)))


def pairs(labels: Path = LABELS) -> Iterator[Pair]:
    """The labelled pairs of a file."""
    for row in labels.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            corpus, question, one, first, last, other, start, end, label = row.split("\t")
            places = (one, int(first), int(last)), (other, int(start), int(end))
            yield Pair(corpus, question, places, RELATIONS[RELATIONS.index(label)])


def judged(labels: Path = LABELS) -> Iterator[Judged]:
    """Every labelled pair of a file whose corpus is there, its answering words marked by the reading model."""
    model = load()
    for pair in pairs(labels):
        if articles := _articles(pair.corpus):
            passages = [_passage(articles[name], start) for name, start, _ in pair.places]
            rows = []
            for (_, start, end), passage, scores in zip(
                pair.places, passages, model.scores(pair.question, passages), strict=True
            ):
                logit, low, high = answering(passage.text, scores, start - passage.start, end - passage.start)
                marked = (passage.start + low, passage.start + high) if low < high and logit > MARKED else None
                text = passage.text[start - passage.start : end - passage.start]
                rows.append(Candidate(passage, start, end, text, answer=marked))
            yield Judged(pair, (rows[0], rows[1]), relation(pair.question, *rows), _baseline(*rows))


def _baseline(one: Candidate, other: Candidate) -> Relation:
    """Other numbers among the answering words are another value, of different days a newer one."""
    values = [read(row.answering).values for row in (one, other)]
    if not all(values):
        return "unrelated"
    if values[0] == values[1]:
        return "agree"
    days = [row.passage.document.published for row in (one, other)]
    return "supersedes" if all(days) and days[0] != days[1] else "contradicts"


@cache
def _articles(corpus: str) -> Mapping[str, Document]:
    """The articles of a corpus with their texts, by file or id; none where its folder is not named."""
    if corpus == "realtimeqa":
        if not os.environ.get("FOOTNOTE_BENCHMARKS"):
            return {}
        rows = lines("realtimeqa_2022/corpus.jsonl")
        return {
            row["_id"]: Document(row["_id"], corpus, row["_id"], row["title"], row["site"],
                                 published=row["publish_date"] or None, text=row["text"])
            for row in rows
        }  # fmt: skip
    shared = os.environ.get("FOOTNOTE_SHARED")
    folder = SUITES / corpus / "corpus" if corpus != "news" else Path(shared, "corpus") if shared else None
    return {path.name: _document(corpus, path) for path in sorted(folder.iterdir())} if folder else {}


def _document(corpus: str, path: Path) -> Document:
    (article,) = (part for part in parts(path) if isinstance(part, Article))
    facts = article.title, article.outlet, article.author, article.published
    return Document(path.name, corpus, path.name, *facts, text=article.text, spans=article.spans)


def _passage(document: Document, start: int) -> Passage:
    """The passage of an article in which a sentence stands."""
    low, high = next((low, high) for low, high in split(document.text, document.spans) if low <= start < high)
    text = document.text
    times = event_dates(text, document.published, document.spans)
    return Passage(0, document, low, high, text[low:high], before=text[max(0, low - BEFORE) : low], spans=times)


def macro_f1(table: Table, drawn: Table) -> Table:
    """The mean over the labels that occur of F1 of each; columns: label, relation found."""
    scores = []
    for label in range(len(RELATIONS)):
        due, found = table[:, 0] == label, table[:, 1] == label
        scores.append(share(2 * (drawn @ (due & found)), drawn @ due + drawn @ found))
    return np.nanmean(scores, axis=0)  # type: ignore[no-any-return]


def main() -> None:
    """Prints the figures of both halves, of all and of the later set, of the rules and of the baseline."""
    every = list(judged())
    tuned = [one for one in every if tuning(one.pair.question)]
    other = [one for one in every if not tuning(one.pair.question)]
    rows = []
    for half, some in (("tuning", tuned), ("other", other), ("all", every), ("unseen", list(judged(UNSEEN)))):
        for name in ("rules", "baseline"):
            samples = [one.sample(number, baseline=name == "baseline") for number, one in enumerate(some)]
            quiet = [one for one in samples if RELATIONS[int(one.values[0])] not in CLAIMS]
            wrong = [Sample(one.id, one.cluster, (float(RELATIONS[int(one.values[1])] in CLAIMS),)) for one in quiet]
            count = len({one.cluster for one in samples})
            rows.append((half, name, f"{len(samples)} of {count}", told(samples, macro_f1),
                         f"{told(wrong, mean)} of {len(wrong)}"))  # fmt: skip
    table(("half", "by", "pairs of questions", "macro F1", "claimed wrongly"), rows)
    counts = {(a, b): sum((one.pair.label, one.found) == (a, b) for one in every) for a in RELATIONS for b in RELATIONS}
    table(("label \\ rules", *RELATIONS), [(a, *(str(counts[a, b]) for b in RELATIONS)) for a in RELATIONS])


if __name__ == "__main__":
    main()
