package org

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const unitNow = `SELECT u.id, u.code, u.name, u.level, u.kind, u.pos, u.parent, u.from_day, u.to_day, u.heir, u.formed, u.version FROM org_unit u`

// unitOn asks for units as they were on the day $1; the condition follows.
const unitOn = `SELECT u.id, u.code, n.name, u.level, n.kind, p.pos, p.parent, u.from_day, u.to_day, u.heir, u.formed, u.version
	FROM org_place p JOIN org_unit u ON u.id = p.unit
	JOIN org_name n ON n.unit = u.id AND n.from_day <= $1 AND (n.to_day = '' OR n.to_day > $1)
	WHERE p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) `

const standing = ` AND u.from_day <= $1 AND (u.to_day = '' OR u.to_day > $1) `

const chunk = 400

func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

func (s store) unit(ctx context.Context, u id.ID) (Unit, error) {
	return db.Get[Unit](ctx, s.db, "-- org.Unit\n"+unitNow+" WHERE u.id = $1", u)
}

func (s store) byCode(ctx context.Context, code string) (Unit, error) {
	return db.Get[Unit](ctx, s.db, "-- org.ByCode\n"+unitNow+" WHERE u.code = $1", code)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) ([]Unit, error) {
	var out []Unit
	for c := range slices.Chunk(ids, chunk) {
		us, err := db.Select[Unit](ctx, s.db, "-- org.ByIDs\n"+unitNow+" WHERE u.id"+s.db.OneOf("$1"), db.List(s.db, c))
		if err != nil {
			return nil, err
		}
		out = append(out, us...)
	}
	return out, nil
}

func (s store) byCodes(ctx context.Context, codes []string) ([]Unit, error) {
	var out []Unit
	for c := range slices.Chunk(codes, chunk) {
		args := make([]any, len(c))
		for i, v := range c {
			args[i] = v
		}
		us, err := db.Select[Unit](ctx, s.db, "-- org.ByCodes\n"+unitNow+" WHERE u.code IN ("+marks(1, len(c))+")", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, us...)
	}
	return out, nil
}

// on is the unit by the names and places of the day, whether it stands or not.
func (s store) on(ctx context.Context, u id.ID, day clock.Day) (Unit, error) {
	return db.Get[Unit](ctx, s.db, "-- org.AsOf\n"+unitOn+" AND p.unit = $2", day, u)
}

// ancestors are the owners of the places that enclose pos on the day, from the top down.
func (s store) ancestors(ctx context.Context, pos int64, day clock.Day) ([]Unit, error) {
	around := []int64{0, pos / 1e11 * 1e11, pos / 1e9 * 1e9, pos / 1e7 * 1e7, pos / 1e4 * 1e4, pos}
	us, err := db.Select[Unit](ctx, s.db, "-- org.Ancestors\n"+unitOn+" AND p.pos IN "+db.In(around), day)
	slices.SortFunc(us, func(a, b Unit) int { return a.Level.Rank() - b.Level.Rank() })
	return us, err
}

func (s store) children(ctx context.Context, parent id.ID, day clock.Day, after int64, limit int) ([]Unit, error) {
	return db.Select[Unit](ctx, s.db, "-- org.Children\n"+unitOn+standing+" AND p.parent = $2 AND p.pos > $3 ORDER BY p.pos LIMIT $4",
		day, parent, after, limit)
}

func (s store) childCounts(ctx context.Context, parents []id.ID, day clock.Day) (map[id.ID]int, error) {
	type row struct {
		Parent id.ID `db:"parent"`
		N      int   `db:"n"`
	}
	rows, err := db.Select[row](ctx, s.db, `-- org.Children counts
		SELECT p.parent, COUNT(*) AS n FROM org_place p JOIN org_unit u ON u.id = p.unit
		WHERE p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) `+standing+` AND p.parent IN `+db.In(parents)+` GROUP BY p.parent`, day)
	out := make(map[id.ID]int, len(rows))
	for _, r := range rows {
		out[r.Parent] = r.N
	}
	return out, err
}

// tops are the units without a parent, the standing one first.
func (s store) top(ctx context.Context) (Unit, error) {
	return db.Get[Unit](ctx, s.db, "-- org.Top\n"+unitNow+" WHERE u.parent = 0 AND u.to_day = '' ORDER BY u.pos LIMIT 1")
}

func (s store) empty(ctx context.Context) (bool, error) {
	some, err := db.Select[id.ID](ctx, s.db, "-- org.Empty\nSELECT id FROM org_unit LIMIT 1")
	return len(some) == 0, err
}

// found looks up units whose terms begin with one of the words, the shortest names first.
func (s store) found(ctx context.Context, word string, find scope.Set, limit int) ([]Unit, error) {
	return db.Select[Unit](ctx, s.db, "-- org.Search\n"+unitNow+` WHERE u.id IN (
			SELECT t.unit FROM org_term t JOIN org_unit v ON v.id = t.unit WHERE t.term >= $1 AND t.term < $2 AND `+find.SQL("v.pos")+` AND (v.to_day = '' OR v.to_day > v.from_day)
			ORDER BY t.term LIMIT $3)`, word, word+"\U0010FFFF", limit)
}

// lock makes changes of the tree follow one another.
func (s store) lock(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "-- org.lock\nUPDATE org_lock SET n = n + 1 WHERE id = 1")
	return err
}

// turn gives the tree the name of its next state. The lock holds until the transaction ends, so no two have one name.
func (s store) turn(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "-- org.turn\nUPDATE org_lock SET n = n + 1 WHERE id = 2")
	return err
}

func (s store) treeState(ctx context.Context) (int64, error) {
	return db.Get[int64](ctx, s.db, "-- org.TreeState\nSELECT n FROM org_lock WHERE id = 2")
}

// states loads what the tree knows of the units.
func (s store) states(ctx context.Context, ids []id.ID) (map[id.ID]*state, error) {
	type unitRow struct {
		ID     id.ID     `db:"id"`
		Code   string    `db:"code"`
		Level  Level     `db:"level"`
		From   clock.Day `db:"from_day"`
		To     clock.Day `db:"to_day"`
		Heir   id.ID     `db:"heir"`
		Formed clock.Day `db:"formed"`
		Ver    int64     `db:"version"`
	}
	out := make(map[id.ID]*state, len(ids))
	for c := range slices.Chunk(ids, chunk) {
		in := db.In(c)
		us, err := db.Select[unitRow](ctx, s.db, `-- org.states
			SELECT id, code, level, from_day, to_day, heir, formed, version FROM org_unit WHERE id IN `+in)
		if err != nil {
			return nil, err
		}
		for _, u := range us {
			out[u.ID] = &state{ID: u.ID, Level: u.Level, Ver: u.Ver, Life: life{u.Code, u.From, u.To, u.Heir, u.Formed}}
		}
		ns, err := db.Select[naming](ctx, s.db, `-- org.states
			SELECT unit, from_day, to_day, name, kind, aliases FROM org_name WHERE unit IN `+in+` ORDER BY unit, from_day`)
		if err != nil {
			return nil, err
		}
		for _, n := range ns {
			out[n.Unit].Names = append(out[n.Unit].Names, n)
		}
		ps, err := db.Select[Place](ctx, s.db, `-- org.states
			SELECT unit, pos, parent, from_day, to_day FROM org_place WHERE unit IN `+in+` ORDER BY unit, from_day`)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			out[p.Unit].Places = append(out[p.Unit].Places, p)
		}
	}
	for _, u := range ids {
		if out[u] == nil {
			return nil, errs.New(errs.NotFound, "org.no_such_unit")
		}
	}
	return out, nil
}

// within are the units that have a place in the range on or after the day, up to an end.
func (s store) within(ctx context.Context, r scope.Range, from, to clock.Day) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- org.within
		SELECT DISTINCT unit FROM org_place WHERE pos >= $1 AND pos < $2 AND (to_day = '' OR to_day > $3) AND ($4 = '' OR from_day < $4)`,
		r.From, r.To, from, to)
}

// under are the units that have the parent on or after the day.
func (s store) under(ctx context.Context, parent id.ID, from clock.Day) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- org.under
		SELECT DISTINCT unit FROM org_place WHERE parent = $1 AND (to_day = '' OR to_day > $2)`, parent, from)
}

// takenOver lists the units whose heir is one of those given.
func (s store) takenOver(ctx context.Context, heirs []id.ID) ([]id.ID, error) {
	var out []id.ID
	for c := range slices.Chunk(heirs, chunk) {
		ids, err := db.Select[id.ID](ctx, s.db, "-- org.takenOver\nSELECT id FROM org_unit WHERE heir <> 0 AND heir IN "+db.In(c)+" ORDER BY id")
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	return out, nil
}

// saveState writes the aspects of a unit that an event changed. A version that has moved on is a conflict.
func (s store) saveState(ctx context.Context, st *state, names, places bool) error {
	u := st.unit()
	n, err := s.db.Exec(ctx, `-- org.saveState
		UPDATE org_unit SET code = $2, from_day = $3, to_day = $4, heir = $5, formed = $6, name = $7, kind = $8, pos = $9, parent = $10,
		version = version + 1 WHERE id = $1 AND version = $11`,
		u.ID, u.Code, u.From, u.To, u.Heir, u.Formed, u.Name, u.Kind, u.Pos, u.Parent, st.Ver)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	if names {
		if _, err := s.db.Exec(ctx, "-- org.saveState\nDELETE FROM org_name WHERE unit = $1", st.ID); err != nil {
			return err
		}
		if err := s.insert(ctx, nameTable, nameRows(st)); err != nil {
			return err
		}
		if err := s.saveTerms(ctx, []*state{st}, true); err != nil {
			return err
		}
	}
	if places {
		if _, err := s.db.Exec(ctx, "-- org.saveState\nDELETE FROM org_place WHERE unit = $1", st.ID); err != nil {
			return err
		}
		return s.insert(ctx, placeTable, placeRows(st))
	}
	return nil
}

func (s store) saveTerms(ctx context.Context, sts []*state, renew bool) error {
	var rows [][]any
	for _, st := range sts {
		if renew {
			if _, err := s.db.Exec(ctx, "-- org.saveTerms\nDELETE FROM org_term WHERE unit = $1", st.ID); err != nil {
				return err
			}
		}
		for _, t := range termsOf(st.Life.Code, st.Names) {
			rows = append(rows, []any{t, st.ID})
		}
	}
	return s.insert(ctx, termTable, rows)
}

type into struct {
	name, columns string
	n             int
}

var (
	unitTable   = into{"org_unit", "id, code, level, from_day, to_day, heir, formed, name, kind, pos, parent, version", 12}
	nameTable   = into{"org_name", "unit, from_day, to_day, name, kind, aliases", 6}
	placeTable  = into{"org_place", "unit, from_day, to_day, pos, parent", 5}
	numberTable = into{"org_number", "pos, unit", 2}
	termTable   = into{"org_term", "term, unit", 2}
	eventTable  = into{"org_event", "id, unit, kind, day, detail, document, known_at, actor, actor_name, batch, undone_by", 11}
	traceTable  = into{"org_trace", "event, unit, aspect, before, after", 5}
)

func nameRows(st *state) (rows [][]any) {
	for _, n := range st.Names {
		rows = append(rows, []any{st.ID, n.From, n.To, n.Name, n.Kind, n.Aliases})
	}
	return rows
}

func placeRows(st *state) (rows [][]any) {
	for _, p := range st.Places {
		rows = append(rows, []any{st.ID, p.From, p.To, p.Pos, p.Parent})
	}
	return rows
}

// insert writes many rows with few statements: a nation's tree is founded in one go.
func (s store) insert(ctx context.Context, t into, rows [][]any) error {
	return s.db.InsertMany(ctx, "-- org.insert\nINSERT INTO "+t.name+" ("+t.columns+")", "", t.n, slices.Concat(rows...))
}

// usedNumbers answers which of the places were ever given out.
func (s store) usedNumbers(ctx context.Context, places []int64) ([]int64, error) {
	var out []int64
	for c := range slices.Chunk(places, chunk) {
		ps, err := db.Select[int64](ctx, s.db, "-- org.usedNumbers\nSELECT pos FROM org_number WHERE pos IN "+db.In(c))
		if err != nil {
			return nil, err
		}
		out = append(out, ps...)
	}
	return out, nil
}

// usedBetween answers all places given out in a short range of leaves.
func (s store) usedBetween(ctx context.Context, from, to int64) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "-- org.usedBetween\nSELECT pos FROM org_number WHERE pos >= $1 AND pos <= $2", from, to)
}

// keepNumbers notes places as given out; those of an undone event belong to their unit already.
func (s store) keepNumbers(ctx context.Context, rows [][]any) error {
	for _, r := range rows {
		if _, err := s.db.Exec(ctx, "-- org.keepNumbers\nINSERT INTO org_number (pos, unit) VALUES ($1, $2) ON CONFLICT DO NOTHING", r...); err != nil {
			return err
		}
	}
	return nil
}

func eventRow(e Event) []any {
	return []any{e.ID, e.Unit, e.Kind, e.Day, e.Detail, e.Document, e.KnownAt, e.Actor, e.ActorName, e.Batch, e.UndoneBy}
}

const eventColumns = `e.id, e.unit, e.kind, e.day, e.detail, e.document, e.known_at, e.actor, e.actor_name, e.batch, e.undone_by`

func (s store) event(ctx context.Context, e id.ID) (Event, error) {
	return db.Get[Event](ctx, s.db, "-- org.event\nSELECT "+eventColumns+" FROM org_event e WHERE e.id = $1", e)
}

func (s store) history(ctx context.Context, u id.ID) ([]Event, error) {
	return db.Select[Event](ctx, s.db, `-- org.History
		SELECT `+eventColumns+` FROM org_event e WHERE e.unit = $1 OR e.id IN (SELECT t.event FROM org_trace t WHERE t.unit = $1)
		ORDER BY e.day, e.id`, u)
}

func (s store) batchEvents(ctx context.Context, batch id.ID) ([]Event, error) {
	return db.Select[Event](ctx, s.db, `-- org.batchEvents
		SELECT `+eventColumns+` FROM org_event e WHERE e.batch = $1 AND e.batch <> 0 AND e.undone_by = 0 ORDER BY e.id`, batch)
}

func (s store) setUndone(ctx context.Context, e, by id.ID) error {
	_, err := s.db.Exec(ctx, "-- org.setUndone\nUPDATE org_event SET undone_by = $2 WHERE id = $1", e, by)
	return err
}

// laterEvents counts what happened to a unit after an event and still holds.
func (s store) laterEvents(ctx context.Context, u, after id.ID) (int, error) {
	return db.Get[int](ctx, s.db, `-- org.laterEvents
		SELECT COUNT(*) FROM org_event e WHERE e.id > $2 AND e.undone_by = 0 AND e.kind <> 'undo'
		AND (e.unit = $1 OR e.id IN (SELECT t.event FROM org_trace t WHERE t.unit = $1))`, u, after)
}

// everUnder counts the units that had the parent at any time and were not taken back.
func (s store) everUnder(ctx context.Context, parent id.ID) (int, error) {
	return db.Get[int](ctx, s.db, `-- org.everUnder
		SELECT COUNT(*) FROM org_place p JOIN org_unit u ON u.id = p.unit WHERE p.parent = $1 AND (u.to_day = '' OR u.to_day > u.from_day)`, parent)
}

type trace struct {
	Unit   id.ID  `db:"unit"`
	Aspect string `db:"aspect"`
	Before string `db:"before"`
	After  string `db:"after"`
}

func (s store) traces(ctx context.Context, e id.ID) ([]trace, error) {
	return db.Select[trace](ctx, s.db, "-- org.traces\nSELECT unit, aspect, before, after FROM org_trace WHERE event = $1 ORDER BY unit, aspect", e)
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
