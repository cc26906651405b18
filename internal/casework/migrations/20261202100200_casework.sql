-- +goose Up
-- Of how many tenths of the running cases of a unit and those below no visit was overdue at the end of a month, as published; nine cases and more.
CREATE TABLE casework_share (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  month TEXT NOT NULL,
  tenths BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month)
) /*without rowid*/;
