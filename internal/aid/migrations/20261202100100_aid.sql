-- +goose Up
-- A photo or a scan of the receipt of an aid; its name is sealed, its content lies encrypted in the folder of uploads.
CREATE TABLE aid_file (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  no BIGINT NOT NULL,            -- counted within the aid
  sealed BIGINT NOT NULL,        -- the record with its key and its name
  hash TEXT NOT NULL,            -- of what is encrypted
  size BIGINT NOT NULL,          -- of the content, bytes
  day TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (root, aid, no)
);
-- What was given before it was kept here, as lists of those years say it: whom is a keyed hash and nothing else.
CREATE TABLE aid_past (
  root BIGINT NOT NULL,
  batch BIGINT NOT NULL,         -- the list that it came with
  line BIGINT NOT NULL,
  mark TEXT NOT NULL,
  unit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  purpose TEXT NOT NULL,
  year BIGINT NOT NULL,
  PRIMARY KEY (root, batch, line, mark)
);
CREATE INDEX aid_past_mark ON aid_past (mark, kind, year);
CREATE TABLE aid_past_batch (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  by_name TEXT NOT NULL,
  n BIGINT NOT NULL,             -- of lines
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_past_batch_unit ON aid_past_batch (unit);
-- The months of a city whose number of children is published: each once and for ever.
CREATE TABLE aid_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);
-- How many children were helped for the first time in a year, by the month, as published.
CREATE TABLE aid_count (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month, pooled)
);
CREATE INDEX aid_count_pos ON aid_count (pos, month);
-- The aids whose child is in a published number already.
CREATE TABLE aid_counted (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  PRIMARY KEY (root, aid)
);
