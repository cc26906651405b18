package aid

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

// Bounds of a list of earlier years: so small that it is never put down on a disk on the way.
var pastLimits = table.Limits{Bytes: 4 << 20, Unzipped: 16 << 20, Rows: 20_000, Columns: 60}

// pastYears is how many years a line is kept after its own: as long as for whom an aid was.
const pastYears = 10

// mostFaults is how many of a list's faults are told at once.
const mostFaults = 50

// pastColumns are read in either language.
func pastColumns() []table.Column {
	return []table.Column{
		{Key: "name", Titles: []string{"姓名", "Name"}},
		{Key: "number", Titles: []string{"身份证号", "Identity number", "身份证号码", "公民身份号码"}},
		{Key: "born", Titles: []string{"出生日期", "Born"}, Kind: table.Day},
		{Key: "kind", Titles: []string{"类别", "Kind"}, Required: true},
		{Key: "purpose", Titles: []string{"用途", "Purpose"}, Required: true},
		{Key: "year", Titles: []string{"年度", "Year"}, Kind: table.Int, Required: true},
		{Key: "amount", Titles: []string{"金额(元)", "Amount (yuan)", "金额"}, Kind: table.Money},
	}
}

// PastList is a list of earlier years that was taken: when, by whom and how many lines.
type PastList struct {
	Root   int64     `db:"root" json:"-"`
	ID     id.ID     `db:"id" json:"id"`
	Unit   id.ID     `db:"unit" json:"-"`
	Day    clock.Day `db:"day" json:"day"`
	ByName string    `db:"by_name" json:"by"`
	N      int64     `db:"n" json:"n"`
}

// pastLine is a line as it is kept: by whom it would be found again, and what it was for.
type pastLine struct {
	marks         []string
	kind, purpose string
	year          int64
}

// TakePast takes a list of what a unit gave in earlier years, so that a second aid for the same is found against those, too. Of each line stay
// keyed hashes of whom, the kind, what for and the year: no name, no number, no amount, and not the file. With one fault nothing is taken,
// and the faults are answered by line. Whoever works at the unit may.
func (s *Service) TakePast(ctx context.Context, unit id.ID, name string, data []byte) (n int, faults []table.Problem, err error) {
	defer errs.Wrapf(&err, "aid.TakePast")
	u, err := s.pastUnit(ctx, unit)
	if err != nil {
		return 0, nil, err
	}
	lines, faults, err := s.readPast(ctx, u, name, data)
	if err != nil || len(faults) > 0 {
		return 0, faults, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		l := PastList{Root: u.Root(), ID: id.New(), Unit: u.ID, Day: clock.Today(ctx), ByName: scope.From(ctx).Name, N: int64(len(lines))}
		if err := s.store.insertPast(ctx, l, lines); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "aid.act.past", Subject: Kind, Pos: u.Pos, Unit: u.ID, Detail: map[string]int{"lines": len(lines)}})
	})
	return len(lines), nil, err
}

// pastUnit is a unit whose lists the reader looks after; who may not is refused in the log.
func (s *Service) pastUnit(ctx context.Context, unit id.ID) (org.Unit, error) {
	u, err := s.rec.Home(ctx, unit)
	if err == nil && !scope.From(ctx).May(scope.Work, u.Pos) && !scope.From(ctx).System {
		if err := s.audit.Refuse(ctx, audit.Entry{Act: "aid.act.past", Subject: Kind, Pos: u.Pos, Unit: u.ID}); err != nil {
			return u, err
		}
		err = errs.New(errs.Forbidden, "errs.not_yours")
	}
	return u, err
}

func (s *Service) readPast(ctx context.Context, u org.Unit, name string, data []byte) (lines []pastLine, faults []table.Problem, err error) {
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return nil, nil, err
	}
	sheet, err := table.Read(name, data, pastLimits)
	if err != nil {
		return nil, nil, err
	}
	defer sheet.Close()
	columns := pastColumns()
	if i18n.Lang(ctx) == "en" { // faults name a column that is missing as the reader would write it
		for i, c := range columns {
			columns[i].Titles = append([]string{c.Titles[1], c.Titles[0]}, c.Titles[2:]...)
		}
	}
	header, err := sheet.Header(columns)
	if err != nil {
		return nil, nil, err
	}
	binding, problems := table.Bind(header.Cells, columns)
	for _, p := range problems {
		if !p.Warning {
			faults = append(faults, p)
		}
	}
	if len(faults) > 0 {
		return nil, faults, nil
	}
	year := int64(clock.Today(ctx).Year())
	err = sheet.Rows(func(r table.Row) error {
		if _, total := r.Total(); r.Line <= header.Line || total || len(faults) >= mostFaults {
			return nil
		}
		row, problems := binding.Parse(r)
		for _, p := range problems {
			if !p.Warning {
				faults = append(faults, p)
			}
		}
		if table.Blocking(problems) {
			return nil
		}
		wrong := func(column, code string) {
			faults = append(faults, table.Problem{Line: r.Line, Column: binding.Titles()[column], Code: code})
		}
		l := pastLine{kind: row["kind"].Text, purpose: strings.TrimSpace(row["purpose"].Text), year: row["year"].Num}
		i := slices.IndexFunc(kinds, func(c Class) bool { return slices.Contains([]string{c.Name, c.En, c.Code}, l.kind) })
		c := Child{Name: row["name"].Text, Number: row["number"].Text, Born: clock.Day(row["born"].Text)}.clean()
		born, ok := bornBy(c.Number)
		switch {
		case i < 0:
			wrong("kind", "aid.past_kind")
		case !slices.Contains(kinds[i].For(), l.purpose):
			wrong("purpose", "aid.past_purpose")
		case l.year < year-pastYears || l.year > year:
			wrong("year", "aid.past_year")
		case c.Number != "" && (!ok || born != c.Born):
			wrong("number", "aid.number_odd")
		case c.Number == "" && (c.Name == "" || c.Born == clock.Open):
			wrong("name", "aid.past_who")
		default:
			l.kind = kinds[i].Code
			var err error
			if l.marks, err = s.hashes(ctx, c); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		return nil
	})
	if err == nil && len(lines) == 0 && len(faults) == 0 {
		faults = []table.Problem{{Code: "aid.past_empty"}}
	}
	return lines, faults, err
}

// PastLists are the lists of earlier years that a unit has brought in, for who works there.
func (s *Service) PastLists(ctx context.Context, unit id.ID) ([]PastList, error) {
	u, err := s.pastUnit(ctx, unit)
	if err != nil {
		return nil, err
	}
	return s.store.pastListsAcrossUnits(ctx, u.ID)
}

// DropPast takes a list of earlier years out again.
func (s *Service) DropPast(ctx context.Context, unit, list id.ID) (err error) {
	defer errs.Wrapf(&err, "aid.DropPast")
	u, err := s.pastUnit(ctx, unit)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		n, err := s.store.dropPast(ctx, u.ID, list)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		if err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "aid.act.past_drop", Subject: Kind, Pos: u.Pos, Unit: u.ID})
	})
}
