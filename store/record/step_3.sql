ALTER TABLE documents ADD COLUMN kin TEXT;
CREATE TABLE signatures (
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    size INTEGER NOT NULL,
    credit TEXT,
    PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE TABLE copies (
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    relation TEXT NOT NULL,
    PRIMARY KEY (one, other),
    FOREIGN KEY(one) REFERENCES documents (id) ON DELETE CASCADE,
    FOREIGN KEY(other) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_copies_other ON copies (other)
