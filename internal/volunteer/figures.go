package volunteer

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// source publishes volunteers to the ledger; the book fills in how they are read.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "志愿者", En: "volunteer"},
		Fields: map[string]any{"kind": "", "sex": "", "retired": "", "core": "", "profession": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.idsOf(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDs(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Name, Unit: l.Unit, Href: "/volunteer/" + l.Ref().String(),
					Detail: []string{i18n.T(ctx, "volunteer.kind."+string(l.Kind))}}
			}
			return out, nil
		},
		Label: s.label,
	}
}

// label is a value of a breakdown in the reader's language.
func (s *Service) label(ctx context.Context, by, value string) string {
	switch {
	case by == "profession":
		return s.professionIn(ctx, value)
	case value == "":
		return i18n.T(ctx, "volunteer.unknown")
	case by == "sex" || by == "retired" || by == "core" || by == "kind":
		return i18n.T(ctx, "volunteer."+by+"."+value)
	}
	return value
}

// professionIn is a profession in the reader's language; a label is not worth a page, so that an unknown one stands as it is.
func (s *Service) professionIn(ctx context.Context, name string) string {
	if i18n.Lang(ctx) == "zh" || name == "" {
		return name
	}
	p, err := s.store.profession(ctx, name)
	if err != nil {
		return name
	}
	return p.In(i18n.Lang(ctx))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// rows publishes a volunteer: the days as a candidate, as active cut where the core begins and ends, and within them
// those with a valid background check, without one, with a certificate and with insurance; and the days of coming and going.
func rows(_ id.Ref, v Volunteer) ledger.Record {
	var out []ledger.Row
	attrs := map[string]any{"kind": string(v.Kind), "sex": v.Sex, "retired": yes(v.Retired), "profession": v.Profession, "core": "no"}
	add := func(kind string, list []Stay, core string) {
		for _, s := range list {
			own := map[string]any{"core": core}
			for k, a := range attrs {
				if k != "core" {
					own[k] = a
				}
			}
			out = append(out, ledger.Row{Type: kind, From: s.From, To: s.To, Units: []id.ID{v.Unit}, Attrs: own})
		}
	}
	if v.CandidateOn != "" {
		wait := Stay{v.CandidateOn, clock.MinEnd(v.AdmittedOn, v.LeftOn)}
		if wait.To == clock.Open || wait.From < wait.To {
			add("candidate", []Stay{wait}, "no")
		}
	}
	if v.AdmittedOn != "" && (v.LeftOn == "" || v.AdmittedOn < v.LeftOn) {
		active := Stay{v.AdmittedOn, v.LeftOn}
		core := within(joined(v.Core), active)
		add("active", outside(core, active), "no")
		add("active", core, "yes")
		checked := v.spansOf(Background)
		add("checked", within(checked, active), "no")
		add("unchecked", outside(checked, active), "no")
		add("certified", within(v.spansOf(Certificate), active), "no")
		add("insured", within(v.insured(), active), "no")
		add("admitted", []Stay{{From: v.AdmittedOn}}, "no")
		if v.LeftOn != "" {
			add("left", []Stay{{From: v.LeftOn}}, "no")
		}
	}
	for _, c := range v.Care {
		add(string(c.Kind), []Stay{{From: c.On}}, "no")
	}
	return ledger.Record{Rows: out}
}

// facts says a volunteer in words for the history, as far as the reader may see.
func (s *Service) facts(ctx context.Context, v Volunteer) []record.Fact {
	r, err := s.reader(ctx, v.Unit)
	if err != nil {
		r = Reader{}
	}
	v = v.shown(r)
	unit := ""
	if u, err := s.org.Unit(ctx, v.Unit); err == nil {
		unit = u.Name
	}
	birth := ""
	if v.BirthYear > 0 {
		birth = strconv.FormatInt(v.BirthYear, 10)
	}
	sep := i18n.T(ctx, "volunteer.sep")
	out := []record.Fact{
		{Key: "volunteer.code", Text: v.Code}, {Key: "volunteer.unit", Text: unit}, {Key: "volunteer.name", Text: v.Name}, {Key: "volunteer.kind", Text: word(ctx, "volunteer.kind.", string(v.Kind))},
		{Key: "volunteer.sex", Text: word(ctx, "volunteer.sex.", v.Sex)}, {Key: "volunteer.birth_year", Text: birth},
		{Key: "volunteer.retired", Text: i18n.T(ctx, "volunteer.retired."+yes(v.Retired))}, {Key: "volunteer.profession", Text: s.professionIn(ctx, v.Profession)},
		{Key: "volunteer.employer", Text: v.Employer}, {Key: "volunteer.education", Text: word(ctx, "volunteer.education.", v.Education)},
		{Key: "volunteer.specialities", Text: strings.Join(v.Specialities, sep)}, {Key: "volunteer.availability", Text: v.Availability},
		{Key: "volunteer.phone", Text: v.Phone}, {Key: "volunteer.find_consent", Text: i18n.Day(ctx, v.FindConsent)},
		{Key: "volunteer.experience", Text: v.Experience}, {Key: "volunteer.experience_consent", Text: i18n.Day(ctx, v.ExperienceConsent)},
		{Key: "volunteer.health", Text: v.Health}, {Key: "volunteer.candidate_on", Text: i18n.Day(ctx, v.CandidateOn)},
		{Key: "volunteer.admitted_on", Text: i18n.Day(ctx, v.AdmittedOn)}, {Key: "volunteer.left_on", Text: i18n.Day(ctx, v.LeftOn)}, {Key: "volunteer.leave_reason", Text: v.LeaveReason},
	}
	for _, c := range v.Checks {
		out = append(out, record.Fact{Key: "volunteer.checks", Text: checkText(ctx, c)})
	}
	for _, c := range v.Care {
		out = append(out, record.Fact{Key: "volunteer.cares", Text: careText(ctx, c)})
	}
	var core []string
	for _, c := range v.Core {
		core = append(core, days(ctx, c))
	}
	insured := ""
	if v.Insurance.From != "" {
		insured = strings.TrimSpace(v.Insurance.Company + " " + v.Insurance.Number + " " + days(ctx, Stay{v.Insurance.From, v.Insurance.Until}))
	}
	return append(out, record.Fact{Key: "volunteer.core", Text: strings.Join(core, sep)},
		record.Fact{Key: "volunteer.insurance", Text: insured}, record.Fact{Key: "volunteer.certificate", Text: i18n.Day(ctx, v.Proof.IssuedOn)}, record.Fact{Key: "volunteer.note", Text: v.Note})
}

func word(ctx context.Context, prefix, key string) string {
	if key == "" {
		return ""
	}
	return i18n.T(ctx, prefix+key)
}

// days says a stretch of days.
func days(ctx context.Context, s Stay) string {
	if s.To == clock.Open {
		return i18n.T(ctx, "volunteer.since", "Day", i18n.Day(ctx, s.From))
	}
	return i18n.T(ctx, "volunteer.from_to", "From", i18n.Day(ctx, s.From), "To", i18n.Day(ctx, s.To.AddDays(-1)))
}

// checkText says a check in a line.
func checkText(ctx context.Context, c Check) string {
	return i18n.T(ctx, "volunteer.check."+string(c.Kind)) + " " + checkDetail(ctx, c)
}

// careText says a visit or a commendation in a line.
func careText(ctx context.Context, c Care) string {
	return i18n.T(ctx, "volunteer.care."+string(c.Kind)) + " " + careDetail(ctx, c)
}

func careDetail(ctx context.Context, c Care) string {
	return strings.TrimSpace(i18n.Day(ctx, c.On) + " " + c.What + " " + c.By)
}

// checkDetail says a check without its kind.
func checkDetail(ctx context.Context, c Check) string {
	var parts []string
	for _, s := range []string{c.Name, c.Issuer, c.Number, days(ctx, Stay{c.On, c.Expires})} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if c.Paper != "" {
		parts = append(parts, i18n.T(ctx, "volunteer.paper_kept"))
	}
	return strings.Join(parts, " ")
}
