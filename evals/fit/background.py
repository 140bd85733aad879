"""Counts how common words are in general news, for `store.lexical.rarity`: `python -m evals.fit.background`.

Reads RealTimeQA's 4,881 articles of 2022 from the folder FOOTNOTE_BENCHMARKS and writes store/background.tsv:
the STEMS commonest stems, each with the passages of every 100,000 that hold it. Figures only, no text.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import store.words
from evals.fit import benchmark
from evals.public import source
from store.split import split
from store.words import stem, tokens

STEMS = 5_000
OUT = Path(store.words.__file__).with_name("background.tsv")


def main() -> None:
    """Counts and writes the file."""
    counts: Counter[str] = Counter()
    passages = 0
    for article in source.lines(benchmark("realtimeqa_2022", "corpus.jsonl")):
        for start, end in split(article["text"]):
            counts.update(set(map(stem, tokens(f"{article['title']}\n{article['text'][start:end]}"))))
            passages += 1
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:STEMS]
    shares = (f"{term}\t{round(count * 100_000 / passages)}\n" for term, count in rows)
    head = f"# Passages of every 100,000 that hold a stem; counted in {passages:,} of news of 2022.\n"
    OUT.write_text(head + "".join(shares), encoding="utf-8")
    print(f"{OUT}: {len(rows):,} stems, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
