-- +goose Up
-- How many may come to an activity that a site shows; 0 for all.
ALTER TABLE portal_event ADD COLUMN places BIGINT NOT NULL DEFAULT 0;
-- How many come with whoever signed up.
ALTER TABLE portal_wish ADD COLUMN people BIGINT NOT NULL DEFAULT 1;
CREATE INDEX portal_wish_activity ON portal_wish (activity_root, activity);
