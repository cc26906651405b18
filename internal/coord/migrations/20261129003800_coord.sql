-- +goose Up
CREATE TABLE coord_notice (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  document TEXT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL,      -- the last day in force, itself included; '' = open
  supersedes BIGINT NOT NULL,   -- 0 = none
  due_day TEXT NOT NULL,        -- '' = to be received only
  issued_on TEXT NOT NULL,      -- '' = a draft
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX coord_notice_code ON coord_notice (root, unit, code);
CREATE INDEX coord_notice_id ON coord_notice (id);
CREATE INDEX coord_notice_unit ON coord_notice (unit);
CREATE INDEX coord_notice_supersedes ON coord_notice (supersedes);

-- The lead and all who issue with it: by whose place a notice is found from below and from above.
CREATE TABLE coord_issuer (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  joined INTEGER NOT NULL,      -- 1: units below it are asked
  PRIMARY KEY (root, notice, unit)
) /*without rowid*/;
CREATE INDEX coord_issuer_pos ON coord_issuer (pos);
CREATE INDEX coord_issuer_unit ON coord_issuer (unit);

-- Bodies beside the tree that issue a notice, too.
CREATE TABLE coord_body (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (root, notice, body)
) /*without rowid*/;
CREATE INDEX coord_body_body ON coord_body (body);

-- Recipients by name; those by level or by rule are a question to the tree and have no row.
CREATE TABLE coord_target (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  PRIMARY KEY (root, notice, unit)
) /*without rowid*/;
CREATE INDEX coord_target_of ON coord_target (notice, unit);

CREATE TABLE coord_reply (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  received_on TEXT NOT NULL,
  read_on TEXT NOT NULL,
  passed_on TEXT NOT NULL,
  due_day TEXT NOT NULL,
  done_on TEXT NOT NULL,
  asking INTEGER NOT NULL,      -- 1: a question of the unit waits for an answer
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX coord_reply_once ON coord_reply (root, notice, unit);
CREATE INDEX coord_reply_of ON coord_reply (notice, unit);
CREATE INDEX coord_reply_pos ON coord_reply (notice, pos);
CREATE INDEX coord_reply_unit ON coord_reply (unit);

-- One call upon units that have not answered; the inboxes hold the rest.
CREATE TABLE coord_reminder (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  sent BIGINT NOT NULL,
  PRIMARY KEY (root, notice, unit, day)
) /*without rowid*/;
CREATE INDEX coord_reminder_of ON coord_reminder (notice, day);

CREATE TABLE coord_contact (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  lead INTEGER NOT NULL,        -- 1: the body leads the joint activity
  day TEXT NOT NULL,
  topic TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX coord_contact_id ON coord_contact (id);
CREATE INDEX coord_contact_unit ON coord_contact (unit, day);
CREATE INDEX coord_contact_pos ON coord_contact (pos, day);
CREATE INDEX coord_contact_body ON coord_contact (body, pos);
