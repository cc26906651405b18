-- +goose Up
-- Kinds of aid of a city in their order, root 0 those that ship. purposes are lines; closed_on is the first day on which a kind is no
-- longer offered; by_name and at say who corrected it last.
CREATE TABLE aid_kind (
  root BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  purposes TEXT NOT NULL,
  ord BIGINT NOT NULL,
  closed_on TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (root, code)
);
INSERT INTO aid_kind (root, code, name, en, purposes, ord, closed_on, by_name, at) VALUES
  (0, 'study', '助学', 'Schooling', '学费和书本费
生活费
学习用品
其他', 1, '', '', 0),
  (0, 'hardship', '助困', 'Hardship', '家庭临时困难
基本生活
过节慰问
其他', 2, '', '', 0),
  (0, 'disabled', '助残', 'Disability', '康复训练
辅助器具
其他', 3, '', '', 0),
  (0, 'orphan', '助孤', 'Orphans', '基本生活
监护照料
其他', 4, '', '', 0),
  (0, 'medical', '助医', 'Medical', '住院治疗
大病救助
其他', 5, '', '', 0);

-- Up to how much, in fen, a unit of a level approves by itself; root 0 holds what ships. A level without a row approves nothing.
CREATE TABLE aid_limit (
  root BIGINT NOT NULL,
  level TEXT NOT NULL,
  fen BIGINT NOT NULL,
  PRIMARY KEY (root, level)
);
INSERT INTO aid_limit (root, level, fen) VALUES (0, 'township', 100000), (0, 'county', 500000), (0, 'city', 100000000);

-- An aid as lists, sums and the comparison need it. Nothing here says for whom it is: that is sealed.
CREATE TABLE aid_aid (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  purpose TEXT NOT NULL,
  year BIGINT NOT NULL,
  form TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_fen BIGINT NOT NULL,
  applied_on TEXT NOT NULL,
  given_on TEXT NOT NULL,
  given_fen BIGINT NOT NULL,
  given_qty BIGINT NOT NULL,
  minutes BIGINT NOT NULL,
  gift_root BIGINT NOT NULL,
  gift BIGINT NOT NULL,
  receipt_on TEXT NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_aid_pos ON aid_aid (pos, year, kind);
CREATE INDEX aid_aid_unit ON aid_aid (unit);
CREATE UNIQUE INDEX aid_aid_no ON aid_aid (root, no);
CREATE INDEX aid_aid_gift ON aid_aid (gift_root, gift);
CREATE INDEX aid_aid_state ON aid_aid (state, given_on);
CREATE INDEX aid_aid_request ON aid_aid (request);

-- The last number of a city's year.
CREATE TABLE aid_number (
  root BIGINT NOT NULL,
  year BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (root, year)
);

-- Who an aid is for as keyed hashes, by which the same child is found again and nothing else.
CREATE TABLE aid_mark (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (root, aid, mark)
);
CREATE INDEX aid_mark_mark ON aid_mark (mark);

-- That an application was found to be for the same child, purpose and year as another.
CREATE TABLE aid_double (
  root BIGINT NOT NULL,
  aid BIGINT NOT NULL,
  other_root BIGINT NOT NULL,
  other BIGINT NOT NULL,
  PRIMARY KEY (root, aid, other_root, other)
);
CREATE INDEX aid_double_other ON aid_double (other_root, other);

-- How many applications an account has had compared on a day.
CREATE TABLE aid_compared (
  account BIGINT NOT NULL,
  day TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (account, day)
);

-- Who gives.
CREATE TABLE aid_donor (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  named BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_donor_pos ON aid_donor (pos, name);
CREATE INDEX aid_donor_unit ON aid_donor (unit);

-- What was given to a committee to be passed on; fen is money, or the value of goods, of which there are qty. held is turned by whoever
-- spends of it, so that two who do at once wait for one another.
CREATE TABLE aid_gift (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  donor BIGINT NOT NULL,
  day TEXT NOT NULL,
  form TEXT NOT NULL,
  fen BIGINT NOT NULL,
  qty BIGINT NOT NULL,
  what TEXT NOT NULL,
  kinds TEXT NOT NULL,
  below BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX aid_gift_pos ON aid_gift (pos, day);
CREATE INDEX aid_gift_unit ON aid_gift (unit);
CREATE INDEX aid_gift_donor ON aid_gift (root, donor);
