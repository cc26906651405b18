-- +goose Up
-- Who sees a document, and what lists count of it, is read from indexes alone: a visitor sees few of many, and a search of a frequent
-- word asks it of ten thousand documents. docs/benchmarks.md has what that saves.
DROP INDEX library_document_id;
CREATE INDEX library_document_seen ON library_document (id, state, visible, pos, pos_to, unit, category, format, year);
CREATE INDEX library_document_category ON library_document (category, id, state, visible, pos, pos_to, unit, format, year);
