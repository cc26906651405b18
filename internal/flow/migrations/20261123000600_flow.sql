-- +goose Up
CREATE TABLE flow_definition (
  version TEXT NOT NULL,
  code TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (version)
) /*without rowid*/;

CREATE TABLE flow_override (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos_from BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  version TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX flow_override_code ON flow_override (code, pos_from);

CREATE TABLE flow_case (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  definition TEXT NOT NULL,
  version TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_ref TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  issuer BIGINT NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  state TEXT NOT NULL,
  steps BIGINT NOT NULL,
  since_day TEXT NOT NULL,
  due_day TEXT NOT NULL,
  wake_day TEXT NOT NULL,
  wait_unit BIGINT NOT NULL,
  wait_pos BIGINT NOT NULL,
  data TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  sent_by BIGINT NOT NULL,
  closed_at BIGINT NOT NULL DEFAULT 0,
  unit_was BIGINT NOT NULL DEFAULT 0,
  issuer_was BIGINT NOT NULL DEFAULT 0,
  wait_was BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX flow_case_unit_was ON flow_case (unit_was) WHERE unit_was <> 0;
CREATE INDEX flow_case_issuer_was ON flow_case (issuer_was) WHERE issuer_was <> 0;
CREATE INDEX flow_case_wait_was ON flow_case (wait_was) WHERE wait_was <> 0;
CREATE INDEX flow_case_subject ON flow_case (subject_ref, subject_kind);
CREATE INDEX flow_case_pos ON flow_case (pos, definition);
CREATE INDEX flow_case_unit ON flow_case (unit);
CREATE INDEX flow_case_wait ON flow_case (wait_unit);
CREATE INDEX flow_case_issuer ON flow_case (issuer);
CREATE INDEX flow_case_wake ON flow_case (wake_day) WHERE wake_day <> '';

CREATE TABLE flow_step (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  no BIGINT NOT NULL,
  act TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  for_account BIGINT NOT NULL DEFAULT 0,
  for_name TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  day TEXT NOT NULL DEFAULT '',
  document TEXT NOT NULL DEFAULT '',
  data TEXT NOT NULL DEFAULT 'null',
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX flow_step_no ON flow_step (root, case_id, no);

CREATE TABLE flow_task (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  key TEXT NOT NULL,
  case_id BIGINT NOT NULL DEFAULT 0,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  not_by BIGINT NOT NULL DEFAULT 0,
  title_key TEXT NOT NULL DEFAULT '',
  why_key TEXT NOT NULL DEFAULT '',
  args TEXT NOT NULL DEFAULT '{}',
  due_day TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL DEFAULT '',
  opened_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL DEFAULT 0,
  done_by BIGINT NOT NULL DEFAULT 0,
  done_name TEXT NOT NULL DEFAULT '',
  unit_was BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX flow_task_unit_was ON flow_task (unit_was) WHERE unit_was <> 0;
CREATE UNIQUE INDEX flow_task_key ON flow_task (key, root);
CREATE INDEX flow_task_case ON flow_task (root, case_id) WHERE done_at = 0;
CREATE INDEX flow_task_unit ON flow_task (unit, due_day) WHERE done_at = 0;
CREATE INDEX flow_task_pos ON flow_task (pos, due_day) WHERE done_at = 0;
CREATE INDEX flow_task_done ON flow_task (unit, done_at) WHERE done_at > 0;

CREATE TABLE flow_substitute (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  person BIGINT NOT NULL,
  person_name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  sub BIGINT NOT NULL,
  sub_name TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX flow_substitute_sub ON flow_substitute (sub, to_day);
CREATE INDEX flow_substitute_unit ON flow_substitute (unit);
CREATE INDEX flow_substitute_person ON flow_substitute (person, to_day);
