package contact

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// The kinds of record in versions, in the ledger and in imports: the log, the register of bodies, what is asked of them.
const (
	Kind     = "contact"
	KindBody = "partner"
	KindTask = "partner_task"
)

func rows(_ id.Ref, c Contact) ledger.Record {
	return ledger.Record{Attrs: map[string]any{"kind": c.Kind, "body": c.Body, "led": c.Lead, "mechanism": mechanismOf(c.Kind)}, Rows: []ledger.Row{{Type: "contact", From: c.Day, Units: []id.ID{c.Unit}},
		{Type: "last_year", From: c.Day, To: c.Day.AddYears(1), Units: []id.ID{c.Unit}}}}
}

// bodyRows publishes a body from its first to its last day, at the unit that registers it.
func bodyRows(_ id.Ref, b Body) ledger.Record {
	return ledger.Record{Attrs: map[string]any{"field": b.Field, "seated": len(b.Seats) > 0}, Rows: []ledger.Row{{Type: "partner", From: b.From, To: b.To, Units: []id.ID{b.Unit}}}}
}

// taskRows publishes a task on the day it goes out, and on the day on which its lead says that it is done.
func taskRows(_ id.Ref, t Task) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"assisted": len(t.Assist) > 0, "late": t.DoneOn > t.Due}, Rows: []ledger.Row{{Type: "task", From: t.IssuedOn, Units: []id.ID{t.Unit}}}}
	if t.DoneOn != clock.Open {
		out.Rows = append(out.Rows, ledger.Row{Type: "done", From: t.DoneOn, Units: []id.ID{t.Unit}})
	}
	return out
}

func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "联系记录", En: "Contact"},
		Fields: map[string]any{"kind": "", "body": "", "led": false, "mechanism": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.idsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.described(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, r := range list {
				e := r.entry()
				out[r.ID] = ledger.Description{Ref: e.Ref, Code: e.Ref.String(), Name: i18n.T(ctx, "contact.pair", "Label", e.Body, "Text", e.Topic), Unit: e.Unit, Href: path(e.Ref)}
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			if breakdown == "kind" {
				return kindName(ctx, value)
			}
			return value
		},
	}
}

func path(ref id.Ref) string { return "/contact/" + ref.String() }

func (s *Service) bodySource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "协作部门", En: "Partner body"},
		Fields: map[string]any{"field": "", "seated": false},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.bodyIDsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.bodies.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.Named(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for k, b := range list {
				out[k] = ledger.Description{Ref: b.Ref, Code: b.Ref.String(), Name: b.Name, Unit: b.Unit, Href: bodyPath(b.Ref)}
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			if breakdown == "field" {
				return fieldName(ctx, value)
			}
			return value
		},
	}
}

func (s *Service) taskSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "交给部门的事项", En: "Task of a body"},
		Fields: map[string]any{"assisted": false, "late": false},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.taskIDsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.tasks.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.describedTasks(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, r := range list {
				t := r.listed()
				out[r.ID] = ledger.Description{Ref: t.Ref, Code: t.Ref.String(), Name: t.Title, Unit: t.Unit, Href: taskPath(t.Ref)}
			}
			return out, err
		},
	}
}
