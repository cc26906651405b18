-- +goose Up
CREATE TABLE contact_entry (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  lead INTEGER NOT NULL,        -- 1: the body leads the joint activity
  day TEXT NOT NULL,
  topic TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX contact_entry_id ON contact_entry (id);
CREATE INDEX contact_entry_unit ON contact_entry (unit, day);
CREATE INDEX contact_entry_pos ON contact_entry (pos, day);
CREATE INDEX contact_entry_body ON contact_entry (body, pos);
