-- +goose Up
-- Pictures of a piece of news, as JSON: hash of the file, words for who does not see it, size. '' for none.
ALTER TABLE portal_news ADD COLUMN pictures TEXT NOT NULL DEFAULT '';

-- How long pages took, summed over all servers: by unit, day and kind of page ('' is the home page), how many answers took at most so many
-- milliseconds and more than the next smaller step; most is -1 for those beyond the last step.
CREATE TABLE portal_pace (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  part TEXT NOT NULL,
  most BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, unit, day, part, most)
);
CREATE INDEX portal_pace_unit ON portal_pace (unit, day);
CREATE INDEX portal_pace_day ON portal_pace (day);
