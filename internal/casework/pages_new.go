package casework

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/seal"
)

type newView struct {
	Heading ui.Heading
	Lead    string
	Note    *ui.Note
	Faults  []ui.Fault
	Classes []ui.Link // when no class was chosen yet
	Form    form
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request) error {
	return s.showNew(w, r, nil, nil)
}

// showNew asks for the class first, then for what the class asks. Opened from a request for help it comes filled in.
func (s *Service) showNew(w http.ResponseWriter, r *http.Request, typed *web.Form, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if !worksAt(ctx, u.ID, u.Pos) {
		return errs.New(errs.Forbidden, "casework.not_here")
	}
	q := r.URL.Query()
	v := newView{Heading: ui.Heading{Title: tr(ctx, "casework.new"), Under: u.Name}}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "casework.title"), Href: at("/casework", u.ID)}, {Text: v.Heading.Title}}}
	from, _ := id.ParseRef(q.Get("from"))
	k, chosen := classOf(q.Get("class"))
	if !chosen {
		v.Lead = tr(ctx, "casework.new_lead")
		for _, k := range Classes() {
			v.Classes = append(v.Classes, ui.Link{Text: tr(ctx, "casework.class."+k.Code), Sub: tr(ctx, "casework.class_sub."+k.Code), Href: web.Address("/casework/new", nil, "unit", u.ID.String(), "from", q.Get("from"), "class", k.Code)})
		}
		return web.Render(w, r, page, newTempl(v))
	}
	f := typed
	if f == nil {
		f = &web.Form{Values: url.Values{}}
		if from != (id.Ref{}) {
			n, err := s.FromRequest(ctx, u, from)
			if err != nil {
				return err
			}
			for name, text := range n.Person {
				f.Set(name, text)
			}
			v.Note = &ui.Note{Title: tr(ctx, "casework.from_request"), Text: tr(ctx, "casework.from_request_what")}
		}
	}
	beside, faults, err := problems(ctx, failed)
	if err != nil {
		return err
	}
	if v.Faults = faults; len(faults) > 0 {
		page.Error, page.Status = true, errs.KindOf(failed).Status()
	}
	v.Lead = tr(ctx, "casework.reads."+k.Code)
	staff, err := s.people.Colleagues(ctx, u.ID)
	if err != nil {
		return err
	}
	v.Form = newForm(ctx, u, k, q, staff, f, beside)
	return web.Render(w, r, page, newTempl(v))
}

func newForm(ctx context.Context, u org.Unit, k Class, q url.Values, staff []seal.Colleague, f *web.Form, beside map[string]string) form {
	a := asking{ctx, Case{}, f, beside, staff}
	var list []ui.Input
	for _, name := range k.Fields {
		kind := ui.KindText
		if name == "narrative" || name == "project" {
			kind = ui.KindArea
		}
		in := a.in(kind, name, "")
		in.Sealed, in.Optional = true, !slices.Contains(k.Required, name)
		if kind == ui.KindText {
			in.MaxLength = maxShort
		}
		list = append(list, in)
	}
	if beside["name"] != "" {
		list = append(list, a.in(ui.KindCheck, "other", ""))
	}
	consents := Consents
	if k.Consent == "must" {
		consents = []string{Given}
	}
	why := a.in(ui.KindText, "consent_why", "")
	why.Optional, why.Sealed = true, true
	given := a.in(ui.KindDate, "given", string(clock.Today(ctx)))
	given.Max = string(clock.Today(ctx))
	list = append(list, a.pick("consent", Given, options(ctx, "casework.consent.", consents)), given, a.pick("form", seal.Forms[0], options(ctx, "casework.form.", seal.Forms)))
	if k.Consent != "must" {
		list = append(list, why)
	}
	rhythm := a.in(ui.KindNumber, "rhythm", strconv.Itoa(k.Rhythm))
	rhythm.Unit, rhythm.Min, rhythm.Max, rhythm.Short = tr(ctx, "casework.days"), "1", strconv.Itoa(mostRhythm), true
	holder, lead := a.colleague("holder", true), a.colleague("lead", true)
	holder.Optional, lead.Optional = len(staff) == 0, len(staff) == 0
	list = append(list, rhythm, holder, lead)
	return form{Inputs: list, Spec: ui.FormSpec{Action: web.Address("/casework/new", nil, "unit", u.ID.String(), "class", k.Code, "from", q.Get("from")), Key: or(f.Key(), web.NewKey()), Submit: tr(ctx, "casework.open_it")}}
}

func (s *Service) newPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if !worksAt(ctx, u.ID, u.Pos) { // whatever else was sent
		return errs.New(errs.Forbidden, "casework.not_here")
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	if q := r.URL.Query(); q.Get("class") == "" && f.Has("class") { // a program says the class with the rest; a page asked for it before
		q.Set("class", f.Text("class"))
		r = r.Clone(ctx)
		r.URL.RawQuery = q.Encode()
	}
	n := Opening{Unit: u.ID, Class: r.URL.Query().Get("class"), Holder: f.Text("holder"), Lead: f.Text("lead"), Person: map[string]string{}, Consent: f.Text("consent"), Given: f.Day("given"), Form: f.Text("form"), Why: f.Text("consent_why"), Other: f.Text("other") != ""}
	if text := f.Text("rhythm"); text != "" {
		if n.Rhythm, err = table.ParseInt(text); err != nil || n.Rhythm == 0 {
			n.Rhythm = -1 // not the class's own: the rules say so
		}
	}
	n.From, _ = id.ParseRef(r.URL.Query().Get("from"))
	k, _ := classOf(n.Class)
	for _, name := range k.Fields {
		n.Person[name] = f.Text(name)
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		ref, err := s.OpenCase(ctx, n)
		if err != nil {
			return "", err
		}
		if _, reads, err := s.Known(ctx, ref); err != nil || !reads { // opened for others
			return at("/casework", u.ID), err
		}
		return path(ref), nil
	})
	if errs.Is(err, errs.Invalid) && k.Code != "" {
		return s.showNew(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

type printView struct {
	Heading ui.Heading
	Whole   bool
	Facts   []ui.Fact
	Plan    []ui.Fact
	Lines   []ui.Word
	Other   ui.Button
}

// printPage is a case file on paper: without what tells who it is about unless that is asked for, which the log then says.
func (s *Service) printPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	o, err := s.Open(ctx, ref)
	if err != nil {
		return err
	}
	c, whole := o.Case, r.URL.Query().Get("whole") == "1"
	if whole {
		if err := s.printed(ctx, c); err != nil {
			return err
		}
	} else {
		o = redacted(o)
	}
	v := printView{Heading: ui.Heading{Title: tr(ctx, "casework.one", "No", c.No), Under: tr(ctx, "casework.class."+c.Class)}, Whole: whole, Other: ui.Button{Text: tr(ctx, "casework.print_whole"), Href: path(ref) + "/print?whole=1"}}
	if whole {
		v.Other = ui.Button{Text: tr(ctx, "casework.print_redacted"), Href: path(ref) + "/print"}
	}
	v.Facts = append(personFacts(ctx, c.class().Fields, o.Person, c.Consent), caseFacts(ctx, c)...)
	for i := range o.Entries {
		v.Lines = append(v.Lines, shownOf(ctx, c.class(), o.Entries, i))
	}
	_, v.Plan = latest(ctx, c.class(), o.Entries)
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "casework.title"), Href: at("/casework", c.Unit)}, {Text: v.Heading.Title, Href: path(ref)}, {Text: tr(ctx, "casework.print")}}}
	return web.Render(w, r, page, printTempl(v))
}

// redacted is a case without what tells who it is about: the first character of names, the year of birth, and words in which what is known
// of the person is blacked out.
func redacted(o Opened) Opened {
	person := map[string]string{}
	for name, text := range o.Person {
		switch name {
		case "name", "guardian":
			person[name] = hide(text)
		case "birth":
			person[name] = text
		case "narrative", "project", "consent_why":
			person[name] = redact(text, o.Person)
		}
	}
	out := Opened{Case: o.Case, Pairs: o.Pairs}
	for _, e := range o.Entries {
		said := map[string]string{}
		for name, text := range e.Words {
			said[name] = redact(text, o.Person)
		}
		if e.Words != nil {
			e.Words = said
		}
		out.Entries = append(out.Entries, e)
	}
	if o.Person != nil {
		out.Person = person
	}
	return out
}
