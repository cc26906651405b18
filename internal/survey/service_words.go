package survey

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) surveyFacts(ctx context.Context, v Survey) []record.Fact {
	var levels []string
	for _, l := range v.Levels {
		levels = append(levels, levelName(ctx, l))
	}
	if len(levels) == 0 {
		levels = []string{i18n.T(ctx, "survey.hosts")}
	}
	out := []record.Fact{{Key: "survey.f.title", Text: v.Title}, {Key: "survey.f.about", Text: i18n.T(ctx, "survey.about."+v.About)}, {Key: "survey.f.levels", Text: joined(ctx, levels)},
		{Key: "survey.f.due", Text: i18n.Day(ctx, v.Due)}, {Key: "survey.f.document", Text: v.Document}, {Key: "survey.f.text", Text: v.Text}, {Key: "survey.f.issued_on", Text: i18n.Day(ctx, v.IssuedOn)}}
	for _, q := range v.Questions {
		out = append(out, record.Fact{Key: "survey.f.question", Text: q.Label})
	}
	return out
}

func (s *Service) answerFacts(ctx context.Context, a Answer) []record.Fact {
	out := []record.Fact{{Key: "survey.f.state", Text: stateName(ctx, a.State)}, {Key: "survey.f.sent_on", Text: i18n.Day(ctx, a.SentOn)}, {Key: "survey.f.sent_by", Text: a.SentBy},
		{Key: "survey.f.why", Text: a.Why}, {Key: "survey.f.done_by", Text: a.DoneBy}}
	l, err := s.store.surveyAcrossUnits(ctx, a.Survey)
	if err != nil {
		return out
	}
	v, _, err := s.Get(ctx, l.Ref())
	if err != nil {
		return out
	}
	fields := s.fieldsOf(ctx, v.Unit)
	for _, e := range a.Entries {
		for _, q := range v.Questions {
			if len(e.Values[q.No]) > 0 {
				out = append(out, record.Fact{Key: "survey.f.answer", Text: i18n.T(ctx, "survey.answer_words", "Name", e.Name, "Question", q.Label, "Value", words(ctx, q, e.Values[q.No], fields))})
			}
		}
	}
	return out
}

// fieldsOf are the register's fields as a unit's city has them; none when they cannot be read: words then show their keys.
func (s *Service) fieldsOf(ctx context.Context, unit id.ID) []Field {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return nil
	}
	fields, err := s.register.Fields(ctx, u)
	if err != nil {
		return nil
	}
	return fields
}

// words are a value as a person reads it.
func words(ctx context.Context, q Question, v Value, fields []Field) string {
	switch q.Kind {
	case "number":
		if n, err := strconv.ParseInt(strings.Join(v, ""), 10, 64); err == nil {
			return ui.Number(n)
		}
	case "day":
		return i18n.Day(ctx, dayOf(v))
	case "choice", "several":
		named := map[string]string{}
		for _, o := range q.choosable(fields) {
			named[o.Key] = o.Text
		}
		out := make([]string, len(v))
		for i, x := range v {
			if out[i] = x; named[x] != "" {
				out[i] = named[x]
			}
		}
		return joined(ctx, out)
	}
	return strings.Join(v, "")
}

func joined(ctx context.Context, list []string) string {
	return strings.Join(list, i18n.T(ctx, "survey.comma"))
}

func levelName(ctx context.Context, l org.Level) string { return i18n.T(ctx, "org.level."+string(l)) }

// stateName says how far an answer has come; nothing was begun when there is none.
func stateName(ctx context.Context, st State) string {
	if st == None {
		return i18n.T(ctx, "survey.state.none")
	}
	return i18n.T(ctx, "survey.state."+string(st))
}
