-- +goose Up
-- What a check of the whole log found. accepted_at is 0 until somebody has looked into it; until then nothing sealed is read.
CREATE TABLE audit_fault (
  id BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  fault TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  accepted_name TEXT NOT NULL,
  accepted_why TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE audit_watch (
  one INTEGER NOT NULL,
  checked_at BIGINT NOT NULL,
  checked BIGINT NOT NULL,
  PRIMARY KEY (one)
);
INSERT INTO audit_watch (one, checked_at, checked) VALUES (1, 0, 0);
