-- +goose Up
-- To what an account is let in: somebody of another body has no list of a unit to look into.
CREATE INDEX seal_grant_account ON seal_grant (account, until);
