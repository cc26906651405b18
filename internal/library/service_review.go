package library

import (
	"context"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

const review = "library.review" // the course in flow

// Submit asks somebody else to look at a draft (R123): it waits in an inbox, and stands still until that one has said yes, gave it
// back, or whoever asked took it back.
func (s *Service) Submit(ctx context.Context, ref id.Ref, version int64, note string) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.submit", Reason: note}, func(ctx context.Context, v Document) (Document, error) {
		if v.State != Draft && v.State != Withdrawn {
			return v, errs.New(errs.Conflict, "library.not_draft")
		}
		if v.TitleOnly() {
			return v, errs.New(errs.Conflict, "library.title_only_told")
		}
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return v, err
		}
		v.State, v.Issued = Review, clock.Open
		_, err = s.flow.Open(ctx, flow.OpenCase{Definition: review, SubjectKind: Kind, Subject: ref, Unit: u.ID, Pos: u.Pos, Title: flow.Brief(v.Title), Link: Path(v.No), Note: note, Data: reviewing{v.File.Hash}})
		return v, err
	})
}

// reviewing is what the case of a review carries.
type reviewing struct {
	Hash string `json:"hash"` // of the file that is looked at
}

// Reviewing is the case in which a document is looked at now; false when there is none.
func (s *Service) Reviewing(ctx context.Context, ref id.Ref) (flow.Case, bool, error) {
	list, err := s.flow.ForSubject(ctx, Kind, ref)
	for _, c := range list {
		if c.Definition == review && c.Open() {
			return c, true, err
		}
	}
	return flow.Case{}, false, err
}

// listen connects what a reviewer decides with the document, in the same transaction. Flow has asked for the right.
func (s *Service) listen() {
	s.flow.On(review, "approve", s.reviewed("library.act.approved", "library.task.approved", func(v *Document, p flow.Step, hash string) {
		v.State, v.Approval = Approved, Approval{On: p.Day, By: p.ByName, Unit: p.Unit, Hash: hash}
	}))
	s.flow.On(review, "back", s.reviewed("library.act.returned", "library.task.returned", func(v *Document, _ flow.Step, _ string) { v.State = Draft }))
	s.flow.Tell(Kind, s.matter)
}

func (s *Service) reviewed(act, told string, edit func(v *Document, p flow.Step, hash string)) flow.Effect {
	return func(ctx context.Context, c flow.Case, p flow.Step) error {
		var is reviewing
		if c.SubjectKind != Kind {
			return nil
		}
		if err := c.Into(&is); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, c.Unit)
		if err != nil {
			return err
		}
		wide := scope.Widened(ctx, u.Pos, true)
		v, ver, err := s.book.Get(wide, c.Subject())
		if err != nil {
			return err
		}
		if v.State != Review {
			return errs.New(errs.Conflict, "library.not_in_review")
		}
		p.Day = clock.Today(ctx)
		edit(&v, p, is.Hash)
		if err := s.book.Save(wide, c.Subject(), ver.N, v, record.Change{Act: act, Reason: p.Reason}); err != nil || p.Act == "recall" {
			return err
		}
		return s.flow.AddTask(ctx, flow.NewTask{Key: "library.review:" + c.Ref().String(), Unit: u.ID, Pos: u.Pos, Kind: flow.KindNote, TitleKey: told, Why: "library.task.reviewed_why",
			Args: map[string]any{"Title": flow.Brief(v.Title), "By": flow.StepName(ctx, p), "Words": flow.Brief(p.Reason)}, Link: Path(v.No)})
	}
}

// matter says what a reviewer is asked about.
func (s *Service) matter(ctx context.Context, c flow.Case) (m flow.Matter, err error) {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return m, err
	}
	v, _, err := s.book.Get(scope.Widened(ctx, u.Pos, false), c.Subject())
	if err != nil {
		return m, err
	}
	t, err := s.categories(ctx)
	if err != nil {
		return m, err
	}
	tr := func(k string) string { return i18n.T(ctx, k) }
	m.Facts = []ui.Fact{{Label: tr("library.category"), Text: t.Name(ctx, v.Category)}, {Label: tr("library.visible"), Text: circle(ctx, v.Visible)}, {Label: tr("library.summary"), Text: v.Summary},
		{Label: tr("library.text"), Text: tr("library.review_read"), Href: Path(v.No)}}
	return m, nil
}
