package portal

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// crowd counts what came from one network address; a school or a village stands behind one. Nothing of it is kept on disk.
type crowd struct {
	mu   sync.Mutex
	list map[string][]int64
}

const (
	perHour     = 20
	mostCrowded = 10_000
)

func (c *crowd) admit(address string, now int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil || len(c.list) >= mostCrowded {
		c.list = map[string][]int64{}
	}
	var kept []int64
	for _, at := range c.list[address] {
		if at > now-time.Hour.Milliseconds() {
			kept = append(kept, at)
		}
	}
	if len(kept) < perHour {
		c.list[address] = append(kept, now)
		return true
	}
	c.list[address] = kept
	return false
}

// visiting is the context in which what a visitor sends is kept: they have no account.
func visiting(ctx context.Context) context.Context { return scope.With(ctx, scope.System(Kind)) }

func (w *Words) tidy() {
	w.Name, w.Phone, w.Can = line(w.Name), line(width.Narrow.String(w.Phone)), paragraphs(w.Can)
}

// Bounds of signing up.
const (
	mostPeople = 20 // that come with one who signs up
	mostPlaces = 100_000
)

func (w Words) problems(kind string) (f errs.Fields) {
	if w.Name == "" {
		f.Add("name", "portal.name_missing")
	}
	if !org.Dialable(w.Phone) || strings.ContainsFunc(w.Phone, unicode.IsLetter) || len(w.Phone) < 7 {
		f.Add("phone", "portal.your_phone_missing")
	}
	if w.Can == "" && kind == ToHelp {
		f.Add("can", "portal.can_missing")
	}
	long(&f, "name", w.Name, maxShort)
	long(&f, "phone", w.Phone, maxShort)
	long(&f, "can", w.Can, maxAbout)
	return f
}

func lockPlace(ref id.Ref) string { return "portal.wish:" + ref.String() }

// Wish keeps what somebody wrote through a site that is on, for the unit's office: to become a volunteer, or to come to an activity that
// the site shows. Who it is, is encrypted. Throttled when too many came from one address.
func (s *Service) Wish(ctx context.Context, x Site, about id.Ref, w Words, address string) (err error) {
	defer errs.Wrapf(&err, "portal.Wish")
	ctx = visiting(ctx)
	u, err := s.rec.Home(ctx, x.Unit)
	if err != nil {
		return err
	}
	wish := Wish{Root: u.Root(), ID: id.New(), Unit: u.ID, Kind: ToHelp, At: clock.Millis(ctx), Due: dueOn(clock.Today(ctx)), People: 1}
	if about != (id.Ref{}) {
		list, err := s.shownEvents(ctx, u)
		if err != nil {
			return err
		}
		wish.Kind = ""
		for _, e := range list {
			if e.Ref == about {
				wish.Kind, wish.ActivityRoot, wish.Activity, wish.About = ToCome, about.Root, about.ID, e.Title
				wish.People, wish.Due = max(w.People, 1), dueFor(clock.Today(ctx), e.Day)
			}
		}
		if wish.Kind == "" {
			return errs.New(errs.Invalid, "portal.activity_over")
		}
	}
	w.tidy()
	f := w.problems(wish.Kind)
	if w.People < 0 || w.People > mostPeople {
		f.Add("people", "portal.people_many", "N", mostPeople)
	}
	if err := f.Err(); err != nil {
		return err
	}
	if !s.crowd.admit(anon.Network(address), clock.Millis(ctx)) {
		return errs.New(errs.Throttled, "portal.crowded")
	}
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if wish.Sealed, err = s.seal.Lock(ctx, lockPlace(wish.Ref()), string(text)); err != nil {
			return err
		}
		if wish.Kind == ToCome {
			left, ok, err := s.admit(ctx, u.ID, about, wish.People)
			if err != nil {
				return err
			}
			if !ok {
				return full(left)
			}
			s.db.AfterCommit(ctx, s.kept.drop) // the list says how many places are left
		}
		if err := s.insertWish(ctx, wish); err != nil {
			return err
		}
		if err := s.flow.AddTask(ctx, flow.NewTask{Key: wishTask(wish.Ref()), Unit: u.ID, Pos: u.Pos, TitleKey: "portal.task." + wish.Kind, Why: "portal.task.why", Args: map[string]any{"About": flow.Brief(wish.About)},
			Due: wish.Due, Link: wishPath(wish.Ref())}); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "portal.act.wish", Subject: KindWish, Ref: wish.Ref(), Pos: u.Pos, Unit: u.ID})
	})
}

// full says that not so many can come any more.
func full(left int64) error {
	if left == 0 {
		return errs.New(errs.Invalid, "portal.full_now")
	}
	var f errs.Fields
	f.Add("people", "portal.places_few", "N", left)
	return f.Err()
}

func wishTask(ref id.Ref) string { return "portal.wish:" + ref.String() }

func wishPath(ref id.Ref) string { return "/portal/wish/" + ref.String() }

// Wishes are what was written to a unit, without who wrote it, for those to whom its tasks come; none for others, whatever their place above.
func (s *Service) Wishes(ctx context.Context, u org.Unit) ([]Wish, error) {
	if reads, err := s.flow.DoesFor(ctx, u.ID, u.Pos); err != nil || !reads {
		return nil, err
	}
	return s.wishesAcrossUnits(ctx, u.ID, mostSites)
}

// wishFor reads a wish for whoever does the tasks of its unit, as the page on which it was written promises; as if absent for all others.
func (s *Service) wishFor(ctx context.Context, ref id.Ref) (Wish, org.Unit, error) {
	x, err := s.wishAcrossUnits(ctx, ref)
	if err != nil {
		err = s.org.Alike(ctx, err)
		if _, other := s.flow.DoesFor(ctx, 0, -1); other != nil { // as long as it takes to find that it may not be read
			err = other
		}
		return Wish{}, org.Unit{}, err
	}
	u, err := s.rec.Home(ctx, x.Unit)
	if err != nil {
		return Wish{}, org.Unit{}, err
	}
	reads, err := s.flow.DoesFor(ctx, u.ID, u.Pos)
	if err == nil && !reads {
		err = errNone
	}
	if err != nil {
		return Wish{}, org.Unit{}, err
	}
	return x, u, nil
}

// ReadWish opens what somebody wrote; the reading stands in the log. It asks for a second factor as all that is sealed does (errs.StepUp). Words
// are empty once they were forgotten.
func (s *Service) ReadWish(ctx context.Context, ref id.Ref) (x Wish, u org.Unit, w Words, err error) {
	defer errs.Wrapf(&err, "portal.ReadWish %s", ref)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if x, u, err = s.wishFor(ctx, ref); err != nil || x.Sealed == "" {
			return err
		}
		if err := s.seal.Proved(ctx); err != nil {
			return err
		}
		text, err := s.seal.Unlock(lockPlace(ref), x.Sealed)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "portal.act.read", Subject: KindWish, Ref: ref, Pos: u.Pos, Unit: u.ID})
	})
	return x, u, w, err
}

// AnswerWish says what became of it; the task is done.
func (s *Service) AnswerWish(ctx context.Context, ref id.Ref, version int64, outcome string) (err error) {
	defer errs.Wrapf(&err, "portal.AnswerWish %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		x, u, err := s.wishFor(ctx, ref)
		if err != nil {
			return err
		}
		known := false
		for _, o := range Outcomes {
			known = known || o == outcome
		}
		if !known {
			var f errs.Fields
			f.Add("outcome", "portal.outcome_missing")
			return f.Err()
		}
		if x.Ver != version {
			return errChanged
		}
		x.Outcome, x.DoneAt, x.DoneBy = outcome, clock.Millis(ctx), scope.From(ctx).Name
		if ok, err := s.answerWish(ctx, x); err != nil || !ok {
			if err == nil {
				err = errChanged
			}
			return err
		}
		s.db.AfterCommit(ctx, s.kept.drop) // a place may be free again
		if err := s.flow.DoneTask(ctx, wishTask(ref)); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "portal.act.answer", Subject: KindWish, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: map[string]any{"outcome": outcome}})
	})
}

// Daily forgets who wrote, ninety days after they were answered, and how long pages took. It may run at any time and twice.
func (s *Service) Daily(ctx context.Context) (n int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if n, err = s.forget(ctx, clock.Millis(ctx)-wishKept.Milliseconds()); err != nil {
			return err
		}
		return s.forgetPace(ctx, clock.Today(ctx).AddDays(-paceKept))
	})
	return n, err
}
