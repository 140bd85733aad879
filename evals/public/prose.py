"""Answers about news of RealTimeQA's 2022 collection, written by hand as a strong model writes them from passages.

60 answers of one to three sentences over as many articles, none of them an article of `verdicts` or of a question of
RealTimeQA. They keep most of an article's terms, join its sentences and name who said what. Half of them have one
sentence with one error of a kind that models make, labelled; all other sentences are true.

A half of the articles, by the hash of their ids, may be looked into to mend the check; a figure's other half are the
sentences about the rest, which are only counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evals.public import source, verdicts
from evals.public.claims import Claim
from evals.public.figures import Figure, tuning

ABOUT = "60 answers of 132 sentences in a strong model's manner over 60 news articles, half with one error: the check."
FILES = verdicts.FILES
ANSWERS = Path(__file__).with_suffix(".jsonl")


def claims() -> Iterator[Claim]:
    """Every sentence of every answer, with the passages that a writer of it may have had."""
    answers = source.lines(ANSWERS)
    return verdicts.of_articles({"article": one["article"], **row} for one in answers for row in one["sentences"])


def figures(rows: Sequence[Claim]) -> list[Figure]:
    """True sentences accepted and errors caught, of each kind; the other half is that of the articles."""
    rest = {one.name: one for one in verdicts.figures([row for row in rows if not tuning(row.cluster)])}
    halves = ((one, rest.get(one.name)) for one in verdicts.figures(rows))
    return [replace(one, other=half.value if half else None, other_n=half.n if half else 0) for one, half in halves]
