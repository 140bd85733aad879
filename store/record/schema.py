"""The tables of the record, and the way of an older file to them."""

from __future__ import annotations

import sqlalchemy as sa

from store.sqlite import Schema

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
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),  # of a root, or an article's id
    sa.Column("path", sa.Text, nullable=False),  # of a root, else ""
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("documents", sa.JSON, nullable=False),
)
ITEMS_AND_ERASURES = (
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
    """CREATE TABLE erasures (
        id INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, said TEXT NOT NULL, documents JSON NOT NULL,
        PRIMARY KEY (id))""",
)
SCHEMA = Schema(metadata, ("INSERT INTO meta (key, value) VALUES ('seq', 0)",), (ITEMS_AND_ERASURES,))
