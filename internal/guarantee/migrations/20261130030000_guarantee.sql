-- +goose Up
-- Which points of which years rest on a document that came down the tree, so that its page can say so.
CREATE TABLE guarantee_cited (
  root BIGINT NOT NULL,
  rec BIGINT NOT NULL,           -- the year
  point TEXT NOT NULL,           -- its code
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  name TEXT NOT NULL,
  paper BIGINT NOT NULL,
  no INTEGER NOT NULL,           -- of its obligation; 0 is the whole document
  PRIMARY KEY (root, rec, point)
);
CREATE INDEX guarantee_cited_paper ON guarantee_cited (paper, pos);
CREATE INDEX guarantee_cited_unit ON guarantee_cited (unit);
