-- +goose Up
-- Which classes of which schools came (R109), so that a school finds them though others were the hosts.
CREATE TABLE activity_class (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  n BIGINT NOT NULL,            -- the school's place in the record
  m BIGINT NOT NULL,            -- the class's place in the school
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  class TEXT NOT NULL,
  heads BIGINT NOT NULL,
  lesson TEXT NOT NULL,
  credit BIGINT NOT NULL,       -- tenths of a lesson for each pupil
  day TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (root, id, n, m)
) /*without rowid*/;
CREATE INDEX activity_class_pos ON activity_class (pos, day);
CREATE INDEX activity_class_unit ON activity_class (unit);
