-- +goose Up
-- A unit's public site. slug is its short address and nobody else's; columns are those it shows, in their order.
CREATE TABLE portal_site (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  shown BIGINT NOT NULL,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  motto TEXT NOT NULL,
  about TEXT NOT NULL,
  colour TEXT NOT NULL,
  hotline TEXT NOT NULL,
  human TEXT NOT NULL,
  phone TEXT NOT NULL,
  hours TEXT NOT NULL,
  parts TEXT NOT NULL,
  signup TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, unit)
);
CREATE UNIQUE INDEX portal_site_slug ON portal_site (slug);
CREATE INDEX portal_site_pos ON portal_site (pos, shown);

-- The domains at which a unit's site stands; each is one site's.
CREATE TABLE portal_host (
  host TEXT NOT NULL PRIMARY KEY,
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id)
);
CREATE INDEX portal_host_unit ON portal_host (root, unit);

-- News as they stand; what they said before is in the versions of the record.
CREATE TABLE portal_news (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  day TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX portal_news_unit ON portal_news (unit, state, day, id);

-- Figures as a unit published them: what was said on a day, until it is published anew. amount is -1 where it is told nobody.
CREATE TABLE portal_figure (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  n BIGINT NOT NULL,
  code TEXT NOT NULL,
  amount BIGINT NOT NULL,
  day TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, unit, code)
);

-- The activities that a unit shows to everybody.
CREATE TABLE portal_event (
  root BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  activity_root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  PRIMARY KEY (root, unit, activity_root, activity)
);

-- Who wants to become a volunteer or to come to an activity. Who it is and what they wrote is encrypted; '' once it was forgotten.
CREATE TABLE portal_wish (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  kind TEXT NOT NULL,
  activity_root BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  about TEXT NOT NULL,
  at BIGINT NOT NULL,
  due TEXT NOT NULL,
  sealed TEXT NOT NULL,
  outcome TEXT NOT NULL,
  done_at BIGINT NOT NULL,
  done_by TEXT NOT NULL,
  ver BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX portal_wish_unit ON portal_wish (unit, outcome, id);
CREATE INDEX portal_wish_done ON portal_wish (done_at);
