-- +goose Up
-- A duty to report: when it was found and how it ended. What happened and what was reported is sealed.
CREATE TABLE mandatory_duty (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,              -- of the subject, for the telephone
  of_root BIGINT NOT NULL,       -- what it was found in, such as a request for help
  of_id BIGINT NOT NULL,
  state TEXT NOT NULL,           -- open, reported, waived
  opened_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  opened_name TEXT NOT NULL,
  due_at BIGINT NOT NULL,        -- 0 once ended, or once it has risen as far as it does
  risen BIGINT NOT NULL,
  agency TEXT NOT NULL,
  reported_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  ended_by BIGINT NOT NULL,
  ended_name TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX mandatory_duty_of ON mandatory_duty (of_root, of_id);
CREATE INDEX mandatory_duty_unit ON mandatory_duty (unit, state, id);
CREATE INDEX mandatory_duty_due ON mandatory_duty (due_at);
