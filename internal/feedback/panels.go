package feedback

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/activity"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
)

type panelView struct {
	Lead string
	More string
	Href string
}

// panel is the box on the page of an activity: what people said, or the way to ask them.
func (s *Service) panel() activity.Panel {
	return activity.Panel{Key: Kind, Render: func(ctx context.Context, ref id.Ref, a activity.Activity) (templ.Component, error) {
		res, ok, err := s.Of(ctx, ref)
		if err != nil || !ok && !(res.Keeps && askable(a, clock.Today(ctx))) {
			return nil, err
		}
		tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
		v := panelView{Lead: tr("feedback.panel.none"), More: tr("feedback.panel.ask"), Href: "/feedback/" + ref.String()}
		if ok {
			v.More = tr("feedback.panel.more")
			switch o := res.Outcome; {
			case res.Shown:
				v.Lead = tr("feedback.panel.mean", "Mean", meanText(o.Mean()), "N", ui.Number(o.Counted))
			case res.Round.running(clock.Millis(ctx)):
				v.Lead = tr("feedback.until", "At", moment(ctx, res.Round.Closes))
			default:
				v.Lead = tr("feedback.few", "N", Fewest)
			}
		}
		return panelTempl(v), nil
	}}
}
