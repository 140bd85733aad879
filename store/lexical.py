"""The lexical index: a tantivy index that follows the record; stems match, exact word forms score above them."""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import tantivy
from tantivy import Occur

from store.errors import IndexDamaged
from store.index import Index, Shadow, failed_write
from store.record import Record, Stamp
from store.words import Terms, analyzer, background, folded, stem, tokens

NAME = "lexical"
VERSION = "words-2"  # how texts become words; an index of another version is rebuilt, and can be searched until then
EXACT = 0.2  # weight of the exact word form beside its stem
K1 = 1.2  # the parameter of BM25, as tantivy has it
NEWS = 300  # pseudo-passages of general news in `rarity`
HEAP = 64_000_000  # bytes of memory for the writer


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stem", tokenizer_name="footnote_stem", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="footnote_exact", index_option="freq")
    return builder.build()


class Lexical(Index):
    """The folder `lexical/` of a corpus."""

    name = NAME
    label = "word index"

    def catch_up(self, record: Record, *, rebuild: bool = False, progress: Callable[[int], None] | None = None) -> int:
        stamp = record.stamp(NAME)
        if rebuild or not self.sound(record):
            shutil.rmtree(self.folder, ignore_errors=True)
            if self.folder.is_file():
                self.folder.unlink()
            stamp = Stamp()
        if record.last_seq() == stamp.applied and self.folder.exists():
            return 0
        try:
            return self._apply(record, stamp, progress)
        except (OSError, ValueError) as error:
            advice = "Rebuild it with: footnote doctor --repair"
            raise failed_write(error, self.folder, str(self.folder), advice) from error

    def _apply(self, record: Record, stamp: Stamp, progress: Callable[[int], None] | None) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        index = _tokenizing(tantivy.Index(_schema(), path=str(self.folder)))
        writer = index.writer(heap_size=HEAP, num_threads=1)
        count, last = 0, stamp.applied
        try:
            for batch in record.changes(stamp.applied):
                for change in batch:
                    if stamp.applied:
                        writer.delete_documents_by_term("id", change.id)
                    if not change.retired:
                        text = folded(f"{change.title}\n{change.text}")
                        row = tantivy.Document(id=change.id, document=change.document, stem=text, exact=text)
                        writer.add_document(row)
                count, last = count + len(batch), batch[-1].seq
                if progress:
                    progress(count)
            writer.commit()
            writer.wait_merging_threads()
        finally:
            del writer  # releases tantivy's lock even while somebody still holds the error
        index.reload()
        files = {p.name: p.stat().st_size for p in self.folder.iterdir() if p.suffix != ".json" and p.name[0] != "."}
        held = index.searcher().num_docs
        record.set_stamp(NAME, replace(stamp, applied=last, count=held, embedder=VERSION, files=files))
        return count

    def reader(self, record: Record) -> LexicalReader:
        """A reader of the index as of its last commit. Raises IndexDamaged."""
        stamp = record.stamp(NAME)
        try:
            shadow = Shadow(self.folder)
            index = _tokenizing(tantivy.Index.open(str(shadow.path())))
            index.reload()
            reader = LexicalReader(index.searcher(), shadow)
            self._check_files(stamp.files)
            if reader.total < stamp.count:
                raise LookupError(f"{stamp.count - reader.total} passages are lost")
        except (ValueError, OSError, LookupError, TypeError) as error:
            raise IndexDamaged("the word index is missing or damaged") from error
        return reader

    def _check_files(self, known: Mapping[str, int]) -> None:
        """Raises OSError where a file of a segment in use is missing or of another size than the stamp says.

        Tantivy opens some files only when a query needs them, and then the question fails.
        """
        kinds = {Path(name).suffix for name in known} - {".del"}
        for segment in json.loads((self.folder / "meta.json").read_bytes())["segments"]:
            stem, deletes = segment["segment_id"].replace("-", ""), segment["deletes"]
            names = [f"{stem}{kind}" for kind in kinds]
            names += [f"{stem}.{deletes['opstamp']}.del"] if deletes else []
            for name in names:
                size = (self.folder / name).stat().st_size
                if size != known.get(name, size):
                    raise OSError(f"{name} has {size} bytes")

    def fault(self, record: Record) -> str:
        stamp = record.stamp(NAME)
        if stamp.applied == 0:
            return "the word index is not built yet"
        try:
            self.reader(record)
        except IndexDamaged as error:
            return error.message
        return "" if stamp.embedder == VERSION else "the word index is of an older Footnote"


class LexicalReader:
    """The index as of one commit."""

    def __init__(self, searcher: tantivy.Searcher, shadow: Shadow) -> None:
        self._searcher = searcher
        self._shadow = shadow  # kept while files may still be opened
        self.total: int = searcher.num_docs

    def search(self, asked: Terms, k: int, documents: Collection[str] | None = None) -> dict[int, float]:
        """The best `k` passages with their BM25 scores, only of `documents` where given. Raises IndexDamaged."""
        schema, parts = _schema(), []
        for term, (word, weight) in asked.items():
            for field, value, boost in (("stem", term, weight), ("exact", word, weight * EXACT)):
                parts.append((Occur.Should, tantivy.Query.boost_query(_term(schema, field, value), boost)))
        if not parts:
            return {}
        query = tantivy.Query.boolean_query(parts)
        if documents is not None:
            among = tantivy.Query.term_set_query(schema, "document", sorted(documents))
            among = tantivy.Query.const_score_query(among, 0.0)
            query = tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, among)])
        return self._hits(query, k)

    def alike(self, word: str, mistakes: int, k: int) -> list[int]:
        """Ids of up to `k` passages that hold a word within so many mistakes of this one. Raises IndexDamaged."""
        (token,) = tokens(word)
        return list(self._hits(tantivy.Query.fuzzy_term_query(_schema(), "exact", token, distance=mistakes), k))

    def _hits(self, query: tantivy.Query, k: int) -> dict[int, float]:
        try:
            hits = self._searcher.search(query, k, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        except (ValueError, OSError) as error:
            raise IndexDamaged("the word index cannot be read") from error
        return {int(key): float(score) for key, (score, _) in zip(ids, hits, strict=True) if key is not None}

    def unknown(self, word: str) -> bool:
        """Whether no passage holds a word, in any of its forms."""
        return not any(self._frequency(stem(token)) for token in tokens(word))

    def absent(self, asked: Terms) -> frozenset[str]:
        """The question stems that no passage holds."""
        return frozenset(term for term in asked if not self._frequency(term))

    def rarity(self, asked: Terms) -> dict[str, float]:
        """BM25's IDF of each question stem, natural logarithm (Robertson and Zaragoza 2009), times its weight.

        It is smoothed with NEWS pseudo-passages of general news: in a few articles any ordinary word that they
        happen to lack ("share", "stop") would else count as the rarest of all; among thousands this changes nothing.
        """
        shares = background()
        unseen = min(shares.values()) / 2
        total = self.total + NEWS
        return {
            term: weight * _idf(total, self._frequency(term) + NEWS * shares.get(term, unseen))
            for term, (_, weight) in asked.items()
        }

    def _frequency(self, term: str) -> int:
        """How many passages hold a stem."""
        return int(self._searcher.doc_freq("stem", term))


def _tokenizing(index: tantivy.Index) -> tantivy.Index:
    """An index that knows our two analyzers."""
    index.register_tokenizer("footnote_stem", analyzer(stemmed=True))
    index.register_tokenizer("footnote_exact", analyzer(stemmed=False))
    return index


def _term(schema: tantivy.Schema, field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema, field, value, index_option="freq")


def _idf(total: float, frequency: float) -> float:
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def scores(texts: Mapping[int, str], asked: Terms) -> tuple[dict[int, float], dict[str, float]]:
    """BM25 over a few texts, for a corpus without its index: (id → score, IDF of each stem)."""
    bags = {key: _bag(text) for key, text in texts.items()}
    mean = (sum(bag.total() for bag in bags.values()) / len(bags)) if bags else 1.0
    idf = {term: _idf(len(bags), sum(term in bag for bag in bags.values())) for term in asked}
    scored = {}
    for key, bag in bags.items():
        length = K1 * (0.25 + 0.75 * bag.total() / (mean or 1.0))
        scored[key] = sum(
            weight * idf[term] * bag[term] * (K1 + 1) / (bag[term] + length) for term, (_, weight) in asked.items()
        )
    return scored, idf


@lru_cache(maxsize=4_096)
def _bag(text: str) -> Counter[str]:
    """How often each stem stands in a text."""
    return Counter(stem(token) for token in tokens(text))
