-- +goose Up
CREATE TABLE report_document (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  byline TEXT NOT NULL,
  day TEXT NOT NULL,
  issued_on TEXT NOT NULL,      -- "" while it is a draft
  PRIMARY KEY (root, id)
);
CREATE INDEX report_document_pos ON report_document (pos, day);
CREATE INDEX report_document_unit ON report_document (unit);
