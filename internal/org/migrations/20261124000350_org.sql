-- +goose Up
-- Units of a level within a subtree: a campaign's targets are a question over these, never a list.
CREATE INDEX org_unit_level ON org_unit (level, pos);
