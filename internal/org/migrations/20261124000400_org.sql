-- +goose Up
-- Who was taken over by a unit: they are told of when it moves.
CREATE INDEX org_unit_heir ON org_unit (heir) WHERE heir <> 0;

-- An appointment entered by mistake stays, with who took it back, when (unix milliseconds UTC) and why.
ALTER TABLE org_post ADD COLUMN removed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE org_post ADD COLUMN removed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE org_post ADD COLUMN removed_why TEXT NOT NULL DEFAULT '';

-- A kind of office of a unit's own, for it and all below it; 0 ships with the program.
ALTER TABLE org_post_kind ADD COLUMN unit BIGINT NOT NULL DEFAULT 0;

-- How a unit and all below it call a kind of office, and whether they still offer it.
CREATE TABLE org_post_word (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL REFERENCES org_post_kind (code),
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  hidden INTEGER NOT NULL,
  PRIMARY KEY (unit, kind)
) /*without rowid*/;

-- The units that an account opened last, a few of each account.
CREATE TABLE org_visit (
  account BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (account, unit)
) /*without rowid*/;
