CREATE TABLE sources_2 (
    root INTEGER NOT NULL, path TEXT NOT NULL, item TEXT DEFAULT '' NOT NULL, document TEXT NOT NULL,
    stamp TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (root, path, item),
    FOREIGN KEY(root) REFERENCES roots (id) ON DELETE CASCADE, FOREIGN KEY(document) REFERENCES documents (id));
INSERT INTO sources_2 SELECT root, path, '', document, stamp, digest FROM sources;
DROP TABLE sources;
ALTER TABLE sources_2 RENAME TO sources;
CREATE INDEX ix_sources_document ON sources (document);
ALTER TABLE versions ADD COLUMN item TEXT DEFAULT '' NOT NULL;
CREATE TABLE exclusions_2 (
    document TEXT NOT NULL, path TEXT NOT NULL, item TEXT DEFAULT '' NOT NULL, forgotten TEXT NOT NULL,
    PRIMARY KEY (document, path, item));
INSERT INTO exclusions_2 SELECT document, path, '', forgotten FROM exclusions;
DROP TABLE exclusions;
ALTER TABLE exclusions_2 RENAME TO exclusions;
CREATE TABLE erasures (
    id INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, said TEXT NOT NULL, documents JSON NOT NULL,
    PRIMARY KEY (id))
