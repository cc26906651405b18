-- +goose Up
-- Anonymous questionnaires as lists need them.
CREATE TABLE survey_poll (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  closes TEXT NOT NULL,          -- the last day
  closed INTEGER NOT NULL,
  counted BIGINT NOT NULL,       -- of a closed one, 0 when they are too few to be told
  PRIMARY KEY (root, id)
);
CREATE INDEX survey_poll_pos ON survey_poll (pos, closes);
CREATE INDEX survey_poll_id ON survey_poll (id);
CREATE INDEX survey_poll_unit ON survey_poll (unit);
CREATE INDEX survey_poll_closes ON survey_poll (closed, closes);

-- What signs links and hashes addresses; net is struck out when the questionnaire is closed.
CREATE TABLE survey_key (
  root BIGINT NOT NULL,
  poll BIGINT NOT NULL,
  sign TEXT NOT NULL,
  net TEXT NOT NULL,
  PRIMARY KEY (root, poll)
);

-- Sheets while a questionnaire runs; once it is closed and counted none is left.
CREATE TABLE survey_sheet (
  root BIGINT NOT NULL,
  poll BIGINT NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  net TEXT NOT NULL,
  age TEXT NOT NULL,
  mood TEXT NOT NULL,
  needs TEXT NOT NULL,           -- names, a line each
  aside INTEGER NOT NULL,
  PRIMARY KEY (root, poll, n)
);
