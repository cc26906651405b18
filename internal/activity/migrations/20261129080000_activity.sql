-- +goose Up
-- Pictures for which a guardian took the consent back, by their content and not by the record, so that no undo, no second
-- activity and no second upload brings one back: that takes a consent given later (a larger key).
CREATE TABLE activity_photo_stop (
  root BIGINT NOT NULL,
  hash TEXT NOT NULL,
  id BIGINT NOT NULL,
  day TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (root, hash)
) /*without rowid*/;
CREATE INDEX activity_photo_stop_hash ON activity_photo_stop (hash);
