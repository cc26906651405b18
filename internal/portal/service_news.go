package portal

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// AddNews writes news as a draft, or publishes it at once.
func (s *Service) AddNews(ctx context.Context, n News, publish bool) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "portal.AddNews")
	ch := record.Change{Act: "portal.act.draft"}
	n.State, n.Why = Draft, ""
	if publish {
		n.State, ch.Act = Published, "portal.act.publish"
	}
	if err := s.news.MayCreate(ctx, n, ch); err != nil {
		return id.Ref{}, err
	}
	n.tidy()
	if err := n.problems(clock.Today(ctx)).Err(); err != nil {
		return id.Ref{}, err
	}
	return s.news.Create(ctx, n, ch)
}

// GetNews reads news with its version, for who views the unit.
func (s *Service) GetNews(ctx context.Context, ref id.Ref) (News, record.Version, error) {
	return s.news.Get(ctx, ref)
}

// SaveNews changes the words of news, as they were read at a version; what is published is changed for everybody.
func (s *Service) SaveNews(ctx context.Context, ref id.Ref, version int64, n News) (err error) {
	defer errs.Wrapf(&err, "portal.SaveNews %s", ref)
	return s.changeNews(ctx, ref, version, "edit", func(x *News) { x.Day, x.Title, x.Text = n.Day, n.Title, n.Text })
}

// PublishNews shows news to everybody; what was taken down comes back.
func (s *Service) PublishNews(ctx context.Context, ref id.Ref, version int64) (err error) {
	defer errs.Wrapf(&err, "portal.PublishNews %s", ref)
	return s.changeNews(ctx, ref, version, "publish", func(x *News) { x.State, x.Why = Published, "" })
}

// TakeDown takes news from the site; it stays in the office's list, with the reason.
func (s *Service) TakeDown(ctx context.Context, ref id.Ref, version int64, why string) (err error) {
	defer errs.Wrapf(&err, "portal.TakeDown %s", ref)
	if line(why) == "" {
		var f errs.Fields
		f.Add("why", "portal.why_missing")
		return f.Err()
	}
	return s.changeNews(ctx, ref, version, "down", func(x *News) { x.State, x.Why = Down, why })
}

func (s *Service) changeNews(ctx context.Context, ref id.Ref, version int64, act string, edit func(*News)) error {
	ch := record.Change{Act: "portal.act." + act}
	if err := s.news.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	n, _, err := s.news.Get(ctx, ref)
	if err != nil {
		return err
	}
	edit(&n)
	n.tidy()
	if err := n.problems(clock.Today(ctx)).Err(); err != nil {
		return err
	}
	return s.news.Save(ctx, ref, version, n, ch)
}

// UndoNews takes one's own last change back.
func (s *Service) UndoNews(ctx context.Context, ref id.Ref, version int64) error {
	return s.news.Undo(ctx, ref, version)
}

// mostNews is how many pieces of news a page lists.
const mostNews = 20

// News are a unit's, the latest first, for who views it: drafts and what was taken down, too.
func (s *Service) News(ctx context.Context, u org.Unit, skip int) ([]Headline, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errNone
	}
	return s.newsAcrossUnits(ctx, u.ID, false, skip, mostNews+1)
}
