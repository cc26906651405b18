package coord

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// Kind is the record kind of notices, in the ledger as in histories; KindReply that of what units do about them.
const (
	Kind      = "notice"
	KindReply = "notice_reply"
)

// rows publishes a notice once it is issued, at all who issue it: the issue with its obligations, and the days on which a
// document is in force. At a unit above several issuers it counts once.
func rows(_ id.Ref, n Notice) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"kind": n.Kind, "joint": n.Joint(), "obligations": int64(len(n.Obligations)), "bound": int64(len(n.bound()))}}
	if n.IssuedOn == clock.Open {
		return out
	}
	units := n.Issuing()
	out.Rows = append(out.Rows, ledger.Row{Type: "issue", From: n.IssuedOn, Units: units})
	if from := max(n.From, n.IssuedOn); n.Until == clock.Open {
		out.Rows = append(out.Rows, ledger.Row{Type: "force", From: from, Units: units})
	} else if from <= n.Until {
		out.Rows = append(out.Rows, ledger.Row{Type: "force", From: from, To: n.Until.AddDays(1), Units: units})
	}
	return out
}

// replyRows publishes what a unit did, each on its day. A corrected answer is the same answer.
func replyRows(_ id.Ref, r Reply) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"notice": r.Notice.String(), "late": r.Late()}}
	for _, x := range []struct {
		row string
		day clock.Day
	}{{"received", r.ReceivedOn}, {"passed", r.PassedOn}, {"done", r.DoneOn}, {"asked", r.AskedOn}} {
		if x.day != clock.Open {
			out.Rows = append(out.Rows, ledger.Row{Type: x.row, From: x.day, Units: []id.ID{r.Unit}})
		}
	}
	return out
}

func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "通知", En: "Notice"},
		Fields: map[string]any{"kind": "", "joint": false, "obligations": int64(0), "bound": int64(0)},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.idsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.notices.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDsAcrossUnits(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, r := range list {
				out[r.ID] = ledger.Description{Ref: r.ref(), Code: r.Code, Name: r.Title, Unit: r.Unit, Href: path(r.ref())}
			}
			return out, err
		},
		Label: func(ctx context.Context, _, value string) string { return kindName(ctx, value) },
	}
}

func (s *Service) replySource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "通知办理", En: "Answer to a notice"},
		Fields: map[string]any{"notice": "", "late": false},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.replyIDsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.replies.Records(ctx, ids)
		},
		Describe: s.describeReplies,
		Label: func(ctx context.Context, _, value string) string {
			if ref, err := id.ParseRef(value); err == nil {
				if r, err := s.store.noticeAcrossUnits(ctx, ref); err == nil {
					return r.Title
				}
			}
			return value
		},
	}
}

// describeReplies names replies by their notice; the list itself names the unit beside it.
func (s *Service) describeReplies(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.describedReplies(ctx, recs)
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	for _, r := range list {
		ids = append(ids, r.Notice)
	}
	of, err := s.store.byIDsAcrossUnits(ctx, ids)
	if err != nil {
		return nil, err
	}
	notices := map[id.ID]row{}
	for _, r := range of {
		notices[r.ID] = r
	}
	out := map[id.ID]ledger.Description{}
	for _, r := range list {
		n := notices[r.Notice]
		out[r.ID] = ledger.Description{Ref: r.ref(), Code: n.Code, Name: n.Title, Unit: r.Unit, Href: replyPath(n.ref(), r.Unit)}
	}
	return out, nil
}
