package survey

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// answerImporter takes and writes answers as a table: a row for each question of each base. A table fills drafts; a person
// sends them.
func (s *Service) answerImporter() *record.Importer {
	return &record.Importer{Kind: KindAnswer, Title: "survey.answers", Back: "/survey", Current: Kind, Columns: answerColumnsOf, Take: s.takeAnswer, Export: s.exportAnswers}
}

func answerColumnsOf(context.Context) []table.Column {
	return []table.Column{
		{Key: "survey", Titles: []string{"调查记录号", "Survey record", "survey"}, Required: true},
		{Key: "title", Titles: []string{"调查", "Survey", "title"}},
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"单位", "Unit", "unit"}},
		{Key: "base", Titles: []string{"阵地记录号", "Base record", "base"}},
		{Key: "name", Titles: []string{"阵地", "Base", "name"}, Width: 24},
		{Key: "question", Titles: []string{"问题", "Question", "question"}, Required: true, Width: 24},
		{Key: "answer", Titles: []string{"答复", "Answer", "answer"}, Width: 30},
		{Key: "state", Titles: []string{"状态", "State", "state"}},
	}
}

// cell is a value as a table writes it; valueOf reads it back.
func (q Question) cell(v Value, fields []Field) string {
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
	return strings.Join(out, "、")
}

func (q Question) typed(cell string, fields []Field) []string {
	options := q.choosable(fields)
	if q.Kind != "choice" && q.Kind != "several" {
		return []string{cell}
	}
	parts := []string{cell}
	if q.Kind == "several" {
		parts = strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,，;；", r) })
	}
	for i, p := range parts {
		p = table.CleanText(p)
		for _, o := range options {
			if o.Text == p {
				p = o.Key
			}
		}
		parts[i] = p
	}
	return parts
}

// takeAnswer writes one row into a draft; an answer that was sent can only be confirmed by it.
func (s *Service) takeAnswer(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	var f errs.Fields
	ref, err := id.ParseRef(row["survey"].Text)
	if err != nil {
		f.Add("survey", "errs.ref_unreadable")
		return "", "", f.Err()
	}
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	t, err := s.Task(ctx, ref, u.ID)
	if errs.Is(err, errs.NotFound) {
		f.Add("survey", "survey.not_addressed", "Unit", u.Name)
		return "", "", f.Err()
	}
	if err != nil {
		return "", "", err
	}
	subjects, err := s.Subjects(ctx, t)
	if err != nil {
		return "", "", err
	}
	i := slices.IndexFunc(subjects, func(e Entry) bool {
		return row["base"].Text != "" && e.key() == row["base"].Text || row["base"].Text == "" && (e.Base.ID == 0 || e.Name == strings.TrimSpace(row["name"].Text))
	})
	if i < 0 {
		f.Add("base", "survey.entry_unknown")
	}
	k := slices.IndexFunc(t.Survey.Questions, func(q Question) bool { return q.Label == strings.TrimSpace(row["question"].Text) })
	if k < 0 {
		f.Add("question", "survey.question_unknown")
	}
	if err := f.Err(); err != nil {
		return "", "", err
	}
	e, q := subjects[i], t.Survey.Questions[k]
	values := e.Was
	if n := t.Answer.entry(e.key()); n >= 0 {
		values = t.Answer.Entries[n].Values
	}
	typed := map[int][]string{}
	for no, v := range values {
		typed[no] = v
	}
	code := u.Name + " · " + e.Name + " · " + q.Label
	next := q.read(&f, "answer", q.typed(row["answer"].Over(q.cell(values[q.No], t.Fields)), t.Fields), q.choosable(t.Fields))
	if err := f.Err(); err != nil {
		return code, "", err
	}
	if slices.Equal(next, values[q.No]) && t.Answer.entry(e.key()) >= 0 {
		return code, record.Same, nil
	}
	if !t.Answer.editable() {
		f.Add("answer", "survey.sent_already")
		return code, "", f.Err()
	}
	typed[q.No] = next
	out := record.Changed
	if t.Version == 0 {
		out = record.Added
	}
	ch.Act = "survey.act.import"
	return code, out, s.Fill(ctx, ref, u.ID, t.Version, e.key(), typed, ch)
}

// exportAnswers writes the answers of a unit and those below it, the latest survey's first.
func (s *Service) exportAnswers(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	ids, err := s.store.allWithin(ctx, u.Range(), scope.From(ctx).ViewSet)
	if err != nil {
		return err
	}
	bodies, err := s.answers.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	known := map[id.Ref]Survey{}
	fields := map[id.ID][]Field{}
	for _, k := range ids {
		a := bodies[k]
		v, ok := known[a.Survey]
		if !ok {
			if v, _, err = s.Get(ctx, a.Survey); err != nil {
				return err
			}
			known[a.Survey], fields[v.Unit] = v, s.fieldsOf(ctx, v.Unit)
		}
		of, err := s.org.Unit(ctx, a.Unit)
		if err != nil {
			return err
		}
		for _, e := range a.Entries {
			for _, q := range v.Questions {
				if len(e.Values[q.No]) == 0 {
					continue
				}
				base := ""
				if e.Base.ID != 0 {
					base = e.Base.String()
				}
				if err := yield([]table.Value{table.OfText(a.Survey.String()), table.OfText(v.Title), table.OfText(of.Code), table.OfText(of.Name), table.OfText(base), table.OfText(e.Name),
					table.OfText(q.Label), table.OfText(q.cell(e.Values[q.No], fields[v.Unit])), table.OfText(stateName(ctx, a.State))}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// exportRound writes one survey as a table with a column for each question, whoever has not answered included.
func (s *Service) exportRound(w http.ResponseWriter, r *http.Request, ref id.Ref, v Survey, u org.Unit, format string) error {
	ctx := r.Context()
	list, err := s.AnswersWithin(ctx, ref, u)
	if err != nil {
		return err
	}
	answers := map[id.ID]Answer{}
	for _, a := range list {
		answers[a.Unit] = a
	}
	fields := s.fieldsOf(ctx, v.Unit)
	cols := []table.Column{{Titles: []string{i18n.T(ctx, "survey.f.unit_code")}}, {Titles: []string{i18n.T(ctx, "survey.f.unit")}}, {Titles: []string{i18n.T(ctx, "survey.f.state")}}, {Titles: []string{i18n.T(ctx, "survey.f.sent_on")}, Kind: table.Day}, {Titles: []string{i18n.T(ctx, "survey.f.subject")}}}
	for _, q := range v.Questions {
		cols = append(cols, table.Column{Titles: []string{q.Label}})
	}
	var rows [][]table.Value
	for after := ""; v.IssuedOn != clock.Open; {
		lines, next, err := s.Recipients(ctx, ref, v, u, None, after, 1000)
		if err != nil {
			return err
		}
		for _, l := range lines {
			a := answers[l.Unit]
			begin := []table.Value{table.OfText(l.Code), table.OfText(l.Name), table.OfText(stateName(ctx, a.State)), table.OfDay(string(a.SentOn))}
			entries := a.Entries
			if len(entries) == 0 {
				entries = []Entry{{}}
			}
			for _, e := range entries {
				row := append(slices.Clone(begin), table.OfText(e.Name))
				for _, q := range v.Questions {
					row = append(row, table.OfText(q.cell(e.Values[q.No], fields)))
				}
				rows = append(rows, row)
			}
		}
		if after = next; next == "" {
			break
		}
	}
	title := v.Title + "-" + u.Name
	var b bytes.Buffer // an error half way would leave a broken file behind
	if err := table.Write(&b, format, table.Table{Title: title, Columns: cols, BOM: format == table.CSV, Rows: func(yield func([]table.Value, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}
