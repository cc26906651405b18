package ledger

import (
	"context"
	"net/http"
	"slices"
	"sort"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// courseYears is how far back a figure's course goes.
const courseYears = 10

type figureView struct {
	number, unit, label string
	caption, sentence   string
	choices             []ui.Choice
	day                 dayForm
	acts                []ui.Button
	missing             string // why there is no number
	compare             *compareView
	course              courseView
	parts               []partsView
	how                 []ui.Run
	reads               []ui.Link
	siblings            []ui.Link
}

type compareView struct {
	lead  string
	bars  ui.BarTable
	notes []string
}

type courseView struct {
	series ui.Series
	table  ui.Table
}

type partsView struct {
	title string
	share *ui.Parts
	parts []ui.Part
	total ui.Part
}

func (s *Service) figurePage(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), i18n.Lang(r.Context())
	q, err := s.read(r, r.PathValue("code"))
	if err != nil {
		return err
	}
	v := figureView{label: q.def.Name.In(lang), caption: q.caption(ctx), sentence: q.def.Sentence.In(lang),
		choices: q.choices(ctx, q.figureHref), day: q.dayForm(ctx, "/figure/"+q.Figure)}
	var crumbs []ui.Link
	err = s.snapshot(ctx, func(ctx context.Context) error {
		children, whole, err := s.compare(ctx, q.Query)
		if err != nil {
			return err
		}
		v.number, v.unit = Number(ctx, q.def, whole.Amount)
		v.missing = s.whyMissing(ctx, q, whole)
		v.compare = q.compareView(ctx, children, whole, len(children))
		if v.course, err = s.courseView(ctx, q); err != nil {
			return err
		}
		if v.parts, err = s.allParts(ctx, q, whole); err != nil {
			return err
		}
		if err := s.how(ctx, q, whole, &v); err != nil {
			return err
		}
		crumbs, err = s.crumbs(ctx, q, ui.Link{Text: v.label})
		return err
	})
	if err != nil {
		return err
	}
	v.acts = []ui.Button{
		{Text: i18n.T(ctx, "ledger.see_list"), Href: q.evidenceHref(), Main: true},
		{Text: i18n.T(ctx, "ledger.said_before"), Href: address("/figure/"+q.Figure+"/known", q.values("known", ""))},
		{Text: i18n.T(ctx, "ledger.for_programs"), Href: address("/api/v1/figures/"+q.Figure, q.values())},
	}
	return web.Render(w, r, web.Page{Title: v.label, Crumbs: crumbs, Current: "ledger"}, figureBody(v))
}

// whyMissing says why a share has no number, or why a unit that did not stand answers 0.
func (s *Service) whyMissing(ctx context.Context, q question, v Value) string {
	switch {
	case !q.unit.StandsOn(q.Day):
		return i18n.T(ctx, "ledger.not_standing", "Unit", q.unit.Name, "Day", i18n.Day(ctx, q.Day))
	case v.Amount == nil:
		return i18n.T(ctx, "ledger.nothing_to_divide")
	}
	return ""
}

// compareView sets child units on one measure, the largest first, with the unit's own share, or the average, as a tick.
func (q question) compareView(ctx context.Context, children []childValue, whole Value, most int) *compareView {
	percent := q.def.Unit == "percent"
	var kept []childValue
	var sum, told int64
	for _, c := range children {
		if c.value.Amount != nil {
			sum += c.value.Int()
			told++
		}
		// bodies that hold nothing of it, such as schools beside towns, would only lengthen the list
		if c.unit.Level.Leaf() && c.value.Int() == 0 && len(children) > 20 || percent && c.value.Amount == nil && c.unit.Level.Leaf() {
			continue
		}
		kept = append(kept, c)
	}
	if len(kept) == 0 {
		return nil
	}
	sort.SliceStable(kept, func(i, j int) bool { return kept[i].value.Int() > kept[j].value.Int() })
	v := &compareView{bars: ui.BarTable{Caption: i18n.T(ctx, "ledger.compare_caption", "Unit", q.unit.Name, "Figure", q.def.Name.In(i18n.Lang(ctx)))}}
	if percent {
		v.bars.Max, v.bars.Tick = 1000, whole.Int()
		v.lead = i18n.T(ctx, "ledger.tick_whole", "Unit", q.unit.Name, "Value", joined(ctx, q.def, whole.Amount))
	} else if told > 1 {
		mean := (sum + told/2) / told
		v.bars.Tick = mean
		v.lead = i18n.T(ctx, "ledger.tick_mean", "Value", joined(ctx, q.def, &mean))
	}
	for i, c := range kept {
		if i == most {
			break
		}
		at := q.at(c.unit)
		b := ui.Bar{Name: c.unit.Name, Href: at.figureHref(), Value: c.value.Int(), Number: joined(ctx, q.def, c.value.Amount), Evidence: at.evidenceHref()}
		if c.value.Denominator != nil {
			b.Note = ui.Number(*c.value.Numerator) + "/" + ui.Number(*c.value.Denominator)
		}
		v.bars.Rows = append(v.bars.Rows, b)
	}
	if rest := whole.Int() - sum; !percent && q.def.Kind != Distinct && rest != 0 {
		key := "ledger.rest_own"
		if rest < 0 {
			key, rest = "ledger.rest_joint", -rest
		}
		v.notes = append(v.notes, i18n.T(ctx, key, "Unit", q.unit.Name, "Value", joined(ctx, q.def, &rest)))
	}
	return v
}

func (s *Service) courseView(ctx context.Context, q question) (courseView, error) {
	ask := q.Query
	ask.From, ask.To = "", ""
	points, err := s.course(ctx, ask, courseYears)
	if err != nil {
		return courseView{}, err
	}
	v := courseView{series: s.drawn(ctx, q, points)}
	head := "ledger.day"
	if q.eventful {
		head = "ledger.period"
	}
	v.table = ui.Table{Caption: i18n.T(ctx, "ledger.course_of", "Figure", q.def.Name.In(i18n.Lang(ctx))),
		Columns: []ui.Column{{Text: i18n.T(ctx, head)}, {Text: i18n.T(ctx, "ledger.value"), Right: true}}}
	for _, p := range slices.Backward(points) {
		at := q
		when := i18n.Day(ctx, p.Day)
		if q.eventful {
			y := clock.YearOf(p.Day.Year())
			at.From, at.To = y.From, y.To
			when = i18n.T(ctx, "ledger.from_to", "From", i18n.Day(ctx, y.From), "To", i18n.Day(ctx, p.Day))
		} else {
			at.Day = p.Day
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(when), ui.Num(joined(ctx, q.def, p.Amount), at.evidenceHref())}})
	}
	return v, nil
}

// drawn draws points; a share over nothing leaves its point out.
func (s *Service) drawn(ctx context.Context, q question, points []Point) ui.Series {
	var out ui.Series
	var first, last *Point
	for i, p := range points {
		if p.Amount == nil {
			continue
		}
		if first == nil {
			first = &points[i]
		}
		last = &points[i]
		out.Points = append(out.Points, ui.Point{X: p.Day.Time().Unix() / 86400, Y: *p.Amount})
	}
	if first == nil {
		return ui.Series{}
	}
	say := func(p *Point) string {
		return i18n.T(ctx, "ledger.point", "Year", p.Day.Year(), "Value", joined(ctx, q.def, p.Amount))
	}
	out.Start, out.End = say(first), say(last)
	out.Label = i18n.T(ctx, "ledger.course_label", "Figure", q.def.Name.In(i18n.Lang(ctx)), "Start", out.Start, "End", out.End)
	return out
}

// allParts divides a figure by each of its breakdowns; a distinct one is divided into its values.
func (s *Service) allParts(ctx context.Context, q question, whole Value) ([]partsView, error) {
	var out []partsView
	if q.def.Kind == Distinct {
		of := q.about(s, q.def.DistinctOf)
		v, err := s.Ask(ctx, of.Query)
		if err != nil {
			return nil, err
		}
		p, err := s.parts(ctx, of, q.def.DistinctBy, v)
		if p != nil {
			out = append(out, *p)
		}
		return out, err
	}
	for _, b := range q.def.Breakdowns {
		if _, asked := q.Where[b]; asked {
			continue
		}
		p, err := s.parts(ctx, q, b, whole)
		if err != nil {
			return nil, err
		}
		if p != nil {
			out = append(out, *p)
		}
	}
	return out, nil
}

// parts divides a figure by one breakdown: a bar for up to three values, an account for more. nil when there is nothing.
func (s *Service) parts(ctx context.Context, q question, breakdown string, whole Value) (*partsView, error) {
	by, err := s.ByValue(ctx, q.Query, breakdown)
	if err != nil || len(by) == 0 {
		return nil, err
	}
	v := &partsView{title: i18n.T(ctx, "ledger.divided_by", "Name", breakdownName(ctx, breakdown))}
	for _, value := range byAmount(by) {
		n := by[value]
		text, unit := Number(ctx, q.def, &n)
		p := ui.Part{Text: s.valueName(ctx, q.def.Record, breakdown, value), N: n, Number: text, Note: unit, Href: q.partHref(breakdown, value)}
		if q.def.Unit == "fen" {
			p.Number, p.Note = text, unit
		} else if w := whole.Int(); w > 0 {
			p.Note = ui.Percent((n*2000 + w) / (w * 2))
		}
		v.parts = append(v.parts, p)
	}
	if len(v.parts) <= 3 {
		v.share = &ui.Parts{Label: shareLabel(ctx, v.parts), Parts: v.parts}
		return v, nil
	}
	for i := range v.parts {
		if n := by[byAmount(by)[i]]; q.def.Unit == "fen" {
			v.parts[i].Number = joined(ctx, q.def, &n)
		}
	}
	v.total = ui.Part{Text: i18n.T(ctx, "ledger.total"), Number: joined(ctx, q.def, whole.Amount)}
	if q.def.Unit != "fen" {
		v.total.Number, _ = Number(ctx, q.def, whole.Amount)
	}
	return v, nil
}

// valueName is a breakdown's value in words; records may lack one.
func (s *Service) valueName(ctx context.Context, record, breakdown, value string) string {
	if value == "" {
		return i18n.T(ctx, "ledger.not_given")
	}
	return s.label(ctx, record, breakdown, value)
}

// byAmount orders values by their amounts, the largest first.
func byAmount(by map[string]int64) []string {
	values := make([]string, 0, len(by))
	for v := range by {
		values = append(values, v)
	}
	sort.Slice(values, func(i, j int) bool {
		if by[values[i]] != by[values[j]] {
			return by[values[i]] > by[values[j]]
		}
		return values[i] < values[j]
	})
	return values
}

// shareLabel says a bar in one sentence, for those who do not see it.
func shareLabel(ctx context.Context, parts []ui.Part) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = i18n.T(ctx, "ledger.part_words", "Name", p.Text, "Number", p.Number, "Note", p.Note)
	}
	return strings.Join(words, i18n.T(ctx, "ledger.comma"))
}

// how says from what the number is computed: both terms of a share, the figures that a test reads, its siblings.
func (s *Service) how(ctx context.Context, q question, whole Value, v *figureView) error {
	lang := i18n.Lang(ctx)
	link := func(code string) (ui.Link, error) {
		at := q.about(s, code)
		a, err := s.Ask(ctx, at.Query)
		return ui.Link{Text: at.def.Name.In(lang), Href: at.figureHref(), Sub: joined(ctx, at.def, a.Amount)}, err
	}
	switch q.def.Kind {
	case Derived:
		for i, term := range []struct {
			code string
			n    *int64
		}{{q.def.Numerator, whole.Numerator}, {q.def.Denominator, whole.Denominator}} {
			at := q.about(s, term.code)
			if i > 0 {
				v.how = append(v.how, ui.Run{Text: "÷"})
			}
			v.how = append(v.how, ui.Run{Text: joined(ctx, at.def, term.n), Href: at.evidenceHref(), Num: true})
			v.reads = append(v.reads, ui.Link{Text: at.def.Name.In(lang), Href: at.figureHref(), Sub: at.def.Sentence.In(lang)})
		}
		v.how = append(v.how, ui.Run{Text: "＝" + joined(ctx, q.def, whole.Amount)})
	case Distinct:
		l, err := link(q.def.DistinctOf)
		if err != nil {
			return err
		}
		v.reads = append(v.reads, l)
	case Condition:
		var codes []string
		for _, reads := range []map[string]string{q.def.Test.Own, q.def.Test.Subtree} {
			for _, code := range reads {
				codes = append(codes, code)
			}
		}
		sort.Strings(codes)
		for _, code := range slices.Compact(codes) {
			l, err := link(code)
			if err != nil {
				return err
			}
			v.reads = append(v.reads, l)
		}
	}
	for _, d := range s.siblings(q.def) {
		l, err := link(d.Code)
		if err != nil {
			return err
		}
		v.siblings = append(v.siblings, l)
	}
	return nil
}

// siblings are the other tests of the same chapter, and the shares that have this figure as a term.
func (s *Service) siblings(d Definition) []Definition {
	var out []Definition
	for _, o := range s.Figures() {
		switch {
		case o.Code == d.Code:
		case o.Kind == Condition && d.Kind == Condition && o.Chapter == d.Chapter,
			o.Kind == Derived && (o.Numerator == d.Code || o.Denominator == d.Code),
			o.Kind == Distinct && o.DistinctOf == d.Code:
			out = append(out, o)
		}
	}
	return out
}
