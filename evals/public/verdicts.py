"""Sentences about news of RealTimeQA's 2022 collection, written for this: how often the product's check is right.

Half of the 672 are true, the others have one error each, labelled with its kind. They tell everything in other words,
which rules are least fit for: the prompt asks a model to keep to the articles' wording. The checker is given the whole
article as cited and the best passages of the file's other articles beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from evals.public import source
from evals.public.claims import Claim, judgements, passages
from evals.public.figures import Figure, means
from evals.public.realtimeqa import CORPUS
from store.lexical import scores
from store.passage import Document, Passage
from store.words import weighted

ABOUT = "672 sentences that tell 168 news articles in other words, half of them with one error: the check of sentences."
FILES = (CORPUS,)
SENTENCES = Path(__file__).with_suffix(".jsonl")
GIVEN = 8  # passages that a writer gets


def claims() -> Iterator[Claim]:
    """Every sentence, with the passages that a writer of it may have had."""
    return of_articles(source.lines(SENTENCES))


def of_articles(sentences: Iterable[Any]) -> Iterator[Claim]:
    """Sentences about articles of the collection, each with its article's passages and the best of the others'."""
    rows = list(sentences)
    own = _passages({row["article"] for row in rows})
    every = {passage.id: passage for given in own.values() for passage in given}
    texts = {number: passage.text for number, passage in every.items()}
    for number, row in enumerate(rows):
        cited = own[row["article"]]
        ranked = scores(texts, weighted(row["text"]))[0] if len(cited) < GIVEN else {}
        others = [every[key] for key in sorted(ranked, key=lambda key: -ranked[key]) if every[key] not in cited]
        found = (*cited, *others)[: max(GIVEN, len(cited))]
        yield Claim(str(number), row["article"], row["text"], row["label"] == "true", cited, found, row["label"])


def _passages(wanted: set[str]) -> dict[str, tuple[Passage, ...]]:
    """The articles' passages, by the article."""
    found: dict[str, tuple[Passage, ...]] = {}
    number = 0
    for name, title, site, day, text in source.each(CORPUS, itemgetter("_id", "title", "site", "publish_date", "text")):
        if name in wanted:
            found[name] = passages(Document(name, "news", name, title, site, published=day or None), text, number)
            number += len(found[name])
    return found


def figures(rows: Sequence[Claim]) -> list[Figure]:
    """Both kinds of sentences, and the errors of each kind."""
    kinds = sorted({row.kind for row in rows if not row.true})
    of_kind = [means("sentence", [row for row in rows if row.kind == kind], {
        f"errors caught, {kind}": lambda row: not row.passed
    }) for kind in kinds]  # fmt: skip
    return [*judgements(rows), *(one for found in of_kind for one in found)]
