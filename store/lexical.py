"""The lexical leg: a tantivy index that follows the record; stems match, exact surface forms score above them."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import tantivy
from tantivy import Occur

from store.errors import DiskFull, IndexDamaged, StoreError, full, os_error
from store.passage import NOW, Query
from store.record import Record, Stamp
from store.shadow import Shadow
from store.words import analyzer, background, stem, terms, tokens

NAME = "lexical"
EXACT = 0.2  # weight of the exact surface form beside its stem
K1 = 1.2  # of BM25, as tantivy has it
NEWS = 300  # passages of general news in `rarity`; 30 to 1,000 did as well on public sets
HEAP = 64_000_000  # bytes


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stem", tokenizer_name="footnote_stem", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="footnote_exact", index_option="freq")
    return builder.build()


class Lexical:
    """The folder `lexical/` of a corpus."""

    name = NAME  # under which its stamp is kept

    def __init__(self, folder: Path) -> None:
        self.folder = folder / NAME
        self._shadow = Shadow(self.folder)
        self._index: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None

    # -- writing -------------------------------------------------------------------------------

    def catch_up(self, record: Record, *, rebuild: bool = False, progress: Callable[[int], None] | None = None) -> int:
        """Applies what the record has changed since the last commit; returns how many passages that was.

        Idempotent. The caller holds the corpus's writer lock. A folder that cannot be used is made anew.
        Raises DiskFull.
        """
        stamp = record.stamp(NAME)
        if rebuild or not self.sound(record):
            self.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            if self.folder.is_file():
                self.folder.unlink()
            stamp = Stamp()
        if record.last_seq() == stamp.applied and self.folder.exists():
            return 0
        try:
            count = self._apply(record, stamp, progress)
        except (OSError, ValueError) as error:
            raise disk_error(error, self.folder) from error
        finally:
            self.close()
        return count

    def _apply(self, record: Record, stamp: Stamp, progress: Callable[[int], None] | None) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        index = self._open(self.folder, create=True)
        writer = index.writer(heap_size=HEAP, num_threads=1)
        count, last = 0, stamp.applied
        try:
            for batch in record.changes(stamp.applied):
                for change in batch:
                    if stamp.applied:
                        writer.delete_documents_by_term("id", change.id)
                    if not change.retired:
                        text = f"{change.title}\n{change.text}"
                        row = tantivy.Document(id=change.id, document=change.document, stem=text, exact=text)
                        writer.add_document(row)
                count, last = count + len(batch), batch[-1].seq
                if progress:
                    progress(count)
            writer.commit()
            writer.wait_merging_threads()
        finally:
            del writer  # gives tantivy's lock free, even while somebody still holds the error
        index.reload()
        files = {p.name: p.stat().st_size for p in self.folder.iterdir() if p.suffix != ".json" and p.name[0] != "."}
        record.set_stamp(NAME, replace(stamp, applied=last, count=index.searcher().num_docs, files=files))
        return count

    # -- reading -------------------------------------------------------------------------------

    def _open(self, folder: Path, *, create: bool = False) -> tantivy.Index:
        index = tantivy.Index(_schema(), path=str(folder)) if create else tantivy.Index.open(str(folder))
        index.register_tokenizer("footnote_stem", analyzer(stemmed=True))
        index.register_tokenizer("footnote_exact", analyzer(stemmed=False))
        return index

    def open(self, record: Record) -> None:
        """Opens the index for reading, as of its last commit. Raises IndexDamaged."""
        try:
            folder = self._shadow.path()
            if self._index is None:
                self._index = self._open(folder)
            self._index.reload()
            self._searcher = self._index.searcher()
            stamp = record.stamp(NAME)
            self._check_files(stamp.files or {})
        except (ValueError, OSError, LookupError, TypeError) as error:
            self.close()
            raise IndexDamaged("the word index is missing or damaged") from error
        if self._searcher.num_docs < stamp.count:
            self.close()
            raise IndexDamaged("the word index has lost passages")

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

    def state(self, record: Record) -> str:
        """What is wrong with the folder, in words; nothing where it is level with the record."""
        try:
            self.open(record)
        except IndexDamaged as error:
            return error.message
        return "" if record.stamp(NAME).applied == record.last_seq() else "the word index is behind"

    def sound(self, record: Record) -> bool:
        """Whether the folder holds what its stamp says."""
        if record.stamp(NAME).applied == 0:
            return False
        try:
            self.open(record)
        except IndexDamaged:
            return False
        return True

    def close(self) -> None:
        self._index = self._searcher = None
        self._shadow.close()

    def search(self, query: Query, k: int, documents: Collection[str] | None = None) -> list[tuple[int, float]]:
        """The best `k` passages as (id, BM25 score), best first; only of `documents` where given.

        Raises IndexDamaged.
        """
        assert self._searcher is not None, "open() comes first"
        schema, parts = _schema(), []
        for term, (word, weight) in weighted(query).items():
            for field, value, boost in (("stem", term, weight), ("exact", word, weight * EXACT)):
                parts.append((Occur.Should, tantivy.Query.boost_query(_term(schema, field, value), boost)))
        if not parts:
            return []
        asked = tantivy.Query.boolean_query(parts)
        if documents is not None:
            among = tantivy.Query.term_set_query(schema, "document", sorted(documents))
            among = tantivy.Query.const_score_query(among, 0.0)
            asked = tantivy.Query.boolean_query([(Occur.Must, asked), (Occur.Must, among)])
        try:
            hits = self._searcher.search(asked, k, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        except (ValueError, OSError) as error:
            self.close()
            raise IndexDamaged("the word index cannot be read") from error
        return [(int(key), float(score)) for key, (score, _) in zip(ids, hits, strict=True) if key is not None]

    def idf(self, query: Query) -> dict[str, float]:
        """BM25's idf of each question stem, natural logarithm (Robertson and Zaragoza 2009)."""
        assert self._searcher is not None, "open() comes first"
        total = self._searcher.num_docs
        return {term: _idf(total, self._searcher.doc_freq("stem", term)) for term in weighted(query)}

    def unknown(self, word: str) -> bool:
        """Whether no passage holds a word, in any of its forms."""
        assert self._searcher is not None, "open() comes first"
        return all(self._searcher.doc_freq("stem", stem(token)) == 0 for token in tokens(word))

    def alike(self, word: str, mistakes: int, k: int) -> list[int]:
        """Ids of up to `k` passages that hold a word within so many mistakes of this one."""
        assert self._searcher is not None, "open() comes first"
        (token,) = tokens(word)
        fuzzy = tantivy.Query.fuzzy_term_query(_schema(), "exact", token, distance=mistakes)
        hits = self._searcher.search(fuzzy, k, count=False).hits
        return [int(key) for key in self._searcher.fast_field_values("id", [a for _, a in hits]) if key is not None]

    def rarity(self, query: Query) -> dict[str, float]:
        """The same as if NEWS passages of general news stood in the corpus too.

        In a few articles any ordinary word that they happen to lack ("share", "stop") would else count as
        the rarest of all; among thousands of passages this changes nothing. Words of earlier questions weigh
        less here, as they do in a search.
        """
        assert self._searcher is not None, "open() comes first"
        total, shares = self._searcher.num_docs, background()
        unseen = min(shares.values()) / 2
        found = {}
        for term, (_, weight) in weighted(query).items():
            frequency = self._searcher.doc_freq("stem", term) + NEWS * shares.get(term, unseen)
            found[term] = weight * _idf(total + NEWS, frequency)
        return found


def _term(schema: tantivy.Schema, field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema, field, value, index_option="freq")


def _idf(total: float, frequency: float) -> float:
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def weighted(query: Query) -> dict[str, tuple[str, float]]:
    """Content words of the question and of earlier ones: stem → (word, weight); the question's weigh NOW times."""
    found: dict[str, tuple[str, float]] = {}
    share = 1 / NOW
    for text, weight in [(query.text, 1.0), *((text, share) for text in query.history)]:
        for term, word in terms(text).items():
            held = found.get(term, (word, 0.0))
            found[term] = (held[0], min(1.0, held[1] + weight))
    return found


def scores(texts: Mapping[int, str], query: Query) -> tuple[dict[int, float], dict[str, float]]:
    """BM25 over a few texts, for when the index is missing: (id → score, idf)."""
    wanted = weighted(query)
    bags = {key: [stem(token) for token in tokens(text)] for key, text in texts.items()}
    mean = (sum(map(len, bags.values())) / len(bags)) if bags else 1.0
    idf = {term: _idf(len(bags), sum(term in bag for bag in bags.values())) for term in wanted}
    found = {}
    for key, bag in bags.items():
        length = K1 * (0.25 + 0.75 * len(bag) / (mean or 1.0))
        found[key] = sum(
            weight * idf[term] * bag.count(term) * (K1 + 1) / (bag.count(term) + length)
            for term, (_, weight) in wanted.items()
        )
    return found, idf


def disk_error(error: OSError | ValueError, folder: Path) -> StoreError:
    """A failed write as the user's error; tantivy hides the system's number in its words."""
    if isinstance(error, OSError) and error.errno is not None:
        return os_error(error, folder)
    if "os error 28" in str(error) or "No space left" in str(error) or full(folder):
        return DiskFull(f"The disk that holds {folder} is full.", "Free some space and run it again.")
    return IndexDamaged(f"{folder} cannot be written: {error}.", "Rebuild it with: footnote doctor --repair")
