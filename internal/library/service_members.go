package library

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const (
	mostComments    = 50 // that a page shows
	commentsPerHour = 20 // of one account
	hour            = 3_600_000
)

// asMember reads a document for somebody with an account.
func (s *Service) asMember(ctx context.Context, no int64) (id.Ref, Document, error) {
	ref, v, _, err := s.Number(ctx, no)
	if err == nil && scope.From(ctx).Account == 0 {
		err = errs.New(errs.Forbidden, "errs.not_yours")
	}
	return ref, v, err
}

// Keep puts a document among the reader's favourites, or takes it out.
func (s *Service) Keep(ctx context.Context, no int64, keep bool) (err error) {
	defer errs.Wrapf(&err, "library.Keep %d", no)
	return s.marked(ctx, no, func(m *mark) { m.Kept = keep })
}

// Rate says how good a document is, 1 to 5 stars; again, it is the new word that counts. Nobody rates what their own unit shared.
func (s *Service) Rate(ctx context.Context, no int64, stars int64) (err error) {
	defer errs.Wrapf(&err, "library.Rate %d", no)
	if stars < 1 || stars > 5 {
		var f errs.Fields
		f.Add("stars", "library.stars_missing")
		return f.Err()
	}
	if _, v, err := s.asMember(ctx, no); err != nil {
		return err
	} else if v.Unit == scope.From(ctx).Unit {
		return errs.New(errs.Forbidden, "library.own_stars")
	}
	return s.marked(ctx, no, func(m *mark) { m.Stars = stars })
}

func (s *Service) marked(ctx context.Context, no int64, edit func(m *mark)) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ref, _, err := s.asMember(ctx, no)
		if err != nil {
			return err
		}
		account := scope.From(ctx).Account
		m, err := s.markOf(ctx, ref, account)
		if err != nil {
			return err
		}
		was := m
		if edit(&m); m == was {
			return nil
		}
		return s.putMark(ctx, ref, account, m, clock.Millis(ctx))
	})
}

// Say keeps what a member says of an issued document. A telephone number or another piece of personal data is not taken.
func (s *Service) Say(ctx context.Context, no int64, words string) error {
	_, err := s.say(ctx, no, words)
	return err
}

func (s *Service) say(ctx context.Context, no int64, words string) (made id.Ref, err error) {
	defer errs.Wrapf(&err, "library.Say %d", no)
	words = strings.TrimSpace(words)
	var f errs.Fields
	switch {
	case words == "":
		f.Add("words", "library.comment_missing")
	case utf8.RuneCountInString(words) > maxWords:
		f.Add("words", "library.too_long", "N", maxWords)
	case len(PersonalIn([]extract.Block{{Text: words}})) > 0:
		f.Add("words", "library.comment_personal")
	}
	if err := f.Err(); err != nil {
		return made, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		ref, v, err := s.asMember(ctx, no)
		if err != nil {
			return err
		}
		if v.State != Issued {
			return errs.New(errs.Conflict, "library.not_issued")
		}
		a, now := scope.From(ctx), clock.Millis(ctx)
		n, err := s.commentsSince(ctx, a.Account, now-hour)
		if err != nil {
			return err
		}
		if n >= commentsPerHour {
			return errs.New(errs.Throttled, "library.comments_many")
		}
		c := Comment{Root: ref.Root, ID: id.New(), Doc: ref.ID, Account: a.Account, Name: a.Name, Unit: a.Unit, Words: words, At: now}
		if err := s.insertComment(ctx, c); err != nil {
			return err
		}
		made = c.Ref()
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		return s.audit.Log(ctx, auditOf("library.act.comment", ref, v, u.Pos))
	})
	return made, err
}

// TakeOff takes a comment off: whoever wrote it without a reason, whoever works at the document's unit with one.
func (s *Service) TakeOff(ctx context.Context, ref id.Ref, reason string) (no int64, err error) {
	defer errs.Wrapf(&err, "library.TakeOff %s", ref)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		c, err := s.commentAcrossUnits(ctx, ref)
		if err != nil {
			return errs.New(errs.NotFound, "library.not_here")
		}
		doc := id.Ref{Root: c.Root, ID: c.Doc}
		v, _, err := s.Get(ctx, doc)
		if err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		no = v.No
		a := scope.From(ctx)
		if own := a.Account != 0 && a.Account == c.Account; !own {
			if !a.May(scope.Work, u.Pos) {
				return errs.New(errs.NotFound, "library.not_here")
			}
			if reason = strings.TrimSpace(reason); reason == "" {
				var f errs.Fields
				f.Add("reason", "library.reason_missing")
				return f.Err()
			}
		}
		c.GoneAt, c.GoneBy, c.Reason = clock.Millis(ctx), a.Name, reason
		if ok, err := s.takeOff(ctx, c); err != nil || !ok {
			return err
		}
		entry := auditOf("library.act.comment_off", doc, v, u.Pos)
		entry.Note = reason
		return s.audit.Log(ctx, entry)
	})
	return no, err
}

// Comments are those on a document that the reader sees; what was taken off is among them only for who works at its unit.
func (s *Service) Comments(ctx context.Context, ref id.Ref, works bool) (out []Comment, err error) {
	list, err := s.commentsOf(ctx, ref, mostComments)
	for _, c := range list {
		if c.GoneAt == 0 || works {
			out = append(out, c)
		}
	}
	return out, err
}

// opened is a document that somebody with a kind of post opened in a month.
type opened struct {
	ref         id.Ref
	post, month string
}

// openings are those that are not written down yet: a reading page does not write. The zero value is ready.
type openings struct {
	mu   sync.Mutex
	list map[opened]int64
}

const (
	mostOpenings = 10_000
	monthsOpened = 3 // that count
	leastOpened  = 3 // below, one reader could be guessed
	mostLiked    = 5
)

// postOf is the kind of post that a reader holds, such as "township org.post.office"; "" for whoever holds none.
func (s *Service) postOf(ctx context.Context) string {
	a := scope.From(ctx)
	if a.Account == 0 || a.Unit == 0 || !a.ViewSet.Contains(a.Pos) {
		return ""
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return ""
	}
	return string(u.Level) + " " + a.Role
}

// noteOpened remembers that somebody with the reader's post opened a document; who it was is not remembered.
func (s *Service) noteOpened(ctx context.Context, ref id.Ref, post string) {
	s.opened.mu.Lock()
	defer s.opened.mu.Unlock()
	if s.opened.list == nil {
		s.opened.list = map[opened]int64{}
	}
	if k := (opened{ref, post, month(clock.Today(ctx), 0)}); len(s.opened.list) < mostOpenings || s.opened.list[k] > 0 {
		s.opened.list[k]++
	}
}

// month is a day's month, so many months before.
func month(d clock.Day, before int) string {
	t := d.Time()
	return time.Date(t.Year(), t.Month()-time.Month(before), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// WriteOpened writes down what was opened since the last time; what a crash takes with it is no loss to anybody.
func (s *Service) WriteOpened(ctx context.Context) error {
	s.opened.mu.Lock()
	list := s.opened.list
	s.opened.list = nil
	s.opened.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		for o, n := range list {
			if err := s.addOpened(ctx, o, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// Liked are documents that the reader sees and that people with the same kind of post opened most in the last months (L32). No
// reader is known by it: only how often each kind of post opened a document is kept, and few openings are not shown.
func (s *Service) Liked(ctx context.Context, post string, not id.ID) ([]Listed, error) {
	if post == "" {
		return nil, nil
	}
	return s.openedBy(ctx, scope.From(ctx), post, month(clock.Today(ctx), monthsOpened-1), not, leastOpened, mostLiked)
}
