-- +goose Up
-- A desk offers a request to another: until it is accepted all stays where it was. Nothing here says what was said.
CREATE TABLE care_pass (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  request BIGINT NOT NULL,
  no TEXT NOT NULL,
  from_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_pos BIGINT NOT NULL,
  state TEXT NOT NULL,           -- offered, accepted, declined, withdrawn, stayed (the asker said no), lapsed
  offered_at BIGINT NOT NULL,
  offered_name TEXT NOT NULL,
  due_at BIGINT NOT NULL,        -- by when it lapses
  ended_at BIGINT NOT NULL,
  ended_name TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_pass_request ON care_pass (root, request, state);
CREATE INDEX care_pass_from ON care_pass (from_unit, state, id);
CREATE INDEX care_pass_to ON care_pass (to_unit, state, id);
CREATE INDEX care_pass_due ON care_pass (state, due_at);
-- One offer at a time, whoever asks at the same moment.
CREATE UNIQUE INDEX care_pass_one ON care_pass (root, request) WHERE state = 'offered';
