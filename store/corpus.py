"""The one door to a corpus for everything above the store, its fake, and the removal of a whole corpus.

corpus = FakeCorpus(Document("a1", "news", "mill.txt", "Mill to reopen", text="The mill reopens in June."))
corpus.search(Query("When does the mill reopen?")).passages[0].text  # "The mill reopens in June."
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from store import lock
from store.errors import BadPath, os_error
from store.outlets import Outlets, comparable
from store.passage import BEFORE, MONTH_END, Coverage, Document, Filters, Found, Passage, Query, days_of, posted
from store.record import FILE, Exclusion, Family, Record, Root, Stamp
from store.record.library import UNFILTERED
from store.split import split
from store.words import folded, stem, tokens, weighted

if TYPE_CHECKING:
    from store.embed import Embedding
    from store.search import Search


class Corpus:
    """A corpus on disk, open for reading. What a search needs is loaded at the first one, or by `warm`."""

    def __init__(self, folder: Path, embedder: str | Embedding = "wordllama") -> None:
        """Opens the record. Raises CorpusMissing, CorpusNewer or CorpusDamaged."""
        self.folder = folder
        self._embedder = embedder
        self._record = Record(folder)

    @cached_property
    def embedding(self) -> Embedding:
        from store.embed import load

        return load(self._embedder) if isinstance(self._embedder, str) else self._embedder

    @cached_property
    def _search(self) -> Search:
        from store.search import Search

        return Search(self._record, self.embedding)

    def warm(self) -> None:
        """Loads what a search needs. Raises EmbedderMissing."""
        _ = self._search

    def close(self) -> None:
        if "_search" in self.__dict__:
            self._search.close()
        self._record.close()

    def search(self, query: Query) -> Found:
        """The best passages for a query. Raises IndexDamaged when neither index can answer."""
        return self._search.search(query)

    def spelled(self, question: str) -> str:
        """The question in the form that is looked up: folded, and with misspelt words mended."""
        return self._search.spelled(folded(question))

    def resolved(self, filters: Filters) -> Filters:
        """The filters with each outlet by its one name, each document by its root's name or its whole id.

        Raises BadPath for a document of neither.
        """
        roots = {root.name for root in self.roots()}
        keys = [name if name in roots else self.article(name).id for name in filters.documents]
        known = Outlets()
        only, without = (tuple(map(known.name, names)) for names in (filters.outlets, filters.not_outlets))
        return replace(filters, documents=tuple(keys), outlets=only, not_outlets=without)

    def article(self, key: str, version: int | None = None) -> Document:
        """One article with its text, by its id or the beginning of it. Raises BadPath."""
        return self._record.document(key, version)

    def versions(self, key: str) -> list[tuple[int, str | None, bool]]:
        """An article's versions: (number, published, whether it is the current one)."""
        return self._record.versions(key)

    def documents(self, filters: Filters = UNFILTERED) -> list[Document]:
        """The live articles under the filters, newest first, without their texts."""
        return self._record.documents(filters)

    def families(self) -> list[Family]:
        """The groups of live articles that are copies of one another, the newest first."""
        return self._record.families()

    def coverage(self, filters: Filters = UNFILTERED) -> Coverage:
        """Counts, days and outlets of the live articles under the filters."""
        return self._record.coverage(filters)

    def roots(self) -> list[Root]:
        """The folders and files that the corpus follows."""
        return self._record.roots()

    def forgotten(self) -> list[Exclusion]:
        """Erased articles that are not read again."""
        return self._record.exclusions()

    def count(self) -> int:
        """The number of live passages."""
        return self._record.active_count()

    def unfinished(self) -> bool:
        """Whether an erasure was cut short and can be finished."""
        return not self._record.readonly and bool(self._record.erasures())

    def stamps(self) -> dict[str, Stamp]:
        """How far each index has come."""
        return {index.name: self._record.stamp(index.name) for index in self._search.indexes}

    def states(self) -> dict[str, str]:
        """What is wrong with each index, in words; nothing for one that is level with the record."""
        return {index.label: index.state(self._record) for index in self._search.indexes}


class FakeCorpus(Corpus):
    """A few articles in memory, ranked by words alone."""

    def __init__(self, *documents: Document) -> None:
        self._documents = documents

    def close(self) -> None:
        """Nothing is open."""

    def search(self, query: Query) -> Found:
        from store.lexical import scores

        passages: dict[int, Passage] = {}
        for document in filter(partial(passes, query.filters), self._documents):
            for start, end in split(document.text, document.spans):
                text, bare = document.text[start:end], replace(document, text="", spans=())
                before = document.text[max(0, start - BEFORE) : start]
                bare = posted(bare, document.spans, start)
                passages[len(passages)] = Passage(
                    len(passages), bare, start, end, text, before=before, spans=document.spans
                )
        texts = {key: f"{passage.document.title}\n{passage.text}" for key, passage in passages.items()}
        asked = weighted(query.text, query.history)
        ranked, idf = scores(texts, asked)
        absent = asked.keys() - {stem(word) for text in texts.values() for word in tokens(text)}
        best = sorted(filter(ranked.get, ranked), key=lambda key: -ranked[key])[: query.k]
        top = tuple(replace(passages[key], score=ranked[key] / ranked[best[0]]) for key in best)
        return Found(top, rarity=idf, absent=frozenset(absent), as_of=query.filters.as_of)

    def spelled(self, question: str) -> str:
        return question

    def article(self, key: str, version: int | None = None) -> Document:
        for document in self._documents:
            if document.id.startswith(key) and version in (None, document.version):
                return document
        raise BadPath(f"No article has the id '{key}'.", "List the ids with: footnote sources")

    def versions(self, key: str) -> list[tuple[int, str | None, bool]]:
        return [(1, self.article(key).published, True)]

    def documents(self, filters: Filters = UNFILTERED) -> list[Document]:
        return [replace(each, text="", spans=()) for each in filter(partial(passes, filters), self._documents)]

    def families(self) -> list[Family]:
        return []

    def coverage(self, filters: Filters = UNFILTERED) -> Coverage:
        documents = self.documents(filters)
        days = sorted(document.published for document in documents if document.published)
        outlets = Counter(document.outlet for document in documents if document.outlet)
        first, last = (days_of(days[0])[0].isoformat(), days_of(days[-1])[1].isoformat()) if days else (None, None)
        return Coverage(len(documents), len(documents) - len(days), first, last, tuple(outlets.most_common()))

    def roots(self) -> list[Root]:
        return [Root(key, name, Path("/", name)) for key, name in enumerate({each.root for each in self._documents})]


def passes(filters: Filters, document: Document) -> bool:
    """Whether an article passes the hard filters."""
    day, outlet = document.published, comparable(document.outlet or "")
    until = filters.until or "9999"
    within = (filters.since or "") <= day + MONTH_END and day <= until if day else filters.undated
    return (
        (within or not (filters.since or filters.until))
        and (not filters.outlets or outlet in map(comparable, filters.outlets))
        and outlet not in map(comparable, filters.not_outlets)
        and (not filters.documents or bool({document.id, document.root} & set(filters.documents)))
    )


def remove(folder: Path, erase: Callable[[set[str]], None]) -> tuple[str, ...]:
    """Removes the corpus in `folder`; returns its articles' ids. `erase` clears what was saved about them elsewhere.

    The record goes last, so that a removal that was cut short is finished by another. Raises CorpusLocked, DiskFull,
    what `erase` raises and the record's errors.
    """
    with closing(Record(folder)) as record, lock.writer(folder, "forget --all"):
        for root in record.roots():
            record.forget_root(root)
        documents = {document for erasure in record.erasures() for document in erasure.documents}
        erase(documents)
        record.close()
        try:
            _delete(folder)
        except OSError as error:
            raise os_error(error, folder) from error
    return tuple(sorted(documents))


def _delete(folder: Path) -> None:
    """Deletes a corpus's folder: its indexes, then its record, then the lock that is held meanwhile."""
    real = folder.resolve()
    for path in sorted(real.iterdir(), key=lambda path: (path.name == lock.FILE, path.name.startswith(FILE))):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)  # SQLite deletes its log by itself
    real.rmdir()
    if folder.is_symlink():
        folder.unlink()
