-- +goose Up
-- Who let in and when; the instant (UTC ms) at which an emergency look ends, 0 of a grant by the keeper.
ALTER TABLE seal_grant ADD COLUMN by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE seal_grant ADD COLUMN given TEXT NOT NULL DEFAULT '';
ALTER TABLE seal_grant ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE seal_grant ADD COLUMN seen TEXT NOT NULL DEFAULT '';      -- the day on which the keeper has looked at an emergency look
ALTER TABLE seal_grant ADD COLUMN unit BIGINT NOT NULL DEFAULT 0;     -- the keeper that gave it
UPDATE seal_grant SET unit = COALESCE((SELECT MIN(r.unit) FROM seal_record r WHERE r.of_root = seal_grant.of_root AND r.of_id = seal_grant.of_id), 0);
CREATE INDEX seal_grant_live ON seal_grant (root, until);
-- What a consent covers: the version of the text that was read, its last day ('' while the purpose lasts), and a refusal.
ALTER TABLE seal_consent ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE seal_consent ADD COLUMN until TEXT NOT NULL DEFAULT '';
ALTER TABLE seal_consent ADD COLUMN refused TEXT NOT NULL DEFAULT ''; -- the day, '' for none
-- The texts that guardians read, by purpose; a version is never changed.
CREATE TABLE seal_text (
  purpose TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  days BIGINT NOT NULL,           -- how long a consent to it lasts, 0: as long as the purpose
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (purpose, version)
) /*without rowid*/;
-- What guardians and minors ask of a unit: to see, correct or erase. Whose it is stands sealed.
CREATE TABLE seal_wish (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  asker TEXT NOT NULL,
  proof TEXT NOT NULL,            -- how it was made sure who asks
  received TEXT NOT NULL,
  due TEXT NOT NULL,
  answered TEXT NOT NULL,         -- the day, '' while it is open
  outcome TEXT NOT NULL,
  by_name TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX seal_wish_unit ON seal_wish (root, pos, received);
-- How long a class of sealed records is kept, where somebody has set it otherwise; root 0 is everywhere.
CREATE TABLE seal_retention (
  kind TEXT NOT NULL,
  days BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (kind)
) /*without rowid*/;
