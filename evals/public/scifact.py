"""SciFact (Wadden et al. 2020, as BEIR has it): claims, and the abstracts that support or contradict them.

5,183 abstracts are the corpus, the 300 claims of the test half the questions. 188 of them have rationale sentences;
whether the product's sentences are among those is asked of these alone. Claims are no questions, so that the
product's refusals mean nothing here and are not reported.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from evals.case import Case
from evals.public import source
from evals.public.asking import Row
from evals.public.figures import Figure, means, overlap, ranking, sentences
from evals.public.source import Article, Part

ABOUT = "300 scientific claims over 5,183 abstracts: ranking, and the cited sentence against rationale sentences."
FILES = ABSTRACTS, CLAIMS, JUDGED = "scifact/corpus.jsonl", "scifact/queries.test.jsonl", "scifact/qrels.test.tsv"


def parts() -> Iterator[Part]:
    """The abstracts, with a case a claim; `relevant` are the judged abstracts."""
    judged = source.file(JUDGED)
    relevant: dict[str, dict[str, int]] = {}
    with source.shaped(judged):
        for line in judged.read_text(encoding="utf-8").splitlines()[1:]:
            claim, abstract, grade = line.split("\t")
            relevant.setdefault(claim, {})[f"{abstract}.md"] = int(grade)

    def case(row: Any) -> Case:
        grades = relevant[row["_id"]]
        return Case(row["_id"], row["text"], "answered", documents=tuple(grades), relevant=grades)

    abstracts = source.each(ABSTRACTS, lambda row: Article(row["_id"], row["title"], row["text"]))
    yield abstracts, source.each(CLAIMS, case)


def rationales() -> dict[str, tuple[str, ...]]:
    """Claim → the texts of all sentences that a rationale names."""
    texts = dict(source.each(ABSTRACTS, lambda row: (row["_id"], row["sentences"])))

    def named(row: Any) -> tuple[str, tuple[str, ...]]:
        places = dict.fromkeys((part["doc_id"], number) for part in row["evidence"] for number in part["sentences"])
        return row["_id"], tuple(texts[abstract][number] for abstract, number in places)

    return dict(source.each(CLAIMS, named))


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Ranking over all claims; the chosen sentences over those with a rationale."""
    gold = rationales()
    told = [row for row in rows if gold[row.id]]
    return [
        *ranking(rows, ("nDCG@10", "Success@1", "Success@5", "RR"), "abstract"),
        *means("sentence", told, {"best sentence is a rationale": lambda r: overlap([r.best], gold[r.id])[0] > 0}),
        *means("claim", told, {"a chosen sentence is a rationale": lambda r: overlap(r.chosen, gold[r.id])[0] > 0}),
        *sentences(rows, gold),
    ]
