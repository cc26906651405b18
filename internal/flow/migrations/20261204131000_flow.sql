-- +goose Up
-- 1: says something of what is sealed, and is told nobody but those who do the unit's tasks
ALTER TABLE flow_task ADD COLUMN own_only BIGINT NOT NULL DEFAULT 0;
UPDATE flow_task SET own_only = 1 WHERE key LIKE 'care.%' OR key LIKE 'casework.%' OR key LIKE 'mandatory.%' OR key LIKE 'seal.%';
