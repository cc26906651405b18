-- +goose Up
CREATE TABLE record_version (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,           -- the record
  n BIGINT NOT NULL,            -- 1, 2, 3 …
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_unit BIGINT NOT NULL,
  act TEXT NOT NULL,
  reason TEXT NOT NULL,
  batch BIGINT NOT NULL,
  gone INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (root, id, n)
);
CREATE INDEX record_version_batch ON record_version (batch, root, id);
CREATE TABLE record_head (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  n BIGINT NOT NULL,            -- the newest version; writers of one record take turns on this row
  gone INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX record_head_kind ON record_head (kind, id);
CREATE TABLE record_import (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,           -- the batch
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,           -- of the file, only to be shown
  data TEXT NOT NULL,           -- base64; emptied once taken or thrown away
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  state TEXT NOT NULL,          -- previewed, taken, undone
  taken INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX record_import_pos ON record_import (pos, id);
