-- +goose Up
CREATE TABLE org_unit (
  id BIGINT PRIMARY KEY,
  code TEXT NOT NULL,
  level TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  heir BIGINT NOT NULL,
  formed TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  pos BIGINT NOT NULL,
  parent BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_unit_code ON org_unit (code);
CREATE INDEX org_unit_pos ON org_unit (pos);
CREATE INDEX org_unit_parent ON org_unit (parent, pos);

-- One row: changes of the tree follow one another, or a unit founded while its county moves would be left behind.
CREATE TABLE org_lock (
  id INTEGER PRIMARY KEY,
  n BIGINT NOT NULL
);
INSERT INTO org_lock (id, n) VALUES (1, 0);

CREATE TABLE org_name (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  aliases TEXT NOT NULL,
  PRIMARY KEY (unit, from_day)
) /*without rowid*/;

CREATE TABLE org_place (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  pos BIGINT NOT NULL,
  parent BIGINT NOT NULL,
  PRIMARY KEY (unit, from_day)
) /*without rowid*/;
CREATE INDEX org_place_pos ON org_place (pos);
CREATE INDEX org_place_parent ON org_place (parent, pos);

-- Every number that was ever given out: a place is never reused.
CREATE TABLE org_number (
  pos BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL
);

-- What a unit is looked for by: names of all times and their endings, aliases, pinyin, code.
CREATE TABLE org_term (
  term TEXT NOT NULL,
  unit BIGINT NOT NULL,
  PRIMARY KEY (term, unit)
) /*without rowid*/;
CREATE INDEX org_term_unit ON org_term (unit);

CREATE TABLE org_event (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  detail TEXT NOT NULL,
  document TEXT NOT NULL,
  known_at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  batch BIGINT NOT NULL,
  undone_by BIGINT NOT NULL
);
CREATE INDEX org_event_unit ON org_event (unit, day, id);
CREATE INDEX org_event_batch ON org_event (batch) WHERE batch <> 0;

-- What an event did to each unit, so that it can be taken back exactly, and is refused when something changed since.
CREATE TABLE org_trace (
  event BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  aspect TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (event, unit, aspect)
) /*without rowid*/;
CREATE INDEX org_trace_unit ON org_trace (unit);

CREATE TABLE org_link (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  other BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL
);
CREATE INDEX org_link_unit ON org_link (unit, kind);
CREATE INDEX org_link_other ON org_link (other, kind);

CREATE TABLE org_detail (
  unit BIGINT PRIMARY KEY REFERENCES org_unit (id),
  credit_code TEXT NOT NULL,
  size TEXT NOT NULL,
  ownership TEXT NOT NULL,
  has_party INTEGER NOT NULL,
  area BIGINT NOT NULL,
  address TEXT NOT NULL,
  phone TEXT NOT NULL,
  intro TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_detail_credit ON org_detail (credit_code) WHERE credit_code <> '';
CREATE INDEX org_detail_area ON org_detail (area) WHERE area <> 0;

CREATE TABLE org_party (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  form TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL
);
CREATE INDEX org_party_unit ON org_party (unit, kind);
CREATE INDEX org_party_name ON org_party (name);

CREATE TABLE org_leader (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL
);
CREATE INDEX org_leader_unit ON org_leader (unit);

CREATE TABLE org_post_kind (
  code TEXT PRIMARY KEY,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  ord INTEGER NOT NULL,
  single INTEGER NOT NULL,
  rights TEXT NOT NULL
);
INSERT INTO org_post_kind (code, zh, en, ord, single, rights) VALUES
  ('director', '主任', 'Director', 10, 1, 'admin'),
  ('executive_deputy', '常务副主任', 'Executive deputy director', 20, 0, 'admin'),
  ('deputy', '副主任', 'Deputy director', 30, 0, 'view'),
  ('secretary_general', '秘书长', 'Secretary general', 40, 1, 'admin'),
  ('deputy_secretary', '副秘书长', 'Deputy secretary general', 50, 0, 'work'),
  ('office', '办公室主任', 'Head of the office', 60, 0, 'admin'),
  ('clerk', '办公室工作人员', 'Office clerk', 70, 0, 'work'),
  ('member', '成员', 'Member', 80, 0, 'view'),
  ('adviser', '顾问', 'Adviser', 90, 0, 'view');

CREATE TABLE org_post (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL REFERENCES org_post_kind (code),
  person TEXT NOT NULL,
  account BIGINT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  term_until TEXT NOT NULL,
  acting INTEGER NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX org_post_unit ON org_post (unit, kind);
CREATE INDEX org_post_account ON org_post (account) WHERE account <> 0;

-- How many holders a post of a unit should have; since is the first day on which it was asked.
CREATE TABLE org_quota (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL REFERENCES org_post_kind (code),
  quota INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (unit, kind)
) /*without rowid*/;

CREATE TABLE org_target (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  enterprise BIGINT NOT NULL REFERENCES org_unit (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  PRIMARY KEY (enterprise, from_day)
) /*without rowid*/;
CREATE INDEX org_target_unit ON org_target (unit);

CREATE TABLE org_founding (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  state TEXT NOT NULL,
  planned TEXT NOT NULL,
  prepared TEXT NOT NULL,
  approved TEXT NOT NULL,
  document TEXT NOT NULL,
  members TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_founding_unit ON org_founding (unit);

CREATE TABLE org_batch (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL,
  file TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  state TEXT NOT NULL,
  plan TEXT NOT NULL
);
CREATE INDEX org_batch_unit ON org_batch (unit, id);
