package record

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type knownView struct {
	name, action string
	day          clock.Day
	asked        bool
	facts        []ui.Fact
}

// KnownPage shows what was on record of a record at the end of a day (以前怎么说的), which ?at= names. back leads to the
// record's page, with its name as text; current is the navigation entry. Errors: Invalid when the day cannot be read.
func (b *Book[T]) KnownPage(w http.ResponseWriter, r *http.Request, ref id.Ref, back ui.Link, current string) error {
	ctx := r.Context()
	v := knownView{name: back.Text, action: r.URL.Path, day: clock.Today(ctx)}
	if at := r.URL.Query().Get("at"); at != "" {
		day, err := clock.ParseDay(at)
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "errs.day_unreadable")
		}
		v.day, v.asked = day, true
		was, version, err := b.KnownAt(ctx, ref, day.AddDays(1).Time().UnixMilli()-1)
		switch {
		case errs.Is(err, errs.NotFound): // nothing was known of it yet
		case err != nil:
			return err
		case version.Gone == 0 && b.k.Facts != nil:
			for _, f := range b.k.Facts(ctx, was) {
				if f.Text == "" {
					continue
				}
				v.facts = append(v.facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
			}
		}
	}
	title := i18n.T(ctx, "record.said_before")
	return web.Render(w, r, web.Page{Title: title, Current: current, Crumbs: []ui.Link{back, {Text: title}}}, knownBody(v))
}
