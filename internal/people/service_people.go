package people

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
	"xinhuo/internal/volunteer"
)

// Adjustment is what becomes different about a team from a day on: its name, its need, who leads it.
type Adjustment struct {
	Day                       clock.Day
	Name, Need, Leader, Phone string
	Why                       string // reason or document
}

// Adjust changes what a team is from a day on; what it was before goes on counting as it was (R159). Conflict for a team
// that does not stand, Invalid with fields otherwise.
func (s *Service) Adjust(ctx context.Context, ref id.Ref, version int64, a Adjustment) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if t.Status != Approved || t.DissolvedOn != clock.Open {
			return errs.New(errs.Conflict, "people.adjust_not_standing")
		}
		for _, x := range []*string{&a.Name, &a.Need, &a.Leader, &a.Phone, &a.Why} {
			*x = strings.TrimSpace(*x)
		}
		var f errs.Fields
		if a.Day == clock.Open {
			f.Add("adjusted_on", "people.adjusted_missing")
		}
		if a.Day > clock.Today(ctx) { // the page would show the new name at once, and no other change could be entered till then
			f.Add("adjusted_on", "people.day_to_come")
		}
		if a.Why == "" {
			f.Add("reason", "people.reason_missing")
		}
		if a.Name == t.Name && a.Need == t.Need && a.Leader == t.Leader {
			f.Add("name", "people.adjusted_nothing")
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.save(ctx, ref, version, t.adjusted(a), record.Change{Act: "people.act.adjust", Reason: a.Why})
	})
}

// AddMember lets a volunteer, named by name or code, join a team from a day on (R122, R162).
func (s *Service) AddMember(ctx context.Context, ref id.Ref, version int64, name, role string, from clock.Day) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if t.DissolvedOn != clock.Open && t.DissolvedOn <= clock.Today(ctx) {
			return errs.New(errs.Conflict, "people.dissolved_already", "Day", i18n.Day(ctx, t.DissolvedOn))
		}
		var f errs.Fields
		who, err := s.volunteers.Named(ctx, ref.Root, strings.TrimSpace(name))
		switch {
		case err != nil:
			return err
		case strings.TrimSpace(name) == "":
			f.Add("volunteer", "people.member_missing")
		case len(who) == 0:
			f.Add("volunteer", "people.member_not_found", "Name", name)
		case len(who) > 1:
			f.Add("volunteer", "people.member_several", "Name", name, "N", len(who))
		}
		if err := f.Err(); err != nil {
			return err
		}
		t.People = append(slices.Clone(t.People), Member{Volunteer: who[0], Role: role, From: from})
		return s.save(ctx, ref, version, t, record.Change{Act: "people.act.member"})
	})
}

// EndMember lets a volunteer leave a team: from the day on they no longer belong to it.
func (s *Service) EndMember(ctx context.Context, ref id.Ref, version int64, who id.Ref, day clock.Day) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		t.People = slices.Clone(t.People)
		i := slices.IndexFunc(t.People, func(m Member) bool { return m.Volunteer == who && m.To == clock.Open })
		var f errs.Fields
		if i < 0 {
			f.Add("member", "people.member_choose")
		}
		if day == clock.Open {
			f.Add("to", "people.member_end")
		}
		if err := f.Err(); err != nil {
			return err
		}
		t.People[i].To = day
		return s.save(ctx, ref, version, t, record.Change{Act: "people.act.end_member"})
	})
}

// MemberLine is a member as the reader may see them. Name is "" for somebody outside the reader's sight.
type MemberLine struct {
	Member
	Name    string
	Seen    bool   // the reader may open the file
	Lacking string // what is missing to work with minors on the day; "" nothing
	File    volunteer.Volunteer
}

// Roll is a team's members on a day with what they are as a body: computed on the day, from those whom the reader may
// see (R158, R174).
type Roll struct {
	Members []MemberLine
	Seen    int
	Bands   []Part // age bands, from the years of birth
	Schools []Part // education
	Works   []Part // former professions
}

// Part is one value of a structure with how many have it.
type Part struct {
	Key string
	N   int64
}

// Roll reads the members of a team on a day.
func (s *Service) Roll(ctx context.Context, ref id.Ref, t Team, day clock.Day) (out Roll, err error) {
	present := t.Present(day)
	refs := make([]id.Ref, len(present))
	for i, m := range present {
		refs[i] = m.Volunteer
	}
	files, err := s.volunteers.Files(ctx, refs)
	if err != nil {
		return out, err
	}
	n, err := s.needOf(ctx, ref.Root, t.Need)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return out, err
	}
	unfit, err := s.unfit(ctx, n, refs, day)
	if err != nil {
		return out, err
	}
	bands, schools, works := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, m := range present {
		v, seen := files[m.Volunteer]
		line := MemberLine{Member: m, Name: v.Name, File: v, Seen: seen && v.Code != ""}
		if u, bad := unfit[m.Volunteer]; bad {
			line.Lacking = lacking(ctx, u)
		}
		out.Members = append(out.Members, line)
		if !seen {
			continue
		}
		out.Seen++
		bands[volunteer.BandOf(v.BirthYear, day)]++
		schools[v.Education]++
		works[v.Profession]++
	}
	order := []string{"unknown"}
	for _, b := range volunteer.Bands {
		order = append(order, b.Name)
	}
	out.Bands = parts(bands, order)
	out.Schools = parts(schools, append(slices.Clone(volunteer.Educations), ""))
	var names []string
	for k := range works {
		if k != "" {
			names = append(names, k)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if works[a] != works[b] {
			return int(works[b] - works[a])
		}
		return strings.Compare(a, b)
	})
	out.Works = parts(works, append(names, ""))
	return out, nil
}

// parts are the values that somebody has, in an order.
func parts(n map[string]int64, order []string) (out []Part) {
	for _, k := range order {
		if n[k] > 0 {
			out = append(out, Part{k, n[k]})
		}
	}
	return out
}

// mostBelow bounds the units right below one whose proposals are looked for.
const mostBelow = 500

// Waiting is the line in the inbox of the unit that approves teams: those that its own units proposed and nobody has
// approved (R172). The topmost unit approves its own as well; nobody is above it.
func (s *Service) Waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return nil, err
	}
	below, err := s.org.Children(ctx, unit, clock.Today(ctx), "", mostBelow)
	if err != nil {
		return nil, err
	}
	var units []id.ID
	for _, n := range below {
		units = append(units, n.Unit.ID)
	}
	if u.Parent == 0 {
		units = append(units, unit)
	}
	list, err := s.store.proposedBy(ctx, units, scope.From(ctx).WorkSet)
	switch {
	case err != nil || len(list) == 0:
		return nil, err
	case len(list) == 1:
		return []flow.Item{{Kind: flow.KindDo, Title: i18n.T(ctx, "people.waiting", "Name", list[0].Name), Why: i18n.T(ctx, "people.waiting_why"), Link: "/team/" + list[0].Ref().String() + "/approve"}}, nil
	}
	return []flow.Item{{Kind: flow.KindDo, Title: i18n.T(ctx, "people.waiting_n", "N", len(list)), Why: i18n.T(ctx, "people.waiting_why"),
		Link: "/team?unit=" + unit.String() + "&state=" + string(Proposed)}}, nil
}
