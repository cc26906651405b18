-- +goose Up
-- What became of an appointment: came, missed, moved, off; '' as long as it stands.
ALTER TABLE care_entry ADD COLUMN fate TEXT NOT NULL DEFAULT '';
