package ledger

import (
	"context"
	"net/http"
	"slices"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// mostDifferences bounds what the page lists; the two lists themselves stand behind the two numbers.
const mostDifferences = 500

type knownView struct {
	head     ui.Heading
	form     ui.FormSpec
	fields   []ui.Input
	asked    bool
	figures  []ui.Figure
	snapped  string
	table    ui.Table
	sum      string
	rest     string
	terms    []ui.Link
	sentence string
}

// knownPage compares what was known of a figure at an instant with what is known now, and lists the records that make
// the difference.
func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), i18n.Lang(r.Context())
	q, err := s.read(r, r.PathValue("code"))
	if err != nil {
		return err
	}
	if q.KnownAt == 0 {
		if q.KnownAt, err = instant(r.URL.Query().Get("at")); err != nil {
			return err
		}
	}
	then := q
	q.KnownAt = 0
	label := q.def.Name.In(lang)
	v := knownView{head: ui.Heading{Title: i18n.T(ctx, "ledger.said_before_title", "Figure", label), Under: q.caption(ctx)},
		form:     ui.FormSpec{Action: "/figure/" + q.Figure + "/known", Method: "get", Submit: i18n.T(ctx, "ledger.show")},
		sentence: q.def.Sentence.In(lang), asked: then.KnownAt > 0}
	for name, vs := range q.values() {
		v.form.Hidden = append(v.form.Hidden, ui.Pair{Name: name, Value: vs[0]})
	}
	slices.SortFunc(v.form.Hidden, func(a, b ui.Pair) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	at := q.today.AddDays(-1)
	if v.asked {
		at = dayOf(then.KnownAt)
	}
	v.fields = []ui.Input{{Kind: ui.KindDate, Name: "at", Label: i18n.T(ctx, "ledger.known_day"), Hint: i18n.T(ctx, "ledger.known_day_hint"),
		Value: string(at), Max: string(q.today)}}
	var crumbs []ui.Link
	err = s.snapshot(ctx, func(ctx context.Context) error {
		if crumbs, err = s.crumbs(ctx, q, ui.Link{Text: label, Href: q.figureHref()}, ui.Link{Text: i18n.T(ctx, "ledger.said_before")}); err != nil || !v.asked {
			return err
		}
		return s.difference(ctx, q, then, &v)
	})
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.head.Title, Crumbs: crumbs, Current: "ledger"}, knownBody(v))
}

func (s *Service) difference(ctx context.Context, q, then question, v *knownView) error {
	now, err := s.Ask(ctx, q.Query)
	if err != nil {
		return err
	}
	was, err := s.Ask(ctx, then.Query)
	if err != nil {
		return err
	}
	snapped, err := s.folded(ctx, then.KnownAt)
	if err != nil {
		return err
	}
	v.snapped = i18n.T(ctx, "ledger.known_nothing")
	if snapped > 0 {
		v.snapped = i18n.T(ctx, "ledger.known_snapped", "Time", moment(ctx, snapped))
	}
	a, b := then.fig(ctx, was, "l"), q.fig(ctx, now, "l")
	a.Label, b.Label = i18n.T(ctx, "ledger.known_then", "Day", i18n.Day(ctx, dayOf(then.KnownAt))), i18n.T(ctx, "ledger.known_now")
	v.figures = []ui.Figure{a, b}
	def := q.def
	if def.Kind == Derived {
		for _, code := range []string{def.Numerator, def.Denominator} {
			t := q.about(s, code)
			v.terms = append(v.terms, ui.Link{Text: t.def.Name.In(i18n.Lang(ctx)), Sub: i18n.T(ctx, "ledger.known_term"),
				Href: address("/figure/"+code+"/known", t.values("at", string(dayOf(then.KnownAt))))})
		}
		return nil // a share's two lists are those of its terms
	}
	items, err := s.Difference(ctx, then.Query)
	if err != nil {
		return err
	}
	var sum int64
	for _, it := range items {
		sum += it.Amount
	}
	v.sum = i18n.T(ctx, "ledger.known_sum", "N", ui.Number(int64(len(items))), "Sum", withSign(exact(ctx, def, sum), sum))
	if len(items) > mostDifferences {
		v.rest = i18n.T(ctx, "ledger.known_rest", "N", ui.Number(int64(len(items)-mostDifferences)))
		items = items[:mostDifferences]
	}
	v.table = s.rows(ctx, q, def, items)
	v.table.Caption = i18n.T(ctx, "ledger.known_what")
	if len(v.table.Columns) == 4 { // every difference shows which way it goes
		v.table.Columns = append(v.table.Columns, ui.Column{Text: i18n.T(ctx, "ledger.known_what"), Right: true})
	}
	for i, it := range items {
		cells := v.table.Rows[i].Cells[:4]
		v.table.Rows[i].Cells = append(cells, ui.Text(withSign(exact(ctx, def, it.Amount), it.Amount)))
	}
	return nil
}

// withSign puts the sign before a number that says a difference.
func withSign(text string, n int64) string {
	if n > 0 {
		return "+" + text
	}
	return text
}

func dayOf(millis int64) clock.Day { return clock.DayOf(time.UnixMilli(millis)) }
