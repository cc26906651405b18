-- +goose Up
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

-- The lead and all who issue with it: by whose place a campaign is found from below and from above.
CREATE TABLE campaign_issuer (
  root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  joined INTEGER NOT NULL,      -- 1: units below it are asked
  PRIMARY KEY (root, campaign, unit)
) /*without rowid*/;
CREATE INDEX campaign_issuer_pos ON campaign_issuer (pos);
CREATE INDEX campaign_issuer_unit ON campaign_issuer (unit);

CREATE TABLE campaign_part (
  root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  within_root BIGINT NOT NULL,
  within BIGINT NOT NULL,
  PRIMARY KEY (root, campaign, within)
) /*without rowid*/;
CREATE INDEX campaign_part_of ON campaign_part (campaign);
CREATE INDEX campaign_part_within ON campaign_part (within);

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
CREATE UNIQUE INDEX campaign_duty_once ON campaign_duty (root, campaign, unit);
CREATE INDEX campaign_duty_of ON campaign_duty (campaign, unit);
CREATE INDEX campaign_duty_pos ON campaign_duty (campaign, pos);
CREATE INDEX campaign_duty_unit ON campaign_duty (unit);

-- One call upon late units; the inboxes hold the rest.
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
) /*without rowid*/;
CREATE INDEX campaign_reminder_of ON campaign_reminder (campaign, day);
