package volunteer

import (
	"bytes"
	"context"
	"errors"
	"io"

	"xinhuo/internal/booking"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// putHours keeps the row of a list, and holds the hours in the person's calendar: two stretches of one person never
// overlap, whatever wrote them.
func (s *Service) putHours(ctx context.Context, ref id.Ref, h Hours, gone bool) error {
	u, err := s.rec.Home(ctx, h.Unit)
	if err != nil {
		return err
	}
	if err := s.store.putHours(ctx, ref, h, u.Pos, gone); err != nil {
		return err
	}
	var claims []booking.Claim
	if !gone {
		people, err := s.ByRefs(ctx, []id.Ref{h.Volunteer})
		if err != nil {
			return err
		}
		claims = []booking.Claim{{Subject: h.Volunteer, Name: people[h.Volunteer].Name, From: h.Starts(), To: h.Ends()}}
	}
	return s.booking.Hold(ctx, booking.Holder{Kind: ServiceKind, Ref: ref, Name: h.What}, booking.Worked, claims)
}

// LogHours keeps hours of a volunteer. The volunteer enters them for themselves; anybody who works at the volunteer's
// unit enters them as a helper. Unit, EnteredAs, EnteredBy and EnteredOn are set here. Invalid with fields when the day
// is not one of a volunteer, or when the hours overlap others of the same person.
func (s *Service) LogHours(ctx context.Context, h Hours) (ref id.Ref, err error) {
	refs, err := s.logHours(ctx, h, []id.Ref{h.Volunteer}, false, record.Change{Act: "volunteer.act.hours"})
	if err != nil {
		return id.Ref{}, err
	}
	return refs[0], nil
}

// LogMany keeps the same hours of several volunteers, entered by an office: all or none. They stay marked as entered by
// an office for many at once.
func (s *Service) LogMany(ctx context.Context, h Hours, people []id.Ref) ([]id.Ref, error) {
	var f errs.Fields
	if len(people) == 0 {
		f.Add("people", "volunteer.people_missing")
	}
	if len(people) > maxBulk {
		f.Add("people", "volunteer.people_many", "N", maxBulk)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return s.logHours(ctx, h, people, true, record.Change{Act: "volunteer.act.hours_many"})
}

func (s *Service) logHours(ctx context.Context, h Hours, people []id.Ref, many bool, c record.Change) (refs []id.Ref, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		refs = nil
		for _, p := range people {
			h.Volunteer = p
			ref, err := s.logOne(ctx, h, many, c)
			if err != nil {
				return err
			}
			refs = append(refs, ref)
		}
		return nil
	})
	return refs, err
}

// logOne writes hours of one volunteer; the actor is the person, or works at the person's unit.
func (s *Service) logOne(ctx context.Context, h Hours, many bool, c record.Change) (id.Ref, error) {
	ctx, v, own, err := s.toLog(ctx, h.Volunteer)
	if err != nil {
		return id.Ref{}, err
	}
	h = h.clean()
	h.Unit, h.EnteredBy, h.EnteredOn = v.Unit, scope.From(ctx).Name, clock.Today(ctx)
	switch {
	case many:
		h.EnteredAs = ByOffice
	case own:
		h.EnteredAs = BySelf
	default:
		h.EnteredAs = ByHelper
	}
	if err := append(h.problems(v, clock.Today(ctx)), h.toCome(ctx)...).Err(); err != nil {
		return id.Ref{}, err
	}
	ref, err := s.given.Create(ctx, h, c)
	return ref, overlapping(ctx, err)
}

// toLog reads a volunteer for whom hours are entered. A volunteer's own hours need no other right: the act is theirs.
func (s *Service) toLog(ctx context.Context, ref id.Ref) (context.Context, Volunteer, bool, error) {
	a := scope.From(ctx)
	own := false
	if a.Account != 0 {
		mine, err := s.store.ofAccount(ctx, a.Account)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return ctx, Volunteer{}, false, err
		}
		if own = err == nil && mine.Ref() == ref; own {
			ctx = widened(ctx, mine.Pos)
		}
	}
	if err := s.book.MayWork(ctx, ref, record.Change{Act: "volunteer.act.hours"}); err != nil {
		return ctx, Volunteer{}, own, err
	}
	v, _, err := s.book.Get(ctx, ref)
	return ctx, v, own, err
}

// widened lets the actor work at one more place, for an act that is theirs without a right there. The log keeps the person.
func widened(ctx context.Context, pos int64) context.Context {
	a := scope.From(ctx)
	at := scope.Range{From: pos, To: pos + 1}
	a.WorkSet = append(append(scope.Set{}, a.WorkSet...), at)
	a.ViewSet = append(append(scope.Set{}, a.ViewSet...), at)
	return scope.With(ctx, a)
}

// overlapping says at the input what the calendar refused.
func overlapping(ctx context.Context, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Conflict || e.Key != "booking.taken" {
		return err
	}
	var f errs.Fields
	f.Add("from", "volunteer.overlap", "Name", e.Args["Subject"], "Day", e.Args["Day"], "From", e.Args["From"], "To", e.Args["To"], "What", e.Args["Holder"])
	return f.Err()
}

// KeepPhoto takes in a picture as evidence and answers the hashes for Hours.Photo and Thumb: shrunk, without the place
// where it was made. Errors are those of file.Photo.
func (s *Service) KeepPhoto(ctx context.Context, r io.Reader) (full, thumb string, err error) {
	big, small, _, _, err := file.Photo(r)
	if err != nil {
		return "", "", err
	}
	if full, _, err = s.blobs.Put(ctx, bytes.NewReader(big)); err != nil {
		return "", "", err
	}
	thumb, _, err = s.blobs.Put(ctx, bytes.NewReader(small))
	return full, thumb, err
}

// HoursPhoto opens the picture of hours that the reader may see.
func (s *Service) HoursPhoto(ctx context.Context, ref id.Ref, small bool) (io.ReadSeekCloser, error) {
	h, _, err := s.given.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	hash := h.Photo
	if small {
		hash = h.Thumb
	}
	if hash == "" {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.blobs.Get(ctx, hash)
}

// SaveHours corrects hours as read at a version. Who entered them first stays.
func (s *Service) SaveHours(ctx context.Context, ref id.Ref, version int64, h Hours, reason string) error {
	return s.saveHours(ctx, ref, version, h, record.Change{Act: "volunteer.act.hours_correct", Reason: reason})
}

func (s *Service) saveHours(ctx context.Context, ref id.Ref, version int64, h Hours, c record.Change) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.given.MayWork(ctx, ref, c); err != nil {
			return err
		}
		was, _, err := s.given.Get(ctx, ref)
		if err != nil {
			return err
		}
		h = h.clean()
		h.Unit, h.Volunteer, h.EnteredAs, h.EnteredBy, h.EnteredOn = was.Unit, was.Volunteer, was.EnteredAs, was.EnteredBy, was.EnteredOn
		v, err := s.ofHours(ctx, h)
		if err != nil {
			return err
		}
		if err := append(h.problems(v, clock.Today(ctx)), h.toCome(ctx)...).Err(); err != nil {
			return err
		}
		return overlapping(ctx, s.given.Save(ctx, ref, version, h, c))
	})
}

// ofHours reads the volunteer of hours as the rules need it: whoever works with the hours may not see the file, when the
// person has moved to another unit since.
func (s *Service) ofHours(ctx context.Context, h Hours) (Volunteer, error) {
	v, _, err := s.book.Get(scope.With(ctx, scope.System("volunteer.hours")), h.Volunteer)
	return v, err
}

// RemoveHours takes out hours that were entered by mistake.
func (s *Service) RemoveHours(ctx context.Context, ref id.Ref, version int64, reason string) error {
	c := record.Change{Act: "volunteer.act.hours_remove", Reason: reason}
	if err := s.given.MayWork(ctx, ref, c); err != nil {
		return err
	}
	if reason == "" {
		var f errs.Fields
		f.Add("reason", "volunteer.reason_missing")
		return f.Err()
	}
	return s.given.Remove(ctx, ref, version, c)
}

// UndoHours takes one's own last change of hours back.
func (s *Service) UndoHours(ctx context.Context, ref id.Ref, version int64) error {
	return s.given.Undo(ctx, ref, version)
}

// Mine is the volunteer to whom the reader's account belongs, with the hours that they gave; NotFound for everybody else.
func (s *Service) Mine(ctx context.Context) (Listed, []Given, int64, error) {
	l, err := s.store.ofAccount(ctx, scope.From(ctx).Account)
	if err != nil {
		return l, nil, 0, err
	}
	list, err := s.store.ofPersonAcrossUnits(ctx, l.Ref(), 100)
	if err != nil {
		return l, nil, 0, err
	}
	total, err := s.store.totalAcrossUnits(ctx, l.Ref())
	return l, list, total.Minutes, err
}

// IsMine tells whether the reader's account belongs to a volunteer's file.
func (s *Service) IsMine(ctx context.Context) (bool, error) {
	acc := scope.From(ctx).Account
	if acc == 0 {
		return false, nil
	}
	_, err := s.store.ofAccount(ctx, acc)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// DropMine takes back hours that the reader entered for themselves within record.UndoFor.
func (s *Service) DropMine(ctx context.Context, ref id.Ref, version int64) error {
	mine, err := s.store.ofAccount(ctx, scope.From(ctx).Account)
	if err != nil {
		return err
	}
	given, err := s.store.hoursByIDs(ctx, []id.ID{ref.ID})
	if err != nil {
		return err
	}
	if len(given) == 0 || given[0].Volunteer() != mine.Ref() || given[0].EnteredAs != BySelf || given[0].Ref() != ref {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	u, err := s.rec.Home(ctx, given[0].Unit)
	if err != nil {
		return err
	}
	return s.given.Undo(widened(ctx, u.Pos), ref, version)
}

// GivenPage is a page of a list of hours.
type GivenPage struct {
	Hours   []Given
	Total   int64
	Minutes int64
	Rest    int64
}

// ListHours reads the hours of a unit's subtree, the latest first, from the row after (day, id) on.
func (s *Service) ListHours(ctx context.Context, u org.Unit, f HoursFilter, day clock.Day, after id.ID, limit int) (p GivenPage, err error) {
	q := hoursOf(scope.From(ctx), u.Range(), f)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		all, err := s.store.countHours(ctx, q, "", 0)
		if err != nil {
			return err
		}
		p.Total, p.Minutes = all.N, all.Minutes
		if p.Hours, err = s.store.hours(ctx, q, day, after, limit+1); err != nil || len(p.Hours) <= limit {
			return err
		}
		p.Hours = p.Hours[:limit]
		last := p.Hours[limit-1]
		rest, err := s.store.countHours(ctx, q, last.Day, last.ID)
		p.Rest = rest.N
		return err
	})
	return p, err
}

// Total is what a volunteer gave in all: how often, and minutes.
func (s *Service) Total(ctx context.Context, ref id.Ref) (times, minutes int64, err error) {
	t, err := s.store.totalAcrossUnits(ctx, ref)
	return t.N, t.Minutes, err
}

// names are the names of those who gave hours.
func (s *Service) names(ctx context.Context, list []Given) (map[id.Ref]Listed, error) {
	refs := make([]id.Ref, len(list))
	for i, g := range list {
		refs[i] = g.Volunteer()
	}
	return s.ByRefs(ctx, refs)
}

// wayText says how hours came in.
func wayText(ctx context.Context, w EnteredAs) string { return i18n.T(ctx, "volunteer.way."+string(w)) }

// toCome refuses hours of today that are not over: nobody can have worked them. A program that enters for the operator,
// as the demonstration does, is believed.
func (h Hours) toCome(ctx context.Context) (f errs.Fields) {
	now := clock.Now(ctx).In(clock.Shanghai)
	if !scope.From(ctx).System && h.Day == clock.DayOf(now) && minuteOf(h.To) > int64(now.Hour()*60+now.Minute()) {
		f.Add("to", "volunteer.time_to_come")
	}
	return f
}
