"""The roots of a corpus and the files in them that hold articles."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from store.record.schema import exclusions, roots, sources
from store.sqlite import Database


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
    names them; all share the file's stamp, and each has the digest of its own article as it was read. Such a file is
    written article by article with an empty stamp, and stamped by `Record.restamp` after the last: a kill in between
    leaves it to be read again.
    """

    path: str
    document: str
    stamp: str
    digest: str
    item: str = ""


class Roots(Database):
    """The record as a walk over the roots compares it with the disk."""

    def roots(self) -> list[Root]:
        return [Root(row.id, row.name, Path(row.path)) for row in self.rows(sa.select(roots).order_by(roots.c.id))]

    def add_root(self, path: Path) -> Root:
        """Remembers a root under a name of its own (the folder's, with a number where it is taken)."""
        with self.begin() as connection:
            taken = set(connection.execute(sa.select(roots.c.name)).scalars())
            base = path.name or "root"
            name, number = base, 2
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            row = roots.insert().values(name=name, path=str(path)).returning(roots.c.id)
            return Root(connection.execute(row).scalar_one(), name, path)

    def sources(self, root: Root) -> dict[str, list[Source]]:
        """The files of a root that hold articles, by their path inside it: one source an article, in order of items.

        A file is as it was when all of them have its stamp of now; what has an empty stamp is to be read again.
        """
        by_path: dict[str, list[Source]] = {}
        of_root = sa.select(sources).where(sources.c.root == root.id)
        for row in self.rows(of_root.order_by(sources.c.path, sources.c.item)):
            by_path.setdefault(row.path, []).append(Source(row.path, row.document, row.stamp, row.digest, row.item))
        return by_path

    def move(self, root: Root, path: str, to_root: Root, to: str) -> None:
        """Notes the new place of a file: its articles lie there, and it is read and they are written again."""
        forgotten = (exclusions.c.path == str(root.path / path), exclusions.c.item != "")
        with self.begin() as connection:
            here = (sources.c.root == root.id, sources.c.path == path)
            connection.execute(sources.update().where(*here).values(root=to_root.id, path=to, stamp="", digest=""))
            moved = exclusions.update().prefix_with("OR REPLACE").where(*forgotten)
            connection.execute(moved.values(path=str(to_root.path / to)))

    def restamp(self, root: Root, path: str, stamp: str) -> None:
        """Notes a file's stamp for all its articles: it was touched, or the last of them is written.

        With an empty stamp the file is read again, and all its articles are written again.
        """
        with self.begin() as connection:
            here = (sources.c.root == root.id, sources.c.path == path)
            kept = {"stamp": stamp} if stamp else {"stamp": "", "digest": ""}
            connection.execute(sources.update().where(*here).values(kept))
