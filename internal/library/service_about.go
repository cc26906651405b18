package library

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// SetProjects connects the projects to which documents can belong; without them none does.
func (s *Service) SetProjects(p Projects) { s.projects = p }

func (s *Service) projectNamed(ctx context.Context, ref id.Ref) (Project, error) {
	if s.projects == nil || ref == (id.Ref{}) {
		return Project{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.projects.Named(ctx, ref)
}

// SetSpeaker says who spoke; the zero Speaker that nobody is known (R82).
func (s *Service) SetSpeaker(ctx context.Context, ref id.Ref, version int64, sp Speaker) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.speaker"}, func(ctx context.Context, v Document) (Document, error) {
		v.Speaker = sp
		return v, s.speakerFits(ctx, sp)
	})
}

// speakerFits refuses a unit that whoever writes may not find.
func (s *Service) speakerFits(ctx context.Context, sp Speaker) error {
	if sp.Unit == 0 {
		return nil
	}
	u, err := s.org.Unit(ctx, sp.Unit)
	if errs.Is(err, errs.NotFound) || err == nil && !scope.From(ctx).FindSet.Contains(u.Pos) {
		var f errs.Fields
		f.Add("unit", "library.unit_unknown")
		return f.Err()
	}
	return err
}

// SetPaper says what an official paper says of itself (R120).
func (s *Service) SetPaper(ctx context.Context, ref id.Ref, version int64, p Paper) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.paper"}, func(_ context.Context, v Document) (Document, error) {
		v.Paper = p
		return v, nil
	})
}

// SetProject puts a document to a project of its unit, or with the zero Ref to none (R208).
func (s *Service) SetProject(ctx context.Context, ref id.Ref, version int64, project id.Ref) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.project"}, func(ctx context.Context, v Document) (Document, error) {
		v.Project = project
		return v, s.projectFits(ctx, v)
	})
}

// projectFits refuses a project that the document's unit does not keep, or that whoever writes does not see.
func (s *Service) projectFits(ctx context.Context, v Document) error {
	if v.Project == (id.Ref{}) {
		return nil
	}
	p, err := s.projectNamed(ctx, v.Project)
	if err == nil {
		own, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		for _, unit := range p.Units {
			if u, err := s.rec.Home(ctx, unit); err != nil {
				return err
			} else if u.ID == own.ID {
				return nil
			}
		}
	} else if !errs.Is(err, errs.NotFound) {
		return err
	}
	var f errs.Fields
	f.Add("project", "library.project_unknown")
	return f.Err()
}

// Enter keeps a document of which only the title is known, as a draft of a unit (R120).
func (s *Service) Enter(ctx context.Context, unit id.ID, v Document) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "library.Enter")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		v.Unit = unit
		ref, err = s.create(ctx, v, Incoming{})
		return err
	})
	return ref, err
}

// Spoken is who spoke in a document, in words.
type Spoken struct {
	Text  string // 2019年5月31日，时任云州市关工委主任 陈玉兰 讲话
	Posts []string
	Unit  org.Unit // as it stood on the day; none when it did not, or none is named
}

// SpokenOf says who spoke in which post as of that day, whatever became of the person and of the unit since (R82). Without a post that was
// held then it is the name and the day alone.
func (s *Service) SpokenOf(ctx context.Context, v Document) (out Spoken, err error) {
	sp := v.Speaker
	if sp.Person == "" {
		return out, nil
	}
	args := []any{"Day", i18n.Day(ctx, sp.On), "Person", sp.Person, "Unit", "", "Post", "", "Past", false}
	if sp.Unit != 0 {
		var past bool
		if out.Unit, out.Posts, past, err = s.heldBy(ctx, sp); err != nil {
			return out, err
		}
		if len(out.Posts) > 0 {
			args = append(args[:4], "Unit", org.CommitteeShort(out.Unit.Name), "Post", joined(ctx, out.Posts), "Past", past)
		}
	}
	out.Text = i18n.T(ctx, "library.spoken", args...)
	return out, nil
}

func joined(ctx context.Context, words []string) (out string) {
	for i, w := range words {
		if i > 0 {
			out += tr(ctx, "library.enumerated")
		}
		out += w
	}
	return out
}

// heldBy are the posts that somebody held on the day on which they spoke, in the words of the unit; past tells that they hold none of them
// there now, or that the unit is called otherwise.
func (s *Service) heldBy(ctx context.Context, sp Speaker) (u org.Unit, posts []string, past bool, err error) {
	if u, err = s.org.AsOf(ctx, sp.Unit, sp.On); errs.Is(err, errs.NotFound) {
		return org.Unit{}, nil, false, nil
	} else if err != nil {
		return u, nil, false, err
	}
	held, err := s.org.Posts(ctx, sp.Unit, sp.On)
	if err != nil {
		return u, nil, false, err
	}
	held = slices.DeleteFunc(held, func(p org.Post) bool { return plainName(p.Person) != sp.Person })
	if len(held) == 0 {
		return u, nil, false, nil
	}
	kinds, err := s.org.PostKindsAt(ctx, u)
	if err != nil {
		return u, nil, false, err
	}
	all, err := s.org.PostKinds(scope.With(ctx, scope.System("library"))) // of a unit that has moved since
	if err != nil {
		return u, nil, false, err
	}
	kinds = append(kinds, all...)
	for _, p := range held {
		i := slices.IndexFunc(kinds, func(k org.PostKind) bool { return k.Code == p.Kind })
		if i < 0 {
			continue
		}
		name := kinds[i].In(i18n.Lang(ctx))
		if p.Acting == 1 {
			name = i18n.T(ctx, "org.acting", "Post", name)
		}
		posts = append(posts, name)
	}
	today := clock.Today(ctx)
	now, err := s.org.Unit(ctx, sp.Unit)
	past = now.Name != u.Name || !now.StandsOn(today) || !slices.ContainsFunc(held, func(p org.Post) bool { return clock.Covers(p.From, p.To, today) })
	return u, posts, past, err
}
