-- +goose Up
-- A unit's desk for those who ask for help; leads are the accounts that answer for it, as JSON.
CREATE TABLE care_desk (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  open BIGINT NOT NULL,
  kinds TEXT NOT NULL,
  phone TEXT NOT NULL,
  hours TEXT NOT NULL,
  about TEXT NOT NULL,
  leads TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, unit)
);
CREATE INDEX care_desk_pos ON care_desk (pos, open);

-- Who is on call at a desk, nights and holidays too.
CREATE TABLE care_duty (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_duty_unit ON care_duty (unit, to_day);

-- A request for help. Nothing here says who asks or what was said: that is sealed.
CREATE TABLE care_request (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  asker TEXT NOT NULL,
  way TEXT NOT NULL,
  danger BIGINT NOT NULL,
  urgency TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  holder BIGINT NOT NULL,
  holder_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  score BIGINT NOT NULL,
  risen BIGINT NOT NULL,
  pass TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_request_unit ON care_request (unit, state, id);
CREATE INDEX care_request_pos ON care_request (pos, state);
CREATE INDEX care_request_due ON care_request (due_at);

-- The receipt by which whoever asked comes back, as a keyed hash; each is given once.
CREATE TABLE care_receipt (
  mark TEXT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  id BIGINT NOT NULL
);

-- What happened with a request, online and offline in one line of time; sealed is the record that holds the words, 0 for none.
CREATE TABLE care_entry (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  request BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  day TEXT NOT NULL,
  by_account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  arg TEXT NOT NULL,
  sealed BIGINT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_entry_request ON care_entry (root, request, id);
CREATE INDEX care_entry_mark ON care_entry (root, request, mark);
