-- +goose Up
-- Volunteers as lists, filters and rules need them; the whole record stands in record_version. Nothing that only some may
-- see is here: no telephone, no health, no story.
CREATE TABLE volunteer_person (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  reading TEXT NOT NULL,
  initials TEXT NOT NULL,
  sex TEXT NOT NULL,
  birth_year BIGINT NOT NULL,
  kind TEXT NOT NULL,
  retired INTEGER NOT NULL,
  profession TEXT NOT NULL,
  education TEXT NOT NULL,
  admitted_on TEXT NOT NULL,
  left_on TEXT NOT NULL,
  found INTEGER NOT NULL,
  complete BIGINT NOT NULL,
  due TEXT NOT NULL,
  account BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX volunteer_person_code ON volunteer_person (root, code);
CREATE INDEX volunteer_person_pos ON volunteer_person (pos, code);
CREATE INDEX volunteer_person_unit ON volunteer_person (unit);
CREATE INDEX volunteer_person_reading ON volunteer_person (root, reading, birth_year);
CREATE INDEX volunteer_person_profession ON volunteer_person (profession, pos);
CREATE INDEX volunteer_person_due ON volunteer_person (due, id);
CREATE INDEX volunteer_person_account ON volunteer_person (account);
-- On which days a check holds, somebody is among the core or is insured.
CREATE TABLE volunteer_span (
  root BIGINT NOT NULL,
  person BIGINT NOT NULL,
  what TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  PRIMARY KEY (root, person, what, from_day)
);
CREATE TABLE volunteer_speciality (
  root BIGINT NOT NULL,
  person BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (root, person, name)
);
CREATE INDEX volunteer_speciality_name ON volunteer_speciality (name);
-- The last number that a unit gave.
CREATE TABLE volunteer_number (
  unit BIGINT NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);
-- Hours of service.
CREATE TABLE volunteer_service (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  person_root BIGINT NOT NULL,
  person BIGINT NOT NULL,
  day TEXT NOT NULL,
  from_minute BIGINT NOT NULL,
  to_minute BIGINT NOT NULL,
  what TEXT NOT NULL,
  entered_as TEXT NOT NULL,
  late INTEGER NOT NULL,
  photo TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX volunteer_service_photo ON volunteer_service (photo, day);
CREATE INDEX volunteer_service_pos ON volunteer_service (pos, day, id);
CREATE INDEX volunteer_service_unit ON volunteer_service (unit);
CREATE INDEX volunteer_service_person ON volunteer_service (person_root, person, day);
-- The key of the certificates' codes; one row, made with the first certificate.
CREATE TABLE volunteer_key (
  id BIGINT NOT NULL PRIMARY KEY,
  secret TEXT NOT NULL
);
-- Professions: root 0 ships, a city adds its own under its root.
CREATE TABLE volunteer_profession (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, name)
);
INSERT INTO volunteer_profession (root, name, en, ord) VALUES
  (0, '党政机关', 'Party or government', 1),
  (0, '教师', 'Teacher', 2),
  (0, '医生', 'Doctor', 3),
  (0, '护士', 'Nurse', 4),
  (0, '心理咨询', 'Counsellor', 5),
  (0, '法官', 'Judge', 6),
  (0, '检察官', 'Prosecutor', 7),
  (0, '警察', 'Police', 8),
  (0, '律师', 'Lawyer', 9),
  (0, '科研技术', 'Science and technology', 10),
  (0, '农技', 'Farming technology', 11),
  (0, '企业职工', 'Company employee', 12),
  (0, '企业管理', 'Company management', 13),
  (0, '农民', 'Farmer', 14),
  (0, '军人', 'Soldier', 15),
  (0, '文艺体育', 'Arts and sports', 16),
  (0, '社区工作', 'Community work', 17),
  (0, '其他', 'Other', 18);
