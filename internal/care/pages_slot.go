package care

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// slotPosts say of an appointment whose day has come whether whoever asked came.
func slotPosts(ctx context.Context, q Request, e Entry) (out []ui.Post) {
	here := q.at() + "/slot"
	for _, fate := range []string{Came, Missed} {
		out = append(out, ui.Post{Text: tr(ctx, "care.do."+fate), Sub: slotText(ctx, e), Action: here, Key: web.NewKey(), Hidden: []ui.Pair{{Name: "slot", Value: e.ID.String()}, {Name: "do", Value: fate}}})
	}
	return out
}

// slotForm moves an appointment or calls it off, nil where none stands.
func slotForm(ctx context.Context, q Request, said []Entry, f *web.Form, beside map[string]string) *form {
	var list []ui.Option
	for _, e := range said {
		if e.stands() {
			list = append(list, ui.Option{Value: e.ID.String(), Text: slotText(ctx, e)})
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &form{Title: tr(ctx, "care.do.slot"), Spec: ui.FormSpec{ID: "slot", Action: q.at() + "/slot", Key: web.NewKey(), Submit: tr(ctx, "care.do.slot_it")}, Inputs: []ui.Input{
		{Kind: ui.KindRadio, Name: "slot", Label: tr(ctx, "care.f.slot"), Value: or(f.Get("slot"), list[0].Value), Error: beside["slot"], Options: list},
		{Kind: ui.KindRadio, Name: "do", Label: tr(ctx, "care.f.slot_do"), Value: or(f.Get("do"), Moved), Error: beside["slot_kind"], Options: options(ctx, "care.slot_do.", []string{Moved, Off}, "care.slot_sub.")},
		{Kind: ui.KindDate, Name: "slot_day", Label: tr(ctx, "care.f.slot_day"), Hint: tr(ctx, "care.slot_day_hint"), Value: f.Get("slot_day"), Error: beside["slot_day"], Optional: true, Min: string(clock.Today(ctx)), Max: string(clock.Today(ctx).AddDays(bookedWithin))},
		{Name: "slot_clock", Label: tr(ctx, "care.f.clock"), Hint: tr(ctx, "care.slot_clock_hint"), Value: f.Get("slot_clock"), Error: beside["slot_clock"], Optional: true, Short: true, MaxLength: 5, Autocomplete: "off"},
		{Kind: ui.KindSelect, Name: "slot_place", Label: tr(ctx, "care.f.place"), Value: f.Get("slot_place"), Error: beside["slot_place"], Optional: true, Options: append([]ui.Option{{Text: tr(ctx, "care.place_none")}}, options(ctx, "care.place.", Places, "")...)},
		{Kind: ui.KindArea, Name: "slot_text", Label: tr(ctx, "care.f.slot_text"), Hint: tr(ctx, "care.slot_text_hint"), Value: f.Get("slot_text"), Error: beside["slot_text"], Lines: 3, Autocomplete: "off", Sealed: true}}}
}

// leaveForm lets somebody of another unit say that they cannot help.
func leaveForm(ctx context.Context, q Request, f *web.Form, beside map[string]string) form {
	return form{Title: tr(ctx, "care.do.leave"), Spec: ui.FormSpec{ID: "leave", Action: q.at() + "/leave", Key: web.NewKey(), Submit: tr(ctx, "care.do.leave_it")}, Inputs: []ui.Input{
		{Name: "leave", Label: tr(ctx, "care.f.leave"), Hint: tr(ctx, "care.leave_hint"), Value: f.Get("leave"), Error: beside["leave"], MaxLength: maxShort, Autocomplete: "off"}}}
}

// slotAct is what is done with an appointment.
func (s *Service) slotAct(ctx context.Context, ref id.Ref, f *web.Form) error {
	slot, err := id.Parse(f.Text("slot"))
	if err != nil || slot == 0 {
		var bad errs.Fields
		bad.Add("slot", "care.slot_missing")
		return bad.Err()
	}
	switch f.Text("do") {
	case Came, Missed:
		return s.MetAt(ctx, ref, slot, f.Text("do") == Came)
	case Off:
		return s.CallOff(ctx, ref, slot, f.Text("slot_text"), f.Key())
	}
	day := f.Day("slot_day")
	if day == clock.Open { // today would be a guess
		var bad errs.Fields
		bad.Add("slot_day", "care.booked_odd", "N", bookedWithin)
		return bad.Err()
	}
	return s.MoveSlot(ctx, ref, slot, Entry{Day: day, Clock: f.Text("slot_clock"), Way: f.Text("slot_place"), Text: f.Text("slot_text"), Mark: f.Key()})
}
