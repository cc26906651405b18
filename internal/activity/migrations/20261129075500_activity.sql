-- +goose Up
-- How many days after a camp its sealed list is kept (Personal Information Protection Law, articles 19 and 47).
ALTER TABLE activity_limit ADD COLUMN keep_days BIGINT NOT NULL DEFAULT 90;
