-- +goose Up
-- Bands stand in the index of words, which holds them in a tenth of the room.
DROP TABLE library_band;
