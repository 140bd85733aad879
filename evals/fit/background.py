"""Counts the words of general news, for `store.words`: `python -m evals.fit.background`.

Reads RealTimeQA's 4,881 articles of 2022 from the folder FOOTNOTE_BENCHMARKS and writes store/background.tsv:
the STEMS commonest stems, each with the passages of every 100,000 that hold it; and store/vocabulary.txt: further
stems of lower-case words that ARTICLES hold. Figures and single words only, no text.
"""

import re
from collections import Counter
from pathlib import Path

import store.words
from evals.fit import lines
from store.split import split
from store.words import stem, tokens

STEMS, ARTICLES = 5_000, 2
OUT = Path(store.words.__file__).with_name("background.tsv")
WORDS = OUT.with_name("vocabulary.txt")
_SMALL = re.compile(r"(?<![\w'’.-])[a-z]{4,}(?![\w-])")


def main() -> None:
    """Counts and writes both files."""
    counts, articles, passages = Counter[str](), Counter[str](), 0
    for article in lines("realtimeqa_2022/corpus.jsonl"):
        articles.update(set(_SMALL.findall(article["text"])))
        for start, end in split(article["text"]):
            counts.update(set(map(stem, tokens(f"{article['title']}\n{article['text'][start:end]}"))))
            passages += 1
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:STEMS]
    shares = (f"{term}\t{round(count * 100_000 / passages)}\n" for term, count in rows)
    head = f"# Passages of every 100,000 that hold a stem; counted in {passages:,} of news of 2022.\n"
    OUT.write_text(head + "".join(shares), encoding="utf-8")
    rare = {stem(word) for word, count in articles.items() if count >= ARTICLES} - {term for term, _ in rows}
    WORDS.write_text("".join(f"{term}\n" for term in sorted(rare)), encoding="utf-8")
    print(f"{OUT}: {len(rows):,} stems, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
