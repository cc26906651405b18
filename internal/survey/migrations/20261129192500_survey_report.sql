-- +goose Up
-- Research reports as lists need them.
CREATE TABLE survey_report (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  topic TEXT NOT NULL,
  finished_on TEXT NOT NULL,
  adopted_on TEXT NOT NULL,
  adopted_by TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX survey_report_pos ON survey_report (pos, finished_on);
CREATE INDEX survey_report_id ON survey_report (id);
CREATE INDEX survey_report_unit ON survey_report (unit, title);
