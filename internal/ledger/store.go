package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct {
	db   *db.DB
	kept *kept
}

type figureRow struct {
	ID         int64
	Code       string
	Owner      int64
	Definition string
	Ready      int64
}

func (s store) figures(ctx context.Context) ([]figureRow, error) {
	return db.Select[figureRow](ctx, s.db, `-- ledger.figures
		SELECT id, code, owner, definition, ready FROM ledger_figure ORDER BY id`)
}

func (s store) putFigure(ctx context.Context, f figureRow) error {
	_, err := s.db.Exec(ctx, `-- ledger.putFigure
		INSERT INTO ledger_figure (id, code, owner, definition, ready) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, ready = excluded.ready`,
		f.ID, f.Code, f.Owner, f.Definition, f.Ready)
	return err
}

type idName struct {
	ID     int64
	Figure int64
	Name   string
	Value  string
}

func (s store) dims(ctx context.Context) ([]idName, error) {
	return db.Select[idName](ctx, s.db, `-- ledger.dims
		SELECT id, figure, '' AS name, tuple AS value FROM ledger_dim`)
}

func (s store) series(ctx context.Context) ([]idName, error) {
	return db.Select[idName](ctx, s.db, `-- ledger.series
		SELECT id, figure, name, value FROM ledger_series`)
}

func (s store) addDim(ctx context.Context, figure int64, tuple string) (int64, error) {
	if _, err := s.db.Exec(ctx, `-- ledger.addDim
		INSERT INTO ledger_dim (id, figure, tuple) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, int64(id.New()), figure, tuple); err != nil {
		return 0, err
	}
	return db.Get[int64](ctx, s.db, `-- ledger.addDim
		SELECT id FROM ledger_dim WHERE figure = $1 AND tuple = $2`, figure, tuple)
}

func (s store) addSeries(ctx context.Context, figure int64, name, value string) (int64, error) {
	if _, err := s.db.Exec(ctx, `-- ledger.addSeries
		INSERT INTO ledger_series (id, figure, name, value) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, int64(id.New()), figure, name, value); err != nil {
		return 0, err
	}
	return db.Get[int64](ctx, s.db, `-- ledger.addSeries
		SELECT id FROM ledger_series WHERE figure = $1 AND name = $2 AND value = $3`, figure, name, value)
}

// tree

type unitRow struct {
	Unit  id.ID
	Level string
	Kind  string
	From  int64 `db:"from_day"`
	To    int64 `db:"to_day"`
	Heir  id.ID
}

type placeRow struct {
	Unit id.ID
	Pos  int64
	From int64 `db:"from_day"`
	To   int64 `db:"to_day"`
}

func (s store) putUnit(ctx context.Context, c org.Changed) error {
	if _, err := s.db.Exec(ctx, `-- ledger.putUnit
		INSERT INTO ledger_unit (unit, level, kind, from_day, to_day, heir) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (unit) DO UPDATE SET level = excluded.level, kind = excluded.kind, from_day = excluded.from_day, to_day = excluded.to_day, heir = excluded.heir`,
		c.Unit, string(c.Level), string(c.Kind), c.From.Int(), c.To.Int(), c.Heir); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- ledger.putUnit
		DELETE FROM ledger_place WHERE unit = $1`, c.Unit); err != nil {
		return err
	}
	for _, p := range c.Places {
		if _, err := s.db.Exec(ctx, `-- ledger.putUnit
			INSERT INTO ledger_place (unit, pos, from_day, to_day) VALUES ($1, $2, $3, $4)
			ON CONFLICT (unit, pos) DO UPDATE SET to_day = excluded.to_day`, c.Unit, p.Pos, p.From.Int(), p.To.Int()); err != nil {
			return err
		}
	}
	return nil
}

// nodes reads units with their places; heirs are followed.
func (s store) nodes(ctx context.Context, units []id.ID) (tree, error) {
	t := tree{}
	for want := units; len(want) > 0; {
		list := db.List(s.db, want)
		us, err := db.Select[unitRow](ctx, s.db, `-- ledger.nodes
			SELECT unit, level, kind, from_day, to_day, heir FROM ledger_unit WHERE unit`+s.db.OneOf("$1"), list)
		if err != nil {
			return nil, err
		}
		ps, err := db.Select[placeRow](ctx, s.db, `-- ledger.nodes
			SELECT unit, pos, from_day, to_day FROM ledger_place WHERE unit`+s.db.OneOf("$1")+` ORDER BY unit, from_day, pos`, list)
		if err != nil {
			return nil, err
		}
		want = nil
		for _, u := range us {
			t[u.Unit] = node{unit: u.Unit, level: u.Level, kind: u.Kind, from: clock.DayOfInt(u.From), to: clock.DayOfInt(u.To), heir: u.Heir}
		}
		for _, p := range ps {
			if n, ok := t[p.Unit]; ok {
				n.places = append(n.places, place{p.Pos, clock.DayOfInt(p.From), clock.DayOfInt(p.To)})
				t[p.Unit] = n
			}
		}
		for _, u := range us {
			if _, ok := t[u.Heir]; u.Heir != 0 && !ok {
				want = append(want, u.Heir)
			}
		}
	}
	return t, nil
}

type stood struct {
	Unit id.ID
	Pos  int64
}

// unitsAt are the units of a level that have stood at the places.
func (s store) unitsAt(ctx context.Context, level string, pos []int64) ([]stood, error) {
	return db.Select[stood](ctx, s.db, `-- ledger.unitsAt
		SELECT p.unit, p.pos FROM ledger_place p JOIN ledger_unit u ON u.unit = p.unit WHERE p.pos`+s.db.OneOf("$1")+` AND u.level = $2`, db.List(s.db, pos), level)
}

// countiesUnder are the county codes that have ever held a unit inside the range, for exact index ranges.
func (s store) countiesUnder(ctx context.Context, r scope.Range) ([]int64, error) {
	return db.Select[int64](ctx, s.db, `-- ledger.countiesUnder
		SELECT DISTINCT pos / 10000000 FROM ledger_place WHERE pos >= $1 AND pos < $2`, r.From, r.To)
}

func (s store) eachUnit(ctx context.Context, after id.ID, limit int) ([]unitRow, error) {
	return db.Select[unitRow](ctx, s.db, `-- ledger.eachUnit
		SELECT unit, level, kind, from_day, to_day, heir FROM ledger_unit WHERE unit > $1 ORDER BY unit LIMIT $2`, after, limit)
}

// lockUnits serialises writers that touch the condition of one unit; SQLite has one writer anyway.
func (s store) lockUnits(ctx context.Context, units []id.ID) error {
	if s.db.Engine != db.Postgres || len(units) == 0 {
		return nil
	}
	_, err := db.Select[id.ID](ctx, s.db, `-- ledger.lockUnits
		SELECT unit FROM ledger_unit WHERE unit`+s.db.OneOf("$1")+` ORDER BY unit FOR UPDATE`, db.List(s.db, units))
	return err
}

// entries

type entryRow struct {
	Figure int64
	Pos    int64
	Day    int64
	Dim    int64
	Frame  int64
	Delta  int64
	Rec    id.ID
}

// held is what the ledger shows of records, net.
func (s store) held(ctx context.Context, recs []id.ID) ([]entryRow, error) {
	in := s.db.OneOf("$1")
	return db.Select[entryRow](ctx, s.db, `-- ledger.held
		SELECT figure, pos, day, dim, frame, rec, CAST(SUM(delta) AS BIGINT) AS delta FROM (
			SELECT figure, pos, day, dim, frame, rec, delta FROM ledger_entry WHERE rec`+in+`
			UNION ALL
			SELECT figure, pos, day, dim, frame, rec, delta FROM ledger_tail WHERE rec`+in+`
		) e GROUP BY figure, pos, day, dim, frame, rec HAVING SUM(delta) <> 0`, db.List(s.db, recs))
}

// heldAt is what the ledger shows of figures at places, net by day and frame, for conditions; a place is all that lies
// within width of where it begins.
func (s store) heldAt(ctx context.Context, figures, places []int64, width int64) ([]entryRow, error) {
	w, args := "figure"+s.db.OneOf("$1"), []any{db.List(s.db, figures)}
	if width == 1 {
		var counties []int64
		for _, p := range places {
			counties = append(counties, p/1e7)
		}
		slices.Sort(counties)
		w += " AND county" + s.db.OneOf("$2") + " AND pos" + s.db.OneOf("$3")
		args = append(args, db.List(s.db, slices.Compact(counties)), db.List(s.db, places))
	} else {
		var ranges []string
		for _, p := range places {
			ranges = append(ranges, fmt.Sprintf("(county >= %d AND county <= %d AND pos >= %d AND pos < %d)", p/1e7, (p+width-1)/1e7, p, p+width))
		}
		w += " AND (" + strings.Join(ranges, " OR ") + ")"
	}
	pos := fmt.Sprintf("pos / %d * %d AS pos", width, width)
	return db.Select[entryRow](ctx, s.db, `-- ledger.heldAt
		SELECT figure, pos, day, CAST(0 AS BIGINT) AS dim, frame, CAST(0 AS BIGINT) AS rec, CAST(SUM(delta) AS BIGINT) AS delta FROM (
			SELECT figure, `+pos+`, day, frame, delta FROM ledger_entry WHERE `+w+`
			UNION ALL
			SELECT figure, `+pos+`, day, frame, delta FROM ledger_tail WHERE `+w+`
		) e GROUP BY figure, pos, day, frame HAVING SUM(delta) <> 0 ORDER BY day`, args...)
}

func (s store) appendTail(ctx context.Context, entries []entryRow) error {
	args := make([]any, 0, 10*len(entries))
	for _, e := range entries {
		args = append(args, org.RootOf(e.Pos), int64(id.New()), e.Figure, e.Pos/1e7, e.Pos, e.Day, e.Dim, e.Frame, e.Delta, int64(e.Rec))
	}
	return s.db.InsertMany(ctx, `-- ledger.appendTail
		INSERT INTO ledger_tail (root, id, figure, county, pos, day, dim, frame, delta, rec)`, "", 10, args)
}

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // definitions always marshal
	}
	return string(b)
}
