-- +goose Up
-- That a unit reported a month; what it said stands in record_version alone.
CREATE TABLE signal_report (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  released BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX signal_report_unit ON signal_report (unit, month);
CREATE INDEX signal_report_pos ON signal_report (pos, month);
CREATE INDEX signal_report_released ON signal_report (released, month);
-- The months of a city that are closed: each is published once.
CREATE TABLE signal_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);
-- What is published: nothing else is ever shown to others.
CREATE TABLE signal_item (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  topic TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, id, topic, pooled)
);
CREATE INDEX signal_item_pos ON signal_item (month, pos);
CREATE INDEX signal_item_unit ON signal_item (unit);
