package plan

import (
	"context"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	out := []web.Route{{Method: get, Path: "/api/v1/plans", Right: scope.View, Scope: web.ByUnit, Name: "plan.apiList", Handler: s.apiList},
		{Method: get, Path: "/api/v1/plan-items", Right: scope.View, Scope: web.ByUnit, Name: "plan.apiLate", Handler: s.apiLate},
		{Method: get, Path: "/api/v1/central-tasks", Right: scope.View, Scope: web.ByUnit, Name: "plan.apiCentralList", Handler: s.apiCentralList}}
	for _, k := range []struct {
		path, name        string
		add, read, change func(w http.ResponseWriter, r *http.Request) error
	}{
		{"/api/v1/plans", "plan.api", apiAdd(s, s.Create, s.Get), apiShow(s.Get), apiSave(s.Save, s.Get)},
		{"/api/v1/plan-items", "plan.apiItem", apiAdd(s, s.Add, s.Item), s.apiItem, apiSave(s.SaveItem, s.Item)},
		{"/api/v1/central-tasks", "plan.apiCentral", apiAdd(s, s.Set, s.Central), apiShow(s.Central), apiSave(s.SaveCentral, s.Central)},
	} {
		out = append(out, web.Route{Method: post, Path: k.path, Right: scope.Work, Scope: web.ByRecord, Name: k.name + "Add", Handler: k.add},
			web.Route{Method: get, Path: k.path + "/{ref}", Right: scope.View, Scope: web.ByRecord, Name: k.name + "Show", Handler: k.read},
			web.Route{Method: put, Path: k.path + "/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: k.name + "Save", Handler: k.change})
	}
	return out
}

// whole is a record as programs read and write it. A PUT sends what a GET answered, with its version and what is to be
// changed.
type whole[T any] struct {
	Ref     string  `json:"ref,omitempty"`
	Version int64   `json:"version,omitempty"`
	Reason  string  `json:"reason,omitempty"`
	Record  T       `json:"record"`
	Actual  *Actual `json:"actual,omitempty"`
}

type getter[T any] func(ctx context.Context, ref id.Ref) (T, record.Version, error)

func apiAdd[T any](s *Service, add func(ctx context.Context, v T, ch record.Change) (id.Ref, error), get getter[T]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in whole[T]
		if err := web.ReadJSON(w, r, &in); err != nil {
			return err
		}
		ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return add(ctx, in.Record, record.Change{}) })
		if err != nil {
			return err
		}
		return answer(w, r, http.StatusCreated, ref, get)
	}
}

func answer[T any](w http.ResponseWriter, r *http.Request, status int, ref id.Ref, get getter[T]) error {
	v, ver, err := get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, whole[T]{Ref: ref.String(), Version: ver.N, Record: v})
}

func apiShow[T any](get getter[T]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := web.RefIn(r)
		if err != nil {
			return err
		}
		return answer(w, r, http.StatusOK, ref, get)
	}
}

func apiSave[T any](save func(ctx context.Context, ref id.Ref, version int64, v T, ch record.Change) error, get getter[T]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := web.RefIn(r)
		if err != nil {
			return err
		}
		var in whole[T]
		if err := web.ReadJSON(w, r, &in); err != nil {
			return err
		}
		if err := save(r.Context(), ref, in.Version, in.Record, record.Change{Reason: in.Reason}); err != nil {
			return err
		}
		return answer(w, r, http.StatusOK, ref, get)
	}
}

// apiItem answers an item with what the records say of it.
func (s *Service) apiItem(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	i, ver, err := s.Item(r.Context(), ref)
	if err != nil {
		return err
	}
	a, err := s.ActualOf(r.Context(), i, asOf(r.Context(), i.Year))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, whole[Item]{Ref: ref.String(), Version: ver.N, Record: i, Actual: a})
}

// apiList answers the plans of a year of a unit and those below it: ?unit= &year= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // anything else begins at the first
	list, next, err := s.List(ctx, u, year, asOf(ctx, year), after, pageSize)
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		Listed
	}
	out := struct {
		Year  int    `json:"year"`
		Next  int64  `json:"next,omitempty"`
		Plans []line `json:"plans"`
	}{Year: year, Next: next, Plans: []line{}}
	for _, l := range list {
		out.Plans = append(out.Plans, line{l.Ref().String(), l})
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiLate answers the items without a result after their last day: ?unit=.
func (s *Service) apiLate(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Late(r.Context(), u, clock.Today(r.Context()))
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		ListedItem
	}
	out := []line{}
	for _, l := range list {
		out = append(out, line{l.Ref().String(), l})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"late": out})
}

// apiCentralList answers the central tasks of a year for a unit: ?unit= &year=.
func (s *Service) apiCentralList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.CentralFor(r.Context(), u, yearIn(r))
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		ListedCentral
	}
	out := []line{}
	for _, l := range list {
		out = append(out, line{l.Ref().String(), l})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"central_tasks": out})
}
