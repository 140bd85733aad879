"""Families: the signatures by which copies are told, the pairs that share text, and the family of each article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from store.passage import Document
from store.record.library import Library
from store.record.log import batches
from store.record.schema import copies, documents, passages, signatures, versions

BETWEEN = "\n\n"  # stands between the passages of a text that is compared


@dataclass(frozen=True, slots=True)
class Signature:
    """What tells the copies of an article: the sketch of its text, its size, and the agency that it credits."""

    document: str
    version: int
    sketch: bytes
    size: int
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """An article with its copies, newest first, and the articles that share text with any of them but differ."""

    origin: Document
    copies: tuple[Document, ...]
    partial: tuple[Document, ...] = ()

    @property
    def credit(self) -> str | None:
        """The agency that the text comes from, as the origin says, or else a copy."""
        return next((one.credit for one in (self.origin, *self.copies) if one.credit), None)


class Families(Library):
    """The record as it groups articles that are copies of one another."""

    def unsigned(self) -> dict[str, int]:
        """The live articles whose current version has no signature yet, each with that version's id."""
        tied = sa.outerjoin(documents, signatures, documents.c.id == signatures.c.document)
        stale = sa.or_(signatures.c.version.is_(None), signatures.c.version != documents.c.current)
        of_live = sa.select(documents.c.id, documents.c.current).select_from(tied)
        rows = self.rows(of_live.where(documents.c.current.is_not(None), stale).order_by(documents.c.current))
        return {row.id: row.current for row in rows}

    def signatures(self) -> list[Signature]:
        """The signatures of the live articles that are as they were signed."""
        tied = sa.join(signatures, documents, documents.c.id == signatures.c.document)
        fresh = sa.select(signatures).select_from(tied).where(documents.c.current == signatures.c.version)
        return [Signature(*row) for row in self.rows(fresh)]

    def wordings(self, ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        """Of each version its id, its text as it is compared, that is its passages, and the whole text."""
        for part in batches(sorted(ids)):
            with self.begin() as connection:
                cuts = sa.select(passages.c.version, passages.c.start, passages.c.end)
                cuts = cuts.where(passages.c.version.in_(part)).order_by(passages.c.version, passages.c.start)
                spans: dict[int, list[tuple[int, int]]] = {}
                for version, start, end in connection.execute(cuts):
                    spans.setdefault(version, []).append((start, end))
                texts = sa.select(versions.c.id, versions.c.text).where(versions.c.id.in_(part))
                for row in connection.execute(texts).all():
                    yield row.id, BETWEEN.join(row.text[start:end] for start, end in spans.get(row.id, ())), row.text

    def pairs(self) -> list[tuple[str, str, str]]:
        """The pairs of articles that share much text: (lesser id, greater id, "copy" or "partial")."""
        return [tuple(row) for row in self.rows(sa.select(copies).order_by(copies.c.one, copies.c.other))]

    def group(
        self,
        new: Sequence[Signature],
        pairs: Iterable[tuple[str, str, str]],
        families: Mapping[str, str],
        kin: Mapping[str, str],
    ) -> None:
        """Notes signatures of articles that are new or changed, all pairs, and each article's family and kin.

        What is noted of articles that are gone is deleted.
        """
        live = sa.select(documents.c.id).where(documents.c.current.is_not(None))
        wanted = {(one, other): relation for one, other, relation in pairs}
        known = {(one, other): relation for one, other, relation in self.pairs()}
        before = self.rows(sa.select(documents.c.id, documents.c.family, documents.c.kin))
        with self.begin(write=True) as connection:
            connection.execute(signatures.delete().where(signatures.c.document.not_in(live)))
            for part in batches([one.document for one in new]):
                connection.execute(signatures.delete().where(signatures.c.document.in_(part)))
            if new:
                connection.execute(signatures.insert(), [asdict(one) for one in new])
            for one, other in [pair for pair in known if known[pair] != wanted.get(pair)]:
                connection.execute(copies.delete().where(copies.c.one == one, copies.c.other == other))
            if added := sorted(pair for pair in wanted if known.get(pair) != wanted[pair]):
                values = [{"one": one, "other": other, "relation": wanted[one, other]} for one, other in added]
                connection.execute(copies.insert(), values)
            for row in before:
                both = {"family": families.get(row.id), "kin": kin.get(row.id)}
                if (row.family, row.kin) != tuple(both.values()):
                    connection.execute(documents.update().where(documents.c.id == row.id).values(both))

    def family_count(self) -> int:
        """The number of groups of live articles that are copies of one another."""
        number = sa.func.count(documents.c.family.distinct()).label("number")
        return int(self.rows(sa.select(number).where(documents.c.current.is_not(None)))[0].number)

    def families(self) -> list[Family]:
        """The groups of live articles that are copies of one another, that of the newest article first."""
        every = {document.id: document for document in self.documents()}
        members: dict[str, list[Document]] = {}
        for document in every.values():
            if document.family:
                members.setdefault(document.family, []).append(document)
        partial: dict[str, dict[str, Document]] = {key: {} for key in members}
        for one, other, relation in self.pairs():
            for key, beside in ((one, other), (other, one)):
                family = every[key].family
                if relation == "partial" and family and every[beside].family != family:
                    partial[family][beside] = every[beside]
        return [
            Family(every[key], tuple(one for one in copies if one.id != key), tuple(partial[key].values()))
            for key, copies in members.items()
        ]
