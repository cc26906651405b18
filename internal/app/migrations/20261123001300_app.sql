-- +goose Up
CREATE TABLE app_setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) /*without rowid*/;
