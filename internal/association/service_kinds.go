package association

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

func (s *Service) associationDesk() *desk[Association] {
	d := &desk[Association]{s: s, kind: Kind, path: "/association", api: "/api/v1/associations", letter: "XH",
		unit: func(a *Association) *id.ID { return &a.Unit }, code: func(a *Association) *string { return &a.Code }, name: func(a Association) string { return a.Name },
		clean: clean, link: func(context.Context, *Association) error { return nil },
		check: func(ctx context.Context, a Association, f *errs.Fields) error {
			*f = append(*f, a.problems(clock.Today(ctx))...)
			return nil
		},
		line: func(_ id.Ref, a Association) Listed {
			l := Listed{Name: a.Name, From: a.FoundedOn, To: a.DissolvedOn}
			if n := len(a.Counts); n > 0 {
				l.N = a.Counts[n-1].Members
			}
			return l
		},
		rows: associationRows, more: s.associationFacts, tags: associationTags, parts: s.associationParts,
		figures: []string{"association.standing", "association.registered", "association.term_valid", "association.inspected", "association.members"},
		source:  ledger.Source{Name: ledger.Words{Zh: "协会", En: "association"}, Fields: map[string]any{"registered": "", "result": "", "members": int64(0)}},
	}
	d.acts = func(a Association) []string {
		out := []string{"charter", "officer", "count", "inspection"}
		if len(a.Council) > 0 {
			out = append(out, "end_officer")
		}
		if len(a.rows()) > 0 {
			out = append(out, "drop")
		}
		return out
	}
	d.fields = []field[Association]{
		{key: "name", titles: []string{"协会名称", "名称", "Association", "Name"}, required: true, max: maxName, text: func(a *Association) *string { return &a.Name }},
		{key: "founded_on", titles: []string{"成立日期", "Founded on"}, kind: ui.KindDate, required: true, day: func(a *Association) *clock.Day { return &a.FoundedOn }},
		{key: "registration_no", titles: []string{"登记证号", "统一社会信用代码", "Registration no."}, optional: true, max: 40, text: func(a *Association) *string { return &a.RegistrationNo }},
		{key: "registrar", titles: []string{"登记机关", "Registrar"}, optional: true, max: 40, text: func(a *Association) *string { return &a.Registrar }},
		{key: "registered_on", titles: []string{"登记日期", "Registered on"}, kind: ui.KindDate, optional: true, day: func(a *Association) *clock.Day { return &a.RegisteredOn }},
		{key: "term_from", titles: []string{"本届开始日期", "Term from"}, kind: ui.KindDate, optional: true, day: func(a *Association) *clock.Day { return &a.TermFrom }},
		{key: "term_years", titles: []string{"届期（年）", "届期", "Term in years"}, kind: ui.KindNumber, optional: true, hint: true, num: func(a *Association) *int64 { return &a.TermYears }},
		{key: "phone", titles: []string{"电话", "Phone"}, kind: ui.KindTel, optional: true, max: 40, text: func(a *Association) *string { return &a.Phone }},
		{key: "dissolved_on", titles: []string{"注销日期", "Dissolved on"}, kind: ui.KindDate, optional: true, hint: true, day: func(a *Association) *clock.Day { return &a.DissolvedOn }},
		{key: "note", titles: []string{"备注", "Note"}, kind: ui.KindArea, optional: true, max: maxNote, text: func(a *Association) *string { return &a.Note }},
	}
	return d.open()
}

func (s *Service) stationDesk() *desk[Station] {
	d := &desk[Station]{s: s, kind: KindStation, path: "/station", api: "/api/v1/stations", letter: "ZD", placed: true,
		unit: func(x *Station) *id.ID { return &x.Unit }, code: func(x *Station) *string { return &x.Code }, name: func(x Station) string { return x.Name },
		clean: cleanStation, parts: s.stationParts, rows: stationRows,
		homes: func(x Station) []id.ID { return both(x.Unit, x.By) },
		link: func(ctx context.Context, x *Station) (err error) {
			x.By, _, err = s.under(ctx, x.Unit, x.Association)
			return err
		},
		check: func(ctx context.Context, x Station, f *errs.Fields) error {
			*f = append(*f, x.problems(clock.Today(ctx))...)
			if x.Association.ID != 0 && x.By == 0 {
				f.Add("association", "association.association_far")
			}
			return nil
		},
		line: func(_ id.Ref, x Station) Listed {
			return Listed{Name: x.Name, Association: named(x.Association), Detail: x.Kind, From: x.FoundedOn, To: x.ClosedOn, N: x.Volunteers}
		},
		figures: []string{"station.standing", "station.townships_covered", "station.volunteers"},
		source:  ledger.Source{Name: ledger.Words{Zh: "工作站", En: "station"}, Fields: map[string]any{"kind": "", "volunteers": int64(0)}},
	}
	d.fields = []field[Station]{
		{key: "name", titles: []string{"工作站名称", "名称", "Station", "Name"}, required: true, max: maxName, text: func(x *Station) *string { return &x.Name }},
		{key: "kind", titles: []string{"类别", "Kind"}, kind: ui.KindRadio, choices: StationKinds, text: func(x *Station) *string { return &x.Kind }},
		{key: "association", titles: []string{"所属协会", "协会", "协会编号", "Association"}, kind: ui.KindSelect, optional: true, hint: true, association: func(x *Station) *id.Ref { return &x.Association }},
		{key: "founded_on", titles: []string{"成立日期", "Founded on"}, kind: ui.KindDate, required: true, day: func(x *Station) *clock.Day { return &x.FoundedOn }},
		{key: "head", titles: []string{"负责人", "站长", "Head"}, optional: true, max: 40, text: func(x *Station) *string { return &x.Head }},
		{key: "phone", titles: []string{"电话", "Phone"}, kind: ui.KindTel, optional: true, max: 40, text: func(x *Station) *string { return &x.Phone }},
		{key: "place", titles: []string{"地点", "Place"}, optional: true, max: 100, text: func(x *Station) *string { return &x.Place }},
		{key: "volunteers", titles: []string{"志愿者人数", "人数", "Volunteers"}, kind: ui.KindNumber, optional: true, num: func(x *Station) *int64 { return &x.Volunteers }},
		{key: "closed_on", titles: []string{"撤销日期", "Closed on"}, kind: ui.KindDate, optional: true, hint: true, day: func(x *Station) *clock.Day { return &x.ClosedOn }},
		{key: "note", titles: []string{"备注", "Note"}, kind: ui.KindArea, optional: true, max: maxNote, text: func(x *Station) *string { return &x.Note }},
	}
	return d.open()
}

func (s *Service) guidanceDesk() *desk[Guidance] {
	d := &desk[Guidance]{s: s, kind: KindGuidance, path: "/guidance", api: "/api/v1/guidance", letter: "DX", placed: true,
		unit: func(g *Guidance) *id.ID { return &g.Unit }, code: func(g *Guidance) *string { return &g.Code }, name: func(g Guidance) string { return g.What },
		clean: cleanGuidance, parts: s.guidanceParts, rows: guidanceRows,
		homes: func(g Guidance) []id.ID { return both(g.Unit, g.By) },
		link: func(ctx context.Context, g *Guidance) (err error) {
			g.By, _, err = s.under(ctx, g.Unit, g.Association)
			return err
		},
		check: func(ctx context.Context, g Guidance, f *errs.Fields) error {
			*f = append(*f, g.problems(clock.Today(ctx))...)
			if g.Association.ID != 0 && g.By == 0 {
				f.Add("association", "association.association_far")
			}
			if g.TaskOf == 0 {
				return nil
			}
			up, err := s.org.Ancestors(ctx, g.Unit, clock.Today(ctx))
			for _, u := range up {
				if u.ID == g.TaskOf {
					return err
				}
			}
			f.Add("task_of", "association.task_not_above")
			return err
		},
		line: func(_ id.Ref, g Guidance) Listed {
			return Listed{Name: g.What, Association: named(g.Association), Detail: g.Kind, From: g.Day}
		},
		figures: []string{"guidance.visits", "guidance.tasks", "guidance.units_guided", "guidance.units_unguided"},
		source:  ledger.Source{Name: ledger.Words{Zh: "指导", En: "guidance"}, Fields: map[string]any{"kind": "", "association": ""}},
	}
	d.fields = []field[Guidance]{
		{key: "association", titles: []string{"协会", "协会编号", "Association"}, kind: ui.KindSelect, required: true, association: func(g *Guidance) *id.Ref { return &g.Association }},
		{key: "day", titles: []string{"日期", "Day"}, kind: ui.KindDate, required: true, day: func(g *Guidance) *clock.Day { return &g.Day }},
		{key: "what", titles: []string{"指导内容", "内容", "What"}, kind: ui.KindArea, required: true, max: 200, text: func(g *Guidance) *string { return &g.What }},
		{key: "people", titles: []string{"去的人", "人员", "People"}, optional: true, hint: true, max: 200, text: func(g *Guidance) *string { return &g.People }},
		{key: "result", titles: []string{"结果", "Result"}, kind: ui.KindArea, optional: true, max: maxNote, text: func(g *Guidance) *string { return &g.Result }},
		{key: "task_of", titles: []string{"交办的关工委代码", "交办单位", "Task of (unit code)"}, kind: ui.KindSelect, optional: true, hint: true, unit: func(g *Guidance) *id.ID { return &g.TaskOf }},
	}
	return d.open()
}

// both are the two sides that keep a record; one when they are the same or only one is known.
func both(unit, by id.ID) []id.ID {
	if by == 0 || by == unit {
		return []id.ID{unit}
	}
	return []id.ID{unit, by}
}

// named is a record as tables keep it; "" is none.
func named(ref id.Ref) string {
	if ref.ID == 0 {
		return ""
	}
	return ref.String()
}

// associationFacts says in words what stands in an association's lists, for its history.
func (s *Service) associationFacts(ctx context.Context, a Association) []record.Fact {
	comma := i18n.T(ctx, "association.comma")
	var charters, council, counts, inspections []string
	for _, c := range a.Charters {
		charters = append(charters, c.Title+" "+i18n.Day(ctx, c.On))
	}
	for _, o := range a.Council {
		council = append(council, officerText(ctx, o))
	}
	for _, c := range a.Counts {
		counts = append(counts, countText(ctx, c))
	}
	for _, x := range a.Inspections {
		inspections = append(inspections, inspectionText(ctx, x))
	}
	return []record.Fact{{Key: "association.f.charters", Text: strings.Join(charters, comma)}, {Key: "association.f.council", Text: strings.Join(council, comma)},
		{Key: "association.f.counts", Text: strings.Join(counts, comma)}, {Key: "association.f.inspections", Text: strings.Join(inspections, comma)}}
}

func officerText(ctx context.Context, o Officer) string {
	if o.To == clock.Open {
		return i18n.T(ctx, "association.officer_line", "Name", o.Name, "Office", o.Office, "From", i18n.Day(ctx, o.From))
	}
	return i18n.T(ctx, "association.officer_line_ended", "Name", o.Name, "Office", o.Office, "From", i18n.Day(ctx, o.From), "To", i18n.Day(ctx, o.To))
}

func countText(ctx context.Context, c Count) string {
	return i18n.T(ctx, "association.count_line", "Day", i18n.Day(ctx, c.On), "N", c.Members)
}

func inspectionText(ctx context.Context, x Inspection) string {
	return i18n.T(ctx, "association.inspection_line", "Year", x.Year, "Result", i18n.T(ctx, "association.result."+x.Result))
}

// flagTexts say in words what wants attention; the years without an inspection are said together.
func flagTexts(ctx context.Context, flags []Flag) (out []string) {
	var years []string
	for _, f := range flags {
		if f.Year != 0 {
			years = append(years, strconv.FormatInt(f.Year, 10))
			continue
		}
		out = append(out, i18n.T(ctx, "association.flag."+f.Key, "Day", i18n.Day(ctx, f.Day)))
	}
	if len(years) > 0 {
		out = append(out, i18n.T(ctx, "association.flag.not_inspected", "Years", strings.Join(years, i18n.T(ctx, "association.and"))))
	}
	return out
}

func associationTags(ctx context.Context, a Association, day clock.Day) []ui.Mark {
	if a.DissolvedOn != "" && a.DissolvedOn <= day {
		return []ui.Mark{{Text: i18n.T(ctx, "association.dissolved")}}
	}
	var out []ui.Mark
	for _, text := range flagTexts(ctx, a.Flags(day)) {
		out = append(out, ui.Mark{Text: text, Kind: "w"})
	}
	return out
}
