package activity

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
)

// peopleNamed are the people whose names somebody wrote: a volunteer of the register where exactly one has the name,
// otherwise a guest by name. field is the input, for what has to be changed; was are those known already, so that a name
// which stood there keeps meaning the same person.
func (s *Service) peopleNamed(ctx context.Context, field, role, text string, was []Person) ([]Person, error) {
	var out []Person
	var f errs.Fields
	for _, name := range words(text) {
		p := Person{Name: name, Role: role}
		if i := slices.IndexFunc(was, func(o Person) bool { return o.Name == name && o.Volunteer.ID != 0 }); i >= 0 {
			p.Volunteer = was[i].Volunteer
			out = append(out, p)
			continue
		}
		if s.volunteers == nil {
			out = append(out, p)
			continue
		}
		// 林育德（稻香镇） tells two of one name apart
		bare, from, _ := strings.Cut(strings.NewReplacer("（", "(", "）", "").Replace(strings.TrimSuffix(name, ")")), "(")
		found, err := s.volunteers.Named(ctx, strings.TrimSpace(bare))
		if err != nil {
			return nil, err
		}
		if from != "" {
			found = slices.DeleteFunc(found, func(v Volunteer) bool { return v.Unit != from })
		}
		switch {
		case len(found) == 1:
			p.Volunteer, p.Name = found[0].Ref, found[0].Name
		case len(found) > 1:
			var where []string
			for _, v := range found {
				where = append(where, v.Unit)
			}
			f.Add(field, "activity.person_several", "Name", bare, "N", len(found), "Units", strings.Join(where, i18n.T(ctx, "activity.and")))
		}
		out = append(out, p)
	}
	return out, f.Err()
}

// guests are the people of an activity who are not in the register: nobody has looked at their papers.
func (a Activity) guests() []string {
	var out []string
	for _, p := range a.People {
		if p.Volunteer.ID == 0 {
			out = append(out, p.Name)
		}
	}
	return out
}

// sameActivity tells whether two activities are equal in all that is kept.
func sameActivity(a, b Activity) bool { return reflect.DeepEqual(a, b) }
