"""AUROC of the support score on true and wrong summary sentences: `python -m evals.fit.support`.

QAGS (Wang et al. 2020): sentences that models wrote about CNN/DailyMail and XSum articles, each judged by three
people; the majority counts. Reads the folder FOOTNOTE_BENCHMARKS; prints the AUROC with a 95 % bootstrap interval
(articles drawn with replacement), and that of each measure alone.
"""

from collections.abc import Iterator, Sequence

from bot.reading.check import bare
from bot.reading.claims import Claims, read
from bot.reading.comparison import common, grams, share, wanted
from bot.reading.spans import windows
from evals.fit import lines, told
from evals.measure import Sample, auroc, once
from store.passage import Document, Passage
from store.split import split

WEIGHTS = {"pairs": 0.3, "triples": 0.2, "common": 0.2, "seen": 0.2, "numbers": 0.1}  # of the measures in a score
Scored = tuple[str, bool, dict[str, float]]  # a sentence's article, whether it is true, its scores by name


def sentences(name: str) -> Iterator[Scored]:
    """Every sentence of one half with its scores."""
    document = Document("qags", "qags", "qags", "")
    for number, item in enumerate(lines(f"qags/mturk_{name}.jsonl")):
        text = item["article"]
        passages = [Passage(at, document, a, b, text[a:b]) for at, (a, b) in enumerate(split(text))]
        claims = [claim for passage in passages for window in windows(passage.text) for claim in window.claims[:1]]
        for row in item["summary_sentences"]:
            votes = [response["response"] == "yes" for response in row["responses"]]
            measured = overlap(read(bare(row["sentence"])), claims)
            scores = {"score": sum(WEIGHTS[key] * value for key, value in measured.items()), **measured}
            yield str(number), 2 * sum(votes) > len(votes), scores


def overlap(claims: Claims, article: Sequence[Claims]) -> dict[str, float]:
    """The measures of overlap, each in [0, 1]: with the best sentence of an article, or with all of them together."""
    pairs, triples = frozenset(grams(claims.keys, 2)), frozenset(grams(claims.keys, 3))
    keys = frozenset(key for row in article for key in row.keys)
    values = {value for row in article for value in row.values} | {str(day) for row in article for _, day in row.days}
    everywhere = frozenset(gram for row in article for gram in grams(row.keys, 3))
    stands = [value in values for value in claims.values]
    return {
        "pairs": max((len(pairs & frozenset(grams(row.keys, 2))) for row in article), default=0) / (len(pairs) or 1),
        "triples": len(triples & everywhere) / (len(triples) or 1),
        "common": max((common(claims.keys, row.keys) for row in article), default=0) / (len(claims.keys) or 1),
        "seen": share(wanted(claims, {}), keys),
        "numbers": sum(stands) / len(stands) if stands else 1.0,
    }


def main() -> None:
    """Prints the figures of both halves."""
    for name in ("cnndm", "xsum"):
        samples: dict[str, list[Sample]] = {}
        for number, (article, true, scores) in enumerate(sentences(name)):
            for key, score in scores.items():
                samples.setdefault(key, []).append(Sample(str(number), article, (float(true), score)))
        whole = samples.pop("score")
        alone = ", ".join(f"{key} {once(of_one, auroc):.3f}" for key, of_one in samples.items())
        print(f"{name}: n {len(whole)}, AUROC {told(whole, auroc)}; {alone}")


if __name__ == "__main__":
    main()
