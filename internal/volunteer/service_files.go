package volunteer

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Files reads the volunteers that another record names, as far as the reader may see them: as Get does where the reader
// views, otherwise what a search for people tells of who agreed to be found. Others are left out.
func (s *Service) Files(ctx context.Context, refs []id.Ref) (map[id.Ref]Volunteer, error) {
	list, err := s.ByRefs(ctx, refs)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, 0, len(list))
	for ref := range list {
		ids = append(ids, ref.ID)
	}
	files, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return nil, err
	}
	a := scope.From(ctx)
	out := make(map[id.Ref]Volunteer, len(list))
	for ref, l := range list {
		v, ok := files[ref.ID]
		switch {
		case !ok:
		case a.May(scope.View, l.Pos):
			out[ref] = v.shown(Reader{Works: a.May(scope.Work, l.Pos), Own: a.Unit == v.Unit})
		case v.FindConsent != "" && a.May(scope.Find, l.Pos):
			out[ref] = v.public()
		}
	}
	return out, nil
}

// public is what anybody in the province is told of who agreed to be found (R161).
func (v Volunteer) public() Volunteer {
	out := Volunteer{Unit: v.Unit, Name: v.Name, Sex: v.Sex, BirthYear: v.BirthYear, Kind: v.Kind, Retired: v.Retired, Profession: v.Profession,
		Education: v.Education, Specialities: v.Specialities, FindConsent: v.FindConsent, AdmittedOn: v.AdmittedOn, LeftOn: v.LeftOn}
	for _, c := range v.Checks {
		if c.Kind != Health {
			out.Checks = append(out.Checks, Check{Kind: c.Kind, On: c.On, Expires: c.Expires})
		}
	}
	return out
}

// Named finds the volunteers whom a name or a code means, among those of a city whom the reader may find.
func (s *Service) Named(ctx context.Context, root int64, name string) ([]id.Ref, error) {
	if name == "" || root == 0 {
		return nil, nil
	}
	p, err := s.Find(ctx, org.Unit{Pos: root * org.City.Span(), Level: org.City}, clock.Today(ctx), Filter{Text: name}, -1, "", mostNamesakes)
	if err != nil {
		return nil, err
	}
	var found []id.Ref
	for _, l := range p.Volunteers {
		if l.Code == name {
			return []id.Ref{l.Ref()}, nil
		}
		if l.Name == name {
			found = append(found, l.Ref())
		}
	}
	return found, nil
}

// mostNamesakes is how many people are looked at for a name.
const mostNamesakes = 50

// ProfessionName is a profession of a city's list in the reader's language.
func (s *Service) ProfessionName(ctx context.Context, root int64, name string) string {
	if name == "" || i18n.Lang(ctx) == "zh" {
		return name
	}
	p, err := s.store.professionOf(ctx, root, name)
	if err != nil {
		return name
	}
	return p.In(i18n.Lang(ctx))
}
