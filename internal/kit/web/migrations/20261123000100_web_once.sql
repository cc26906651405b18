-- +goose Up
CREATE TABLE web_once (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  at BIGINT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) /*without rowid*/;
CREATE INDEX web_once_at ON web_once (at);
