-- +goose Up
ALTER TABLE record_import ADD COLUMN dates TEXT NOT NULL DEFAULT ''; -- JSON: how doubtful days are read, by kind and column
