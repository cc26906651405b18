package app

import (
	"net/http"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
	"xinhuo/internal/seal"
)

// wish is what a guardian asked of a unit: who it is stands sealed.
func (s *seeder) wish(u org.Unit) error {
	word := s.seeds.word("rightsname", u, scope.Work)
	s.seeds.canaries[len(s.seeds.canaries)-1].unit = u.ID
	own := scope.Set{u.Range()}
	office := scope.With(s.ctx, scope.Actor{Account: 1, Name: "office", Unit: u.ID, Pos: u.Pos, ViewSet: own, WorkSet: own})
	ref, err := s.a.Seal.AddWish(office, u.ID, seal.Wish{Kind: seal.ToSee, Asker: "guardian", Proof: "papers", Received: clock.Today(s.ctx), Name: word})
	s.seeds.add("wish", u.Code, ref.String())
	return err
}

// ofUnit are routes about what a unit keeps sealed: its own people, and whoever holds the log there when true.
var ofUnit = map[string]bool{"/wishes": true, "/api/v1/wishes": true, "/wishes/new": false, "/seal/find": false, "/seal/year": true, "/seal/year.docx": true, "/api/v1/seal/year": true}

// sealVerdict narrows what is promised by right and scope for the routes of sealed data.
func (w *world) sealVerdict(rt web.Route, a scope.Actor, place string) verdict {
	u, above := org.Unit{ID: a.Unit, Pos: a.Pos}, org.Unit{}
	if place != "" {
		u = w.unit(place)
	}
	for _, p := range harnessPlaces {
		if x := w.unit(p); x.ID == a.Unit {
			above = x
		}
	}
	keeps, audits := a.Unit == u.ID && a.May(scope.Work, u.Pos), a.Auditor && a.AuditSet.Contains(u.Pos)
	switch rt.Path {
	case "/care/emergency": // the desk's own people are led to their list
		if a.Unit == u.ID && rt.Method == http.MethodGet {
			return allowed
		}
		fallthrough
	case "/seal/{ref}/emergency": // who may look anyhow need not; who works above may
		if !keeps && above.ID != 0 && a.May(scope.Work, above.Pos) && above.Range().From <= u.Pos && u.Pos < above.Range().To {
			return allowed
		}
		return forbidden
	case "/care/rule": // the same for the whole site
		if may, err := w.a.maySite(scope.With(w.ctx, a)); err != nil || !may {
			return forbidden
		}
	case "/seal/keeping", "/seal/text":
		if may, err := w.a.maySite(scope.With(w.ctx, a)); rt.Method == http.MethodPost && (err != nil || !may) {
			return forbidden
		}
	case "/seal/grants", "/api/v1/seal/grants":
		if len(a.AuditSet)+len(a.AdminSet) == 0 {
			return forbidden
		}
	}
	if rt.Path == "/seal" && rt.Method == http.MethodPost && !keeps { // whether a second person is asked for: who administers the very unit
		return forbidden
	}
	if auditors, is := ofUnit[rt.Path]; is && !keeps && !(auditors && audits) {
		return forbidden
	}
	if strings.HasPrefix(rt.Path, "/wishes/{ref}") && !keeps {
		return forbidden
	}
	return allowed
}
