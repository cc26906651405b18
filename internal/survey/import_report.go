package survey

import (
	"context"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

type reportRow = map[string]table.Value

func (s *Service) reportImporter() *record.Importer {
	return &record.Importer{Kind: KindReport, Title: "survey.reports", Back: "/research", Current: Kind, Columns: reportTable, Take: s.takeReport, Export: s.exportReports}
}

func reportTable(context.Context) []table.Column {
	return []table.Column{
		{Key: "ref", Titles: []string{"记录号", "Record", "ref"}},
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"单位", "Unit", "unit"}},
		{Key: "title", Titles: []string{"报告名称", "Title", "title"}, Required: true, Width: 30},
		{Key: "topic", Titles: []string{"主题", "Topic", "topic"}},
		{Key: "sites", Titles: []string{"调研地点", "Sites", "sites"}, Hint: "顿号隔开", Width: 24},
		{Key: "authors", Titles: []string{"执笔人", "Authors", "authors"}, Hint: "顿号隔开"},
		{Key: "finished_on", Titles: []string{"完成日期", "Finished on", "finished_on"}, Kind: table.Day},
		{Key: "findings", Titles: []string{"主要发现", "Findings", "findings"}, Width: 40},
		{Key: "adopted_by", Titles: []string{"采纳单位", "Adopted by", "adopted_by"}},
		{Key: "adopted_on", Titles: []string{"采纳日期", "Adopted on", "adopted_on"}, Kind: table.Day},
		{Key: "adoption", Titles: []string{"怎样采纳", "How it was adopted", "adoption"}, Width: 30},
	}
}

func names(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、;；\n", r) })
}

// fill takes over what a row says.
func (r *Report) fill(row reportRow) {
	for key, to := range map[string]*string{"title": &r.Title, "topic": &r.Topic, "findings": &r.Findings, "adopted_by": &r.AdoptedBy, "adoption": &r.Adoption} {
		*to = row[key].Over(*to)
	}
	for key, to := range map[string]*[]string{"sites": &r.Sites, "authors": &r.Authors} {
		if was := strings.Join(*to, "、"); row[key].Over(was) != was {
			*to = names(row[key].Text)
		}
	}
	for key, to := range map[string]*clock.Day{"finished_on": &r.FinishedOn, "adopted_on": &r.AdoptedOn} {
		if row[key].Set {
			*to = clock.Day(row[key].Text)
		}
	}
}

// cells are a report as a table writes it.
func (r Report) cells(ref id.Ref, u org.Unit) []table.Value {
	return []table.Value{table.OfText(ref.String()), table.OfText(u.Code), table.OfText(u.Name), table.OfText(r.Title), table.OfText(r.Topic), table.OfText(strings.Join(r.Sites, "、")), table.OfText(strings.Join(r.Authors, "、")),
		table.OfDay(string(r.FinishedOn)), table.OfText(r.Findings), table.OfText(r.AdoptedBy), table.OfDay(string(r.AdoptedOn)), table.OfText(r.Adoption)}
}

func (s *Service) exportReports(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	list, err := s.store.reports(ctx, u.Range(), scope.From(ctx).ViewSet, clock.Period{From: "0000-01-01", To: "9999-12-31"}, 1<<30)
	if err != nil {
		return err
	}
	var ids, of []id.ID
	for _, l := range list {
		ids, of = append(ids, l.ID), append(of, l.Unit)
	}
	bodies, err := s.reports.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	units, err := s.org.ByIDs(ctx, of)
	if err != nil {
		return err
	}
	for _, l := range list {
		if err := yield(bodies[l.ID].cells(l.Ref(), units[l.Unit])); err != nil {
			return err
		}
	}
	return nil
}
