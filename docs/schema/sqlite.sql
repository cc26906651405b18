CREATE TABLE account_account (
  id BIGINT NOT NULL,
  login TEXT NOT NULL,
  person TEXT NOT NULL,
  phone TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  password TEXT NOT NULL,
  must_change INTEGER NOT NULL,
  epoch BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL,
  lang TEXT NOT NULL,
  size INTEGER NOT NULL,
  theme TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  signed_in_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX account_account_login ON account_account (login);
CREATE INDEX account_account_pos ON account_account (pos, login);
CREATE INDEX account_account_unit ON account_account (unit);
CREATE TABLE account_grant (
  id BIGINT NOT NULL,
  account BIGINT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  reason TEXT NOT NULL,
  given_by BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (account) REFERENCES account_account (id)
);
CREATE INDEX account_grant_account ON account_grant (account);
CREATE INDEX account_grant_unit ON account_grant (unit);
CREATE TABLE account_invite (
  id BIGINT NOT NULL,
  account BIGINT NOT NULL,
  code TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (account) REFERENCES account_account (id)
);
CREATE INDEX account_invite_account ON account_invite (account);
CREATE UNIQUE INDEX account_invite_code ON account_invite (code);
CREATE TABLE account_passkey (
  id BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  credential TEXT NOT NULL,
  site TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (account) REFERENCES account_account (id)
);
CREATE INDEX account_passkey_account ON account_passkey (account);
CREATE UNIQUE INDEX account_passkey_credential ON account_passkey (credential);
CREATE TABLE account_recovery (
  account BIGINT NOT NULL,
  code TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (account, code)
);
CREATE TABLE account_session (
  token TEXT NOT NULL,
  account BIGINT NOT NULL,
  data TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, device TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '', seen_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (token)
) WITHOUT ROWID;
CREATE INDEX account_session_account ON account_session (account);
CREATE INDEX account_session_expires ON account_session (expires_at);
CREATE TABLE account_setting (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);
CREATE TABLE account_throttle (
  name TEXT NOT NULL,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) WITHOUT ROWID;
CREATE TABLE account_told (
  account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (account)
);
CREATE TABLE account_totp (
  account BIGINT NOT NULL,
  secret TEXT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  step BIGINT NOT NULL,
  PRIMARY KEY (account)
);
CREATE TABLE activity_activity (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  lead BIGINT NOT NULL REFERENCES org_unit (id),
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  class TEXT NOT NULL,
  topic TEXT NOT NULL,
  series TEXT NOT NULL,
  mode TEXT NOT NULL,
  venue TEXT NOT NULL,
  day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  place TEXT NOT NULL,
  heads BIGINT NOT NULL,        -- face to face
  online BIGINT NOT NULL,
  hosts BIGINT NOT NULL,        -- agreed ones
  status TEXT NOT NULL,
  late BIGINT NOT NULL,         -- 1: reported long after its day
  works BIGINT NOT NULL,
  awards BIGINT NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX activity_activity_code ON activity_activity (root, code);
CREATE TABLE activity_choice (
  root BIGINT NOT NULL,
  list TEXT NOT NULL,
  code TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  parent TEXT NOT NULL,
  minor BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, list, code)
) WITHOUT ROWID;
CREATE TABLE activity_class (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  n BIGINT NOT NULL,            -- the school's place in the record
  m BIGINT NOT NULL,            -- the class's place in the school
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  class TEXT NOT NULL,
  heads BIGINT NOT NULL,
  lesson TEXT NOT NULL,
  credit BIGINT NOT NULL,       -- tenths of a lesson for each pupil
  day TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (root, id, n, m)
) WITHOUT ROWID;
CREATE INDEX activity_class_pos ON activity_class (pos, day);
CREATE INDEX activity_class_unit ON activity_class (unit);
CREATE TABLE activity_host (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  before_pos BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  day TEXT NOT NULL,
  class TEXT NOT NULL,
  topic TEXT NOT NULL,
  series TEXT NOT NULL,
  mode TEXT NOT NULL,
  venue TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (root, id, n)
);
CREATE INDEX activity_host_pos ON activity_host (pos, day, agreed, before_pos, class, topic, series, mode, venue, status, root, id);
CREATE INDEX activity_host_unit ON activity_host (unit);
CREATE TABLE activity_limit (
  root BIGINT NOT NULL,
  minors BIGINT NOT NULL,
  camp_ratio BIGINT NOT NULL, keep_days BIGINT NOT NULL DEFAULT 90, keep_incident_days BIGINT NOT NULL DEFAULT 1095,
  PRIMARY KEY (root)
) WITHOUT ROWID;
CREATE TABLE activity_photo (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (root, id, hash)
) WITHOUT ROWID;
CREATE INDEX activity_photo_hash ON activity_photo (hash);
CREATE TABLE activity_photo_stop (
  root BIGINT NOT NULL,
  hash TEXT NOT NULL,
  id BIGINT NOT NULL,
  day TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (root, hash)
) WITHOUT ROWID;
CREATE INDEX activity_photo_stop_hash ON activity_photo_stop (hash);
CREATE TABLE activity_stop (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  base_root BIGINT NOT NULL,    -- 0: no base of ours
  base BIGINT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, id, n)
) WITHOUT ROWID;
CREATE INDEX activity_stop_base ON activity_stop (base_root, base, day);
CREATE TABLE activity_theme (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign_root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  PRIMARY KEY (root, id, campaign_root, campaign)
) WITHOUT ROWID;
CREATE INDEX activity_theme_campaign ON activity_theme (campaign_root, campaign);
CREATE TABLE aid_aid (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  purpose TEXT NOT NULL,
  year BIGINT NOT NULL,
  form TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_fen BIGINT NOT NULL,
  applied_on TEXT NOT NULL,
  given_on TEXT NOT NULL,
  given_fen BIGINT NOT NULL,
  given_qty BIGINT NOT NULL,
  minutes BIGINT NOT NULL,
  gift_root BIGINT NOT NULL,
  gift BIGINT NOT NULL,
  receipt_on TEXT NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_aid_gift ON aid_aid (gift_root, gift);
CREATE UNIQUE INDEX aid_aid_no ON aid_aid (root, no);
CREATE INDEX aid_aid_pos ON aid_aid (pos, year, kind);
CREATE INDEX aid_aid_request ON aid_aid (request);
CREATE INDEX aid_aid_state ON aid_aid (state, given_on);
CREATE INDEX aid_aid_unit ON aid_aid (unit);
CREATE TABLE aid_compared (
  account BIGINT NOT NULL,
  day TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (account, day)
);
CREATE TABLE aid_count (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month, pooled)
);
CREATE INDEX aid_count_pos ON aid_count (pos, month);
CREATE TABLE aid_counted (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  PRIMARY KEY (root, aid)
);
CREATE TABLE aid_donor (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  named BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_donor_pos ON aid_donor (pos, name);
CREATE INDEX aid_donor_unit ON aid_donor (unit);
CREATE TABLE aid_double (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  other_root BIGINT NOT NULL,
  other BIGINT NOT NULL,
  PRIMARY KEY (root, aid, other_root, other)
);
CREATE INDEX aid_double_other ON aid_double (other_root, other);
CREATE TABLE aid_file (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  no BIGINT NOT NULL,            -- counted within the aid
  sealed BIGINT NOT NULL,        -- the record with its key and its name
  hash TEXT NOT NULL,            -- of what is encrypted
  size BIGINT NOT NULL,          -- of the content, bytes
  day TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (root, aid, no)
);
CREATE TABLE aid_gift (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  donor BIGINT NOT NULL,
  day TEXT NOT NULL,
  form TEXT NOT NULL,
  fen BIGINT NOT NULL,
  qty BIGINT NOT NULL,
  what TEXT NOT NULL,
  kinds TEXT NOT NULL,
  below BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_gift_donor ON aid_gift (root, donor);
CREATE INDEX aid_gift_pos ON aid_gift (pos, day);
CREATE INDEX aid_gift_unit ON aid_gift (unit);
CREATE TABLE aid_kind (
  root BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  purposes TEXT NOT NULL,
  ord BIGINT NOT NULL,
  closed_on TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, code)
);
CREATE TABLE aid_limit (
  root BIGINT NOT NULL,
  level TEXT NOT NULL,
  fen BIGINT NOT NULL,
  PRIMARY KEY (root, level)
);
CREATE TABLE aid_mark (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (root, aid, mark)
);
CREATE INDEX aid_mark_mark ON aid_mark (mark);
CREATE TABLE aid_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);
CREATE TABLE aid_number (
  root BIGINT NOT NULL,
  year BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, year)
);
CREATE TABLE aid_past (
  root BIGINT NOT NULL,
  batch BIGINT NOT NULL,         -- the list that it came with
  line BIGINT NOT NULL,
  mark TEXT NOT NULL,
  unit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  purpose TEXT NOT NULL,
  year BIGINT NOT NULL,
  PRIMARY KEY (root, batch, line, mark)
);
CREATE INDEX aid_past_mark ON aid_past (mark, kind, year);
CREATE TABLE aid_past_batch (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  by_name TEXT NOT NULL,
  n BIGINT NOT NULL,             -- of lines
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_past_batch_unit ON aid_past_batch (unit);
CREATE TABLE app_setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE app_stray (
  hash TEXT PRIMARY KEY,
  since BIGINT NOT NULL,
  put BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE assess_adoption (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  programme BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  planned_on TEXT NOT NULL,
  submitted_on TEXT NOT NULL,
  returned_on TEXT NOT NULL,
  slips INTEGER NOT NULL,
  parts INTEGER NOT NULL,       -- how many parts of the model are in place
  stages TEXT NOT NULL,         -- JSON: levels of maturity with their days
  periods TEXT NOT NULL,        -- JSON: [{adopted_on, revoked_on}], the earliest first
  PRIMARY KEY (root, id)
);
CREATE INDEX assess_adoption_of ON assess_adoption (unit);
CREATE INDEX assess_adoption_programme ON assess_adoption (programme, pos);
CREATE UNIQUE INDEX assess_adoption_unit ON assess_adoption (root, programme, unit);
CREATE TABLE assess_programme (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  owner BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,          -- the owner's place …
  pos_to BIGINT NOT NULL,       -- … and the end of its subtree
  main INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX assess_programme_code ON assess_programme (root, owner, code);
CREATE INDEX assess_programme_owner ON assess_programme (owner);
CREATE INDEX assess_programme_pos ON assess_programme (pos);
CREATE TABLE association_record (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  association TEXT NOT NULL,
  detail TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX association_record_association ON association_record (association, kind, from_day);
CREATE UNIQUE INDEX association_record_code ON association_record (root, kind, code);
CREATE INDEX association_record_pos ON association_record (kind, pos, from_day);
CREATE INDEX association_record_unit ON association_record (kind, unit);
CREATE TABLE audit_entry (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_unit BIGINT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  ref_root BIGINT NOT NULL,
  ref_id BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  note TEXT NOT NULL,
  refused INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX audit_entry_actor ON audit_entry (actor, id);
CREATE INDEX audit_entry_id ON audit_entry (id);
CREATE INDEX audit_entry_leaf ON audit_entry (leaf, id);
CREATE INDEX audit_entry_ref ON audit_entry (ref_id, id);
CREATE TABLE audit_fault (
  id BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  fault TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  accepted_name TEXT NOT NULL,
  accepted_why TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE audit_hash (
  idx BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (idx)
) WITHOUT ROWID;
CREATE TABLE audit_head (
  one INTEGER NOT NULL,
  size BIGINT NOT NULL,
  root_hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (one)
);
CREATE TABLE audit_watch (
  one INTEGER NOT NULL,
  checked_at BIGINT NOT NULL,
  checked BIGINT NOT NULL,
  PRIMARY KEY (one)
);
CREATE TABLE base_accreditation (
  root BIGINT NOT NULL,
  base BIGINT NOT NULL,
  n BIGINT NOT NULL,
  granted_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  PRIMARY KEY (root, base, n)
) WITHOUT ROWID;
CREATE TABLE base_base (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  pos BIGINT NOT NULL,          -- the host's place today
  host BIGINT NOT NULL REFERENCES org_unit (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  run_mode TEXT NOT NULL,
  top_level TEXT NOT NULL,
  plaques BIGINT NOT NULL,
  first_granted TEXT NOT NULL,
  last_granted TEXT NOT NULL,
  met BIGINT NOT NULL,
  gaps BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  agreement_end TEXT NOT NULL,
  check_due TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX base_base_code ON base_base (root, code);
CREATE INDEX base_base_host ON base_base (host);
CREATE INDEX base_base_pos ON base_base (pos, last_granted);
CREATE TABLE base_category (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  aliases TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, name)
) WITHOUT ROWID;
CREATE TABLE base_standard (
  root BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, code)
) WITHOUT ROWID;
CREATE TABLE booking_slot (
  root BIGINT NOT NULL,
  calendar TEXT NOT NULL,
  subject BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  subject_name TEXT NOT NULL,
  holder_kind TEXT NOT NULL,
  holder_root BIGINT NOT NULL,
  holder BIGINT NOT NULL,
  holder_name TEXT NOT NULL,
  PRIMARY KEY (root, calendar, subject, slot)
) WITHOUT ROWID;
CREATE INDEX booking_slot_holder ON booking_slot (holder_root, holder, calendar);
CREATE TABLE campaign (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,          -- '' = made of event and event_year
  slogan TEXT NOT NULL,
  topic TEXT NOT NULL,
  event TEXT NOT NULL,
  event_year INTEGER NOT NULL,
  from_day TEXT NOT NULL,
  last_day TEXT NOT NULL,       -- the last day, itself included
  due_day TEXT NOT NULL,
  issued_on TEXT NOT NULL,      -- '' = a draft
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX campaign_code ON campaign (root, unit, code);
CREATE INDEX campaign_id ON campaign (id);
CREATE INDEX campaign_unit ON campaign (unit);
CREATE TABLE campaign_day (
  root BIGINT NOT NULL,
  code TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  rule TEXT NOT NULL,           -- 07-01, lunar:09-09, or term: and a solar term
  before INTEGER NOT NULL,      -- so many days before one is reminded; 0 = never
  PRIMARY KEY (root, code)
) WITHOUT ROWID;
CREATE TABLE campaign_duty (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  received_on TEXT NOT NULL,
  planned_on TEXT NOT NULL,
  due_day TEXT NOT NULL,
  reported_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX campaign_duty_of ON campaign_duty (campaign, unit);
CREATE UNIQUE INDEX campaign_duty_once ON campaign_duty (root, campaign, unit);
CREATE INDEX campaign_duty_pos ON campaign_duty (campaign, pos);
CREATE INDEX campaign_duty_unit ON campaign_duty (unit);
CREATE TABLE campaign_issuer (
  root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  joined INTEGER NOT NULL,      -- 1: units below it are asked
  PRIMARY KEY (root, campaign, unit)
) WITHOUT ROWID;
CREATE INDEX campaign_issuer_pos ON campaign_issuer (pos);
CREATE INDEX campaign_issuer_unit ON campaign_issuer (unit);
CREATE TABLE campaign_part (
  root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  within_root BIGINT NOT NULL,
  within BIGINT NOT NULL,
  PRIMARY KEY (root, campaign, within)
) WITHOUT ROWID;
CREATE INDEX campaign_part_of ON campaign_part (campaign);
CREATE INDEX campaign_part_within ON campaign_part (within);
CREATE TABLE campaign_reminder (
  root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  sent BIGINT NOT NULL,
  PRIMARY KEY (root, campaign, unit, day)
) WITHOUT ROWID;
CREATE INDEX campaign_reminder_of ON campaign_reminder (campaign, day);
CREATE TABLE care_count (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  kind TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month, kind, pooled)
);
CREATE INDEX care_count_pos ON care_count (pos, month);
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
  mark TEXT NOT NULL, clock TEXT NOT NULL DEFAULT '', way TEXT NOT NULL DEFAULT '', reply TEXT NOT NULL DEFAULT '', fate TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE INDEX care_entry_mark ON care_entry (root, request, mark);
CREATE INDEX care_entry_request ON care_entry (root, request, id);
CREATE TABLE care_file (
  root BIGINT NOT NULL,
  request BIGINT NOT NULL,
  no BIGINT NOT NULL,            -- counted within the request
  entry BIGINT NOT NULL,
  sealed BIGINT NOT NULL,        -- the record with its key and its name
  hash TEXT NOT NULL,            -- of what is encrypted
  size BIGINT NOT NULL,          -- of the content, bytes
  at BIGINT NOT NULL,
  PRIMARY KEY (root, request, no)
);
CREATE TABLE care_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);
CREATE TABLE care_pass (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  request BIGINT NOT NULL,
  no TEXT NOT NULL,
  from_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_pos BIGINT NOT NULL,
  state TEXT NOT NULL,           -- offered, accepted, declined, withdrawn, stayed (the asker said no), lapsed
  offered_at BIGINT NOT NULL,
  offered_name TEXT NOT NULL,
  due_at BIGINT NOT NULL,        -- by when it lapses
  ended_at BIGINT NOT NULL,
  ended_name TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_pass_due ON care_pass (state, due_at);
CREATE INDEX care_pass_from ON care_pass (from_unit, state, id);
CREATE UNIQUE INDEX care_pass_one ON care_pass (root, request) WHERE state = 'offered';
CREATE INDEX care_pass_request ON care_pass (root, request, state);
CREATE INDEX care_pass_to ON care_pass (to_unit, state, id);
CREATE TABLE care_receipt (
  mark TEXT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  id BIGINT NOT NULL
);
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
  ver BIGINT NOT NULL, calls BIGINT NOT NULL DEFAULT 0, called_at BIGINT NOT NULL DEFAULT 0, reached BIGINT NOT NULL DEFAULT 0, rule BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_request_due ON care_request (due_at);
CREATE INDEX care_request_pos ON care_request (pos, state);
CREATE INDEX care_request_unit ON care_request (unit, state, id);
CREATE TABLE care_rule (
  version BIGINT NOT NULL,
  asks BIGINT NOT NULL,           -- 1: name and telephone are asked for
  body TEXT NOT NULL,
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (version)
) WITHOUT ROWID;
CREATE TABLE care_team (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  account BIGINT NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  kinds TEXT NOT NULL,
  skill TEXT NOT NULL,
  until_day TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX care_team_unit ON care_team (unit);
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
CREATE INDEX casework_case_due ON casework_case (due_on);
CREATE INDEX casework_case_from ON casework_case (from_root, from_id);
CREATE INDEX casework_case_pos ON casework_case (pos, state);
CREATE INDEX casework_case_result ON casework_case (result_due);
CREATE INDEX casework_case_unit ON casework_case (unit, state, due_on);
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
CREATE TABLE casework_mark (
  mark TEXT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  id BIGINT NOT NULL
);
CREATE INDEX casework_mark_case ON casework_mark (root, id);
CREATE TABLE casework_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);
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
CREATE INDEX casework_pair_account ON casework_pair (account, state);
CREATE INDEX casework_pair_case ON casework_pair (root, case_id, id);
CREATE INDEX casework_pair_state ON casework_pair (state, id);
CREATE TABLE casework_pass (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  no TEXT NOT NULL,
  class TEXT NOT NULL,
  from_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_unit BIGINT NOT NULL REFERENCES org_unit (id),
  to_pos BIGINT NOT NULL,
  state TEXT NOT NULL,           -- offered, accepted, declined, withdrawn, lapsed
  offered_on TEXT NOT NULL,
  offered_name TEXT NOT NULL,
  due_on TEXT NOT NULL,          -- the last day on which it can be accepted
  ended_on TEXT NOT NULL,        -- '' while it is open
  ended_name TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX casework_pass_case ON casework_pass (root, case_id, state);
CREATE INDEX casework_pass_due ON casework_pass (state, due_on);
CREATE INDEX casework_pass_from ON casework_pass (from_unit, state, id);
CREATE UNIQUE INDEX casework_pass_one ON casework_pass (root, case_id) WHERE state = 'offered';
CREATE INDEX casework_pass_to ON casework_pass (to_unit, state, id);
CREATE TABLE casework_share (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  month TEXT NOT NULL,
  tenths BIGINT NOT NULL,
  PRIMARY KEY (root, unit, month)
) WITHOUT ROWID;
CREATE TABLE channel_choice (
  root BIGINT NOT NULL,
  account BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  mode TEXT NOT NULL,
  lang TEXT NOT NULL,
  mail TEXT NOT NULL,
  verified_at BIGINT NOT NULL DEFAULT 0,
  new_mail TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL DEFAULT '',
  code_at BIGINT NOT NULL DEFAULT 0,
  code_tries BIGINT NOT NULL DEFAULT 0,
  code_day TEXT NOT NULL DEFAULT '',
  codes BIGINT NOT NULL DEFAULT 0,
  digest_day TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account, root)
);
CREATE INDEX channel_choice_daily ON channel_choice (digest_day, account) WHERE mode = 'daily';
CREATE INDEX channel_choice_unit ON channel_choice (unit) WHERE mode = 'now';
CREATE TABLE channel_message (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  queue BIGINT NOT NULL,
  no BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  waiting BIGINT NOT NULL DEFAULT 0,
  late BIGINT NOT NULL DEFAULT 0,
  fresh BIGINT NOT NULL DEFAULT 0,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  tried_at BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX channel_message_no ON channel_message (root, queue, no);
CREATE INDEX channel_message_unit ON channel_message (unit, id);
CREATE TABLE channel_queue (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  last_no BIGINT NOT NULL DEFAULT 0,
  head_no BIGINT NOT NULL DEFAULT 0,
  tries BIGINT NOT NULL DEFAULT 0,
  try_at BIGINT NOT NULL DEFAULT 0,
  lease BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX channel_queue_due ON channel_queue (try_at) WHERE head_no < last_no;
CREATE TABLE channel_way (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos_from BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  kind TEXT NOT NULL,
  live BIGINT NOT NULL,
  config TEXT NOT NULL,
  shown TEXT NOT NULL,
  site TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  set_name TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX channel_way_pos ON channel_way (kind, pos_from) WHERE live = 1;
CREATE UNIQUE INDEX channel_way_unit ON channel_way (unit, kind, root);
CREATE TABLE contact_body (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,
  field TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,         -- the first day on which it is no partner any more; '' = open
  PRIMARY KEY (root, id)
);
CREATE INDEX contact_body_id ON contact_body (id);
CREATE UNIQUE INDEX contact_body_name ON contact_body (root, unit, name);
CREATE INDEX contact_body_pos ON contact_body (pos, name);
CREATE INDEX contact_body_unit ON contact_body (unit);
CREATE TABLE contact_entry (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  lead INTEGER NOT NULL,        -- 1: the body leads the joint activity
  day TEXT NOT NULL,
  topic TEXT NOT NULL, partner BIGINT NOT NULL DEFAULT 0, shared INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX contact_entry_body ON contact_entry (body, pos);
CREATE INDEX contact_entry_id ON contact_entry (id);
CREATE INDEX contact_entry_partner ON contact_entry (partner, day);
CREATE INDEX contact_entry_pos ON contact_entry (pos, day);
CREATE INDEX contact_entry_unit ON contact_entry (unit, day);
CREATE TABLE contact_part (
  root BIGINT NOT NULL,
  task BIGINT NOT NULL,
  body BIGINT NOT NULL,
  lead INTEGER NOT NULL,        -- 1: answers for it
  PRIMARY KEY (root, task, body)
) WITHOUT ROWID;
CREATE INDEX contact_part_body ON contact_part (body, task);
CREATE TABLE contact_seat (
  account BIGINT NOT NULL,
  root BIGINT NOT NULL,
  body BIGINT NOT NULL,
  PRIMARY KEY (account)
);
CREATE INDEX contact_seat_body ON contact_seat (body);
CREATE TABLE contact_task (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  due_day TEXT NOT NULL,
  done_on TEXT NOT NULL,        -- '' = open
  PRIMARY KEY (root, id)
);
CREATE INDEX contact_task_id ON contact_task (id);
CREATE INDEX contact_task_pos ON contact_task (pos, due_day);
CREATE INDEX contact_task_unit ON contact_task (unit);
CREATE TABLE coord_beat (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  wide BIGINT NOT NULL,
  block BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, notice, wide, block)
) WITHOUT ROWID;
CREATE INDEX coord_beat_of ON coord_beat (notice, wide, block);
CREATE TABLE coord_body (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (root, notice, body)
) WITHOUT ROWID;
CREATE INDEX coord_body_body ON coord_body (body);
CREATE TABLE coord_issuer (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  joined INTEGER NOT NULL,      -- 1: units below it are asked
  PRIMARY KEY (root, notice, unit)
) WITHOUT ROWID;
CREATE INDEX coord_issuer_pos ON coord_issuer (pos);
CREATE INDEX coord_issuer_unit ON coord_issuer (unit);
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
CREATE INDEX coord_notice_supersedes ON coord_notice (supersedes);
CREATE INDEX coord_notice_unit ON coord_notice (unit);
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
) WITHOUT ROWID;
CREATE INDEX coord_reminder_of ON coord_reminder (notice, day);
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
CREATE INDEX coord_reply_asking ON coord_reply (notice) WHERE asking = 1;
CREATE INDEX coord_reply_of ON coord_reply (notice, unit);
CREATE UNIQUE INDEX coord_reply_once ON coord_reply (root, notice, unit);
CREATE INDEX coord_reply_pos ON coord_reply (notice, pos);
CREATE INDEX coord_reply_unit ON coord_reply (unit);
CREATE TABLE coord_target (
  root BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  PRIMARY KEY (root, notice, unit)
) WITHOUT ROWID;
CREATE INDEX coord_target_of ON coord_target (notice, unit);
CREATE TABLE feedback_answer (
  root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  n BIGINT NOT NULL,
  slip BIGINT NOT NULL,
  at BIGINT NOT NULL,
  net TEXT NOT NULL,
  satisfaction BIGINT NOT NULL,
  useful BIGINT NOT NULL,
  line TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (root, activity, n)
);
CREATE UNIQUE INDEX feedback_answer_slip ON feedback_answer (root, activity, slip);
CREATE TABLE feedback_key (
  root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  sign TEXT NOT NULL,
  net TEXT NOT NULL,
  PRIMARY KEY (root, activity)
);
CREATE TABLE feedback_round (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  closes BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  points BIGINT NOT NULL,
  satisfied BIGINT NOT NULL,
  admitted BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX feedback_round_activity ON feedback_round (root, activity);
CREATE INDEX feedback_round_closes ON feedback_round (closed, closes);
CREATE INDEX feedback_round_pos ON feedback_round (pos, day);
CREATE INDEX feedback_round_unit ON feedback_round (unit);
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
CREATE INDEX flow_case_issuer ON flow_case (issuer);
CREATE INDEX flow_case_issuer_was ON flow_case (issuer_was) WHERE issuer_was <> 0;
CREATE INDEX flow_case_opened ON flow_case (opened_by) WHERE closed_at = 0;
CREATE INDEX flow_case_pos ON flow_case (pos, definition);
CREATE INDEX flow_case_subject ON flow_case (subject_ref, subject_kind);
CREATE INDEX flow_case_unit ON flow_case (unit);
CREATE INDEX flow_case_unit_was ON flow_case (unit_was) WHERE unit_was <> 0;
CREATE INDEX flow_case_wait ON flow_case (wait_unit);
CREATE INDEX flow_case_wait_was ON flow_case (wait_was) WHERE wait_was <> 0;
CREATE INDEX flow_case_wake ON flow_case (wake_day) WHERE wake_day <> '';
CREATE TABLE flow_definition (
  version TEXT NOT NULL,
  code TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (version)
) WITHOUT ROWID;
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
  ended_at BIGINT NOT NULL DEFAULT 0, made_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE INDEX flow_override_code ON flow_override (code, pos_from);
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
CREATE INDEX flow_substitute_person ON flow_substitute (person, to_day);
CREATE INDEX flow_substitute_sub ON flow_substitute (sub, to_day);
CREATE INDEX flow_substitute_unit ON flow_substitute (unit);
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
  unit_was BIGINT NOT NULL DEFAULT 0, own_only BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX flow_task_below ON flow_task (pos, unit, due_day) WHERE done_at = 0;
CREATE INDEX flow_task_case ON flow_task (root, case_id) WHERE done_at = 0;
CREATE INDEX flow_task_done ON flow_task (unit, done_at) WHERE done_at > 0;
CREATE UNIQUE INDEX flow_task_key ON flow_task (key, root);
CREATE INDEX flow_task_link ON flow_task (link) WHERE done_at = 0;
CREATE INDEX flow_task_open ON flow_task (unit, due_day, opened_at, id, pos, not_by, root) WHERE done_at = 0;
CREATE INDEX flow_task_unit_was ON flow_task (unit_was) WHERE unit_was <> 0;
CREATE TABLE guarantee_budget (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  amount BIGINT NOT NULL,       -- fen
  source TEXT NOT NULL,
  in_budget INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_budget_id ON guarantee_budget (id);
CREATE INDEX guarantee_budget_pos ON guarantee_budget (year, pos);
CREATE INDEX guarantee_budget_unit ON guarantee_budget (unit, year);
CREATE TABLE guarantee_cited (
  root BIGINT NOT NULL,
  rec BIGINT NOT NULL,           -- the year
  point TEXT NOT NULL,           -- its code
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  name TEXT NOT NULL,
  paper BIGINT NOT NULL,
  no INTEGER NOT NULL,           -- of its obligation; 0 is the whole document
  PRIMARY KEY (root, rec, point)
);
CREATE INDEX guarantee_cited_paper ON guarantee_cited (paper, pos);
CREATE INDEX guarantee_cited_unit ON guarantee_cited (unit);
CREATE TABLE guarantee_revenue (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  amount BIGINT NOT NULL,       -- fen
  source TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_revenue_id ON guarantee_revenue (id);
CREATE INDEX guarantee_revenue_pos ON guarantee_revenue (year, pos);
CREATE INDEX guarantee_revenue_unit ON guarantee_revenue (unit, year);
CREATE TABLE guarantee_should (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  size BIGINT NOT NULL,
  committee BIGINT NOT NULL,    -- 0 = none yet
  founded_on TEXT NOT NULL,
  ceased TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_should_committee ON guarantee_should (committee);
CREATE INDEX guarantee_should_id ON guarantee_should (id);
CREATE INDEX guarantee_should_pos ON guarantee_should (pos, size);
CREATE INDEX guarantee_should_unit ON guarantee_should (unit, name);
CREATE TABLE guarantee_standard (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  first_year INTEGER NOT NULL,
  last_year INTEGER NOT NULL,   -- 0 = still holds
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_standard_id ON guarantee_standard (id);
CREATE INDEX guarantee_standard_pos ON guarantee_standard (pos, first_year);
CREATE INDEX guarantee_standard_unit ON guarantee_standard (unit);
CREATE TABLE guarantee_year (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX guarantee_year_id ON guarantee_year (id);
CREATE INDEX guarantee_year_pos ON guarantee_year (year, pos);
CREATE INDEX guarantee_year_unit ON guarantee_year (unit, year);
CREATE TABLE ledger_cell (
  series BIGINT NOT NULL,
  width INTEGER NOT NULL,       -- digits of the place: 0 nation, 2 province, 4 city, 6 county
  code BIGINT NOT NULL,
  month BIGINT NOT NULL,        -- 201905
  frame INTEGER NOT NULL,
  v BIGINT NOT NULL,
  PRIMARY KEY (series, width, code, month, frame)
) WITHOUT ROWID;
CREATE TABLE ledger_dcell (
  series BIGINT NOT NULL,
  width INTEGER NOT NULL,       -- 0 nation, 2 province
  code BIGINT NOT NULL,
  day BIGINT NOT NULL,
  frame INTEGER NOT NULL,
  v BIGINT NOT NULL,
  PRIMARY KEY (series, width, code, day, frame)
) WITHOUT ROWID;
CREATE TABLE ledger_dim (
  id BIGINT PRIMARY KEY,
  figure BIGINT NOT NULL,
  tuple TEXT NOT NULL,          -- JSON array of the values of the definition's breakdowns
  UNIQUE (figure, tuple)
);
CREATE TABLE ledger_entry (
  root BIGINT NOT NULL,
  seq BIGINT NOT NULL,          -- given by the folder
  figure BIGINT NOT NULL,
  county BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  day BIGINT NOT NULL,          -- 20190531
  dim BIGINT NOT NULL,
  frame INTEGER NOT NULL,       -- 0 both, 1 boundaries of then, 2 today's boundaries
  delta BIGINT NOT NULL,
  rec BIGINT NOT NULL,
  PRIMARY KEY (root, seq)
);
CREATE INDEX ledger_entry_figure ON ledger_entry (figure, county, day, rec, pos, dim, frame, delta);
CREATE INDEX ledger_entry_rec ON ledger_entry (rec, figure);
CREATE TABLE ledger_figure (
  id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  owner BIGINT NOT NULL,        -- the unit whose subtree it is for; 0 = everywhere
  definition TEXT NOT NULL,     -- JSON
  ready INTEGER NOT NULL        -- 0 while its entries are being filled in
);
CREATE TABLE ledger_fold (
  seq BIGINT PRIMARY KEY,       -- last sequence that this fold gave
  at BIGINT NOT NULL            -- Unix milliseconds
);
CREATE INDEX ledger_fold_at ON ledger_fold (at);
CREATE TABLE ledger_folder (
  id INTEGER PRIMARY KEY,       -- the one row that folders lock
  seq BIGINT NOT NULL
);
CREATE TABLE ledger_place (
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  PRIMARY KEY (unit, pos)
);
CREATE UNIQUE INDEX ledger_place_pos ON ledger_place (pos, unit);
CREATE TABLE ledger_series (
  id BIGINT PRIMARY KEY,
  figure BIGINT NOT NULL,
  name TEXT NOT NULL,           -- breakdown; '' = total
  value TEXT NOT NULL,
  UNIQUE (figure, name, value)
);
CREATE TABLE ledger_tail (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  figure BIGINT NOT NULL,
  county BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  day BIGINT NOT NULL,
  dim BIGINT NOT NULL,
  frame INTEGER NOT NULL,
  delta BIGINT NOT NULL,
  rec BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX ledger_tail_rec ON ledger_tail (rec);
CREATE TABLE ledger_unit (
  unit BIGINT PRIMARY KEY,
  level TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,       -- 0 = stands
  heir BIGINT NOT NULL
);
CREATE TABLE library_bulk (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  hash TEXT NOT NULL,
  size BIGINT NOT NULL,
  category TEXT NOT NULL,
  visible TEXT NOT NULL,
  issue BIGINT NOT NULL,
  state TEXT NOT NULL,
  entries BIGINT NOT NULL,
  next BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  there BIGINT NOT NULL,
  refused TEXT NOT NULL,
  problem TEXT NOT NULL,
  at BIGINT NOT NULL,
  lease BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_bulk_unit ON library_bulk (unit);
CREATE TABLE library_category (
  code TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  place BIGINT NOT NULL,
  reviewed BIGINT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  successor TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE library_category_change (
  id BIGINT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_unit BIGINT NOT NULL,
  act TEXT NOT NULL,
  was TEXT NOT NULL,
  now TEXT NOT NULL,
  docs BIGINT NOT NULL
);
CREATE TABLE library_citation (
  root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  title TEXT NOT NULL,
  number TEXT NOT NULL,
  PRIMARY KEY (root, doc, ord)
) WITHOUT ROWID;
CREATE INDEX library_citation_number ON library_citation (number, doc) WHERE number <> '';
CREATE INDEX library_citation_title ON library_citation (title, doc);
CREATE TABLE library_collected (
  root BIGINT NOT NULL,
  collection BIGINT NOT NULL,
  doc_root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, collection, doc)
);
CREATE INDEX library_collected_doc ON library_collected (doc);
CREATE TABLE library_collection (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  visible TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_collection_unit ON library_collection (unit);
CREATE TABLE library_comment (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  gone_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_comment_doc ON library_comment (doc);
CREATE TABLE library_cover (
  hash TEXT NOT NULL PRIMARY KEY,
  picture TEXT NOT NULL,
  mime TEXT NOT NULL
);
CREATE TABLE library_document (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  no BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,       -- where the unit's subtree ends
  title TEXT NOT NULL,
  category TEXT NOT NULL,
  year BIGINT NOT NULL,
  format TEXT NOT NULL,
  pages BIGINT NOT NULL,
  size BIGINT NOT NULL,
  hash TEXT NOT NULL,
  visible TEXT NOT NULL,
  state TEXT NOT NULL,
  uploaded TEXT NOT NULL, approved BIGINT NOT NULL DEFAULT 0, project_root BIGINT NOT NULL DEFAULT 0, project BIGINT NOT NULL DEFAULT 0, speaker TEXT NOT NULL DEFAULT '', number TEXT NOT NULL DEFAULT '', issuers TEXT NOT NULL DEFAULT '', title_key TEXT NOT NULL DEFAULT '', number_key TEXT NOT NULL DEFAULT '', dated TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE INDEX library_document_category ON library_document (category, id, state, visible, pos, pos_to, unit, format, year);
CREATE INDEX library_document_hash ON library_document (hash);
CREATE INDEX library_document_number_key ON library_document (number_key) WHERE number_key <> '';
CREATE INDEX library_document_pos ON library_document (pos);
CREATE INDEX library_document_project ON library_document (project) WHERE project <> 0;
CREATE INDEX library_document_seen ON library_document (id, state, visible, pos, pos_to, unit, category, format, year);
CREATE INDEX library_document_speaker ON library_document (speaker) WHERE speaker <> '';
CREATE INDEX library_document_title_key ON library_document (title_key);
CREATE INDEX library_document_unit ON library_document (unit);
CREATE INDEX library_document_year ON library_document (year);
CREATE TABLE library_mark (
  root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  account BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  stars BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, doc, account)
);
CREATE INDEX library_mark_account ON library_mark (account, kept);
CREATE TABLE library_number (
  no BIGINT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  id BIGINT NOT NULL
);
CREATE TABLE library_opened (
  root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  post TEXT NOT NULL,
  month TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, doc, post, month)
);
CREATE INDEX library_opened_post ON library_opened (post, month);
CREATE TABLE library_part (
  upload TEXT NOT NULL,
  at_byte BIGINT NOT NULL,
  size BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (upload, at_byte)
);
CREATE TABLE library_rendition (
  root BIGINT NOT NULL,
  hash TEXT NOT NULL,
  pdf TEXT NOT NULL,
  size BIGINT NOT NULL,
  pages BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, hash)
);
CREATE TABLE library_report (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  ground TEXT NOT NULL,
  words TEXT NOT NULL,
  by_account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  due_day TEXT NOT NULL,
  state TEXT NOT NULL,
  decision TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  appeal TEXT NOT NULL, receipt TEXT NOT NULL DEFAULT '', by_unit BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_report_by ON library_report (by_account, at);
CREATE INDEX library_report_doc ON library_report (doc);
CREATE INDEX library_report_receipt ON library_report (receipt);
CREATE INDEX library_report_unit ON library_report (unit);
CREATE TABLE library_sheet (
  hash TEXT NOT NULL,
  page BIGINT NOT NULL,
  lines TEXT NOT NULL,
  PRIMARY KEY (hash, page)
);
CREATE TABLE library_text (
  root BIGINT NOT NULL,
  hash TEXT NOT NULL,
  blocks TEXT NOT NULL,
  sketch TEXT NOT NULL,
  PRIMARY KEY (root, hash)
);
CREATE INDEX library_text_hash ON library_text (hash);
CREATE TABLE library_upload (
  id TEXT NOT NULL PRIMARY KEY,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  got BIGINT NOT NULL,
  at BIGINT NOT NULL,
  incoming TEXT NOT NULL,
  problem TEXT NOT NULL
);
CREATE INDEX library_upload_account ON library_upload (account, at);
CREATE TABLE mandatory_duty (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,              -- of the subject, for the telephone
  of_root BIGINT NOT NULL,       -- what it was found in, such as a request for help
  of_id BIGINT NOT NULL,
  state TEXT NOT NULL,           -- open, reported, waived
  opened_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  opened_name TEXT NOT NULL,
  due_at BIGINT NOT NULL,        -- 0 once ended, or once it has risen as far as it does
  risen BIGINT NOT NULL,
  agency TEXT NOT NULL,
  reported_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  ended_by BIGINT NOT NULL,
  ended_name TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX mandatory_duty_due ON mandatory_duty (due_at);
CREATE INDEX mandatory_duty_of ON mandatory_duty (of_root, of_id);
CREATE INDEX mandatory_duty_unit ON mandatory_duty (unit, state, id);
CREATE TABLE meeting_assist (
  root BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  n BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (root, decision, n)
) WITHOUT ROWID;
CREATE INDEX meeting_assist_pos ON meeting_assist (pos);
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
CREATE INDEX meeting_decision_id ON meeting_decision (id);
CREATE INDEX meeting_decision_lead ON meeting_decision (lead_pos, due);
CREATE INDEX meeting_decision_meeting ON meeting_decision (meeting);
CREATE INDEX meeting_decision_pos ON meeting_decision (pos, due);
CREATE INDEX meeting_decision_unit ON meeting_decision (unit);
CREATE TABLE meeting_guest (
  root BIGINT NOT NULL,
  meeting BIGINT NOT NULL,
  partner BIGINT NOT NULL,
  PRIMARY KEY (root, meeting, partner)
);
CREATE INDEX meeting_guest_of ON meeting_guest (partner, meeting);
CREATE TABLE meeting_kind (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  joined BIGINT NOT NULL,       -- 1 = of departments: it counts as a joint meeting
  above BIGINT NOT NULL,        -- 1 = a level above holds it, our people go there
  rank BIGINT NOT NULL,
  PRIMARY KEY (root, name)
) WITHOUT ROWID;
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
CREATE INDEX meeting_meeting_id ON meeting_meeting (id);
CREATE INDEX meeting_meeting_pos ON meeting_meeting (pos, day);
CREATE INDEX meeting_meeting_unit ON meeting_meeting (unit);
CREATE TABLE meeting_partner (
  root BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  partner BIGINT NOT NULL,
  PRIMARY KEY (root, decision, partner)
);
CREATE INDEX meeting_partner_of ON meeting_partner (partner, decision);
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
) WITHOUT ROWID;
CREATE INDEX meeting_seat_home ON meeting_seat (home_pos, day);
CREATE INDEX meeting_seat_meeting ON meeting_seat (meeting);
CREATE INDEX meeting_seat_pos ON meeting_seat (pos, day);
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
) WITHOUT ROWID;
CREATE INDEX meeting_speech_pos ON meeting_speech (pos, day);
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
CREATE INDEX org_detail_area ON org_detail (area) WHERE area <> 0;
CREATE UNIQUE INDEX org_detail_credit ON org_detail (credit_code) WHERE credit_code <> '';
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
CREATE INDEX org_event_batch ON org_event (batch) WHERE batch <> 0;
CREATE INDEX org_event_unit ON org_event (unit, day, id);
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
CREATE TABLE org_leader (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL
);
CREATE INDEX org_leader_unit ON org_leader (unit);
CREATE TABLE org_link (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  other BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL
);
CREATE INDEX org_link_other ON org_link (other, kind);
CREATE INDEX org_link_unit ON org_link (unit, kind);
CREATE TABLE org_lock (
  id INTEGER PRIMARY KEY,
  n BIGINT NOT NULL
);
CREATE TABLE org_name (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  aliases TEXT NOT NULL,
  PRIMARY KEY (unit, from_day)
) WITHOUT ROWID;
CREATE TABLE org_number (
  pos BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL
);
CREATE TABLE org_party (
  id BIGINT PRIMARY KEY,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  form TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL
);
CREATE INDEX org_party_name ON org_party (name);
CREATE INDEX org_party_unit ON org_party (unit, kind);
CREATE TABLE org_place (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  pos BIGINT NOT NULL,
  parent BIGINT NOT NULL,
  PRIMARY KEY (unit, from_day)
) WITHOUT ROWID;
CREATE INDEX org_place_parent ON org_place (parent, pos);
CREATE INDEX org_place_pos ON org_place (pos);
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
, removed_at BIGINT NOT NULL DEFAULT 0, removed_by TEXT NOT NULL DEFAULT '', removed_why TEXT NOT NULL DEFAULT '');
CREATE INDEX org_post_account ON org_post (account) WHERE account <> 0;
CREATE INDEX org_post_unit ON org_post (unit, kind);
CREATE TABLE org_post_kind (
  code TEXT PRIMARY KEY,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  ord INTEGER NOT NULL,
  single INTEGER NOT NULL,
  rights TEXT NOT NULL
, unit BIGINT NOT NULL DEFAULT 0);
CREATE TABLE org_post_word (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL REFERENCES org_post_kind (code),
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  hidden INTEGER NOT NULL,
  PRIMARY KEY (unit, kind)
) WITHOUT ROWID;
CREATE TABLE org_quota (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL REFERENCES org_post_kind (code),
  quota INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (unit, kind)
) WITHOUT ROWID;
CREATE TABLE org_target (
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  enterprise BIGINT NOT NULL REFERENCES org_unit (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  PRIMARY KEY (enterprise, from_day)
) WITHOUT ROWID;
CREATE INDEX org_target_unit ON org_target (unit);
CREATE TABLE org_term (
  term TEXT NOT NULL,
  unit BIGINT NOT NULL,
  PRIMARY KEY (term, unit)
) WITHOUT ROWID;
CREATE INDEX org_term_unit ON org_term (unit);
CREATE TABLE org_trace (
  event BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  aspect TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (event, unit, aspect)
) WITHOUT ROWID;
CREATE INDEX org_trace_unit ON org_trace (unit);
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
CREATE INDEX org_unit_heir ON org_unit (heir) WHERE heir <> 0;
CREATE INDEX org_unit_level ON org_unit (level, pos);
CREATE INDEX org_unit_parent ON org_unit (parent, pos);
CREATE INDEX org_unit_pos ON org_unit (pos);
CREATE TABLE org_visit (
  account BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (account, unit)
) WITHOUT ROWID;
CREATE TABLE people_member (
  root BIGINT NOT NULL,
  team BIGINT NOT NULL,
  n BIGINT NOT NULL,
  volunteer TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  PRIMARY KEY (root, team, n)
) WITHOUT ROWID;
CREATE INDEX people_member_volunteer ON people_member (volunteer);
CREATE TABLE people_need (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  ord BIGINT NOT NULL, parent TEXT NOT NULL DEFAULT '', certified INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (root, name)
);
CREATE TABLE people_suit (
  need TEXT NOT NULL,
  what TEXT NOT NULL,
  word TEXT NOT NULL,
  ord INTEGER NOT NULL,
  PRIMARY KEY (need, what, word)
) WITHOUT ROWID;
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
  dissolved_on TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '', standard TEXT NOT NULL DEFAULT '', run_by TEXT NOT NULL DEFAULT '', guided_by BIGINT NOT NULL DEFAULT 0, docked TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX people_team_code ON people_team (root, code);
CREATE INDEX people_team_docked ON people_team (docked);
CREATE INDEX people_team_pos ON people_team (pos, code);
CREATE INDEX people_team_run_by ON people_team (run_by);
CREATE INDEX people_team_unit ON people_team (unit);
CREATE TABLE plan_central (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  name TEXT NOT NULL,
  civic INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX plan_central_id ON plan_central (id);
CREATE UNIQUE INDEX plan_central_name ON plan_central (unit, year, name);
CREATE INDEX plan_central_pos ON plan_central (pos, year);
CREATE TABLE plan_item (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  plan BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  due TEXT NOT NULL,            -- the last day of its quarter or year
  figure TEXT NOT NULL,
  target BIGINT NOT NULL,
  done_on TEXT NOT NULL,
  dropped_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX plan_item_id ON plan_item (id);
CREATE INDEX plan_item_plan ON plan_item (root, plan, due);
CREATE INDEX plan_item_pos ON plan_item (pos, due);
CREATE INDEX plan_item_unit ON plan_item (unit, year);
CREATE TABLE plan_plan (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  year INTEGER NOT NULL,
  title TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX plan_plan_id ON plan_plan (id);
CREATE INDEX plan_plan_pos ON plan_plan (year, pos);
CREATE UNIQUE INDEX plan_plan_year ON plan_plan (unit, year);
CREATE TABLE plan_served (
  root BIGINT NOT NULL,
  item BIGINT NOT NULL,
  task BIGINT NOT NULL,
  PRIMARY KEY (root, item, task)
);
CREATE INDEX plan_served_task ON plan_served (task, item);
CREATE TABLE plan_work (
  root BIGINT NOT NULL,
  item BIGINT NOT NULL,
  no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, item, no)
);
CREATE TABLE portal_event (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  activity_root BIGINT NOT NULL,
  activity BIGINT NOT NULL, places BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, unit, activity_root, activity)
);
CREATE TABLE portal_figure (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  n BIGINT NOT NULL,
  code TEXT NOT NULL,
  amount BIGINT NOT NULL,
  day TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, unit, code)
);
CREATE TABLE portal_host (
  host TEXT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id)
);
CREATE INDEX portal_host_unit ON portal_host (root, unit);
CREATE TABLE portal_news (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  day TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL, pictures TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE INDEX portal_news_unit ON portal_news (unit, state, day, id);
CREATE TABLE portal_pace (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  day TEXT NOT NULL,
  part TEXT NOT NULL,
  most BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, unit, day, part, most)
);
CREATE INDEX portal_pace_day ON portal_pace (day);
CREATE INDEX portal_pace_unit ON portal_pace (unit, day);
CREATE TABLE portal_site (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  shown BIGINT NOT NULL,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  motto TEXT NOT NULL,
  about TEXT NOT NULL,
  colour TEXT NOT NULL,
  hotline TEXT NOT NULL,
  human TEXT NOT NULL,
  phone TEXT NOT NULL,
  hours TEXT NOT NULL,
  parts TEXT NOT NULL,
  signup TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, unit)
);
CREATE INDEX portal_site_pos ON portal_site (pos, shown);
CREATE UNIQUE INDEX portal_site_slug ON portal_site (slug);
CREATE TABLE portal_wish (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  activity_root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  about TEXT NOT NULL,
  at BIGINT NOT NULL,
  due TEXT NOT NULL,
  sealed TEXT NOT NULL,
  outcome TEXT NOT NULL,
  done_at BIGINT NOT NULL,
  done_by TEXT NOT NULL,
  ver BIGINT NOT NULL, people BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (root, id)
);
CREATE INDEX portal_wish_activity ON portal_wish (activity_root, activity);
CREATE INDEX portal_wish_done ON portal_wish (done_at);
CREATE INDEX portal_wish_unit ON portal_wish (unit, outcome, id);
CREATE TABLE project_contract (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  signed_on TEXT NOT NULL,
  amount_fen BIGINT NOT NULL,
  status TEXT NOT NULL,
  version BIGINT NOT NULL,
  received_fen BIGINT NOT NULL,
  reporters BIGINT NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX project_contract_number ON project_contract (root, number);
CREATE INDEX project_contract_signed ON project_contract (signed_on, number);
CREATE TABLE project_reporter (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  PRIMARY KEY (root, id, unit)
);
CREATE INDEX project_reporter_pos ON project_reporter (pos);
CREATE INDEX project_reporter_unit ON project_reporter (unit);
CREATE TABLE record_head (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  n BIGINT NOT NULL,            -- the newest version; writers of one record take turns on this row
  gone INTEGER NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX record_head_kind ON record_head (kind, id);
CREATE TABLE record_import (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,           -- the batch
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,           -- of the file, only to be shown
  data TEXT NOT NULL,           -- base64; emptied once taken or thrown away
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  state TEXT NOT NULL,          -- previewed, taken, undone
  taken INTEGER NOT NULL, dates TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE INDEX record_import_pos ON record_import (pos, id);
CREATE TABLE record_version (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,           -- the record
  n BIGINT NOT NULL,            -- 1, 2, 3 …
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_unit BIGINT NOT NULL,
  act TEXT NOT NULL,
  reason TEXT NOT NULL,
  batch BIGINT NOT NULL,
  gone INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (root, id, n)
);
CREATE INDEX record_version_batch ON record_version (batch, root, id);
CREATE TABLE report_document (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  byline TEXT NOT NULL,
  day TEXT NOT NULL,
  issued_on TEXT NOT NULL,      -- "" while it is a draft
  PRIMARY KEY (root, id)
);
CREATE INDEX report_document_pos ON report_document (pos, day);
CREATE INDEX report_document_unit ON report_document (unit);
CREATE TABLE seal_consent (
  root BIGINT NOT NULL,
  record BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  given TEXT NOT NULL,
  form TEXT NOT NULL,           -- paper, electronic
  taken_by TEXT NOT NULL,
  withdrawn TEXT NOT NULL, version BIGINT NOT NULL DEFAULT 0, until TEXT NOT NULL DEFAULT '', refused TEXT NOT NULL DEFAULT '',      -- the day, '' while it stands
  PRIMARY KEY (root, record, purpose),
  FOREIGN KEY (root, record) REFERENCES seal_record (root, id)
) WITHOUT ROWID;
CREATE TABLE seal_grant (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  of_root BIGINT NOT NULL,
  of_id BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  until TEXT NOT NULL,          -- the last day
  revoked TEXT NOT NULL, by_name TEXT NOT NULL DEFAULT '', given TEXT NOT NULL DEFAULT '', ends_at BIGINT NOT NULL DEFAULT 0, seen TEXT NOT NULL DEFAULT '', unit BIGINT NOT NULL DEFAULT 0, waits BIGINT NOT NULL DEFAULT 0, second TEXT NOT NULL DEFAULT '', at_unit BIGINT NOT NULL DEFAULT 0, body BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (root, id)
);
CREATE INDEX seal_grant_account ON seal_grant (account, until);
CREATE INDEX seal_grant_live ON seal_grant (root, until);
CREATE INDEX seal_grant_of ON seal_grant (of_root, of_id, account);
CREATE TABLE seal_indexed (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  after_id BIGINT NOT NULL,     -- all records up to this one have their hash
  done BIGINT NOT NULL,         -- 1: so have all others, since what is sealed from then on has it at once
  PRIMARY KEY (kind, field)
) WITHOUT ROWID;
CREATE TABLE seal_record (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  of_root BIGINT NOT NULL,      -- the record that it belongs to, such as a camp
  of_id BIGINT NOT NULL,
  unit BIGINT NOT NULL,         -- where it was entered: its keeper
  kek TEXT NOT NULL,            -- name of the key that wraps
  wrapped TEXT NOT NULL,        -- '' once erased
  erased TEXT NOT NULL, entered_by BIGINT NOT NULL DEFAULT 0, entered TEXT NOT NULL DEFAULT '', erased_by TEXT NOT NULL DEFAULT '', erased_why TEXT NOT NULL DEFAULT '',         -- the day, '' while it stands
  PRIMARY KEY (root, id)
);
CREATE INDEX seal_record_of ON seal_record (of_root, of_id, kind);
CREATE INDEX seal_record_unit ON seal_record (root, unit);
CREATE TABLE seal_retention (
  kind TEXT NOT NULL,
  days BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (kind)
) WITHOUT ROWID;
CREATE TABLE seal_second (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, unit)
) WITHOUT ROWID;
CREATE TABLE seal_text (
  purpose TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  days BIGINT NOT NULL,           -- how long a consent to it lasts, 0: as long as the purpose
  by_name TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (purpose, version)
) WITHOUT ROWID;
CREATE TABLE seal_value (
  root BIGINT NOT NULL,
  record BIGINT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  blind TEXT NOT NULL,          -- keyed hash for an exact search, '' for none
  PRIMARY KEY (root, record, field),
  FOREIGN KEY (root, record) REFERENCES seal_record (root, id)
);
CREATE INDEX seal_value_blind ON seal_value (root, field, blind);
CREATE TABLE seal_wish (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  asker TEXT NOT NULL,
  proof TEXT NOT NULL,            -- how it was made sure who asks
  received TEXT NOT NULL,
  due TEXT NOT NULL,
  answered TEXT NOT NULL,         -- the day, '' while it is open
  outcome TEXT NOT NULL,
  by_name TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX seal_wish_unit ON seal_wish (root, pos, received);
CREATE TABLE signal_item (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  topic TEXT NOT NULL,
  pooled BIGINT NOT NULL,
  n BIGINT NOT NULL,
  least BIGINT NOT NULL,
  PRIMARY KEY (root, id, topic, pooled)
);
CREATE INDEX signal_item_pos ON signal_item (month, pos);
CREATE INDEX signal_item_unit ON signal_item (unit);
CREATE TABLE signal_month (
  root BIGINT NOT NULL,
  month TEXT NOT NULL,
  PRIMARY KEY (root, month)
);
CREATE TABLE signal_report (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  month TEXT NOT NULL,
  released BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX signal_report_pos ON signal_report (pos, month);
CREATE INDEX signal_report_released ON signal_report (released, month);
CREATE UNIQUE INDEX signal_report_unit ON signal_report (unit, month);
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
CREATE INDEX survey_answer_id ON survey_answer (id);
CREATE INDEX survey_answer_issuer ON survey_answer (issuer);
CREATE INDEX survey_answer_of ON survey_answer (unit);
CREATE INDEX survey_answer_pos ON survey_answer (pos);
CREATE UNIQUE INDEX survey_answer_unit ON survey_answer (survey, unit);
CREATE TABLE survey_key (
  root BIGINT NOT NULL,
  poll BIGINT NOT NULL,
  sign TEXT NOT NULL,
  net TEXT NOT NULL,
  PRIMARY KEY (root, poll)
);
CREATE TABLE survey_poll (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  closes TEXT NOT NULL,          -- the last day
  closed INTEGER NOT NULL,
  counted BIGINT NOT NULL,       -- of a closed one, 0 when they are too few to be told
  PRIMARY KEY (root, id)
);
CREATE INDEX survey_poll_closes ON survey_poll (closed, closes);
CREATE INDEX survey_poll_id ON survey_poll (id);
CREATE INDEX survey_poll_pos ON survey_poll (pos, closes);
CREATE INDEX survey_poll_unit ON survey_poll (unit);
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
CREATE TABLE survey_report (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  title TEXT NOT NULL,
  topic TEXT NOT NULL,
  finished_on TEXT NOT NULL,
  adopted_on TEXT NOT NULL,
  adopted_by TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX survey_report_id ON survey_report (id);
CREATE INDEX survey_report_pos ON survey_report (pos, finished_on);
CREATE INDEX survey_report_unit ON survey_report (unit, title);
CREATE TABLE survey_sheet (
  root BIGINT NOT NULL,
  poll BIGINT NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  net TEXT NOT NULL,
  age TEXT NOT NULL,
  mood TEXT NOT NULL,
  needs TEXT NOT NULL,           -- names, a line each
  aside INTEGER NOT NULL,
  PRIMARY KEY (root, poll, n)
);
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
CREATE INDEX survey_survey_id ON survey_survey (id);
CREATE INDEX survey_survey_pos ON survey_survey (pos, issued_on);
CREATE INDEX survey_survey_unit ON survey_survey (unit);
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
CREATE INDEX training_course_id ON training_course (id);
CREATE INDEX training_course_pos ON training_course (pos, sort_day);
CREATE INDEX training_course_unit ON training_course (unit);
CREATE TABLE training_read (
  root BIGINT NOT NULL,
  course BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit(id),
  pos BIGINT NOT NULL,
  document TEXT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, course, unit, document)
) WITHOUT ROWID;
CREATE INDEX training_read_document ON training_read (document, pos);
CREATE INDEX training_read_pos ON training_read (pos, day);
CREATE INDEX training_read_unit ON training_read (unit);
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
) WITHOUT ROWID;
CREATE INDEX training_seat_due ON training_seat (expires, pos);
CREATE INDEX training_seat_person ON training_seat (person);
CREATE INDEX training_seat_pos ON training_seat (pos, day);
CREATE INDEX training_seat_unit ON training_seat (unit);
CREATE TABLE training_word (
  root BIGINT NOT NULL,         -- 0 = shipped
  kind TEXT NOT NULL,           -- subject | competence
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  counts_as TEXT NOT NULL,      -- the check of volunteers for which a certificate stands
  rank BIGINT NOT NULL,
  PRIMARY KEY (root, kind, name)
) WITHOUT ROWID;
CREATE TABLE volunteer_key (
  id BIGINT NOT NULL PRIMARY KEY,
  secret TEXT NOT NULL
);
CREATE TABLE volunteer_number (
  unit BIGINT NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);
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
CREATE INDEX volunteer_person_account ON volunteer_person (account);
CREATE UNIQUE INDEX volunteer_person_code ON volunteer_person (root, code);
CREATE INDEX volunteer_person_due ON volunteer_person (due, id);
CREATE INDEX volunteer_person_pos ON volunteer_person (pos, code);
CREATE INDEX volunteer_person_profession ON volunteer_person (profession, pos);
CREATE INDEX volunteer_person_reading ON volunteer_person (root, reading, birth_year);
CREATE INDEX volunteer_person_unit ON volunteer_person (unit);
CREATE TABLE volunteer_profession (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, name)
);
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
  photo TEXT NOT NULL, entered_by TEXT NOT NULL DEFAULT '', entered_on TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (root, id)
);
CREATE INDEX volunteer_service_entered ON volunteer_service (unit, entered_on, entered_by);
CREATE INDEX volunteer_service_person ON volunteer_service (person_root, person, day);
CREATE INDEX volunteer_service_photo ON volunteer_service (photo, day);
CREATE INDEX volunteer_service_pos ON volunteer_service (pos, day, id);
CREATE INDEX volunteer_service_unit ON volunteer_service (unit);
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
CREATE TABLE web_draft (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  form TEXT NOT NULL,
  title TEXT NOT NULL,
  lost INTEGER NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX web_draft_at ON web_draft (at);
CREATE TABLE web_once (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  at BIGINT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX web_once_at ON web_once (at);
