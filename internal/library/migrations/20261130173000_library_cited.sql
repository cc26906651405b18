-- +goose Up
-- Of which project a document is, who spoke, and what a paper says of itself; title_key and number_key are what citations are compared
-- with, title_key '' where neither they nor what the document itself cites were worked out yet; dated is the day of the paper, or that on
-- which it was issued here.
ALTER TABLE library_document ADD COLUMN project_root BIGINT NOT NULL DEFAULT 0;
ALTER TABLE library_document ADD COLUMN project BIGINT NOT NULL DEFAULT 0;
ALTER TABLE library_document ADD COLUMN speaker TEXT NOT NULL DEFAULT '';
ALTER TABLE library_document ADD COLUMN number TEXT NOT NULL DEFAULT '';
ALTER TABLE library_document ADD COLUMN issuers TEXT NOT NULL DEFAULT '';
ALTER TABLE library_document ADD COLUMN title_key TEXT NOT NULL DEFAULT '';
ALTER TABLE library_document ADD COLUMN number_key TEXT NOT NULL DEFAULT '';
ALTER TABLE library_document ADD COLUMN dated TEXT NOT NULL DEFAULT '';
CREATE INDEX library_document_project ON library_document (project) WHERE project <> 0;
CREATE INDEX library_document_speaker ON library_document (speaker) WHERE speaker <> '';
CREATE INDEX library_document_title_key ON library_document (title_key);
CREATE INDEX library_document_number_key ON library_document (number_key) WHERE number_key <> '';

-- What the text of a document cites, by title, by number or by both, in the form in which they are compared.
CREATE TABLE library_citation (
  root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  title TEXT NOT NULL,
  number TEXT NOT NULL,
  PRIMARY KEY (root, doc, ord)
) /*without rowid*/;
CREATE INDEX library_citation_title ON library_citation (title, doc);
CREATE INDEX library_citation_number ON library_citation (number, doc) WHERE number <> '';
