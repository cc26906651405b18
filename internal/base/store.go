package base

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const columns = `b.root, b.id, b.pos, b.host, b.code, b.name, b.category, b.run_mode, b.top_level, b.plaques, b.first_granted,
	b.last_granted, b.met, b.gaps, b.passed, b.agreement_end, b.check_due`

// put writes what lists need of a base; without a row it leaves every list.
func (s store) put(ctx context.Context, ref id.Ref, r *Row, b Base) error {
	for _, q := range []string{`-- base.put
		DELETE FROM base_accreditation WHERE root = $1 AND base = $2`, `-- base.put
		DELETE FROM base_base WHERE root = $1 AND id = $2`} {
		if _, err := s.db.Exec(ctx, q, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	if r == nil {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- base.put
		INSERT INTO base_base (root, id, pos, host, code, name, category, run_mode, top_level, plaques, first_granted, last_granted,
			met, gaps, passed, agreement_end, check_due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		ref.Root, ref.ID, r.Pos, r.Host, r.Code, r.Name, r.Category, string(r.RunMode), string(r.TopLevel), r.Plaques,
		string(r.FirstGranted), string(r.LastGranted), r.Met, r.Gaps, r.Passed, string(r.AgreementEnd), string(r.CheckDue)); err != nil {
		return err
	}
	for n, a := range b.Accreditations {
		if !a.Counts() {
			continue
		}
		if _, err := s.db.Exec(ctx, `-- base.put
			INSERT INTO base_accreditation (root, base, n, granted_on, ends_on) VALUES ($1, $2, $3, $4, $5)`,
			ref.Root, ref.ID, n, string(a.GrantedOn), string(b.Ends(a))); err != nil {
			return err
		}
	}
	return nil
}

// where is the condition of a filter, within the reader's scope, after the row that it names.
func (f Filter) where(within scope.Set) (string, []any, error) {
	in := f.Unit.Range()
	w := scope.Set{in}.SQL("b.pos") + ` AND ` + within.SQL("b.pos") + `
		AND ($1 = '' OR b.category = $1) AND ($2 = '' OR b.run_mode = $2) AND ($3 = '' OR b.top_level = $3)
		AND ($4 = '' OR EXISTS (SELECT 1 FROM base_accreditation a WHERE a.root = b.root AND a.base = b.id
			AND a.granted_on <= $4 AND (a.ends_on = '' OR a.ends_on > $4)))
		AND ($5 = '' OR b.code = $5 OR b.name LIKE $6 ESCAPE '\')`
	args := []any{f.Category, string(f.RunMode), string(f.TopLevel), string(f.Standing), f.Text,
		"%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(f.Text) + "%"}
	if f.After == "" {
		return w, args, nil
	}
	by, values := f.Order.columns(), strings.Split(f.After, "~")
	if len(values) != len(by) {
		return "", nil, errs.New(errs.Invalid, "base.page_unknown")
	}
	marks := make([]string, len(by))
	for i, v := range values {
		arg, err := keyPart(by[i], v)
		if err != nil {
			return "", nil, errs.Wrap(err, errs.Invalid, "base.page_unknown")
		}
		args = append(args, arg)
		marks[i] = "$" + strconv.Itoa(len(args))
	}
	return w + ` AND (` + strings.Join(by, ", ") + `) < (` + strings.Join(marks, ", ") + `)`, args, nil
}

// columns of an order, each from high to low; the key ends every one.
func (o Order) columns() []string {
	switch o {
	case GapsFirst:
		return []string{"b.gaps", "b.id"}
	case Best:
		return []string{"b.met", "b.passed", "b.id"}
	}
	return []string{"b.last_granted", "b.id"}
}

// pageKey is where the page after the row begins.
func (r Row) pageKey(o Order) string {
	switch o {
	case GapsFirst:
		return strconv.FormatInt(r.Gaps, 10) + "~" + r.ID.String()
	case Best:
		return strconv.FormatInt(r.Met, 10) + "~" + strconv.FormatInt(r.Passed, 10) + "~" + r.ID.String()
	}
	return string(r.LastGranted) + "~" + r.ID.String()
}

// list reads a page of a filter's bases.
func (s store) list(ctx context.Context, f Filter, within scope.Set) ([]Row, error) {
	where, args, err := f.where(within)
	if err != nil {
		return nil, err
	}
	args = append(args, f.Limit)
	return db.Select[Row](ctx, s.db, `-- base.list
		SELECT `+columns+` FROM base_base b WHERE `+where+`
		ORDER BY `+strings.Join(f.Order.columns(), " DESC, ")+` DESC LIMIT $`+strconv.Itoa(len(args)), args...)
}

func keyPart(column, v string) (any, error) {
	switch column {
	case "b.id":
		return id.Parse(v)
	case "b.last_granted":
		return v, nil
	}
	return strconv.ParseInt(v, 10, 64)
}

// count counts a filter's bases.
func (s store) count(ctx context.Context, f Filter, within scope.Set) (int64, error) {
	where, args, err := f.where(within)
	if err != nil {
		return 0, err
	}
	return db.Get[int64](ctx, s.db, `-- base.count
		SELECT COUNT(*) FROM base_base b WHERE `+where, args...)
}

// allRefs lists the bases of a filter by code, for an export.
func (s store) allRefs(ctx context.Context, f Filter, within scope.Set) ([]Row, error) {
	where, args, err := f.where(within)
	if err != nil {
		return nil, err
	}
	return db.Select[Row](ctx, s.db, `-- base.allRefs
		SELECT `+columns+` FROM base_base b WHERE `+where+` ORDER BY b.code`, args...)
}

// byCodeAcrossUnits finds a base by its code; the service asks for the right.
func (s store) byCodeAcrossUnits(ctx context.Context, root int64, code string) (Row, error) {
	return db.Get[Row](ctx, s.db, `-- base.byCodeAcrossUnits
		SELECT `+columns+` FROM base_base b WHERE b.root = $1 AND b.code = $2`, root, code)
}

// namesakesAcrossUnits lists a unit's bases of one name; the service asks for the right when it writes.
func (s store) namesakesAcrossUnits(ctx context.Context, host id.ID, name string) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- base.namesakesAcrossUnits
		SELECT `+columns+` FROM base_base b WHERE b.host = $1 AND b.name = $2 ORDER BY b.id`, host, name)
}

// byIDsAcrossUnits names bases for evidence, of which the ledger has asked for the right.
func (s store) byIDsAcrossUnits(ctx context.Context, recs []id.ID) ([]Row, error) {
	if len(recs) == 0 {
		return nil, nil
	}
	return db.Select[Row](ctx, s.db, `-- base.byIDsAcrossUnits
		SELECT `+columns+` FROM base_base b WHERE b.id IN `+db.In(recs))
}

// ofHostAcrossUnits lists the bases of a host, for the ledger.
func (s store) ofHostAcrossUnits(ctx context.Context, host id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- base.ofHostAcrossUnits
		SELECT b.id FROM base_base b WHERE b.host = $1 ORDER BY b.id`, host)
}

// placed lists the bases at places of a scope, the latest first.
func (s store) placed(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- base.placed
		SELECT id FROM base_base WHERE `+within.SQL("pos")+` ORDER BY id DESC LIMIT $1`, limit)
}

// dueAcrossUnits reads, by key, the bases whose agreement ends or whose check is due by a day; for the daily job.
func (s store) dueAcrossUnits(ctx context.Context, by clock.Day, after id.ID) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- base.dueAcrossUnits
		SELECT `+columns+` FROM base_base b
		WHERE b.id > $1 AND (b.agreement_end <> '' AND b.agreement_end <= $2 OR b.check_due <> '' AND b.check_due <= $2)
		ORDER BY b.id LIMIT 200`, after, string(by))
}

// moveHost lets the bases of a unit follow it to its place.
func (s store) moveHost(ctx context.Context, host id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- base.moveHost
		UPDATE base_base SET pos = $2 WHERE host = $1 AND pos <> $2`, host, pos)
	return err
}

// categories are a city's own, or those that ship (root 0).
func (s store) categories(ctx context.Context, root int64) ([]Category, error) {
	return db.Select[Category](ctx, s.db, `-- base.categories
		SELECT root, name, en, aliases, ord FROM base_category WHERE root = $1 ORDER BY ord`, root)
}

func (s store) setCategories(ctx context.Context, root int64, list []Category) error {
	if _, err := s.db.Exec(ctx, `-- base.setCategories
		DELETE FROM base_category WHERE root = $1`, root); err != nil {
		return err
	}
	for i, c := range list {
		if _, err := s.db.Exec(ctx, `-- base.setCategories
			INSERT INTO base_category (root, name, en, aliases, ord) VALUES ($1, $2, $3, $4, $5)`, root, c.Name, c.En, c.Aliases, i+1); err != nil {
			return err
		}
	}
	return nil
}

// usedCategoriesAcrossUnits are the main categories that a city's bases have.
func (s store) usedCategoriesAcrossUnits(ctx context.Context, root int64) ([]string, error) {
	return db.Select[string](ctx, s.db, `-- base.usedCategoriesAcrossUnits
		SELECT DISTINCT category FROM base_base WHERE root = $1 ORDER BY category`, root)
}

// standard is a city's own, or the one that ships (root 0).
func (s store) standard(ctx context.Context, root int64) ([]StandardItem, error) {
	return db.Select[StandardItem](ctx, s.db, `-- base.standard
		SELECT root, code, name, text, ord FROM base_standard WHERE root = $1 ORDER BY ord`, root)
}

func (s store) setStandard(ctx context.Context, root int64, list []StandardItem) error {
	if _, err := s.db.Exec(ctx, `-- base.setStandard
		DELETE FROM base_standard WHERE root = $1`, root); err != nil {
		return err
	}
	for i, it := range list {
		if _, err := s.db.Exec(ctx, `-- base.setStandard
			INSERT INTO base_standard (root, code, name, text, ord) VALUES ($1, $2, $3, $4, $5)`, root, it.Code, it.Name, it.Text, i+1); err != nil {
			return err
		}
	}
	return nil
}

// ofRootAcrossUnits lists a city's bases, when its standard has changed.
func (s store) ofRootAcrossUnits(ctx context.Context, root int64) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- base.ofRootAcrossUnits
		SELECT b.id FROM base_base b WHERE b.root = $1 ORDER BY b.id`, root)
}

// named finds bases of a city by name or code.
func (s store) named(ctx context.Context, root int64, name string, within scope.Set) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- base.named
		SELECT `+columns+` FROM base_base b WHERE b.root = $1 AND (b.name = $2 OR b.code = $2) AND `+within.SQL("b.pos")+` ORDER BY b.code LIMIT 5`, root, name)
}

// hosted are the bases that stand at one place; their service asks for the right there.
func (s store) hosted(ctx context.Context, pos int64) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- base.hosted
		SELECT `+columns+` FROM base_base b WHERE b.pos = $1 ORDER BY b.name, b.id`, pos)
}

// withinAcrossUnits are the bases within some subtrees.
func (s store) withinAcrossUnits(ctx context.Context, within scope.Set) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- base.withinAcrossUnits
		SELECT b.id FROM base_base b WHERE `+within.SQL("b.pos")+` ORDER BY b.id`)
}

// hostsAcrossUnits are the places of some bases, each once.
func (s store) hostsAcrossUnits(ctx context.Context, bases []id.ID) ([]int64, error) {
	return db.Select[int64](ctx, s.db, `-- base.hostsAcrossUnits
		SELECT DISTINCT b.pos FROM base_base b WHERE b.id`+s.db.OneOf("$1")+` ORDER BY b.pos`, db.List(s.db, bases))
}
