-- +goose Up
-- How many days after an activity what is sealed of its incidents is kept: claims can be brought for three years (Civil Code, article 188).
ALTER TABLE activity_limit ADD COLUMN keep_incident_days BIGINT NOT NULL DEFAULT 1095;
