package volunteer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// The tables for the volunteer-service information system (志愿服务信息系统). It asks for a document's number, which is not
// kept here: that column is left for whoever uploads the table. Year of birth stands where it asks for the date.

// systemPeople are the columns of the table of people.
var systemPeople = []string{"name", "document_kind", "document_number", "sex", "born", "education", "status", "employer", "region", "phone", "field", "skills", "available", "joined", "organisation"}

// systemHours are the columns of the table of hours.
var systemHours = []string{"name", "document_kind", "document_number", "organisation", "project", "day", "from", "to", "hours", "content", "recorded"}

// SystemTable writes a table in the columns that the volunteer-service information system takes: "people" are the
// volunteers active today, "hours" the hours of a period. It takes the right to work at the unit: whoever may not see a
// telephone does not get it here either.
func (s *Service) SystemTable(ctx context.Context, w io.Writer, what, format string, u org.Unit, f HoursFilter) error {
	if !scope.From(ctx).May(scope.Work, u.Pos) {
		return s.notYours(ctx, Kind, id.Ref{}, u)
	}
	keys, rows := systemPeople, s.systemPeople
	if what == "hours" {
		keys, rows = systemHours, func(ctx context.Context, u org.Unit, yield func(map[string]string) error) error {
			return s.systemHours(ctx, u, f, yield)
		}
	} else if what != "people" {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	t := table.Table{Title: i18n.T(ctx, "volunteer.system."+what), BOM: format == table.CSV}
	for _, k := range keys {
		t.Columns = append(t.Columns, table.Column{Key: k, Titles: []string{i18n.T(ctx, "volunteer.system.col."+k)}})
	}
	t.Rows = func(yield func([]table.Value, error) bool) {
		stop := errors.New("stop")
		err := rows(ctx, u, func(cells map[string]string) error {
			row := make([]table.Value, len(keys))
			for i, k := range keys {
				row[i] = table.OfText(cells[k])
			}
			if !yield(row, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(nil, err)
		}
	}
	var b bytes.Buffer // whole or not at all
	if err := table.Write(&b, format, t); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (s *Service) systemPeople(ctx context.Context, u org.Unit, yield func(map[string]string) error) error {
	sep := i18n.T(ctx, "volunteer.sep")
	return s.each(ctx, u, Filter{State: Active}, func(_ Listed, v Volunteer, at org.Unit) error {
		born := ""
		if v.BirthYear > 0 {
			born = strconv.FormatInt(v.BirthYear, 10)
		}
		status := i18n.T(ctx, "volunteer.retired."+yes(v.Retired))
		return yield(map[string]string{"name": v.Name, "sex": word(ctx, "volunteer.sex.", v.Sex), "born": born, "education": word(ctx, "volunteer.education.", v.Education), "status": status,
			"employer": v.Employer, "region": at.Code, "phone": v.Phone, "field": i18n.T(ctx, "volunteer.system.field"), "skills": strings.Trim(s.professionIn(ctx, v.Profession)+sep+strings.Join(v.Specialities, sep), sep),
			"available": v.Availability, "joined": string(v.AdmittedOn), "organisation": at.Name})
	})
}

func (s *Service) systemHours(ctx context.Context, u org.Unit, f HoursFilter, yield func(map[string]string) error) error {
	return s.eachHours(ctx, u, f, func(g Given, h Hours, l Listed, at org.Unit) error {
		return yield(map[string]string{"name": l.Name, "organisation": at.Name, "project": h.Activity, "day": string(g.Day), "from": timeOf(g.From), "to": timeOf(g.To), "hours": ui.Hours(g.Minutes()),
			"content": g.What, "recorded": wayText(ctx, g.EnteredAs)})
	})
}
