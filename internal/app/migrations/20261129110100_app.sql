-- +goose Up
-- The log of contacts has a module of its own.
INSERT INTO contact_entry (root, id, unit, pos, kind, body, lead, day, topic)
SELECT root, id, unit, pos, kind, body, lead, day, topic FROM coord_contact;
DROP TABLE coord_contact;
