package record

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
)

// Watched runs a change and says which figures it moved, in a short text that fits into the address of the page after
// it (Moved reads it). Without a unit in the question nothing is watched.
func (s *Service) Watched(ctx context.Context, q ledger.Query, codes []string, act func(ctx context.Context) error) (string, error) {
	if q.Unit == 0 {
		return "", act(ctx)
	}
	before := make([]int64, len(codes))
	for i, code := range codes {
		q.Figure = code
		v, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return "", err
		}
		before[i] = v.Int()
	}
	if err := act(ctx); err != nil {
		return "", err
	}
	var moved []string
	for i, code := range codes {
		q.Figure = code
		v, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return "", err
		}
		if v.Int() != before[i] {
			moved = append(moved, code+"~"+strconv.FormatInt(before[i], 10))
		}
	}
	return strings.Join(moved, ","), nil
}

// Moved is what Watched noted, with the figures as they stand now; whatever is not one of the codes is left out.
func (s *Service) Moved(ctx context.Context, q ledger.Query, codes []string, noted string) ([]ui.Moved, error) {
	if q.Unit == 0 || noted == "" {
		return nil, nil
	}
	was := map[string]int64{}
	for _, part := range strings.Split(noted, ",") {
		code, n, _ := strings.Cut(part, "~")
		if v, err := strconv.ParseInt(n, 10, 64); err == nil {
			was[code] = v
		}
	}
	var out []ui.Moved
	for _, code := range codes {
		before, ok := was[code]
		if !ok {
			continue
		}
		q.Figure = code
		d, err := s.ledger.Figure(code)
		if err != nil {
			return nil, err
		}
		now, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		if now.Int() == before {
			continue
		}
		b, unit := ledger.Number(ctx, d, &before)
		a, unitNow := ledger.Number(ctx, d, now.Amount)
		if unit != unitNow {
			b += unit
		}
		out = append(out, ui.Moved{Label: d.Short.In(i18n.Lang(ctx)), Before: b, After: a, Unit: unitNow, Href: EvidenceHref(q)})
	}
	return out, nil
}

// EvidenceHref is the address of the records behind a figure.
func EvidenceHref(q ledger.Query) string {
	v := url.Values{"unit": {q.Unit.String()}, "day": {string(q.Day)}}
	if q.From != clock.Open {
		v.Set("from", string(q.From))
	}
	if q.To != clock.Open {
		v.Set("to", string(q.To))
	}
	return "/evidence/" + q.Figure + "?" + v.Encode()
}

// Timeline is a record's history for its page, the latest first. The reader's own last change carries a button that
// takes it back, sent to the address undo.
func (b *Book[T]) Timeline(ctx context.Context, ref id.Ref, undo string) ([]ui.Change, error) {
	steps, err := b.History(ctx, ref)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Change, len(steps))
	for i, st := range steps {
		c := ui.Change{When: st.Instant().In(clock.Shanghai).Format("2006-01-02 15:04"), Who: st.ActorName, What: i18n.T(ctx, st.Act)}
		if st.UnitName != "" {
			key := "record.entered_for"
			if st.Part {
				key = "record.entered_by"
			}
			c.Who = i18n.T(ctx, key, "Name", st.ActorName, "Unit", st.UnitName)
		}
		if st.Reason != "" {
			c.What = i18n.T(ctx, "record.act_why", "Act", c.What, "Reason", st.Reason)
		}
		if i < len(steps)-1 { // the first entry is the record itself, which the page shows
			for _, d := range st.Changes {
				c.Fields = append(c.Fields, ui.Diff{Label: i18n.T(ctx, d.Key), Before: d.Before, After: d.After})
			}
		}
		if i == 0 {
			c.Undo, _ = b.UndoPost(ctx, st.Version, undo)
		}
		out[i] = c
	}
	return out, nil
}

// UndoPost is the button that takes the newest version back, with the time until when it can; nil when the reader may not.
func (b *Book[T]) UndoPost(ctx context.Context, v Version, action string) (*ui.Post, string) {
	until := b.Undoable(ctx, v)
	if until.IsZero() {
		return nil, ""
	}
	return &ui.Post{Text: i18n.T(ctx, "record.undo"), Action: action, Key: web.NewKey(),
		Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(v.N, 10)}}}, until.In(clock.Shanghai).Format("15:04")
}
