-- +goose Up
-- A file that came with an entry; its name is sealed, its content lies encrypted in the folder of uploads.
CREATE TABLE care_file (
  root BIGINT NOT NULL,
  request BIGINT NOT NULL,
  no BIGINT NOT NULL,            -- counted within the request
  entry BIGINT NOT NULL,
  sealed BIGINT NOT NULL,        -- the record with its key and its name
  hash TEXT NOT NULL,            -- of what is encrypted
  size BIGINT NOT NULL,          -- of the content, bytes
  at BIGINT NOT NULL,
  PRIMARY KEY (root, request, no)
);
-- Calls that were tried for whoever wants to be called; the last of them, and how many.
ALTER TABLE care_request ADD COLUMN calls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE care_request ADD COLUMN called_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE care_request ADD COLUMN reached BIGINT NOT NULL DEFAULT 0;
-- An appointment's time of day, its place, and what whoever asked said to it: yes, other.
ALTER TABLE care_entry ADD COLUMN clock TEXT NOT NULL DEFAULT '';
ALTER TABLE care_entry ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE care_entry ADD COLUMN reply TEXT NOT NULL DEFAULT '';
