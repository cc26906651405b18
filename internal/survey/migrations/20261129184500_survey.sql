-- +goose Up
-- Surveys, answers to them, questionnaires and research reports as lists need them; the whole records stand in record_version.
CREATE TABLE survey_survey (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,        -- the end of the issuer's subtree
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  due_day TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX survey_survey_pos ON survey_survey (pos, issued_on);
CREATE INDEX survey_survey_id ON survey_survey (id);
CREATE INDEX survey_survey_unit ON survey_survey (unit);

CREATE TABLE survey_answer (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  survey BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  issuer BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  state TEXT NOT NULL,
  sent_on TEXT NOT NULL,         -- the first time
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX survey_answer_unit ON survey_answer (survey, unit);
CREATE INDEX survey_answer_id ON survey_answer (id);
CREATE INDEX survey_answer_of ON survey_answer (unit);
CREATE INDEX survey_answer_issuer ON survey_answer (issuer);
CREATE INDEX survey_answer_pos ON survey_answer (pos);

-- Who was called upon: all within a place that had not answered.
CREATE TABLE survey_reminder (
  root BIGINT NOT NULL,
  survey BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  name TEXT NOT NULL,            -- who called
  sent BIGINT NOT NULL,
  PRIMARY KEY (root, survey, unit, day)
);
CREATE INDEX survey_reminder_survey ON survey_reminder (survey, pos);
CREATE INDEX survey_reminder_unit ON survey_reminder (unit);
