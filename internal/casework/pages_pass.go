package casework

import (
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// passTables are what is offered to a unit, and what it offered and handed over.
func (s *Service) passTables(ctx context.Context, u org.Unit) (in, out ui.Table, err error) {
	offered, handed, err := s.Passes(ctx, u)
	if err != nil {
		return in, out, err
	}
	if in, err = s.passTable(ctx, "casework.pass_in", "casework.f.pass_from", offered, func(p Pass) id.ID { return p.From }); err != nil {
		return in, out, err
	}
	out, err = s.passTable(ctx, "casework.pass_out", "casework.f.to", handed, func(p Pass) id.ID { return p.To })
	return in, out, err
}

func (s *Service) passTable(ctx context.Context, title, other string, list []Pass, unit func(Pass) id.ID) (ui.Table, error) {
	t := ui.Table{Caption: tr(ctx, title), Columns: []ui.Column{{Text: tr(ctx, "casework.f.no")}, {Text: tr(ctx, "casework.f.class"), Label: true}, {Text: tr(ctx, other), Label: true}, {Text: tr(ctx, "casework.f.state"), Label: true}, {Text: tr(ctx, "casework.f.pass_due"), Label: true}}}
	for _, p := range list {
		u, err := s.rec.Home(ctx, unit(p))
		if err != nil {
			return t, err
		}
		no, day := ui.To(p.No, path(p.Ref())), p.DueOn
		if p.State == Accepted { // it is another unit's
			no, day = ui.Text(p.No), p.EndedOn
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{no, ui.Text(tr(ctx, "casework.class."+p.Class)), ui.Text(u.Name), ui.Text(tr(ctx, "casework.pass."+string(p.State))), ui.Text(i18n.Day(ctx, day))}})
	}
	return t, nil
}

// offerForm offers a case to another unit, or takes the offer back while one is open.
func (s *Service) offerForm(a asking, v *showView) error {
	switch p, err := s.offerAcrossUnits(a.ctx, a.c.Ref()); {
	case err == nil:
		u, err := s.rec.Home(a.ctx, p.To)
		if err != nil {
			return err
		}
		v.Notes = append(v.Notes, ui.Note{Title: tr(a.ctx, "casework.pass_note", "Unit", u.Name), Text: tr(a.ctx, "casework.pass_note_why", "Day", i18n.Day(a.ctx, p.DueOn))})
		v.Posts = append(v.Posts, ui.Post{Text: tr(a.ctx, "casework.do.withdraw"), Action: path(a.c.Ref()) + "/withdraw", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "_version", Value: numbered(a.c.Ver)}}})
		return nil
	case !errs.Is(err, errs.NotFound):
		return err
	}
	may, err := s.seal.Keeps(a.ctx, owner(a.c.class().Seal, a.c))
	if err != nil || !may {
		return err
	}
	list, err := s.PassTo(a.ctx, a.c)
	if err != nil || len(list) == 0 {
		return err
	}
	to := a.in(ui.KindSelect, "to", "")
	to.Options = []ui.Option{{Value: "", Text: tr(a.ctx, "casework.choose_unit")}}
	for _, u := range list {
		to.Options = append(to.Options, ui.Option{Value: u.ID.String(), Text: u.Name})
	}
	inputs := []ui.Input{to, a.in(ui.KindArea, "pass_reason", "")}
	if a.c.class().Consent == "must" {
		inputs = append(inputs, a.in(ui.KindCheck, "agreed", ""))
	}
	v.Forms = append(v.Forms, a.form("offer", inputs...))
	return nil
}

// showOffered is a case that is offered to the reader's unit: number, class and from where, and nothing of the child.
func (s *Service) showOffered(w http.ResponseWriter, r *http.Request, ref id.Ref, f *web.Form, failed error) error {
	ctx := r.Context()
	c, p, err := s.OfferedHere(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		return errNone // the words for one that is not there
	}
	if err != nil {
		return err
	}
	from, err := s.rec.Home(ctx, p.From)
	if err != nil {
		return err
	}
	if f == nil {
		f = &web.Form{Values: url.Values{}}
	}
	v := showView{Heading: ui.Heading{Title: c.Title(ctx), Under: tr(ctx, "casework.class."+c.Class), Tags: []ui.Mark{{Text: tr(ctx, "casework.pass.offered")}}}, Shut: tr(ctx, "casework.pass_blind"), ShutWhy: tr(ctx, "casework.pass_blind_why")}
	v.Facts = []ui.Fact{{Label: tr(ctx, "casework.f.pass_from"), Text: from.Name}, {Label: tr(ctx, "casework.f.pass_by"), Text: i18n.Day(ctx, p.DueOn)}}
	if c.Overdue(clock.Today(ctx)) {
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "casework.f.overdue"), Text: tr(ctx, "casework.unvisited", "N", c.Unvisited(clock.Today(ctx)))})
	}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "casework.title"), Href: at("/casework", p.To)}, {Text: v.Heading.Title}}}
	beside, faults, err := problems(ctx, failed)
	if err != nil {
		return err
	}
	if v.Faults = faults; len(faults) > 0 {
		page.Error, page.Status = true, errs.KindOf(failed).Status()
	}
	v.Posts = []ui.Post{{Text: tr(ctx, "casework.do.accept"), Action: path(ref) + "/accept", Key: web.NewKey(), Main: true}}
	decline := asking{ctx, c, f, beside, nil}.in(ui.KindText, "decline_reason", "")
	decline.MaxLength = maxShort
	v.Forms = []form{{Title: tr(ctx, "casework.do.decline"), Inputs: []ui.Input{decline}, Spec: ui.FormSpec{ID: "do-decline", Action: path(ref) + "/decline", Key: web.NewKey(), Submit: tr(ctx, "casework.do_it.decline")}}}
	return web.Render(w, r, page, showTempl(v))
}
