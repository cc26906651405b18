package coord

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct{ db *db.DB }

type row struct {
	Root       int64     `db:"root"`
	ID         id.ID     `db:"id"`
	Unit       id.ID     `db:"unit"`
	Pos        int64     `db:"pos"`
	Code       string    `db:"code"`
	Kind       string    `db:"kind"`
	Title      string    `db:"title"`
	Document   string    `db:"document"`
	From       clock.Day `db:"from_day"`
	Until      clock.Day `db:"until_day"`
	Supersedes id.ID     `db:"supersedes"`
	Due        clock.Day `db:"due_day"`
	IssuedOn   clock.Day `db:"issued_on"`
}

func (r row) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

func (r row) listed() Listed {
	return Listed{Ref: r.ref(), Code: r.Code, Kind: r.Kind, Title: r.Title, Document: r.Document, Unit: r.Unit, From: r.From, Until: r.Until, Due: r.Due, IssuedOn: r.IssuedOn}
}

const columns = `n.root, n.id, n.unit, n.pos, n.code, n.kind, n.title, n.document, n.from_day, n.until_day, n.supersedes, n.due_day, n.issued_on`

type issuerRow struct {
	Root   int64 `db:"root"`
	Notice id.ID `db:"notice"`
	Unit   id.ID `db:"unit"`
	Pos    int64 `db:"pos"`
	PosTo  int64 `db:"pos_to"`
	Joined int64 `db:"joined"`
}

func (r issuerRow) within() scope.Range { return scope.Range{From: r.Pos, To: r.PosTo} }

func (s store) putNotice(ctx context.Context, r row, issuers []issuerRow, n Notice, gone bool) error {
	for _, q := range []string{`-- coord.putNotice
		DELETE FROM coord_notice WHERE root = $1 AND id = $2`, `-- coord.putNotice
		DELETE FROM coord_issuer WHERE root = $1 AND notice = $2`, `-- coord.putNotice
		DELETE FROM coord_body WHERE root = $1 AND notice = $2`, `-- coord.putNotice
		DELETE FROM coord_target WHERE root = $1 AND notice = $2`} {
		if _, err := s.db.Exec(ctx, q, r.Root, r.ID); err != nil {
			return err
		}
	}
	if err := s.beat(ctx, r.Root, r.ID, 0, 0); err != nil || gone {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- coord.putNotice
		INSERT INTO coord_notice (root, id, unit, pos, code, kind, title, document, from_day, until_day, supersedes, due_day, issued_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.Root, r.ID, r.Unit, r.Pos, r.Code, r.Kind, r.Title, r.Document, r.From, r.Until, r.Supersedes, r.Due, r.IssuedOn); err != nil {
		return err
	}
	for _, i := range issuers {
		if _, err := s.db.Exec(ctx, `-- coord.putNotice
			INSERT INTO coord_issuer (root, notice, unit, pos, pos_to, joined) VALUES ($1, $2, $3, $4, $5, $6)`,
			r.Root, r.ID, i.Unit, i.Pos, i.PosTo, i.Joined); err != nil {
			return err
		}
	}
	for _, b := range n.Bodies {
		if _, err := s.db.Exec(ctx, `-- coord.putNotice
			INSERT INTO coord_body (root, notice, body) VALUES ($1, $2, $3)`, r.Root, r.ID, b); err != nil {
			return err
		}
	}
	for _, u := range n.Targets.Units {
		if _, err := s.db.Exec(ctx, `-- coord.putNotice
			INSERT INTO coord_target (root, notice, unit) VALUES ($1, $2, $3)`, r.Root, r.ID, u); err != nil {
			return err
		}
	}
	return nil
}

func (s store) noticeAcrossUnits(ctx context.Context, ref id.Ref) (row, error) {
	return db.Get[row](ctx, s.db, `-- coord.noticeAcrossUnits
		SELECT `+columns+` FROM coord_notice n WHERE n.root = $1 AND n.id = $2`, ref.Root, ref.ID)
}

// byIDsAcrossUnits names notices, for lists of evidence and for what stands around a notice.
func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- coord.byIDsAcrossUnits
		SELECT `+columns+` FROM coord_notice n WHERE n.id IN `+db.In(ids)+` ORDER BY n.id DESC`)
}

// supersedingAcrossUnits are the issued notices that take the place of one.
func (s store) supersedingAcrossUnits(ctx context.Context, notice id.ID) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- coord.supersedingAcrossUnits
		SELECT `+columns+` FROM coord_notice n WHERE n.supersedes = $1 AND n.issued_on <> '' ORDER BY n.id LIMIT 20`, notice)
}

// byCode finds the notices of a lead by their code.
func (s store) byCode(ctx context.Context, root int64, unit id.ID, code string) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- coord.byCode
		SELECT `+columns+` FROM coord_notice n WHERE n.root = $1 AND n.unit = $2 AND n.code = $3`, root, unit, code)
}

// listing is what a list asks for.
type listing struct {
	enclosing []int64     // issued by a unit above, or here; or
	below     scope.Range // issued by units within, without the one at its beginning
	view      scope.Set   // drafts are shown within
	Filter
	day   clock.Day
	from  clock.Day // the page begins after this notice
	after id.ID
	limit int
}

// latest is by when notices are in order: drafts first, then the latest issued.
const latest = `(CASE WHEN n.issued_on = '' THEN '9999-12-31' ELSE n.issued_on END)`

func (r row) latest() clock.Day {
	if r.IssuedOn == clock.Open {
		return "9999-12-31"
	}
	return r.IssuedOn
}

// listAcrossUnits lists the notices that come to a unit or that it issues itself, or those that units below it issue; a
// notice is known to every unit below an issuer, which often cannot view the issuer itself.
func (s store) listAcrossUnits(ctx context.Context, l listing) ([]row, error) {
	where := `i.pos IN ` + db.In(l.enclosing) + ` AND i.pos_to > ` + strconv.FormatInt(last(l.enclosing), 10)
	if len(l.enclosing) == 0 {
		where = `i.pos > ` + strconv.FormatInt(l.below.From, 10) + ` AND i.pos < ` + strconv.FormatInt(l.below.To, 10)
	}
	args := []any{l.from, l.after, l.limit}
	add := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	more := ""
	const replaced = `EXISTS (SELECT 1 FROM coord_notice x WHERE x.supersedes = n.id AND x.issued_on <> '')`
	switch l.State {
	case "open":
		d := add(l.day)
		more = ` AND n.issued_on <> '' AND (n.until_day = '' OR n.until_day >= ` + d + `) AND NOT ` + replaced
	case "over":
		d := add(l.day)
		more = ` AND n.issued_on <> '' AND (n.until_day <> '' AND n.until_day < ` + d + ` OR ` + replaced + `)`
	case "draft":
		more = ` AND n.issued_on = ''`
	}
	if l.Kind != "" {
		more += ` AND n.kind = ` + add(l.Kind)
	}
	if l.Body != "" {
		more += ` AND EXISTS (SELECT 1 FROM coord_body b WHERE b.root = n.root AND b.notice = n.id AND b.body = ` + add(l.Body) + `)`
	}
	if l.Issuer != 0 {
		more += ` AND EXISTS (SELECT 1 FROM coord_issuer y WHERE y.root = n.root AND y.notice = n.id AND y.unit = ` + add(l.Issuer) + `)`
	}
	return db.Select[row](ctx, s.db, `-- coord.listAcrossUnits
		SELECT `+columns+` FROM coord_notice n WHERE EXISTS (SELECT 1 FROM coord_issuer i WHERE i.root = n.root AND i.notice = n.id AND `+where+`
			AND (i.joined = 1 AND n.issued_on <> '' OR `+l.view.SQL("i.pos")+`))
		AND (`+latest+` < $1 OR `+latest+` = $1 AND n.id < $2)`+more+` ORDER BY `+latest+` DESC, n.id DESC LIMIT $3`, args...)
}

// findAcrossUnits looks for words in titles, numbers and issuing bodies among the notices that somebody may know.
func (s store) findAcrossUnits(ctx context.Context, text string, view scope.Set, limit int) ([]row, error) {
	known := "1 = 0"
	for _, r := range view {
		known += fmt.Sprintf(" OR i.pos < %d AND i.pos_to > %d", r.To, r.From)
	}
	like := "%" + strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`).Replace(text) + "%"
	return db.Select[row](ctx, s.db, `-- coord.findAcrossUnits
		SELECT `+columns+` FROM coord_notice n WHERE (n.title LIKE $1 ESCAPE '!' OR n.document LIKE $1 ESCAPE '!' OR n.code = $2
			OR EXISTS (SELECT 1 FROM coord_body b WHERE b.root = n.root AND b.notice = n.id AND b.body LIKE $1 ESCAPE '!'))
		AND EXISTS (SELECT 1 FROM coord_issuer i WHERE i.root = n.root AND i.notice = n.id AND (i.joined = 1 AND n.issued_on <> '' AND (`+known+`) OR `+view.SQL("i.pos")+`))
		ORDER BY n.id DESC LIMIT $3`, like, text, limit)
}

func (s store) issuersAcrossUnits(ctx context.Context, notice id.ID) ([]issuerRow, error) {
	return db.Select[issuerRow](ctx, s.db, `-- coord.issuersAcrossUnits
		SELECT i.root, i.notice, i.unit, i.pos, i.pos_to, i.joined FROM coord_issuer i WHERE i.notice = $1 ORDER BY i.pos`, notice)
}

// idsOfUnit lists the notices that a unit issues.
func (s store) idsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- coord.idsOfUnit
		SELECT notice FROM coord_issuer WHERE unit = $1 ORDER BY notice`, unit)
}

// moveUnit lets notices and replies follow a unit to its new place. root stays: it is a hint in addresses and a
// key of versions.
func (s store) moveUnit(ctx context.Context, unit id.ID, r scope.Range) error {
	for _, q := range []string{`-- coord.moveUnit
		UPDATE coord_issuer SET pos = $2, pos_to = $3 WHERE unit = $1 AND pos <> $2`, `-- coord.moveUnit
		UPDATE coord_reminder SET pos = $2, pos_to = $3 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, r.From, r.To); err != nil {
			return err
		}
	}
	for _, q := range []string{`-- coord.moveUnit
		UPDATE coord_notice SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- coord.moveUnit
		UPDATE coord_reply SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, r.From); err != nil {
			return err
		}
	}
	return nil
}

// reach is the question that the board and the lists of recipients ask: whom the notice went to, seen from where.
type reach struct {
	notice  id.ID
	since   clock.Day // the day of issue
	day     clock.Day // as of
	at      scope.Set // subtrees of the issuers
	view    scope.Set // of these, what is looked at
	targets Targets
	units   string      // by a rule: the units that it finds, as a statement
	only    []org.Level // of these levels; none are all
	these   []id.ID     // of these units; none are all
	issuers []id.ID     // not asked themselves
}

// sql is the recipients as a table t. What a unit that is gone has not carried out is left to whoever took it over.
func (r reach) sql() string {
	left := func(column string) string {
		return `NOT EXISTS (SELECT 1 FROM coord_reply l WHERE l.notice = $3 AND l.unit = ` + column + ` AND l.done_on <> '' AND l.done_on <= $2)`
	}
	return org.FollowedSQL(r.at, r.view, r.targets.asked(), r.targets.Kinds, r.asked, left)
}

// asked is the condition that a unit was asked by name or found by the rule; by name they stand in a table of their own.
func (r reach) asked(column string) string {
	switch {
	case r.units != "":
		return column + ` IN ` + r.units
	case r.targets.Named() && r.notice == 0: // not kept yet
		return column + ` IN ` + db.In(r.targets.Units)
	case r.targets.Named():
		return column + ` IN (SELECT x.unit FROM coord_target x WHERE x.notice = ` + strconv.FormatInt(int64(r.notice), 10) + `)`
	}
	return ""
}

func (r reach) where() string {
	w := `t.id NOT IN ` + db.In(r.issuers)
	if len(r.only) > 0 {
		w += ` AND ` + org.LevelSQL("t.level", r.only)
	}
	if len(r.these) > 0 {
		w += ` AND t.id IN ` + db.In(r.these)
	}
	return w
}

type lineRow struct {
	Unit       id.ID     `db:"id"`
	Pos        int64     `db:"pos"`
	Code       string    `db:"code"`
	Name       string    `db:"name"`
	Parent     id.ID     `db:"parent"`
	ReceivedOn clock.Day `db:"received_on"`
	ReadOn     clock.Day `db:"read_on"`
	Due        clock.Day `db:"due_day"`
	DoneOn     clock.Day `db:"done_on"`
	Asking     int64     `db:"asking"`
	Reply      id.ID     `db:"reply"`
}

// lists are the conditions of the lists of recipients; those of who has done nothing are anti-joins.
var lists = map[State]string{
	"":       ``,
	Received: ` AND d.received_on <> '' AND d.received_on <= $2`,
	Read:     ` AND d.read_on <> '' AND d.read_on <= $2`,
	Done:     ` AND d.done_on <> '' AND d.done_on <= $2`,
	Asked:    ` AND d.asking = 1`,
	None:     ` AND NOT EXISTS (SELECT 1 FROM coord_reply x WHERE x.notice = $3 AND x.unit = t.id AND x.received_on <> '' AND x.received_on <= $2)`,
	Waiting:  ` AND NOT EXISTS (SELECT 1 FROM coord_reply x WHERE x.notice = $3 AND x.unit = t.id AND x.done_on <> '' AND x.done_on <= $2)`,
}

// lines is one page of recipients in the order of the tree.
func (s store) lines(ctx context.Context, r reach, only State, after int64, limit int) ([]lineRow, error) {
	return db.Select[lineRow](ctx, s.db, `-- coord.lines
		SELECT t.id, t.pos, t.code, t.name, t.parent, COALESCE(d.received_on, '') AS received_on, COALESCE(d.read_on, '') AS read_on,
			COALESCE(d.due_day, '') AS due_day, COALESCE(d.done_on, '') AS done_on, COALESCE(d.asking, 0) AS asking, COALESCE(d.id, 0) AS reply
		FROM `+r.sql()+` t LEFT JOIN coord_reply d ON d.notice = $3 AND d.unit = t.id
		WHERE t.pos > $4 AND `+r.where()+lists[only]+` ORDER BY t.pos LIMIT $5`, r.since, r.day, r.notice, after, limit)
}

func last(list []int64) int64 {
	if len(list) == 0 {
		return -1
	}
	return list[len(list)-1]
}
