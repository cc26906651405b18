-- +goose Up
-- Who works at a unit by a grant is asked for every inbox that has units below it.
CREATE INDEX account_grant_unit ON account_grant (unit);
