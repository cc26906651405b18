-- +goose Up
-- Meetings, those who belong there, speeches and decisions, as lists need them; the whole records stand in record_version.
CREATE TABLE meeting_meeting (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  above BIGINT NOT NULL,        -- 1 = of the level above
  host TEXT NOT NULL,
  day TEXT NOT NULL,
  cancelled_on TEXT NOT NULL,
  minutes TEXT NOT NULL,        -- '' | draft | approved | issued
  seats BIGINT NOT NULL,
  came BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX meeting_meeting_code ON meeting_meeting (root, code);
CREATE INDEX meeting_meeting_pos ON meeting_meeting (pos, day);
CREATE INDEX meeting_meeting_unit ON meeting_meeting (unit);
CREATE INDEX meeting_meeting_id ON meeting_meeting (id);

CREATE TABLE meeting_seat (
  root BIGINT NOT NULL,
  meeting BIGINT NOT NULL,
  no BIGINT NOT NULL,
  home_pos BIGINT NOT NULL,     -- of the unit that holds the meeting
  unit BIGINT NOT NULL,         -- 0 = a body beside the tree
  pos BIGINT NOT NULL,          -- of that unit, -1 without one
  body TEXT NOT NULL,
  person TEXT NOT NULL,
  post TEXT NOT NULL,
  day TEXT NOT NULL,
  invited_on TEXT NOT NULL,
  reply TEXT NOT NULL,
  came TEXT NOT NULL,
  PRIMARY KEY (root, meeting, no)
) /*without rowid*/;
CREATE INDEX meeting_seat_home ON meeting_seat (home_pos, day);
CREATE INDEX meeting_seat_pos ON meeting_seat (pos, day);
CREATE INDEX meeting_seat_meeting ON meeting_seat (meeting);

CREATE TABLE meeting_speech (
  root BIGINT NOT NULL,
  meeting BIGINT NOT NULL,
  no BIGINT NOT NULL,
  home_pos BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  body TEXT NOT NULL,
  speaker TEXT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, meeting, no)
) /*without rowid*/;
CREATE INDEX meeting_speech_pos ON meeting_speech (pos, day);

CREATE TABLE meeting_decision (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  meeting BIGINT NOT NULL,
  text TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  due TEXT NOT NULL,
  done_on TEXT NOT NULL,
  dropped_on TEXT NOT NULL,
  lead TEXT NOT NULL,
  lead_unit BIGINT NOT NULL,
  lead_pos BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX meeting_decision_code ON meeting_decision (root, code);
CREATE INDEX meeting_decision_pos ON meeting_decision (pos, due);
CREATE INDEX meeting_decision_lead ON meeting_decision (lead_pos, due);
CREATE INDEX meeting_decision_unit ON meeting_decision (unit);
CREATE INDEX meeting_decision_meeting ON meeting_decision (meeting);
CREATE INDEX meeting_decision_id ON meeting_decision (id);

-- The bodies that help with a decision.
CREATE TABLE meeting_assist (
  root BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  n BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (root, decision, n)
) /*without rowid*/;
CREATE INDEX meeting_assist_pos ON meeting_assist (pos);

-- Kinds of meeting are data: root 0 is shipped, a city adds its own.
CREATE TABLE meeting_kind (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  joined BIGINT NOT NULL,       -- 1 = of departments: it counts as a joint meeting
  above BIGINT NOT NULL,        -- 1 = a level above holds it, our people go there
  rank BIGINT NOT NULL,
  PRIMARY KEY (root, name)
) /*without rowid*/;
INSERT INTO meeting_kind (root, name, en, joined, above, rank) VALUES
  (0, '联席会议', 'Joint meeting', 1, 0, 1),
  (0, '全体会议', 'Full session', 0, 0, 2),
  (0, '主任办公会', 'Director''s office meeting', 0, 0, 3),
  (0, '专题会议', 'Meeting on one subject', 0, 0, 4),
  (0, '上级工作会议', 'Work meeting of a level above', 0, 1, 5),
  (0, '上级现场推进会', 'On-site meeting of a level above', 0, 1, 6);
