-- +goose Up
-- How far the search by keyed hashes has come through the records that were there before a field could be searched for.
CREATE TABLE seal_indexed (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  after_id BIGINT NOT NULL,     -- all records up to this one have their hash
  done BIGINT NOT NULL,         -- 1: so have all others, since what is sealed from then on has it at once
  PRIMARY KEY (kind, field)
) /*without rowid*/;
-- The units at which an emergency look opens only after a second person has agreed.
CREATE TABLE seal_second (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, unit)
) /*without rowid*/;
ALTER TABLE seal_grant ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;    -- 1: an emergency look that waits for its second person; ends_at is until when
ALTER TABLE seal_grant ADD COLUMN second TEXT NOT NULL DEFAULT '';    -- who agreed to it
