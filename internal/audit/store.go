package audit

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const columns = `root, id, leaf, at, actor, actor_name, actor_unit, act, subject, ref_root, ref_id, pos, unit, note, refused, detail`

type hashRow struct {
	Idx  int64  `db:"idx"`
	Hash string `db:"hash"`
}

func (s *Service) insert(ctx context.Context, r Row) error {
	return s.db.Later(ctx, entries, 16, r.Root, r.ID, -1, r.At, r.Actor, r.ActorName, r.ActorUnit, r.Act, r.Subject, r.RefRoot, r.RefID, r.Pos, r.Unit,
		r.Note, r.Refused, r.Detail)
}

var entries = db.Rows{Table: "audit_entry", Insert: `-- audit.insert
	INSERT INTO audit_entry (` + columns + `)`}

// head reads the present head; locked keeps a second sealer waiting on PostgreSQL.
func (s *Service) head(ctx context.Context, locked bool) (Head, error) {
	type row struct {
		Size     int64  `db:"size"`
		RootHash string `db:"root_hash"`
		At       int64  `db:"at"`
	}
	lock := ""
	if locked {
		lock = s.db.ForUpdate()
	}
	h, err := db.Get[row](ctx, s.db, `-- audit.head
		SELECT size, root_hash, at FROM audit_head WHERE one = 1`+lock)
	return Head{Size: h.Size, Hash: h.RootHash, At: h.At}, err
}

func (s *Service) setHead(ctx context.Context, h Head) error {
	_, err := s.db.Exec(ctx, `-- audit.setHead
		UPDATE audit_head SET size = $1, root_hash = $2, at = $3 WHERE one = 1`, h.Size, h.Hash, h.At)
	return err
}

// pendingAcrossUnits reads rows that have no number yet, in the order of their making.
func (s *Service) pendingAcrossUnits(ctx context.Context, limit int) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- audit.pendingAcrossUnits
		SELECT `+columns+` FROM audit_entry WHERE leaf = -1 ORDER BY id, root LIMIT $1`, limit)
}

func (s *Service) setLeaf(ctx context.Context, r Row, leaf int64) error {
	n, err := s.db.Exec(ctx, `-- audit.setLeaf
		UPDATE audit_entry SET leaf = $3 WHERE root = $1 AND id = $2 AND leaf = -1`, r.Root, r.ID, leaf)
	if err == nil && n != 1 {
		err = fmt.Errorf("audit: row %s was numbered by somebody else", r.ID)
	}
	return err
}

func (s *Service) insertHash(ctx context.Context, h hashRow) error {
	_, err := s.db.Exec(ctx, `-- audit.insertHash
		INSERT INTO audit_hash (idx, hash) VALUES ($1, $2)`, h.Idx, h.Hash)
	return err
}

// hashes reads stored hashes by their numbers, which are ours and few.
func (s *Service) hashes(ctx context.Context, idx []int64) ([]hashRow, error) {
	if len(idx) == 0 {
		return nil, nil
	}
	in := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(idx)), ","), "[]")
	return db.Select[hashRow](ctx, s.db, `-- audit.hashes
		SELECT idx, hash FROM audit_hash WHERE idx IN (`+in+`) ORDER BY idx`)
}

func (s *Service) hashRange(ctx context.Context, from, to int64) ([]hashRow, error) {
	return db.Select[hashRow](ctx, s.db, `-- audit.hashRange
		SELECT idx, hash FROM audit_hash WHERE idx >= $1 AND idx < $2 ORDER BY idx`, from, to)
}

// leavesAcrossUnits reads sealed rows by number, for the recount.
func (s *Service) leavesAcrossUnits(ctx context.Context, from, to int64) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- audit.leavesAcrossUnits
		SELECT `+columns+` FROM audit_entry WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf, id`, from, to)
}

// outsideAcrossUnits counts rows and hashes that stand beyond the head, and rows still pending.
func (s *Service) outsideAcrossUnits(ctx context.Context, size, hashes int64) (rows, spare, pending int64, err error) {
	type counts struct {
		Rows    int64 `db:"n_rows"`
		Spare   int64 `db:"n_spare"`
		Pending int64 `db:"n_pending"`
	}
	c, err := db.Get[counts](ctx, s.db, `-- audit.outsideAcrossUnits
		SELECT (SELECT COUNT(*) FROM audit_entry WHERE leaf < -1 OR leaf >= $1) AS n_rows,
		       (SELECT COUNT(*) FROM audit_hash WHERE idx < 0 OR idx >= $2) AS n_spare,
		       (SELECT COUNT(*) FROM audit_entry WHERE leaf = -1) AS n_pending`, size, hashes)
	return c.Rows, c.Spare, c.Pending, err
}

// list reads rows within the set, newest first. Rows without a place (a sign-in under an unknown name) belong to no
// unit and tell nothing of one: every reader of the log sees them.
func (s *Service) list(ctx context.Context, set scope.Set, f Filter) ([]Row, error) {
	q := `-- audit.list
		SELECT ` + columns + ` FROM audit_entry WHERE (` + set.SQL("pos") + ` OR pos = 0)`
	var args []any
	and := func(cond string, v any) {
		args = append(args, v)
		q += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.Ref.ID != 0 {
		and("ref_id = $%d", f.Ref.ID)
	}
	if f.Range.To > 0 {
		q += ` AND ` + scope.Set{f.Range}.SQL("pos")
	}
	if f.Actor != 0 {
		and("actor = $%d", f.Actor)
	}
	if f.notBy != 0 {
		and("actor <> $%d", f.notBy)
	}
	if f.Who != "" {
		and(`actor_name LIKE $%d ESCAPE '\'`, "%"+escapeLike(f.Who)+"%")
	}
	if f.Act != "" {
		and(`act LIKE $%d ESCAPE '\'`, escapeLike(f.Act)+"%")
	}
	if f.From != "" {
		and("at >= $%d", f.From.Time().UnixMilli())
	}
	if f.To != "" {
		and("at < $%d", f.To.AddDays(1).Time().UnixMilli())
	}
	if f.Refused {
		q += ` AND refused = 1`
	}
	if f.After != 0 {
		and("id < $%d", f.After)
	}
	args = append(args, f.Limit)
	return db.Select[Row](ctx, s.db, q+fmt.Sprintf(" ORDER BY id DESC LIMIT $%d", len(args)), args...)
}

func (s *Service) watched(ctx context.Context) (Watched, error) {
	return db.Get[Watched](ctx, s.db, `-- audit.watched
		SELECT checked_at, checked FROM audit_watch WHERE one = 1`)
}

func (s *Service) setWatched(ctx context.Context, w Watched) error {
	_, err := s.db.Exec(ctx, `-- audit.setWatched
		UPDATE audit_watch SET checked_at = $1, checked = $2 WHERE one = 1`, w.At, w.Checked)
	return err
}

func (s *Service) faults(ctx context.Context) ([]Fault, error) {
	return db.Select[Fault](ctx, s.db, `-- audit.faults
		SELECT id, leaf, fault, found_at, accepted_at, accepted_name, accepted_why FROM audit_fault ORDER BY id DESC`)
}

func (s *Service) openFaults(ctx context.Context) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- audit.openFaults
		SELECT COUNT(*) FROM audit_fault WHERE accepted_at = 0`)
}

func (s *Service) insertFault(ctx context.Context, leaf int64, text string, at int64) error {
	_, err := s.db.Exec(ctx, `-- audit.insertFault
		INSERT INTO audit_fault (id, leaf, fault, found_at, accepted_at, accepted_name, accepted_why)
		SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT), 0, '', ''
		WHERE NOT EXISTS (SELECT 1 FROM audit_fault WHERE leaf = $2 AND fault = $3 AND accepted_at = 0)`, id.New(), leaf, text, at)
	return err
}

func (s *Service) accept(ctx context.Context, at int64, who, why string) (int64, error) {
	return s.db.Exec(ctx, `-- audit.accept
		UPDATE audit_fault SET accepted_at = $1, accepted_name = $2, accepted_why = $3 WHERE accepted_at = 0`, at, who, why)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Tally is how often an act was done and refused.
type Tally struct {
	Act     string `db:"act" json:"act"`
	Subject string `db:"subject" json:"subject"`
	Done    int64  `db:"done" json:"done"`
	Refused int64  `db:"refused" json:"refused"`
}

// tallies counts rows of a subtree by act and subject.
func (s *Service) tallies(ctx context.Context, r scope.Range, act string, from, to int64) ([]Tally, error) {
	return db.Select[Tally](ctx, s.db, `-- audit.tallies
		SELECT act, subject, CAST(SUM(CASE WHEN refused = 0 THEN 1 ELSE 0 END) AS BIGINT) AS done, CAST(SUM(CASE WHEN refused = 0 THEN 0 ELSE 1 END) AS BIGINT) AS refused
		FROM audit_entry WHERE `+scope.Set{r}.SQL("pos")+` AND act LIKE $1 ESCAPE '\' AND at >= $2 AND at < $3 GROUP BY act, subject ORDER BY act, subject`, escapeLike(act)+"%", from, to)
}
