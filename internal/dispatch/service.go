package dispatch

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Words are what a desk says in its module's own texts.
type Words struct {
	Join, JoinWhy string // the line in the inbox of a unit that is asked to join in
	Unfit         string // a unit that cannot issue
	Nobody        string // no unit is waited for
	Act           string // of joining in, for the log
}

// Desk sends one kind of record.
type Desk struct {
	rec   *record.Service
	org   *org.Service
	flow  *flow.Service
	audit *audit.Service
	kind  string
	key   string // begins the keys of its lines in inboxes
	words Words
}

// New opens a desk for a kind of record; key begins the keys of its inbox lines and stays for good.
func New(rec *record.Service, o *org.Service, f *flow.Service, a *audit.Service, kind, key string, w Words) Desk {
	return Desk{rec: rec, org: o, flow: f, audit: a, kind: kind, key: key, words: w}
}

// Leads tells whether the reader works at the lead.
func (d Desk) Leads(ctx context.Context, lead id.ID) bool {
	u, err := d.rec.Home(ctx, lead)
	return err == nil && scope.From(ctx).May(scope.Work, u.Pos)
}

// MayLead refuses, and logs, whoever does not work at the lead: others see the record because it comes to them.
func (d Desk) MayLead(ctx context.Context, ref id.Ref, lead id.ID, act string) error {
	if d.Leads(ctx, lead) {
		return nil
	}
	u, err := d.rec.Home(ctx, lead)
	if err != nil {
		return err
	}
	return d.Refused(ctx, act, d.kind, ref, u)
}

// Refused logs who tried what they may not, and answers whose it is.
func (d Desk) Refused(ctx context.Context, act, kind string, ref id.Ref, u org.Unit) error {
	if err := d.audit.Refuse(ctx, audit.Entry{Act: act, Subject: kind, Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
}

// Settle fills in who has joined in: whoever had joined stays joined, the writer's own units join by being named. It
// refuses units that have nobody below them or stand no more.
func (d Desk) Settle(ctx context.Context, was, now []Issuer, f *errs.Fields) error {
	today := clock.Today(ctx)
	joined := map[id.ID]clock.Day{}
	for _, i := range was {
		joined[i.Unit] = i.JoinedOn
	}
	for k := range now {
		i := &now[k]
		u, err := d.rec.Home(ctx, i.Unit)
		if err != nil {
			return err
		}
		if !u.StandsOn(today) || u.Level.Leaf() {
			f.Add("issuers", d.words.Unfit, "Name", u.Name)
		}
		given := i.JoinedOn
		i.JoinedOn = joined[i.Unit]
		if i.JoinedOn == clock.Open && scope.From(ctx).May(scope.Work, u.Pos) {
			i.JoinedOn = today
			if given != clock.Open && given <= today {
				i.JoinedOn = given
			}
		}
	}
	return nil
}

// Ask puts the record into the inboxes of units that are to issue with the lead, and takes it out of those that have joined
// in or are no longer asked.
func (d Desk) Ask(ctx context.Context, was []Issuer, now Sent) error {
	open := map[id.ID]bool{}
	lead, err := d.org.Unit(ctx, now.Lead)
	if err != nil {
		return err
	}
	for _, i := range now.Issuers {
		if i.JoinedOn != clock.Open {
			continue
		}
		open[i.Unit] = true
		u, err := d.rec.Home(ctx, i.Unit)
		if err != nil {
			return err
		}
		if err := d.flow.AddTask(ctx, flow.NewTask{Key: d.joinKey(now.Ref, i.Unit), Unit: u.ID, Pos: u.Pos, TitleKey: d.words.Join, Why: d.words.JoinWhy,
			Args: map[string]any{"Title": now.Title, "Unit": lead.Name}, Link: now.Link}); err != nil {
			return err
		}
	}
	for _, i := range append(slices.Clone(was), now.Issuers...) {
		if !open[i.Unit] {
			if err := d.flow.DoneTask(ctx, d.joinKey(now.Ref, i.Unit)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d Desk) joinKey(ref id.Ref, unit id.ID) string {
	return d.key + ".join:" + ref.String() + ":" + unit.String()
}

// Join makes a unit that was asked an issuer, so that the units below it are asked in turn; save keeps the record with it.
// Whoever works at the unit decides, nobody else.
func (d Desk) Join(ctx context.Context, ref id.Ref, list []Issuer, save func() error) error {
	var asked org.Unit
	for k := range list {
		i := &list[k]
		if i.JoinedOn != clock.Open {
			continue
		}
		u, err := d.rec.Home(ctx, i.Unit)
		if err != nil {
			return err
		}
		if asked = u; scope.From(ctx).May(scope.Work, u.Pos) {
			i.JoinedOn = clock.Today(ctx)
			if err := save(); err != nil {
				return err
			}
			return d.flow.DoneTask(ctx, d.joinKey(ref, i.Unit))
		}
	}
	if asked.ID == 0 {
		return errs.New(errs.Conflict, d.words.Nobody)
	}
	return d.Refused(ctx, d.words.Act, d.kind, ref, asked)
}

// Asked are the subtrees of issuers as they were on the day of issue: whose units the record goes to.
func (d Desk) Asked(ctx context.Context, issuing []id.ID, since clock.Day) (scope.Set, error) {
	var at []scope.Range
	for _, unit := range issuing {
		i, err := d.org.AsOf(ctx, unit, since)
		if errs.Is(err, errs.NotFound) {
			i, err = d.org.Unit(ctx, unit)
		}
		if err != nil {
			return nil, err
		}
		at = append(at, i.Range())
	}
	return scope.Join(at), nil
}
