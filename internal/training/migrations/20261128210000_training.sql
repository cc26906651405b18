-- +goose Up
-- Courses, who came and what was studied, as lists and figures need them; the whole record stands in record_version.
CREATE TABLE training_course (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  subject TEXT NOT NULL,
  mode TEXT NOT NULL,
  planned TEXT NOT NULL,
  from_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  cancelled_on TEXT NOT NULL,
  sort_day TEXT NOT NULL,       -- the first day, or the first of the planned month
  competence TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  people BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX training_course_code ON training_course (root, code);
CREATE INDEX training_course_pos ON training_course (pos, sort_day);
CREATE INDEX training_course_unit ON training_course (unit);
CREATE INDEX training_course_id ON training_course (id);

CREATE TABLE training_seat (
  root BIGINT NOT NULL,
  course BIGINT NOT NULL,
  person BIGINT NOT NULL,       -- a volunteer
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  day TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  competence TEXT NOT NULL,     -- '' = no certificate
  expires TEXT NOT NULL,
  PRIMARY KEY (root, course, person)
) /*without rowid*/;
CREATE INDEX training_seat_person ON training_seat (person);
CREATE INDEX training_seat_pos ON training_seat (pos, day);
CREATE INDEX training_seat_due ON training_seat (expires, pos);
CREATE INDEX training_seat_unit ON training_seat (unit);

CREATE TABLE training_read (
  root BIGINT NOT NULL,
  course BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  document TEXT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, course, unit, document)
) /*without rowid*/;
CREATE INDEX training_read_document ON training_read (document, pos);
CREATE INDEX training_read_pos ON training_read (pos, day);
CREATE INDEX training_read_unit ON training_read (unit);

CREATE TABLE training_word (
  root BIGINT NOT NULL,         -- 0 = shipped
  kind TEXT NOT NULL,           -- subject | competence
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  counts_as TEXT NOT NULL,      -- the check of volunteers for which a certificate stands
  rank BIGINT NOT NULL,
  PRIMARY KEY (root, kind, name)
) /*without rowid*/;
INSERT INTO training_word (root, kind, name, en, counts_as, rank) VALUES
  (0, 'subject', '岗前培训', 'Induction', '', 1),
  (0, 'subject', '理论学习', 'Theory', '', 2),
  (0, 'subject', '政策文件学习', 'Policy documents', '', 3),
  (0, 'subject', '关爱业务', 'Care work', '', 4),
  (0, 'subject', '心理辅导', 'Counselling', '', 5),
  (0, 'subject', '法治', 'Law', '', 6),
  (0, 'subject', '安全', 'Safety', '', 7),
  (0, 'subject', '信息技术', 'Computers and phones', '', 8),
  (0, 'competence', '未成年人保护', 'Protection of minors', 'training', 1),
  (0, 'competence', '心理辅导', 'Counselling', 'certificate', 2),
  (0, 'competence', '家庭教育指导', 'Guiding parents', '', 3),
  (0, 'competence', '法治宣讲', 'Talks on law', '', 4),
  (0, 'competence', '急救', 'First aid', '', 5);
