"""The record: the SQL truth about roots, articles, their versions, passages, vectors and index stamps.

Every passage row carries a `seq` that grows with each change; a retired passage keeps its row as a
tombstone with a new `seq`, so an index catches up by reading `WHERE seq > ?` in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from store.errors import (
    BadPath,
    CorpusMissing,
)
from store.passage import Coverage, Document, Filters, Passage, Span
from store.sqlite import Database, Schema

FILE = "record.sqlite3"
UNFILTERED = Filters()
T = TypeVar("T")
BATCH = 500  # values bound to one statement; SQLite's limit is far above

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
roots = sa.Table(
    "roots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, unique=True, nullable=False),
    sa.Column("path", sa.Text, unique=True, nullable=False),  # absolute
)
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ingested", sa.Text, nullable=False),
    sa.Column("family", sa.Text),
    sa.Column("current", sa.Integer),  # versions.id, NULL once retired
)
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("root", sa.ForeignKey("roots.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),  # inside the root
    sa.Column("item", sa.Text, primary_key=True, server_default=""),  # inside the file; "" where it is one article
    sa.Column("document", sa.ForeignKey("documents.id"), nullable=False, index=True),
    sa.Column("stamp", sa.Text, nullable=False),  # what the file looked like when it was read
    sa.Column("digest", sa.Text, nullable=False),  # of the file's bytes
)
versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document", sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("root", sa.Text, nullable=False),  # root name, kept after the root is gone
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("outlet", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("published", sa.Text),
    sa.Column("updated", sa.Text),
    sa.Column("date_source", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),  # of text and facts
    sa.Column("item", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("document", "number"),
)
spans = sa.Table(
    "spans",
    metadata,
    sa.Column("version", sa.ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("end", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, unique=True, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("version", sa.ForeignKey("versions.id", ondelete="SET NULL"), index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, index=True),  # of what is embedded
    sqlite_autoincrement=True,
)
vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("embedder", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float32, little endian, unit length
)
indexes = sa.Table(
    "indexes",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("applied", sa.Integer, nullable=False),  # the last seq applied
    sa.Column("count", sa.Integer, nullable=False),  # passages held at that seq
    sa.Column("generation", sa.Text, nullable=False),
    sa.Column("embedder", sa.Text, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # {path inside the folder: bytes}
)
exclusions = sa.Table(
    "exclusions",
    metadata,
    sa.Column("document", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),  # absolute path that held it
    sa.Column("item", sa.Text, primary_key=True, server_default=""),
    sa.Column("forgotten", sa.Text, nullable=False),
)
forgettings = sa.Table(
    "forgettings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),  # of a root, or an article's id
    sa.Column("path", sa.Text, nullable=False),  # of a root, else ""
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("documents", sa.JSON, nullable=False),
)
ITEMS_AND_FORGETTINGS = (
    """CREATE TABLE sources_2 (
        root INTEGER NOT NULL, path TEXT NOT NULL, item TEXT DEFAULT '' NOT NULL, document TEXT NOT NULL,
        stamp TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (root, path, item),
        FOREIGN KEY(root) REFERENCES roots (id) ON DELETE CASCADE, FOREIGN KEY(document) REFERENCES documents (id))""",
    "INSERT INTO sources_2 SELECT root, path, '', document, stamp, digest FROM sources",
    "DROP TABLE sources",
    "ALTER TABLE sources_2 RENAME TO sources",
    "CREATE INDEX ix_sources_document ON sources (document)",
    "ALTER TABLE versions ADD COLUMN item TEXT DEFAULT '' NOT NULL",
    """CREATE TABLE exclusions_2 (
        document TEXT NOT NULL, path TEXT NOT NULL, item TEXT DEFAULT '' NOT NULL, forgotten TEXT NOT NULL,
        PRIMARY KEY (document, path, item))""",
    "INSERT INTO exclusions_2 SELECT document, path, '', forgotten FROM exclusions",
    "DROP TABLE exclusions",
    "ALTER TABLE exclusions_2 RENAME TO exclusions",
    """CREATE TABLE forgettings (
        id INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, said TEXT NOT NULL, documents JSON NOT NULL,
        PRIMARY KEY (id))""",
)
SCHEMA = Schema(metadata, ("INSERT INTO meta (key, value) VALUES ('seq', 0)",), (ITEMS_AND_FORGETTINGS,))


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that the corpus follows."""

    id: int
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was read: one item of a file, and how that file looked then.

    A file that is one article has the item "". One of several articles has a source for each, named as its format
    names them, and all share the file's stamp and digest. Such a file is written article by article with an empty
    stamp, and stamped by `Record.restamp` after the last: a kill in between leaves it to be read again.
    """

    path: str
    document: str
    stamp: str
    digest: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An article that was forgotten, and where it is not to be read again."""

    document: str
    path: str
    item: str
    forgotten: str


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
    files: dict[str, int] | None = None


def embedded(title: str, text: str) -> str:
    """The words of a passage that an embedder sees."""
    return f"{title}. {text}"


def digest(*parts: str | None) -> str:
    """A 32-digit hash of some strings, told apart from one another."""
    joined = "\x1f".join("" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def now() -> str:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def filling(corpus: str) -> str:
    """The command that fills a corpus of that name."""
    return "footnote ingest PATH" + ("" if corpus == "default" else f" --corpus {corpus}")


class Record(Database):
    """The corpus's SQL file. One process writes at a time (see `store.sync.writer`); any number read."""

    schema = SCHEMA

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Opens `folder`'s record; with `create` makes folder and tables where they are missing.

        Raises CorpusMissing, CorpusNewer, CorpusDamaged or DiskFull.
        """
        self.folder = folder
        if not create and not (folder / FILE).exists():
            raise CorpusMissing(f"There is no corpus at {folder}.", f"Make one with: {filling(folder.name)}")
        super().__init__(folder / FILE, create=create)

    def empty(self) -> CorpusMissing:
        said = f"The corpus at {self.folder} is empty, or just being made."
        return CorpusMissing(said, f"Fill it with: {filling(self.folder.name)}")

    def integrity(self) -> str:
        """SQLite's own check of the file: "ok", or what it found."""
        with self.begin() as connection:
            return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())

    # -- roots and sources ---------------------------------------------------------------------

    def roots(self) -> list[Root]:
        with self.begin() as connection:
            return [
                Root(row.id, row.name, Path(row.path))
                for row in connection.execute(sa.select(roots).order_by(roots.c.id))
            ]

    def add_root(self, path: Path) -> Root:
        """Remembers a root under a name of its own (the folder's, with a number where it is taken)."""
        with self.begin() as connection:
            taken = set(connection.execute(sa.select(roots.c.name)).scalars())
            base = path.name or "root"
            name, number = base, 2
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            key = connection.execute(roots.insert().values(name=name, path=str(path))).inserted_primary_key
            assert key is not None
            return Root(key[0], name, path)

    def sources(self, root: Root) -> dict[str, list[Source]]:
        """The files of a root that hold articles, by their path inside it: one source an article, in order of items.

        A file is as it was when all of them have its stamp of now; what has an empty stamp is to be read again.
        """
        found: dict[str, list[Source]] = {}
        order = (sources.c.path, sources.c.item)
        with self.begin() as connection:
            for row in connection.execute(sa.select(sources).where(sources.c.root == root.id).order_by(*order)):
                source = Source(row.path, row.document, row.stamp, row.digest, row.item)
                found.setdefault(row.path, []).append(source)
        return found

    def restamp(self, root: Root, source: Source) -> None:
        """Notes a file's stamp and digest for all its articles: it was touched, or the last of them is written."""
        with self.begin() as connection:
            connection.execute(
                sources.update()
                .where(sources.c.root == root.id, sources.c.path == source.path)
                .values(stamp=source.stamp, digest=source.digest)
            )

    # -- writing articles ----------------------------------------------------------------------

    def put(self, document: Document, cuts: Sequence[tuple[int, int]], root: Root, source: Source) -> str:
        """Writes one article with its passages in one transaction; returns "added", "changed" or "same".

        `cuts` are the passages as offsets into `document.text`. A text that an earlier version of the
        document already holds brings that version back instead of doubling it.
        """
        mark = digest(document.text, document.title, document.outlet, document.author, document.published,
                      document.updated, document.url, *(f"{s.start}-{s.end}-{s.kind}" for s in document.spans),
                      *(f"{start}:{end}" for start, end in cuts))  # fmt: skip
        with self.begin() as connection:
            known = connection.execute(sa.select(documents).where(documents.c.id == document.id)).one_or_none()
            if known is None:
                connection.execute(documents.insert().values(id=document.id, ingested=now(), family=document.family))
            self._point(connection, root, source, document.id)
            version = connection.execute(
                sa.select(versions.c.id).where(versions.c.document == document.id, versions.c.digest == mark)
            ).scalar()
            if version is not None:
                self._place_version(connection, version, document)
            if known is not None and known.current is not None and known.current == version:
                return "same"
            if known is not None and known.current is not None:
                self._retire(connection, known.current)
            if version is None:
                version = self._write_version(connection, document, cuts, mark)
            else:
                self._revive(connection, version)
            connection.execute(documents.update().where(documents.c.id == document.id).values(current=version))
            return "added" if known is None or known.current is None else "changed"

    def _place_version(self, connection: sa.Connection, version: int, document: Document) -> None:
        """Lets a version name the file that holds it now, where the one it was read from is gone."""
        place = sa.and_(roots.c.name == versions.c.root, sources.c.path == versions.c.source)
        held = sa.select(sources.c.path).join(roots).where(place, sources.c.document == document.id)
        connection.execute(
            versions.update()
            .where(versions.c.id == version, ~held.correlate(versions).exists())
            .values(root=document.root, source=document.source, item=document.item)
        )

    def _point(self, connection: sa.Connection, root: Root, source: Source, document: str) -> None:
        """Ties an item of a file to its article, and lets go of the article that it held before."""
        here = (sources.c.root == root.id, sources.c.path == source.path, sources.c.item == source.item)
        before = connection.execute(sa.select(sources.c.document).where(*here)).scalar()
        connection.execute(sources.delete().where(*here))
        connection.execute(sources.insert().values(root=root.id, **(asdict(source) | {"document": document})))
        if before is not None and before != document:
            self._drop_unsourced(connection, before)

    def _write_version(
        self, connection: sa.Connection, document: Document, cuts: Sequence[tuple[int, int]], mark: str
    ) -> int:
        number = connection.execute(
            sa.select(sa.func.coalesce(sa.func.max(versions.c.number), 0)).where(versions.c.document == document.id)
        ).scalar_one()
        key = connection.execute(
            versions.insert().values(
                document=document.id,
                number=number + 1,
                root=document.root,
                source=document.source,
                item=document.item,
                title=document.title,
                outlet=document.outlet,
                author=document.author,
                published=document.published,
                updated=document.updated,
                date_source=document.date_source,
                url=document.url,
                text=document.text,
                digest=mark,
            )
        ).inserted_primary_key
        assert key is not None
        version: int = key[0]
        if document.spans:
            connection.execute(
                spans.insert(),
                [
                    {"version": version, "start": s.start, "end": s.end, "kind": s.kind, "value": s.value}
                    for s in document.spans
                ],
            )
        if cuts:
            first = self._take_seq(connection, len(cuts))
            connection.execute(
                passages.insert(),
                [
                    {
                        "seq": first + i,
                        "retired": False,
                        "version": version,
                        "start": start,
                        "end": end,
                        "hash": digest(embedded(document.title, document.text[start:end])),
                    }
                    for i, (start, end) in enumerate(cuts)
                ],
            )
        return version

    def _take_seq(self, connection: sa.Connection, count: int) -> int:
        """Reserves `count` numbers of the passage sequence and returns the first."""
        connection.execute(meta.update().where(meta.c.key == "seq").values(value=meta.c.value + count))
        last: int = connection.execute(sa.select(meta.c.value).where(meta.c.key == "seq")).scalar_one()
        return last - count + 1

    def _turn(self, connection: sa.Connection, version: int, *, retired: bool) -> None:
        """Gives every passage of a version a new seq, as a tombstone or alive again."""
        rows = connection.execute(sa.select(passages.c.id).where(passages.c.version == version).order_by(passages.c.id))
        ids = list(rows.scalars())
        first = self._take_seq(connection, len(ids))
        for i, key in enumerate(ids):
            connection.execute(passages.update().where(passages.c.id == key).values(seq=first + i, retired=retired))

    def _retire(self, connection: sa.Connection, version: int) -> None:
        self._turn(connection, version, retired=True)

    def _revive(self, connection: sa.Connection, version: int) -> None:
        self._turn(connection, version, retired=False)

    def _drop_unsourced(self, connection: sa.Connection, document: str) -> bool:
        """Retires an article's current version where no file holds the article any more."""
        if connection.execute(sa.select(sources.c.path).where(sources.c.document == document)).first() is not None:
            return False
        current = connection.execute(sa.select(documents.c.current).where(documents.c.id == document)).scalar()
        if current is not None:
            self._retire(connection, current)
            connection.execute(documents.update().where(documents.c.id == document).values(current=None))
        return True

    def drop_source(self, root: Root, path: str, item: str = "") -> bool:
        """Takes a vanished file, or a vanished item of one, out; returns whether its article is retired with it.

        Where another file still holds the article, that file is marked to be read again.
        """
        with self.begin() as connection:
            where = (sources.c.root == root.id, sources.c.path == path, sources.c.item == item)
            document = connection.execute(sa.select(sources.c.document).where(*where)).scalar_one()
            connection.execute(sources.delete().where(*where))
            if self._drop_unsourced(connection, document):
                return True
            connection.execute(sources.update().where(sources.c.document == document).values(stamp="", digest=""))
            return False

    # -- forgetting ----------------------------------------------------------------------------

    def forget(self, document: str) -> None:
        """Erases an article with all its versions, and marks its files as not to be read again."""
        with self.begin() as connection:
            for path, item in self._paths(connection, document):
                row = {"document": document, "path": path, "item": item, "forgotten": now()}
                connection.execute(exclusions.insert().prefix_with("OR REPLACE").values(row))
            self._erase(connection, document)
        self.empty_log()

    def _paths(self, connection: sa.Connection, document: str) -> set[tuple[str, str]]:
        """Where an article lies, as (absolute path, item): its files, and those that its versions were read from."""
        held = sa.select(roots.c.path, sources.c.path.label("inside"), sources.c.item).join_from(roots, sources)
        read = sa.select(roots.c.path, versions.c.source, versions.c.item)
        read = read.join_from(roots, versions, versions.c.root == roots.c.name)
        both = sa.union(held.where(sources.c.document == document), read.where(versions.c.document == document))
        return {(_place(row.path, row.inside), row.item) for row in connection.execute(both)}

    def forget_root(self, root: Root) -> list[str]:
        """Erases a root and every article that only it holds; returns the ids of those that went."""
        with self.begin() as connection:
            held = set(connection.execute(sa.select(sources.c.document).where(sources.c.root == root.id)).scalars())
            connection.execute(roots.delete().where(roots.c.id == root.id))
            # Articles that an earlier sync of this root retired have no source left; their versions name it.
            held |= set(
                connection.execute(
                    sa.select(versions.c.document)
                    .join(documents, documents.c.id == versions.c.document)
                    .where(versions.c.root == root.name, documents.c.current.is_(None))
                ).scalars()
            )
            kept = set(connection.execute(sa.select(sources.c.document)).scalars())
            gone = sorted(held - kept)
            for document in gone:
                self._erase(connection, document)
        self.empty_log()
        return gone

    def _erase(self, connection: sa.Connection, document: str) -> None:
        ids = list(connection.execute(sa.select(versions.c.id).where(versions.c.document == document)).scalars())
        hashes = set(connection.execute(sa.select(passages.c.hash).where(passages.c.version.in_(ids))).scalars())
        for version in ids:
            self._retire(connection, version)
        connection.execute(
            passages.update().where(passages.c.version.in_(ids)).values(hash="", start=0, end=0, version=None)
        )
        still = set(connection.execute(sa.select(passages.c.hash).where(passages.c.hash.in_(hashes))).scalars())
        connection.execute(vectors.delete().where(vectors.c.hash.in_(hashes - still)))
        connection.execute(sources.delete().where(sources.c.document == document))
        connection.execute(versions.delete().where(versions.c.document == document))
        connection.execute(documents.delete().where(documents.c.id == document))
        # Both indexes are owed a rebuild from nothing: a row deleted from their files can still be read there.
        connection.execute(indexes.update().values(applied=0))

    def exclusions(self) -> list[Exclusion]:
        """The articles that were forgotten, in order of paths."""
        with self.begin() as connection:
            rows = connection.execute(sa.select(exclusions).order_by(exclusions.c.path, exclusions.c.item))
            return [Exclusion(*row) for row in rows]

    def lift_exclusion(self, path: Path) -> None:
        """Lets a forgotten file be read again; naming the folder round it does not."""
        with self.begin() as connection:
            connection.execute(exclusions.delete().where(exclusions.c.path == str(path)))

    # -- what an index reads -------------------------------------------------------------------

    def last_seq(self) -> int:
        with self.begin() as connection:
            return int(connection.execute(sa.select(meta.c.value).where(meta.c.key == "seq")).scalar_one())

    def active_count(self) -> int:
        with self.begin() as connection:
            return int(connection.execute(sa.select(sa.func.count()).where(passages.c.retired.is_(False))).scalar_one())

    def changes(self, after: int) -> Iterator[list[Change]]:
        """Passage rows with `seq > after`, in order, in batches; texts are cut from their versions."""
        with self.begin() as connection:
            rows = connection.execute(
                sa.select(passages, versions.c.document, versions.c.title)
                .outerjoin(versions, versions.c.id == passages.c.version)
                .where(passages.c.seq > after)
                .order_by(passages.c.seq)
            )
            held: tuple[int, str] = (0, "")  # the last version's text: rows of one version follow one another
            for part in rows.partitions(BATCH):
                batch = []
                for row in part:
                    if not row.retired and held[0] != row.version:
                        text = connection.execute(
                            sa.select(versions.c.text).where(versions.c.id == row.version)
                        ).scalar_one()
                        held = (row.version, text)
                    text = "" if row.retired else held[1][row.start : row.end]
                    batch.append(
                        Change(row.id, row.seq, row.retired, row.document or "", row.hash, row.title or "", text)
                    )
                yield batch

    def stamp(self, name: str) -> Stamp:
        """How far an index has come; a stamp of zeros where it has never been written."""
        with self.begin() as connection:
            row = connection.execute(sa.select(indexes).where(indexes.c.name == name)).one_or_none()
        return Stamp() if row is None else Stamp(*row[1:])  # the columns stand in the order of the fields

    def set_stamp(self, name: str, stamp: Stamp) -> None:
        with self.begin() as connection:
            connection.execute(
                indexes.insert()
                .prefix_with("OR REPLACE")
                .values(
                    name=name,
                    applied=stamp.applied,
                    count=stamp.count,
                    generation=stamp.generation,
                    embedder=stamp.embedder,
                    files=stamp.files or {},
                )
            )

    def vectors(self, embedder: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Vectors that are kept, by text hash; float32, little endian."""
        wanted, found = sorted(set(hashes)), {}
        with self.begin() as connection:
            for part in batches(wanted):
                rows = connection.execute(
                    sa.select(vectors.c.hash, vectors.c.vector).where(
                        vectors.c.embedder == embedder, vectors.c.hash.in_(part)
                    )
                )
                found.update({row.hash: bytes(row.vector) for row in rows})
        return found

    def put_vectors(self, embedder: str, new: dict[str, bytes]) -> None:
        if not new:
            return
        with self.begin() as connection:
            connection.execute(
                vectors.insert().prefix_with("OR REPLACE"),
                [{"embedder": embedder, "hash": key, "vector": value} for key, value in new.items()],
            )

    # -- what a search and a reader read -------------------------------------------------------

    def hashes(self, ids: Sequence[int]) -> dict[int, tuple[str, str, str | None]]:
        """For live passages: id → (text hash, document id, published day)."""
        found = {}
        with self.begin() as connection:
            for part in batches(ids):
                rows = connection.execute(
                    sa.select(passages.c.id, passages.c.hash, versions.c.document, versions.c.published)
                    .join(versions, versions.c.id == passages.c.version)
                    .where(passages.c.id.in_(part), passages.c.retired.is_(False))
                )
                found.update({row.id: (row.hash, row.document, row.published) for row in rows})
        return found

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """Live passages with their texts, in the order asked for; ids that are gone are left out."""
        found: dict[int, Passage] = {}
        with self.begin() as connection:
            for part in batches(ids):
                rows = connection.execute(
                    self._facts(passages.c.id.label("passage"), passages.c.start, passages.c.end, versions.c.text)
                    .join(passages, passages.c.version == versions.c.id)
                    .where(passages.c.id.in_(part), passages.c.retired.is_(False))
                )
                for row in rows:
                    found[row.passage] = Passage(
                        row.passage, _document(row), row.start, row.end, row.text[row.start : row.end]
                    )
        return [found[key] for key in ids if key in found]

    def _facts(self, *more: Any) -> sa.Select[Any]:
        """A SELECT of what a Document without its text needs."""
        facts = [c for c in versions.c if c.name not in ("id", "text", "digest", "document")]
        return sa.select(
            documents.c.id.label("key"), documents.c.ingested, documents.c.family, *facts, *more
        ).join_from(versions, documents, documents.c.id == versions.c.document)

    def _where(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        """The hard filters as conditions on versions."""
        where: list[sa.ColumnElement[bool]] = []
        if filters.since or filters.until:
            dated: list[sa.ColumnElement[bool]] = [versions.c.published.is_not(None)]
            dated += [versions.c.published >= filters.since] if filters.since else []
            dated += [versions.c.published <= filters.until] if filters.until else []
            both = sa.and_(*dated)
            where.append(sa.or_(versions.c.published.is_(None), both) if filters.undated else both)
        outlet = sa.func.lower(sa.func.coalesce(versions.c.outlet, ""))
        if filters.outlets:
            where.append(outlet.in_([name.lower() for name in filters.outlets]))
        if filters.not_outlets:
            where.append(outlet.not_in([name.lower() for name in filters.not_outlets]))
        if filters.documents:
            below = sa.select(sources.c.document).join(roots).where(roots.c.name.in_(filters.documents))
            where.append(sa.or_(documents.c.id.in_(filters.documents), documents.c.id.in_(below)))
        return where

    def documents(self, filters: Filters = UNFILTERED) -> list[Document]:
        """The live articles that pass the filters, newest first, undated last, without their texts."""
        statement = self._facts().where(documents.c.current == versions.c.id, *self._where(filters))
        order = (
            versions.c.published.is_(None),
            versions.c.published.desc(),
            versions.c.title,
            documents.c.id,
        )
        with self.begin() as connection:
            return [_document(row) for row in connection.execute(statement.order_by(*order))]

    def coverage(self, filters: Filters = UNFILTERED) -> Coverage:
        """What the corpus holds under the filters."""
        live = (documents.c.current == versions.c.id, *self._where(filters))
        tied = sa.join(versions, documents, documents.c.id == versions.c.document)
        with self.begin() as connection:
            count, dated, first, last = connection.execute(
                sa.select(
                    sa.func.count(),
                    sa.func.count(versions.c.published),
                    sa.func.min(versions.c.published),
                    sa.func.max(versions.c.published),
                )
                .select_from(tied)
                .where(*live)
            ).one()
            rows = connection.execute(
                sa.select(versions.c.outlet, sa.func.count().label("n"))
                .select_from(tied)
                .where(*live, versions.c.outlet.is_not(None))
                .group_by(versions.c.outlet)
                .order_by(sa.func.count().desc(), versions.c.outlet)
            ).all()
        return Coverage(count, count - dated, first, last, tuple((row.outlet, row.n) for row in rows))

    def allowed(self, filters: Filters) -> dict[int, str] | None:
        """Live passages under the filters, id → document id; None where nothing is filtered."""
        if not filters.hides:
            return None
        with self.begin() as connection:
            rows = connection.execute(
                sa.select(passages.c.id, versions.c.document)
                .select_from(sa.join(versions, documents, documents.c.id == versions.c.document))
                .join(passages, passages.c.version == versions.c.id)
                .where(passages.c.retired.is_(False), documents.c.current == versions.c.id, *self._where(filters))
            )
            return {row.id: row.document for row in rows}

    def document(self, key: str, version: int | None = None) -> Document:
        """One article with its text: the current version, or that number; a retired article's last.

        `key` may be the beginning of an id. Raises BadPath where no article or several have it.
        """
        with self.begin() as connection:
            ids = list(
                connection.execute(
                    sa.select(documents.c.id).where(sa.func.substr(documents.c.id, 1, len(key)) == key).limit(3)
                ).scalars()
            )
            if key in ids:
                ids = [key]
            if len(ids) != 1 or not key:
                self._say_absent(connection, key, len(ids))
            statement = self._facts(versions.c.id.label("version_id"), versions.c.text).where(documents.c.id == ids[0])
            if version is not None:
                statement = statement.where(versions.c.number == version)
            wanted = documents.c.current == versions.c.id
            row = connection.execute(statement.order_by(wanted.desc(), versions.c.number.desc())).first()
            if row is None:
                raise BadPath(f"Article {ids[0]} has no version {version}.", f"See: footnote show {ids[0]} --versions")
            marks = connection.execute(
                sa.select(spans).where(spans.c.version == row.version_id).order_by(spans.c.start)
            )
            kept = tuple(Span(s.start, s.end, s.kind, s.value) for s in marks)
        return _document(row, text=row.text, spans=kept)

    def _say_absent(self, connection: sa.Connection, key: str, matches: int) -> None:
        if matches > 1:
            raise BadPath(
                f"Several articles have an id that begins with '{key}'.",
                "Give more of the id: footnote sources",
            )
        gone = connection.execute(sa.select(exclusions.c.forgotten).where(exclusions.c.document == key)).scalar()
        if gone:
            raise BadPath(f"Article {key} was forgotten on {gone[:10]}.", "Ingest its file by name to read it again.")
        raise BadPath(f"No article has the id '{key}'.", "List the ids with: footnote sources")

    def versions(self, key: str) -> list[tuple[int, str | None, bool]]:
        """An article's versions: (number, published, whether it is the current one)."""
        with self.begin() as connection:
            rows = connection.execute(
                sa.select(
                    versions.c.number,
                    versions.c.published,
                    (documents.c.current == versions.c.id).label("live"),
                )
                .join(documents, documents.c.id == versions.c.document)
                .where(documents.c.id == key)
                .order_by(versions.c.number)
            ).all()
        return [(row.number, row.published, bool(row.live)) for row in rows]


def _place(root: str, inside: str) -> str:
    """The absolute path of a source; a root that is one file holds it under its own name or under none."""
    single = inside in ("", Path(root).name) and not Path(root).is_dir()
    return root if single else str(Path(root) / inside)


def _document(row: Any, *, text: str = "", spans: tuple[Span, ...] = ()) -> Document:
    """A noun from a row of `Record._facts`."""
    return Document(
        id=row.key, root=row.root, source=row.source, title=row.title, outlet=row.outlet, author=row.author,
        published=row.published, updated=row.updated, date_source=row.date_source, ingested=row.ingested,
        version=row.number, url=row.url, text=text, spans=spans, family=row.family, item=row.item,
    )  # fmt: skip


def batches(values: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Slices of at most `size`."""
    for i in range(0, len(values), size):
        yield values[i : i + size]
