-- +goose Up
CREATE TABLE ledger_figure (
  id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  owner BIGINT NOT NULL,        -- the unit whose subtree it is for; 0 = everywhere
  definition TEXT NOT NULL,     -- JSON
  ready INTEGER NOT NULL        -- 0 while its entries are being filled in
);
CREATE TABLE ledger_dim (
  id BIGINT PRIMARY KEY,
  figure BIGINT NOT NULL,
  tuple TEXT NOT NULL,          -- JSON array of the values of the definition's breakdowns
  UNIQUE (figure, tuple)
);
CREATE TABLE ledger_series (
  id BIGINT PRIMARY KEY,
  figure BIGINT NOT NULL,
  name TEXT NOT NULL,           -- breakdown; '' = total
  value TEXT NOT NULL,
  UNIQUE (figure, name, value)
);
CREATE TABLE ledger_unit (
  unit BIGINT PRIMARY KEY,
  level TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,       -- 0 = stands
  heir BIGINT NOT NULL
);
CREATE TABLE ledger_place (
  unit BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  PRIMARY KEY (unit, pos)
);
CREATE UNIQUE INDEX ledger_place_pos ON ledger_place (pos, unit);
CREATE TABLE ledger_entry (
  root BIGINT NOT NULL,
  seq BIGINT NOT NULL,          -- given by the folder
  figure BIGINT NOT NULL,
  county BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  day BIGINT NOT NULL,          -- 20190531
  dim BIGINT NOT NULL,
  frame INTEGER NOT NULL,       -- 0 both, 1 boundaries of then, 2 today's boundaries
  delta BIGINT NOT NULL,
  rec BIGINT NOT NULL,
  PRIMARY KEY (root, seq)
);
CREATE INDEX ledger_entry_figure ON ledger_entry (figure, county, day, rec, pos, dim, frame, delta);
CREATE INDEX ledger_entry_rec ON ledger_entry (rec, figure);
CREATE TABLE ledger_tail (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  figure BIGINT NOT NULL,
  county BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  day BIGINT NOT NULL,
  dim BIGINT NOT NULL,
  frame INTEGER NOT NULL,
  delta BIGINT NOT NULL,
  rec BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX ledger_tail_rec ON ledger_tail (rec);
CREATE TABLE ledger_cell (
  series BIGINT NOT NULL,
  width INTEGER NOT NULL,       -- digits of the place: 0 nation, 2 province, 4 city, 6 county
  code BIGINT NOT NULL,
  month BIGINT NOT NULL,        -- 201905
  frame INTEGER NOT NULL,
  v BIGINT NOT NULL,
  PRIMARY KEY (series, width, code, month, frame)
) /*without rowid*/;
CREATE TABLE ledger_dcell (
  series BIGINT NOT NULL,
  width INTEGER NOT NULL,       -- 0 nation, 2 province
  code BIGINT NOT NULL,
  day BIGINT NOT NULL,
  frame INTEGER NOT NULL,
  v BIGINT NOT NULL,
  PRIMARY KEY (series, width, code, day, frame)
) /*without rowid*/;
CREATE TABLE ledger_fold (
  seq BIGINT PRIMARY KEY,       -- last sequence that this fold gave
  at BIGINT NOT NULL            -- Unix milliseconds
);
CREATE INDEX ledger_fold_at ON ledger_fold (at);
CREATE TABLE ledger_folder (
  id INTEGER PRIMARY KEY,       -- the one row that folders lock
  seq BIGINT NOT NULL
);
INSERT INTO ledger_folder (id, seq) VALUES (1, 0);
