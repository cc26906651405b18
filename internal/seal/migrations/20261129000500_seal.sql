-- +goose Up
-- A sealed record: whose it is, and its data key, wrapped by a key that is not in this database.
CREATE TABLE seal_record (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  of_root BIGINT NOT NULL,      -- the record that it belongs to, such as a camp
  of_id BIGINT NOT NULL,
  unit BIGINT NOT NULL,         -- where it was entered: its keeper
  kek TEXT NOT NULL,            -- name of the key that wraps
  wrapped TEXT NOT NULL,        -- '' once erased
  erased TEXT NOT NULL,         -- the day, '' while it stands
  PRIMARY KEY (root, id)
);
CREATE INDEX seal_record_of ON seal_record (of_root, of_id, kind);
CREATE TABLE seal_value (
  root BIGINT NOT NULL,
  record BIGINT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  blind TEXT NOT NULL,          -- keyed hash for an exact search, '' for none
  PRIMARY KEY (root, record, field),
  FOREIGN KEY (root, record) REFERENCES seal_record (root, id)
);
CREATE INDEX seal_value_blind ON seal_value (root, field, blind);
-- Somebody may open what belongs to one record, for a purpose, until a day.
CREATE TABLE seal_grant (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  of_root BIGINT NOT NULL,
  of_id BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  until TEXT NOT NULL,          -- the last day
  revoked TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX seal_grant_of ON seal_grant (of_root, of_id, account);
CREATE TABLE seal_consent (
  root BIGINT NOT NULL,
  record BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  given TEXT NOT NULL,
  form TEXT NOT NULL,           -- paper, electronic
  taken_by TEXT NOT NULL,
  withdrawn TEXT NOT NULL,      -- the day, '' while it stands
  PRIMARY KEY (root, record, purpose),
  FOREIGN KEY (root, record) REFERENCES seal_record (root, id)
) /*without rowid*/;
