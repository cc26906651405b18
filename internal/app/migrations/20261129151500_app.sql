-- +goose Up
-- Uploaded files that no record names, since when: they are removed after some days.
CREATE TABLE app_stray (
  hash TEXT PRIMARY KEY,
  since BIGINT NOT NULL,
  put BIGINT NOT NULL
) /*without rowid*/;
