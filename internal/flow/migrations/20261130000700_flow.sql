-- +goose Up
-- Which units below have tasks, and how many are late there: answered without reading the tasks.
CREATE INDEX flow_task_below ON flow_task (pos, unit, due_day) WHERE done_at = 0;
DROP INDEX flow_task_pos;
