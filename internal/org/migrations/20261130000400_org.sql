-- +goose Up
-- The second row names the state of the tree: it rises with every change of a unit's life, name or place.
INSERT INTO org_lock (id, n) VALUES (2, 0);
