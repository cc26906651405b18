-- +goose Up
-- A case. Nothing here says who it is about or what was said: that is sealed.
CREATE TABLE casework_case (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,
  class TEXT NOT NULL,
  state TEXT NOT NULL,
  holder BIGINT NOT NULL,
  holder_name TEXT NOT NULL,
  holder_reads BIGINT NOT NULL,   -- 0: the holder reads by a grant alone
  lead BIGINT NOT NULL,
  lead_name TEXT NOT NULL,
  consent TEXT NOT NULL,
  unsafe BIGINT NOT NULL,         -- the last assessment says that somebody is not safe
  rhythm BIGINT NOT NULL,         -- days between visits
  opened_on TEXT NOT NULL,
  since_on TEXT NOT NULL,         -- opened, or opened again
  last_on TEXT NOT NULL,          -- the last visit, '' for none
  next_on TEXT NOT NULL,          -- the day named at the last visit, '' for none
  floor_on TEXT NOT NULL,         -- no visit is owed before: the end of a pause
  due_on TEXT NOT NULL,           -- when the next visit is owed, '' when none is
  closed_on TEXT NOT NULL,
  outcome TEXT NOT NULL,
  result_due TEXT NOT NULL,       -- when it is to be said what came of it, '' when that was said
  result TEXT NOT NULL,
  from_root BIGINT NOT NULL,      -- the request for help that it came from, 0 for none
  from_id BIGINT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX casework_case_unit ON casework_case (unit, state, due_on);
CREATE INDEX casework_case_pos ON casework_case (pos, state);
CREATE INDEX casework_case_due ON casework_case (due_on);
CREATE INDEX casework_case_result ON casework_case (result_due);
CREATE INDEX casework_case_from ON casework_case (from_root, from_id);

-- That somebody has a case at a unit, as a keyed hash, so that nobody is registered twice there.
CREATE TABLE casework_mark (
  mark TEXT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  id BIGINT NOT NULL
);
CREATE INDEX casework_mark_case ON casework_mark (root, id);

-- What happened with a case in one line of time; sealed is the record that holds the words, 0 for none.
CREATE TABLE casework_entry (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  day TEXT NOT NULL,
  by_account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  arg TEXT NOT NULL,
  n BIGINT NOT NULL,
  until_on TEXT NOT NULL,
  sealed BIGINT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX casework_entry_case ON casework_entry (root, case_id, id);
CREATE INDEX casework_entry_day ON casework_entry (root, kind, day);

-- A volunteer who is paired with a case.
CREATE TABLE casework_pair (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  person_root BIGINT NOT NULL,
  person BIGINT NOT NULL,
  name TEXT NOT NULL,
  account BIGINT NOT NULL,        -- 0: the holder writes for them
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,         -- the last day
  state TEXT NOT NULL,            -- live, suspended, ended
  ended_on TEXT NOT NULL,
  why TEXT NOT NULL,
  grant_id BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX casework_pair_case ON casework_pair (root, case_id, id);
CREATE INDEX casework_pair_account ON casework_pair (account, state);
CREATE INDEX casework_pair_state ON casework_pair (state, id);

-- The months of a city whose numbers are published: each once and for ever.
CREATE TABLE casework_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);

-- What is published of a month; nothing else of how many cases there are is shown to anybody above a unit.
CREATE TABLE casework_count (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  class TEXT NOT NULL,
  measure TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month, class, measure, pooled)
);
CREATE INDEX casework_count_pos ON casework_count (pos, month);
