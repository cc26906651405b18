-- +goose Up
-- A unit offers a case to another: until it is accepted all stays where it was. Nothing here says who it is about.
CREATE TABLE casework_pass (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  no TEXT NOT NULL,
  class TEXT NOT NULL,
  from_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_pos BIGINT NOT NULL,
  state TEXT NOT NULL,           -- offered, accepted, declined, withdrawn, lapsed
  offered_on TEXT NOT NULL,
  offered_name TEXT NOT NULL,
  due_on TEXT NOT NULL,          -- the last day on which it can be accepted
  ended_on TEXT NOT NULL,        -- '' while it is open
  ended_name TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX casework_pass_case ON casework_pass (root, case_id, state);
CREATE INDEX casework_pass_from ON casework_pass (from_unit, state, id);
CREATE INDEX casework_pass_to ON casework_pass (to_unit, state, id);
CREATE INDEX casework_pass_due ON casework_pass (state, due_on);
-- One offer at a time, whoever asks at the same moment.
CREATE UNIQUE INDEX casework_pass_one ON casework_pass (root, case_id) WHERE state = 'offered';
