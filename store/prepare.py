"""Preparing: what an article tells before it is written: furniture, corrections, event dates, passages, vectors.

Many articles are shared with a second process; what it leaves undone is done here.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from store import formats
from store.embed import Embedding
from store.event_dates import event_dates
from store.formats import Article
from store.identity import digest, embedded
from store.passage import Span
from store.second import Ended, Second
from store.split import split

SHARED = 100  # articles from which on a second process is worth its start
PART = 20  # articles that a process takes at once


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its marks, the times that it names, its passages as offsets, and their vectors by hash."""

    article: Article
    events: tuple[Span, ...]
    cuts: list[tuple[int, int]]
    vectors: dict[str, bytes]


def prepared(articles: Sequence[Article], embedding: Embedding | None) -> list[Prepared]:
    """Articles without their marks, prepared; without vectors where there is no embedding."""
    return told([formats.finished(article) for article in articles], embedding)


def told(articles: Sequence[Article], embedding: Embedding | None) -> list[Prepared]:
    """Articles with their marks, prepared."""
    every: list[Prepared] = []
    words: list[list[str]] = []  # of each article's passages
    for article in articles:
        events = event_dates(article.text, article.published, article.spans)
        cuts = split(article.text, article.spans)
        every.append(Prepared(article, events, cuts, {}))
        words.append([embedded(article.title, article.text[start:end]) for start, end in cuts])
    if embedding:
        rows = iter(embedding.stored([text for texts in words for text in texts]))
        for one, texts in zip(every, words, strict=True):
            one.vectors.update((digest(text), next(rows)) for text in texts)
    return every


class Preparer:
    """Prepares articles, with a second process once it has been started."""

    def __init__(self, second: Second, embedding: Embedding | None) -> None:
        self.second, self.embedding = second, embedding

    def each(self, articles: Sequence[Article], progress: Callable[[int], None]) -> Iterator[Prepared]:
        """The articles, in order, prepared; `progress` is told after each part how many are."""
        starts = deque(range(0, len(articles), PART))
        done: dict[int, list[Prepared]] = {}
        helper = Thread(target=self._shared, args=(articles, starts, done), daemon=True)
        helper.start()
        progress(0)
        while True:
            with suppress(IndexError):
                while True:
                    start = starts.popleft()
                    done[start] = prepared(articles[start : start + PART], self.embedding)
                    progress(sum(map(len, list(done.values()))))
            helper.join()
            if not starts:  # the second process may have left a part
                break
        progress(len(articles))
        for start in sorted(done):
            yield from done[start]

    def _shared(self, articles: Sequence[Article], starts: deque[int], done: dict[int, list[Prepared]]) -> None:
        """Lets the second process do the parts from the last one on; a part that it breaks off goes back."""
        while self.second.process:
            try:
                start = starts.pop()
            except IndexError:
                return
            try:
                done[start] = self.second.call(prepared, articles[start : start + PART], self.embedding)
            except Ended:
                starts.append(start)
