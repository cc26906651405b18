-- +goose Up
-- What an inbox counts and puts in order, and what an open page asks once a second: answered without reading the tasks.
CREATE INDEX flow_task_open ON flow_task (unit, due_day, opened_at, id, pos, not_by, root) WHERE done_at = 0;
DROP INDEX flow_task_unit;
CREATE INDEX flow_task_link ON flow_task (link) WHERE done_at = 0;
