-- +goose Up
CREATE TABLE assess_programme (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  owner BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,          -- the owner's place …
  pos_to BIGINT NOT NULL,       -- … and the end of its subtree
  main INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX assess_programme_code ON assess_programme (root, owner, code);
CREATE INDEX assess_programme_pos ON assess_programme (pos);
CREATE INDEX assess_programme_owner ON assess_programme (owner);

CREATE TABLE assess_adoption (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  programme BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  planned_on TEXT NOT NULL,
  submitted_on TEXT NOT NULL,
  returned_on TEXT NOT NULL,
  slips INTEGER NOT NULL,
  parts INTEGER NOT NULL,       -- how many parts of the model are in place
  stages TEXT NOT NULL,         -- JSON: levels of maturity with their days
  periods TEXT NOT NULL,        -- JSON: [{adopted_on, revoked_on}], the earliest first
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX assess_adoption_unit ON assess_adoption (root, programme, unit);
CREATE INDEX assess_adoption_programme ON assess_adoption (programme, pos);
CREATE INDEX assess_adoption_of ON assess_adoption (unit);
