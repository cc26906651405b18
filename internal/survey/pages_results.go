package survey

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// resultsPage is what the answers within a unit say, added up question by question.
func (s *Service) resultsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	sv, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.seenFrom(r, sv)
	if err != nil {
		return err
	}
	list, err := s.Results(ctx, ref, sv, u)
	if err != nil {
		return err
	}
	b, err := s.Board(ctx, ref, sv, u)
	if err != nil {
		return err
	}
	v := record.Shown{Heading: ui.Heading{Over: u.Name, Title: i18n.T(ctx, "survey.results"), Under: sv.Title}}
	v.Notes = []ui.Note{{Text: i18n.T(ctx, "survey.results_lead", "Sent", b.All.Sent, "Reviewed", b.All.Reviewed, "All", b.All.Targets)}}
	if sv.About == "base" {
		v.Notes = append(v.Notes, ui.Note{Text: i18n.T(ctx, "survey.results_bases")})
	}
	numbers := record.Section{ID: "numbers", Title: i18n.T(ctx, "survey.results_numbers")}
	numbers.Table = ui.Table{Caption: numbers.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.question")}, number(ctx, "survey.r.answered"), number(ctx, "survey.r.sum"), number(ctx, "survey.r.least"), number(ctx, "survey.r.most")}}
	all := at(path(ref), u, "list", "all") + "#units" // where each answer behind a number is opened
	fields, others := s.fieldsOf(ctx, sv.Unit), []record.Section(nil)
	for _, x := range list {
		if x.Question.Kind == "number" {
			row := ui.Row{ID: inputName(x.Question.No), Cells: []ui.Cell{ui.Text(x.Question.Label), ui.Num(ui.Number(x.Answered), all), ui.Text(""), ui.Text(""), ui.Text("")}}
			for n, amount := range []int64{x.Sum, x.Least, x.Most} {
				if x.Answered > 0 {
					row.Cells[n+2] = ui.Num(ui.Number(amount), all)
				}
			}
			numbers.Table.Rows = append(numbers.Table.Rows, row)
			continue
		}
		sec, err := s.resultSection(ctx, ref, x, fields, all)
		if err != nil {
			return err
		}
		others = append(others, sec)
	}
	if len(numbers.Table.Rows) > 0 {
		v.Sections = append(v.Sections, numbers)
	}
	v.Sections = append(v.Sections, others...)
	v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "survey.export_round"), Href: at(path(ref), u, "format", table.XLSX)}}
	page := crumbs(ctx, u, sv.Title)
	page.Title = i18n.T(ctx, "survey.results")
	page.Crumbs[1].Href = at(path(ref), u)
	page.Crumbs = append(page.Crumbs, ui.Link{Text: page.Title})
	return web.Render(w, r, page, record.ShownBody(v))
}

// resultSection is one question whose answers are chosen or written; all leads to the answers behind its numbers.
func (s *Service) resultSection(ctx context.Context, ref id.Ref, x Results, fields []Field, all string) (record.Section, error) {
	sec := record.Section{ID: inputName(x.Question.No), Title: x.Question.Label, Lead: i18n.T(ctx, "survey.results_answered", "N", x.Answered), Empty: i18n.T(ctx, "survey.results_nobody")}
	if x.Question.Kind == "choice" || x.Question.Kind == "several" {
		sec.Table = ui.Table{Caption: sec.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.options")}, number(ctx, "survey.r.chosen"), number(ctx, "survey.r.share")}}
		for n, o := range x.Question.choosable(fields) {
			if x.Answered > 0 {
				sec.Table.Rows = append(sec.Table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(o.Text), ui.Num(ui.Number(x.Chosen[n]), all), ui.Text(ui.Percent((x.Chosen[n]*2000 + x.Answered) / (2 * x.Answered)))}})
			}
		}
		return sec, nil
	}
	sec.Table = ui.Table{Caption: sec.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.unit")}, {Text: i18n.T(ctx, "survey.f.value"), Block: true}}}
	units := make([]id.ID, len(x.Said))
	for n, l := range x.Said {
		units[n] = l.Unit
	}
	names, err := s.org.ByIDs(ctx, units)
	for _, l := range x.Said {
		said := l.Text
		if x.Question.Kind == "day" {
			said = i18n.Day(ctx, dayOf(Value{l.Text}))
		}
		unit := ui.To(names[l.Unit].Name, answerPath(ref, l.Unit))
		if l.Name != unit.Text {
			unit.Sub = l.Name
		}
		sec.Table.Rows = append(sec.Table.Rows, ui.Row{Cells: []ui.Cell{unit, ui.Text(said)}})
	}
	if x.Answered > int64(len(x.Said)) {
		sec.Lead = i18n.T(ctx, "survey.results_first", "N", x.Answered, "Shown", len(x.Said))
	}
	return sec, err
}
