package org

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
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// form is one act on a unit as a page: its questions and what is done with the answers.
type form struct {
	key    string
	right  scope.Right
	menu   bool // offered on the unit's page; the others act on one of its rows
	fits   func(u Unit) bool
	inputs func(ctx context.Context, s *Service, u Unit) ([]ui.Input, error)
	row    func(ctx context.Context, s *Service, u Unit, row string) (lead string, in []ui.Input, err error) // instead of inputs, of one row of the unit
	back   string                                                                                            // where under the unit's page it leads
	save   func(ctx context.Context, s *Service, u Unit, f *web.Form) error
}

type formView struct {
	Unit   Unit
	Title  string
	Lead   string
	About  string // the row that it is about
	Back   string
	Action string
	Key    string
	Hidden []ui.Pair
	Inputs []ui.Input
	Faults []ui.Fault
}

func stands(u Unit) bool       { return u.To == clock.Open }
func holds(u Unit) bool        { return stands(u) && !u.Level.Leaf() }
func below(u Unit) bool        { return stands(u) && u.Parent != 0 }
func isEnterprise(u Unit) bool { return stands(u) && u.Level == Enterprise }

// input is a question whose label is the text "org.f." + name.
func input(ctx context.Context, kind ui.Kind, name, value string) ui.Input {
	in := ui.Input{Kind: kind, Name: name, Label: i18n.T(ctx, "org.f."+name), Value: value}
	if key := "org.hint." + name; i18n.Has(ctx, key) {
		in.Hint = i18n.T(ctx, key)
	}
	return in
}

func optional(in ui.Input) ui.Input { in.Optional = true; return in }

func dayInput(ctx context.Context, name string) ui.Input {
	return input(ctx, ui.KindDate, name, string(clock.Today(ctx)))
}

func choice[T ~string](ctx context.Context, name, keys string, value string, from []T) ui.Input {
	in := input(ctx, ui.KindSelect, name, value)
	for _, v := range from {
		key := keys + string(v)
		if v == "" {
			key = "org.unknown"
		}
		in.Options = append(in.Options, ui.Option{Value: string(v), Text: i18n.T(ctx, key)})
	}
	return in
}

func document(ctx context.Context) ui.Input {
	return optional(input(ctx, ui.KindText, "document", ""))
}

func fixed(inputs ...func(ctx context.Context, u Unit) ui.Input) func(context.Context, *Service, Unit) ([]ui.Input, error) {
	return func(ctx context.Context, _ *Service, u Unit) ([]ui.Input, error) {
		var out []ui.Input
		for _, in := range inputs {
			out = append(out, in(ctx, u))
		}
		return out, nil
	}
}

func text1(name string) func(context.Context, Unit) ui.Input {
	return func(ctx context.Context, _ Unit) ui.Input { return input(ctx, ui.KindText, name, "") }
}

func day1(name string) func(context.Context, Unit) ui.Input {
	return func(ctx context.Context, _ Unit) ui.Input { return dayInput(ctx, name) }
}

func doc1(ctx context.Context, _ Unit) ui.Input { return document(ctx) }

func maybe(f func(context.Context, Unit) ui.Input) func(context.Context, Unit) ui.Input {
	return func(ctx context.Context, u Unit) ui.Input { return optional(f(ctx, u)) }
}

// someUnit reads a unit that was typed by code or name; a name that several units have is asked for again by code.
func (s *Service) someUnit(ctx context.Context, f *web.Form, name string) id.ID {
	typed := f.Text(name)
	if typed == "" {
		f.Problems.Add(name, "org.unit_missing")
		return 0
	}
	if u, err := s.Resolve(ctx, typed); err == nil {
		return u.ID
	}
	hits, err := s.Search(ctx, typed, 20)
	if err != nil {
		f.Problems.Add(name, "org.unit_unknown", "Typed", typed)
		return 0
	}
	same := slices.DeleteFunc(slices.Clone(hits), func(h Hit) bool { return plainName(h.Unit.Name) != plainName(typed) || h.Unit.To != clock.Open })
	if len(same) == 1 {
		return same[0].Unit.ID
	}
	if len(same) == 0 {
		same = hits
	}
	var names []string
	for _, h := range same[:min(len(same), 5)] {
		names = append(names, h.Unit.Code+" "+h.Unit.Name)
	}
	if len(names) == 0 {
		f.Problems.Add(name, "org.unit_unknown", "Typed", typed)
	} else {
		f.Problems.Add(name, "org.unit_several", "Names", strings.Join(names, "；"))
	}
	return 0
}

func day(f *web.Form, name string) clock.Day { return clock.Day(f.Text(name)) }

func rowOf(f *web.Form) id.ID {
	v, _ := id.Parse(f.Text("row"))
	return v
}

// forms are all acts on a unit, in the order of the unit's page.
var forms = []form{
	{key: "appoint", right: scope.Work, menu: true, fits: stands,
		inputs: func(ctx context.Context, s *Service, u Unit) ([]ui.Input, error) {
			in, err := s.postInput(ctx, u)
			return []ui.Input{in, input(ctx, ui.KindText, "person", ""), dayInput(ctx, "from"), optional(input(ctx, ui.KindDate, "term", "")),
				optional(input(ctx, ui.KindCheck, "acting", ""))}, err
		},
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			p := Post{Unit: u.ID, Kind: f.Text("kind"), Person: f.Text("person"), From: day(f, "from"), TermUntil: day(f, "term")}
			if f.Text("acting") != "" {
				p.Acting = 1
			}
			_, err := s.AppointPost(ctx, p)
			return err
		}},
	{key: "quota", right: scope.Work, menu: true, fits: stands,
		inputs: func(ctx context.Context, s *Service, u Unit) ([]ui.Input, error) {
			in, err := s.postInput(ctx, u)
			if err != nil {
				return nil, err
			}
			set, err := s.store.quotas(ctx, u.ID, clock.Today(ctx))
			for i, o := range in.Options {
				for _, q := range set {
					if q.Kind == o.Value {
						in.Options[i].Text = i18n.T(ctx, "org.quota_now", "Post", o.Text, "N", q.Quota)
					}
				}
			}
			return []ui.Input{in, input(ctx, ui.KindNumber, "quota", "")}, err
		},
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			n, err := strconv.Atoi(f.Text("quota"))
			if err != nil {
				return invalid("quota", "org.quota_unfit")
			}
			return s.SetQuota(ctx, u.ID, f.Text("kind"), n, clock.Today(ctx))
		}},
	{key: "party", right: scope.Work, menu: true, fits: stands,
		inputs: fixed(func(ctx context.Context, _ Unit) ui.Input {
			return choice(ctx, "party_kind", "org.party.", PartyLeads, []string{PartyLeads, PartyBasis})
		}, text1("party_name"), func(ctx context.Context, _ Unit) ui.Input {
			return choice(ctx, "form", "org.party_form.", "committee", PartyForms)
		}, day1("from"), func(ctx context.Context, _ Unit) ui.Input {
			return optional(input(ctx, ui.KindCheck, "replace", "1"))
		}),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			_, err := s.LinkParty(ctx, PartyLink{Unit: u.ID, Kind: f.Text("party_kind"), Name: f.Text("party_name"), Form: f.Text("form"), From: day(f, "from")}, f.Text("replace") != "")
			return renamed(err, "name", "party_name")
		}},
	{key: "leader", right: scope.Work, menu: true, fits: stands, inputs: fixed(text1("person"), maybe(text1("title")), day1("from")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return renamed(s.SetLeader(ctx, Leader{Unit: u.ID, Name: f.Text("person"), Title: f.Text("title"), From: day(f, "from")}), "name", "person")
		}},
	{key: "facts", right: scope.Work, menu: true, fits: stands, inputs: factInputs,
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			d, err := s.Detail(ctx, u.ID)
			if err != nil {
				return err
			}
			d.Ver, _ = strconv.ParseInt(f.Text("version"), 10, 64)
			d.Address, d.Phone, d.Intro = f.Text("address"), f.Text("phone"), f.Text("intro")
			if u.Level == Enterprise {
				d.CreditCode, d.Size, d.Ownership, d.HasParty = f.Text("credit_code"), f.Text("size"), f.Text("ownership"), 0
				if f.Text("has_party") != "" {
					d.HasParty = 1
				}
				d.Area = 0
				if f.Text("area") != "" {
					d.Area = s.someUnit(ctx, f, "area")
				}
			}
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return s.SetDetail(ctx, d)
		}},
	{key: "member", right: scope.Work, menu: true, fits: func(u Unit) bool { return stands(u) && u.Level == Park }, inputs: fixed(text1("unit"), day1("from")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.saveLink(ctx, f, LinkMember, s.someUnit(ctx, f, "unit"), u.ID)
		}},
	{key: "second", right: scope.Admin, menu: true, fits: below,
		inputs: fixed(text1("other"), func(ctx context.Context, _ Unit) ui.Input {
			return choice(ctx, "link_kind", "org.link_kind.", LinkSecondParent, []string{LinkSecondParent, LinkStation})
		}, day1("from")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return outOfReach(renamed(s.saveLink(ctx, f, f.Text("link_kind"), u.ID, s.someUnit(ctx, f, "other")), "unit", "other"), "other")
		}},
	{key: "target", right: scope.Work, menu: true, fits: isEnterprise, inputs: fixed(day1("from")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.AddTarget(ctx, u.ID, day(f, "from"))
		}},
	{key: "end_target", right: scope.Work, menu: true, fits: isEnterprise, inputs: fixed(day1("to")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.EndTarget(ctx, u.ID, day(f, "to"))
		}},
	{key: "plan", right: scope.Work, menu: true, fits: func(u Unit) bool { return stands(u) && u.Formed == clock.Open }, inputs: fixed(day1("day")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			if _, err := s.FoundingOf(ctx, u.ID); errs.Is(err, errs.NotFound) {
				return s.PlanFounding(ctx, u.ID, day(f, "day"))
			}
			return s.AdvanceFounding(ctx, u.ID, "preparation", day(f, "day"), "", "")
		}},
	{key: "approve", right: scope.Admin, menu: true, fits: func(u Unit) bool { return stands(u) && u.Formed == clock.Open }, inputs: fixed(day1("day"), text1("document")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.AdvanceFounding(ctx, u.ID, "approved", day(f, "day"), f.Text("document"), "")
		}},
	{key: "members", right: scope.Work, fits: stands,
		inputs: fixed(func(ctx context.Context, _ Unit) ui.Input { return input(ctx, ui.KindArea, "members", "") }),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.AdvanceFounding(ctx, u.ID, "members", "", "", f.Get("members"))
		}},
	{key: "found", right: scope.Admin, menu: true, fits: holds,
		inputs: func(ctx context.Context, _ *Service, u Unit) ([]ui.Input, error) {
			var levels []Level
			for _, l := range Levels {
				if u.Level.MayHold(l) {
					levels = append(levels, l)
				}
			}
			kinds := []Kind{"", Town, Rural, Street, Private, Joint}
			usual := kinds[0]
			if u.Level.Below() != "" {
				usual = u.Level.Below().Kinds()[0]
			}
			return []ui.Input{input(ctx, ui.KindText, "name", ""), choice(ctx, "level", "org.level.", string(u.Level.Below()), levels),
				choice(ctx, "kind", "org.kind.", string(usual), kinds), optional(input(ctx, ui.KindText, "code", "")), dayInput(ctx, "from"),
				optional(input(ctx, ui.KindCheck, "bare", "")), document(ctx)}, nil
		},
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			n := NewUnit{Code: f.Text("code"), Name: f.Text("name"), Level: Level(f.Text("level")), Kind: Kind(f.Text("kind")), Parent: u.ID,
				From: day(f, "from"), Bare: f.Text("bare") != "", Document: f.Text("document")}
			if !slices.Contains(n.Level.Kinds(), n.Kind) {
				n.Kind = ""
			}
			if clock.Today(ctx) < n.From {
				return invalid("from", "org.day_ahead")
			}
			if n.Level == Township && n.Kind == "" {
				return invalid("kind", "org.kind_unfit")
			}
			_, err := s.Found(ctx, n)
			return err
		}},
	{key: "rename", right: scope.Admin, menu: true, fits: stands,
		inputs: fixed(func(ctx context.Context, u Unit) ui.Input { return input(ctx, ui.KindText, "name", u.Name) }, day1("day"), doc1),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.Rename(ctx, u.ID, f.Text("name"), nil, day(f, "day"), f.Text("document"))
		}},
	{key: "kind", right: scope.Admin, menu: true, fits: func(u Unit) bool { return stands(u) && u.Level == Township },
		inputs: fixed(func(ctx context.Context, u Unit) ui.Input {
			return choice(ctx, "kind", "org.kind.", string(u.Kind), Township.Kinds())
		}, day1("day"), doc1),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.SetKind(ctx, u.ID, Kind(f.Text("kind")), day(f, "day"), f.Text("document"))
		}},
	{key: "move", right: scope.Admin, menu: true, fits: below, inputs: fixed(text1("parent"), day1("day"), doc1),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			to := s.someUnit(ctx, f, "parent")
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return outOfReach(s.Move(ctx, u.ID, to, day(f, "day"), f.Text("document")), "parent")
		}},
	{key: "merge", right: scope.Admin, menu: true, fits: below, inputs: fixed(text1("into"), day1("day"), doc1),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			to := s.someUnit(ctx, f, "into")
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return outOfReach(renamed(s.Merge(ctx, []id.ID{u.ID}, to, day(f, "day"), f.Text("document")), "units", "into"), "into")
		}},
	{key: "split", right: scope.Admin, menu: true, fits: func(u Unit) bool { return below(u) && holds(u) },
		inputs: func(ctx context.Context, s *Service, u Unit) ([]ui.Input, error) {
			nodes, err := s.Children(ctx, u.ID, clock.Today(ctx), "", 200)
			in := optional(input(ctx, ui.KindChecks, "children", ""))
			for _, n := range nodes {
				in.Options = append(in.Options, ui.Option{Value: n.Unit.ID.String(), Text: n.Unit.Name})
			}
			out := []ui.Input{input(ctx, ui.KindText, "name", ""), optional(input(ctx, ui.KindText, "code", ""))}
			if len(nodes) > 0 {
				out = append(out, in)
			}
			return append(out, dayInput(ctx, "day"), document(ctx)), err
		},
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			part := Part{Unit: NewUnit{Name: f.Text("name"), Code: f.Text("code"), Kind: u.Kind}}
			for _, c := range f.Values["children"] {
				if k, err := id.Parse(c); err == nil {
					part.Children = append(part.Children, k)
				}
			}
			_, err := s.Split(ctx, u.ID, []Part{part}, false, day(f, "day"), f.Text("document"))
			return err
		}},
	{key: "close", right: scope.Admin, menu: true, fits: below, inputs: fixed(day1("day"), doc1),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return renamed(s.Close(ctx, u.ID, day(f, "day"), f.Text("document")), "unit", "day")
		}},
	{key: "reopen", right: scope.Admin, menu: true, fits: func(u Unit) bool { return !stands(u) && u.Heir == 0 && u.From != u.To }, inputs: fixed(doc1),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.Reopen(ctx, u.ID, f.Text("document"))
		}},
	{key: "undo", right: scope.Admin, fits: func(Unit) bool { return true }, inputs: fixed(),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			e, err := s.store.event(ctx, rowOf(f))
			if err != nil || e.Unit != u.ID {
				return errs.New(errs.NotFound, "org.no_such_row")
			}
			return s.Undo(ctx, e.ID)
		}},
	{key: "end_post", right: scope.Work, fits: stands, inputs: fixed(day1("to")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			p, err := s.Post(ctx, rowOf(f))
			if err != nil || p.Unit != u.ID {
				return errs.New(errs.NotFound, "org.no_such_row")
			}
			return s.EndPost(ctx, p.ID, day(f, "to"))
		}},
	{key: "remove_post", right: scope.Work, fits: stands, back: "/posts", row: aboutPost(func(ctx context.Context) []ui.Input {
		return []ui.Input{input(ctx, ui.KindText, "why", "")}
	}),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			p, err := s.postAt(ctx, u, f.Text("row"))
			if err != nil {
				return err
			}
			return s.RemovePost(ctx, p.ID, f.Text("why"))
		}},
	{key: "restore_post", right: scope.Work, fits: stands, back: "/posts", row: aboutPost(nil),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			p, err := s.postAt(ctx, u, f.Text("row"))
			if err != nil {
				return err
			}
			err = s.RestorePost(ctx, p.ID)
			if e, ok := err.(*errs.Error); ok && len(e.Fields) > 0 { // nothing is typed there to put it beside
				var args []any
				for k, v := range e.Fields[0].Args {
					args = append(args, k, v)
				}
				return errs.New(errs.Conflict, e.Fields[0].Key, args...)
			}
			return err
		}},
	{key: "add_office", right: scope.Admin, fits: stands, back: "/offices",
		inputs: fixed(text1("zh"), maybe(text1("en")), func(ctx context.Context, _ Unit) ui.Input {
			return choice(ctx, "rights", "org.rights.", "view", []string{"view", "work", "admin"})
		}, func(ctx context.Context, _ Unit) ui.Input { return optional(input(ctx, ui.KindCheck, "single", "")) }),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			k := PostKind{Zh: f.Text("zh"), En: f.Text("en"), Rights: f.Text("rights")}
			if f.Text("single") != "" {
				k.Single = 1
			}
			_, err := s.AddPostKind(ctx, u.ID, k)
			return err
		}},
	{key: "call_office", right: scope.Admin, fits: stands, back: "/offices", row: aboutOffice,
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			return s.CallPostKind(ctx, u.ID, PostKind{Code: f.Text("row"), Zh: f.Text("zh"), En: f.Text("en"), Hidden: f.Text("hidden") != ""})
		}},
	{key: "end_party", right: scope.Work, fits: stands, inputs: fixed(day1("to")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			l, err := s.store.party(ctx, rowOf(f))
			if err != nil || l.Unit != u.ID {
				return errs.New(errs.NotFound, "org.no_such_row")
			}
			return s.EndParty(ctx, l.ID, day(f, "to"))
		}},
	{key: "end_link", right: scope.Work, fits: stands, inputs: fixed(day1("to")),
		save: func(ctx context.Context, s *Service, u Unit, f *web.Form) error {
			l, err := s.store.link(ctx, rowOf(f))
			if err != nil || l.Other != u.ID {
				return errs.New(errs.NotFound, "org.no_such_row")
			}
			return s.EndLink(ctx, l.ID, day(f, "to"))
		}},
}

func (s *Service) saveLink(ctx context.Context, f *web.Form, kind string, unit, other id.ID) error {
	if err := f.Problems.Err(); err != nil {
		return err
	}
	_, err := s.AddLink(ctx, Link{Unit: unit, Other: other, Kind: kind, From: day(f, "from")})
	return err
}

// renamed puts a service's problem beside the input by which the form asks for it.
func renamed(err error, from, to string) error {
	e, ok := err.(*errs.Error)
	if !ok {
		return err
	}
	for i := range e.Fields {
		if e.Fields[i].Name == from {
			e.Fields[i].Name = to
		}
	}
	return e
}

// outOfReach puts a refusal beside the unit that was named: the form's own unit is known to be this person's, so
// only the other one can be out of their reach, and the form keeps what was typed.
func outOfReach(err error, input string) error {
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return invalid(input, "org.unit_out_of_reach")
	}
	return err
}

func (s *Service) postInput(ctx context.Context, u Unit) (ui.Input, error) {
	in := input(ctx, ui.KindSelect, "kind", "")
	in.Label = i18n.T(ctx, "org.post")
	ks, err := s.PostKindsAt(ctx, u)
	for _, k := range ks {
		if k.Hidden {
			continue
		}
		in.Options = append(in.Options, ui.Option{Value: k.Code, Text: k.In(i18n.Lang(ctx))})
	}
	return in, err
}

func factInputs(ctx context.Context, s *Service, u Unit) ([]ui.Input, error) {
	d, err := s.Detail(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	var out []ui.Input
	if u.Level == Enterprise {
		checked, area := "", ""
		if d.HasParty == 1 {
			checked = "1"
		}
		if d.Area != 0 {
			a, err := s.Unit(ctx, d.Area)
			if err != nil {
				return nil, err
			}
			area = a.Code
		}
		out = append(out, optional(input(ctx, ui.KindText, "credit_code", d.CreditCode)),
			optional(choice(ctx, "size", "org.size.", d.Size, append([]string{""}, Sizes...))),
			optional(choice(ctx, "ownership", "org.ownership.", d.Ownership, append([]string{""}, Ownerships...))),
			optional(input(ctx, ui.KindCheck, "has_party", checked)), optional(input(ctx, ui.KindText, "area", area)))
	}
	return append(out, optional(input(ctx, ui.KindText, "address", d.Address)), optional(input(ctx, ui.KindTel, "phone", d.Phone)),
		optional(input(ctx, ui.KindArea, "intro", d.Intro))), nil
}

func (s *Service) formPage(f form) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		u, err := s.unitOf(r)
		if err != nil {
			return err
		}
		if !f.fits(u) {
			return web.NotFound(r)
		}
		return s.showForm(w, r, f, u, nil, nil, nil)
	}
}

func (s *Service) showForm(w http.ResponseWriter, r *http.Request, f form, u Unit, typed *web.Form, at map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	row := r.URL.Query().Get("row")
	if typed != nil {
		row = typed.Text("row")
	}
	v := formView{Unit: u, Title: i18n.T(ctx, "org.do."+f.key), Action: href(u.ID) + "/do/" + f.key, Back: href(u.ID) + f.back, Key: web.NewKey(), Faults: faults}
	if i18n.Has(ctx, "org.lead."+f.key) {
		v.Lead = i18n.T(ctx, "org.lead."+f.key)
	}
	var err error
	if f.row != nil {
		v.About, v.Inputs, err = f.row(ctx, s, u, row)
	} else {
		v.Inputs, err = f.inputs(ctx, s, u)
	}
	if err != nil {
		return err
	}
	version := ""
	if f.key == "facts" {
		d, err := s.Detail(ctx, u.ID)
		if err != nil {
			return err
		}
		version = strconv.FormatInt(d.Ver, 10)
	}
	status := 0
	if typed != nil {
		version, status = typed.Text("version"), http.StatusUnprocessableEntity
		for i := range v.Inputs {
			in := &v.Inputs[i]
			in.Value, in.Values, in.Error = typed.Get(in.Name), typed.Values[in.Name], at[in.Name]
		}
	}
	if row != "" {
		v.Hidden = append(v.Hidden, ui.Pair{Name: "row", Value: row})
	}
	if version != "" {
		v.Hidden = append(v.Hidden, ui.Pair{Name: "version", Value: version})
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "unit", Error: len(faults) > 0, Status: status}, formBody(v))
}

func (s *Service) formSave(f form) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		u, err := s.unitOf(r)
		if err != nil {
			return err
		}
		if !f.fits(u) {
			return web.NotFound(r)
		}
		typed, err := web.ReadForm(w, r)
		if err != nil {
			return err
		}
		to, err := web.Once(ctx, s.db, typed.Key(), func(ctx context.Context) (string, error) {
			typed.Problems = nil
			return href(u.ID) + f.back, f.save(ctx, s, u, typed)
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
		at, faults, rest := web.Problems(ctx, err)
		if rest != nil {
			// "Take the later event back first" belongs on the page where it was asked, with what was typed.
			if !errs.Is(rest, errs.Conflict) {
				return rest
			}
			faults = web.Faults(ctx, rest)
		}
		return s.showForm(w, r, f, u, typed, at, faults)
	}
}
