-- +goose Up
-- the body for which whoever was let in stood then: 0 for none, and of one from before
ALTER TABLE seal_grant ADD COLUMN body BIGINT NOT NULL DEFAULT 0;
