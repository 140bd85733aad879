"""The tables of the record, and the way of an older file to them."""

from pathlib import Path

import sqlalchemy as sa

from store.sqlite import Schema, key, number, text

metadata = sa.MetaData()

meta = sa.Table("meta", metadata, key("key"), number("value"))
roots = sa.Table("roots", metadata, key("id", sa.Integer), text("name", unique=True), text("path", unique=True))
"""A root's path is absolute."""
documents = sa.Table(
    "documents",
    metadata,
    key("id"),
    text("ingested"),
    text("family", nullable=True),
    number("current", nullable=True),
    text("kin", nullable=True),
)
"""`current` is the id of a version, NULL once the article is retired."""
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("root", sa.ForeignKey("roots.id", ondelete="CASCADE"), primary_key=True),
    key("path"),  # inside the root
    key("item", server_default=""),  # inside the file; "" where it is one article
    sa.Column("document", sa.ForeignKey("documents.id"), nullable=False, index=True),
    text("stamp"),  # of the file as it was read
    text("digest"),  # of the file's bytes; of an article in a file of several of the article as it was read
)
versions = sa.Table(
    "versions",
    metadata,
    key("id", sa.Integer),
    sa.Column("document", sa.ForeignKey("documents.id"), nullable=False),
    number("number"),
    text("root"),  # the root's name, kept after the root is gone
    text("source"),
    text("title"),
    *(text(name, nullable=True) for name in ("outlet", "author", "published", "updated", "date_source", "url")),
    text("text"),
    text("digest"),  # of text and facts
    text("item", server_default=""),
    sa.UniqueConstraint("document", "number"),
)
spans = sa.Table(
    "spans",
    metadata,
    sa.Column("version", sa.ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    *(key("start", sa.Integer), key("end", sa.Integer), key("kind"), text("value")),
)
passages = sa.Table(
    "passages",
    metadata,
    key("id", sa.Integer),
    number("seq", unique=True),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("version", sa.ForeignKey("versions.id", ondelete="SET NULL"), index=True),
    *(number("start"), number("end")),
    text("hash", index=True),  # of the words that are embedded
    sqlite_autoincrement=True,
)
vectors = sa.Table(
    "vectors", metadata, key("embedder"), key("hash"), sa.Column("vector", sa.LargeBinary, nullable=False)
)
"""A vector is float32, little endian, of unit length."""
indexes = sa.Table(
    "indexes",
    metadata,
    key("name"),
    number("applied"),  # the last seq applied
    number("count"),  # passages held at that seq
    *(text("generation"), text("embedder")),
    sa.Column("files", sa.JSON, nullable=False),  # {path inside the folder: bytes}
)
exclusions = sa.Table(
    "exclusions", metadata, key("document"), key("path"), key("item", server_default=""), text("forgotten")
)
"""The path is absolute, and held the article when it was forgotten."""
erasures = sa.Table(
    "erasures",
    metadata,
    key("id", sa.Integer),
    *(text("name"), text("path"), text("said")),  # as the fields of an Erasure
    sa.Column("documents", sa.JSON, nullable=False),
)
signatures = sa.Table(
    "signatures",
    metadata,
    sa.Column("document", sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    number("version"),  # the id of the version that was current
    sa.Column("sketch", sa.LargeBinary, nullable=False),  # hashes of 64 bits in order, little endian
    number("size"),  # shingles of the whole text
    text("credit", nullable=True),  # the agency that the text credits
)
"""What tells the copies of an article, for each live one; see `store.copies`."""
copies = sa.Table(
    "copies",
    metadata,
    sa.Column("one", sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("other", sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True),
    text("relation"),  # "copy" or "partial"
)
"""Pairs of live articles that share much text; `one` is the lesser id."""
FACTS = ("root", "source", "item", "title", "outlet", "author", "published", "updated", "date_source", "url")
"""The fields of a document that each version of it keeps beside the text."""


def _step(name: str) -> tuple[str, ...]:
    return tuple(Path(__file__).with_name(name).read_text(encoding="utf-8").split(";"))


STEPS = (
    _step("step_2.sql"),  # items of a file, and erasures
    _step("step_3.sql"),  # signatures, and copies
)
SCHEMA = Schema(metadata, ("INSERT INTO meta (key, value) VALUES ('seq', 0)",), STEPS)
