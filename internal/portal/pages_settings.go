package portal

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// officeForm begins a form about a unit's site.
func officeForm(ctx context.Context, u org.Unit, path, title string) record.Form {
	return record.Form{Unit: u, Title: title, Over: u.Name, Back: at("/portal", u.ID), Action: at(path, u.ID), Submit: tr(ctx, "portal.save"), Current: Kind}
}

func (s *Service) aboutSettings(r *http.Request) (record.Form, Site, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, Site{}, err
	}
	x, err := s.Site(ctx, u)
	if err != nil {
		return record.Form{}, Site{}, err
	}
	v := officeForm(ctx, u, "/portal/settings", tr(ctx, "portal.settings"))
	v.Lead, v.Version = tr(ctx, "portal.settings_lead"), x.Ver
	on := ""
	if x.On {
		on = "1"
	}
	text := func(name, value string, most int, optional bool) ui.Input {
		return ui.Input{Name: name, Label: tr(ctx, "portal.f."+name), Hint: tr(ctx, "portal.hint."+name), Value: value, MaxLength: most, Optional: optional, Autocomplete: "off"}
	}
	tel := func(name, value string) ui.Input {
		in := text(name, value, maxShort, false)
		in.Kind = ui.KindTel
		return in
	}
	area := func(name, value string) ui.Input {
		in := text(name, value, maxAbout, true)
		in.Kind, in.Lines = ui.KindArea, 8
		return in
	}
	colour := ui.Input{Kind: ui.KindRadio, Name: "colour", Label: tr(ctx, "portal.f.colour"), Hint: tr(ctx, "portal.hint.colour"), Value: x.Colour}
	for _, c := range Colours {
		colour.Options = append(colour.Options, ui.Option{Value: c, Text: tr(ctx, "portal.colour."+c)})
	}
	columns := ui.Input{Kind: ui.KindChecks, Name: "columns", Label: tr(ctx, "portal.f.columns"), Hint: tr(ctx, "portal.hint.columns"), Values: x.Columns}
	for _, c := range Columns {
		if c != Help {
			columns.Options = append(columns.Options, ui.Option{Value: c, Text: tr(ctx, "portal.column."+c)})
		}
	}
	name := text("title", x.Title, maxTitle, false)
	name.Label = tr(ctx, "portal.f.name")
	v.Inputs = []ui.Input{name, text("slug", x.Slug, 32, false), text("motto", x.Motto, maxMotto, true), area("about", x.About), tel("hotline", x.Hotline), text("human", x.Human, maxShort, false),
		tel("phone", x.Phone), text("hours", x.Hours, maxShort, false), area("signup", x.Signup), colour, columns}
	may, _, err := s.out.Operates(ctx)
	if err != nil {
		return v, x, err
	}
	if may {
		in := text("hosts", strings.Join(x.Hosts, "\n"), 0, true)
		in.Kind, in.Lines = ui.KindArea, 2
		v.Inputs = append(v.Inputs, in)
	}
	v.Inputs = append(v.Inputs, ui.Input{Kind: ui.KindCheck, Name: "on", Label: tr(ctx, "portal.f.open"), Hint: tr(ctx, "portal.hint.open"), Value: on, Optional: true})
	return v, x, nil
}

func (s *Service) settingsPage(w http.ResponseWriter, r *http.Request) error {
	v, _, err := s.aboutSettings(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) settingsPost(w http.ResponseWriter, r *http.Request) error {
	v, was, err := s.aboutSettings(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		x := Site{Slug: f.Text("slug"), On: f.Text("on") != "", Hosts: was.Hosts, Title: f.Text("title"), Motto: f.Text("motto"), About: f.Get("about"), Colour: f.Text("colour"), Hotline: f.Text("hotline"), Human: f.Text("human"),
			Phone: f.Text("phone"), Hours: f.Text("hours"), Columns: f.Values["columns"], Signup: f.Get("signup"), Ver: f.Version()}
		if f.Has("hosts") {
			x.Hosts = f.Lines("hosts")
			if h := HostOf(r.Host); h != "" && slices.Contains(x.Hosts, h) && !slices.Contains(was.Hosts, h) { // the address of the program itself
				f.Problems.Add("hosts", "portal.host_own", "Host", h)
				return "", f.Problems.Err()
			}
		}
		return at("/portal", v.Unit.ID), s.SetSite(ctx, v.Unit.ID, x)
	})
}

func (s *Service) figuresAbout(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	day := clock.Today(ctx)
	v := officeForm(ctx, u, "/portal/figures", tr(ctx, "portal.figures"))
	v.Lead, v.Submit = tr(ctx, "portal.figures_lead"), tr(ctx, "portal.publish_figures")
	list, err := s.Choices(ctx, u, day)
	if err != nil {
		return v, err
	}
	published, err := s.Published(ctx, u.ID)
	if err != nil {
		return v, err
	}
	in := ui.Input{Kind: ui.KindChecks, Name: "codes", Label: tr(ctx, "portal.f.codes"), Hint: tr(ctx, "portal.hint.codes", "N", maxFigures)}
	for _, f := range published {
		in.Values = append(in.Values, f.Code)
	}
	offered := map[string]bool{}
	for _, c := range list {
		offered[c.Definition.Code] = true
		in.Options = append(in.Options, ui.Option{Value: c.Definition.Code, Text: c.Definition.Name.In(i18n.Lang(ctx)), Sub: tr(ctx, "portal.now", "Number", said(ctx, c.Definition, c.Amount))})
	}
	for _, f := range published { // what came to nothing may still be said, or taken away
		if d, err := s.ledger.Figure(f.Code); err == nil && !offered[f.Code] {
			in.Options = append(in.Options, ui.Option{Value: f.Code, Text: d.Name.In(i18n.Lang(ctx)), Sub: tr(ctx, "portal.now", "Number", tr(ctx, "portal.nothing"))})
		}
	}
	v.Inputs = []ui.Input{{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "portal.f.as_of"), Hint: tr(ctx, "portal.hint.as_of"), Value: string(lastMonth(day)), Max: string(day)}, in}
	return v, nil
}

// lastMonth is the last day of the month before.
func lastMonth(d clock.Day) clock.Day { return clock.Day(string(d)[:8] + "01").AddDays(-1) }

// said is an amount with its measure word; "fewer than five" where it is told nobody.
func said(ctx context.Context, d ledger.Definition, amount int64) string {
	number, unit := numbered(ctx, d, amount)
	return tr(ctx, "portal.measured", "Number", number, "Unit", unit)
}

func (s *Service) figuresPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.figuresAbout(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) figuresPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.figuresAbout(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		day := f.Day("day")
		if err := f.Problems.Err(); err != nil {
			return "", err
		}
		return at("/portal", v.Unit.ID), s.Publish(ctx, v.Unit, day, f.Values["codes"])
	})
}

func (s *Service) activitiesAbout(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	v := officeForm(ctx, u, "/portal/activities", tr(ctx, "portal.activities"))
	v.Lead = tr(ctx, "portal.activities_lead", "N", limits.Ahead)
	list, shown, err := s.Coming(ctx, u)
	if err != nil {
		return v, err
	}
	if len(list) == 0 {
		v.Lead, v.Submit = tr(ctx, "portal.activities_nothing", "N", limits.Ahead), ""
		return v, nil
	}
	in := ui.Input{Kind: ui.KindChecks, Name: "shown", Label: tr(ctx, "portal.f.shown")}
	for _, e := range list {
		in.Options = append(in.Options, ui.Option{Value: e.Ref.String(), Text: e.Title, Sub: eventSub(ctx, e)})
		if shown[e.Ref] {
			in.Values = append(in.Values, e.Ref.String())
		}
	}
	v.Inputs = []ui.Input{in}
	for _, e := range list {
		if shown[e.Ref] {
			places := ui.Input{Kind: ui.KindNumber, Name: placesOf(e.Ref), Label: tr(ctx, "portal.f.places", "Title", e.Title), Hint: tr(ctx, "portal.hint.places", "N", e.Taken), Optional: true}
			if e.Places > 0 {
				places.Value = digits(e.Places)
			}
			v.Inputs = append(v.Inputs, places)
		}
	}
	return v, nil
}

// placesOf is the input in which stands how many may come to an activity.
func placesOf(ref id.Ref) string { return "places-" + ref.String() }

func (s *Service) activitiesPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.activitiesAbout(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) activitiesPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.activitiesAbout(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		var refs []id.Ref
		for _, x := range f.Values["shown"] {
			if ref, err := id.ParseRef(x); err == nil {
				refs = append(refs, ref)
			}
		}
		places := map[id.Ref]int64{}
		for _, in := range v.Inputs {
			text, ok := strings.CutPrefix(in.Name, "places-")
			if !ok || !f.Has(in.Name) { // shown since the page was opened, or a program: nothing was said of how many
				continue
			}
			ref, err := id.ParseRef(text)
			if err != nil {
				return "", err
			}
			n, err := strconv.ParseInt(cmp.Or(width.Narrow.String(f.Text(in.Name)), "0"), 10, 64)
			if places[ref] = n; err != nil || n < 0 || n > mostPlaces {
				f.Problems.Add(in.Name, "portal.places_number", "N", mostPlaces)
			}
		}
		if err := f.Problems.Err(); err != nil {
			return "", err
		}
		return at("/portal", v.Unit.ID), s.Show(ctx, v.Unit, refs, places)
	})
}

// letter is what somebody wrote as the office reads it.
type letter struct {
	record.Shown
	Take *ui.Post // enters them as a candidate, without typing it again
}

func (s *Service) wishAbout(r *http.Request) (letter, record.Form, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return letter{}, record.Form{}, err
	}
	x, u, words, err := s.ReadWish(ctx, ref)
	if err != nil {
		return letter{}, record.Form{}, err
	}
	var v letter
	v.Shown = record.Shown{Heading: ui.Heading{Over: u.Name, Title: wishTitle(ctx, x), Tags: []ui.Mark{{Text: tr(ctx, "portal.waits")}}}}
	v.Facts = []ui.Fact{{Label: tr(ctx, "portal.f.at"), Text: i18n.Day(ctx, clock.DayOf(timeOf(x.At)))}, {Label: tr(ctx, "portal.f.due"), Text: i18n.Day(ctx, x.Due)}}
	if x.Outcome != "" {
		v.Heading.Tags = []ui.Mark{{Text: tr(ctx, "portal.outcome."+x.Outcome), Kind: "p"}}
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "portal.f.done"), Text: x.DoneBy + " " + i18n.Day(ctx, clock.DayOf(timeOf(x.DoneAt)))})
	}
	say := "portal.f.can"
	if x.Kind == ToCome {
		say = "portal.f.say"
	}
	if x.Sealed == "" {
		v.Notes = append(v.Notes, ui.Note{Title: tr(ctx, "portal.forgotten")})
	} else {
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "portal.f.your_name"), Text: words.Name}, ui.Fact{Label: tr(ctx, "portal.f.your_phone"), Text: words.Phone, Href: ui.Tel(words.Phone)}, ui.Fact{Label: tr(ctx, say), Text: or(words.Can, tr(ctx, "portal.said_nothing"))})
	}
	if x.Kind == ToCome {
		about := id.Ref{Root: x.ActivityRoot, ID: x.Activity}
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "portal.f.people"), Text: digits(x.People)}, ui.Fact{Label: tr(ctx, "portal.f.activity"), Text: x.About, Href: "/activity/" + about.String()})
		list, shown, err := s.Coming(ctx, u)
		if err != nil {
			return letter{}, record.Form{}, err
		}
		at := slices.IndexFunc(list, func(e Event) bool { return e.Ref == about && shown[about] })
		switch {
		case at >= 0:
			v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "portal.f.when"), Text: eventSub(ctx, list[at])})
		case x.Outcome == "" || x.Outcome == "welcome":
			v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "portal.no_longer"), Text: tr(ctx, "portal.no_longer_do")})
		}
	}
	if x.Kind == ToHelp && x.Sealed != "" && (x.Outcome == "" || x.Outcome == "welcome") {
		v.Take = &ui.Post{Text: tr(ctx, "portal.take_up"), Action: at("/volunteer/new", u.ID), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "begin", Value: "1"}, {Name: "name", Value: words.Name}, {Name: "phone", Value: words.Phone}, {Name: "note", Value: words.Can}}}
	}
	f := record.Form{Ref: ref, Unit: u, Title: v.Heading.Title, Over: u.Name, Back: at("/portal", u.ID), Action: wishPath(ref), Submit: tr(ctx, "portal.save"), Current: Kind, Version: x.Ver}
	in := ui.Input{Kind: ui.KindRadio, Name: "outcome", Label: tr(ctx, "portal.f.outcome"), Value: x.Outcome}
	for _, o := range Outcomes {
		in.Options = append(in.Options, ui.Option{Value: o, Text: tr(ctx, "portal.outcome."+o)})
	}
	f.Inputs = []ui.Input{in}
	return v, f, nil
}

func (s *Service) wishPage(w http.ResponseWriter, r *http.Request) error {
	v, f, err := s.wishAbout(r)
	if err != nil {
		return err
	}
	f.Spec = ui.FormSpec{Action: f.Action, Key: web.NewKey(), Submit: f.Submit, Hidden: []ui.Pair{{Name: "_version", Value: digits(f.Version)}}}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: crumbs(r.Context(), f.Unit, v.Heading.Title)}
	return web.Render(w, r, page, wishTempl(v, f))
}

func (s *Service) answerPost(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.wishAbout(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		return at("/portal", v.Unit.ID), s.AnswerWish(ctx, v.Ref, f.Version(), f.Text("outcome"))
	})
}

// notFoundOr makes what is not there and what is not theirs the same to a visitor.
func notFoundOr(r *http.Request, err error) error {
	if errs.Is(err, errs.NotFound) {
		return web.NotFound(r)
	}
	return err
}
