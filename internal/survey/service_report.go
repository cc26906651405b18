package survey

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) openReports() *record.Book[Report] {
	return record.NewBook(s.rec, record.Kind[Report]{Name: KindReport, Home: func(r Report) id.ID { return r.Unit }, Put: s.putReport, Rows: reportRows, Facts: reportFacts}, &ledger.Source{
		Name:   ledger.Words{Zh: "调研报告", En: "Research report"},
		Fields: map[string]any{"topic": ""},
		OfUnit: ofUnit(s.store.reportsOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.reports.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.reportsByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Title, Unit: l.Unit, Href: reportPath(l.Ref())}
			}
			return out, err
		},
	})
}

func (s *Service) putReport(ctx context.Context, ref id.Ref, r Report, gone bool) error {
	u, err := s.rec.Home(ctx, r.Unit)
	if err != nil {
		return err
	}
	return s.store.putReport(ctx, ref, u.Pos, r, gone)
}

// reportRows publishes a report on the day it was finished, and on the day it was adopted.
func reportRows(_ id.Ref, r Report) ledger.Record {
	units := []id.ID{r.Unit}
	out := ledger.Record{Attrs: map[string]any{"topic": r.Topic}, Rows: []ledger.Row{{Type: "finished", From: r.FinishedOn, Units: units}}}
	if r.AdoptedOn != clock.Open {
		out.Rows = append(out.Rows, ledger.Row{Type: "adopted", From: r.AdoptedOn, Units: units})
	}
	return out
}

func reportFacts(ctx context.Context, r Report) []record.Fact {
	names := make([]string, len(r.Files))
	for i, f := range r.Files {
		names[i] = f.Name
	}
	return []record.Fact{{Key: "survey.f.report", Text: r.Title}, {Key: "survey.f.topic", Text: r.Topic}, {Key: "survey.f.sites", Text: joined(ctx, r.Sites)}, {Key: "survey.f.authors", Text: joined(ctx, r.Authors)},
		{Key: "survey.f.finished_on", Text: i18n.Day(ctx, r.FinishedOn)}, {Key: "survey.f.adopted_by", Text: r.AdoptedBy}, {Key: "survey.f.adopted_on", Text: i18n.Day(ctx, r.AdoptedOn)},
		{Key: "survey.f.adoption", Text: r.Adoption}, {Key: "survey.f.findings", Text: r.Findings}, {Key: "survey.f.files", Text: joined(ctx, names)}}
}

// AddReport keeps a new report. The right to work is asked at its unit.
func (s *Service) AddReport(ctx context.Context, r Report, ch record.Change) (id.Ref, error) {
	if ch.Act == "" {
		ch.Act = "survey.act.report"
	}
	if err := s.reports.MayCreate(ctx, r, ch); err != nil {
		return id.Ref{}, err
	}
	r.clean()
	r.Files = nil // they come by an upload alone
	if err := r.check(clock.Today(ctx)); err != nil {
		return id.Ref{}, err
	}
	return s.reports.Create(ctx, r, ch)
}

// SaveReport corrects a report as it was read at a version; its unit and its files stay.
func (s *Service) SaveReport(ctx context.Context, ref id.Ref, version int64, n Report, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "survey.act.report_save"
	}
	if err := s.reports.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	r, _, err := s.reports.Get(ctx, ref)
	if err != nil {
		return err
	}
	n.Unit, n.Files = r.Unit, r.Files
	n.clean()
	if err := n.check(clock.Today(ctx)); err != nil {
		return err
	}
	return s.reports.Save(ctx, ref, version, n, ch)
}

// Adopt notes who made a report their own, and how.
func (s *Service) Adopt(ctx context.Context, ref id.Ref, version int64, by string, on clock.Day, how string) error {
	ch := acted("adopt")
	if err := s.reports.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	r, _, err := s.reports.Get(ctx, ref)
	if err != nil {
		return err
	}
	r.AdoptedBy, r.AdoptedOn, r.Adoption = by, on, how
	r.clean()
	var f errs.Fields
	if r.AdoptedBy == "" {
		f.Add("adopted_by", "survey.adopter_missing")
	}
	if on == clock.Open {
		f.Add("adopted_on", "survey.adopted_day_missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := r.check(clock.Today(ctx)); err != nil {
		return err
	}
	return s.reports.Save(ctx, ref, version, r, ch)
}

// RemoveReport takes a report out that was entered by mistake; its history stays.
func (s *Service) RemoveReport(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("report_remove", reason)
	if err != nil {
		return err
	}
	return s.reports.Remove(ctx, ref, version, ch)
}

// Report reads a report.
func (s *Service) Report(ctx context.Context, ref id.Ref) (Report, record.Version, error) {
	return s.reports.Get(ctx, ref)
}

// Reports are those that a unit and those below it finished in a year, the latest first (R185). Needs View at the unit.
func (s *Service) Reports(ctx context.Context, u org.Unit, year int) ([]ListedReport, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.store.reports(ctx, u.Range(), scope.From(ctx).ViewSet, clock.YearOf(year), 500)
}

// takeReport writes one row: one that names its record corrects it, otherwise the same title of a unit is the same report.
func (s *Service) takeReport(ctx context.Context, root org.Unit, row reportRow, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	title := strings.TrimSpace(row["title"].Text)
	ref, err := id.ParseRef(row["ref"].Text)
	if err != nil {
		list, err := s.store.sameReport(ctx, u.ID, title)
		if err != nil {
			return "", "", err
		}
		if len(list) > 0 {
			ref = list[0].Ref()
		}
	}
	ch.Act = "survey.act.import"
	if ref == (id.Ref{}) {
		r := Report{Unit: u.ID}
		r.fill(row)
		_, err := s.AddReport(ctx, r, ch)
		return title, record.Added, err
	}
	was, v, err := s.reports.Get(ctx, ref)
	if err != nil {
		return "", "", err
	}
	if was.Unit != u.ID {
		var f errs.Fields
		f.Add("unit", "survey.row_elsewhere")
		return "", "", f.Err()
	}
	r := was
	r.Sites, r.Authors = slices.Clone(was.Sites), slices.Clone(was.Authors)
	r.fill(record.Kept(row, reportTable(ctx), was.cells(ref, u)))
	if r.clean(); reflect.DeepEqual(r, was) {
		return title, record.Same, nil
	}
	return title, record.Changed, s.SaveReport(ctx, ref, v.N, r, ch)
}
