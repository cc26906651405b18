-- +goose Up
-- Who entered hours and when, so that a day on which one person entered for many one by one is seen. Entries from before
-- stand without a name until they are corrected, and are not asked about.
ALTER TABLE volunteer_service ADD COLUMN entered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE volunteer_service ADD COLUMN entered_on TEXT NOT NULL DEFAULT '';
CREATE INDEX volunteer_service_entered ON volunteer_service (unit, entered_on, entered_by);
