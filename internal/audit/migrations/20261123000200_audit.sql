-- +goose Up
-- One row per act. leaf is -1 until the sealer has numbered it; the content is never updated.
CREATE TABLE audit_entry (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_unit BIGINT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  ref_root BIGINT NOT NULL,
  ref_id BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  note TEXT NOT NULL,
  refused INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX audit_entry_leaf ON audit_entry (leaf, id);
CREATE INDEX audit_entry_id ON audit_entry (id);
CREATE INDEX audit_entry_ref ON audit_entry (ref_id, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor, id);
CREATE TABLE audit_hash (
  idx BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (idx)
) /*without rowid*/;
CREATE TABLE audit_head (
  one INTEGER NOT NULL,
  size BIGINT NOT NULL,
  root_hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (one)
);
INSERT INTO audit_head (one, size, root_hash, at) VALUES (1, 0, '', 0);
