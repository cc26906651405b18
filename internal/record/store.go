package record

import (
	"context"
	"encoding/json"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const versionColumns = `v.root, v.id, v.n, v.at, v.actor, v.actor_name, v.actor_unit, v.act, v.reason, v.batch, v.gone, v.body`

// newest is the version that stands.
func (s store) newest(ctx context.Context, kind string, ref id.Ref) (Version, error) {
	return db.Get[Version](ctx, s.db, `-- record.newest
		SELECT `+versionColumns+` FROM record_head h JOIN record_version v ON v.root = h.root AND v.id = h.id AND v.n = h.n
		WHERE h.root = $1 AND h.id = $2 AND h.kind = $3`, ref.Root, ref.ID, kind)
}

func (s store) newestOf(ctx context.Context, kind string, recs []id.ID) ([]Version, error) {
	if len(recs) == 0 {
		return nil, nil
	}
	return db.Select[Version](ctx, s.db, `-- record.newestOf
		SELECT `+versionColumns+` FROM record_head h JOIN record_version v ON v.root = h.root AND v.id = h.id AND v.n = h.n
		WHERE h.kind = $1 AND h.id IN `+db.In(recs), kind)
}

// each reads the standing versions of a kind by key.
func (s store) each(ctx context.Context, kind string, after id.ID, limit int) ([]Version, error) {
	return db.Select[Version](ctx, s.db, `-- record.each
		SELECT `+versionColumns+` FROM record_head h JOIN record_version v ON v.root = h.root AND v.id = h.id AND v.n = h.n
		WHERE h.kind = $1 AND h.id > $2 ORDER BY h.id LIMIT $3`, kind, after, limit)
}

func (s store) versions(ctx context.Context, ref id.Ref) ([]Version, error) {
	return db.Select[Version](ctx, s.db, `-- record.versions
		SELECT `+versionColumns+` FROM record_version v WHERE v.root = $1 AND v.id = $2 ORDER BY v.n DESC`, ref.Root, ref.ID)
}

// Files are the hashes of the uploads that the records of a kind name as they stand, each once: what a backup has to hold
// and what may not be removed. What only older versions or removed records name is kept a while for an undo, by app's Sweep.
// T is as much of the record as named needs. It knows no rights: it is for those who look after the whole database.
func Files[T any](ctx context.Context, d *db.DB, kind string, named func(id.Ref, T) []string) (hashes []string, err error) {
	defer errs.Wrapf(&err, "record.Files %s", kind)
	rows, err := d.Rows(ctx, `-- record.Files
		SELECT v.root, v.id, v.body FROM record_head h JOIN record_version v ON v.root = h.root AND v.id = h.id AND v.n = h.n
		WHERE h.kind = $1 AND h.gone = 0`, kind)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	seen := map[string]bool{"": true}
	for rows.Next() {
		var ref id.Ref
		var body string
		var v T
		if err := rows.Scan(&ref.Root, &ref.ID, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return nil, err
		}
		for _, hash := range named(ref, v) {
			if !seen[hash] {
				seen[hash] = true
				hashes = append(hashes, hash)
			}
		}
	}
	return hashes, rows.Err()
}

func (s store) version(ctx context.Context, ref id.Ref, n int64) (Version, error) {
	return db.Get[Version](ctx, s.db, `-- record.version
		SELECT `+versionColumns+` FROM record_version v WHERE v.root = $1 AND v.id = $2 AND v.n = $3`, ref.Root, ref.ID, n)
}

func (s store) ofBatch(ctx context.Context, batch id.ID) ([]Version, error) {
	return db.Select[Version](ctx, s.db, `-- record.ofBatch
		SELECT `+versionColumns+` FROM record_version v WHERE v.batch = $1 ORDER BY v.id DESC, v.n DESC`, batch)
}

func (s store) kindOf(ctx context.Context, ref id.Ref) (string, error) {
	return db.Get[string](ctx, s.db, `-- record.kindOf
		SELECT kind FROM record_head WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// add appends a version after the one that was read; somebody quicker makes it a Conflict.
func (s store) add(ctx context.Context, kind string, v Version) error {
	if v.N == 1 {
		if err := s.db.Later(ctx, heads, 5, v.Root, v.ID, kind, v.N, v.Gone); err != nil {
			return err
		}
	} else {
		n, err := s.db.Exec(ctx, `-- record.add
			UPDATE record_head SET n = $3, gone = $4 WHERE root = $1 AND id = $2 AND n = $5`, v.Root, v.ID, v.N, v.Gone, v.N-1)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
	}
	return s.db.Later(ctx, versionRows, 13, v.Root, v.ID, v.N, kind, v.At, v.Actor, v.ActorName, v.ActorUnit, v.Act, v.Reason, v.Batch, v.Gone, v.Body)
}

var (
	heads = db.Rows{Table: "record_head", Insert: `-- record.heads
		INSERT INTO record_head (root, id, kind, n, gone)`}
	versionRows = db.Rows{Table: "record_version", Insert: `-- record.versionRows
		INSERT INTO record_version (root, id, n, kind, at, actor, actor_name, actor_unit, act, reason, batch, gone, body)`}
)

// imports

type importRow struct {
	Root      int64
	ID        id.ID
	Kind      string
	Unit      id.ID
	Pos       int64
	Name      string
	Data      string
	At        int64
	Actor     id.ID
	ActorName string
	State     string
	Taken     int64
	Dates     string
}

func (s store) addImport(ctx context.Context, r importRow) error {
	_, err := s.db.Exec(ctx, `-- record.addImport
		INSERT INTO record_import (root, id, kind, unit, pos, name, data, at, actor, actor_name, state, taken, dates)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.Root, r.ID, r.Kind, r.Unit, r.Pos, r.Name, r.Data, r.At, r.Actor, r.ActorName, r.State, r.Taken, r.Dates)
	return err
}

func (s store) setImport(ctx context.Context, ref id.Ref, from, to string, taken int, data string) error {
	n, err := s.db.Exec(ctx, `-- record.setImport
		UPDATE record_import SET state = $4, taken = $5, data = $6 WHERE root = $1 AND id = $2 AND state = $3`, ref.Root, ref.ID, from, to, taken, data)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "record.import_done_already")
	}
	return err
}

// setDates keeps how the days of a table that is previewed are read.
func (s store) setDates(ctx context.Context, ref id.Ref, dates string) error {
	n, err := s.db.Exec(ctx, `-- record.setDates
		UPDATE record_import SET dates = $3 WHERE root = $1 AND id = $2 AND state = 'previewed'`, ref.Root, ref.ID, dates)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "record.import_done_already")
	}
	return err
}

func (s store) getImport(ctx context.Context, ref id.Ref, within scope.Set) (importRow, error) {
	return db.Get[importRow](ctx, s.db, `-- record.getImport
		SELECT root, id, kind, unit, pos, name, data, at, actor, actor_name, state, taken, dates FROM record_import
		WHERE root = $1 AND id = $2 AND `+within.SQL("pos"), ref.Root, ref.ID)
}

func (s store) imports(ctx context.Context, kind string, within scope.Set, limit int) ([]importRow, error) {
	return db.Select[importRow](ctx, s.db, `-- record.imports
		SELECT root, id, kind, unit, pos, name, '' AS data, at, actor, actor_name, state, taken, dates FROM record_import
		WHERE kind = $1 AND state IN ('taken', 'undone') AND `+within.SQL("pos")+` ORDER BY id DESC LIMIT $2`, kind, limit)
}
