package survey

import (
	"context"
	"slices"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Needs is the list of needs of a unit's city, by which teams are found (R156).
type Needs func(ctx context.Context, u org.Unit) ([]Need, error)

func (s *Service) openPolls() *record.Book[Poll] {
	return record.NewBook(s.rec, record.Kind[Poll]{Name: KindPoll, Home: func(p Poll) id.ID { return p.Unit }, Put: s.putPoll, Rows: pollRows, Facts: pollFacts,
		Settled: func(context.Context, id.Ref, int64) error { return errs.New(errs.Conflict, "survey.poll_no_undo") }}, &ledger.Source{
		Name:   ledger.Words{Zh: "匿名问卷", En: "Anonymous questionnaire"},
		Fields: map[string]any{"need": "", "n": int64(0)},
		OfUnit: ofUnit(s.store.pollsOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.polls.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.pollsByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Title, Unit: l.Unit, Href: pollPath(l.Ref())}
			}
			return out, err
		},
	})
}

func (s *Service) putPoll(ctx context.Context, ref id.Ref, p Poll, gone bool) error {
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	return s.store.putPoll(ctx, ref, u.Pos, p, gone)
}

// pollRows publishes what may be told of a closed questionnaire, on its last day: how many answered, which needs they have, and
// how many often feel low. What is hidden is not counted anywhere above either.
func pollRows(_ id.Ref, p Poll) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{}}
	if !p.Outcome.Shown() {
		return out
	}
	units := []id.ID{p.Unit}
	add := func(row, need string, n int64) {
		if n > 0 {
			out.Rows = append(out.Rows, ledger.Row{Type: row, From: p.Closes, Units: units, Attrs: map[string]any{"need": need, "n": n}})
		}
	}
	add("answers", "", p.Outcome.Counted)
	for _, n := range p.Needs {
		add("need", n, p.Outcome.Needs[n][0])
	}
	add("low", "", p.Outcome.Moods[len(moods)-1])
	return out
}

func pollFacts(ctx context.Context, p Poll) []record.Fact {
	state := i18n.T(ctx, "survey.poll_open")
	if p.Closed {
		state = i18n.T(ctx, "survey.poll_closed")
	}
	return []record.Fact{{Key: "survey.f.poll", Text: p.Title}, {Key: "survey.f.audience", Text: i18n.T(ctx, "survey.audience."+p.Audience)}, {Key: "survey.f.expected", Text: i18n.T(ctx, "survey.people", "N", p.Expected)},
		{Key: "survey.f.closes", Text: i18n.Day(ctx, p.Closes)}, {Key: "survey.f.needs", Text: joined(ctx, p.Needs)}, {Key: "survey.f.state", Text: state}}
}

// AddPoll opens a questionnaire. The right to work is asked at its unit.
func (s *Service) AddPoll(ctx context.Context, p Poll) (ref id.Ref, err error) {
	if err := s.polls.MayCreate(ctx, p, acted("poll")); err != nil {
		return ref, err
	}
	trim(&p.Title)
	p.Closed, p.Outcome = false, nil
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.org.Unit(ctx, p.Unit)
		if err != nil {
			return err
		}
		known, err := s.needs(ctx, u)
		if err != nil {
			return err
		}
		if err := p.check(clock.Today(ctx), known); err != nil {
			return err
		}
		if ref, err = s.polls.Create(ctx, p, acted("poll")); err != nil {
			return err
		}
		return s.store.addKeys(ctx, ref, keys{Sign: anon.NewKey(), Net: anon.NewKey()})
	})
	return ref, err
}

// Poll reads a questionnaire; what came of it is there once it is closed.
func (s *Service) Poll(ctx context.Context, ref id.Ref) (Poll, record.Version, error) {
	return s.polls.Get(ctx, ref)
}

// Polls are those of a unit and those below it, the latest first. Needs View at the unit.
func (s *Service) Polls(ctx context.Context, u org.Unit) ([]ListedPoll, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.store.polls(ctx, u.Range(), scope.From(ctx).ViewSet, mostListed)
}

// PollLink is the signed path that the code of a questionnaire leads to; it needs the right to work at its unit.
func (s *Service) PollLink(ctx context.Context, ref id.Ref) (string, error) {
	if err := s.polls.MayWork(ctx, ref, acted("poll")); err != nil {
		return "", err
	}
	k, err := s.store.keysAcrossUnits(ctx, ref, false)
	return "/q/" + ref.String() + "?k=" + anon.Signature(k.Sign, ref), err
}

// askedFor reads the questionnaire that a signed link opens; NotFound without one, or with a wrong signature.
func (s *Service) askedFor(ctx context.Context, ref id.Ref, sig string, hold bool) (Poll, keys, error) {
	missing := errs.New(errs.NotFound, "survey.no_link")
	k, err := s.store.keysAcrossUnits(ctx, ref, hold)
	if errs.Is(err, errs.NotFound) || err == nil && !anon.Equal(sig, anon.Signature(k.Sign, ref)) {
		return Poll{}, k, missing
	}
	if err != nil {
		return Poll{}, k, err
	}
	p, _, err := s.polls.Get(outsider(ctx), ref)
	return p, k, err
}

// outsider acts for somebody without an account: the signed link is the right.
func outsider(ctx context.Context) context.Context {
	return scope.With(ctx, scope.System("survey.sheet"))
}

// Answer takes one sheet through a signed link, from a network address that is not kept. One too many from an address is
// taken and set aside; Throttled when the box is being flooded; Conflict when it is over.
func (s *Service) Answer(ctx context.Context, ref id.Ref, sig, address string, x Sheet) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		p, k, err := s.askedFor(ctx, ref, sig, true)
		if err != nil {
			return err
		}
		if p.Closed || k.Net == "" || p.Closes < clock.Today(ctx) {
			return errs.New(errs.Conflict, "survey.poll_over")
		}
		if err := x.check(p); err != nil {
			return err
		}
		now, net := clock.Millis(ctx), anon.NetHash(k.Net, address)
		was, err := s.store.seen(ctx, ref, net, now-anon.BurstMinutes*60_000)
		if err != nil {
			return err
		}
		if anon.Flooded(was.All, was.Lately, p.Expected) {
			return errs.New(errs.Throttled, "survey.flooded")
		}
		if x.N, x.At, x.Net, x.Aside = was.All+1, now, net, 0; anon.Aside(was.Net, was.Lately, p.Expected) {
			x.Aside = 1
		}
		return s.store.addSheet(ctx, ref, x)
	})
}

// ClosePoll ends a questionnaire, counts it, and forgets every sheet: what may be told is all that is left.
func (s *Service) ClosePoll(ctx context.Context, ref id.Ref, version int64) error {
	ch := acted("poll_close")
	if err := s.polls.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.store.keysAcrossUnits(ctx, ref, true); err != nil { // nothing comes in while it is counted
			return err
		}
		p, _, err := s.polls.Get(ctx, ref)
		if err != nil {
			return err
		}
		if p.Closed {
			return errs.New(errs.Conflict, "survey.poll_over")
		}
		list, err := s.store.sheets(ctx, ref)
		if err != nil {
			return err
		}
		p.Closed, p.Closes, p.Outcome = true, min(p.Closes, clock.Today(ctx)), p.count(list)
		if err := s.polls.Save(ctx, ref, version, p, ch); err != nil {
			return err
		}
		return s.store.forget(ctx, ref)
	})
}

// RemovePoll takes a questionnaire out that was opened by mistake, with all that came in.
func (s *Service) RemovePoll(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("poll_remove", reason)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.polls.Remove(ctx, ref, version, ch); err != nil {
			return err
		}
		return s.store.forget(ctx, ref)
	})
}

// needsByArea are needs in the order of the taxonomy.
func needsByArea(list []Need) []Need {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Need) int { return slices.Index(areas, a.Area) - slices.Index(areas, b.Area) })
	return list
}
