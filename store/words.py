"""Words: tokens, stems, stop words, and how common a word is in general news.

tantivy's own tokenizer and stemmer, loaded at first use, so that a question is read as the index reads an article.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

STOP = frozenset(
    """
    a about after all also an and any anybody anyone are as at be because been before being between both but by
    can could did do does doing during each for from had has have having he her hers him his how i if in into is
    it its just many me more most much my no nor not of off on once only or other our out over own please same say
    said says she should so some such tell than that the their them then there these they this those through to
    too under until up us very was we were what when where whether which while who whom whose why will with would
    you your s t don't doesn't didn't what's who's
    """.split()
)
"""Words of a question that say nothing about what the article holds."""


@cache
def analyzer(*, stemmed: bool) -> TextAnalyzer:
    """The analyzer of the lexical index: of its field of stems, or of that of exact words."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(60))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer("english")) if stemmed else builder).build()


def tokens(text: str) -> list[str]:
    """Lower-case words of a text without accents, in order."""
    return list(analyzer(stemmed=False).analyze(text))


@lru_cache(maxsize=100_000)
def stem(token: str) -> str:
    """The stem under which a word of `tokens` is indexed."""
    stems = analyzer(stemmed=True).analyze(token)
    return stems[0] if stems else token


def terms(text: str) -> dict[str, str]:
    """A question's content words: stem → the word as asked; without stop words unless there are only such."""
    words = tokens(text)
    content = {stem(token): token for token in words if token not in STOP}
    return content or {stem(token): token for token in words}


@cache
def background() -> dict[str, float]:
    """The share of passages of general news that hold a stem, for the commonest; see `evals.fit.background`."""
    lines = Path(__file__).with_name("background.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {term: int(count) / 100_000 for term, count in rows}
