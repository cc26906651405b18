package activity

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// in is an entry of a list in the reader's language.
func (c Choice) in(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" && c.En != "" {
		return c.En
	}
	return c.Zh
}

// named is the entry of a list with a code, in words; a code that is no more stands for itself.
func named(ctx context.Context, list []Choice, code string) string {
	if c, ok := find(list, code); ok {
		return c.in(ctx)
	}
	return code
}

// choiceName names an entry by the lists of the reader's own city.
func (s *Service) choiceName(ctx context.Context, list, code string) string {
	l, err := s.Lists(ctx, org.RootOf(scope.From(ctx).Pos))
	if err != nil { // a code is better than no page
		return code
	}
	return named(ctx, l[list], code)
}

// campaignTitle names a campaign by its outside name.
func (s *Service) campaignTitle(ctx context.Context, text string) string {
	ref, err := id.ParseRef(text)
	if err != nil || s.campaigns == nil {
		return text
	}
	titles, err := s.campaigns.Titles(ctx, []id.Ref{ref})
	if err != nil || titles[ref] == "" {
		return text
	}
	return titles[ref]
}

// facts say an activity in words, for its history and its page.
func (s *Service) facts(ctx context.Context, a Activity) []record.Fact {
	var l lists
	if u, err := s.org.Unit(ctx, a.Lead()); err == nil {
		if all, err := s.Lists(ctx, u.Root()); err == nil {
			l = all
		}
	}
	comma, next := i18n.T(ctx, "activity.comma"), i18n.T(ctx, "activity.semicolon")
	var hosts, stops, audience, people, risks, entries, incidents, themes, schools []string
	for _, h := range a.Hosts {
		t := s.unitName(ctx, h.Unit)
		if h.Asked != Agreed {
			t += i18n.T(ctx, "activity.waits."+string(h.Asked))
		}
		hosts = append(hosts, t)
	}
	for _, st := range a.Stops {
		t := st.Place
		if st.Base.ID == 0 {
			t += i18n.T(ctx, "activity.in_brackets", "Text", i18n.T(ctx, "activity.venue."+st.Venue))
		}
		if st.Memorial {
			t += comma + i18n.T(ctx, "activity.memorial")
		}
		if st.From != "" {
			t += comma + span(ctx, st.From, st.To)
		}
		stops = append(stops, t)
	}
	for _, g := range a.Audience {
		audience = append(audience, i18n.T(ctx, "activity.group_n", "Group", named(ctx, l[GroupList], g.Group), "N", ui.Number(g.Count)))
	}
	for _, p := range a.People {
		people = append(people, p.Name+i18n.T(ctx, "activity.in_brackets", "Text", i18n.T(ctx, "activity.role."+p.Role)))
	}
	for _, r := range a.Safety.Risks {
		risks = append(risks, i18n.T(ctx, "activity.risk."+r))
	}
	for _, e := range a.Contest.Entries {
		entries = append(entries, e.Name+" "+points(e.Score))
	}
	for _, sc := range a.Schools {
		schools = append(schools, s.schoolLine(ctx, sc))
	}
	for _, in := range a.Incidents {
		incidents = append(incidents, i18n.Day(ctx, in.On)+comma+in.What)
	}
	for _, c := range a.Campaigns {
		themes = append(themes, s.campaignTitle(ctx, c.String()))
	}
	list := []record.Fact{
		{Key: "activity.f.title", Text: a.Title},
		{Key: "activity.f.status", Text: i18n.T(ctx, "activity.status."+string(a.Status))},
		{Key: "activity.f.hosts", Text: strings.Join(hosts, next)},
		{Key: "activity.f.type", Text: named(ctx, l[TypeList], a.Type)},
		{Key: "activity.f.topic", Text: named(ctx, l[TopicList], a.Topic)},
		{Key: "activity.f.series", Text: named(ctx, l[SeriesList], a.Series)},
		{Key: "activity.f.campaigns", Text: strings.Join(themes, next)},
		{Key: "activity.f.materials", Text: numbersOf(a.Materials)},
		{Key: "activity.f.when", Text: when(ctx, a)},
		{Key: "activity.f.stops", Text: strings.Join(stops, next)},
		{Key: "activity.f.mode", Text: i18n.T(ctx, "activity.mode."+string(a.Mode))},
		{Key: "activity.f.audience", Text: strings.Join(audience, i18n.T(ctx, "activity.and"))},
		{Key: "activity.f.online", Text: count(a.Online)},
		{Key: "activity.f.minors", Text: count(a.Minors)},
		{Key: "activity.f.people", Text: strings.Join(people, i18n.T(ctx, "activity.and"))},
		{Key: "activity.f.responsible", Text: strings.TrimSpace(a.Responsible + " " + a.Phone)},
		{Key: "activity.f.aim", Text: a.Aim},
		{Key: "activity.f.method", Text: a.Method},
		{Key: "activity.f.summary", Text: a.Summary},
		{Key: "activity.f.works", Text: count(a.Works)},
		{Key: "activity.f.awards", Text: count(a.Awards)},
		{Key: "activity.f.schools", Text: strings.Join(schools, next)},
		{Key: "activity.f.feedback", Text: satisfaction(ctx, a.Feedback)},
		{Key: "activity.f.plan", Text: a.Safety.Plan},
		{Key: "activity.f.risks", Text: strings.Join(risks, i18n.T(ctx, "activity.and"))},
		{Key: "activity.f.signed", Text: signed(ctx, a.Safety)},
		{Key: "activity.f.emergency", Text: a.Safety.Emergency},
		{Key: "activity.f.insurance", Text: a.Safety.Insurance},
		{Key: "activity.f.staff", Text: count(a.Safety.Staff)},
		{Key: "activity.f.rules", Text: a.Contest.Rules},
		{Key: "activity.f.entries", Text: strings.Join(entries, next)},
		{Key: "activity.f.photos", Text: count(int64(len(a.Photos)))},
		{Key: "activity.f.incidents", Text: strings.Join(incidents, next)},
		{Key: "activity.f.cancel_reason", Text: a.CancelReason},
		{Key: "activity.f.code", Text: a.Code},
	}
	return list
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return ui.Number(n)
}

// span is a stretch of a day in words.
func span(ctx context.Context, from, to string) string {
	if to == "" {
		return i18n.T(ctx, "activity.from_hour", "From", from)
	}
	return i18n.T(ctx, "activity.hours", "From", from, "To", to)
}

// when is the day, or the days, and the hours in words.
func when(ctx context.Context, a Activity) string {
	t := i18n.Day(ctx, a.Day)
	if a.LastDay != clock.Open {
		t = i18n.T(ctx, "activity.days", "From", t, "To", i18n.Day(ctx, a.LastDay))
	}
	if a.From != "" {
		t += i18n.T(ctx, "activity.comma") + span(ctx, a.From, a.To)
	}
	return t
}

// points writes hundredths of a point without zeros that say nothing.
func points(score int64) string {
	t := strconv.FormatInt(score/100, 10)
	if rest := score % 100; rest != 0 {
		t += strings.TrimRight(fmt.Sprintf(".%02d", rest), "0")
	}
	return t
}

func satisfaction(ctx context.Context, f Feedback) string {
	tenths, ok := f.Satisfaction()
	if !ok {
		return ""
	}
	return i18n.T(ctx, "activity.satisfied_of", "Share", ui.Percent(tenths), "N", ui.Number(f.Satisfied), "Of", ui.Number(f.Answers))
}

func signed(ctx context.Context, s Safety) string {
	if s.SignedBy == "" {
		return ""
	}
	return s.SignedBy + i18n.T(ctx, "activity.comma") + i18n.Day(ctx, s.SignedOn)
}
