package seal

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// sheet is a page of parts below each other: tables, words, and what can be done.
type sheet struct {
	Heading ui.Heading
	Lead    string
	Top     []ui.Button
	Parts   []part
}

type part struct {
	ID, Title, Lead string
	Facts           []ui.Fact
	Table           *ui.Table
	Empty, Why      string // when the table has no row
	Words           []string
	Do              []ui.Button
	Posts           []ui.Post
}

// formPage shows a form that stands by itself; after a refusal with what to change.
func (s *Service) formPage(w http.ResponseWriter, r *http.Request, p web.Page, v formView, failed error) error {
	ctx := r.Context()
	w.Header().Set("Cache-Control", "no-store")
	p.Current, p.Plain, p.Error = "seal", true, failed != nil
	v.Title = p.Title
	if v.Spec.Key == "" {
		v.Spec.Key = web.NewKey()
	}
	if failed != nil {
		p.Status = v.refused(ctx, failed)
	}
	return web.Render(w, r, p, formTempl(v))
}

// refused puts what has to be changed on top of a form and beside its fields, and answers the status of its page.
func (v *formView) refused(ctx context.Context, failed error) int {
	at, faults, rest := web.Problems(ctx, failed)
	if rest != nil {
		faults = web.Faults(ctx, rest)
	}
	v.Faults = faults
	for i := range v.Fields {
		v.Fields[i].Error = at[v.Fields[i].Name]
	}
	return errs.KindOf(failed).Status()
}

func choose(ctx context.Context, in ui.Input, key string, values []string) ui.Input {
	for _, v := range values {
		in.Options = append(in.Options, ui.Option{Value: v, Text: tr(ctx, key+v)})
	}
	return in
}
