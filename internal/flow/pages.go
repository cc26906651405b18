package flow

import (
	"context"
	"net/http"
	"net/url"
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
)

// Routes are the module's addresses.
func (s *Service) Routes() []web.Route {
	routes := []web.Route{
		{Method: "GET", Path: "/inbox", Right: scope.SignedIn, Scope: web.Self, Name: "flow.showInbox", Handler: s.showInbox},
		{Method: "GET", Path: HandoverPath, Right: scope.Work, Scope: web.Self, Name: "flow.showHandover", Handler: s.showHandover},
		{Method: "POST", Path: "/inbox/done", Right: scope.Work, Scope: web.ByRecord, Name: "flow.tickOff", Handler: s.tickOff},
		s.liveRoute(),
		{Method: "GET", Path: "/flow/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "flow.showCase", Handler: s.showCase},
		{Method: "POST", Path: "/flow/{ref}/act", Right: scope.Work, Scope: web.ByRecord, Name: "flow.actOnCase", Handler: s.actOnCase},
		{Method: "GET", Path: "/api/v1/inbox", Right: scope.SignedIn, Scope: web.Self, Name: "flow.apiInbox", Handler: s.apiInbox},
		{Method: "GET", Path: "/api/v1/flow/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "flow.apiCase", Handler: s.apiCase},
		{Method: "POST", Path: "/api/v1/flow/{ref}/act", Right: scope.Work, Scope: web.ByRecord, Name: "flow.apiAct", Handler: s.apiAct},
	}
	if s.places != nil {
		routes = append(routes,
			web.Route{Method: "GET", Path: "/courses", Right: scope.Admin, Scope: web.ByUnit, Name: "flow.showCourses", Handler: s.showCourses},
			web.Route{Method: "GET", Path: "/courses/{course}", Right: scope.Admin, Scope: web.ByUnit, Name: "flow.showCourse", Handler: s.showCourse},
			web.Route{Method: "GET", Path: "/courses/{course}/change", Right: scope.Admin, Scope: web.ByUnit, Name: "flow.changeCourseForm", Handler: s.changeCourseForm},
			web.Route{Method: "POST", Path: "/courses/{course}/change", Right: scope.Admin, Scope: web.ByUnit, Name: "flow.changeCourse", Handler: s.changeCourse},
			web.Route{Method: "POST", Path: "/courses/{course}/reset", Right: scope.Admin, Scope: web.ByUnit, Name: "flow.resetCourse", Handler: s.resetCourse})
	}
	if s.people == nil { // nobody could be named
		return routes
	}
	return append(routes,
		web.Route{Method: "GET", Path: "/flow/substitute", Right: scope.Work, Scope: web.Self, Name: "flow.showSubstitute", Handler: s.showSubstitute},
		web.Route{Method: "POST", Path: "/flow/substitute", Right: scope.Work, Scope: web.Self, Name: "flow.setSubstitute", Handler: s.setSubstitute},
		web.Route{Method: "POST", Path: "/flow/substitute/end", Right: scope.Work, Scope: web.Self, Name: "flow.endSubstitute", Handler: s.dropSubstitute})
}

// pageTasks bounds what one page of the inbox shows; the rest moves up as these are done.
const pageTasks = 100

// doneDays is how long done tasks stay at the end of the inbox.
const doneDays = 14

type inboxView struct {
	head   ui.Heading
	views  []ui.Choice
	groups []inboxGroup
	rest   int
	done   []ui.Link
}

type inboxGroup struct {
	id, title string
	items     []Item
}

// Todos puts items into the form that ui.Todo shows. back is where an act done from the list leads to, "/inbox" or
// "/"; empty leaves the buttons out.
func Todos(ctx context.Context, items []Item, back string) []ui.Due {
	return todos(ctx, items, back, "for")
}

// todos is Todos with the text key of what Item.For says: for whom it is done, or with whom it waits.
func todos(ctx context.Context, items []Item, back, tag string) []ui.Due {
	today := clock.Today(ctx)
	out := make([]ui.Due, 0, len(items))
	for _, it := range items {
		d := ui.Due{Title: it.Title, Why: it.Why, Said: it.Said, Href: it.Link}
		d.Due, d.Now = dueText(ctx, it, today)
		if it.Urgency != "" {
			d.Tags = append(d.Tags, ui.Mark{Text: i18n.T(ctx, "flow.urgency."+it.Urgency), Kind: "w"})
		}
		if it.For != "" {
			d.Tags = append(d.Tags, ui.Mark{Text: i18n.T(ctx, "flow."+tag, "For", it.For)})
		}
		if back != "" {
			d.Acts = itemActs(ctx, it, back)
		}
		out = append(out, d)
	}
	return out
}

func itemActs(ctx context.Context, it Item, back string) []ui.Post {
	var out []ui.Post
	if it.Note() {
		out = append(out, ui.Post{Text: i18n.T(ctx, "flow.read_it"), Sub: it.Title, Action: "/inbox/done", Key: web.NewKey(),
			Hidden: []ui.Pair{{Name: "task", Value: it.Task.String()}, {Name: "back", Value: back}}})
	}
	for _, a := range it.Acts {
		hidden := []ui.Pair{{Name: "act", Value: a.Key}, {Name: "seen", Value: strconv.FormatInt(it.Steps, 10)}, {Name: "back", Value: back}}
		if a.NeedsDay {
			hidden = append(hidden, ui.Pair{Name: "day", Value: string(clock.Today(ctx))})
		}
		out = append(out, ui.Post{Text: a.Title, Sub: it.Title, Action: "/flow/" + it.Case.String() + "/act", Key: web.NewKey(), Main: a.Main, Hidden: hidden})
	}
	return out
}

// dueText says how long there is; now marks what cannot wait.
func dueText(ctx context.Context, it Item, today clock.Day) (text string, now bool) {
	if it.Kind == KindBelow {
		return i18n.T(ctx, "flow.overdue"), true
	}
	if it.Due == clock.Open {
		return i18n.T(ctx, "flow.due_none"), false
	}
	days := int(it.Due.Time().Sub(today.Time()).Hours() / 24)
	switch {
	case days < 0:
		return i18n.T(ctx, "flow.due_over", "Days", -days), true
	case days == 0:
		return i18n.T(ctx, "flow.due_today"), true
	case days <= doneDays:
		return i18n.T(ctx, "flow.due_days", "Days", days), false
	}
	return i18n.T(ctx, "flow.due_day", "Day", i18n.Day(ctx, it.Due)), false
}

// grouped divides items by when they are due.
func grouped(items []Item, today clock.Day) []inboxGroup {
	groups := []inboxGroup{{id: "now", title: "flow.inbox_now"}, {id: "week", title: "flow.inbox_week"}, {id: "later", title: "flow.inbox_later"}}
	for _, it := range items {
		i := min(dueWhen(it.Due, today), dueLater)
		if it.Kind == KindBelow {
			i = dueNow
		}
		groups[i].items = append(groups[i].items, it)
	}
	var out []inboxGroup
	for _, g := range groups {
		if len(g.items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (s *Service) showInbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a := scope.From(ctx)
	switch q := r.URL.Query(); {
	case q.Get("below") != "":
		return s.showBelow(w, r)
	case q.Get("sent") != "":
		return s.showSent(w, r)
	}
	whose := whoseIn(r.URL.Query())
	items, n, err := s.InboxOf(ctx, whose, pageTasks)
	if err != nil {
		return err
	}
	done, err := s.DoneSince(ctx, clock.Now(ctx).AddDate(0, 0, -doneDays).UnixMilli(), 20)
	if err != nil {
		return err
	}
	v := inboxView{head: ui.Heading{Title: i18n.T(ctx, "flow.inbox"), Under: waitingLine(ctx, n)}, views: inboxViews(ctx, "", whose), groups: grouped(items, clock.Today(ctx)),
		rest: max(0, n.All-pageTasks)}
	if a.Unit != 0 {
		if v.head.Over, err = s.units.Name(ctx, a.Unit); err != nil {
			return err
		}
	}
	if s.people != nil && a.May(scope.Work, a.Pos) {
		v.head.Acts = append(v.head.Acts, ui.Button{Text: i18n.T(ctx, "flow.inbox_substitute"), Href: "/flow/substitute"})
	}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) {
		v.head.Acts = append(v.head.Acts, ui.Button{Text: i18n.T(ctx, "flow.handover"), Href: HandoverPath})
	}
	if s.places != nil && a.May(scope.Admin, a.Pos) {
		v.head.Acts = append(v.head.Acts, ui.Button{Text: i18n.T(ctx, "flow.courses"), Href: "/courses"})
	}
	for _, it := range done {
		v.done = append(v.done, ui.Link{Text: it.Title, Href: it.Link,
			Sub: i18n.T(ctx, "flow.done_line", "Name", it.Done, "Day", i18n.Day(ctx, dayOf(it.DoneAt)))})
	}
	p := web.Page{Title: i18n.T(ctx, "flow.inbox"), Current: "inbox"}
	if ref, err := id.ParseRef(r.URL.Query().Get("done")); err == nil {
		if p.Flash, err = s.justDone(ctx, ref); err != nil {
			return err
		}
	}
	return web.Render(w, r, p, inboxPage(v))
}

// whoseIn reads whose tasks an address asks for; what it does not know is everybody's.
func whoseIn(q url.Values) Whose {
	if w := Whose(q.Get("whose")); w == OwnOnes || w == ForOthers {
		return w
	}
	return Everybodys
}

// waitingLine says how much waits in one line: what a digest of the day says.
func waitingLine(ctx context.Context, n Waiting) string {
	if n.All == 0 {
		return ""
	}
	out := []string{i18n.T(ctx, "flow.waiting_all", "N", n.All)}
	if n.Late > 0 {
		out = append(out, i18n.T(ctx, "flow.waiting_late", "N", n.Late))
	}
	if n.Due > n.Late {
		out = append(out, i18n.T(ctx, "flow.waiting_today", "N", n.Due-n.Late))
	}
	if n.New > 0 {
		out = append(out, i18n.T(ctx, "flow.waiting_new", "N", n.New))
	}
	return strings.Join(out, i18n.T(ctx, "flow.waiting_comma"))
}

// inboxViews are the sides of the inbox, the one that is shown marked: what waits, what was sent, what units below are
// late with; and of what waits, whose it is.
func inboxViews(ctx context.Context, view string, whose Whose) []ui.Choice {
	link := func(key, href string, current bool) ui.Link {
		return ui.Link{Text: i18n.T(ctx, "flow.view_"+key), Href: href, Current: current}
	}
	views := ui.Choice{Label: i18n.T(ctx, "flow.view"), Links: []ui.Link{link("mine", "/inbox", view == ""), link("sent", "/inbox?sent=1", view == "sent")}}
	a := scope.From(ctx)
	if len(a.ViewSet) > 0 {
		views.Links = append(views.Links, link("below", "/inbox?below=1", view == "below"))
	}
	if view != "" || a.Unit == 0 {
		return []ui.Choice{views}
	}
	return []ui.Choice{views, {Label: i18n.T(ctx, "flow.whose"), Links: []ui.Link{link("all", "/inbox", whose == Everybodys),
		link("own", "/inbox?whose=own", whose == OwnOnes), link("for", "/inbox?whose=for", whose == ForOthers)}}}
}

// showSent is what was sent on and waits with others.
func (s *Service) showSent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	items, total, err := s.Sent(ctx, pageTasks)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "flow.view_sent")
	v := inboxView{head: ui.Heading{Title: title, Under: i18n.T(ctx, "flow.sent_lead")}, views: inboxViews(ctx, "sent", ""), groups: grouped(items, clock.Today(ctx)), rest: max(0, total-pageTasks)}
	return web.Render(w, r, web.Page{Title: title, Current: "inbox", Crumbs: []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: title}}}, sentPage(v))
}

// justDone is the word after an act from the list; nil when the case is no longer the reader's to see.
func (s *Service) justDone(ctx context.Context, ref id.Ref) (*ui.Note, error) {
	c, err := s.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	def, err := s.definition(ctx, c.Version)
	if err != nil {
		return nil, err
	}
	steps, err := s.stepsAcrossUnits(ctx, ref)
	if err != nil || len(steps) == 0 {
		return nil, err
	}
	act := actTitle(ctx, def, steps[len(steps)-1].Act)
	return &ui.Note{Title: i18n.T(ctx, "flow.done_flash", "Act", act), Links: []ui.Link{{Text: c.Title, Href: "/flow/" + ref.String()}}}, nil
}

func (s *Service) showBelow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	items, total, err := s.Below(ctx, pageTasks)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "flow.inbox_below")
	v := inboxView{head: ui.Heading{Title: title}, views: inboxViews(ctx, "below", "")}
	if total > 0 {
		v.head.Under = i18n.T(ctx, "flow.below", "Count", total)
		v.groups = []inboxGroup{{items: items}}
	}
	return web.Render(w, r, web.Page{Title: title, Current: "inbox", Crumbs: []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: title}}}, belowPage(v))
}

func (s *Service) tickOff(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		ref, err := id.ParseRef(f.Text("task"))
		if err != nil {
			return "", web.NotFound(r)
		}
		return backTo(f, "/inbox"), s.TickOff(ctx, ref)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// backTo is the list from which a person came; other addresses are not followed.
func backTo(f *web.Form, otherwise string) string {
	switch b := f.Text("back"); b {
	case "/", "/inbox":
		return b
	}
	return otherwise
}

// dayOf is the day of an instant in UTC milliseconds.
func dayOf(millis int64) clock.Day { return clock.DayOf(time.UnixMilli(millis)) }
