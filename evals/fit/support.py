"""AUROC of the support score on true and wrong summary sentences: `python -m evals.fit.support`.

QAGS (Wang et al. 2020): sentences that models wrote about CNN/DailyMail and XSum articles, each judged by three
people; the majority counts. Reads the folder FOOTNOTE_BENCHMARKS; prints the AUROC with a 95 % bootstrap interval
(articles drawn with replacement), and that of each measure alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.reading.check import OVERLAP, bare, overlap, windows
from bot.reading.claims import read
from evals.fit import benchmark
from evals.measure import Sample, auroc, once, taken
from evals.public import source
from store.passage import Document, Passage
from store.split import split

Scored = tuple[str, bool, dict[str, float]]
"""A sentence's article, whether the sentence is true, its scores by name."""


def sentences(name: str) -> Iterator[Scored]:
    """Every sentence of one half with its scores."""
    document = Document("qags", "qags", "qags", "")
    for number, item in enumerate(source.lines(benchmark("qags", f"mturk_{name}.jsonl"))):
        text = item["article"]
        passages = [Passage(at, document, a, b, text[a:b]) for at, (a, b) in enumerate(split(text))]
        claims = [claim for passage in passages for window in windows(passage.text) for claim in window.claims[:1]]
        for row in item["summary_sentences"]:
            votes = [response["response"] == "yes" for response in row["responses"]]
            measured = overlap(read(bare(row["sentence"])), claims)
            scores = {"score": sum(OVERLAP[key] * value for key, value in measured.items()), **measured}
            yield str(number), 2 * sum(votes) > len(votes), scores


def main() -> None:
    """Prints the figures of both halves."""
    for name in ("cnndm", "xsum"):
        scored = list(sentences(name))
        samples: dict[str, list[Sample]] = {}
        for number, (article, true, scores) in enumerate(scored):
            for key, score in scores.items():
                samples.setdefault(key, []).append(Sample(str(number), article, (float(true), score)))
        whole = taken(samples.pop("score"), auroc)
        assert whole is not None, "both kinds are there"
        alone = ", ".join(f"{key} {once(of_one, auroc):.3f}" for key, of_one in samples.items())
        print(f"{name}: n {whole.n}, AUROC {whole.mean:.3f} [{whole.low:.3f}, {whole.high:.3f}]; {alone}")


if __name__ == "__main__":
    main()
