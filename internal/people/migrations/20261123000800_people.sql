-- +goose Up
-- The teams as lists and filters need them; the whole record stands in record_version.
CREATE TABLE people_team (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  need TEXT NOT NULL,
  leader TEXT NOT NULL,
  members BIGINT NOT NULL,
  status TEXT NOT NULL,
  founded_on TEXT NOT NULL,
  dissolved_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX people_team_code ON people_team (root, code);
CREATE INDEX people_team_pos ON people_team (pos, code);
CREATE INDEX people_team_unit ON people_team (unit);
-- What teams are for: root 0 ships, a city adds its own under its root.
CREATE TABLE people_need (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, name)
);
INSERT INTO people_need (root, name, en, ord) VALUES
  (0, '心理健康', 'Mental health', 1),
  (0, '法治宣讲', 'Law talks', 2),
  (0, '宣讲', 'Lectures', 3),
  (0, '科普', 'Science', 4),
  (0, '帮教', 'Mentoring', 5),
  (0, '助学', 'Study aid', 6),
  (0, '文艺', 'Arts', 7),
  (0, '书画', 'Calligraphy and painting', 8),
  (0, '家庭教育', 'Family education', 9),
  (0, '技能传授', 'Skills', 10);
