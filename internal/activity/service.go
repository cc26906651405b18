package activity

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/base"
	"xinhuo/internal/booking"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// Service keeps the activities. Rights and the log of single records are the book's (record.Book).
type Service struct {
	db         *db.DB
	store      store
	rec        *record.Service
	book       *record.Book[Activity]
	ledger     *ledger.Service
	org        *org.Service
	flow       *flow.Service
	audit      *audit.Service
	blobs      blob.Store
	base       *base.Service
	booking    *booking.Service
	volunteers Volunteers
	campaigns  Campaigns
	materials  Materials
	panels     []Panel
	seal       *seal.Service
}

// New makes the service, publishes activities to the ledger, offers them for import, and lends its boxes to the pages of
// units and bases.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service, blobs blob.Store, b *base.Service,
	slots *booking.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, audit: a, blobs: blobs, base: b, booking: slots}
	s.book = record.NewBook(rec, record.Kind[Activity]{Name: Kind, Home: Activity.Lead, Homes: Activity.Homes, Put: s.put, Rows: rows, Facts: s.facts}, s.source())
	rec.AddImporter(s.importer())
	o.AddPanel(s.panel())
	b.AddPanel(s.basePanel())
	return s
}

// SetVolunteers connects the register of volunteers; without it people are kept by name only.
func (s *Service) SetVolunteers(v Volunteers) { s.volunteers = v }

// SetCampaigns connects the campaigns; without them no form asks for one.
func (s *Service) SetCampaigns(c Campaigns) { s.campaigns = c }

// put writes the module's own tables and holds the hours of people and bases; the book calls it in the transaction of
// every version, so that no way of writing goes past it. Conflict when somebody or something is taken (R122).
func (s *Service) put(ctx context.Context, ref id.Ref, a Activity, gone bool) error {
	places := map[id.ID]int64{}
	units := make([]id.ID, 0, len(a.Hosts)+len(a.Schools))
	for _, h := range a.Hosts {
		units = append(units, h.Unit)
	}
	for _, sc := range a.Schools {
		units = append(units, sc.Unit)
	}
	for _, unit := range units {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		places[unit] = u.Pos
	}
	if err := s.store.put(ctx, ref, a, places, gone); err != nil {
		return err
	}
	if gone || a.Status == Held || a.Status == Cancelled {
		if err := s.flow.DoneTask(ctx, outcomeTask(ref)); err != nil {
			return err
		}
	}
	var claims []booking.Claim
	if !gone {
		claims = a.claims()
	}
	return s.booking.Hold(ctx, booking.Holder{Kind: Kind, Ref: ref, Name: a.Title}, booking.Booked, claims)
}

// claims are the hours that an activity takes: of its volunteers, who cannot be at two places, and of bases as long as
// they are to come. What was held at a base is no longer a promise: two classes may have been there at once. Without
// hours nothing is held.
func (a Activity) claims() []booking.Claim {
	if a.Status == Cancelled {
		return nil
	}
	var out []booking.Claim
	claim := func(subject id.Ref, name, from, to string) {
		if from != "" && to != "" {
			out = append(out, booking.Claim{Subject: subject, Name: name, From: at(a.Day, from), To: at(a.Last(), to)})
		}
	}
	for _, p := range a.People {
		if p.Volunteer.ID != 0 {
			claim(p.Volunteer, p.Name, a.From, a.To)
		}
	}
	for _, st := range a.Stops {
		if st.Base.ID == 0 || a.Status == Held {
			continue
		}
		if st.From != "" && st.To != "" {
			claim(st.Base, st.Place, st.From, st.To)
		} else {
			claim(st.Base, st.Place, a.From, a.To)
		}
	}
	return out
}

// UnitChanged lets lists follow a unit to its place, or to its heir's; app registers it with org.OnChanged.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.move(ctx, c.Unit, u.Pos)
}

// Lists are the four lists of a city, its own or those that ship.
func (s *Service) Lists(ctx context.Context, root int64) (map[string][]Choice, error) {
	all, err := s.store.choices(ctx, root)
	out := lists{}
	for _, c := range all { // those that ship come first
		if list := out[c.List]; len(list) > 0 && list[0].Root != c.Root {
			out[c.List] = nil
		}
		out[c.List] = append(out[c.List], c)
	}
	return out, err
}

// Limits are the numbers of a city, its own or those that ship.
func (s *Service) Limits(ctx context.Context, root int64) (Limits, error) {
	return s.store.limits(ctx, root)
}

// prepare tidies an activity by its city's lists, works out what follows, and says what has to be changed. A new one has no
// name but its root yet.
func (s *Service) prepare(ctx context.Context, ref id.Ref, a *Activity, was Activity) error {
	l, err := s.Lists(ctx, ref.Root)
	if err != nil {
		return err
	}
	a.Tidy(l)
	if a.Code == "" {
		a.Code = id.New().String()
	}
	switch known := scope.From(ctx).System && a.ReportedOn != clock.Open; { // nobody says of himself when he reported
	case a.Status != Held:
		a.ReportedOn = clock.Open
	case was.Status == Held && !known:
		a.ReportedOn = was.ReportedOn
	case !known:
		a.ReportedOn = clock.Today(ctx)
	}
	f := append(a.Check(l), a.checkStatus(clock.Today(ctx))...)
	if err := s.themes(ctx, a, was, &f); err != nil {
		return err
	}
	if err := s.approvedMaterials(ctx, *a, was, &f); err != nil {
		return err
	}
	if err := s.namePeople(ctx, a, was, &f); err != nil {
		return err
	}
	if err := s.areSchools(ctx, ref.Root, *a, was, &f); err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := s.nameBases(ctx, a); err != nil {
		return err
	}
	// Lists of former years are taken as they are, and what is missing stands on the page. An incident report is never held
	// up by what has changed elsewhere, such as a check that has run out.
	if !a.Status.counts() || a.Entered == EnteredImport || was.Status.counts() && a.sameNeeds(was) {
		return nil
	}
	needs, err := s.needs(ctx, ref, *a)
	if err != nil {
		return err
	}
	if was.Status.counts() { // whoever mends a record is not held up by what was missing before
		old, err := s.needs(ctx, ref, was)
		if err != nil {
			return err
		}
		needs = slices.DeleteFunc(needs, func(n Need) bool {
			return slices.ContainsFunc(old, func(o Need) bool { return !o.Met && o.Key == n.Key })
		})
	}
	return ready(needs)
}

// themes works out the campaigns in which the activity counts.
func (s *Service) themes(ctx context.Context, a *Activity, was Activity, f *errs.Fields) error {
	a.Themes = nil
	if s.campaigns == nil || len(a.Campaigns) == 0 {
		return nil
	}
	titles, err := s.campaigns.Titles(ctx, a.Campaigns)
	if err != nil {
		return err
	}
	for _, c := range a.Campaigns {
		if titles[c] == "" && !slices.Contains(was.Campaigns, c) {
			f.Add("campaigns", "activity.campaign_unknown")
			return nil
		}
	}
	a.Themes, err = s.campaigns.Chain(ctx, a.Campaigns)
	return err
}

// namePeople gives volunteers the name under which the register has them. Who is not there cannot be booked anew; who has
// left the register since keeps the name that the record has.
func (s *Service) namePeople(ctx context.Context, a *Activity, was Activity, f *errs.Fields) error {
	refs := a.Volunteers()
	if s.volunteers == nil || len(refs) == 0 {
		return nil
	}
	known, err := s.volunteers.Known(ctx, refs)
	if err != nil {
		return err
	}
	a.People = slices.Clone(a.People)
	for i, p := range a.People {
		if p.Volunteer.ID == 0 {
			continue
		}
		if name, ok := known[p.Volunteer]; ok {
			a.People[i].Name = name
		} else if !slices.Contains(was.Volunteers(), p.Volunteer) {
			f.Add("lecturers", "activity.person_unknown", "Name", p.Name)
		}
	}
	return nil
}

// nameBases gives stops at bases the name under which the base is kept.
func (s *Service) nameBases(ctx context.Context, a *Activity) error {
	refs := a.Bases()
	if len(refs) == 0 {
		return nil
	}
	known, err := s.base.Known(ctx, refs)
	if err != nil {
		return err
	}
	for i, st := range a.Stops {
		if st.Base.ID == 0 {
			continue
		}
		b, ok := known[st.Base]
		if !ok {
			return errs.New(errs.Invalid, "activity.base_gone", "Name", st.Place)
		}
		a.Stops[i].Place = b.Name
	}
	return nil
}

// needs are what the activity needs before it may open or be reported, met or not.
func (s *Service) needs(ctx context.Context, ref id.Ref, a Activity) ([]Need, error) {
	limit, err := s.Limits(ctx, ref.Root)
	if err != nil {
		return nil, err
	}
	var unfit []Unfit
	if refs := a.Volunteers(); s.volunteers != nil && len(refs) > 0 && a.Minors > 0 {
		if unfit, err = s.volunteers.Unfit(ctx, refs, a.Day); err != nil {
			return nil, err
		}
	}
	list, err := s.minorNeeds(ctx, ref, a)
	return append(a.Needs(limit, unfit), list...), err
}

// Create writes a new activity. The right to work is asked at its lead, the first of its hosts; the others are asked
// for their word unless the reader works there, too. A code that is taken is Invalid.
func (s *Service) Create(ctx context.Context, a Activity, c record.Change) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "activity.Create")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.ask(ctx, &a, Activity{}); err != nil {
			return err
		}
		if a.Lead() == 0 {
			return a.Check(nil).Err()
		}
		u, err := s.org.Unit(ctx, a.Lead())
		if err != nil {
			return err
		}
		a.Entered = s.entered(ctx, a, c)
		// Before what it says is looked at: a fault in it must not tell that the unit is there.
		if err := s.book.MayCreate(ctx, a, c); err != nil {
			return err
		}
		if err := s.prepare(ctx, id.Ref{Root: u.Root()}, &a, Activity{}); err != nil {
			return err
		}
		if _, err := s.store.byCodeAcrossUnits(ctx, u.Root(), a.Code); err == nil {
			var f errs.Fields
			f.Add("code", "activity.code_taken", "Code", a.Code)
			return f.Err()
		} else if !errs.Is(err, errs.NotFound) {
			return err
		}
		if ref, err = s.book.Create(ctx, a, c); err != nil {
			return err
		}
		return s.invite(ctx, ref, a)
	})
	return ref, err
}

// entered says who puts a new record in: the host itself, another unit for it, or a table.
func (s *Service) entered(ctx context.Context, a Activity, c record.Change) string {
	actor := scope.From(ctx)
	switch {
	case c.Batch != 0:
		return EnteredImport
	case actor.System && a.Entered != "":
		return a.Entered
	case actor.System || actor.Unit == 0 || a.host(actor.Unit) >= 0:
		return EnteredOwn
	}
	return EnteredFor
}

// Save replaces an activity as it was read at a version; Conflict when somebody was quicker. It needs the right to work
// at a host that has agreed.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, a Activity, c record.Change) (err error) {
	defer errs.Wrapf(&err, "activity.Save %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.mayEdit(ctx, ref, was, c); err != nil {
			return err
		}
		if len(a.Hosts) == 0 {
			a.Hosts = was.Hosts
		}
		if err := s.ask(ctx, &a, was); err != nil {
			return err
		}
		a.Entered = was.Entered
		if a.Code == "" {
			a.Code = was.Code
		}
		if a.Code != was.Code {
			if o, err := s.store.byCodeAcrossUnits(ctx, ref.Root, a.Code); err == nil && o.ID != ref.ID {
				var f errs.Fields
				f.Add("code", "activity.code_taken", "Code", a.Code)
				return f.Err()
			}
		}
		if err := s.prepare(ctx, ref, &a, was); err != nil {
			return err
		}
		if err := s.book.Save(ctx, ref, version, a, c); err != nil {
			return err
		}
		return s.invite(ctx, ref, a)
	})
}

// mayEdit refuses who works at no host that has agreed: a unit that was asked answers, and writes nothing else.
func (s *Service) mayEdit(ctx context.Context, ref id.Ref, a Activity, c record.Change) error {
	for _, unit := range a.Units() {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		if scope.From(ctx).May(scope.Work, u.Pos) {
			return nil
		}
	}
	u, err := s.rec.Home(ctx, a.Lead())
	if err != nil {
		return err
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: c.Act, Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
}

// change edits an activity as it was read at a version and saves it.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, c record.Change, edit func(a *Activity) error) error {
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayEdit(ctx, ref, a, c); err != nil { // before a word about the state of what is another's
		return err
	}
	if err := edit(&a); err != nil {
		return err
	}
	return s.Save(ctx, ref, version, a, c)
}

// Get reads an activity as it stands, with its version; NotFound outside the reader's view.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Activity, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// Whole are the activities of a list that the reader was shown, with all that stands in them.
func (s *Service) Whole(ctx context.Context, rows []Listed) (map[id.ID]Activity, error) {
	ids := make([]id.ID, len(rows))
	for i, l := range rows {
		ids[i] = l.ID
	}
	return s.book.Bodies(ctx, ids)
}

// MayWork asks, for an act of another module, for the right to work at a host that has agreed; a refusal is logged.
func (s *Service) MayWork(ctx context.Context, ref id.Ref, act string) error {
	return s.book.MayWork(ctx, ref, record.Change{Act: act})
}

// Keeps tells whether the reader works at a host that has agreed.
func (s *Service) Keeps(ctx context.Context, a Activity) bool { return s.keeps(ctx, a) }

// ByCode finds an activity of a city by its code; NotFound outside the reader's view.
func (s *Service) ByCode(ctx context.Context, root int64, code string) (id.Ref, Activity, record.Version, error) {
	l, err := s.store.byCodeAcrossUnits(ctx, root, strings.TrimSpace(code))
	if err != nil {
		return id.Ref{}, Activity{}, record.Version{}, err
	}
	a, v, err := s.book.Get(ctx, l.Ref())
	return l.Ref(), a, v, err
}

// Page is one page of a list.
type Page struct {
	Rows  []Listed
	Total int64
	Next  string // key of the next page; "" at the end
	Rest  int64  // rows after this page
}

// List reads a page of activities within the reader's view.
func (s *Service) List(ctx context.Context, f Filter) (p Page, err error) {
	defer errs.Wrapf(&err, "activity.List")
	if f.Limit < 1 || f.Limit > 5000 {
		f.Limit = 20
	}
	within := scope.From(ctx).ViewSet
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if p.Rows, err = s.store.list(ctx, f, within); err != nil {
			return err
		}
		if len(p.Rows) > f.Limit {
			p.Rows = p.Rows[:f.Limit]
			last := p.Rows[f.Limit-1]
			seen := seenBefore(f.After) + f.Limit
			p.Next = string(last.Day) + "~" + last.ID.String() + "~" + strconv.Itoa(seen)
			p.Rest = -int64(seen)
		}
		if f.After == "" && p.Next == "" {
			p.Total = int64(len(p.Rows))
			return nil
		}
		p.Total, err = s.store.count(ctx, f, within)
		if p.Next != "" {
			p.Rest = max(p.Rest+p.Total, 1)
		}
		return err
	})
	return p, err
}

// seenBefore is how many rows the pages before a key have shown: the key carries it, so that what is left need not be
// counted anew.
func seenBefore(after string) int {
	parts := strings.Split(after, "~")
	n, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil || len(parts) != 3 || n < 0 {
		return 0
	}
	return n
}

// Remove takes an activity that was entered by mistake out of every list and figure; its history stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) (err error) {
	defer errs.Wrapf(&err, "activity.Remove %s", ref)
	if reason == "" {
		var f errs.Fields
		f.Add("reason", "activity.reason_missing")
		return f.Err()
	}
	c := record.Change{Act: "activity.act.remove", Reason: reason}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.mayEdit(ctx, ref, a, c); err != nil {
			return err
		}
		return s.book.Remove(ctx, ref, version, c)
	})
}

// Undo takes one's own last change back within record.UndoFor; a report with the photos that followed it.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, now, err := s.Get(ctx, ref)
		if err != nil || version != 1 || now.N == 1 {
			return s.book.Undo(ctx, ref, version)
		}
		first, only, err := s.reported(ctx, ref)
		if err != nil {
			return err
		}
		if !only || s.book.Undoable(ctx, first).IsZero() {
			return s.book.Undo(ctx, ref, version)
		}
		c := record.Change{Act: "record.act.undo"}
		if err := s.mayEdit(ctx, ref, a, c); err != nil {
			return err
		}
		return s.book.Remove(ctx, ref, now.N, c)
	})
}

// SetChoices gives a city its own wording of a list, in its order (R121). It needs the right to administer the city
// of the unit. An entry that activities have cannot be left out.
func (s *Service) SetChoices(ctx context.Context, unit org.Unit, list string, all []Choice) (err error) {
	defer errs.Wrapf(&err, "activity.SetChoices %s", list)
	var f errs.Fields
	seen := map[string]bool{}
	for i := range all {
		c := &all[i]
		name := list + "." + c.Code
		if c.Code == "" {
			c.Code, name = id.New().String(), list+".new"
		}
		if c.Zh == "" || seen[c.Zh] {
			f.Add(name, "activity.choice_twice")
		}
		seen[c.Zh], seen[c.Code] = true, true
		if list == TypeList && !slices.Contains(Classes, c.Parent) || list == SeriesList && !slices.Contains(SeriesFors, c.Parent) {
			f.Add(name, "activity.choice_parent")
		}
	}
	if len(all) == 0 {
		f.Add(list+".new", "activity.choice_none")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.org.SetCity(ctx, unit, audit.Entry{Act: "activity.act.choices", Subject: Kind}, func(ctx context.Context) error {
		used, err := s.store.usedChoicesAcrossUnits(ctx, unit.Root(), list)
		if err != nil {
			return err
		}
		l, err := s.Lists(ctx, unit.Root())
		if err != nil {
			return err
		}
		for _, code := range used {
			if was, ok := find(l[list], code); ok && !seen[code] {
				f.Add(list+"."+code, "activity.choice_used", "Name", was.Zh)
			}
			for _, c := range all { // what figures have counted by stays what it was
				if was, ok := find(l[list], code); ok && c.Code == code && c.Parent != was.Parent {
					f.Add(list+"."+code, "activity.choice_moved", "Name", was.Zh)
				}
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.store.setChoices(ctx, unit.Root(), list, all)
	})
}

// SetLimits gives a city its own numbers; it needs the right to administer the city.
func (s *Service) SetLimits(ctx context.Context, unit org.Unit, l Limits) error {
	var f errs.Fields
	if l.Minors < 1 || l.Minors > 10000 {
		f.Add("minors", "activity.limit_odd")
	}
	if l.CampRatio < 1 || l.CampRatio > 100 {
		f.Add("camp_ratio", "activity.limit_odd")
	}
	if l.Keep < 1 || l.Keep > maxKeep {
		f.Add("keep", "activity.keep_odd", "N", maxKeep)
	}
	if l.KeepIncident < 1 || l.KeepIncident > maxClaim {
		f.Add("keep_incident", "activity.keep_odd", "N", maxClaim)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.org.SetCity(ctx, unit, audit.Entry{Act: "activity.act.limits", Subject: Kind}, func(ctx context.Context) error { return s.store.setLimits(ctx, unit.Root(), l) })
}

// viewUnit is the unit whose list shows what is about another one: that one where the reader sees it, otherwise the
// reader's own.
func (s *Service) viewUnit(ctx context.Context, unit id.ID) string {
	u, err := s.rec.Home(ctx, unit)
	if err == nil && scope.From(ctx).May(scope.View, u.Pos) {
		return u.ID.String()
	}
	return scope.From(ctx).Unit.String()
}
