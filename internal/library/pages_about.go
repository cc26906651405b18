package library

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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

// mostCiting is how many documents are counted that cite one.
const mostCiting = 100

// mostOffered bounds the projects that a form offers; a search above it finds the others.
const mostOffered = 20

// entryRoutes are those on which the title of a document is taken in of which nobody has the text.
func (s *Service) entryRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/library/entry", Right: scope.Work, Scope: web.ByUnit, Name: "library.entryForm", Handler: s.memberForm(s.aboutEntry)},
		{Method: http.MethodPost, Path: "/library/entry", Right: scope.Work, Scope: web.ByUnit, Name: "library.entry", Handler: s.entryPost},
	}
}

func paperInputs(ctx context.Context, p Paper) []ui.Input {
	return []ui.Input{{Name: "issuers", Label: tr(ctx, "library.issuers"), Value: p.Issuers, Optional: true, MaxLength: maxIssuers, Hint: tr(ctx, "library.issuers_hint")},
		{Name: "number", Label: tr(ctx, "library.number"), Value: p.Number, Optional: true, MaxLength: maxNumber, Hint: tr(ctx, "library.number_hint")},
		{Kind: ui.KindDate, Name: "dated", Label: tr(ctx, "library.dated"), Value: string(p.Dated), Optional: true}}
}

func paperOf(f *web.Form) Paper {
	return Paper{Issuers: f.Text("issuers"), Number: f.Text("number"), Dated: clock.Day(f.Text("dated"))}
}

func (s *Service) aboutEntry(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	v := record.Form{Unit: u, Title: tr(ctx, "library.entry"), Lead: tr(ctx, "library.entry_lead"), Back: newPath(u.ID), Action: "/library/entry?unit=" + u.ID.String(), Submit: tr(ctx, "library.add_do"), Current: "library"}
	v.Inputs = append([]ui.Input{{Name: "title", Label: tr(ctx, "library.name"), Value: r.URL.Query().Get("title"), MaxLength: maxTitle, Hint: tr(ctx, "library.entry_title_hint")}}, paperInputs(ctx, Paper{})...)
	v.Inputs = append(v.Inputs, ui.Input{Name: "source", Label: tr(ctx, "library.entry_source"), Optional: true, MaxLength: maxSource, Hint: tr(ctx, "library.entry_source_hint")},
		s.categoryInput(ctx, "work.notice"), visibleInput(ctx, VisibleMembers))
	return v, err
}

func (s *Service) entryPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutEntry(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		ref, err := s.Enter(ctx, v.Unit.ID, Document{Title: f.Text("title"), Source: f.Text("source"), Category: f.Text("category"), Visible: Visible(f.Text("visible")), Paper: paperOf(f)})
		if err != nil {
			return "", err
		}
		d, _, err := s.Get(ctx, ref)
		return Path(d.No), err
	})
}

// aboutMore is the form of what is said of a document beside its title: what its own text offers stands in the inputs, and is kept only
// when somebody sends the form.
func (s *Service) aboutMore(r *http.Request, v *record.Form, d Document) error {
	ctx := r.Context()
	v.Submit = tr(ctx, "library.save")
	switch r.PathValue("act") {
	case ActPaper:
		p := d.Paper
		if p == (Paper{}) {
			t, err := s.Text(ctx, d)
			if err != nil {
				return err
			}
			p.Number = ownNumber(t)
		}
		v.Inputs = paperInputs(ctx, p)
	case ActProject:
		return s.aboutProject(r, v, d)
	case ActSpeaker:
		return s.aboutSpeaker(ctx, v, d)
	}
	return nil
}

func (s *Service) aboutSpeaker(ctx context.Context, v *record.Form, d Document) error {
	sp, unit := d.Speaker, ""
	if sp == (Speaker{}) {
		t, err := s.Text(ctx, d)
		if err != nil {
			return err
		}
		said := SpokenIn(d.Title, t)
		sp.Person, sp.On, unit = said.Person, said.On, cmp.Or(said.Unit, v.Unit.Name)
		if said.Person != "" || said.On != clock.Open {
			v.Lead = i18n.T(ctx, "library.speaker_offered", "Title", d.Title)
		}
	} else if sp.Unit != 0 {
		u, err := s.org.Unit(ctx, sp.Unit)
		if err != nil {
			return err
		}
		unit = u.Name
	}
	v.Inputs = []ui.Input{{Name: "person", Label: tr(ctx, "library.person"), Value: sp.Person, Optional: true, MaxLength: maxPerson, Hint: tr(ctx, "library.person_hint"), Autocomplete: "off"},
		{Name: "unit", Label: tr(ctx, "library.speaker_unit"), Value: unit, Optional: true, MaxLength: maxTitle, Hint: tr(ctx, "library.speaker_unit_hint")},
		{Kind: ui.KindDate, Name: "on", Label: tr(ctx, "library.on"), Value: string(sp.On), Optional: true, Hint: tr(ctx, "library.on_hint")}}
	return nil
}

func (s *Service) aboutProject(r *http.Request, v *record.Form, d Document) error {
	ctx := r.Context()
	if s.projects == nil {
		return web.NotFound(r)
	}
	v.Finding(r, ui.Input{Name: "q", Label: tr(ctx, "library.project_find"), Optional: true, MaxLength: maxTitle})
	list, err := s.projects.Of(ctx, v.Unit.ID, v.Sought("q"), mostOffered)
	if err != nil {
		return err
	}
	in := ui.Input{Kind: ui.KindSelect, Name: "project", Label: tr(ctx, "library.project"), Options: []ui.Option{{Text: tr(ctx, "library.project_none")}}}
	if now, err := s.projectNamed(ctx, d.Project); err == nil {
		in.Value = now.Ref.String()
		in.Options = append(in.Options, ui.Option{Value: in.Value, Text: i18n.T(ctx, "library.project_line", "Title", now.Title, "No", now.No)})
	}
	for _, p := range list {
		if p.Ref != d.Project {
			in.Options = append(in.Options, ui.Option{Value: p.Ref.String(), Text: i18n.T(ctx, "library.project_line", "Title", p.Title, "No", p.No)})
		}
	}
	if len(list) == mostOffered {
		in.Hint = i18n.T(ctx, "library.project_more", "N", mostOffered)
	}
	v.Inputs = []ui.Input{in}
	return nil
}

// moreDone keeps what such a form says.
func (s *Service) moreDone(ctx context.Context, act string, v record.Form, f *web.Form) error {
	switch act {
	case ActPaper:
		return s.SetPaper(ctx, v.Ref, f.Version(), paperOf(f))
	case ActProject:
		return s.SetProject(ctx, v.Ref, f.Version(), f.Ref("project"))
	}
	sp := Speaker{Person: f.Text("person"), On: clock.Day(f.Text("on"))}
	if sp.Person != "" || sp.On != clock.Open { // the unit alone stands there from the beginning
		var err error
		if sp.Unit, err = s.unitNamed(ctx, f.Text("unit"), v.Unit); err != nil {
			return err
		}
	}
	return s.SetSpeaker(ctx, v.Ref, f.Version(), sp)
}

// unitNamed is the unit that somebody wrote, by code or by name, with 关工委 behind it or without; 0 for none.
func (s *Service) unitNamed(ctx context.Context, typed string, own org.Unit) (id.ID, error) {
	if typed == "" {
		return 0, nil
	}
	if org.Names(own.Name, typed) {
		return own.ID, nil
	}
	if u, err := s.org.ByCode(ctx, typed); err == nil {
		return u.ID, nil
	} else if !errs.Is(err, errs.NotFound) {
		return 0, err
	}
	hits, err := s.org.Search(ctx, org.OfCommittee(typed), 20)
	if err != nil {
		return 0, err
	}
	var found []org.Hit
	for _, h := range hits {
		if org.Names(h.Unit.Name, typed) {
			found = append(found, h)
		}
	}
	if len(found) == 0 { // by a name that it had before
		found = hits
	}
	var f errs.Fields
	switch {
	case len(found) == 1:
		return found[0].Unit.ID, nil
	case len(found) == 0:
		f.Add("unit", "library.unit_unknown")
	default:
		var names []string
		for _, h := range found[:min(len(found), 5)] {
			names = append(names, h.Unit.Code+" "+h.Unit.Name)
		}
		f.Add("unit", "library.unit_several", "Names", strings.Join(names, tr(ctx, "library.semicolon")))
	}
	return 0, f.Err()
}

// aboutOf is what is said of a document beside its title: who spoke, what it cites and who cites it, its project; for those who work there
// the ways to say it.
func (s *Service) aboutOf(ctx context.Context, p *docView, ref id.Ref, v Document, u org.Unit, t Text) error {
	works := scope.From(ctx).May(scope.Work, u.Pos)
	spoke, err := s.SpokenOf(ctx, v)
	if err != nil {
		return err
	}
	if spoke.Text != "" {
		p.Spoken = ui.Link{Text: spoke.Text, Href: web.Address("/library", Filter{Speaker: v.Speaker.Person}.query()), Sub: i18n.T(ctx, "library.spoken_others", "Person", v.Speaker.Person)}
		if works && len(spoke.Posts) == 0 {
			if err := s.noPost(ctx, p, v.Speaker); err != nil {
				return err
			}
		}
	}
	if v.Paper != (Paper{}) {
		p.Citation = i18n.T(ctx, "library.citation", "Issuers", v.Issuers, "Title", quoted(v.Title), "Number", v.Number, "Day", i18n.Day(ctx, v.Dated))
	}
	refs, err := s.References(ctx, ref.ID, t, mostCited)
	if err != nil {
		return err
	}
	for _, x := range refs {
		words := cmp.Or(x.Title, x.Number)
		l := ui.Link{Text: words, Href: web.Address("/library", Filter{Words: words}.query())}
		if x.No != 0 {
			l.Href = Path(x.No)
			if x.Others > 0 {
				l.Sub = i18n.T(ctx, "library.cited_others", "N", x.Others)
			}
		}
		p.Cited = append(p.Cited, l)
	}
	list, total, err := s.CitedBy(ctx, ref.ID, v, mostCited, mostCiting+1)
	if err != nil {
		return err
	}
	if p.CitedBy, err = s.links(ctx, list); err != nil {
		return err
	}
	if total > 0 {
		key := "library.cited_by_n"
		if total > mostCiting {
			key = "library.cited_by_more"
		}
		p.CitedByN = ui.Link{Text: i18n.T(ctx, key, "N", min(total, mostCiting))}
		if total > len(list) {
			p.CitedByN.Href = web.Address("/library", Filter{Cites: v.No, State: Issued}.query())
		}
	}
	if x, err := s.projectNamed(ctx, v.Project); err == nil {
		p.Project = append(p.Project, ui.Link{Text: x.Title, Href: x.Href, Sub: x.No})
	} else if !errs.Is(err, errs.NotFound) {
		return err
	}
	if works && v.State != Review {
		s.waysToSay(ctx, p, ref, v, t)
	}
	return nil
}

// noPost tells those who work there that no post of the speaker is known, and where the unit's posts stand.
func (s *Service) noPost(ctx context.Context, p *docView, sp Speaker) error {
	n := ui.Note{Kind: "w", Title: i18n.T(ctx, "library.no_post", "Person", sp.Person, "Day", i18n.Day(ctx, sp.On)), Text: tr(ctx, "library.no_post_why")}
	if sp.Unit != 0 {
		u, err := s.org.Unit(ctx, sp.Unit)
		if err != nil {
			return err
		}
		if scope.From(ctx).May(scope.View, u.Pos) {
			n.Links = []ui.Link{{Text: i18n.T(ctx, "library.posts_of", "Unit", org.CommitteeShort(u.Name)), Href: "/unit/" + u.ID.String() + "/posts"}}
		}
	}
	p.Notes = append(p.Notes, n)
	return nil
}

func (s *Service) waysToSay(ctx context.Context, p *docView, ref id.Ref, v Document, t Text) {
	way := func(act, key, sub string) {
		p.Ways = append(p.Ways, ui.Link{Text: tr(ctx, key), Href: actPath(ref) + "/" + act, Sub: sub})
	}
	switch {
	case v.Speaker != (Speaker{}):
		way(ActSpeaker, "library.do.speaker", v.Speaker.Person)
	default:
		offered := ""
		if isSpeech(v) {
			if said := SpokenIn(v.Title, t); said.Person != "" {
				offered = i18n.T(ctx, "library.speaker_found", "Person", said.Person)
			}
		}
		way(ActSpeaker, "library.do.speaker_add", offered)
	}
	way(ActPaper, "library.do.paper", v.Number)
	if s.projects != nil {
		way(ActProject, "library.do.project", "")
	}
}

// narrowed says in words what a list is narrowed to beside its facets, and leads to all.
func (s *Service) narrowed(ctx context.Context, f Filter) (under string, all []ui.Link) {
	switch {
	case f.Speaker != "":
		under = i18n.T(ctx, "library.of_speaker", "Person", f.Speaker)
	case f.Project != (id.Ref{}):
		under = tr(ctx, "library.of_project_none")
		if p, err := s.projectNamed(ctx, f.Project); err == nil {
			under = i18n.T(ctx, "library.of_project", "Title", p.Title)
		}
	case f.Cites != 0:
		under = tr(ctx, "library.of_cites_none")
		if _, d, _, err := s.Number(ctx, f.Cites); err == nil {
			under = i18n.T(ctx, "library.of_cites", "Title", quoted(d.Title))
		}
	default:
		return "", nil
	}
	return under, []ui.Link{{Text: tr(ctx, "library.all_documents"), Href: "/library"}}
}

// aboutIn reads what an address asks for of speakers, projects and citations.
func (f *Filter) aboutIn(q url.Values) {
	f.Speaker = plainName(q.Get("speaker"))
	if ref, err := id.ParseRef(q.Get("project")); err == nil {
		f.Project = ref
	}
	if no, err := strconv.ParseInt(q.Get("cites"), 10, 64); err == nil && no > 0 {
		f.Cites = no
	}
}

// projectIn is the project that an address names, zero when it names none.
func projectIn(r *http.Request) id.Ref {
	ref, err := id.ParseRef(r.URL.Query().Get("project"))
	if err != nil {
		return id.Ref{}
	}
	return ref
}

// mostOfProject is how many documents of a project its page names.
const mostOfProject = 10

type projectView struct {
	List  []ui.Link
	All   string
	Write string
}

// ProjectPanel is the box of what was learnt on a project's page: its documents that the reader may see, and for those who work at one of
// the units that keep it the way to write one (R208). It is nil when there is nothing to show.
func (s *Service) ProjectPanel(ctx context.Context, ref id.Ref, units []id.ID) (templ.Component, error) {
	f := Filter{Project: ref, Limit: mostOfProject + 1}
	list, _, _, _, err := s.List(ctx, f)
	if err != nil {
		return nil, err
	}
	var v projectView
	if len(list) > mostOfProject {
		list, v.All = list[:mostOfProject], web.Address("/library", f.query())
	}
	if v.List, err = s.links(ctx, list); err != nil {
		return nil, err
	}
	for _, unit := range units {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return nil, err
		}
		if scope.From(ctx).May(scope.Work, u.Pos) && (v.Write == "" || u.ID == scope.From(ctx).Unit) {
			v.Write = web.Address("/library/new", url.Values{"unit": {u.ID.String()}, "category": {"research.lessons"}, "project": {ref.String()}})
		}
	}
	if len(v.List) == 0 && v.Write == "" {
		return nil, nil
	}
	return projectTempl(v), nil
}
