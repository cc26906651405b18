-- +goose Up
-- Plans, their items and what they serve as lists need them; the whole records stand in record_version.
CREATE TABLE plan_plan (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  title TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX plan_plan_year ON plan_plan (unit, year);
CREATE INDEX plan_plan_pos ON plan_plan (year, pos);
CREATE INDEX plan_plan_id ON plan_plan (id);

CREATE TABLE plan_item (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  plan BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  due TEXT NOT NULL,            -- the last day of its quarter or year
  figure TEXT NOT NULL,
  target BIGINT NOT NULL,
  done_on TEXT NOT NULL,
  dropped_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX plan_item_plan ON plan_item (root, plan, due);
CREATE INDEX plan_item_pos ON plan_item (pos, due);
CREATE INDEX plan_item_id ON plan_item (id);
CREATE INDEX plan_item_unit ON plan_item (unit, year);

-- What was done for an item, and which central tasks an item serves.
CREATE TABLE plan_work (
  root BIGINT NOT NULL,
  item BIGINT NOT NULL,
  no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, item, no)
);
CREATE TABLE plan_served (
  root BIGINT NOT NULL,
  item BIGINT NOT NULL,
  task BIGINT NOT NULL,
  PRIMARY KEY (root, item, task)
);
CREATE INDEX plan_served_task ON plan_served (task, item);

CREATE TABLE plan_central (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  name TEXT NOT NULL,
  civic INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX plan_central_name ON plan_central (unit, year, name);
CREATE INDEX plan_central_pos ON plan_central (pos, year);
CREATE INDEX plan_central_id ON plan_central (id);
