-- +goose Up
-- Who at a desk answers for what, and by which qualification; until_day is its last day, empty where it has none.
CREATE TABLE care_team (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  account BIGINT NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  kinds TEXT NOT NULL,
  skill TEXT NOT NULL,
  until_day TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_team_unit ON care_team (unit);
