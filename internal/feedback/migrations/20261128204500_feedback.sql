-- +goose Up
-- Rounds as lists need them; the whole record stands in record_version.
CREATE TABLE feedback_round (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  closes BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  points BIGINT NOT NULL,
  satisfied BIGINT NOT NULL,
  admitted BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX feedback_round_activity ON feedback_round (root, activity);
CREATE INDEX feedback_round_pos ON feedback_round (pos, day);
CREATE INDEX feedback_round_unit ON feedback_round (unit);
CREATE INDEX feedback_round_closes ON feedback_round (closed, closes);
-- What signs the link and the slips of an activity, and the key under which addresses are hashed as long as the round is open.
CREATE TABLE feedback_key (
  root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  sign TEXT NOT NULL,
  net TEXT NOT NULL,
  PRIMARY KEY (root, activity)
);
-- Answers; at and net are struck out when the round is closed. slip is the number of the slip, or -n without one.
CREATE TABLE feedback_answer (
  root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  n BIGINT NOT NULL,
  slip BIGINT NOT NULL,
  at BIGINT NOT NULL,
  net TEXT NOT NULL,
  satisfaction BIGINT NOT NULL,
  useful BIGINT NOT NULL,
  line TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (root, activity, n)
);
CREATE UNIQUE INDEX feedback_answer_slip ON feedback_answer (root, activity, slip);
