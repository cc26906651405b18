package care

import (
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// passTables are what is offered to a unit and what it offered or handed over.
func (s *Service) passTables(ctx context.Context, u org.Unit) (in, out ui.Table, err error) {
	got, given, err := s.Passes(ctx, u)
	if err != nil {
		return in, out, err
	}
	in = ui.Table{Caption: tr(ctx, "care.pass_in"), Columns: []ui.Column{{Text: tr(ctx, "care.f.no")}, {Text: tr(ctx, "care.f.pass_from"), Label: true}, {Text: tr(ctx, "care.f.at"), Label: true}, {Text: tr(ctx, "care.f.pass_due"), Label: true}}}
	for _, p := range got {
		from, err := s.rec.Home(ctx, p.From)
		if err != nil {
			return in, out, err
		}
		in.Rows = append(in.Rows, ui.Row{Cells: []ui.Cell{ui.To(p.No, path(p.Ref())), ui.Text(from.Name), ui.Text(moment(ctx, p.OfferedAt)), ui.Text(moment(ctx, p.DueAt))}})
	}
	out = ui.Table{Caption: tr(ctx, "care.pass_out"), Columns: []ui.Column{{Text: tr(ctx, "care.f.no")}, {Text: tr(ctx, "care.f.pass_to"), Label: true}, {Text: tr(ctx, "care.f.state"), Label: true}, {Text: tr(ctx, "care.f.pass_at"), Label: true}}}
	for _, p := range given {
		to, err := s.rec.Home(ctx, p.To)
		if err != nil {
			return in, out, err
		}
		no, at := ui.To(p.No, path(p.Ref())), p.OfferedAt
		if p.State == Accepted {
			no, at = ui.Text(p.No), p.EndedAt
		}
		out.Rows = append(out.Rows, ui.Row{Cells: []ui.Cell{no, ui.Text(to.Name), ui.State(tr(ctx, "care.pass."+string(p.State)), ""), ui.Text(moment(ctx, at))}})
	}
	return in, out, nil
}

// passForm offers a request to another desk; nil where there is none.
func (s *Service) passForm(ctx context.Context, q Request, f *web.Form, beside map[string]string, ver []ui.Pair) (*form, error) {
	list, err := s.PassTo(ctx, q)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	in := ui.Input{Kind: ui.KindSelect, Name: "desk", Label: tr(ctx, "care.f.pass_to"), Hint: tr(ctx, "care.pass_hint"), Value: f.Get("desk"), Error: beside["desk"], Options: []ui.Option{{Text: tr(ctx, "care.pass_choose")}}}
	for _, u := range list {
		in.Options = append(in.Options, ui.Option{Value: u.ID.String(), Text: u.Name})
	}
	return &form{Title: tr(ctx, "care.do.offer"), Spec: ui.FormSpec{ID: "offer", Action: path(q.Ref()) + "/offer", Key: web.NewKey(), Submit: tr(ctx, "care.do.offer_it"), Hidden: ver}, Inputs: []ui.Input{in,
		{Kind: ui.KindCheck, Name: "handed", Label: tr(ctx, "care.f.handed"), Hint: tr(ctx, "care.handed_hint"), Value: f.Get("handed"), Error: beside["handed"]}}}, nil
}

// offerNote says on a request's page that another desk was asked; nil when none was.
func (s *Service) offerNote(ctx context.Context, q Request) (*ui.Note, error) {
	p, err := s.offerAcrossUnits(ctx, q.Ref())
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	to, err := s.rec.Home(ctx, p.To)
	n := ui.Note{Title: tr(ctx, "care.offered_note", "Unit", to.Name), Text: tr(ctx, "care.offered_note_why", "At", moment(ctx, p.DueAt))}
	if worksAt(ctx, q.Unit, q.Pos) {
		n.Post = &ui.Post{Text: tr(ctx, "care.do.withdraw"), Action: path(q.Ref()) + "/withdraw", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "_version", Value: numbered(q.Ver)}}}
	}
	return &n, err
}

// showOffered is a request that is offered to the reader's unit: number, kind and urgency, and whether to take it.
func (s *Service) showOffered(w http.ResponseWriter, r *http.Request, ref id.Ref, f *web.Form, failed error) error {
	ctx := r.Context()
	q, p, leads, err := s.Offered(ctx, ref)
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
	v := showView{Heading: ui.Heading{Title: tr(ctx, "care.one", "No", q.No), Under: tr(ctx, "care.kind."+q.Kind), Tags: []ui.Mark{{Text: tr(ctx, "care.pass.offered")}}}}
	if q.Urgency == Now {
		v.Heading.Tags = append(v.Heading.Tags, ui.Mark{Text: tr(ctx, "care.urgency.now"), Kind: "w"})
	}
	v.Facts = []ui.Fact{{Label: tr(ctx, "care.f.pass_from"), Text: from.Name}, {Label: tr(ctx, "care.f.urgency"), Text: tr(ctx, "care.urgency."+string(q.Urgency))}, {Label: tr(ctx, "care.f.pass_at"), Text: moment(ctx, p.OfferedAt)}, {Label: tr(ctx, "care.f.pass_due"), Text: moment(ctx, p.DueAt)}}
	v.Sealed = tr(ctx, "care.pass_blind")
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "care.title"), Href: at("/care", p.To)}, {Text: v.Heading.Title}}}
	if leads {
		var beside map[string]string
		if failed != nil {
			var rest error
			if beside, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
				return rest
			}
			page.Error, page.Status = true, http.StatusUnprocessableEntity
		}
		v.Take = &ui.Post{Text: tr(ctx, "care.do.accept"), Action: path(ref) + "/accept", Key: web.NewKey(), Main: true}
		v.Forms = []form{{Title: tr(ctx, "care.do.decline"), Spec: ui.FormSpec{ID: "decline", Action: path(ref) + "/decline", Key: web.NewKey(), Submit: tr(ctx, "care.do.decline_it")}, Inputs: []ui.Input{
			{Name: "reason", Label: tr(ctx, "care.f.pass_reason"), Hint: tr(ctx, "care.pass_reason_hint"), Value: f.Get("reason"), Error: beside["reason"], MaxLength: maxShort, Autocomplete: "off"}}}}
	}
	return web.Render(w, r, page, offeredTempl(v))
}

// passAct is what a desk does about handing a request over; other says that the act is another one.
func (s *Service) passAct(ctx context.Context, ref id.Ref, act string, f *web.Form) (next string, other bool, err error) {
	next = path(ref)
	switch act {
	case "offer":
		to, _ := id.Parse(f.Text("desk"))
		err = s.Offer(ctx, ref, f.Version(), to, f.Text("handed") != "")
	case "withdraw":
		err = s.Withdraw(ctx, ref, f.Version())
	case "accept":
		err = s.Accept(ctx, ref)
	case "decline":
		next, err = at("/care", scope.From(ctx).Unit), s.Decline(ctx, ref, f.Text("reason"))
	default:
		other = true
	}
	return next, other, err
}
