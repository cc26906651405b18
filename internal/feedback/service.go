package feedback

import (
	"context"
	"net/http"
	"strings"
	"time"

	"xinhuo/internal/activity"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Service keeps rounds of feedback and their answers.
type Service struct {
	store
	rec      *record.Service
	ledger   *ledger.Service
	org      *org.Service
	activity *activity.Service
	book     *record.Book[Round]
	from     func(*http.Request) string // the network address of a request
}

// New opens the book of rounds, publishes the closed ones to the ledger and lends its box to the page of an activity.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, a *activity.Service, from func(*http.Request) string) *Service {
	s := &Service{store: store{d}, rec: rec, ledger: led, org: o, activity: a, from: from}
	s.book = record.NewBook(rec, record.Kind[Round]{Name: Kind, Home: func(r Round) id.ID { return r.Units[0] }, Homes: func(r Round) []id.ID { return r.Units },
		Put: s.keep, Rows: rows, Facts: s.facts, Settled: func(context.Context, id.Ref, int64) error { return errs.New(errs.Conflict, "feedback.no_undo") }}, s.source())
	a.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

// keep writes the round's line in the transaction of every version.
func (s *Service) keep(ctx context.Context, ref id.Ref, r Round, gone bool) error {
	u, err := s.rec.Home(ctx, r.Units[0])
	if err != nil {
		return err
	}
	l := Listed{Root: ref.Root, ID: ref.ID, Activity: r.Activity.ID, Unit: r.Units[0], Title: r.Title, Day: r.Day, Closes: r.Closes}
	if r.Closed {
		l.Closed = 1
		if o := r.Outcome; o.Shown() {
			l.Counted, l.Points, l.Satisfied, l.Admitted = o.Counted, o.Points, o.Satisfied, o.Admitted
		}
	}
	return s.put(ctx, l, u.Pos, gone)
}

func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.move(ctx, c.Unit, u.Pos)
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms) }

// round reads an activity's round; callers have asked for the right at the activity. ok is false when there was none.
func (s *Service) round(ctx context.Context, activity id.Ref) (ref id.Ref, r Round, v record.Version, ok bool, err error) {
	n, err := s.roundOfAcrossUnits(ctx, activity)
	if errs.Is(err, errs.NotFound) {
		return ref, r, v, false, nil
	}
	if err != nil {
		return ref, r, v, false, err
	}
	ref = id.Ref{Root: activity.Root, ID: n}
	r, v, err = s.book.Get(system(ctx), ref) // hosts that came later see it, too
	return ref, r, v, err == nil, err
}

// Opening is how a round is opened.
type Opening struct {
	Days  int64
	Slips int64 // 0: whoever has the link
}

func (o Opening) check() error {
	var f errs.Fields
	if o.Days < 1 || o.Days > MostDays {
		f.Add("days", "feedback.days_odd", "N", MostDays)
	}
	if o.Slips < 0 || o.Slips > MostSlips {
		f.Add("slips", "feedback.slips_odd", "N", MostSlips)
	}
	return f.Err()
}

// askable tells whether people can still, or already, be asked about an activity on a day.
func askable(a activity.Activity, today clock.Day) bool {
	return a.Status != activity.Cancelled && a.Last() >= today.AddDays(-MostDays) && a.Day <= today.AddDays(MostDays)
}

// Open opens an activity's round, or opens it again; it needs the right to work at one of its hosts. A code that was
// printed stays the same. Conflict when the activity was called off, or lies more than MostDays back or ahead.
func (s *Service) Open(ctx context.Context, ref id.Ref, o Opening) (err error) {
	defer errs.Wrapf(&err, "feedback.Open %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.activity.MayWork(ctx, ref, "feedback.act.open"); err != nil {
			return err
		}
		if err := o.check(); err != nil {
			return err
		}
		a, _, err := s.activity.Get(ctx, ref)
		if err != nil {
			return err
		}
		now := clock.Millis(ctx)
		if !askable(a, clock.Today(ctx)) {
			return errs.New(errs.Conflict, "feedback.not_now", "N", MostDays)
		}
		k, err := s.keysAcrossUnits(ctx, ref, true)
		if errs.Is(err, errs.NotFound) {
			k, err = keys{Sign: anon.NewKey()}, nil
		}
		if err != nil {
			return err
		}
		if k.Net == "" {
			k.Net = anon.NewKey()
		}
		if err := s.putKeys(ctx, ref, k); err != nil {
			return err
		}
		r := Round{Activity: ref, Units: a.Units(), Title: a.Title, Day: a.Day, Opens: now, Closes: timeOf(now).AddDate(0, 0, int(o.Days)).UnixMilli(), Slips: o.Slips}
		c := record.Change{Act: "feedback.act.open"}
		at, was, v, ok, err := s.round(ctx, ref)
		if err != nil {
			return err
		}
		if !ok {
			_, err = s.book.Create(ctx, r, c)
			return err
		}
		r.Slips = max(r.Slips, was.Slips) // codes that were handed out stay good, and asking stays as strict as it was
		return s.book.Save(ctx, at, v.N, r, c)
	})
}

// Close ends a round, counts it, and forgets where its answers came from.
func (s *Service) Close(ctx context.Context, ref id.Ref) (err error) {
	defer errs.Wrapf(&err, "feedback.Close %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.activity.MayWork(ctx, ref, "feedback.act.close"); err != nil {
			return err
		}
		at, r, v, ok, err := s.round(ctx, ref)
		if err != nil {
			return err
		}
		if !ok || r.Closed {
			return errs.New(errs.Conflict, "feedback.not_open")
		}
		if _, err := s.keysAcrossUnits(ctx, ref, true); err != nil { // no answer comes in while it is counted
			return err
		}
		if r.Units, r.Outcome, err = s.tally(ctx, ref); err != nil {
			return err
		}
		r.Closed, r.Closes = true, min(r.Closes, clock.Millis(ctx))
		if err := s.book.Save(ctx, at, v.N, r, record.Change{Act: "feedback.act.close"}); err != nil {
			return err
		}
		return s.forget(ctx, ref)
	})
}

// Admit counts the answers that were set aside, with a reason: the pupils of a school come from one address. It stands in
// the history, and the number admitted beside the mean.
func (s *Service) Admit(ctx context.Context, ref id.Ref, reason string) (err error) {
	defer errs.Wrapf(&err, "feedback.Admit %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.activity.MayWork(ctx, ref, "feedback.act.admit"); err != nil {
			return err
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			var f errs.Fields
			f.Add("reason", "feedback.reason_missing")
			return f.Err()
		}
		at, r, v, ok, err := s.round(ctx, ref)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.Conflict, "feedback.not_open")
		}
		if _, err := s.keysAcrossUnits(ctx, ref, true); err != nil {
			return err
		}
		n, err := s.admit(ctx, ref)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "feedback.none_aside")
		}
		units, o, err := s.tally(ctx, ref)
		if err != nil {
			return err
		}
		if r.Units = units; r.Closed {
			r.Outcome = o
		}
		return s.book.Save(ctx, at, v.N, r, record.Change{Act: "feedback.act.admit", Reason: reason})
	})
}

// tally counts what has come in, and says whose it is today.
func (s *Service) tally(ctx context.Context, ref id.Ref) ([]id.ID, Outcome, error) {
	a, _, err := s.activity.Get(ctx, ref)
	if err != nil {
		return nil, Outcome{}, err
	}
	list, err := s.answers(ctx, ref)
	return a.Units(), Tally(list, a.Heads()+a.Online), err
}

// Result is what a reader may know of a round.
type Result struct {
	Round   Round
	Outcome Outcome  // zero while it runs, and when fewer than five answers count
	Shown   bool     // there is an outcome to show
	Keeps   bool     // the reader works at a host
	Lines   []string // the free lines, for the host alone, in no order of time
	In      int64    // for the host alone: how many have come in
	Aside   int64    // and how many of them are set aside
}

// Of reads what came of an activity's feedback; NotFound outside the reader's view, ok is false when nobody was asked.
// Nobody sees an outcome while the round runs: the next answer would show by its difference.
func (s *Service) Of(ctx context.Context, ref id.Ref) (out Result, ok bool, err error) {
	defer errs.Wrapf(&err, "feedback.Of %s", ref)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		a, _, err := s.activity.Get(ctx, ref)
		if err != nil {
			return err
		}
		out.Keeps = s.activity.Keeps(ctx, a)
		if _, out.Round, _, ok, err = s.round(ctx, ref); err != nil || !ok {
			return err
		}
		if out.Shown = out.Round.Closed && out.Round.Outcome.Shown(); out.Shown {
			out.Outcome = out.Round.Outcome
		}
		out.Round.Outcome = Outcome{}
		if !out.Keeps {
			return nil
		}
		list, err := s.answers(ctx, ref)
		if err != nil {
			return err
		}
		out.In, out.Aside = int64(len(list)), Tally(list, a.Heads()+a.Online).Aside
		if out.Shown {
			out.Lines = lines(list)
		}
		return nil
	})
	return out, ok, err
}

// List reads the rounds of a unit's subtree, the latest activities first.
func (s *Service) List(ctx context.Context, u org.Unit) ([]Listed, error) {
	return s.list(ctx, scope.From(ctx).ViewSet, u.Range(), 500)
}
