package app

import (
	"context"
	"fmt"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
)

// keptAt are the tables whose rows carry a place, with the unit whose place it is.
var keptAt = []struct{ table, unit string }{
	{"base_base", "host"}, {"people_team", "unit"}, {"project_reporter", "unit"}, {"assess_adoption", "unit"}, {"assess_programme", "owner"},
	{"report_document", "unit"}, {"account_account", "unit"},
}

// A township is taken over by its neighbour, and the neighbour then goes to another county: what was the first one's goes
// along, in lists, in rights and in figures, through a second heir too, and comes back when all is taken back. // R57
func TestWhatWasTakenOverFollowsTheHeir(t *testing.T) {
	w := openWorld(t)
	a, old, other := w.unit("990203013"), w.unit("990203"), w.unit("990201")
	nodes, err := w.a.Org.Children(w.ctx, old.ID, harnessDay, "", 500)
	if err != nil {
		t.Fatal(err)
	}
	var b, c org.Unit
	for _, n := range nodes {
		if n.Unit.Level == org.Township && n.Unit.ID != a.ID {
			b, c = c, n.Unit
		}
	}
	if b.ID == 0 {
		t.Fatal("the county needs three townships")
	}
	before := figuresOf(t, w, old, other)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.a.Org.Merge(w.ctx, []id.ID{a.ID}, b.ID, "2019-05-02", "云关委〔2019〕2号"))
	must(w.a.Org.Move(w.ctx, b.ID, other.ID, "2019-05-10", "云关委〔2019〕3号"))
	home := func(heir id.ID) {
		t.Helper()
		h, err := w.a.Org.Unit(w.ctx, heir)
		must(err)
		for _, k := range keptAt {
			type row struct {
				N, At int64
			}
			got, err := db.Get[row](w.ctx, w.a.DB, fmt.Sprintf(`SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN pos = $2 THEN 1 ELSE 0 END), 0) AS at FROM %s WHERE %s = $1`, k.table, k.unit), a.ID, h.Pos)
			must(err)
			if got.N == 0 || got.At != got.N {
				t.Errorf("%s: %d of %d rows stand at %s", k.table, got.At, got.N, h.Name)
			}
		}
	}
	home(b.ID)
	seen := func(county org.Unit, want bool) {
		t.Helper()
		ctx := officeOf(w, county)
		for kind, get := range map[string]func(id.Ref) error{
			"base":      func(r id.Ref) error { _, _, err := w.a.Base.Get(ctx, r); return err },
			"team":      func(r id.Ref) error { _, _, err := w.a.People.Get(ctx, r); return err },
			"contract":  func(r id.Ref) error { _, _, err := w.a.Project.Get(ctx, r); return err },
			"adoption":  func(r id.Ref) error { _, _, err := w.a.Assess.Adoption(ctx, r); return err },
			"programme": func(r id.Ref) error { _, _, err := w.a.Assess.Programme(ctx, r); return err },
			"document":  func(r id.Ref) error { _, err := w.a.Report.Read(ctx, r); return err },
		} {
			ref, err := id.ParseRef(w.seeds.refs[kind][a.Code])
			must(err)
			if err := get(ref); want && err != nil || !want && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s opens a %s of %s: %v, want %v", county.Name, kind, a.Name, err, want)
			}
		}
		p, err := w.a.People.List(ctx, county, harnessDay, people.Filter{Text: "zkteamq" + a.Code}, 0, "", 10)
		must(err)
		if (p.Total > 0) != want {
			t.Errorf("%s lists %d teams of %s, want %v", county.Name, p.Total, a.Name, want)
		}
		ref, err := id.ParseRef(w.seeds.refs["team"][a.Code])
		must(err)
		team, v, err := w.a.People.Get(w.ctx, ref)
		must(err)
		err = w.a.People.Save(ctx, ref, v.N, team, "核对")
		if want && err != nil || !want && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s writes to a team of %s: %v, want %v", county.Name, a.Name, err, want)
		}
	}
	seen(other, true)
	seen(old, false)
	agree(t, w)
	base := w.seeds.refs["base"][a.Code]
	ref, err := id.ParseRef(base)
	must(err)
	for unit, want := range map[id.ID]bool{old.ID: false, other.ID: true} {
		q := ledger.Query{Figure: "base.accredited", Unit: unit, Day: harnessDay, Boundary: ledger.Today}
		list, err := w.a.Ledger.Evidence(w.ctx, q, "", 5000)
		must(err)
		found := false
		for _, e := range list.Items {
			found = found || e.Ref == ref
		}
		if found != want {
			t.Errorf("evidence of %v holds the base: %v, want %v", unit, found, want)
		}
	}

	// a chain: the heir is taken over in its turn, and its heir moves
	third, err := w.a.Org.Found(w.ctx, org.NewUnit{Name: "测试镇", Level: org.Township, Kind: org.Town, Parent: other.ID, From: "2019-05-11"})
	must(err)
	must(w.a.Org.Merge(w.ctx, []id.ID{b.ID}, third.ID, "2019-05-12", "云关委〔2019〕4号"))
	home(third.ID)
	must(w.a.Org.Move(w.ctx, third.ID, old.ID, "2019-05-20", "云关委〔2019〕5号"))
	home(third.ID)
	seen(old, true)
	seen(other, false)
	agree(t, w)

	// all of it is taken back, the last first
	for _, u := range []id.ID{third.ID, third.ID, b.ID, b.ID} {
		evs, err := w.a.Org.History(w.ctx, u)
		must(err)
		undo := func() bool {
			for i := range evs {
				e := evs[i]
				if e.UndoneBy == 0 && e.Unit == u && (e.Kind == org.EventMove || e.Kind == org.EventMerge) && w.a.Org.Undo(w.ctx, e.ID) == nil {
					return true
				}
			}
			return false
		}
		if !undo() {
			t.Fatalf("nothing of %v can be taken back", u)
		}
	}
	home(a.ID)
	seen(old, true)
	seen(other, false)
	agree(t, w)
	if after := figuresOf(t, w, old, other); after != before {
		t.Errorf("figures before and after all is taken back:\n%s\n%s", before, after)
	}
}

// officeOf acts for a county's office: it works and views in the county's subtree.
func officeOf(w *world, u org.Unit) context.Context {
	own := scope.Set{u.Range()}
	return scope.With(w.ctx, scope.Actor{Account: id.New(), Name: "县办", Unit: u.ID, Pos: u.Pos, FindSet: scope.All, ViewSet: own, WorkSet: own, AdminSet: own})
}

func figuresOf(t *testing.T, w *world, units ...org.Unit) string {
	t.Helper()
	out := ""
	for _, u := range units {
		for _, f := range []string{"base.accredited", "team.active", "reform.adopted", "project.signed", "project.signed_fen"} {
			v, err := w.a.Ledger.Ask(w.ctx, ledger.Query{Figure: f, Unit: u.ID, Day: harnessDay, From: "2000-01-01", To: harnessDay})
			if err != nil {
				t.Fatal(f, err)
			}
			out += fmt.Sprint(f, "=", v.Int(), " ")
		}
	}
	return out
}

// agree recounts every figure from the records.
func agree(t *testing.T, w *world) {
	t.Helper()
	if err := w.a.Ledger.Fold(w.ctx); err != nil {
		t.Fatal(err)
	}
	rep, err := w.a.Ledger.Verify(w.ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range rep.Faults {
		if i < 5 {
			t.Errorf("recount: %v", f)
		}
	}
}
