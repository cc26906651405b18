-- +goose Up
-- Organisations beside the tree, at the unit that registers them.
CREATE TABLE contact_body (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,
  field TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,         -- the first day on which it is no partner any more; '' = open
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX contact_body_name ON contact_body (root, unit, name);
CREATE INDEX contact_body_id ON contact_body (id);
CREATE INDEX contact_body_pos ON contact_body (pos, name);
CREATE INDEX contact_body_unit ON contact_body (unit);

-- The accounts that stand for a body; an account stands for one alone.
CREATE TABLE contact_seat (
  account BIGINT NOT NULL,
  root BIGINT NOT NULL,
  body BIGINT NOT NULL,
  PRIMARY KEY (account)
);
CREATE INDEX contact_seat_body ON contact_seat (body);

-- What a unit asks of bodies: one leads, others help.
CREATE TABLE contact_task (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  due_day TEXT NOT NULL,
  done_on TEXT NOT NULL,        -- '' = open
  PRIMARY KEY (root, id)
);
CREATE INDEX contact_task_id ON contact_task (id);
CREATE INDEX contact_task_pos ON contact_task (pos, due_day);
CREATE INDEX contact_task_unit ON contact_task (unit);

CREATE TABLE contact_part (
  root BIGINT NOT NULL,
  task BIGINT NOT NULL,
  body BIGINT NOT NULL,
  lead INTEGER NOT NULL,        -- 1: answers for it
  PRIMARY KEY (root, task, body)
) /*without rowid*/;
CREATE INDEX contact_part_body ON contact_part (body, task);

ALTER TABLE contact_entry ADD COLUMN partner BIGINT NOT NULL DEFAULT 0; -- the registered body, when it is one
ALTER TABLE contact_entry ADD COLUMN shared INTEGER NOT NULL DEFAULT 0; -- 1: the body's accounts read it
CREATE INDEX contact_entry_partner ON contact_entry (partner, day);
