"""Reading articles: lists under filters, passages, and whole texts."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from store.errors import BadPath
from store.outlets import comparable
from store.passage import BEFORE, MONTH_END, Coverage, Document, Filters, Passage, Span, days_of, posted
from store.record.log import batches
from store.record.schema import FACTS, documents, exclusions, passages, roots, signatures, sources, spans, versions
from store.sqlite import Database

UNFILTERED = Filters()


class Library(Database):
    """The record as a search, a list and a reader see it."""

    def hashes(self, ids: Sequence[int]) -> dict[int, tuple[str, str, str | None]]:
        """For live passages: id → (text hash, document id, published day)."""
        facts: dict[int, tuple[str, str, str | None]] = {}
        columns = (passages.c.id, passages.c.hash, versions.c.document, versions.c.published)
        with self.begin() as connection:
            for part in batches(ids):
                live = sa.select(*columns).join(versions, versions.c.id == passages.c.version)
                live = live.where(passages.c.id.in_(part), passages.c.retired.is_(False))
                facts.update({row.id: (row.hash, row.document, row.published) for row in connection.execute(live)})
        return facts

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """Live passages with their texts, in the order asked for; ids that are gone are left out."""
        by_id: dict[int, Passage] = {}
        with self.begin() as connection:
            for part in batches(ids):
                marks = self._marks(connection, part)
                rows = connection.execute(
                    self._facts(passages.c.id.label("passage"), passages.c.start, passages.c.end, versions.c.text)
                    .join(passages, passages.c.version == versions.c.id)
                    .where(passages.c.id.in_(part), passages.c.retired.is_(False))
                )
                for row in rows:
                    text = row.text[row.start : row.end]
                    before = row.text[max(0, row.start - BEFORE) : row.start]
                    kept = marks.get(row.passage, ())
                    document = posted(_document(row), kept, row.start)
                    by_id[row.passage] = Passage(
                        row.passage, document, row.start, row.end, text, before=before, spans=kept
                    )
        return [by_id[key] for key in ids if key in by_id]

    @staticmethod
    def _marks(connection: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[Span, ...]]:
        """The spans of passages, without furniture, by passage."""
        near = (spans.c.start < passages.c.end, spans.c.end > passages.c.start - BEFORE, spans.c.kind != "furniture")
        found = sa.select(passages.c.id, spans).join(spans, spans.c.version == passages.c.version)
        kept: dict[int, tuple[Span, ...]] = {}
        for row in connection.execute(found.where(passages.c.id.in_(ids), *near).order_by(spans.c.start)):
            kept[row.id] = (*kept.get(row.id, ()), Span(row.start, row.end, row.kind, row.value))
        return kept

    def _facts(self, *more: Any) -> sa.Select[Any]:
        """A SELECT of what a Document without its text needs."""
        columns = (documents.c.id.label("key"), documents.c.ingested, documents.c.family, documents.c.kin)
        credit = sa.select(signatures.c.credit).where(signatures.c.document == documents.c.id).scalar_subquery()
        notes = sa.and_(spans.c.version == versions.c.id, spans.c.kind == "correction")
        corrected = sa.select(sa.func.max(spans.c.value)).where(notes).correlate(versions).scalar_subquery()
        facts = (versions.c[name] for name in FACTS)
        same = documents.c.id == versions.c.document
        return sa.select(
            *columns, versions.c.number, credit.label("credit"), corrected.label("corrected"), *facts, *more
        ).join_from(versions, documents, same)

    def _where(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        """The hard filters as conditions on versions."""
        where: list[sa.ColumnElement[bool]] = []
        if filters.since or filters.until:
            dated: list[sa.ColumnElement[bool]] = [versions.c.published.is_not(None)]
            dated += [versions.c.published + MONTH_END >= filters.since] if filters.since else []
            dated += [versions.c.published <= filters.until] if filters.until else []
            both = sa.and_(*dated)
            where.append(sa.or_(versions.c.published.is_(None), both) if filters.undated else both)
        outlet = sa.func.comparable(sa.func.coalesce(versions.c.outlet, ""))
        if filters.outlets:
            where.append(outlet.in_(map(comparable, filters.outlets)))
        if filters.not_outlets:
            where.append(outlet.not_in(map(comparable, filters.not_outlets)))
        if filters.documents:
            below = sa.select(sources.c.document).join(roots).where(roots.c.name.in_(filters.documents))
            where.append(sa.or_(documents.c.id.in_(filters.documents), documents.c.id.in_(below)))
        return where

    def documents(self, filters: Filters = UNFILTERED) -> list[Document]:
        """The live articles that pass the filters, newest first, undated last, without their texts."""
        statement = self._facts().where(documents.c.current == versions.c.id, *self._where(filters))
        order = (versions.c.published.is_(None), versions.c.published.desc(), versions.c.title, documents.c.id)
        return [_document(row) for row in self.rows(statement.order_by(*order))]

    def coverage(self, filters: Filters = UNFILTERED) -> Coverage:
        """What the corpus holds under the filters."""
        live = (documents.c.current == versions.c.id, *self._where(filters))
        tied = sa.join(versions, documents, documents.c.id == versions.c.document)
        number, day = sa.func.count(), versions.c.published
        totals = sa.select(number, sa.func.count(day), sa.func.min(day), sa.func.max(day))
        totals = totals.select_from(tied).where(*live)
        outlets = sa.select(versions.c.outlet, number.label("n")).select_from(tied).group_by(versions.c.outlet)
        outlets = outlets.where(*live, versions.c.outlet.is_not(None)).order_by(number.desc(), versions.c.outlet)
        with self.begin() as connection:
            count, dated, first, last = connection.execute(totals).one()
            rows = connection.execute(outlets).all()
        begins, ends = ((days_of(day)[at].isoformat() if day else None) for at, day in enumerate((first, last)))
        return Coverage(count, count - dated, begins, ends, tuple((row.outlet, row.n) for row in rows))

    def allowed(self, filters: Filters) -> dict[int, str] | None:
        """Live passages under the filters, id → document id; None where nothing is filtered.

        A passage in a post of a live blog is left out where the post is of another time, though its page is not.
        """
        if not filters.hides:
            return None
        live = (passages.c.retired.is_(False), documents.c.current == versions.c.id)
        rows = self.rows(
            sa.select(passages.c.id, versions.c.document)
            .select_from(sa.join(versions, documents, documents.c.id == versions.c.document))
            .join(passages, passages.c.version == versions.c.id)
            .where(*live, *self._where(filters), *_in_time(filters))
        )
        return {row.id: row.document for row in rows}

    def document(self, key: str, version: int | None = None) -> Document:
        """One article with its text: the current version, or that number; a retired article's last.

        `key` may be the beginning of an id. Raises BadPath where no article or several have it.
        """
        with self.begin() as connection:
            begins = sa.func.substr(documents.c.id, 1, len(key)) == key
            ids = list(connection.execute(sa.select(documents.c.id).where(begins).limit(3)).scalars())
            if key in ids:
                ids = [key]
            if len(ids) != 1 or not key:
                raise _absent(connection, key, len(ids))
            statement = self._facts(versions.c.id.label("version_id"), versions.c.text).where(documents.c.id == ids[0])
            if version is not None:
                statement = statement.where(versions.c.number == version)
            wanted = documents.c.current == versions.c.id
            row = connection.execute(statement.order_by(wanted.desc(), versions.c.number.desc())).first()
            if row is None:
                raise BadPath(f"Article {ids[0]} has no version {version}.", f"See: footnote show {ids[0]} --versions")
            of_version = sa.select(spans).where(spans.c.version == row.version_id)
            marks = connection.execute(of_version.order_by(spans.c.start))
            kept = tuple(Span(s.start, s.end, s.kind, s.value) for s in marks)
        return _document(row, text=row.text, spans=kept)

    def recurring(self) -> dict[str, set[str]]:
        """The lines that were learnt as page, by outlet ("" for articles of none)."""
        line = sa.func.substr(versions.c.text, spans.c.start + 1, spans.c.end - spans.c.start).label("line")
        outlet = sa.func.coalesce(versions.c.outlet, "").label("outlet")
        found = sa.select(outlet, line).join(spans, spans.c.version == versions.c.id)
        learnt: dict[str, set[str]] = {}
        for row in self.rows(found.where(spans.c.kind == "furniture", spans.c.value == "recurring").distinct()):
            learnt.setdefault(row.outlet, set()).add(row.line)
        return learnt

    def versions(self, key: str) -> list[tuple[int, str | None, bool]]:
        """An article's versions: (number, published, whether it is the current one)."""
        live = (documents.c.current == versions.c.id).label("live")
        columns = sa.select(versions.c.number, versions.c.published, live)
        columns = columns.join(documents, documents.c.id == versions.c.document).where(documents.c.id == key)
        return [(row.number, row.published, bool(row.live)) for row in self.rows(columns.order_by(versions.c.number))]


def _absent(connection: sa.Connection, key: str, matches: int) -> BadPath:
    """The reason why no article, or none alone, has an id that begins so."""
    if matches > 1:
        said = f"Several articles have an id that begins with '{key}'."
        return BadPath(said, "Give more of the id: footnote sources")
    gone = connection.execute(sa.select(exclusions.c.forgotten).where(exclusions.c.document == key)).scalar()
    if gone:
        return BadPath(f"Article {key} was forgotten on {gone[:10]}.", "Ingest its file by name to read it again.")
    return BadPath(f"No article has the id '{key}'.", "List the ids with: footnote sources")


def _document(row: Any, *, text: str = "", spans: tuple[Span, ...] = ()) -> Document:
    """A document from a row of `Library._facts`."""
    facts = {name: getattr(row, name) for name in ("ingested", "family", "kin", "credit", "corrected", *FACTS)}
    return Document(id=row.key, version=row.number, text=text, spans=spans, **facts)


def _in_time(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    """The dates of a filter as conditions on the posts in which passages lie."""
    begun = (spans.c.version == passages.c.version, spans.c.start <= passages.c.start)
    posts = sa.select(spans.c.version).where(*begun, spans.c.end > passages.c.start, spans.c.kind == "post")
    day = sa.func.substr(spans.c.value, 1, 10)
    if filters.since:
        yield ~posts.where(day != "", day < filters.since).correlate(passages).exists()
    if filters.until:
        yield ~posts.where(day != "", day > filters.until).correlate(passages).exists()
