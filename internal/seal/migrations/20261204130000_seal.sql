-- +goose Up
-- where whoever was let in worked when they were: 0 of one from before, and of whoever is let in for themselves, such as a volunteer
ALTER TABLE seal_grant ADD COLUMN at_unit BIGINT NOT NULL DEFAULT 0;
