package app

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/survey"
)

// surveyRegister is the register of bases as surveys ask about it and correct it.
type surveyRegister struct{ bases *base.Service }

func (r surveyRegister) Fields(ctx context.Context, u org.Unit) ([]survey.Field, error) {
	list, err := r.bases.Facts(ctx, u.Root())
	out := make([]survey.Field, len(list))
	for i, f := range list {
		out[i] = survey.Field{Key: f.Key, Label: i18n.T(ctx, "base.f."+f.Key), Kind: f.Kind}
		for _, o := range f.Options {
			out[i].Options = append(out[i].Options, survey.Option{Key: o[0], Text: o[1]})
		}
	}
	return out, err
}

func (r surveyRegister) Of(ctx context.Context, u org.Unit) ([]survey.Subject, error) {
	refs, list, err := r.bases.HostedBy(ctx, u)
	out := make([]survey.Subject, len(list))
	for i, b := range list {
		out[i] = survey.Subject{Ref: refs[i], Name: b.Name, Values: map[string]survey.Value{}}
		for k, v := range b.Values() {
			out[i].Values[k] = v
		}
	}
	return out, err
}

func (r surveyRegister) Within(ctx context.Context, within scope.Set) ([]id.ID, error) {
	return r.bases.WithinAcrossUnits(ctx, within)
}

func (r surveyRegister) Hosts(ctx context.Context, bases []id.ID) ([]int64, error) {
	return r.bases.HostsAcrossUnits(ctx, bases)
}

func (r surveyRegister) Correct(ctx context.Context, ref id.Ref, host org.Unit, was, now map[string]survey.Value, ch record.Change) (int64, error) {
	return r.bases.CorrectFacts(ctx, ref, host, plainValues(was), plainValues(now), ch)
}

func (r surveyRegister) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return r.bases.Undo(ctx, ref, version)
}

func plainValues(of map[string]survey.Value) map[string][]string {
	out := make(map[string][]string, len(of))
	for k, v := range of {
		out[k] = v
	}
	return out
}

// surveyNeeds is the list of needs of a unit's city, by which teams are found, in the taxonomy of questionnaires (R156).
func (a *App) surveyNeeds(ctx context.Context, u org.Unit) ([]survey.Need, error) {
	list, err := a.People.Needs(ctx, u)
	out := make([]survey.Need, len(list))
	for i, n := range list {
		out[i] = survey.Need{Name: n.Name, Label: n.In(i18n.Lang(ctx)), Area: survey.AreaOf(n.Standard())}
	}
	return out, err
}

// surveyOfBase is what surveys asked about a base, on its page.
func (a *App) surveyOfBase() base.Panel {
	return base.Panel{Key: "survey", Render: func(ctx context.Context, ref id.Ref, b base.Base, _ clock.Day) (templ.Component, error) {
		return a.Survey.BasePanel(ctx, ref, b.Host)
	}}
}
