-- +goose Up
-- Who entered a sealed record and when, and who erased it and on what ground: never what it held.
ALTER TABLE seal_record ADD COLUMN entered_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE seal_record ADD COLUMN entered TEXT NOT NULL DEFAULT '';
ALTER TABLE seal_record ADD COLUMN erased_by TEXT NOT NULL DEFAULT '';
ALTER TABLE seal_record ADD COLUMN erased_why TEXT NOT NULL DEFAULT '';  -- guardian, mistyped, other; expired by the clock
CREATE INDEX seal_record_unit ON seal_record (root, unit);
