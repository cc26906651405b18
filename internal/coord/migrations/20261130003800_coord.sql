-- +goose Up
-- How often something has changed about a notice in a county and in a township, by the place where it begins and its width;
-- 0, 0: the notice itself. Counts that a server keeps are counted anew where it has risen.
CREATE TABLE coord_beat (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  wide BIGINT NOT NULL,
  block BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, notice, wide, block)
) /*without rowid*/;
CREATE INDEX coord_beat_of ON coord_beat (notice, wide, block);
