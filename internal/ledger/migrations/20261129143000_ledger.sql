-- +goose Up
-- A condition that a new program brought to a city that stood was computed only where a record was posted: one that holds
-- where there is none said 0. They are all filled in once more at the next start.
UPDATE ledger_figure SET ready = 0 WHERE definition LIKE '%"kind":"condition"%';
