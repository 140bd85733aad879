"""Forgetting: an article or a root is erased, and the erasure stays noted until its last trace is gone."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from store.record.log import batches, renumber
from store.record.roots import Root
from store.record.schema import documents, erasures, exclusions, indexes, passages, roots, sources, vectors, versions
from store.sqlite import Database, now


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An article that was forgotten, and where it is not to be read again."""

    document: str
    path: str
    item: str
    forgotten: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that has begun: the articles are out of the record, their words may still stand elsewhere."""

    id: int
    name: str  # the root's name, or the article's id
    path: str  # the root's path, or nothing
    said: str  # what is forgotten, in words
    documents: list[str]


class Forgetting(Database):
    """The record as `forget` empties it.

    Articles and roots go in the same transaction that notes the erasure. Whoever has then cleared logs, indexes and
    saved answers calls `erased`; until then `erasures` tells that there is work to finish, whatever happened.
    """

    def forget(self, document: str, title: str = "") -> None:
        """Erases an article with all its versions, and marks its files as not to be read again."""
        with self.begin() as connection:
            for path, item in self._paths(connection, document):
                row = {"document": document, "path": path, "item": item, "forgotten": now()}
                connection.execute(exclusions.insert().prefix_with("OR REPLACE").values(row))
            self._erase(connection, document)
            said = f"the article {document} ({title})"
            connection.execute(erasures.insert().values(name=document, path="", said=said, documents=[document]))

    def forget_root(self, root: Root) -> None:
        """Erases a root and every article that only it holds."""
        of_root = sa.select(sources.c.document).where(sources.c.root == root.id)
        # Articles that an earlier sync of this root retired have no source left; their versions name it.
        retired = sa.select(versions.c.document).join(documents, documents.c.id == versions.c.document)
        retired = retired.where(versions.c.root == root.name, documents.c.current.is_(None))
        with self.begin() as connection:
            held = set(connection.execute(sa.union(of_root, retired)).scalars())
            connection.execute(roots.delete().where(roots.c.id == root.id))
            gone = sorted(held - set(connection.execute(sa.select(sources.c.document)).scalars()))
            for document in gone:
                self._erase(connection, document)
            said = f"the root '{root.name}' with {len(gone)} article{'' if len(gone) == 1 else 's'}"
            row = {"name": root.name, "path": str(root.path), "said": said, "documents": gone}
            connection.execute(erasures.insert().values(row))

    def _paths(self, connection: sa.Connection, document: str) -> set[tuple[str, str]]:
        """Where an article lies, as (absolute path, item): its files, and those that its versions were read from."""
        held = sa.select(roots.c.path, sources.c.path.label("inside"), sources.c.item).join_from(roots, sources)
        read = sa.select(roots.c.path, versions.c.source, versions.c.item)
        read = read.join_from(roots, versions, versions.c.root == roots.c.name)
        both = sa.union(held.where(sources.c.document == document), read.where(versions.c.document == document))
        return {(_place(row.path, row.inside), row.item) for row in connection.execute(both)}

    def _erase(self, connection: sa.Connection, document: str) -> None:
        """Deletes all rows of an article; its passages stay as tombstones without their hashes."""
        ids = list(connection.execute(sa.select(versions.c.id).where(versions.c.document == document)).scalars())
        hashes = set(connection.execute(sa.select(passages.c.hash).where(passages.c.version.in_(ids))).scalars())
        for version in ids:
            renumber(connection, version, retired=True)
        connection.execute(
            passages.update().where(passages.c.version.in_(ids)).values(hash="", start=0, end=0, version=None)
        )
        for part in batches(sorted(hashes)):
            still = sa.select(passages.c.hash).where(passages.c.hash.in_(part))
            connection.execute(vectors.delete().where(vectors.c.hash.in_(part), vectors.c.hash.not_in(still)))
        connection.execute(sources.delete().where(sources.c.document == document))
        connection.execute(versions.delete().where(versions.c.document == document))
        connection.execute(documents.delete().where(documents.c.id == document))
        # Both indexes are owed a rebuild from nothing: a row deleted from their files can still be read there.
        connection.execute(indexes.update().values(applied=0))

    def erasures(self) -> list[Erasure]:
        """The erasures that have begun and not ended, oldest first."""
        return [Erasure(*row) for row in self.rows(sa.select(erasures).order_by(erasures.c.id))]

    def erased(self, erasure: Erasure) -> None:
        """Notes the end of an erasure, and leaves no word of it in the log."""
        with self.begin() as connection:
            connection.execute(erasures.delete().where(erasures.c.id == erasure.id))
        self.empty_log()

    def exclusions(self) -> list[Exclusion]:
        """The articles that were forgotten, in order of paths."""
        in_order = sa.select(exclusions).order_by(exclusions.c.path, exclusions.c.item)
        return [Exclusion(*row) for row in self.rows(in_order)]

    def lift_exclusion(self, path: Path) -> None:
        """Lets a forgotten file be read again; naming the folder round it does not."""
        with self.begin() as connection:
            connection.execute(exclusions.delete().where(exclusions.c.path == str(path)))


def _place(root: str, inside: str) -> str:
    """The absolute path of a source; a root that is one file holds it under its own name or under none."""
    single = inside in ("", Path(root).name) and not Path(root).is_dir()
    return root if single else str(Path(root) / inside)
