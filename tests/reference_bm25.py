"""BM25 as it is in the books, frozen: what the evals' harness is held against. Nothing here is the product's.

Robertson and Zaragoza 2009 with k1 = 1.2, b = 0.75 and idf = ln(1 + (N - df + .5) / (df + .5)); lower-cased words of
letters and digits, English stems (Snowball), no stop words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

K1, B = 1.2, 0.75


class BM25:
    """An index over texts, by their keys."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._analyzer = analyzer()
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._keys = list(texts)
        lengths = []
        for place, text in enumerate(texts.values()):
            counts = Counter(self._analyzer.analyze(text))
            lengths.append(counts.total())
            for term, count in counts.items():
                self._postings[term].append((place, count))
        average = sum(lengths) / len(lengths)
        self._norms = [K1 * (1 - B + B * length / average) for length in lengths]

    def rank(self, question: str, k: int = 100) -> list[tuple[str, float]]:
        """The best `k` texts as (key, score); of equal scores the first."""
        scores: dict[int, float] = defaultdict(float)
        for term in dict.fromkeys(self._analyzer.analyze(question)):
            found = self._postings.get(term, [])
            idf = math.log(1 + (len(self._keys) - len(found) + 0.5) / (len(found) + 0.5))
            for place, count in found:
                scores[place] += idf * count * (K1 + 1) / (count + self._norms[place])
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
        return [(self._keys[place], score) for place, score in best]


def analyzer() -> TextAnalyzer:
    """Words of letters and digits, lower case, stemmed."""
    built = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    return built.filter(Filter.stemmer("english")).build()


def documents(ranked: Sequence[tuple[str, float]]) -> list[str]:
    """Articles in the order of their first passage, where a passage's key is "article#number"."""
    return list(dict.fromkeys(key.rpartition("#")[0] or key for key, _ in ranked))
