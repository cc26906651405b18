-- +goose Up
-- Accounts are few and are looked up by name from anywhere: their key is the id alone, so that an account survives the
-- move of its unit. pos is its home unit's place today, by which an administrator's scope filters.
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
CREATE TABLE account_session (
  token TEXT NOT NULL,
  account BIGINT NOT NULL,
  data TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (token)
) /*without rowid*/;
CREATE INDEX account_session_account ON account_session (account);
CREATE INDEX account_session_expires ON account_session (expires_at);
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
CREATE TABLE account_throttle (
  name TEXT NOT NULL,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) /*without rowid*/;
CREATE TABLE account_invite (
  id BIGINT NOT NULL,
  account BIGINT NOT NULL,
  code TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (account) REFERENCES account_account (id)
);
CREATE UNIQUE INDEX account_invite_code ON account_invite (code);
CREATE INDEX account_invite_account ON account_invite (account);
