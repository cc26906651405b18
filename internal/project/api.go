package project

import (
	"context"
	"net/http"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/api/v1/projects", Right: scope.View, Scope: web.ByUnit, Name: "project.apiList", Handler: s.apiList},
		{Method: http.MethodGet, Path: "/api/v1/projects/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "project.apiGet", Handler: s.apiGet},
		{Method: http.MethodPost, Path: "/api/v1/projects", Right: scope.Work, Scope: web.ByRecord, Name: "project.apiReport", Handler: s.apiReport},
		{Method: http.MethodPut, Path: "/api/v1/projects/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "project.apiSave", Handler: s.apiSave},
	}
}

type apiContract struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code of the first reporter
	Listed
}

// apiList answers the contracts of a unit's subtree: ?unit= &year= &kind= &q= &after=. Money is in fen.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, number := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, filterOf(q), day, number, 500)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, p.Contracts)
	if err != nil {
		return err
	}
	out := struct {
		Total     int64         `json:"total"`
		Next      string        `json:"next,omitempty"`
		Contracts []apiContract `json:"contracts"`
	}{Total: p.Total, Contracts: []apiContract{}}
	for _, l := range p.Contracts {
		out.Contracts = append(out.Contracts, apiContract{Ref: l.Ref().String(), Unit: units[l.Unit].Code, Listed: l})
	}
	if p.Rest > 0 {
		out.Next = key(p.Contracts[len(p.Contracts)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiGet answers one contract with all its reports.
func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}

// apiWhole is a contract as programs read and write it. A PUT sends what a GET answered, with its version and what is to
// be changed of the contract and its receipts; reports are changed by reporting.
type apiWhole struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Contract
	Decides  *Report `json:"decides,omitempty"`
	Received *int64  `json:"received_fen,omitempty"`
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	c, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	d, received := c.Deciding(), c.Received()
	return web.JSON(w, status, apiWhole{Ref: ref.String(), Version: v.N, Contract: c, Decides: &d, Received: &received})
}

// apiEntry is what a unit hands in about a contract: one report, and what it knows of the contract as a whole.
type apiEntry struct {
	Number    string    `json:"number"`
	Title     string    `json:"title"`
	Purchaser string    `json:"purchaser"`
	Provider  string    `json:"provider"`
	Audience  string    `json:"audience"`
	Note      string    `json:"note"`
	ServedBy  clock.Day `json:"served_by"`
	Report    Report    `json:"report"`
	Join      bool      `json:"join"` // it is the contract of that number which other units reported
}

// apiReport makes a contract or joins one of that number, as the page for a new contract does (R204).
func (s *Service) apiReport(w http.ResponseWriter, r *http.Request) error {
	var in apiEntry
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		e := Entry{Number: in.Number, Title: in.Title, Purchaser: in.Purchaser, Provider: in.Provider, Audience: in.Audience, Note: in.Note,
			ServedBy: in.ServedBy, Report: in.Report}.clean()
		if err := s.mayWork(ctx, e.Unit, id.Ref{}, record.Change{Act: "project.act.report"}); err != nil {
			return id.Ref{}, err
		}
		u, err := s.org.Unit(ctx, e.Unit)
		if err != nil {
			return id.Ref{}, err
		}
		if known, err := s.AcrossUnitsByNumber(ctx, u.Root(), e.Number); err == nil && !in.Join {
			if err := s.askToJoin(ctx, known, e); err != nil {
				return id.Ref{}, err
			}
		} else if err != nil && !errs.Is(err, errs.NotFound) {
			return id.Ref{}, err
		}
		got, err := s.Report(ctx, e)
		return got.Ref, err
	})
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusCreated, ref)
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var in apiWhole
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ctx, c := r.Context(), record.Change{Act: "project.act.correct", Reason: in.Reason}
	if err := s.book.MayWork(ctx, ref, c); err != nil {
		return err
	}
	was, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	var f errs.Fields
	if in.Number != "" && in.Number != was.Number {
		f.Add("number", "project.number_stays")
	}
	if in.Reports != nil && !slices.Equal(in.Reports, was.Reports) {
		f.Add("reports", "project.reports_elsewhere")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := s.save(ctx, ref, in.Version, in.Contract, c); err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}
