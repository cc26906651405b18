-- +goose Up
-- Standards and years as lists need them; the whole records stand in record_version.
CREATE TABLE guarantee_standard (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  first_year INTEGER NOT NULL,
  last_year INTEGER NOT NULL,   -- 0 = still holds
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_standard_pos ON guarantee_standard (pos, first_year);
CREATE INDEX guarantee_standard_unit ON guarantee_standard (unit);
CREATE INDEX guarantee_standard_id ON guarantee_standard (id);

CREATE TABLE guarantee_year (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_year_unit ON guarantee_year (unit, year);
CREATE INDEX guarantee_year_pos ON guarantee_year (year, pos);
CREATE INDEX guarantee_year_id ON guarantee_year (id);
