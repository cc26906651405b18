-- +goose Up
-- Associations, stations and records of guidance as lists and filters need them; the whole record stands in record_version.
CREATE TABLE association_record (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  association TEXT NOT NULL,
  detail TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX association_record_code ON association_record (root, kind, code);
CREATE INDEX association_record_pos ON association_record (kind, pos, from_day);
CREATE INDEX association_record_unit ON association_record (kind, unit);
CREATE INDEX association_record_association ON association_record (association, kind, from_day);
