-- +goose Up
-- A second factor: a secret shared with an app on the telephone (encrypted by the key file of sealed fields), passkeys, and
-- recovery codes for the day on which the telephone is lost. step is the last period of 30 seconds whose code was taken.
CREATE TABLE account_totp (
  account BIGINT NOT NULL,
  secret TEXT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  step BIGINT NOT NULL,
  PRIMARY KEY (account)
);
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
CREATE UNIQUE INDEX account_passkey_credential ON account_passkey (credential);
CREATE INDEX account_passkey_account ON account_passkey (account);
CREATE TABLE account_recovery (
  account BIGINT NOT NULL,
  code TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (account, code)
);
-- What the owner is told at the next sign-in: an administrator took the second factor off.
CREATE TABLE account_told (
  account BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (account)
);
CREATE TABLE account_setting (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);
ALTER TABLE account_session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE account_session ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE account_session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
