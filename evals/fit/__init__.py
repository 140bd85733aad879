"""The figures that are fitted on question sets: the background of general news, the reader's weights, confidence.

What a search finds for a question and what the reading model says of it are kept in a file of the data folder that is
named after the model's weights, so that a second fit asks only what is new. Remove `fits/` there when articles, the
search or the choice of passages to read have changed.
"""

import argparse
import asyncio
import hashlib
import shelve
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from bot.errors import EvalInvalid
from bot.reading import Reading
from bot.reading.evidence import ModelReader, readable, unprompted
from bot.reading.onnx import WEIGHTS, ReadingModel, Scores
from bot.settings import Settings, paths
from evals import ask, find
from evals.case import REFUSED, Case
from evals.measure import Measure, Sample, taken
from evals.public import source
from evals.public.asking import Asker
from evals.public.figures import tuning
from evals.public.realtimeqa import Removing
from store.embed import Embedding
from store.passage import Found, Passage, Query

REALTIMEQA = "public/realtimeqa"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a suite, as measures see it."""

    id: str
    cluster: str
    suite: str


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Asked(Row):
    """A question as it was asked: what the search found, and what the reading model says of each text that it read."""

    case: Case
    query: Query
    found: Found
    said: Mapping[str, Scores]

    @property
    def scores(self) -> list[Scores]:
        """The scores of the passages that are read."""
        return _Said(self.said).scores(self.query.text, readable(self.found))

    def reading(self, embedding: Embedding) -> Reading:
        """What the reader makes of it."""
        return ModelReader(_Said(self.said), embedding).read(self.query, self.found)


class _Said(ReadingModel):
    """The reading model with the scores that it gave before, by the text beside the question."""

    def __init__(self, said: Mapping[str, Scores]) -> None:
        self._said = said

    def scores(self, text: str, passages: Sequence[Passage]) -> list[Scores]:
        return [self._said[_key(passage)] for passage in passages]


class _Recorder(ReadingModel):
    """The reading model, which keeps the scores that it gives."""

    def __init__(self, model: ReadingModel) -> None:
        self._model, self.said = model, dict[str, Scores]()

    def scores(self, text: str, passages: Sequence[Passage]) -> list[Scores]:
        scores = self._model.scores(text, passages)
        self.said |= zip(map(_key, passages), scores, strict=True)
        return scores


class _Keeper:
    """A reader that keeps the last question that it read with the scores of the reading model."""

    def __init__(self, reader: ModelReader, embedding: Embedding) -> None:
        self.id, self._model, self._embedding = reader.id, reader.model, embedding
        self.last: tuple[Query, Found, Mapping[str, Scores]] = (Query(""), Found(), {})

    def read(self, query: Query, found: Found) -> Reading:
        model = _Recorder(self._model)
        reading = ModelReader(model, self._embedding).read(query, found)
        self.last = query, found, model.said
        return reading

    def read_sentences(self, query: Query, found: Found) -> Reading:
        return ModelReader(self._model, self._embedding).read_sentences(query, found)


def _key(passage: Passage) -> str:
    return f"{passage.document.title}\n{unprompted(passage.text)}"


def asked(name: str, most: int | None = None) -> list[Asked]:
    """The questions of a suite, the first by a hash of their ids; after those of RealTimeQA their clean twins.

    Those for which nothing is found are left out. Leaves with a sentence where the suite is not there or asking fails.
    """
    model = hashlib.sha256((WEIGHTS / "reader.onnx").read_bytes()).hexdigest()
    with asking(name) as (every, asker), shelve.open(str(paths().ensure(paths().data / "fits") / model[:16])) as kept:
        cases = sorted(every, key=lambda case: hashlib.sha256(case.id.encode()).digest())[:most]
        return asyncio.run(_asked(name, cases, asker, kept))


async def _asked(name: str, cases: Sequence[Case], asker: Asker, kept: shelve.Shelf[Any]) -> list[Asked]:
    """The questions from what is kept, and what is not kept from the bot."""
    bot, rows = asker.bot, list[Asked]()
    bot.reader = recorder = _Keeper(cast(ModelReader, bot.reader), bot.corpus.embedding)
    removing, texts = Removing(asker), ask.lookup(bot.corpus)
    for number, case in enumerate(cases, 1):
        key = f"{name}/{case.id}"
        if key not in kept or kept[key][0].case != case:
            print(f"{name}: {number:,} of {len(cases):,}", end="\r", file=sys.stderr)
            seen, fault = await ask.ask(bot, case, asker.ids, texts)
            if fault:
                sys.exit(f"{name}, {case.id}: {fault}")
            last = recorder.last if seen.passages else (Query(case.question), Found(), {})
            made = [Asked(case.id, case.drawn_with, name, case, *last)]
            if name == REALTIMEQA and case.documents:
                await removing.twin(case)
                twin = replace(case, outcome=REFUSED)
                made.append(Asked(case.id, case.drawn_with, name, twin, *recorder.last))
            kept[key] = made
        rows += [one for one in kept[key] if one.found.passages]
    return rows


def limit(description: str | None) -> int | None:
    """The most questions to ask of each set, from the command line; all where none is given."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, metavar="N", help="ask only N questions of each set, 40 or more")
    most: int | None = parser.parse_args().limit
    if most is not None and most < 40:
        parser.error("with fewer than 40 questions of a set a half may hold none that is answerable")
    return most


def suites(rows: Sequence[R]) -> dict[str, list[R]]:
    """Each suite's rows, by its name."""
    names = dict.fromkeys(row.suite for row in rows)
    return {name: [row for row in rows if row.suite == name] for name in names}


def lines(name: str) -> Iterator[Any]:
    """The JSON values of a file of the public sets, one a line; leaves with a sentence where it is not there."""
    try:
        return source.lines(source.file(name))
    except EvalInvalid as error:
        sys.exit(f"{error.message} {error.next}")


@contextmanager
def asking(name: str) -> Iterator[tuple[tuple[Case, ...], Asker]]:
    """A suite's cases and who asks them; leaves with a sentence where the suite is not there."""
    suite = find.load(name)
    if suite.corpus is None:
        sys.exit(f"{suite.missing}.")
    with ask.bots(suite, Settings()) as (bot,):
        yield suite.cases, Asker(bot)


def samples(rows: Sequence[Row], *columns: Iterable[float]) -> list[Sample]:
    """A sample a row, with its value in each column."""
    values = zip(*columns, strict=True)
    return [Sample(row.id, row.cluster, tuple(map(float, of_row))) for row, of_row in zip(rows, values, strict=True)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table in Markdown."""
    print("", *(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)), sep="\n")


def beside(rows: Sequence[Row], measure: Measure, *columns: Iterable[float]) -> str:
    """A measure of a suite's rows with its interval, and after it that of the half which nothing was fitted on."""
    every = samples(rows, *columns)
    other = taken([sample for sample in every if not tuning(sample.id)], measure)
    return f"{told(every, measure)}; {other.mean:.3f}" if other else told(every, measure)


def told(samples: Sequence[Sample], measure: Measure) -> str:
    """A measure with its interval, "none" where it cannot be taken."""
    found = taken(samples, measure)
    return f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]" if found else "none"
