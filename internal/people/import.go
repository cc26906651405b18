package people

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// columns are read in either language and written in the reader's.
var columns = []struct {
	key, zh, en string
	more        []string
	kind        table.Kind
	required    bool
	width       float64
}{
	{key: "code", zh: "编号", en: "Code", width: 16},
	{key: "unit_code", zh: "单位代码", en: "Unit code", width: 14},
	{key: "unit", zh: "单位", en: "Unit", more: []string{"所属单位", "乡镇", "乡镇（街道）"}, width: 16},
	{key: "name", zh: "团队名称", en: "Team", more: []string{"名称"}, width: 26},
	{key: "need", zh: "类别", en: "Need", more: []string{"需要", "专长"}, required: true, width: 12},
	{key: "leader", zh: "负责人", en: "Leader", more: []string{"队长"}, width: 10},
	{key: "phone", zh: "电话", en: "Phone", width: 16},
	{key: "members", zh: "人数", en: "Members", kind: table.Int},
	{key: "status", zh: "状态", en: "Status", kind: table.Choice},
	{key: "proposed_on", zh: "提出日期", en: "Proposed on", kind: table.Day},
	{key: "approved_on", zh: "批准日期", en: "Approved on", kind: table.Day},
	{key: "approval_doc", zh: "批准文号", en: "Document", width: 22},
	{key: "founded_on", zh: "成立日期", en: "Founded on", kind: table.Day},
	{key: "dissolved_on", zh: "解散日期", en: "Dissolved on", kind: table.Day},
	{key: "dissolve_reason", zh: "解散原因", en: "Reason", width: 20},
	{key: "intro", zh: "简介", en: "What it does", width: 30},
	{key: "note", zh: "备注", en: "Note", width: 20},
	{key: "owner", zh: "所属部门", en: "Department", more: []string{"主管部门"}, width: 14},
	{key: "guided_by", zh: "指导的关工委代码", en: "Guided by (unit code)", width: 14},
	{key: "run_by", zh: "承办的协会编号", en: "Run by (association code)", width: 14},
	{key: "docked", zh: "对接的上级团队编号", en: "Docked to (team code)", width: 18},
}

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: "team", Title: "people.title", Back: "/team", Columns: importColumns, Take: s.take, Export: s.export}
}

func importColumns(ctx context.Context) []table.Column {
	out := make([]table.Column, len(columns))
	for i, c := range columns {
		titles := append([]string{c.zh, c.en}, c.more...)
		if i18n.Lang(ctx) == "en" {
			titles[0], titles[1] = c.en, c.zh
		}
		out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Required: c.required, Width: c.width}
		if c.key == "status" {
			out[i].Choices = []table.Option{
				{Key: string(Approved), Titles: []string{i18n.T(ctx, "people.status.approved"), "已批准", "在编", "Approved", "approved"}},
				{Key: string(Submitted), Titles: []string{i18n.T(ctx, "people.status.submitted"), "待批", "已上报", "Proposed", "submitted"}},
			}
		}
	}
	return out
}

// take writes one row: a row about a team that is known corrects it (empty cells keep what is there), any other is new.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	at := within
	if row["code"].Text == "" || row["unit"].Set || row["unit_code"].Set {
		var err error
		if at, err = s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text); err != nil {
			return "", "", err
		}
	}
	ref, was, v, err := s.rowsTeam(ctx, within, at, row)
	known := err == nil
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", "", err
	}
	if known && v.Batch != 0 && v.Batch == c.Batch {
		var f errs.Fields
		if row["code"].Set {
			f.Add("code", "people.code_twice", "Code", was.Code)
		} else {
			f.Add("name", "people.name_twice", "Name", was.Name, "Unit", at.Name)
		}
		return "", "", f.Err()
	}
	t := was
	if !known || row["unit"].Set || row["unit_code"].Set {
		t.Unit = at.ID
	}
	fill(&t, row)
	if err := s.fillLinks(ctx, within, at, &t, row); err != nil {
		return "", "", err
	}
	if t.Status == "" {
		t.Status = Approved
		if t.FoundedOn == "" && t.ApprovedOn == "" {
			t.Status = Submitted
		}
	}
	if t.Status == Approved && t.FoundedOn == "" {
		t.FoundedOn = t.ApprovedOn
	}
	if err := s.knownNeed(ctx, within, t.Need); err != nil {
		return "", "", err
	}
	if !known {
		ref, err := s.create(ctx, t, c)
		if err != nil {
			return "", "", err
		}
		t, _, err = s.book.Get(ctx, ref)
		return t.Code, record.Added, err
	}
	if reflect.DeepEqual(t.clean(), was) {
		return was.Code, record.Same, nil
	}
	return was.Code, record.Changed, s.save(ctx, ref, v.N, t, c)
}

// rowsTeam finds the team that a row is about: by its code or, as lists of a committee's own have none, by its unit and
// name, and of several by the day it was founded. A team that was dissolved by the row's day is an earlier one.
func (s *Service) rowsTeam(ctx context.Context, within, at org.Unit, row map[string]table.Value) (id.Ref, Team, record.Version, error) {
	if code := row["code"].Text; code != "" {
		return s.ByCode(ctx, within.Root(), code)
	}
	name := strings.TrimSpace(row["name"].Text)
	if name == "" {
		name = usualName(at, strings.TrimSpace(row["need"].Text))
	}
	all, err := s.namesakes(ctx, at.ID, name)
	if err != nil {
		return id.Ref{}, Team{}, record.Version{}, err
	}
	founded := clock.Day(row["founded_on"].Text)
	if i := slices.IndexFunc(all, func(l Listed) bool { return founded != "" && l.FoundedOn == founded }); i >= 0 {
		all = all[i : i+1]
	}
	list := slices.DeleteFunc(all, func(l Listed) bool { return l.DissolvedOn != "" && founded >= l.DissolvedOn })
	switch len(list) {
	case 0:
		return id.Ref{}, Team{}, record.Version{}, errs.New(errs.NotFound, "errs.not_found")
	case 1:
		ref := id.Ref{Root: list[0].Root, ID: list[0].ID}
		t, v, err := s.book.Get(ctx, ref)
		return ref, t, v, err
	}
	var f errs.Fields
	f.Add("code", "people.import_namesakes", "Name", name, "Unit", at.Name, "N", len(list))
	return id.Ref{}, Team{}, record.Version{}, f.Err()
}

func fill(t *Team, row map[string]table.Value) {
	text := map[string]*string{"code": &t.Code, "name": &t.Name, "need": &t.Need, "leader": &t.Leader, "phone": &t.Phone, "approval_doc": &t.ApprovalDoc,
		"dissolve_reason": &t.DissolveReason, "intro": &t.Intro, "note": &t.Note, "owner": &t.Owner}
	for key, to := range text {
		if row[key].Set {
			*to = row[key].Over(*to)
		}
	}
	days := map[string]*clock.Day{"proposed_on": &t.ProposedOn, "approved_on": &t.ApprovedOn, "founded_on": &t.FoundedOn, "dissolved_on": &t.DissolvedOn}
	for key, to := range days {
		if row[key].Set {
			*to = clock.Day(row[key].Text)
		}
	}
	if row["members"].Set {
		t.Members = row["members"].Num
	}
	if row["status"].Set {
		t.Status = Status(row["status"].Text)
	}
}

// fillLinks takes over whom a row names by code: the guiding committee, the association, the team above.
func (s *Service) fillLinks(ctx context.Context, within, at org.Unit, t *Team, row map[string]table.Value) error {
	var f errs.Fields
	if row["guided_by"].Set {
		u, err := s.org.ByCode(ctx, row["guided_by"].Text)
		if errs.Is(err, errs.NotFound) {
			f.Add("guided_by", "people.guided_not_above")
		} else if err != nil {
			return err
		}
		t.GuidedBy = u.ID
	}
	if row["run_by"].Set {
		list, err := s.beside(ctx, at.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(a Association) bool { return a.Code == row["run_by"].Text })
		if i < 0 {
			f.Add("run_by", "people.association_unknown")
		} else {
			t.RunBy = list[i].Ref
		}
	}
	if row["docked"].Set {
		l, err := s.AcrossUnitsByCode(ctx, within.Root(), row["docked"].Text)
		if errs.Is(err, errs.NotFound) {
			f.Add("docked", "people.docked_not_above")
		} else if err != nil {
			return err
		}
		t.Docked = l.Ref()
	}
	return f.Err()
}

// linkCodes are the codes of whom teams name, for the table: committees, associations, teams above.
func (s *Service) linkCodes(ctx context.Context, teams map[id.ID]Team) (guides map[id.ID]org.Unit, runs, docked map[id.Ref]string, err error) {
	var units, above []id.ID
	var runners []id.Ref
	for _, t := range teams {
		if t.GuidedBy != 0 {
			units = append(units, t.GuidedBy)
		}
		if t.RunBy.ID != 0 && !slices.Contains(runners, t.RunBy) {
			runners = append(runners, t.RunBy)
		}
		if t.Docked.ID != 0 {
			above = append(above, t.Docked.ID)
		}
	}
	runs, docked = map[id.Ref]string{}, map[id.Ref]string{}
	if guides, err = s.org.ByIDs(ctx, units); err != nil {
		return guides, runs, docked, err
	}
	if s.associations != nil && len(runners) > 0 {
		list, err := s.associations.Named(ctx, runners)
		if err != nil {
			return guides, runs, docked, err
		}
		for _, a := range list {
			runs[a.Ref] = a.Code
		}
	}
	list, err := s.byIDs(ctx, above)
	for _, l := range list {
		docked[l.Ref()] = l.Code
	}
	return guides, runs, docked, err
}

// knownNeed refuses a need that does not stand in the city's list, so that a slip of the pen makes no new kind.
func (s *Service) knownNeed(ctx context.Context, u org.Unit, name string) error {
	list, err := s.Needs(ctx, u)
	if err != nil {
		return err
	}
	for _, n := range list {
		if n.Name == name {
			return nil
		}
	}
	var f errs.Fields
	f.Add("need", "people.need_unknown", "Name", name)
	return f.Err()
}

// export writes the teams of a unit's subtree in the order of the list.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	p, err := s.List(ctx, u, clock.Today(ctx), Filter{}, 0, "", math.MaxInt32)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(p.Teams))
	for i, l := range p.Teams {
		ids[i] = l.ID
	}
	teams, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	names, err := s.unitsOf(ctx, p.Teams)
	if err != nil {
		return err
	}
	guides, runs, docked, err := s.linkCodes(ctx, teams)
	if err != nil {
		return err
	}
	for _, k := range ids {
		t := teams[k]
		members := table.Value{}
		if t.Members > 0 {
			members = table.OfInt(t.Members)
		}
		cells := map[string]table.Value{
			"code": table.OfText(t.Code), "unit_code": table.OfText(names[t.Unit].Code), "unit": table.OfText(names[t.Unit].Name), "name": table.OfText(t.Name),
			"need": table.OfText(t.Need), "leader": table.OfText(t.Leader), "phone": table.OfText(t.Phone), "members": members,
			"status": table.OfChoice(string(t.Status)), "proposed_on": table.OfDay(string(t.ProposedOn)), "approved_on": table.OfDay(string(t.ApprovedOn)),
			"approval_doc": table.OfText(t.ApprovalDoc), "founded_on": table.OfDay(string(t.FoundedOn)), "dissolved_on": table.OfDay(string(t.DissolvedOn)),
			"dissolve_reason": table.OfText(t.DissolveReason), "intro": table.OfText(t.Intro), "note": table.OfText(t.Note),
			"owner": table.OfText(t.Owner), "guided_by": table.OfText(guides[t.GuidedBy].Code), "run_by": table.OfText(runs[t.RunBy]), "docked": table.OfText(docked[t.Docked]),
		}
		row := make([]table.Value, len(columns))
		for i, c := range columns {
			row[i] = cells[c.key]
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}
