-- +goose Up
-- The kinds of document, a tree of two levels for the whole site. A name is '' while a shipped one is called as the program calls it,
-- in the reader's language; to_day is the first day on which a category no longer stands, '' while it does. Rows are never deleted:
-- documents of earlier versions name them, and so do addresses.
CREATE TABLE library_category (
  code TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  place BIGINT NOT NULL,
  reviewed BIGINT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  successor TEXT NOT NULL,
  version BIGINT NOT NULL
);
INSERT INTO library_category (code, parent, name, en, place, reviewed, from_day, to_day, successor, version) VALUES
  ('work', '', '', '', 1, 0, '', '', '', 1),
  ('work.speech', 'work', '', '', 1, 0, '', '', '', 1),
  ('work.notice', 'work', '', '', 2, 0, '', '', '', 1),
  ('work.plan', 'work', '', '', 3, 0, '', '', '', 1),
  ('work.summary', 'work', '', '', 4, 0, '', '', '', 1),
  ('work.rules', 'work', '', '', 5, 0, '', '', '', 1),
  ('teach', '', '', '', 2, 1, '', '', '', 1),
  ('teach.lesson', 'teach', '', '', 1, 1, '', '', '', 1),
  ('teach.lecture', 'teach', '', '', 2, 1, '', '', '', 1),
  ('research', '', '', '', 3, 0, '', '', '', 1),
  ('research.report', 'research', '', '', 1, 0, '', '', '', 1),
  ('research.lessons', 'research', '', '', 2, 0, '', '', '', 1),
  ('publicity', '', '', '', 4, 0, '', '', '', 1),
  ('publicity.news', 'publicity', '', '', 1, 0, '', '', '', 1),
  ('other', '', '', '', 5, 0, '', '', '', 1);

-- What was done to the tree: the category before and after, as JSON, and how many documents were re-filed.
CREATE TABLE library_category_change (
  id BIGINT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_unit BIGINT NOT NULL,
  act TEXT NOT NULL,
  was TEXT NOT NULL,
  now TEXT NOT NULL,
  docs BIGINT NOT NULL
);

CREATE INDEX library_document_year ON library_document (year);

-- The small picture of a PDF's first page, as a file; picture is '' where it could not be drawn.
CREATE TABLE library_cover (
  hash TEXT NOT NULL PRIMARY KEY,
  picture TEXT NOT NULL,
  mime TEXT NOT NULL
);
