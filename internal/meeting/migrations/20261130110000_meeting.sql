-- +goose Up
-- The registered bodies that are asked to a meeting: their own accounts read the invitation and answer it.
CREATE TABLE meeting_guest (
  root BIGINT NOT NULL,
  meeting BIGINT NOT NULL,
  partner BIGINT NOT NULL,
  PRIMARY KEY (root, meeting, partner)
);
CREATE INDEX meeting_guest_of ON meeting_guest (partner, meeting);
