-- +goose Up
-- Whether anybody asks something about a notice: an inbox wants to know it of forty at once.
CREATE INDEX coord_reply_asking ON coord_reply (notice) WHERE asking = 1;
