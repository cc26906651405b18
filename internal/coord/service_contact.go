package coord

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// ContactFilter is what the log of contacts asks for.
type ContactFilter struct {
	Body  string
	Kind  string
	Year  int
	After string
	Limit int // at most 100; 0 is 50
}

// BodyCount is what stands in the log with one body in a year: talks, activities that the committee or the body led,
// things lent and borrowed (R66, R69).
type BodyCount struct {
	Body     string `json:"body"`
	Talks    int64  `json:"talks"`
	Joint    int64  `json:"joint"`
	JointLed int64  `json:"joint_led"` // of these, led by the body
	Lent     int64  `json:"lent"`
	Borrowed int64  `json:"borrowed"`
}

// AddContact writes an entry into a unit's log.
func (s *Service) AddContact(ctx context.Context, c Contact, ch record.Change) (id.Ref, error) {
	if ch.Act == "" {
		ch.Act = "coord.act.contact"
	}
	if err := s.contacts.MayCreate(ctx, c, ch); err != nil {
		return id.Ref{}, err
	}
	c.clean()
	if err := c.check(clock.Today(ctx)); err != nil {
		return id.Ref{}, err
	}
	return s.contacts.Create(ctx, c, ch)
}

// SaveContact changes an entry as it was read at a version; it stays at its unit.
func (s *Service) SaveContact(ctx context.Context, ref id.Ref, version int64, c Contact, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "coord.act.contact_save"
	}
	if err := s.contacts.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	was, _, err := s.contacts.Get(ctx, ref)
	if err != nil {
		return err
	}
	c.Unit = was.Unit
	c.clean()
	if err := c.check(clock.Today(ctx)); err != nil {
		return err
	}
	return s.contacts.Save(ctx, ref, version, c, ch)
}

// RemoveContact takes an entry out; its history stays.
func (s *Service) RemoveContact(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "coord.reason_missing")
		return f.Err()
	}
	return s.contacts.Remove(ctx, ref, version, record.Change{Act: "coord.act.contact_remove", Reason: reason})
}

// UndoContact takes one's own last change back.
func (s *Service) UndoContact(ctx context.Context, ref id.Ref, version int64) error {
	return s.contacts.Undo(ctx, ref, version)
}

// Contact reads an entry.
func (s *Service) Contact(ctx context.Context, ref id.Ref) (Contact, record.Version, error) {
	return s.contacts.Get(ctx, ref)
}

// Contacts are the entries of a unit and those below it, the latest first, and the address of the next page. Needs View at
// the unit.
func (s *Service) Contacts(ctx context.Context, u org.Unit, f ContactFilter) (out []Entry, next string, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, "", errs.New(errs.NotFound, "errs.not_found")
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	day, after := clock.Day("9999-99-99"), id.ID(0)
	if f.After != "" {
		ref, err := id.ParseRef(f.After)
		if err != nil {
			return nil, "", errs.New(errs.Invalid, "errs.ref_unreadable")
		}
		c, _, err := s.contacts.Get(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		day, after = c.Day, ref.ID
	}
	list, err := s.store.contacts(ctx, u.Range(), scope.From(ctx).ViewSet, f, day, after, f.Limit+1)
	if err != nil {
		return nil, "", err
	}
	for _, r := range list[:min(len(list), f.Limit)] {
		out = append(out, r.entry())
	}
	if len(list) > f.Limit {
		next = out[f.Limit-1].Ref.String()
	}
	return out, next, nil
}

// ByBody counts a year's entries of a unit and those below it by body, the most first.
func (s *Service) ByBody(ctx context.Context, u org.Unit, year int) ([]BodyCount, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	y := clock.YearOf(year)
	rows, err := s.store.bodies(ctx, u.Range(), scope.From(ctx).ViewSet, y.From, y.To)
	if err != nil {
		return nil, err
	}
	var out []BodyCount
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Body != r.Body {
			out = append(out, BodyCount{Body: r.Body})
		}
		b := &out[len(out)-1]
		switch r.Kind {
		case "talk":
			b.Talks += r.N
		case "joint":
			b.Joint += r.N
			b.JointLed += r.N * r.Lead
		case "lent":
			b.Lent += r.N
		case "borrowed":
			b.Borrowed += r.N
		}
	}
	all := func(b BodyCount) int64 { return b.Talks + b.Joint + b.Lent + b.Borrowed }
	slices.SortStableFunc(out, func(a, b BodyCount) int { return int(all(b) - all(a)) })
	return out, nil
}
