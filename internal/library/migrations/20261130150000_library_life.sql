-- +goose Up
-- 1: whoever reviews for its unit said that this very file may be used.
ALTER TABLE library_document ADD COLUMN approved BIGINT NOT NULL DEFAULT 0;

-- What an account keeps and thinks of a document: kept is 1 for a favourite, stars are 1 to 5, 0 for none.
CREATE TABLE library_mark (
  root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  account BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  stars BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, doc, account)
);
CREATE INDEX library_mark_account ON library_mark (account, kept);

-- What members say of a document. What was taken off stays for those who have to know, with the reason.
CREATE TABLE library_comment (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  gone_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_comment_doc ON library_comment (doc);

-- How often those who hold one kind of post opened a document in a month. Who opened it is not kept.
CREATE TABLE library_opened (
  root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  post TEXT NOT NULL,
  month TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, doc, post, month)
);
CREATE INDEX library_opened_post ON library_opened (post, month);

-- Documents that a unit puts together under a title.
CREATE TABLE library_collection (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  visible TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_collection_unit ON library_collection (unit);

CREATE TABLE library_collected (
  root BIGINT NOT NULL,
  collection BIGINT NOT NULL,
  doc_root BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, collection, doc)
);
CREATE INDEX library_collected_doc ON library_collected (doc);

-- With the receipt whoever reported reads what was decided; nothing else is kept of a visitor.
ALTER TABLE library_report ADD COLUMN receipt TEXT NOT NULL DEFAULT '';
ALTER TABLE library_report ADD COLUMN by_unit BIGINT NOT NULL DEFAULT 0;
CREATE INDEX library_report_receipt ON library_report (receipt);
CREATE INDEX library_report_by ON library_report (by_account, at);

-- Files that come in parts, so that a line that breaks costs no more than the last part. incoming is what was read, problem why it was
-- not taken. Kept for days only.
CREATE TABLE library_upload (
  id TEXT NOT NULL PRIMARY KEY,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  got BIGINT NOT NULL,
  at BIGINT NOT NULL,
  incoming TEXT NOT NULL,
  problem TEXT NOT NULL
);
CREATE INDEX library_upload_account ON library_upload (account, at);

CREATE TABLE library_part (
  upload TEXT NOT NULL,
  at_byte BIGINT NOT NULL,
  size BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (upload, at_byte)
);

-- The PDF that an office document became, by the hash of its file; pages are 0 where it could not be made.
CREATE TABLE library_rendition (
  root BIGINT NOT NULL,
  hash TEXT NOT NULL,
  pdf TEXT NOT NULL,
  size BIGINT NOT NULL,
  pages BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, hash)
);

-- The lines of the pages that were drawn, as JSON, to be laid over their pictures; hash is that of the PDF.
CREATE TABLE library_sheet (
  hash TEXT NOT NULL,
  page BIGINT NOT NULL,
  lines TEXT NOT NULL,
  PRIMARY KEY (hash, page)
);

-- A zip of documents that is taken in beside other work, one after the other; next is the entry to go on with, so that a crash costs at
-- most one. Whoever works on it says so by lease.
CREATE TABLE library_bulk (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  hash TEXT NOT NULL,
  size BIGINT NOT NULL,
  category TEXT NOT NULL,
  visible TEXT NOT NULL,
  issue BIGINT NOT NULL,
  state TEXT NOT NULL,
  entries BIGINT NOT NULL,
  next BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  there BIGINT NOT NULL,
  refused TEXT NOT NULL,
  problem TEXT NOT NULL,
  at BIGINT NOT NULL,
  lease BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX library_bulk_unit ON library_bulk (unit);
