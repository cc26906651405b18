-- +goose Up
-- What somebody sent on and waits for is a page of its own.
CREATE INDEX flow_case_opened ON flow_case (opened_by) WHERE closed_at = 0;
