package project

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const listed = `c.root, c.id, c.unit, c.number, c.title, c.kind, c.signed_on, c.amount_fen, c.status, c.version, c.received_fen, c.reporters`

func (s store) put(ctx context.Context, ref id.Ref, c Contract, places map[id.ID]int64, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- project.put
		DELETE FROM project_contract WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- project.put
		DELETE FROM project_reporter WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	d, all := c.Deciding(), c.Units()
	search := strings.ToLower(strings.Join([]string{c.Number, c.Title, c.Purchaser, c.Provider, c.Audience}, "\n"))
	if _, err := s.db.Exec(ctx, `-- project.put
		INSERT INTO project_contract (root, id, unit, number, title, kind, signed_on, amount_fen, status, version, received_fen, reporters, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		ref.Root, ref.ID, c.Home(), c.Number, c.Title, d.Kind, d.SignedOn, d.AmountFen, d.Status, d.Version, c.Received(), len(all), search); err != nil {
		return err
	}
	for _, u := range all {
		if _, err := s.db.Exec(ctx, `-- project.put
			INSERT INTO project_reporter (root, id, unit, pos) VALUES ($1, $2, $3, $4)`, ref.Root, ref.ID, u, places[u]); err != nil {
			return err
		}
	}
	return nil
}

// where is the condition of a list: a reporter within the reader's scope and the unit's subtree, and the filter.
func (f Filter) where(within scope.Set, r scope.Range) (string, []any) {
	cond := []string{`EXISTS (SELECT 1 FROM project_reporter r WHERE r.root = c.root AND r.id = c.id AND ` + within.SQL("r.pos") + ` AND ` + scope.Set{r}.SQL("r.pos") + `)`}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.Year != 0 {
		cond = append(cond, "c.signed_on >= "+arg(fmt.Sprintf("%04d-01-01", f.Year)), "c.signed_on <= "+arg(fmt.Sprintf("%04d-12-31", f.Year)))
	}
	if f.Kind != "" {
		cond = append(cond, "c.kind = "+arg(f.Kind))
	}
	if f.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(f.Text)) + "%"
		text := `c.search LIKE ` + arg(like) + ` ESCAPE '\'`
		if k := kindOf(f.Text); k != "" {
			text = "(" + text + " OR c.kind = " + arg(k) + ")"
		}
		cond = append(cond, text)
	}
	return strings.Join(cond, " AND "), args
}

// list reads a page of contracts, the latest signed first.
func (s store) list(ctx context.Context, where string, args []any, day, number string, limit int) ([]Listed, error) {
	n := len(args)
	if day != "" {
		where += fmt.Sprintf(" AND (c.signed_on < $%d OR c.signed_on = $%d AND c.number > $%d)", n+1, n+1, n+2)
		args = append(args, day, number)
		n += 2
	}
	return db.Select[Listed](ctx, s.db, `-- project.list
		SELECT `+listed+` FROM project_contract c WHERE `+where+` ORDER BY c.signed_on DESC, c.number LIMIT $`+strconv.Itoa(n+1), append(args, limit)...)
}

func (s store) count(ctx context.Context, where string, args []any, day, number string) (int64, error) {
	if day != "" {
		n := len(args)
		where += fmt.Sprintf(" AND (c.signed_on < $%d OR c.signed_on = $%d AND c.number > $%d)", n+1, n+1, n+2)
		args = append(args, day, number)
	}
	return db.Get[int64](ctx, s.db, `-- project.count
		SELECT COUNT(*) FROM project_contract c WHERE `+where, args...)
}

func (s store) idsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- project.idsOf
		SELECT id FROM project_reporter WHERE unit = $1 ORDER BY id`, unit)
}

// near lists the contracts with a reporter at places of a scope, the latest first.
func (s store) placed(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- project.placed
		SELECT DISTINCT id FROM project_reporter WHERE `+within.SQL("pos")+` ORDER BY id DESC LIMIT $1`, limit)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- project.byIDs
		SELECT `+listed+` FROM project_contract c WHERE c.id IN `+db.In(ids))
}

// AcrossUnitsByNumber finds a contract by its number wherever in the city it was reported: a number is the city's own.
func (s store) AcrossUnitsByNumber(ctx context.Context, root int64, number string) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- project.AcrossUnitsByNumber
		SELECT `+listed+` FROM project_contract c WHERE c.root = $1 AND c.number = $2`, root, number)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- project.move
		UPDATE project_reporter SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}
