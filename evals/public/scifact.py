"""SciFact (Wadden et al. 2020, as BEIR has it): claims, and the abstracts that support or contradict them.

5,183 abstracts are the corpus, the 300 claims of the test half the questions. 188 of them have rationale sentences;
whether the product's sentences are among those is asked of these alone. Claims are no questions, so that the
product's refusals mean nothing here and are not reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evals.case import Case
from evals.public import source
from evals.public.asking import Asker, Row, ask_all
from evals.public.figures import Figure, means, overlap, ranked_by, sentences
from evals.public.source import Article

NAME = "scifact"
ABOUT = "300 scientific claims over 5,183 abstracts: ranking, and the cited sentence against rationale sentences."


def files() -> tuple[Path, ...]:
    """The set's files. Raises EvalInvalid where one is missing."""
    return tuple(source.file("scifact", name) for name in ("corpus.jsonl", "queries.test.jsonl", "qrels.test.tsv"))


def articles() -> Iterator[Article]:
    """The abstracts."""
    path = files()[0]
    for row in source.lines(path):
        with source.shaped(path):
            yield Article(row["_id"], row["title"], row["text"])


def cases() -> tuple[Case, ...]:
    """A case a claim; `relevant` are the judged abstracts."""
    _, path, judged = files()
    relevant: dict[str, dict[str, int]] = {}
    with source.shaped(judged):
        for line in judged.read_text(encoding="utf-8").splitlines()[1:]:
            claim, abstract, grade = line.split("\t")
            relevant.setdefault(claim, {})[f"{abstract}.md"] = int(grade)
    claims = []
    for row in source.lines(path):
        with source.shaped(path):
            grades = relevant[row["_id"]]
            claims.append(Case(row["_id"], row["text"], "answered", documents=tuple(grades), relevant=grades))
    return tuple(claims)


async def rows(asker: Asker, cases: Sequence[Case], progress: Callable[[int, int], None]) -> list[Row]:
    """The claims' rows, each with the texts of its rationale sentences."""
    gold = rationales()
    return [replace(row, gold=gold.get(row.id, ())) for row in await ask_all(asker, cases, progress)]


def rationales() -> dict[str, tuple[str, ...]]:
    """Claim → the texts of all sentences that a rationale names."""
    abstracts, claims, _ = files()
    sentences = {}
    for row in source.lines(abstracts):
        with source.shaped(abstracts):
            sentences[row["_id"]] = row["sentences"]
    texts: dict[str, tuple[str, ...]] = {}
    for row in source.lines(claims):
        with source.shaped(claims):
            named = dict.fromkeys((e["doc_id"], number) for e in row["evidence"] for number in e["sentences"])
            texts[row["_id"]] = tuple(sentences[abstract][number] for abstract, number in named)
    return texts


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking over all claims; the chosen sentences over those with a rationale."""
    found = ranked_by(rows, ("nDCG@10", "Success@1", "Success@5", "RR"), "abstract")
    told = [row for row in rows if row.gold]
    found += means({"best sentence is a rationale": lambda row: float(overlap([row.best], row.gold)[0] > 0)}, told,
                   "sentence")  # fmt: skip
    found += means({"a chosen sentence is a rationale": lambda row: float(overlap(row.chosen, row.gold)[0] > 0)}, told,
                   "claim")  # fmt: skip
    return [*found, *sentences(rows)]
