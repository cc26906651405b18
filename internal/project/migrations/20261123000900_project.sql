-- +goose Up
-- Contracts as lists and filters need them, by their deciding version; the whole record stands in record_version.
CREATE TABLE project_contract (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  signed_on TEXT NOT NULL,
  amount_fen BIGINT NOT NULL,
  status TEXT NOT NULL,
  version BIGINT NOT NULL,
  received_fen BIGINT NOT NULL,
  reporters BIGINT NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX project_contract_number ON project_contract (root, number);
CREATE INDEX project_contract_signed ON project_contract (signed_on, number);
-- Who reported a contract: lists ask here for scope and place.
CREATE TABLE project_reporter (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  PRIMARY KEY (root, id, unit)
);
CREATE INDEX project_reporter_pos ON project_reporter (pos);
CREATE INDEX project_reporter_unit ON project_reporter (unit);
