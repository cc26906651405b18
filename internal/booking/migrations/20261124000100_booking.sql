-- +goose Up
-- A quarter of an hour of somebody or something. The key is the promise: one holder a quarter.
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
) /*without rowid*/;
CREATE INDEX booking_slot_holder ON booking_slot (holder_root, holder, calendar);
