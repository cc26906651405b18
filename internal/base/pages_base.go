package base

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := &web.Form{Values: r.URL.Query()}
	named, err := s.hostText(r.Context(), u)
	if err != nil {
		return err
	}
	preset(f, "host", named)
	preset(f, "run_mode", string(Self))
	return s.renderNew(w, r, u, f, web.NewKey(), nil)
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := s.once(r.Context(), f.Key(), "create", 0, func(ctx context.Context) (id.Ref, bool, error) {
		b, err := s.fromForm(ctx, f, Base{})
		if err != nil {
			return id.Ref{}, false, err
		}
		ref, err := s.Create(ctx, b, record.Change{Act: "base.act.create"})
		return ref, false, err
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if errs.KindOf(err) == errs.Internal {
		return err
	}
	return s.renderNew(w, r, u, f, f.Key(), err)
}

func (s *Service) renderNew(w http.ResponseWriter, r *http.Request, u org.Unit, f *web.Form, key string, failed error) error {
	ctx := r.Context()
	groups, err := s.sections(ctx, u.Root(), f)
	if err != nil {
		return err
	}
	v := formView{Title: i18n.T(ctx, "base.do.create"), Back: ui.Link{Text: i18n.T(ctx, "base.title"), Href: link("/base", "unit", u.ID.String())},
		Lead: i18n.T(ctx, "base.do_lead.create"), Action: link("/base/new", "unit", u.ID.String()), Key: key, Groups: groups, Submit: i18n.T(ctx, "base.do.create")}
	return renderForm(w, r, v, failed)
}

func (s *Service) askEdit(ctx context.Context, b Base, f *web.Form) ([]group, error) {
	u, err := s.org.Unit(ctx, b.Host)
	if err != nil {
		return nil, err
	}
	if !f.Has("name") {
		named, err := s.hostText(ctx, u)
		if err != nil {
			return nil, err
		}
		for name, value := range map[string]string{"name": b.Name, "code": b.Code, "host": named, "category": b.Category, "run_mode": string(b.RunMode),
			"owner": s.bodyName(ctx, b.Owner), "manager": s.bodyName(ctx, b.Manager), "built_on": string(b.BuiltOn), "address": b.Address,
			"hours": b.Hours, "capacity": typed(b.Capacity), "area_m2": typed(b.AreaM2), "contact": b.Contact, "phone": b.Phone, "intro": b.Intro} {
			f.Set(name, value)
		}
		f.Values["secondary"], f.Values["facilities"] = b.Secondary, b.Facilities
	}
	return s.sections(ctx, u.Root(), f)
}

func (s *Service) writeEdit(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	was, _, err := s.Get(ctx, ref)
	if err != nil {
		return false, err
	}
	b, err := s.fromForm(ctx, f, was)
	if err != nil {
		return false, err
	}
	return s.Save(ctx, ref, version, b, record.Change{Act: "base.act.edit"})
}

// sections are the questions about a base as a whole; its parts have forms of their own.
func (s *Service) sections(ctx context.Context, root int64, f *web.Form) ([]group, error) {
	categories, err := s.Categories(ctx, root)
	if err != nil {
		return nil, err
	}
	var kinds []ui.Option
	for _, c := range categories {
		kinds = append(kinds, ui.Option{Value: c.Name, Text: c.in(ctx)})
	}
	secondary := optional(choose(input(ctx, f, ui.KindChecks, "secondary"), kinds))
	secondary.Values = f.Values["secondary"]
	facilities := optional(choose(input(ctx, f, ui.KindChecks, "facilities"), options(ctx, "base.facility.", Facilities...)))
	facilities.Values = f.Values["facilities"]
	return []group{
		{Title: i18n.T(ctx, "base.g.what"), Fields: []ui.Input{
			input(ctx, f, ui.KindText, "name"), optional(hinted(ctx, input(ctx, f, ui.KindText, "code"))),
			choose(input(ctx, f, ui.KindSelect, "category"), append([]ui.Option{{Text: i18n.T(ctx, "base.choose")}}, kinds...)), secondary,
			optional(input(ctx, f, ui.KindArea, "intro"))}},
		{Title: i18n.T(ctx, "base.g.who"), Fields: []ui.Input{
			hinted(ctx, input(ctx, f, ui.KindText, "host")), choose(input(ctx, f, ui.KindRadio, "run_mode"), options(ctx, "base.run_mode.", string(Self), string(Joint), string(Other))),
			optional(hinted(ctx, input(ctx, f, ui.KindText, "owner"))), optional(hinted(ctx, input(ctx, f, ui.KindText, "manager"))),
			optional(input(ctx, f, ui.KindText, "contact")), optional(input(ctx, f, ui.KindTel, "phone"))}},
		{Title: i18n.T(ctx, "base.g.where"), Fields: []ui.Input{
			optional(input(ctx, f, ui.KindText, "address")), optional(hinted(ctx, input(ctx, f, ui.KindText, "hours"))),
			optional(input(ctx, f, ui.KindNumber, "capacity")), optional(input(ctx, f, ui.KindNumber, "area_m2")),
			optional(input(ctx, f, ui.KindDate, "built_on")), facilities}},
	}, nil
}

// fromForm reads the sections over what stands; the parts of the base stay as they are.
func (s *Service) fromForm(ctx context.Context, f *web.Form, was Base) (Base, error) {
	b := was
	b.Name, b.Code, b.Category, b.Intro = f.Text("name"), f.Text("code"), f.Text("category"), f.Text("intro")
	b.RunMode, b.Address, b.Hours, b.BuiltOn = RunMode(f.Text("run_mode")), f.Text("address"), f.Text("hours"), clock.Day(f.Text("built_on"))
	b.Contact, b.Phone = f.Text("contact"), f.Text("phone")
	b.Secondary, b.Facilities = f.Values["secondary"], f.Values["facilities"]
	var bad errs.Fields
	day(&bad, "built_on", b.BuiltOn)
	for name, to := range map[string]*int64{"capacity": &b.Capacity, "area_m2": &b.AreaM2} {
		*to = 0
		if text := f.Text(name); text != "" {
			n, err := table.ParseInt(text)
			if err != nil {
				bad.Add(name, "base.number_odd")
			}
			*to = n
		}
	}
	u, several, err := s.hostNamed(ctx, f.Text("host"))
	if err != nil {
		return b, err
	}
	if b.Host = u.ID; len(several) > 0 {
		bad.Add("host", "base.host_several", "Name", f.Text("host"), "Units", strings.Join(several, i18n.T(ctx, "base.and")))
	} else if u.ID == 0 {
		bad.Add("host", "base.host_unknown", "Name", f.Text("host"))
	}
	if err := bad.Err(); err != nil {
		return b, err
	}
	if b.Owner, err = s.body(ctx, f.Text("owner"), was.Owner); err != nil {
		return b, err
	}
	b.Manager, err = s.body(ctx, f.Text("manager"), was.Manager)
	return b, err
}

// hostText is a unit as the form shows it: by its name, or by its code where another unit has the same name.
func (s *Service) hostText(ctx context.Context, u org.Unit) (string, error) {
	got, ok, err := s.unitNamed(ctx, u.Name)
	if !ok || got.ID != u.ID {
		return u.Code, err
	}
	return u.Name, err
}

// hostNamed finds the unit that was typed as search finds it, by its code, name or pinyin; of several that fit it names
// the first few, so that one can be chosen. Units that have ended hold nothing new.
func (s *Service) hostNamed(ctx context.Context, text string) (u org.Unit, several []string, err error) {
	u, ok, err := s.unitNamed(ctx, text)
	if ok || err != nil || text == "" {
		return u, nil, err
	}
	hits, err := s.org.Search(ctx, text, 4)
	if err != nil {
		return org.Unit{}, nil, err
	}
	hits = slices.DeleteFunc(hits, func(h org.Hit) bool { return h.Unit.To != clock.Open })
	switch len(hits) {
	case 0:
		return org.Unit{}, nil, nil
	case 1:
		return hits[0].Unit, nil, nil
	}
	for _, h := range hits {
		several = append(several, i18n.T(ctx, "base.unit_and_code", "Name", h.Unit.Name, "Code", h.Unit.Code))
	}
	return org.Unit{}, several, nil
}

// in is the category's name in the reader's language.
func (c Category) in(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" && c.En != "" {
		return c.En
	}
	return c.Name
}

func typed(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
