"""Writing articles: versions that stay, and passages that follow the current one."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy import bindparam

from store.identity import digest, embedded
from store.passage import Document, Span
from store.record.log import renumber, take_seq
from store.record.roots import Root, Source
from store.record.schema import FACTS, documents, passages, roots, sources, spans, versions
from store.sqlite import Database, insert, now

# Statements of each article that is written, made once: making one takes longer than running it.
_KNOWN = sa.select(documents).where(documents.c.id == bindparam("document"))
_SAME = sa.select(versions.c.id).where(
    versions.c.document == bindparam("document"), versions.c.digest == bindparam("mark")
)
_LAST = sa.select(sa.func.coalesce(sa.func.max(versions.c.number), 0)).where(
    versions.c.document == bindparam("document")
)
_CURRENT = documents.update().where(documents.c.id == bindparam("document")).values(current=bindparam("version"))
_ADD, _ADD_SOURCE = documents.insert(), sources.insert()
_ADD_VERSION = versions.insert().returning(versions.c.id)
_HERE = [
    sources.c.root == bindparam("of_root"),
    sources.c.path == bindparam("at_path"),
    sources.c.item == bindparam("of_item"),
]
_HELD, _LET_GO = sa.select(sources.c.document).where(*_HERE), sources.delete().where(*_HERE)


class Articles(Database):
    """The record as a sync writes it."""

    def put(self, document: Document, cuts: Sequence[tuple[int, int]], root: Root, source: Source) -> str:
        """Writes one article with its passages in one transaction; returns "added", "changed" or "same".

        `cuts` are the passages as offsets into `document.text`. A text that an earlier version of the
        document already holds brings that version back instead of doubling it.
        """
        cut_by = [span for span in document.spans if span.kind != "event"]
        mark = digest(document.text, document.title, document.outlet, document.author, document.published,
                      document.updated, document.url, *(f"{s.start}-{s.end}-{s.kind}" for s in cut_by),
                      *(f"{start}:{end}" for start, end in cuts))  # fmt: skip
        with self.begin() as connection:
            known = connection.execute(_KNOWN, {"document": document.id}).one_or_none()
            if known is None:
                row = {"id": document.id, "ingested": now(), "family": document.family}
                connection.execute(_ADD, row)
            self._point(connection, root, source, document.id)
            version = connection.execute(_SAME, {"document": document.id, "mark": mark}).scalar() if known else None
            if version is not None:
                self._place_version(connection, version, document)
                self._write_event_dates(connection, version, document)
            if known is not None and known.current is not None and known.current == version:
                return "same"
            if known is not None and known.current is not None:
                renumber(connection, known.current, retired=True)
            if version is None:
                version = self._write_version(connection, document, cuts, mark, is_first=known is None)
            else:
                renumber(connection, version, retired=False)
            connection.execute(_CURRENT, {"document": document.id, "version": version})
            return "added" if known is None or known.current is None else "changed"

    def _place_version(self, connection: sa.Connection, version: int, document: Document) -> None:
        """Lets a version name the file that holds it now, where the one it was read from is gone."""
        same_file = sa.and_(roots.c.name == versions.c.root, sources.c.path == versions.c.source)
        still = sa.select(sources.c.path).join(roots).where(same_file, sources.c.document == document.id)
        gone = sa.and_(versions.c.id == version, ~still.correlate(versions).exists())
        facts = {"root": document.root, "source": document.source, "item": document.item}
        connection.execute(versions.update().where(gone).values(facts))

    def _write_event_dates(self, connection: sa.Connection, version: int, document: Document) -> None:
        """Replaces the event dates of a version: how they are read may have changed, while the text has not."""
        connection.execute(spans.delete().where(spans.c.version == version, spans.c.kind == "event"))
        _write_spans(connection, version, (span for span in document.spans if span.kind == "event"))

    def _point(self, connection: sa.Connection, root: Root, source: Source, document: str) -> None:
        """Ties an item of a file to its article, and lets go of the article that it held before."""
        here = {"of_root": root.id, "at_path": source.path, "of_item": source.item}
        before = connection.execute(_HELD, here).scalar()
        if before is not None:
            connection.execute(_LET_GO, here)
        connection.execute(_ADD_SOURCE, asdict(source) | {"root": root.id, "document": document})
        if before is not None and before != document:
            self._drop_unsourced(connection, before)

    def _write_version(
        self,
        connection: sa.Connection,
        document: Document,
        cuts: Sequence[tuple[int, int]],
        mark: str,
        *,
        is_first: bool,
    ) -> int:
        """Writes a new version with its spans and passages; returns its key."""
        number = 1 if is_first else connection.execute(_LAST, {"document": document.id}).scalar_one() + 1
        row = {"document": document.id, "number": number, "digest": mark}
        row |= {name: getattr(document, name) for name in ("text", *FACTS)}
        version: int = connection.execute(_ADD_VERSION, row).scalar_one()
        _write_spans(connection, version, document.spans)
        if cuts:
            first = take_seq(connection, len(cuts))
            hashes = (digest(embedded(document.title, document.text[start:end])) for start, end in cuts)
            rows = [
                (seq, False, version, start, end, key)
                for seq, ((start, end), key) in enumerate(zip(cuts, hashes, strict=True), first)
            ]
            insert(connection, passages, "seq retired version start end hash", rows)
        return version

    def _drop_unsourced(self, connection: sa.Connection, document: str) -> bool:
        """Retires an article's current version where no file holds the article any more."""
        if connection.execute(sa.select(sources.c.path).where(sources.c.document == document)).first() is not None:
            return False
        current = connection.execute(sa.select(documents.c.current).where(documents.c.id == document)).scalar()
        if current is not None:
            renumber(connection, current, retired=True)
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


def _write_spans(connection: sa.Connection, version: int, found: Iterable[Span]) -> None:
    rows = [(version, span.start, span.end, span.kind, span.value) for span in found]
    insert(connection, spans, "version start end kind value", rows)
