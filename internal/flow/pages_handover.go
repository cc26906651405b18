package flow

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// HandoverPath is the page of the list that goes with a post; a task that leads there says that somebody leaves or has left.
const HandoverPath = "/inbox/handover"

// handoverTasks bounds each half of a handover list; a unit with more prints the rest from its inbox.
const handoverTasks = 500

type handoverView struct {
	head    ui.Heading
	waiting []ui.Link
	sent    []ui.Link
	rest    int
	signs   []ui.Fact
}

// showHandover is the list that goes with a post from one holder to the next, to be printed and signed: what waits for
// the unit and what it waits for.
func (s *Service) showHandover(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a := scope.From(ctx)
	if a.Unit == 0 || !a.May(scope.Work, a.Pos) {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	unit, err := s.units.Name(ctx, a.Unit)
	if err != nil {
		return err
	}
	waiting, n, err := s.InboxOf(ctx, OwnOnes, handoverTasks)
	if err != nil {
		return err
	}
	sent, total, err := s.Sent(ctx, handoverTasks)
	if err != nil {
		return err
	}
	today := clock.Today(ctx)
	lines := func(items []Item, tag string) (out []ui.Link) {
		for _, d := range todos(ctx, items, "", tag) {
			sub := d.Due
			if d.Why != "" {
				sub = i18n.T(ctx, "flow.handover_line", "Due", d.Due, "Why", d.Why)
			}
			for _, t := range d.Tags {
				sub = i18n.T(ctx, "flow.handover_line", "Due", sub, "Why", t.Text)
			}
			out = append(out, ui.Link{Text: d.Title, Href: d.Href, Sub: sub})
		}
		return out
	}
	title := i18n.T(ctx, "flow.handover")
	v := handoverView{head: ui.Heading{Over: unit, Title: title, Under: i18n.T(ctx, "flow.handover_lead", "Day", i18n.Day(ctx, today))},
		waiting: lines(waiting, "for"), sent: lines(sent, "with"), rest: max(0, n.All-len(waiting)) + max(0, total-len(sent))}
	for _, who := range []string{"from", "to", "witness", "day"} {
		v.signs = append(v.signs, ui.Fact{Label: i18n.T(ctx, "flow.handover_"+who), Text: i18n.T(ctx, "flow.handover_blank")})
	}
	return web.Render(w, r, web.Page{Title: title, Current: "inbox", Crumbs: []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: title}}}, handoverPage(v))
}
