package aid

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func giftPath(ref id.Ref) string  { return "/aid/gift/" + ref.String() }
func donorPath(ref id.Ref) string { return "/aid/donor/" + ref.String() }

// donorName is what a donor is called; one who wants to stay unknown has no name.
func donorName(ctx context.Context, name string) string {
	if name == "" {
		return tr(ctx, "aid.anonymous")
	}
	return name
}

func giftName(ctx context.Context, g GiftRow) string {
	return tr(ctx, "aid.gift_of", "Name", donorName(ctx, g.Name), "Day", i18n.Day(ctx, g.Day))
}

func leftText(ctx context.Context, g GiftRow) string {
	return amountText(ctx, g.Form, Amount{Fen: g.LeftFen(), Qty: g.LeftQty(), What: g.What})
}

func (s *Service) giftTable(ctx context.Context, list []GiftRow) ui.Table {
	t := ui.Table{Caption: tr(ctx, "aid.gifts"), Columns: []ui.Column{{Text: tr(ctx, "aid.f.donor")}, {Text: tr(ctx, "aid.f.gift_day"), Label: true}, {Text: tr(ctx, "aid.f.gift_given"), Label: true, Right: true},
		{Text: tr(ctx, "aid.f.spent"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.left"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.bound"), Label: true}}}
	name := s.kindNames(ctx)
	for _, g := range list {
		t.Rows = append(t.Rows, ui.Row{ID: g.Ref().String(), Cells: []ui.Cell{ui.To(donorName(ctx, g.Name), giftPath(g.Ref())), ui.Text(i18n.Day(ctx, g.Day)), ui.Text(amountText(ctx, g.Form, Amount{Fen: g.Fen, Qty: g.Qty, What: g.What})),
			ui.Num(money(ctx, g.SpentFen), spentHref(g)), ui.Text(leftText(ctx, g)), ui.Text(boundText(ctx, name, g))}})
	}
	return t
}

// spentHref leads to the aids that a gift was spent for.
func spentHref(g GiftRow) string { return at("/aid", g.Unit, "gift", g.Ref().String()) }

func boundText(ctx context.Context, name func(root int64, code string) string, g GiftRow) string {
	if g.Kinds == "" {
		return tr(ctx, "aid.unbound")
	}
	var out []string
	for _, k := range strings.Split(g.Kinds, ",") {
		out = append(out, name(g.Root, k))
	}
	return strings.Join(out, tr(ctx, "aid.comma"))
}

func (s *Service) crumbs(ctx context.Context, u id.ID, title string) web.Page {
	return web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "aid.title"), Href: at("/aid", u)}, {Text: title}}}
}

// giftsPage are the gifts to a unit and those below it, with what is left of each.
func (s *Service) giftsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.Gifts(ctx, u, 0)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "aid.gifts"), Under: u.Name}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "aid.gift_add"), Href: at("/aid/gift/new", u.ID), Main: true}, {Text: tr(ctx, "aid.donor_add"), Href: at("/aid/donor/new", u.ID)}}
	}
	v.Sections = []record.Section{{ID: "gifts", Title: tr(ctx, "aid.gifts"), Lead: tr(ctx, "aid.gifts_lead"), Empty: tr(ctx, "aid.gifts_none"), Table: s.giftTable(ctx, list)}}
	return web.Render(w, r, s.crumbs(ctx, u.ID, v.Heading.Title), record.OverviewBody(v))
}

func (s *Service) giftPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	g, row, _, err := s.Gift(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, g.Unit)
	if err != nil {
		return err
	}
	v := record.Shown{Heading: ui.Heading{Title: giftName(ctx, row), Under: u.Name}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "aid.edit"), Href: giftPath(ref) + "/edit"}}
	}
	v.Facts = []ui.Fact{{Label: tr(ctx, "aid.f.donor"), Text: donorName(ctx, row.Name), Href: donorPath(g.Donor)}, {Label: tr(ctx, "aid.f.gift_given"), Text: amountText(ctx, g.Form, Amount{Fen: g.Fen, Qty: g.Qty, What: g.What})},
		{Label: tr(ctx, "aid.f.spent"), Text: tr(ctx, "aid.spent_n", "Money", money(ctx, row.SpentFen), "N", row.Aids), Href: spentHref(row)}, {Label: tr(ctx, "aid.f.left"), Text: leftText(ctx, row)},
		{Label: tr(ctx, "aid.f.bound"), Text: boundText(ctx, s.kindNames(ctx), row)}, {Label: tr(ctx, "aid.f.below"), Text: yes(ctx, g.Below)}}
	if g.Note != "" {
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "aid.f.note"), Text: g.Note})
	}
	p, err := s.List(ctx, u, Filter{Gift: ref, Limit: 100})
	if err != nil {
		return err
	}
	v.Sections = []record.Section{{ID: "spent", Title: tr(ctx, "aid.spent_on"), Empty: tr(ctx, "aid.spent_none"), Table: s.aidTable(ctx, p.Rows)}}
	if v.Timeline, err = s.gifts.Timeline(ctx, ref, giftPath(ref)+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, s.crumbs(ctx, g.Unit, v.Heading.Title), record.ShownBody(v))
}

func (s *Service) giftInputs(ctx context.Context, u org.Unit, g Gift) ([]ui.Input, error) {
	donors, err := s.Donors(ctx, u)
	if err != nil {
		return nil, err
	}
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return nil, err
	}
	donor := ui.Input{Kind: ui.KindSelect, Name: "donor", Label: tr(ctx, "aid.f.donor"), Options: []ui.Option{{Text: tr(ctx, "aid.choose")}}}
	if g.Donor.ID != 0 {
		donor.Value = g.Donor.String()
	}
	for _, d := range donors {
		donor.Options = append(donor.Options, ui.Option{Value: d.Ref().String(), Text: donorName(ctx, d.Name)})
	}
	bound := ui.Input{Kind: ui.KindChecks, Name: "kinds", Label: tr(ctx, "aid.f.bound"), Hint: tr(ctx, "aid.bound_hint"), Values: g.Kinds, Optional: true}
	for _, k := range kinds {
		if k.Closed == clock.Open || slices.Contains(g.Kinds, k.Code) {
			bound.Options = append(bound.Options, ui.Option{Value: k.Code, Text: k.In(ctx)})
		}
	}
	if g.Form == "" {
		g.Form, g.Day = Money, clock.Today(ctx)
	}
	below := ""
	if g.Below {
		below = "1"
	}
	return []ui.Input{donor, {Kind: ui.KindDate, Name: "day", Label: tr(ctx, "aid.f.gift_day"), Value: string(g.Day), Max: string(clock.Today(ctx))},
		{Kind: ui.KindRadio, Name: "form", Label: tr(ctx, "aid.f.form"), Value: g.Form, Options: options(ctx, "aid.form.", Forms[:2])},
		{Kind: ui.KindMoney, Name: "fen", Label: tr(ctx, "aid.f.fen"), Hint: tr(ctx, "aid.fen_hint"), Value: yuan(g.Fen)}, {Name: "what", Label: tr(ctx, "aid.f.what_goods"), Value: g.What, MaxLength: maxText, Optional: true},
		{Kind: ui.KindNumber, Name: "qty", Label: tr(ctx, "aid.f.qty"), Value: number(g.Qty), Short: true, Optional: true}, bound,
		{Kind: ui.KindCheck, Name: "below", Label: tr(ctx, "aid.f.below"), Value: below, Optional: true}, {Kind: ui.KindArea, Name: "note", Label: tr(ctx, "aid.f.note"), Value: g.Note, Lines: 2, MaxLength: maxText, Optional: true}}, nil
}

func giftIn(f *web.Form, unit id.ID) Gift {
	donor, _ := id.ParseRef(f.Text("donor")) // zero: none was chosen, which the rules say
	return Gift{Unit: unit, Donor: donor, Day: f.Day("day"), Form: f.Text("form"), Fen: fenIn(f, "fen"), What: f.Text("what"), Qty: countIn(f, "qty"), Kinds: f.Values["kinds"], Below: f.Text("below") != "", Note: f.Text("note")}
}

func (s *Service) newGift(r *http.Request) (v record.Form, err error) {
	u, err := s.unitOf(r)
	if err != nil {
		return v, err
	}
	donor, _ := id.ParseRef(r.URL.Query().Get("donor")) // none chosen yet
	v = blankForm(r.Context(), u, "aid.gift_add", at("/aid/gifts", u.ID), at("/aid/gift/new", u.ID))
	if v.Inputs, err = s.giftInputs(r.Context(), u, Gift{Donor: donor}); err != nil || donor.ID != 0 {
		return v, err
	}
	ctx := r.Context()
	v.Inputs[0].Optional = true
	v.Inputs = slices.Insert(v.Inputs, 1, ui.Input{Name: "donor_name", Label: tr(ctx, "aid.f.donor_new"), Hint: tr(ctx, "aid.donor_new_hint"), MaxLength: maxShort, Optional: true, Autocomplete: "off"},
		ui.Input{Kind: ui.KindSelect, Name: "donor_kind", Label: tr(ctx, "aid.f.donor_new_kind"), Optional: true, Options: append([]ui.Option{{Text: tr(ctx, "aid.choose")}}, options(ctx, "aid.donor.", DonorKinds)...)})
	return v, nil
}

func (s *Service) giftNew(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newGift(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) giftAdd(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newGift(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		g := giftIn(f, v.Unit.ID)
		if err := s.newDonorIn(ctx, v.Unit, f, &g); err != nil {
			return "", err
		}
		ref, err := s.SaveGift(ctx, id.Ref{}, 0, g)
		var e *errs.Error
		if errors.As(err, &e) && f.Text("donor_name") != "" { // a donor is named: what lacks is their kind
			e.Fields = slices.DeleteFunc(e.Fields, func(x errs.Field) bool { return x.Name == "donor" })
		}
		return giftPath(ref), err
	})
}

// newDonorIn keeps a donor who is named with their first gift, in the same transaction; one of that name who is there already is the same.
func (s *Service) newDonorIn(ctx context.Context, u org.Unit, f *web.Form, g *Gift) error {
	d := Donor{Unit: u.ID, Name: f.Text("donor_name"), Kind: f.Text("donor_kind")}
	if g.Donor.ID != 0 || d.Name == "" && d.Kind == "" {
		return nil
	}
	list, err := s.Donors(ctx, u)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(x DonorRow) bool { return d.Name != "" && x.Unit == u.ID && x.Name == d.Name }); i >= 0 {
		g.Donor = list[i].Ref()
		return nil
	}
	if d.Kind == "" { // said with all else that is wrong with the gift
		f.Problems.Add("donor_kind", "aid.donor_kind_missing")
		return nil
	}
	g.Donor, err = s.SaveDonor(ctx, id.Ref{}, 0, d)
	return err
}

func (s *Service) aboutGift(r *http.Request) (record.Form, error) {
	g, v, err := record.Opened(r, record.Subject[Gift]{Book: s.gifts, Get: s.gifts.Get, Acts: []string{"edit"}, Save: "aid.act.gift_edit", Home: func(g Gift) (id.ID, int) { return g.Unit, 0 }, Path: giftPath, Submit: "aid.save", Current: Kind})
	if err != nil || r.PathValue("act") == record.ActUndo {
		return v, err
	}
	v.Title, v.Over = tr(r.Context(), "aid.gift_edit"), v.Unit.Name
	v.Inputs, err = s.giftInputs(r.Context(), v.Unit, g)
	return v, err
}

func (s *Service) doGift(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	if act == record.ActUndo {
		return at("/aid/gifts", v.Unit.ID), s.gifts.Undo(ctx, v.Ref, f.Version())
	}
	was, _, err := s.gifts.Get(ctx, v.Ref)
	if err != nil {
		return "", err
	}
	g := giftIn(f, was.Unit)
	_, err = s.SaveGift(ctx, v.Ref, f.Version(), g)
	return giftPath(v.Ref), err
}

// donorsPage are those who give to a unit and to those below it.
func (s *Service) donorsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.Donors(ctx, u)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "aid.donors"), Under: u.Name}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "aid.donor_add"), Href: at("/aid/donor/new", u.ID), Main: true}}
	}
	t := ui.Table{Caption: v.Heading.Title, Columns: []ui.Column{{Text: tr(ctx, "aid.f.donor_name")}, {Text: tr(ctx, "aid.f.donor_kind"), Label: true}, {Text: tr(ctx, "aid.f.gifts"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.gift_value"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.named"), Label: true}}}
	for _, d := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(donorName(ctx, d.Name), donorPath(d.Ref())), ui.Text(tr(ctx, "aid.donor."+d.Kind)), ui.Num(ui.Number(d.Gifts), donorPath(d.Ref())), ui.Num(money(ctx, d.Fen), donorPath(d.Ref())), ui.Text(yes(ctx, d.Named == 1))}})
	}
	v.Sections = []record.Section{{ID: "donors", Title: v.Heading.Title, Empty: tr(ctx, "aid.donors_none"), Table: t}}
	return web.Render(w, r, s.crumbs(ctx, u.ID, v.Heading.Title), record.OverviewBody(v))
}

func (s *Service) donorPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	d, _, err := s.donors.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	v := record.Shown{Heading: ui.Heading{Title: donorName(ctx, d.Name), Under: u.Name}, Facts: []ui.Fact{{Label: tr(ctx, "aid.f.donor_kind"), Text: tr(ctx, "aid.donor."+d.Kind)}, {Label: tr(ctx, "aid.f.named"), Text: yes(ctx, d.Named)}}}
	if d.Note != "" {
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "aid.f.note"), Text: d.Note})
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "aid.gift_add"), Href: at("/aid/gift/new", u.ID, "donor", ref.String()), Main: true}, {Text: tr(ctx, "aid.edit"), Href: donorPath(ref) + "/edit"}}
	}
	list, err := s.Gifts(ctx, u, ref.ID)
	if err != nil {
		return err
	}
	v.Sections = []record.Section{{ID: "gifts", Title: tr(ctx, "aid.gifts"), Empty: tr(ctx, "aid.gifts_none"), Table: s.giftTable(ctx, list)}}
	if v.Timeline, err = s.donors.Timeline(ctx, ref, donorPath(ref)+"/undo"); err != nil {
		return err
	}
	if len(list) > 0 { // who gave stays
		for i := range v.Timeline {
			v.Timeline[i].Undo = nil
		}
	}
	return web.Render(w, r, s.crumbs(ctx, d.Unit, v.Heading.Title), record.ShownBody(v))
}

func donorInputs(ctx context.Context, d Donor) []ui.Input {
	named := ""
	if d.Named {
		named = "1"
	}
	return []ui.Input{{Name: "name", Label: tr(ctx, "aid.f.donor_name"), Hint: tr(ctx, "aid.donor_hint"), Value: d.Name, MaxLength: maxShort, Optional: true}, {Kind: ui.KindRadio, Name: "kind", Label: tr(ctx, "aid.f.donor_kind"), Value: d.Kind, Options: options(ctx, "aid.donor.", DonorKinds)},
		{Kind: ui.KindCheck, Name: "named", Label: tr(ctx, "aid.f.named"), Hint: tr(ctx, "aid.named_hint"), Value: named, Optional: true}, {Kind: ui.KindArea, Name: "note", Label: tr(ctx, "aid.f.note"), Value: d.Note, Lines: 2, MaxLength: maxText, Optional: true}}
}

func donorIn(f *web.Form, unit id.ID) Donor {
	return Donor{Unit: unit, Name: f.Text("name"), Kind: f.Text("kind"), Named: f.Text("named") != "", Note: f.Text("note")}
}

func (s *Service) newDonor(r *http.Request) (record.Form, error) {
	u, err := s.unitOf(r)
	v := blankForm(r.Context(), u, "aid.donor_add", at("/aid/donors", u.ID), at("/aid/donor/new", u.ID))
	v.Inputs = donorInputs(r.Context(), Donor{})
	return v, err
}

func (s *Service) donorNew(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newDonor(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) donorAdd(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newDonor(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		ref, err := s.SaveDonor(ctx, id.Ref{}, 0, donorIn(f, v.Unit.ID))
		return donorPath(ref), err
	})
}

func (s *Service) aboutDonor(r *http.Request) (record.Form, error) {
	d, v, err := record.Opened(r, record.Subject[Donor]{Book: s.donors, Get: s.donors.Get, Acts: []string{"edit"}, Save: "aid.act.donor_edit", Home: func(d Donor) (id.ID, int) { return d.Unit, 0 }, Path: donorPath, Submit: "aid.save", Current: Kind})
	if err != nil || r.PathValue("act") == record.ActUndo {
		return v, err
	}
	v.Title, v.Over, v.Inputs = tr(r.Context(), "aid.donor_edit"), v.Unit.Name, donorInputs(r.Context(), d)
	return v, nil
}

func (s *Service) doDonor(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	if act == record.ActUndo {
		return at("/aid/donors", v.Unit.ID), s.donors.Undo(ctx, v.Ref, f.Version())
	}
	was, _, err := s.donors.Get(ctx, v.Ref)
	if err != nil {
		return "", err
	}
	_, err = s.SaveDonor(ctx, v.Ref, f.Version(), donorIn(f, was.Unit))
	return donorPath(v.Ref), err
}

// kindsPage is a city's list of kinds, and how much each level approves; who and when stand beside what was corrected.
func (s *Service) kindsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return err
	}
	limits, err := s.Limits(ctx, u.Root())
	if err != nil {
		return err
	}
	may := org.SetsCity(ctx, u)
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "aid.kinds"), Under: u.Name}}
	if may {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "aid.kind_add"), Href: at("/aid/kinds/change", u.ID, "do", "add"), Main: true}, {Text: tr(ctx, "aid.limits_edit"), Href: at("/aid/kinds/change", u.ID, "do", "limits")}}
	}
	t := ui.Table{Caption: v.Heading.Title, Columns: []ui.Column{{Text: tr(ctx, "aid.f.kind")}, {Text: tr(ctx, "aid.f.purposes"), Label: true}, {Text: tr(ctx, "aid.f.state"), Label: true}, {Text: tr(ctx, "aid.f.last_change"), Label: true}}}
	for _, c := range kinds {
		name := ui.Text(c.In(ctx))
		if may {
			name.Href = at("/aid/kinds/change", u.ID, "do", "edit", "code", c.Code)
		}
		state, who := tr(ctx, "aid.kind_open"), tr(ctx, "aid.shipped")
		if c.Closed != clock.Open {
			state = tr(ctx, "aid.kind_closed", "Day", i18n.Day(ctx, c.Closed))
		}
		if c.At != 0 {
			who = tr(ctx, "aid.changed_by", "Name", c.ByName, "Day", i18n.Day(ctx, clock.DayOf(time.UnixMilli(c.At))))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(strings.Join(c.For(), tr(ctx, "aid.comma"))), ui.Text(state), ui.Text(who)}})
	}
	sec := record.Section{ID: "limits", Title: tr(ctx, "aid.limits"), Lead: tr(ctx, "aid.limits_lead"), Empty: tr(ctx, "aid.limits_none")}
	for _, l := range limits {
		sec.Facts = append(sec.Facts, ui.Fact{Label: tr(ctx, "aid.level."+l.Level), Text: tr(ctx, "aid.up_to", "Money", money(ctx, l.Fen))})
	}
	v.Sections = []record.Section{{ID: "kinds", Title: v.Heading.Title, Lead: tr(ctx, "aid.kinds_lead"), Table: t}, sec}
	return web.Render(w, r, s.crumbs(ctx, u.ID, v.Heading.Title), record.OverviewBody(v))
}

// kindAbout is the form that changes a kind or the limits.
func (s *Service) kindAbout(r *http.Request) (v record.Form, do, code string, err error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return v, "", "", err
	}
	if err := org.MaySetCity(ctx, u); err != nil {
		return v, "", "", err
	}
	do, code = r.URL.Query().Get("do"), r.URL.Query().Get("code")
	back := at("/aid/kinds", u.ID)
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return v, "", "", err
	}
	inputs := func(c Class) []ui.Input {
		return []ui.Input{{Name: "name", Label: tr(ctx, "aid.f.kind_name"), Value: c.Name, MaxLength: maxShort}, {Name: "en", Label: tr(ctx, "aid.f.kind_en"), Value: c.En, MaxLength: maxShort, Optional: true},
			{Kind: ui.KindArea, Name: "purposes", Label: tr(ctx, "aid.f.purposes"), Hint: tr(ctx, "aid.purposes_hint"), Value: c.Purposes, Lines: 5}}
	}
	switch i := slices.IndexFunc(kinds, func(c Class) bool { return c.Code == code }); {
	case do == "limits":
		v = blankForm(ctx, u, "aid.limits_edit", back, at("/aid/kinds/change", u.ID, "do", do))
		v.Lead = tr(ctx, "aid.limits_lead")
		limits, err := s.Limits(ctx, u.Root())
		if err != nil {
			return v, do, code, err
		}
		for _, level := range limited {
			in := ui.Input{Kind: ui.KindMoney, Name: "limit_" + level, Label: tr(ctx, "aid.level."+level), Optional: true}
			for _, l := range limits {
				if l.Level == level {
					in.Value = yuan(l.Fen)
				}
			}
			v.Inputs = append(v.Inputs, in)
		}
	case do == "edit" && i >= 0:
		c := kinds[i]
		v = blankForm(ctx, u, "aid.kind_edit", back, at("/aid/kinds/change", u.ID, "do", do, "code", code))
		closed := ""
		if c.Closed != clock.Open {
			closed = "1"
		}
		v.Inputs = append(inputs(c), ui.Input{Kind: ui.KindNumber, Name: "place", Label: tr(ctx, "aid.f.place"), Value: strconv.Itoa(i + 1), Short: true, Min: "1"}, ui.Input{Kind: ui.KindCheck, Name: "closed", Label: tr(ctx, "aid.f.closed"), Hint: tr(ctx, "aid.closed_hint"), Value: closed, Optional: true})
	case do == "edit":
		return v, do, code, errs.New(errs.NotFound, "errs.not_found")
	default:
		do = "add"
		v = blankForm(ctx, u, "aid.kind_add", back, at("/aid/kinds/change", u.ID, "do", do))
		v.Inputs = inputs(Class{})
	}
	return v, do, code, nil
}

func (s *Service) kindForm(w http.ResponseWriter, r *http.Request) error {
	v, _, _, err := s.kindAbout(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) kindDo(w http.ResponseWriter, r *http.Request) error {
	v, do, code, err := s.kindAbout(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		c := Class{Name: f.Text("name"), En: f.Text("en"), Purposes: strings.Join(f.Lines("purposes"), "\n")}
		switch do {
		case "limits":
			var list []Limit
			for _, level := range limited {
				if f.Text("limit_"+level) != "" {
					list = append(list, Limit{level, fenIn(f, "limit_"+level)})
				}
			}
			if err := f.Problems.Err(); err != nil {
				return "", err
			}
			return v.Back, s.SetLimits(ctx, v.Unit, list)
		case "edit":
			return v.Back, s.changeKind(ctx, v.Unit, code, c, f)
		}
		return v.Back, s.AddKind(ctx, v.Unit, c)
	})
}

// changeKind does what the form of a kind asks for, and only that.
func (s *Service) changeKind(ctx context.Context, u org.Unit, code string, c Class, f *web.Form) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		kinds, err := s.Kinds(ctx, u.Root())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(kinds, func(x Class) bool { return x.Code == code })
		if i < 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		was := kinds[i]
		if was.Name != c.Name || was.En != c.En || !slices.Equal(was.For(), c.For()) {
			if err := s.EditKind(ctx, u, code, c); err != nil {
				return err
			}
		}
		if to := countIn(f, "place"); to != 0 && to != int64(i+1) {
			if err := s.MoveKind(ctx, u, code, int(min(to, 1000))); err != nil {
				return err
			}
		}
		if closed := f.Text("closed") != ""; closed != (was.Closed != clock.Open) {
			return s.CloseKind(ctx, u, code, closed)
		}
		return nil
	})
}

// thanksPage thanks those who agreed to be named, before everybody; of others it says how many there are.
func (s *Service) thanksPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.org.Resolve(ctx, r.URL.Query().Get("unit"))
	if err != nil {
		return err
	}
	list, others, err := s.Thanked(ctx, u)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "aid.thanks"), Under: u.Name}}
	sec := record.Section{ID: "thanks", Title: tr(ctx, "aid.thanks_to"), Empty: tr(ctx, "aid.thanks_none")}
	if others > 0 {
		sec.Lead = tr(ctx, "aid.thanks_others", "N", others)
	}
	t := ui.Table{Caption: sec.Title, Columns: []ui.Column{{Text: tr(ctx, "aid.f.donor_name")}, {Text: tr(ctx, "aid.f.donor_kind"), Label: true}, {Text: tr(ctx, "aid.f.gifts"), Label: true, Right: true}}}
	for _, d := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(d.Name), ui.Text(tr(ctx, "aid.donor."+d.Kind)), ui.Text(ui.Number(d.Gifts))}})
	}
	sec.Table = t
	v.Sections = []record.Section{sec}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, record.OverviewBody(v))
}
