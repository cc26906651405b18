package app

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/care"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// chosenRoutes are all routes, or those of one module where the environment names it (XINHUO_ROUTES=care): for whoever works on its
// checks and does not want to wait for the others.
func (w *world) chosenRoutes() []web.Route {
	list := w.a.Site().Routes()
	if only := os.Getenv("XINHUO_ROUTES"); only != "" {
		list = slices.DeleteFunc(list, func(rt web.Route) bool { return !strings.HasPrefix(rt.Name, only+".") })
	}
	return list
}

// sameKind are the kinds of seeds that are records of one kind.
var sameKind = map[string]string{"camp": "activity", "duty": "campaign", "reply": "notice", "surveyanswer": "survey", "volclosed": "volunteer", "sharedentry": "contact", "shareddecision": "decision", "sharedmeeting": "meeting",
	"libraryabove": "library", "librarybelow": "library", "librarypublic": "library", "librarymembers": "library", "librarypartners": "library", "librarydraft": "library"}

func kindOf(kind string) string {
	if same := sameKind[kind]; same != "" {
		return same
	}
	return kind
}

// swap puts other names into an aim: out of the whole answer it is to be told from nothing that exists.
func (m aim) swap(real, other string) aim {
	m.target = strings.ReplaceAll(m.target, real, other)
	m.json = strings.ReplaceAll(m.json, real, other)
	form := url.Values{}
	for k, v := range m.form {
		form[k] = v
		for i := range v {
			if v[i] == real {
				form[k] = []string{other}
			}
		}
	}
	m.form, m.own = form, append(slices.Clone(m.own), other)
	return m
}

// R189: names of other kinds, of other cities, next to those that exist, mixed and mangled, in every address and body that takes one: no
// word comes back that the asker may not meet, nothing is written, and what exists elsewhere is answered to the letter like what does
// not. TestMatrix asks about what does exist, each at its own address.
func TestSwappedNames(t *testing.T) {
	w := openWorld(t)
	n := 500
	if testkit.Long() {
		n = 10000
	}
	type asked struct {
		rt  web.Route
		aim aim
	}
	var list []asked
	for _, rt := range w.chosenRoutes() {
		aims, err := w.aims(rt)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range aims {
			if len(m.own) > 0 && rt.Right != scope.Anyone {
				list = append(list, asked{rt, m})
			}
		}
	}
	if len(list) == 0 {
		return // a module without records
	}
	type seed struct{ kind, ref string }
	var all []seed
	for kind, at := range w.seeds.refs {
		for _, ref := range at {
			if _, err := id.ParseRef(ref); err == nil {
				all = append(all, seed{kind, ref})
			}
		}
	}
	slices.SortFunc(all, func(a, b seed) int { return strings.Compare(a.kind+a.ref, b.kind+b.ref) })
	mangled := []string{"0", "-1", "1", "%00", "%ff", "x'%20OR%20'1'='1", "..%2F..%2F1", strings.Repeat("9", 300), "%E9%99%88", "null", "9902-1"}
	r := rand.New(rand.NewPCG(189, 6))
	did, said := map[string]int{}, 0
	wrote := w.writes()
	for done := 0; done < n; {
		x, as := list[r.IntN(len(list))], w.roles[r.IntN(len(w.roles))]
		if slices.Contains(freely, x.rt.String()) {
			continue
		}
		real := x.aim.own[r.IntN(len(x.aim.own))]
		ref, err := id.ParseRef(real)
		isRef, own := err == nil, kindOf(w.refKind(x.rt))
		// other is put in, not is the same for what does not exist; nowhere tells that other must not be found there by anybody
		var how, other, not string
		nowhere, sees := true, false
		switch pick := r.IntN(7); {
		case pick == 0 && isRef:
			o := id.Ref{Root: []int64{9907, 9901, 1, 9902}[r.IntN(4)], ID: ref.ID}
			if o == ref {
				continue
			}
			how, other, not = "another city's", o.String(), id.Ref{Root: o.Root, ID: o.ID ^ 0x5a5a}.String()
		case pick == 1 && isRef:
			o := id.Ref{Root: ref.Root, ID: ref.ID + 1}
			how, other, not = "next number", o.String(), id.Ref{Root: o.Root, ID: o.ID ^ 0x5a5a}.String()
		case pick == 2 || pick == 3:
			o := all[r.IntN(len(all))]
			to, err := id.ParseRef(o.ref)
			if err != nil || own == "" {
				continue
			}
			how, other, not, nowhere = "of kind "+o.kind, o.ref, id.Ref{Root: to.Root, ID: to.ID ^ 0x5a5a}.String(), kindOf(o.kind) != own
		case pick == 4:
			u := w.unit(harnessPlaces[r.IntN(len(harnessPlaces))])
			for _, known := range w.seeds.units { // in the place of another unit one that the asker sees may say what it has not
				sees = sees || known.ID.String() == real && w.live(as).May(scope.View, u.Pos)
			}
			how, other, not, nowhere = "unit", u.ID.String(), id.ID(int64(u.ID)^0x5a5a).String(), isRef
		default:
			how, other = "mangled", mangled[r.IntN(len(mangled))]
		}
		m := x.aim.swap(real, other)
		done++
		did[strings.Fields(how)[0]]++
		// what could write is sent whole only where it must not
		good := nowhere
		got := w.ask(x.rt, as, m, false, "", good)
		where := fmt.Sprintf("%s as %s: %s (%s)", x.rt, as.name, m.target, how)
		complain := func(format string, args ...any) {
			if said++; said <= 20 {
				t.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
			}
		}
		if got.code >= 500 {
			complain("%d %.200s", got.code, got.body)
		}
		if bad := w.leaks(w.live(as), m.target+m.json, got.body); len(bad) > 0 {
			complain("%d says %v", got.code, bad)
		}
		if now := w.writes(); now != wrote {
			if x.rt.Method != http.MethodGet {
				complain("%d, and something was written", got.code)
			}
			wrote = now
		}
		if how == "mangled" || sees || !nowhere && got.code != http.StatusNotFound {
			continue
		}
		nothing := x.aim.swap(real, not)
		none := w.ask(x.rt, as, nothing, false, "", good)
		wrote = w.writes()
		if got.code != none.code {
			complain("%d, and %d for what does not exist", got.code, none.code)
		} else if a, b := strike(got.body, append(slices.Clone(m.own), other, not)), strike(none.body, append(slices.Clone(nothing.own), other, not)); a != b {
			complain("%d differs from what does not exist: %s", got.code, firstDifferent(a, b))
		}
	}
	t.Logf("%v", did)
	if testkit.Long() {
		w.times()
	}
}

// refKind is what {ref} means in a route's address.
func (w *world) refKind(rt web.Route) string {
	kind, longest := "", ""
	for path, k := range kindOfPath {
		if (rt.Path == path || strings.HasPrefix(rt.Path, path+"/")) && len(path) > len(longest) {
			kind, longest = k, path
		}
	}
	return kind
}

// times says how long "forbidden" takes beside "absent", for who cannot see either, and the page of a request for help for who reads it. Nothing
// is asserted: a machine that does other things tells nothing of a few microseconds.
func (w *world) times() {
	as := w.byLogin["caihuiqin"] // of another county
	for path, kind := range map[string]string{"/care/%s": "care", "/seal/%s": "camp", "/activity/%s/minors": "camp", "/base/%s": "base"} {
		ref := w.seeds.refs[kind]["990203"]
		real, err := id.ParseRef(ref)
		if err != nil {
			w.t.Fatal(err)
		}
		took := [2][]time.Duration{}
		for i := range 600 {
			target := fmt.Sprintf(path, ref)
			if i%2 == 1 {
				target = fmt.Sprintf(path, id.Ref{Root: real.Root, ID: real.ID ^ 0x5a5a})
			}
			began := time.Now()
			w.get(as, target)
			took[i%2] = append(took[i%2], time.Since(began))
		}
		for i := range took {
			slices.Sort(took[i])
		}
		there, not := took[0][150], took[1][150]
		w.t.Logf("%s: forbidden %s, absent %s, ratio %.2f", path, there, not, float64(there)/float64(not))
	}
	lead, ref := w.byLogin["zhouwenqin"], w.seeds.refs["care"]["990203"]
	request, err := id.ParseRef(ref)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx := clock.With(scope.With(w.ctx, lead.actor), clockFrom(harnessDay, harnessDay))
	for i := range 20 {
		if err := w.a.Care.Write(ctx, request, care.Entry{Kind: care.Noted, Text: fmt.Sprintf("第%d次说到这件事。", i)}); err != nil {
			w.t.Fatal(err)
		}
	}
	var took []time.Duration
	for range 200 {
		began := time.Now()
		if got := w.get(lead, "/care/"+ref); got.code != http.StatusOK {
			w.t.Fatal(got.code)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	w.t.Logf("the page of a request with 21 entries: p50 %s, p95 %s", took[100], took[190])
}
