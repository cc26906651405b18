package library

import (
	"context"
	"net/http"
	"strconv"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

// apiRoutes are what members do with documents, for programs: the same services as the pages, and so the same rights and refusals.
func (s *Service) apiRoutes() []web.Route {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return []web.Route{
		{Method: post, Path: "/api/v1/library", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiEnter", Handler: s.apiEnter},
		{Method: put, Path: "/api/v1/library/{ref}/about", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiAbout", Handler: s.apiAbout},
		{Method: post, Path: "/api/v1/library/{ref}/submit", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiSubmit", Handler: s.apiSubmit},
		{Method: post, Path: "/api/v1/library/{ref}/review", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiReview", Handler: s.apiReview},
		{Method: put, Path: "/api/v1/library/{ref}/favourite", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiKeep", Handler: s.apiKeep(true)},
		{Method: del, Path: "/api/v1/library/{ref}/favourite", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiUnkeep", Handler: s.apiKeep(false)},
		{Method: put, Path: "/api/v1/library/{ref}/rating", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiRate", Handler: s.apiRate},
		{Method: get, Path: "/api/v1/library/{ref}/comments", Right: scope.Anyone, Scope: web.Public, Name: "library.apiComments", Handler: s.apiComments},
		{Method: post, Path: "/api/v1/library/{ref}/comments", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiComment", Handler: s.apiComment},
		{Method: del, Path: "/api/v1/library-comments/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiTakeOff", Handler: s.apiTakeOff},
		{Method: get, Path: "/api/v1/library-collections", Right: scope.SignedIn, Scope: web.ByList, Name: "library.apiCollections", Handler: s.apiCollections},
		{Method: post, Path: "/api/v1/library-collections", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiNewCollection", Handler: s.apiNewCollection},
		{Method: get, Path: "/api/v1/library-collections/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "library.apiCollection", Handler: s.apiCollection},
		{Method: post, Path: "/api/v1/library-collections/{ref}/documents", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiCollect", Handler: s.apiCollect},
		{Method: del, Path: "/api/v1/library-collections/{ref}/documents/{no}", Right: scope.Work, Scope: web.ByRecord, Name: "library.apiUncollect", Handler: s.apiUncollect},
		{Method: get, Path: "/api/v1/favourites", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiFavourites", Handler: s.apiFavourites},
		{Method: get, Path: "/api/v1/library-reports", Right: scope.SignedIn, Scope: web.Self, Name: "library.apiReports", Handler: s.apiReports},
	}
}

// apiRecords are documents as an answer lists them.
func (s *Service) apiRecords(ctx context.Context, list []Listed) ([]apiDocument, error) {
	units, err := s.unitsOf(ctx, list)
	out := []apiDocument{}
	for _, l := range list {
		out = append(out, apiDocument{l.Ref().String(), units[l.Unit].Code, l})
	}
	return out, err
}

// apiEntry is a document of which only the title is known.
type apiEntry struct {
	Record struct {
		Unit     id.ID   `json:"unit"`
		Title    string  `json:"title"`
		Category string  `json:"category"`
		Visible  Visible `json:"visible"`
		Year     int     `json:"year"`
		Summary  string  `json:"summary"`
		Source   string  `json:"source"`
		Paper
		Speaker Speaker `json:"speaker"`
		Project string  `json:"project"` // ref; "" for none
	} `json:"record"`
	Issue bool `json:"issue"` // at once, so that it is no draft
}

func (s *Service) apiEnter(w http.ResponseWriter, r *http.Request) error {
	var in apiEntry
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		x := in.Record
		v := Document{Title: x.Title, Category: x.Category, Visible: x.Visible, Year: x.Year, Summary: x.Summary, Source: x.Source, Paper: x.Paper, Speaker: x.Speaker, Project: projectOf(x.Project)}
		ref, err := s.Enter(ctx, x.Unit, v)
		if err == nil && in.Issue {
			err = s.Issue(ctx, ref, 1, false)
		}
		return ref, err
	})
	if err != nil {
		return err
	}
	return s.apiAnswer(w, r, http.StatusCreated, ref)
}

// apiAbout says of a document which paper it is, who spoke and to which project it belongs; what is not named stays as it is.
func (s *Service) apiAbout(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Version int64    `json:"version"`
		Paper   *Paper   `json:"paper"`
		Speaker *Speaker `json:"speaker"`
		Project *string  `json:"project"` // ref; "" for none
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if _, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		if err := s.book.MayWork(ctx, ref, record.Change{Act: "library.act.paper"}); err != nil { // asked also when nothing is named
			return ref, err
		}
		// each is an act of its own, as on the pages, and the next is done to what it left
		at := in.Version
		for _, act := range []struct {
			named bool
			do    func() error
		}{
			{in.Paper != nil, func() error { return s.SetPaper(ctx, ref, at, *in.Paper) }},
			{in.Speaker != nil, func() error { return s.SetSpeaker(ctx, ref, at, *in.Speaker) }},
			{in.Project != nil, func() error { return s.SetProject(ctx, ref, at, projectOf(*in.Project)) }},
		} {
			if !act.named {
				continue
			}
			if err := act.do(); err != nil {
				return ref, err
			}
			_, now, err := s.Get(ctx, ref)
			if err != nil {
				return ref, err
			}
			at = now.N
		}
		return ref, nil
	}); err != nil {
		return err
	}
	return s.apiAnswer(w, r, http.StatusOK, ref)
}

// projectOf reads the ref of a project, "" for none; what is no ref is refused with the rest of the document, once the right was asked.
func projectOf(ref string) id.Ref {
	if ref == "" {
		return id.Ref{}
	}
	p, err := id.ParseRef(ref)
	if err != nil {
		return id.Ref{Root: -1, ID: -1}
	}
	return p
}

func (s *Service) apiSubmit(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Version int64  `json:"version"`
		Note    string `json:"note"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if _, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return ref, s.Submit(ctx, ref, in.Version, in.Note)
	}); err != nil {
		return err
	}
	return s.apiAnswer(w, r, http.StatusOK, ref)
}

// apiReview decides about a document that waits to be approved: what may be done, and by whom, is the case's to say.
func (s *Service) apiReview(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Act    string `json:"act"`
		Reason string `json:"reason"`
		Seen   int64  `json:"seen"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if _, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		if _, _, err := s.Get(ctx, ref); err != nil {
			return ref, err
		}
		c, there, err := s.Reviewing(ctx, ref)
		if err != nil {
			return ref, err
		}
		if !there {
			if err := s.book.MayWork(ctx, ref, record.Change{Act: "library.act.approved"}); err != nil {
				return ref, err
			}
			return ref, errs.New(errs.Conflict, "library.not_in_review")
		}
		_, err = s.flow.Act(ctx, c.Ref(), flow.Act{Key: in.Act, Reason: in.Reason, Seen: in.Seen})
		return ref, err
	}); err != nil {
		return err
	}
	return s.apiAnswer(w, r, http.StatusOK, ref)
}

// apiFavourites answers what the reader keeps, the newest first: ?after=.
func (s *Service) apiFavourites(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := Filter{Kept: true, Limit: mostListed + 1}
	f.After, _ = id.Parse(r.URL.Query().Get("after"))
	list, _, _, _, err := s.List(ctx, f)
	if err != nil {
		return err
	}
	var out struct {
		Next    string        `json:"next,omitempty"`
		Records []apiDocument `json:"records"`
	}
	if len(list) > mostListed {
		list = list[:mostListed]
		out.Next = list[mostListed-1].ID.String()
	}
	if out.Records, err = s.apiRecords(ctx, list); err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, out)
}

// mostListed is how many records one answer lists.
const mostListed = 500

// numberAt is the number of the document that an address names by its ref, for whoever sees it.
func (s *Service) numberAt(r *http.Request) (id.Ref, int64, error) {
	ref, err := web.RefIn(r)
	if err != nil {
		return ref, 0, err
	}
	v, _, err := s.Get(r.Context(), ref)
	return ref, v.No, err
}

func (s *Service) apiKeep(keep bool) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, no, err := s.numberAt(r)
		if err != nil {
			return err
		}
		if err := s.Keep(r.Context(), no, keep); err != nil {
			return err
		}
		return s.answerMark(w, r, ref)
	}
}

func (s *Service) apiRate(w http.ResponseWriter, r *http.Request) error {
	ref, no, err := s.numberAt(r)
	if err != nil {
		return err
	}
	var in struct {
		Stars int64 `json:"stars"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Rate(r.Context(), no, in.Stars); err != nil {
		return err
	}
	return s.answerMark(w, r, ref)
}

// answerMark is what the reader keeps and thinks of a document, and what all do together.
func (s *Service) answerMark(w http.ResponseWriter, r *http.Request, ref id.Ref) error {
	ctx := r.Context()
	m, err := s.markOf(ctx, ref, scope.From(ctx).Account)
	if err != nil {
		return err
	}
	all, err := s.ratingOf(ctx, ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"ref": ref, "favourite": m.Kept, "stars": m.Stars, "rating": all})
}

// apiRemark is a comment in an answer.
type apiRemark struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code
	Own  bool   `json:"own"`
	Comment
}

func (s *Service) apiComments(w http.ResponseWriter, r *http.Request) error {
	ref, _, err := s.numberAt(r)
	if err != nil {
		return err
	}
	return s.answerComments(w, r, http.StatusOK, ref, id.Ref{})
}

// answerComments answers the comments on a document, or that one of them alone which has just been written.
func (s *Service) answerComments(w http.ResponseWriter, r *http.Request, status int, ref, one id.Ref) error {
	ctx, a := r.Context(), scope.From(r.Context())
	v, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	list, err := s.Comments(ctx, ref, a.May(scope.Work, u.Pos))
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for i, c := range list {
		ids[i] = c.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	out := []apiRemark{}
	for _, c := range list {
		if a.Account == 0 { // as on the page
			c.Name = Masked(c.Name)
		}
		x := apiRemark{c.Ref().String(), units[c.Unit].Code, a.Account != 0 && c.Account == a.Account, c}
		if c.Ref() == one {
			return web.JSON(w, status, x)
		}
		out = append(out, x)
	}
	if one != (id.Ref{}) { // sent again, long after
		return web.JSON(w, status, map[string]any{"ref": one})
	}
	return web.JSON(w, status, map[string]any{"comments": out})
}

func (s *Service) apiComment(w http.ResponseWriter, r *http.Request) error {
	ref, no, err := s.numberAt(r)
	if err != nil {
		return err
	}
	var in struct {
		Words string `json:"words"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	one, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.say(ctx, no, in.Words) })
	if err != nil {
		return err
	}
	return s.answerComments(w, r, http.StatusCreated, ref, one)
}

func (s *Service) apiTakeOff(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Reason string `json:"reason"`
	}
	if r.ContentLength != 0 {
		if err := web.ReadJSON(w, r, &in); err != nil {
			return err
		}
	}
	if _, err := s.TakeOff(r.Context(), ref, in.Reason); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// apiSet is a collection in an answer.
type apiSet struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code
	Collection
	Records []apiDocument `json:"records,omitempty"`
}

// apiCollections answers the collections that the reader sees: ?unit= &after=.
func (s *Service) apiCollections(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	var unit id.ID
	if q.Get("unit") != "" {
		u, err := s.org.Resolve(ctx, q.Get("unit"))
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if unit = u.ID; err != nil {
			unit = -1 // of a unit that is not there there are none
		}
	}
	after, _ := id.Parse(q.Get("after"))
	list, err := s.Collections(ctx, unit, after, mostListed+1)
	if err != nil {
		return err
	}
	out := struct {
		Next        string   `json:"next,omitempty"`
		Collections []apiSet `json:"collections"`
	}{Collections: []apiSet{}}
	if len(list) > mostListed {
		list = list[:mostListed]
		out.Next = list[mostListed-1].ID.String()
	}
	ids := make([]id.ID, len(list))
	for i, c := range list {
		ids[i] = c.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range list {
		out.Collections = append(out.Collections, apiSet{Ref: c.Ref().String(), Unit: units[c.Unit].Code, Collection: c})
	}
	return web.JSON(w, http.StatusOK, out)
}

func (s *Service) apiCollection(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.answerCollection(w, r, http.StatusOK, ref)
}

func (s *Service) answerCollection(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	ctx := r.Context()
	c, list, err := s.Collection(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.org.Unit(ctx, c.Unit)
	if err != nil {
		return err
	}
	records, err := s.apiRecords(ctx, list)
	if err != nil {
		return err
	}
	return web.JSON(w, status, apiSet{Ref: ref.String(), Unit: u.Code, Collection: c, Records: records})
}

func (s *Service) apiNewCollection(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Unit    id.ID   `json:"unit"`
		Title   string  `json:"title"`
		Note    string  `json:"note"`
		Visible Visible `json:"visible"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return s.SaveCollection(ctx, Collection{Unit: in.Unit, Title: in.Title, Note: in.Note, Visible: in.Visible})
	})
	if err != nil {
		return err
	}
	return s.answerCollection(w, r, http.StatusCreated, ref)
}

func (s *Service) apiCollect(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		No int64 `json:"no"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if _, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return ref, s.Collect(ctx, ref, in.No, true) }); err != nil {
		return err
	}
	return s.answerCollection(w, r, http.StatusOK, ref)
}

func (s *Service) apiUncollect(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil {
		return web.NotFound(r)
	}
	if err := s.Collect(r.Context(), ref, no, false); err != nil {
		return err
	}
	return s.answerCollection(w, r, http.StatusOK, ref)
}

// apiReports answers what the reader reported of documents, with the receipts and what was decided, the newest first.
func (s *Service) apiReports(w http.ResponseWriter, r *http.Request) error {
	list, err := s.OwnReports(r.Context())
	if err != nil {
		return err
	}
	type line struct {
		No      int64     `json:"no"`
		Title   string    `json:"title"`
		Receipt string    `json:"receipt"`
		Ground  string    `json:"ground"`
		Words   string    `json:"words"`
		At      int64     `json:"at"` // UTC milliseconds
		State   string    `json:"state"`
		Due     clock.Day `json:"due"`
		Why     string    `json:"decision,omitempty"`
		Decided int64     `json:"decided_at,omitempty"`
	}
	out := struct {
		Reports []line `json:"reports"`
	}{Reports: []line{}}
	for _, x := range list {
		out.Reports = append(out.Reports, line{x.No, x.Title, x.Receipt, x.Ground, x.Words, x.At, x.State, x.Due, x.Decision, x.DecidedAt})
	}
	return web.JSON(w, http.StatusOK, out)
}
