-- +goose Up
-- The registered bodies that lead a decision or help: their own accounts read it.
CREATE TABLE meeting_partner (
  root BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  partner BIGINT NOT NULL,
  PRIMARY KEY (root, decision, partner)
);
CREATE INDEX meeting_partner_of ON meeting_partner (partner, decision);
