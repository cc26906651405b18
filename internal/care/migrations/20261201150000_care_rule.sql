-- +goose Up
-- Whether whoever writes to a desk has to say who they are, with the text that they agree to; a version is never changed.
CREATE TABLE care_rule (
  version BIGINT NOT NULL,
  asks BIGINT NOT NULL,           -- 1: name and telephone are asked for
  body TEXT NOT NULL,
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (version)
) /*without rowid*/;
ALTER TABLE care_request ADD COLUMN rule BIGINT NOT NULL DEFAULT 0;  -- the version that was agreed to, 0: none was asked for
