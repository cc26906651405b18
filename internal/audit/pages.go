package audit

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// Routes are this module's addresses.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/audit", Right: scope.Audit, Scope: web.ByList, Name: "audit.page", Handler: s.page},
		{Method: "POST", Path: "/audit", Right: scope.Audit, Scope: web.ByList, Name: "audit.verify", Handler: s.verifyDo},
		{Method: "GET", Path: "/audit/export", Right: scope.Audit, Scope: web.ByList, Name: "audit.export", Handler: s.export},
		{Method: "GET", Path: "/api/v1/audit", Right: scope.Audit, Scope: web.ByList, Name: "audit.api", Handler: s.api},
	}
}

// filterOf reads a filter from an address; what cannot be read is named.
func filterOf(q url.Values) (Filter, error) {
	f := Filter{Who: q.Get("who"), Act: q.Get("act"), Refused: q.Get("refused") == "1"}
	var bad errs.Fields
	day := func(name string) clock.Day {
		if q.Get(name) == "" {
			return ""
		}
		d, err := clock.ParseDay(q.Get(name))
		if err != nil {
			bad.Add(name, "audit.day")
		}
		return d
	}
	f.From, f.To = day("from"), day("to")
	if v := q.Get("after"); v != "" {
		after, err := id.Parse(v)
		if err != nil {
			bad.Add("after", "audit.after")
		}
		f.After = after
	}
	if v := q.Get("ref"); v != "" {
		ref, err := id.ParseRef(v)
		if err != nil {
			bad.Add("ref", "errs.ref_unreadable")
		}
		f.Ref = ref
	}
	return f, bad.Err()
}

const pageSize = 50

type pageView struct {
	Filter      Filter
	Query       url.Values // without after
	At          map[string]string
	Faults      []ui.Fault
	Rows        []Row
	Next, First string
	Head        Head
	Watched     Watched
	Damaged     []ui.Note // faults that wait for somebody to look into them, and those that were accepted
	Verify      ui.Post
}

func (v pageView) export(format string) string {
	q := url.Values{"format": {format}}
	for k, x := range v.Query {
		q[k] = x
	}
	return "/audit/export?" + q.Encode()
}

func (s *Service) page(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	var v pageView
	f, err := filterOf(q)
	status := 0
	if err != nil {
		var rest error
		if v.At, v.Faults, rest = web.Problems(ctx, err); rest != nil {
			return rest
		}
		status = http.StatusUnprocessableEntity
	}
	v.Filter, v.Query = f, q
	f.Limit = pageSize + 1
	if len(v.Faults) == 0 {
		if v.Rows, err = s.List(ctx, f); err != nil {
			return err
		}
	}
	if v.Head, err = s.Head(ctx); err != nil {
		return err
	}
	if v.Watched, err = s.Watched(ctx); err != nil {
		return err
	}
	faults, err := s.Faults(ctx)
	if err != nil {
		return err
	}
	for _, f := range faults {
		v.Damaged = append(v.Damaged, faultNote(ctx, f))
	}
	v.Verify = ui.Post{Text: i18n.T(ctx, "audit.verify"), Action: "/audit", Key: web.NewKey()}
	q.Del("after")
	if len(v.Rows) > pageSize {
		v.Rows = v.Rows[:pageSize]
		next := url.Values{"after": {v.Rows[pageSize-1].ID.String()}}
		for k, x := range q {
			next[k] = x
		}
		v.Next = "/audit?" + next.Encode()
	}
	if f.After != 0 {
		v.First = "/audit?" + q.Encode()
	}
	p := web.Page{Title: i18n.T(ctx, "audit.title"), Current: "audit", Error: len(v.Faults) > 0, Status: status, Crumbs: []ui.Link{{Text: i18n.T(ctx, "audit.title")}}}
	return web.Render(w, r, p, listPage(v))
}

// faultNote is a fault in words; which row and hash it is stands as the program says it, for whoever looks into it.
func faultNote(ctx context.Context, f Fault) ui.Note {
	if f.Accepted != 0 {
		return ui.Note{Title: i18n.T(ctx, "audit.fault_accepted", "Time", second(f.Accepted), "Name", f.ByName), Text: i18n.T(ctx, "audit.fault_why", "Fault", f.Text, "Why", f.Why)}
	}
	return ui.Note{Kind: "w", Title: i18n.T(ctx, "audit.fault", "Time", second(f.Found)), Text: i18n.T(ctx, "audit.fault_now", "Fault", f.Text)}
}

// verifyDo checks the whole log now.
func (s *Service) verifyDo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := s.Seal(ctx); err != nil && !errors.Is(err, errHashes) { // that is what the check is to say
		return err
	}
	if _, err := s.Watch(ctx); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/audit#head")
}

// maxExport bounds an export, in rows; a narrower filter gives the rest.
const maxExport = 100000

// export writes the filtered log as a table; the export itself goes into the log.
func (s *Service) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := filterOf(r.URL.Query())
	if err != nil {
		return err
	}
	format := r.URL.Query().Get("format")
	if format != table.XLSX {
		format = table.CSV
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		return s.Log(ctx, Entry{Act: "audit.export", Subject: "audit", Detail: map[string]any{"format": format, "from": f.From, "to": f.To, "act": f.Act}})
	})
	if err != nil {
		return err
	}
	cols := []table.Column{{Key: "at", Titles: []string{i18n.T(ctx, "audit.when")}, Width: 20}, {Key: "who", Titles: []string{i18n.T(ctx, "audit.who")}, Width: 12},
		{Key: "act", Titles: []string{i18n.T(ctx, "audit.act")}, Width: 20}, {Key: "ref", Titles: []string{i18n.T(ctx, "audit.record")}, Width: 24},
		{Key: "note", Titles: []string{i18n.T(ctx, "audit.note")}, Width: 30}, {Key: "state", Titles: []string{i18n.T(ctx, "audit.state")}, Width: 10},
		{Key: "detail", Titles: []string{i18n.T(ctx, "audit.detail")}, Width: 30}, {Key: "leaf", Titles: []string{i18n.T(ctx, "audit.number")}, Kind: table.Int, Width: 10}}
	var b bytes.Buffer
	title := i18n.T(ctx, "audit.title")
	if err := table.Write(&b, format, table.Table{Title: title, Columns: cols, BOM: true, Rows: s.exportRows(ctx, f)}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(b.Bytes())
	return err
}

func (s *Service) exportRows(ctx context.Context, f Filter) iter.Seq2[[]table.Value, error] {
	return func(yield func([]table.Value, error) bool) {
		f.Limit = 1000
		for n := 0; n < maxExport; {
			rows, err := s.List(ctx, f)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range rows {
				leaf := table.Value{}
				if r.Leaf >= 0 {
					leaf = table.OfInt(r.Leaf)
				}
				if !yield([]table.Value{table.OfText(second(r.At)), table.OfText(whoText(ctx, r)), table.OfText(i18n.T(ctx, r.Act)), table.OfText(refText(r)),
					table.OfText(r.Note), table.OfText(stateText(ctx, r)), table.OfText(r.Detail), leaf}, nil) {
					return
				}
			}
			if n += len(rows); len(rows) < f.Limit {
				return
			}
			f.After = rows[len(rows)-1].ID
		}
	}
}

type apiRow struct {
	Row
	Ref    string `json:"ref"`
	Detail any    `json:"detail"`
	When   string `json:"when"` // RFC 3339, Asia/Shanghai
}

// api answers rows as JSON, newest first; next is the address of older ones.
func (s *Service) api(w http.ResponseWriter, r *http.Request) error {
	f, err := filterOf(r.URL.Query())
	if err != nil {
		return err
	}
	f.Limit = 200
	rows, err := s.List(r.Context(), f)
	if err != nil {
		return err
	}
	out := struct {
		Rows []apiRow `json:"rows"`
		Next string   `json:"next,omitempty"`
	}{Rows: []apiRow{}}
	for _, x := range rows {
		a := apiRow{Row: x, Ref: refText(x), When: time.UnixMilli(x.At).In(clock.Shanghai).Format(time.RFC3339)}
		if x.Detail != "" {
			a.Detail = rawJSON(x.Detail)
		}
		out.Rows = append(out.Rows, a)
	}
	if len(rows) == f.Limit {
		q := r.URL.Query()
		q.Set("after", rows[len(rows)-1].ID.String())
		out.Next = "/api/v1/audit?" + q.Encode()
	}
	return web.JSON(w, http.StatusOK, out)
}

type rawJSON string

// MarshalJSON hands on what is JSON already.
func (j rawJSON) MarshalJSON() ([]byte, error) { return []byte(j), nil }

func second(millis int64) string {
	return time.UnixMilli(millis).In(clock.Shanghai).Format("2006-01-02 15:04:05")
}

func refText(r Row) string {
	if r.RefID == 0 {
		return ""
	}
	return r.Ref().String()
}

// whoText is who acted: a person, the program by the name of its part, or somebody who is not signed in.
func whoText(ctx context.Context, r Row) string {
	switch {
	case r.ActorName == "":
		return i18n.T(ctx, "audit.nobody")
	case r.Actor == 0:
		return i18n.T(ctx, "audit.program", "Name", r.ActorName)
	}
	return r.ActorName
}

func stateText(ctx context.Context, r Row) string {
	if r.Refused != 0 {
		return i18n.T(ctx, "audit.refused")
	}
	return i18n.T(ctx, "audit.done")
}
