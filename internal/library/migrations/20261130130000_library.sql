-- +goose Up
-- The documents as lists need them; the whole record stands in record_version, the text under the hash of the file.
CREATE TABLE library_document (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  no BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,       -- where the unit's subtree ends
  title TEXT NOT NULL,
  category TEXT NOT NULL,
  year BIGINT NOT NULL,
  format TEXT NOT NULL,
  pages BIGINT NOT NULL,
  size BIGINT NOT NULL,
  hash TEXT NOT NULL,
  visible TEXT NOT NULL,
  state TEXT NOT NULL,
  uploaded TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_document_id ON library_document (id);
CREATE INDEX library_document_unit ON library_document (unit);
CREATE INDEX library_document_pos ON library_document (pos);
CREATE INDEX library_document_hash ON library_document (hash);

-- Numbers are never given twice, also when their document is gone.
CREATE TABLE library_number (
  no BIGINT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  id BIGINT NOT NULL
);

-- What was read out of a file, as JSON, by the hash of the file; sketch tells texts that are nearly the same.
CREATE TABLE library_text (
  root BIGINT NOT NULL,
  hash TEXT NOT NULL,
  blocks TEXT NOT NULL,
  sketch TEXT NOT NULL,
  PRIMARY KEY (root, hash)
);
CREATE INDEX library_text_hash ON library_text (hash);

-- Texts that have one of these in common may be nearly the same.
CREATE TABLE library_band (
  root BIGINT NOT NULL,
  band BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (root, band, hash)
) /*without rowid*/;
CREATE INDEX library_band_of ON library_band (band);

-- Who says that a document should not stand here, and what was decided.
CREATE TABLE library_report (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  ground TEXT NOT NULL,
  words TEXT NOT NULL,
  by_account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  due_day TEXT NOT NULL,
  state TEXT NOT NULL,
  decision TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  appeal TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_report_doc ON library_report (doc);
CREATE INDEX library_report_unit ON library_report (unit);
