-- +goose Up
-- The months of a city whose numbers are published: each once and for ever.
CREATE TABLE care_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);

-- What is published of a month; nothing else of how many asked is shown to anybody above a desk.
CREATE TABLE care_count (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  kind TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month, kind, pooled)
);
CREATE INDEX care_count_pos ON care_count (pos, month);
