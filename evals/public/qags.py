"""QAGS (Wang et al. 2020): sentences that models wrote about news, each judged true or not by three people.

714 sentences about 235 CNN/DailyMail articles and 239 about as many of XSum; the majority counts. The checker is given
all passages of the article, more than a writer gets, and nothing is ranked. The sentences sum up a whole article, so
that most true ones are in no span: read the AUROC of the score, not the verdicts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from evals.public import source
from evals.public.claims import Claim, judgements, passages
from evals.public.figures import Figure
from store.passage import Document

ABOUT = "953 sentences that models wrote about 474 news articles, with people's votes: the check of sentences."
HALVES = {"CNN/DM": "qags/mturk_cnndm.jsonl", "XSum": "qags/mturk_xsum.jsonl"}
FILES = tuple(HALVES.values())


def claims() -> Iterator[Claim]:
    """Every sentence of both halves."""
    for half, file in HALVES.items():
        for number, (text, judged) in enumerate(source.each(file, _article)):
            given = passages(Document(half, half, half, ""), text)
            for place, (sentence, true) in enumerate(judged):
                yield Claim(f"{half}/{number}/{place}", f"{half}/{number}", sentence, true, given, given, half)


def _article(row: Any) -> tuple[str, list[tuple[str, bool]]]:
    """An article with its sentences, each with whether most people call it true."""
    judged = []
    for sentence in row["summary_sentences"]:
        votes = [vote["response"] == "yes" for vote in sentence["responses"]]
        judged.append((sentence["sentence"], 2 * sum(votes) > len(votes)))
    return row["article"], judged


def figures(rows: Sequence[Claim]) -> list[Figure]:
    """The figures of each half."""
    return [one for half in HALVES for one in judgements([row for row in rows if row.kind == half], f", {half}")]
