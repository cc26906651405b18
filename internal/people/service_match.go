package people

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/volunteer"
)

// mostTowns bounds how many townships a page of needs looks at: a city's. Above a city one looks city by city.
const mostTowns = 400

// Towns are the townships of a unit's subtree on a day: itself, its children, or those of its counties.
func (s *Service) Towns(ctx context.Context, u org.Unit, day clock.Day) (out []org.Unit, err error) {
	switch u.Level {
	case org.Township:
		return []org.Unit{u}, nil
	case org.County, org.City:
	default:
		return nil, nil
	}
	var below []org.Unit
	for after := ""; ; {
		list, err := s.org.Children(ctx, u.ID, day, after, 200)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			below = append(below, n.Unit)
			after = n.Key()
		}
		if len(list) < 200 {
			break
		}
	}
	for _, b := range below {
		if b.Level == org.County {
			more, err := s.Towns(ctx, b, day)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		} else if b.Level == org.Township {
			out = append(out, b)
		}
	}
	if len(out) > mostTowns {
		out = out[:mostTowns]
	}
	return out, nil
}

// Cover is how far a standard need is met in a unit's townships: Teams counts those of the whole subtree, Gaps are the
// townships without one in their own area.
type Cover struct {
	Need  Need
	Teams int64
	Gaps  []org.Unit
}

// Covers lists the shipped needs and those that a city counts by themselves with the townships where nobody serves them
// yet (R161).
func (s *Service) Covers(ctx context.Context, u org.Unit, day clock.Day) (out []Cover, towns []org.Unit, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if towns, err = s.Towns(ctx, u, day); err != nil {
			return err
		}
		needs, err := s.Needs(ctx, u)
		if err != nil {
			return err
		}
		rows, err := s.townsByNeed(ctx, scope.From(ctx).ViewSet, u.Range(), day)
		if err != nil {
			return err
		}
		teams, at := map[string]int64{}, map[needAt]bool{}
		for _, r := range rows {
			teams[r.Standard] += r.N
			at[needAt{Standard: r.Standard, Town: r.Town}] = true
		}
		for _, n := range needs {
			if n.Parent != "" {
				continue
			}
			c := Cover{Need: n, Teams: teams[n.Name]}
			for _, t := range towns {
				if !at[needAt{Standard: n.Name, Town: t.Pos}] {
					c.Gaps = append(c.Gaps, t)
				}
			}
			out = append(out, c)
		}
		return nil
	})
	return out, towns, err
}

// Candidate is a volunteer who could serve a need.
type Candidate struct {
	volunteer.Listed
	Place   org.Unit
	Lacking string // what is missing before they may
}

// Candidates finds volunteers in a unit's subtree who suit a need: by what the program knows of it or, when one is
// given, by a profession or speciality; the filter may ask for the retired alone. Only those are found who agreed to it, or who belong where the reader works
// (R161). More tells that there are others beyond the limit.
func (s *Service) Candidates(ctx context.Context, u org.Unit, day clock.Day, n Need, by volunteer.Filter, limit int) (out []Candidate, more bool, err error) {
	var filters []volunteer.Filter
	if by.Profession != "" || by.Speciality != "" {
		filters = []volunteer.Filter{by}
	} else {
		suits, err := s.suits(ctx, n.Standard())
		if err != nil {
			return nil, false, err
		}
		for _, x := range suits {
			if x.What == "profession" {
				filters = append(filters, volunteer.Filter{Profession: x.Word, Retired: by.Retired})
			} else {
				filters = append(filters, volunteer.Filter{Speciality: x.Word, Retired: by.Retired})
			}
		}
	}
	var list []volunteer.Listed
	seen := map[id.ID]bool{}
	for _, f := range filters {
		p, err := s.volunteers.Find(ctx, u, day, f, -1, "", limit)
		if err != nil {
			return nil, false, err
		}
		more = more || p.Rest > 0
		for _, l := range p.Volunteers {
			if !seen[l.ID] {
				seen[l.ID] = true
				list = append(list, l)
			}
		}
	}
	if len(list) > limit {
		list, more = list[:limit], true
	}
	refs, units := make([]id.Ref, len(list)), make([]id.ID, len(list))
	for i, l := range list {
		refs[i], units[i] = l.Ref(), l.Unit
	}
	places, err := s.org.ByIDs(ctx, units)
	if err != nil {
		return nil, false, err
	}
	unfit, err := s.unfit(ctx, n, refs, day)
	if err != nil {
		return nil, false, err
	}
	for _, l := range list {
		c := Candidate{Listed: l, Place: places[l.Unit]}
		if x, bad := unfit[l.Ref()]; bad {
			c.Lacking = lacking(ctx, x)
		}
		out = append(out, c)
	}
	return out, more, nil
}

// Docking is a team of a county or city with the teams of townships that extend it, and the townships without one (R175).
type Docking struct {
	Team   Listed
	Docked []Listed
	Gaps   []org.Unit
}

// Dockings lists the teams of a unit itself that stand on a day, each with what is docked to it within the reader's view.
func (s *Service) Dockings(ctx context.Context, u org.Unit, day clock.Day) (out []Docking, towns []org.Unit, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if towns, err = s.Towns(ctx, u, day); err != nil {
			return err
		}
		own, err := s.atUnits(ctx, []id.ID{u.ID}, day)
		if err != nil {
			return err
		}
		refs := make([]id.Ref, len(own))
		for i, t := range own {
			refs[i] = t.Ref()
		}
		docked, err := s.dockedTo(ctx, scope.From(ctx).ViewSet, refs, day)
		if err != nil {
			return err
		}
		for _, t := range own {
			d := Docking{Team: t}
			for _, x := range docked {
				if x.Docked == t.Ref().String() {
					d.Docked = append(d.Docked, x)
				}
			}
			for _, town := range towns {
				if town.ID != u.ID && !slices.ContainsFunc(d.Docked, func(x Listed) bool { return town.Range().From <= x.Pos && x.Pos < town.Range().To }) {
					d.Gaps = append(d.Gaps, town)
				}
			}
			out = append(out, d)
		}
		return nil
	})
	return out, towns, err
}

// OfAssociation lists the teams that an association runs on a day, within the reader's view (R179).
func (s *Service) OfAssociation(ctx context.Context, association id.Ref, day clock.Day, limit int) ([]Listed, error) {
	return s.ofAssociation(ctx, scope.From(ctx).ViewSet, association, day, limit)
}
