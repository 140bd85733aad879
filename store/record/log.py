"""The log of changes that the indexes follow, their stamps, and the vectors that are kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

import sqlalchemy as sa

from store.record.schema import indexes, meta, passages, vectors, versions
from store.sqlite import Database, insert

T = TypeVar("T")
BATCH = 500  # values bound to one statement, and rows read at once: Chroma holds the interpreter while it takes as many

_TEXT = sa.select(versions.c.text).where(versions.c.id == sa.bindparam("version"))


@dataclass(frozen=True, slots=True)
class Change:
    """One passage row for an index to apply; `text` is empty where `retired`."""

    id: int
    seq: int
    retired: bool
    document: str
    hash: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far an index has come."""

    applied: int = 0
    count: int = 0
    generation: str = ""
    embedder: str = ""
    files: dict[str, int] = field(default_factory=dict)  # the size of each file in the index's folder


class Log(Database):
    """The record as an index reads it."""

    def last_seq(self) -> int:
        return int(self.rows(sa.select(meta.c.value).where(meta.c.key == "seq"))[0].value)

    def active_count(self) -> int:
        live = sa.select(sa.func.count().label("live")).where(passages.c.retired.is_(False))
        return int(self.rows(live)[0].live)

    def changes(self, after: int) -> Iterator[list[Change]]:
        """Passage rows with `seq > after`, in order, in batches; texts are cut from their versions."""
        with self.begin() as connection:
            rows = connection.execute(
                sa.select(passages, versions.c.document, versions.c.title)
                .outerjoin(versions, versions.c.id == passages.c.version)
                .where(passages.c.seq > after)
                .order_by(passages.c.seq)
            )
            last, text = 0, ""  # the version of the row before and its text: rows of one version follow one another
            for part in rows.partitions(BATCH):
                batch = []
                for row in part:
                    if not row.retired and row.version != last:
                        last, text = row.version, connection.execute(_TEXT, {"version": row.version}).scalar_one()
                    cut = "" if row.retired else text[row.start : row.end]
                    facts = (row.document or "", row.hash, row.title or "", cut)
                    batch.append(Change(row.id, row.seq, row.retired, *facts))
                yield batch

    def stamp(self, name: str) -> Stamp:
        """How far an index has come; a stamp of zeros where it has never been written."""
        rows = self.rows(sa.select(indexes).where(indexes.c.name == name))
        return Stamp(*rows[0][1:]) if rows else Stamp()  # the columns stand in the order of the fields

    def set_stamp(self, name: str, stamp: Stamp) -> None:
        with self.begin() as connection:
            row = indexes.insert().prefix_with("OR REPLACE").values(name=name, **asdict(stamp))
            connection.execute(row)

    def vectors(self, embedder: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Vectors that are kept, by text hash; float32, little endian."""
        kept: dict[str, bytes] = {}
        with self.begin() as connection:
            for part in batches(sorted(set(hashes))):
                where = (vectors.c.embedder == embedder, vectors.c.hash.in_(part))
                for row in connection.execute(sa.select(vectors.c.hash, vectors.c.vector).where(*where)):
                    kept[row.hash] = bytes(row.vector)
        return kept

    def put_vectors(self, embedder: str, new: dict[str, bytes]) -> None:
        if new:
            with self.begin() as connection:
                rows = [(embedder, key, value) for key, value in new.items()]
                insert(connection, vectors, "embedder hash vector", rows, replacing=True)


_TAKE = (
    meta.update().where(meta.c.key == "seq").values(value=meta.c.value + sa.bindparam("count")).returning(meta.c.value)
)


def take_seq(connection: sa.Connection, count: int) -> int:
    """Reserves `count` numbers of the passage sequence and returns the first."""
    last: int = connection.execute(_TAKE, {"count": count}).scalar_one()
    return last - count + 1


def renumber(connection: sa.Connection, version: int, *, retired: bool) -> None:
    """Gives every passage of a version a new seq, as a tombstone or alive again."""
    rows = connection.execute(sa.select(passages.c.id).where(passages.c.version == version).order_by(passages.c.id))
    ids = list(rows.scalars())
    first = take_seq(connection, len(ids))
    for i, key in enumerate(ids):
        connection.execute(passages.update().where(passages.c.id == key).values(seq=first + i, retired=retired))


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Slices that are short enough to be bound to one statement."""
    for i in range(0, len(values), BATCH):
        yield values[i : i + BATCH]
