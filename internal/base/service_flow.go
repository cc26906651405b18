package base

import (
	"context"
	"strconv"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// application is what the case of an accreditation carries.
type application struct {
	Accreditation id.ID `json:"accreditation"`
}

// correction is what the case of a correction carries: the base as it should be, over the version that was read.
type correction struct {
	Version int64  `json:"version"`
	Base    Base   `json:"base"`
	Reason  string `json:"reason"`
}

// listen connects the acts of approvals with what they do to a base, in the same transaction. Flow has asked for the
// right; the write at the host follows from it.
func (s *Service) listen() {
	s.flow.On("base.accreditation", "grant", s.ofPlaque("base.act.granted", func(b *Base, a *Accreditation, p flow.Step, _ string) {
		a.Status, a.GrantedOn, a.Document = Granted, p.Day, p.Document
	}))
	s.flow.On("base.accreditation", "revoke", s.ofPlaque("base.act.revoked", func(b *Base, a *Accreditation, p flow.Step, _ string) {
		a.revoke(p.Day, p.Reason, p.Document)
	}))
	s.flow.On("base.accreditation", "check", s.ofPlaque("base.act.checked", func(b *Base, a *Accreditation, p flow.Step, by string) {
		b.addCheck(Check{Year: int64(p.Day.Year()), Day: p.Day, By: by, Result: "pass", Note: p.Reason})
	}))
	s.flow.On("record.correction", "apply", s.applyCorrection)
	s.flow.Tell(Kind, s.matter)
}

// matter says what a case asks for: the plaque and how far its base is, or what a correction would change and why. A
// second pair of eyes that does not see what it agrees to is none.
func (s *Service) matter(ctx context.Context, c flow.Case) (m flow.Matter, err error) {
	b, v, err := s.book.Get(ctx, c.Subject())
	if err != nil {
		return m, err
	}
	if c.Definition == "record.correction" {
		var is correction
		if err := c.Into(&is); err != nil {
			return m, err
		}
		m.Reason = is.Reason
		// Beside what stood when it was proposed: what others changed since is not what this would take back.
		if v.N != is.Version {
			m.Facts = []ui.Fact{{Label: i18n.T(ctx, "base.correction_stale"), Text: i18n.T(ctx, "base.correction_stale_why")}}
			if b, _, err = s.book.KnownAt(ctx, c.Subject(), c.OpenedAt); err != nil {
				return m, err
			}
		}
		for _, d := range record.Diffs(s.facts(ctx, b), s.facts(ctx, is.Base)) {
			m.Changes = append(m.Changes, ui.Diff{Label: i18n.T(ctx, d.Key), Before: d.Before, After: d.After})
		}
		return m, nil
	}
	var of application
	if err := c.Into(&of); err != nil {
		return m, err
	}
	a := b.accreditation(of.Accreditation.String())
	if a == nil {
		return m, nil
	}
	u, err := s.org.Unit(ctx, b.Host)
	if err != nil {
		return m, err
	}
	items, err := s.Standard(ctx, u.Root())
	if err != nil {
		return m, err
	}
	met := 0
	for _, it := range b.Items {
		if it.Met {
			met++
		}
	}
	m.Facts = []ui.Fact{{Label: i18n.T(ctx, "base.f.level"), Text: levelName(ctx, a.Level)}, {Label: i18n.T(ctx, "base.f.issuer"), Text: s.bodyName(ctx, a.Issuer)}}
	if a.Title != "" {
		m.Facts = append(m.Facts, ui.Fact{Label: i18n.T(ctx, "base.f.title"), Text: a.Title})
	}
	m.Facts = append(m.Facts, ui.Fact{Label: i18n.T(ctx, "base.fig.items"), Text: strconv.Itoa(met) + "/" + strconv.Itoa(len(items)), Href: c.Link + "#standard"})
	return m, nil
}

func (s *Service) ofPlaque(act string, edit func(b *Base, a *Accreditation, p flow.Step, by string)) flow.Effect {
	return func(ctx context.Context, c flow.Case, p flow.Step) error {
		if c.SubjectKind != Kind {
			return nil
		}
		var of application
		if err := c.Into(&of); err != nil {
			return err
		}
		ctx, err := s.atHost(ctx, c.Unit)
		if err != nil {
			return err
		}
		_, v, err := s.book.Get(ctx, c.Subject())
		if err != nil {
			return err
		}
		by := flow.StepName(ctx, p)
		if p.Unit != 0 {
			by = s.bodyName(ctx, Body{Unit: p.Unit}) + by
		}
		return s.change(ctx, c.Subject(), v.N, act, func(b *Base) error {
			a := b.accreditation(of.Accreditation.String())
			if a == nil { // taken out by a correction meanwhile: nothing hangs on the wall
				return nil
			}
			edit(b, a, p, by)
			return a.Check().Err()
		})
	}
}

// applyCorrection writes what another proposed; Conflict when the base was changed since.
func (s *Service) applyCorrection(ctx context.Context, c flow.Case, _ flow.Step) error {
	if c.SubjectKind != Kind {
		return nil
	}
	var is correction
	if err := c.Into(&is); err != nil {
		return err
	}
	ctx, err := s.atHost(ctx, c.Unit)
	if err != nil {
		return err
	}
	was, _, err := s.book.Get(ctx, c.Subject())
	if err != nil {
		return err
	}
	if err := s.prepare(ctx, &is.Base); err != nil {
		return err
	}
	return s.save(ctx, c.Subject(), is.Version, was, is.Base, record.Change{Act: "base.act.corrected", Reason: is.Reason})
}

// askSecondEyes opens a case that holds the proposed base.
func (s *Service) askSecondEyes(ctx context.Context, ref id.Ref, version int64, was, b Base, reason string) error {
	_, err := s.openCase(ctx, "record.correction", ref, was, 0, correction{version, b, reason})
	return err
}

func (s *Service) openCase(ctx context.Context, definition string, ref id.Ref, b Base, issuer id.ID, data any) (flow.Case, error) {
	u, err := s.rec.Home(ctx, b.Host)
	if err != nil {
		return flow.Case{}, err
	}
	return s.flow.Open(ctx, flow.OpenCase{Definition: definition, SubjectKind: Kind, Subject: ref, Unit: u.ID, Pos: u.Pos,
		Title: b.Name, Link: "/base/" + ref.String(), Issuer: issuer, Data: data})
}

// tasks of a base, by their keys.
func agreementTask(ref id.Ref, end clock.Day) string {
	return "base.agreement:" + ref.String() + ":" + string(end)
}
func checkTask(ref id.Ref, due clock.Day) string {
	return "base.check:" + ref.String() + ":" + string(due)
}

// endTasks ends what was posted for a day that a change has moved.
func (s *Service) endTasks(ctx context.Context, ref id.Ref, was, is Base) error {
	before, _ := was.AgreementEnd()
	if after, _ := is.AgreementEnd(); before != after && before != clock.Open {
		if err := s.flow.DoneTask(ctx, agreementTask(ref, before)); err != nil {
			return err
		}
	}
	if due := was.CheckDue(); due != is.CheckDue() && due != clock.Open {
		return s.flow.DoneTask(ctx, checkTask(ref, due))
	}
	return nil
}
