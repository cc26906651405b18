-- +goose Up
CREATE TABLE web_draft (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  form TEXT NOT NULL,
  title TEXT NOT NULL,
  lost INTEGER NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) /*without rowid*/;
CREATE INDEX web_draft_at ON web_draft (at);
