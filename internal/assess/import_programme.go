package assess

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// programmeImporter takes reform programmes from a table, one line for each programme (R146, R154).
func (s *Service) programmeImporter() *record.Importer {
	return &record.Importer{Kind: KindProgramme, Title: "assess.programme", Back: "/reform", Current: Kind, Columns: programmeColumnsOf, Take: s.takeProgramme, Export: s.exportProgrammes}
}

func programmeColumnsOf(ctx context.Context) []table.Column {
	var levels []table.Option
	for _, l := range targetLevels {
		levels = append(levels, table.Option{Key: string(l), Titles: []string{i18n.T(ctx, "assess.level."+string(l))}})
	}
	return []table.Column{
		{Key: "unit_code", Titles: []string{i18n.T(ctx, "assess.owner_code")}},
		{Key: "unit", Titles: []string{i18n.T(ctx, "assess.owner")}},
		{Key: "code", Titles: []string{i18n.T(ctx, "assess.code")}},
		{Key: "name", Titles: []string{i18n.T(ctx, "assess.name")}},
		{Key: "goal", Titles: []string{i18n.T(ctx, "assess.goal")}},
		{Key: "target", Titles: []string{i18n.T(ctx, "assess.target")}, Kind: table.Choice, Choices: levels},
		{Key: "from", Titles: []string{i18n.T(ctx, "assess.from")}, Kind: table.Day},
		{Key: "to", Titles: []string{i18n.T(ctx, "assess.to")}, Kind: table.Day},
		{Key: "main", Titles: []string{i18n.T(ctx, "assess.main")}, Kind: table.Choice, Choices: []table.Option{
			{Key: "yes", Titles: []string{i18n.T(ctx, "assess.yes")}}, {Key: "no", Titles: []string{i18n.T(ctx, "assess.no")}}}},
		{Key: "parts", Titles: []string{i18n.T(ctx, "assess.parts")}},
		{Key: "criteria", Titles: []string{i18n.T(ctx, "assess.criteria")}},
		{Key: "maturity", Titles: []string{i18n.T(ctx, "assess.maturity")}},
	}
}

// takeProgramme writes one line: the programme that has its code at the owner, or a new one. What a line leaves empty stays.
func (s *Service) takeProgramme(ctx context.Context, root org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	code := row["code"].Text
	list, err := s.store.programmesAcrossUnits(ctx, u.Range())
	if err != nil {
		return "", "", err
	}
	for _, r := range list {
		if r.Owner != u.ID || r.Code != code {
			continue
		}
		was, v, err := s.programmes.Get(ctx, r.ref())
		if err != nil {
			return "", "", err
		}
		p := was.filled(record.Kept(row, programmeColumnsOf(ctx), was.cells(u)))
		if slices.EqualFunc(p.cells(u), was.cells(u), func(a, b table.Value) bool { return a == b }) {
			return code, record.Same, nil
		}
		return code, record.Changed, s.SaveProgramme(ctx, r.ref(), v.N, p, c)
	}
	_, err = s.CreateProgramme(ctx, Programme{Code: code, Owner: u.ID}.filled(row), c)
	return code, record.Added, err
}

// filled is the programme as a line says it. Codes of parts and criteria stay, so that records keep their sense.
func (p Programme) filled(row map[string]table.Value) Programme {
	return Programme{Code: p.Code, Owner: p.Owner, Name: row["name"].Text, Goal: row["goal"].Text, Target: org.Level(row["target"].Text),
		From: clock.Day(row["from"].Text), To: clock.Day(row["to"].Text), Main: row["main"].Text == "yes",
		Parts: partsIn(row["parts"].Text, p.Parts), Criteria: criteriaIn(textLines(row["criteria"].Text), p.Criteria), Maturity: textLines(row["maturity"].Text)}
}

// In a cell each part has a line of its own and each of its indicators one below that begins with a dash; a part whose
// name nobody knows yet is an ellipsis (R154).
const (
	dash    = "- "
	unnamed = "……"
)

func partLines(list []Part) string {
	var out []string
	for _, p := range list {
		name := p.Name
		if name == "" {
			name = unnamed
		}
		out = append(out, name)
		for _, i := range p.Indicators {
			out = append(out, dash+i)
		}
	}
	return strings.Join(out, "\n")
}

// partsIn reads what partLines wrote, or a person. A part keeps the code of the one that has its name, or else its place.
func partsIn(text string, was []Part) []Part {
	var out []Part
	for _, line := range textLines(text) {
		if rest, ok := strings.CutPrefix(line, strings.TrimSpace(dash)); ok && len(out) > 0 {
			last := &out[len(out)-1]
			last.Indicators = append(last.Indicators, strings.TrimSpace(rest))
			continue
		}
		name := line
		if strings.Trim(line, "….") == "" {
			name = ""
		}
		out = append(out, Part{Name: name})
	}
	names, before := make([]string, len(out)), make([]Criterion, len(was))
	for i, p := range out {
		names[i] = p.Name
	}
	for i, p := range was {
		before[i] = Criterion{Code: p.Code, Name: p.Name}
	}
	for i, c := range criteriaIn(names, before) {
		out[i].Code = c.Code
	}
	return out
}

// cells is the programme in the columns of the table.
func (p Programme) cells(owner org.Unit) []table.Value {
	main := "no"
	if p.Main {
		main = "yes"
	}
	names := make([]string, len(p.Criteria))
	for i, c := range p.Criteria {
		names[i] = c.Name
	}
	return []table.Value{table.OfText(owner.Code), table.OfText(owner.Name), table.OfText(p.Code), table.OfText(p.Name), table.OfText(p.Goal),
		table.OfChoice(string(p.Target)), table.OfDay(string(p.From)), table.OfDay(string(p.To)), table.OfChoice(main),
		table.OfText(partLines(p.Parts)), table.OfText(strings.Join(names, "\n")), table.OfText(strings.Join(p.Maturity, "\n"))}
}

// exportProgrammes writes the programmes that a unit and those below it run; those run above are in the table of the unit above.
func (s *Service) exportProgrammes(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	list, err := s.Programmes(ctx, u)
	if err != nil {
		return err
	}
	for _, l := range list {
		owner, err := s.org.Unit(ctx, l.Owner)
		if err != nil {
			return err
		}
		if r := u.Range(); owner.Pos < r.From || owner.Pos >= r.To || !scope.From(ctx).May(scope.View, owner.Pos) {
			continue
		}
		p, _, err := s.programmes.Get(ctx, l.Ref)
		if err != nil {
			return err
		}
		if err := yield(p.cells(owner)); err != nil {
			return err
		}
	}
	return nil
}
