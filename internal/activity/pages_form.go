package activity

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// maxUpload bounds a report with its pictures, in bytes: as many as there may be, each larger than one is taken.
const maxUpload = MaxPhotos * 2 * file.MaxPhotoBytes

// group is a section of a form; a short form has one without a title.
type group struct {
	Title, Hint string
	Fields      []ui.Input
}

type formView struct {
	Title   string
	Back    ui.Link
	Lead    string
	Action  string
	Key     string
	Version int64
	Hidden  []ui.Pair
	Groups  []group
	File    bool
	Faults  []ui.Fault
	Submit  string
	Similar []similarLine // perhaps the same activity, reported before
	Keep    string        // whose typing the telephone keeps until it is sent
	Draft   *ui.DraftSpec // the server keeps it, too, when asked
	Notes   []ui.Note
}

// similarLine is an activity that is perhaps the same one. Join is nil when the reader's unit hosts it already.
type similarLine struct {
	Text, Sub, Href string
	Join            *ui.Post
}

func input(ctx context.Context, f *web.Form, kind ui.Kind, name string) ui.Input {
	label, _, _ := strings.Cut(name, ".")
	return ui.Input{Kind: kind, Name: name, Label: i18n.T(ctx, "activity.f."+label), Value: f.Get(name)}
}

func optional(in ui.Input) ui.Input { in.Optional = true; return in }

func hinted(ctx context.Context, in ui.Input) ui.Input {
	name, _, _ := strings.Cut(in.Name, ".")
	in.Hint = i18n.T(ctx, "activity.hint."+name)
	return in
}

func brief(in ui.Input) ui.Input { in.Short = true; return in }

func choose(in ui.Input, options []ui.Option) ui.Input { in.Options = options; return in }

func options(ctx context.Context, beginning string, keys ...string) []ui.Option {
	out := make([]ui.Option, len(keys))
	for i, k := range keys {
		out[i] = ui.Option{Value: k, Text: i18n.T(ctx, beginning+k)}
	}
	return out
}

// entries are a city's list as options.
func entries(ctx context.Context, list []Choice) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, c := range list {
		out[i] = ui.Option{Value: c.Code, Text: c.in(ctx)}
	}
	return out
}

func withNone(ctx context.Context, key string, list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, key)}}, list...)
}

// preset fills an answer that the address did not give.
func preset(f *web.Form, name, value string) {
	if !f.Has(name) {
		f.Set(name, value)
	}
}

// number reads a count as people write it; nothing is 0.
func number(f *web.Form, name string) int64 {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	n, err := table.ParseCount(text)
	if err != nil {
		f.Problems.Add(name, "activity.count_odd")
	}
	return n
}

// day reads a day as people write it; nothing is open.
func day(f *web.Form, name string) clock.Day {
	text := f.Text(name)
	if text == "" {
		return clock.Open
	}
	d, err := table.ParseDay(text)
	if err != nil {
		f.Problems.Add(name, "errs.day_unreadable")
	}
	return clock.Day(d)
}

// nth names the input of one of several rows.
func nth(name string, i int) string { return name + "." + strconv.Itoa(i) }

func typed(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// sections are the questions about an activity. The report asks what a phone can answer in a few taps; full asks all.
func (s *Service) sections(ctx context.Context, u org.Unit, f *web.Form, full bool) ([]group, error) {
	l, err := s.Lists(ctx, u.Root())
	if err != nil {
		return nil, err
	}
	types, err := s.usual(ctx, u.ID, l[TypeList])
	if err != nil {
		return nil, err
	}
	title := input(ctx, f, ui.KindText, "title")
	title.MaxLength = maxName
	topics := choose(input(ctx, f, ui.KindSelect, "topic"), withNone(ctx, "activity.choose", entries(ctx, l[TopicList])))
	what := group{Title: i18n.T(ctx, "activity.g.what"), Fields: []ui.Input{choose(input(ctx, f, ui.KindSelect, "type"), entries(ctx, types)), title, topics}}
	times := group{Title: i18n.T(ctx, "activity.g.when"), Hint: i18n.T(ctx, "activity.hint.when"), Fields: []ui.Input{input(ctx, f, ui.KindDate, "day"),
		optional(brief(hinted(ctx, input(ctx, f, ui.KindText, "from")))), optional(brief(input(ctx, f, ui.KindText, "to")))}}
	out := []group{what, times, s.placeGroup(ctx, f, full)}
	out = append(out, s.headGroup(ctx, f, l, full))
	who := group{Title: i18n.T(ctx, "activity.g.people"), Fields: []ui.Input{optional(hinted(ctx, input(ctx, f, ui.KindText, "lecturers"))), optional(input(ctx, f, ui.KindText, "helpers")),
		hinted(ctx, input(ctx, f, ui.KindText, "responsible")), input(ctx, f, ui.KindTel, "phone")}}
	out = append(out, who)
	more := group{Title: i18n.T(ctx, "activity.g.more")}
	if s.campaigns != nil {
		open, err := s.campaigns.Open(ctx, u.ID, max(clock.Day(f.Text("day")), clock.Day("1900-01-01")))
		if err != nil {
			return nil, err
		}
		if len(open) > 0 {
			in := optional(hinted(ctx, input(ctx, f, ui.KindChecks, "campaigns")))
			in.Values = f.Values["campaigns"]
			for _, c := range open {
				in.Options = append(in.Options, ui.Option{Value: c.Ref.String(), Text: c.Title})
			}
			more.Fields = append(more.Fields, in)
		}
	}
	more.Fields = append(more.Fields, optional(choose(input(ctx, f, ui.KindSelect, "series"), withNone(ctx, "activity.no_series", entries(ctx, l[SeriesList])))),
		optional(hinted(ctx, input(ctx, f, ui.KindText, "hosts"))))
	if full {
		times := &out[1]
		times.Fields = append(times.Fields, optional(hinted(ctx, input(ctx, f, ui.KindDate, "last_day"))))
		if s.materials != nil {
			more.Fields = append(more.Fields, optional(hinted(ctx, input(ctx, f, ui.KindText, "materials"))))
		}
		area := func(name string) ui.Input { return optional(input(ctx, f, ui.KindArea, name)) }
		more.Fields = append(more.Fields, optional(brief(input(ctx, f, ui.KindNumber, "works"))), optional(brief(input(ctx, f, ui.KindNumber, "awards"))), area("aim"), area("method"), area("summary"))
		return append(out, more), nil
	}
	summary := optional(hinted(ctx, input(ctx, f, ui.KindArea, "summary")))
	photo := optional(hinted(ctx, input(ctx, f, ui.KindFile, "photo")))
	photo.Accept, photo.Multiple = "image/*", true
	return append(out, group{Title: i18n.T(ctx, "activity.g.photos"), Fields: []ui.Input{summary, photo, optional(recognised(ctx, f))}}, more), nil
}

// placeGroup asks for the stops: one on the report, as many as there are and one more on the full form.
func (s *Service) placeGroup(ctx context.Context, f *web.Form, full bool) group {
	g := group{Title: i18n.T(ctx, "activity.g.where"), Hint: i18n.T(ctx, "activity.hint.where")}
	n := 1
	for full && n < MaxStops && f.Text("place."+strconv.Itoa(n-1)) != "" {
		n++
	}
	var kinds []string
	for _, v := range Venues {
		if v != "base" { // a base is told by its name
			kinds = append(kinds, v)
		}
	}
	for i := range n {
		no := strconv.Itoa(i)
		place, venue := input(ctx, f, ui.KindText, "place."+no), choose(input(ctx, f, ui.KindSelect, "venue."+no), options(ctx, "activity.venue.", kinds...))
		if i > 0 {
			place.Label = i18n.T(ctx, "activity.f.stop_n", "N", i+1)
			place = optional(place)
		}
		g.Fields = append(g.Fields, place, venue)
		if full {
			memorial := optional(input(ctx, f, ui.KindCheck, "memorial."+no))
			g.Fields = append(g.Fields, memorial, optional(brief(input(ctx, f, ui.KindText, "stop_from."+no))), optional(brief(input(ctx, f, ui.KindText, "stop_to."+no))))
		}
	}
	return g
}

// headGroup asks who came: two groups on the report, two more than there are on the full form.
func (s *Service) headGroup(ctx context.Context, f *web.Form, l lists, full bool) group {
	g := group{Title: i18n.T(ctx, "activity.g.heads"), Hint: i18n.T(ctx, "activity.hint.heads"), Fields: []ui.Input{
		choose(input(ctx, f, ui.KindRadio, "mode"), options(ctx, "activity.mode.", string(Face), string(Online), string(Both)))}}
	n := 2
	if full {
		n = 4
	}
	for f.Text("count."+strconv.Itoa(n-1)) != "" {
		n++
	}
	for i := range n {
		no := strconv.Itoa(i)
		who, many := choose(input(ctx, f, ui.KindSelect, "group."+no), withNone(ctx, "activity.no_group", entries(ctx, l[GroupList]))), brief(input(ctx, f, ui.KindNumber, "count."+no))
		many.Unit = i18n.T(ctx, "activity.person_times")
		if i > 0 {
			who.Label = i18n.T(ctx, "activity.f.group_n", "N", i+1)
			who, many = optional(who), optional(many)
		}
		g.Fields = append(g.Fields, who, many)
	}
	online := optional(brief(input(ctx, f, ui.KindNumber, "online")))
	online.Unit = i18n.T(ctx, "activity.person_times")
	return group{Title: g.Title, Hint: g.Hint, Fields: append(g.Fields, online)}
}

// safetyGroup asks for the safety plan and what a camp needs beside it.
func safetyGroup(ctx context.Context, f *web.Form, camp bool) group {
	risks := choose(input(ctx, f, ui.KindChecks, "risks"), options(ctx, "activity.risk.", Risks...))
	risks.Values = f.Values["risks"]
	g := group{Title: i18n.T(ctx, "activity.g.safety"), Hint: i18n.T(ctx, "activity.hint.safety"), Fields: []ui.Input{hinted(ctx, input(ctx, f, ui.KindArea, "plan")), risks,
		hinted(ctx, input(ctx, f, ui.KindText, "emergency")), input(ctx, f, ui.KindText, "signed_by"), input(ctx, f, ui.KindDate, "signed_on")}}
	if camp {
		g.Fields = append(g.Fields, hinted(ctx, input(ctx, f, ui.KindText, "insurance")), brief(input(ctx, f, ui.KindNumber, "staff")))
	}
	return g
}

func safetyFrom(f *web.Form, was Safety) Safety {
	was.Plan, was.Risks, was.Emergency, was.SignedBy, was.SignedOn = f.Text("plan"), f.Values["risks"], f.Text("emergency"), f.Text("signed_by"), day(f, "signed_on")
	if f.Has("insurance") {
		was.Insurance, was.Staff = f.Text("insurance"), number(f, "staff")
	}
	return was
}

// fromForm reads an activity over the one that it was; what the form did not ask stays.
func (s *Service) fromForm(ctx context.Context, root int64, f *web.Form, was Activity) (Activity, error) {
	a := was
	for name, to := range map[string]*string{"title": &a.Title, "type": &a.Type, "topic": &a.Topic, "series": &a.Series, "from": &a.From, "to": &a.To, "responsible": &a.Responsible,
		"phone": &a.Phone, "aim": &a.Aim, "method": &a.Method, "summary": &a.Summary} {
		if f.Has(name) {
			*to = f.Text(name)
		}
	}
	for name, to := range map[string]*int64{"online": &a.Online, "works": &a.Works, "awards": &a.Awards} {
		if f.Has(name) {
			*to = number(f, name)
		}
	}
	if f.Has("day") {
		a.Day = day(f, "day")
	}
	if f.Has("last_day") {
		a.LastDay = day(f, "last_day")
	}
	if f.Has("mode") {
		a.Mode = Mode(f.Text("mode"))
	}
	if f.Has("plan") {
		a.Safety = safetyFrom(f, a.Safety)
	}
	if err := s.stopsFrom(ctx, root, f, &a); err != nil {
		return a, err
	}
	if f.Has(nth("group", 0)) {
		a.Audience, a.Minors = audienceFrom(f), 0
	}
	problems := f.Problems
	if f.Has("materials") {
		a.Materials = materialsFrom(f.Text("materials"), &problems)
	}
	var people []Person
	for _, role := range []string{"lecturer", "helper"} {
		if !f.Has(role + "s") {
			continue
		}
		list, err := s.peopleNamed(ctx, role+"s", role, f.Text(role+"s"), was.People)
		if rest := gather(&problems, err); rest != nil {
			return a, rest
		}
		people = append(people, list...)
	}
	if f.Has("lecturers") {
		a.People = append(people, slices.DeleteFunc(slices.Clone(was.People), func(p Person) bool { return p.Role != "judge" })...)
	}
	if f.Has("hosts") {
		hosts, err := s.hostsNamed(ctx, f.Text("hosts"))
		if rest := gather(&problems, err); rest != nil {
			return a, rest
		}
		if len(was.Hosts) > 0 {
			a.Hosts = append(slices.Clone(was.Hosts[:1]), hosts...)
		}
	}
	if f.Has("asked_campaigns") {
		a.Campaigns = nil
		for _, text := range f.Values["campaigns"] {
			if ref, err := id.ParseRef(text); err == nil {
				a.Campaigns = append(a.Campaigns, ref)
			}
		}
	}
	return a, problems.Err()
}

// gather collects what has to be changed; another error is handed back.
func gather(to *errs.Fields, err error) error {
	if err == nil {
		return nil
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Kind == errs.Invalid {
		*to = append(*to, e.Fields...)
		return nil
	}
	return err
}

func (s *Service) stopsFrom(ctx context.Context, root int64, f *web.Form, a *Activity) error {
	if !f.Has(nth("place", 0)) {
		return nil
	}
	var out []Stop
	for i := 0; f.Has("place." + strconv.Itoa(i)); i++ {
		no := strconv.Itoa(i)
		var was Stop
		if i < len(a.Stops) {
			was = a.Stops[i]
		}
		st := Stop{Base: was.Base, Place: f.Text("place." + no), Venue: f.Text("venue." + no), Memorial: was.Memorial, From: was.From, To: was.To}
		if f.Has("stop_from." + no) {
			st.From, st.To, st.Memorial = f.Text("stop_from."+no), f.Text("stop_to."+no), f.Text("memorial."+no) != ""
		}
		if st.Place != was.Place {
			var err error
			if st, err = s.stopNamed(ctx, root, st.Place, st); err != nil {
				return err
			}
		}
		out = append(out, st)
	}
	a.Stops = out
	return nil
}

func audienceFrom(f *web.Form) []Audience {
	var out []Audience
	for i := 0; f.Has("group." + strconv.Itoa(i)); i++ {
		no := strconv.Itoa(i)
		g := Audience{Group: f.Text("group." + no), Count: number(f, "count."+no)}
		if g.Count != 0 || g.Group != "" && i == 0 && f.Text("mode") != string(Online) {
			out = append(out, g)
		}
	}
	return out
}

// hostsNamed are the units that somebody wrote, by code or whole name.
func (s *Service) hostsNamed(ctx context.Context, text string) ([]Host, error) {
	var out []Host
	var f errs.Fields
	for _, name := range words(text) {
		u, err := s.org.ByCode(ctx, name)
		if err == nil {
			out = append(out, Host{Unit: u.ID})
			continue
		}
		if !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		hits, err := s.org.Search(ctx, name, 20)
		if err != nil {
			return nil, err
		}
		var found []org.Unit
		for _, h := range hits {
			if h.Unit.Name == name && h.Unit.StandsOn(clock.Today(ctx)) {
				found = append(found, h.Unit)
			}
		}
		switch len(found) {
		case 1:
			out = append(out, Host{Unit: found[0].ID})
		case 0:
			f.Add("hosts", "activity.host_unknown", "Name", name)
		default:
			f.Add("hosts", "activity.host_several", "Name", name)
		}
	}
	return out, f.Err()
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, key := &web.Form{Values: r.URL.Query()}, web.NewKey()
	draft, err := web.OpenDraft(ctx, s.db, newAt(u), f.Text("draft"))
	if err != nil {
		return err
	}
	if draft != nil {
		f.Values, key = draft.Values, draft.Key
	}
	preset(f, "day", string(clock.Today(ctx)))
	preset(f, "mode", string(Face))
	if err := s.asBefore(ctx, u, f); err != nil {
		return err
	}
	preset(f, "responsible", scope.From(ctx).Name)
	if d := f.Text("campaign"); d != "" {
		f.Values["campaigns"] = []string{d}
	}
	return s.renderNew(w, r, u, f, key, nil, nil)
}

// newAt is the address at which a unit's activity is reported.
func newAt(u org.Unit) string { return link("/activity/new", "unit", u.ID.String()) }

// asBefore presets what is mostly the same from one activity of a unit to the next: who is responsible, who comes, what
// kind of place.
func (s *Service) asBefore(ctx context.Context, u org.Unit, f *web.Form) error {
	a, err := s.latest(ctx, u)
	if err != nil || len(a.Hosts) == 0 {
		return err
	}
	preset(f, "responsible", a.Responsible)
	preset(f, "phone", a.Phone)
	preset(f, "topic", a.Topic)
	if len(a.Audience) > 0 {
		preset(f, nth("group", 0), a.Audience[0].Group)
	}
	if v := a.Venue(); v != "base" {
		preset(f, nth("venue", 0), v)
	}
	return nil
}

// readUpload reads a form with pictures within its bound. Pictures that are good are kept at once, so that they are not
// chosen again when something else has to be changed; the form carries their names.
func (s *Service) readUpload(w http.ResponseWriter, r *http.Request) (*web.Form, []Photo, error) {
	var fresh []Photo
	var bad errs.Fields
	f, err := web.ReadUpload(w, r, maxUpload, "activity.photos_large", func(input, name string, file io.Reader) error {
		if input != "photo" {
			return nil
		}
		list, err := s.Keep(r.Context(), []Upload{{File: file, Name: name}}, "", "")
		if errs.Is(err, errs.Internal) {
			return err
		}
		if err != nil {
			bad.Add("photo", "activity.photo_bad", "Name", name, "Why", i18n.Error(r.Context(), err))
		}
		fresh = append(fresh, list...)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	f.Problems = append(f.Problems, bad...)
	kept := append(keptPhotos(f.Values["kept"]), fresh...)
	minors := f.Text("photo_minors")
	if !slices.Contains(Recognised, minors) {
		minors = ""
	}
	alt := f.Text("alt")
	if alt == "" {
		alt = f.Text("title")
	}
	for i := range kept {
		kept[i].Alt, kept[i].Minors = alt, minors
	}
	f.Values["kept"] = nil
	for _, p := range kept {
		f.Values["kept"] = append(f.Values["kept"], strings.Join([]string{p.Full, p.Thumb, strconv.Itoa(p.W), strconv.Itoa(p.H)}, "~"))
	}
	return f, kept, nil
}

// keptPhotos reads the names of pictures that the form carried back.
func keptPhotos(list []string) []Photo {
	var out []Photo
	for _, text := range list {
		parts := strings.Split(text, "~")
		if len(parts) != 4 || len(out) >= MaxPhotos {
			continue
		}
		w, err1 := strconv.Atoi(parts[2])
		h, err2 := strconv.Atoi(parts[3])
		if err1 == nil && err2 == nil && hash(parts[0]) && hash(parts[1]) {
			out = append(out, Photo{Full: parts[0], Thumb: parts[1], W: w, H: h})
		}
	}
	return out
}

func hash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, photos, err := s.readUpload(w, r)
	if err != nil {
		return err
	}
	var alike []Listed
	to, err := s.once(ctx, f, "create", func(ctx context.Context) (id.Ref, error) {
		a, err := s.fromForm(ctx, u.Root(), f, Activity{Hosts: []Host{{Unit: u.ID}}, Status: Held})
		l, bad := s.Lists(ctx, u.Root())
		if bad != nil {
			return id.Ref{}, bad
		}
		if kind, _ := find(l[TypeList], a.Type); a.Day > clock.Today(ctx) || kind.Parent == Camp { // a camp is reported once its list is there
			a.Status = Planned
		}
		if rest := a.addPhotos(photos); rest != nil {
			return id.Ref{}, rest
		}
		if err != nil {
			return id.Ref{}, err
		}
		if f.Text("different") == "" {
			if alike, err = s.Similar(ctx, a); err != nil {
				return id.Ref{}, err
			}
			if len(alike) > 0 {
				var bad errs.Fields
				bad.Add("different", "activity.similar")
				return id.Ref{}, bad.Err()
			}
		}
		return s.Create(ctx, a, record.Change{Act: "activity.act.create"})
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if k := errs.KindOf(err); k == errs.Internal || k == errs.NotFound {
		return err
	}
	return s.renderNew(w, r, u, f, f.Key(), alike, err)
}

func (s *Service) renderNew(w http.ResponseWriter, r *http.Request, u org.Unit, f *web.Form, key string, alike []Listed, failed error) error {
	ctx := r.Context()
	groups, err := s.sections(ctx, u, f, false)
	if err != nil {
		return err
	}
	v := formView{Title: i18n.T(ctx, "activity.do.create"), Back: ui.Link{Text: i18n.T(ctx, "activity.title"), Href: link("/activity", "unit", u.ID.String())},
		Lead: i18n.T(ctx, "activity.do_lead.create", "Unit", u.Name), Action: newAt(u), Key: key, Groups: groups, File: true,
		Submit: i18n.T(ctx, "activity.submit"), Hidden: []ui.Pair{{Name: "asked_campaigns", Value: "1"}}, Keep: scope.From(ctx).Account.String(), Draft: &ui.DraftSpec{}}
	open, err := web.OpenDraft(ctx, s.db, v.Action, key)
	if err != nil {
		return err
	}
	if open != nil {
		v.Draft.Key = open.Key
	}
	if failed == nil {
		if v.Notes, err = web.DraftNotes(ctx, s.db, v.Action, open); err != nil {
			return err
		}
	}
	for _, k := range f.Values["kept"] {
		v.Hidden = append(v.Hidden, ui.Pair{Name: "kept", Value: k})
	}
	if n := len(f.Values["kept"]); n > 0 {
		for i := range v.Groups {
			for j := range v.Groups[i].Fields {
				if in := &v.Groups[i].Fields[j]; in.Name == "photo" {
					in.Hint = i18n.T(ctx, "activity.photos_kept", "N", n)
				}
			}
		}
	}
	camp := f.Text("type") == Camp
	if _, ok := problemOf(failed, "signed_by", "emergency", "insurance", "staff"); ok || f.Has("plan") || camp {
		preset(f, "signed_by", scope.From(ctx).Name)
		preset(f, "signed_on", f.Text("day"))
		_, asks := problemOf(failed, "insurance", "staff")
		at := len(v.Groups) - 2
		v.Groups = slices.Insert(v.Groups, at, safetyGroup(ctx, f, camp || asks || f.Has("insurance")))
	}
	if len(alike) > 0 {
		if v.Similar, err = s.similarLines(ctx, u, alike); err != nil {
			return err
		}
		v.Groups = append([]group{{Fields: []ui.Input{{Kind: ui.KindCheck, Name: "different", Label: i18n.T(ctx, "activity.different")}}}}, v.Groups...)
	}
	return renderForm(w, r, v, failed)
}

// problemOf finds the first of the fields that has to be changed.
func problemOf(err error, names ...string) (errs.Field, bool) {
	if err == nil {
		return errs.Field{}, false
	}
	var e *errs.Error
	if !errors.As(err, &e) {
		return errs.Field{}, false
	}
	for _, f := range e.Fields {
		if slices.Contains(names, f.Name) {
			return f, true
		}
	}
	return errs.Field{}, false
}

// similarLines offers to join what others have reported, and to look at what one has reported oneself.
func (s *Service) similarLines(ctx context.Context, u org.Unit, list []Listed) ([]similarLine, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Lead
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []similarLine
	for _, l := range list {
		line := similarLine{Text: l.Title, Sub: i18n.T(ctx, "activity.similar_sub", "Unit", units[l.Lead].Name, "Day", i18n.Day(ctx, l.Day), "Place", l.Place)}
		a, _, err := s.asKept(ctx, l.Ref())
		if err != nil {
			return nil, err
		}
		if _, _, err := s.Get(ctx, l.Ref()); err == nil {
			line.Href = "/activity/" + l.Ref().String()
		}
		if a.host(u.ID) < 0 {
			line.Join = &ui.Post{Text: i18n.T(ctx, "activity.join"), Sub: l.Title, Action: "/activity/" + l.Ref().String() + "/join", Key: web.NewKey(), Main: true,
				Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
		}
		out = append(out, line)
	}
	return out, nil
}

// renderForm shows a form; after a refusal with what to change, on top and beside the fields.
func renderForm(w http.ResponseWriter, r *http.Request, v formView, failed error) error {
	ctx := r.Context()
	status := 0
	if failed != nil {
		at, summary, rest := web.Problems(ctx, failed)
		if rest != nil {
			summary = web.Faults(ctx, rest)
		}
		v.Faults, status = summary, errs.KindOf(failed).Status()
		for _, g := range v.Groups {
			for i := range g.Fields {
				g.Fields[i].Error = at[g.Fields[i].Name]
			}
		}
	}
	p := web.Page{Title: v.Title, Plain: true, Current: Kind, Error: failed != nil, Status: status, Keeps: v.Keep != "", Crumbs: []ui.Link{v.Back, {Text: v.Title}}}
	return web.Render(w, r, p, formPage(v))
}
