-- +goose Up
-- Money, revenue and those that should have a committee.
CREATE TABLE guarantee_budget (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  amount BIGINT NOT NULL,       -- fen
  source TEXT NOT NULL,
  in_budget INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_budget_unit ON guarantee_budget (unit, year);
CREATE INDEX guarantee_budget_pos ON guarantee_budget (year, pos);
CREATE INDEX guarantee_budget_id ON guarantee_budget (id);

CREATE TABLE guarantee_revenue (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  amount BIGINT NOT NULL,       -- fen
  source TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_revenue_unit ON guarantee_revenue (unit, year);
CREATE INDEX guarantee_revenue_pos ON guarantee_revenue (year, pos);
CREATE INDEX guarantee_revenue_id ON guarantee_revenue (id);

CREATE TABLE guarantee_should (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  size BIGINT NOT NULL,
  committee BIGINT NOT NULL,    -- 0 = none yet
  founded_on TEXT NOT NULL,
  ceased TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_should_pos ON guarantee_should (pos, size);
CREATE INDEX guarantee_should_unit ON guarantee_should (unit, name);
CREATE INDEX guarantee_should_committee ON guarantee_should (committee);
CREATE INDEX guarantee_should_id ON guarantee_should (id);
