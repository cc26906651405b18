-- +goose Up
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
CREATE UNIQUE INDEX channel_way_unit ON channel_way (unit, kind, root);
CREATE INDEX channel_way_pos ON channel_way (kind, pos_from) WHERE live = 1;

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
CREATE INDEX channel_choice_unit ON channel_choice (unit) WHERE mode = 'now';
CREATE INDEX channel_choice_daily ON channel_choice (digest_day, account) WHERE mode = 'daily';

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
