-- +goose Up
-- Who put a course of a unit's own in place, by name, for the page that shows how it was changed.
ALTER TABLE flow_override ADD COLUMN made_name TEXT NOT NULL DEFAULT '';
