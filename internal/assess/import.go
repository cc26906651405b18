package assess

import (
	"context"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// importer takes adoptions from a table, one line for each period of acceptance; what was exported comes in again
// without change.
func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "assess.title", Back: "/reform", Columns: columns, Take: s.take, Export: s.export}
}

func columns(context.Context) []table.Column {
	return []table.Column{
		{Key: "unit_code", Titles: []string{"单位代码", "代码", "Unit code", "unit"}},
		{Key: "unit", Titles: []string{"单位", "单位名称", "Unit", "name"}},
		{Key: "programme", Titles: []string{"改革项目代码", "Programme", "programme"}},
		{Key: "planned_on", Titles: []string{"计划日期", "Planned on", "planned_on"}, Kind: table.Day},
		{Key: "submitted_on", Titles: []string{"上报日期", "Handed in on", "submitted_on"}, Kind: table.Day},
		{Key: "adopted_on", Titles: []string{"验收日期", "Accepted on", "adopted_on"}, Kind: table.Day},
		{Key: "revoked_on", Titles: []string{"撤销日期", "Revoked on", "revoked_on"}, Kind: table.Day},
		{Key: "status", Titles: []string{"状态", "Status", "status"}, Kind: table.Choice, Choices: []table.Option{
			{Key: string(Planned), Titles: []string{"计划", "Planned", "planned"}},
			{Key: string(Submitted), Titles: []string{"已上报", "Handed in", "submitted"}},
			{Key: string(Accepted), Titles: []string{"已验收", "Accepted", "accepted"}},
			{Key: string(Revoked), Titles: []string{"已撤销", "Revoked", "revoked"}}}},
		{Key: "mentor", Titles: []string{"指导人", "Mentor", "mentor"}},
	}
}

// take writes one line: it fills in the unit's record, or makes it.
func (s *Service) take(ctx context.Context, root org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	p, err := s.programmeFor(ctx, u, row["programme"].Text)
	if err != nil {
		return "", "", err
	}
	ref, was, v, err := s.AdoptionOf(ctx, p, u.ID)
	fresh := errs.Is(err, errs.NotFound)
	if err != nil && !fresh {
		return "", "", err
	}
	if fresh {
		was = Adoption{Programme: p, Unit: u.ID}
	}
	a := was.clone()
	same, err := a.merge(row, clock.Today(ctx))
	switch {
	case err != nil:
		return "", "", err
	case fresh:
		_, err = s.CreateAdoption(ctx, a, c)
		return u.Code, record.Added, err
	case same:
		return u.Code, record.Same, nil
	}
	return u.Code, record.Changed, s.SaveAdoption(ctx, ref, v.N, a, c)
}

// merge fills a line of a table into the record; same tells that it says nothing new.
func (a *Adoption) merge(row map[string]table.Value, today clock.Day) (same bool, err error) {
	day := func(key string) clock.Day { return clock.Day(row[key].Text) }
	planned, submitted, adopted, revoked := day("planned_on"), day("submitted_on"), day("adopted_on"), day("revoked_on")
	status := Status(row["status"].Text)
	if status == Submitted && submitted == clock.Open { // a list of adoptions gives the day of handing in as its only day
		submitted, adopted = adopted, clock.Open
	}
	var f errs.Fields
	if (status == Accepted || status == Revoked || revoked != clock.Open) && adopted == clock.Open {
		f.Add("adopted_on", "assess.adopted_missing")
	}
	if status == Revoked && revoked == clock.Open {
		f.Add("revoked_on", "assess.revoked_missing")
	}
	if status == Submitted && submitted == clock.Open {
		f.Add("submitted_on", "assess.day_missing")
	}
	if adopted != clock.Open && revoked != clock.Open && revoked < adopted {
		f.Add("revoked_on", "assess.revoked_before_adopted")
	}
	if planned == clock.Open && submitted == clock.Open && adopted == clock.Open {
		f.Add("planned_on", "assess.line_without_day")
	}
	if err := f.Err(); err != nil {
		return false, err
	}
	same = true
	if planned != clock.Open && planned != a.PlannedOn {
		if a.PlannedOn != clock.Open {
			a.Slips = append(a.Slips, Slip{PlannedOn: a.PlannedOn, ChangedOn: today})
		}
		a.PlannedOn, same = planned, false
	}
	if m := strings.TrimSpace(row["mentor"].Text); m != "" && m != a.Mentor {
		a.Mentor, same = m, false
	}
	if submitted != clock.Open && submitted != a.SubmittedOn {
		a.SubmittedOn, same = submitted, false
	}
	if adopted == clock.Open {
		return same, nil
	}
	want := Accepted
	if revoked != clock.Open {
		want = Revoked
	}
	for i := range a.Periods {
		if p := &a.Periods[i]; p.AdoptedOn == adopted {
			if p.RevokedOn != revoked {
				p.RevokedOn, p.Status, same = revoked, want, false
			}
			return same, nil
		}
	}
	a.Periods = append(a.Periods, Period{AdoptedOn: adopted, RevokedOn: revoked, Status: want})
	a.sorted()
	return false, nil
}

// programmeFor is the programme of a line: by its code, or the main one.
func (s *Service) programmeFor(ctx context.Context, u org.Unit, code string) (id.Ref, error) {
	list, err := s.store.programmesAcrossUnits(ctx, scope.Range{From: u.Pos, To: u.Pos + 1})
	if err != nil {
		return id.Ref{}, err
	}
	for _, r := range list {
		if code == r.Code || code == "" && (r.Main == 1 || len(list) == 1) {
			return r.ref(), nil
		}
	}
	var f errs.Fields
	if code == "" {
		f.Add("unit", "assess.no_main_programme")
	} else {
		f.Add("programme", "assess.programme_unknown", "Code", code)
	}
	return id.Ref{}, f.Err()
}

// export writes a unit's subtree as take reads it: a line for each period, planned and handed-in days in the first.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	list, err := s.Programmes(ctx, u)
	if err != nil {
		return err
	}
	for _, pr := range list {
		rows, err := s.store.adoptions(ctx, pr.Ref.ID, u.Range(), scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		ids, recs := make([]id.ID, len(rows)), make([]id.ID, len(rows))
		for i, r := range rows {
			ids[i], recs[i] = r.Unit, r.ID
		}
		bodies, err := s.adoptions.Bodies(ctx, recs)
		if err != nil {
			return err
		}
		units, err := s.org.ByIDs(ctx, ids)
		if err != nil {
			return err
		}
		for _, r := range rows {
			for _, cells := range bodies[r.ID].lines(units[r.Unit], pr.Code) {
				if err := yield(cells); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (a Adoption) lines(u org.Unit, programme string) [][]table.Value {
	cells := func(planned, submitted, adopted, revoked clock.Day, status Status) []table.Value {
		return []table.Value{table.OfText(u.Code), table.OfText(u.Name), table.OfText(programme), table.OfDay(string(planned)),
			table.OfDay(string(submitted)), table.OfDay(string(adopted)), table.OfDay(string(revoked)), table.OfChoice(string(status)), table.OfText(a.Mentor)}
	}
	if len(a.Periods) == 0 {
		switch {
		case a.SubmittedOn != clock.Open:
			return [][]table.Value{cells(a.PlannedOn, a.SubmittedOn, "", "", Submitted)}
		case a.PlannedOn != clock.Open:
			return [][]table.Value{cells(a.PlannedOn, "", "", "", Planned)}
		}
		return nil
	}
	var out [][]table.Value
	for i, p := range a.Periods {
		status := Accepted
		if p.RevokedOn != clock.Open {
			status = Revoked
		}
		if i == 0 {
			out = append(out, cells(a.PlannedOn, a.SubmittedOn, p.AdoptedOn, p.RevokedOn, status))
		} else {
			out = append(out, cells("", "", p.AdoptedOn, p.RevokedOn, status))
		}
	}
	return out
}
