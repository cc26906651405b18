package app

import (
	"context"
	"strings"

	"xinhuo/internal/activity"
	"xinhuo/internal/campaign"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/volunteer"
)

// What activities ask of volunteers and campaigns.

type activityVolunteers struct {
	v *volunteer.Service
	o *org.Service
}

// mostNamesakes is how many people of one name a form tells apart.
const mostNamesakes = 20

// Named finds the volunteers of a name in the reader's city whom the reader may find: those in post, or else who is a
// candidate or has left. They are no guests whom nobody knows: what they lack for work with minors is asked of them (R162).
func (a activityVolunteers) Named(ctx context.Context, name string) ([]activity.Volunteer, error) {
	root := org.RootOf(scope.From(ctx).Pos)
	if name == "" || root == 0 {
		return nil, nil
	}
	day := clock.Today(ctx)
	var out []activity.Volunteer
	for _, st := range volunteer.States {
		p, err := a.v.Find(ctx, org.Unit{Pos: root * org.City.Span(), Level: org.City}, day, volunteer.Filter{Text: name, State: st}, -1, "", mostNamesakes)
		if err != nil {
			return nil, err
		}
		for _, v := range p.Volunteers {
			if v.Name != name {
				continue
			}
			u, err := a.o.Unit(ctx, v.Unit)
			if err != nil {
				return nil, err
			}
			out = append(out, activity.Volunteer{Ref: v.Ref(), Name: v.Name, Unit: u.Name})
		}
		if len(out) > 0 {
			break
		}
	}
	return out, nil
}

// Known names volunteers by their keys.
func (a activityVolunteers) Known(ctx context.Context, refs []id.Ref) (map[id.Ref]string, error) {
	list, err := a.v.ByRefs(ctx, refs)
	out := make(map[id.Ref]string, len(list))
	for ref, v := range list {
		out[ref] = v.Name
	}
	return out, err
}

// Unfit says who may not work with minors, and what each has to complete.
func (a activityVolunteers) Unfit(ctx context.Context, refs []id.Ref, day clock.Day) ([]activity.Unfit, error) {
	list, err := a.v.Fit(ctx, refs, day)
	if err != nil {
		return nil, err
	}
	var out []activity.Unfit
	for _, u := range list {
		var words []string
		if u.Left {
			words = append(words, i18n.T(ctx, "app.unfit_left"))
		}
		for _, k := range u.Missing {
			words = append(words, i18n.T(ctx, "app.unfit_check", "Check", i18n.T(ctx, "volunteer.check."+string(k))))
		}
		out = append(out, activity.Unfit{Ref: u.Ref, Name: u.Name, Missing: strings.Join(words, i18n.T(ctx, "activity.and"))})
	}
	return out, nil
}

type activityCampaigns struct{ *campaign.Service }

func (a activityCampaigns) Open(ctx context.Context, unit id.ID, day clock.Day) ([]activity.Campaign, error) {
	list, err := a.Service.Open(ctx, unit, day)
	var out []activity.Campaign
	for _, c := range list {
		out = append(out, activity.Campaign{Ref: c.Ref, Title: c.Title})
	}
	return out, err
}

func (a activityCampaigns) Titles(ctx context.Context, refs []id.Ref) (map[id.Ref]string, error) {
	list, err := a.Named(ctx, refs)
	out := make(map[id.Ref]string, len(list))
	for _, c := range list {
		out[c.Ref] = c.Title
	}
	return out, err
}
