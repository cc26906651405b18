package association

import (
	"context"
	"net/http"
	"strings"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

// apiListed is a record in an answer.
type apiListed struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code
	Listed
}

// apiList answers the records of a unit's subtree: ?unit= &q= &association= &after=.
func (d *desk[T]) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := d.s.unitOf(r)
	if err != nil {
		return err
	}
	pos, code := afterOf(q.Get("after"))
	p, err := d.page(ctx, u, Filter{Text: strings.TrimSpace(q.Get("q")), Association: q.Get("association")}, pos, code, 500)
	if err != nil {
		return err
	}
	units, err := d.s.unitsOf(ctx, p.Records)
	if err != nil {
		return err
	}
	out := struct {
		Total   int64       `json:"total"`
		Next    string      `json:"next,omitempty"`
		Records []apiListed `json:"records"`
	}{Total: p.Total, Records: []apiListed{}}
	for _, l := range p.Records {
		out.Records = append(out.Records, apiListed{Ref: l.Ref().String(), Unit: units[l.Unit].Code, Listed: l})
	}
	if p.Rest > 0 {
		out.Next = key(p.Records[len(p.Records)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiWhole is a record as programs read and write it. A PUT sends what a GET answered, with its version and what is to
// be changed.
type apiWhole[T any] struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Record  T      `json:"record"`
}

func (d *desk[T]) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return d.answer(w, r, http.StatusOK, ref)
}

func (d *desk[T]) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	t, v, err := d.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, apiWhole[T]{Ref: ref.String(), Version: v.N, Record: t})
}

func (d *desk[T]) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in apiWhole[T]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, d.s.db, func(ctx context.Context) (id.Ref, error) {
		return d.create(ctx, in.Record, record.Change{Act: "association.act.create", Reason: in.Reason})
	})
	if err != nil {
		return err
	}
	return d.answer(w, r, http.StatusCreated, ref)
}

func (d *desk[T]) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var in apiWhole[T]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := d.save(r.Context(), ref, in.Version, in.Record, record.Change{Act: "association.act.correct", Reason: in.Reason}); err != nil {
		return err
	}
	return d.answer(w, r, http.StatusOK, ref)
}
