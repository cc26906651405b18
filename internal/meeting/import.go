package meeting

import (
	"context"
	"math"
	"reflect"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// column is one column of a table, read in either language and written in the reader's.
type column struct {
	key, zh, en string
	kind        table.Kind
	width       float64
	required    bool
}

// columns of meetings. Speeches, minutes and files are kept on the meeting's page and not in the table.
var columns = []column{
	{key: "code", zh: "编号", en: "Code", width: 18},
	{key: "unit_code", zh: "单位代码", en: "Unit code", width: 14},
	{key: "unit", zh: "单位", en: "Unit", width: 16},
	{key: "kind", zh: "会议种类", en: "Kind", width: 16, required: true},
	{key: "title", zh: "会议名称", en: "Title", width: 30, required: true},
	{key: "day", zh: "日期", en: "Day", kind: table.Day, required: true},
	{key: "time", zh: "时间", en: "Time", width: 8},
	{key: "place", zh: "地点", en: "Place", width: 18},
	{key: "host", zh: "召开单位", en: "Called by", width: 16},
	{key: "chair", zh: "主持人", en: "Chair", width: 12},
	{key: "agenda", zh: "议程", en: "Agenda", width: 40},
	{key: "people", zh: "参会人员", en: "Members", width: 40},
	{key: "note", zh: "备注", en: "Note", width: 20},
}

var decisionColumns = []column{
	{key: "code", zh: "编号", en: "Code", width: 18},
	{key: "meeting", zh: "会议编号", en: "Meeting code", width: 18, required: true},
	{key: "text", zh: "议定事项", en: "Decision", width: 40, required: true},
	{key: "lead", zh: "牵头单位", en: "Lead", width: 16, required: true},
	{key: "assist", zh: "配合单位", en: "Assisting", width: 24},
	{key: "due", zh: "完成时限", en: "Due", kind: table.Day, required: true},
	{key: "done_on", zh: "完成日期", en: "Done on", kind: table.Day},
	{key: "evidence", zh: "完成情况", en: "Evidence", width: 30},
}

func tableColumns(list []column) func(ctx context.Context) []table.Column {
	return func(ctx context.Context) []table.Column {
		out := make([]table.Column, len(list))
		for i, c := range list {
			titles := []string{c.zh, c.en}
			if i18n.Lang(ctx) == "en" {
				titles = []string{c.en, c.zh}
			}
			out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Width: c.width, Required: c.required}
		}
		return out
	}
}

// semicolon stands between the entries of a cell.
const semicolon = "；"

func cellLines(text string) (out []string) {
	for _, x := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("；;\n", r) }) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "meeting.title", Back: "/meeting", Columns: tableColumns(columns), Take: s.take, Export: s.export}
}

func (s *Service) decisionImporter() *record.Importer {
	return &record.Importer{Kind: KindDecision, Title: "meeting.decisions", Back: "/decision", Current: Kind, Columns: tableColumns(decisionColumns), Take: s.takeDecision, Export: s.exportDecisions}
}

// known reads the record that a row's code names; false for a row that is new.
func (d *desk[T]) known(ctx context.Context, within org.Unit, code string, c record.Change) (ref id.Ref, t T, v record.Version, ok bool, err error) {
	if code == "" {
		return ref, t, v, false, nil
	}
	ref = id.Ref{Root: within.Root()}
	if ref.ID, err = d.byCode(ctx, within.Root(), code); err == nil {
		t, v, err = d.book.Get(ctx, ref)
	}
	if errs.Is(err, errs.NotFound) {
		return id.Ref{}, t, v, false, nil
	}
	if err == nil && v.Batch != 0 && v.Batch == c.Batch {
		var f errs.Fields
		f.Add("code", "meeting.code_twice", "Code", code)
		err = f.Err()
	}
	return ref, t, v, err == nil, err
}

// take writes one row: a code that is known corrects its meeting (empty cells keep what is there), any other row is new.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	ref, was, old, known, err := s.meetings.known(ctx, within, row["code"].Text, c)
	if err != nil {
		return "", "", err
	}
	m := was
	if !known || row["unit"].Set || row["unit_code"].Set {
		u, err := s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
		if err != nil {
			return "", "", err
		}
		m.Unit = u.ID
	}
	for key, to := range map[string]*string{"code": &m.Code, "kind": &m.Kind, "title": &m.Title, "time": &m.Time, "place": &m.Place, "host": &m.Host, "chair": &m.Chair, "note": &m.Note} {
		if row[key].Set {
			*to = row[key].Over(*to)
		}
	}
	if row["kind"].Set {
		if m.Kind, err = s.sortNamed(ctx, within, m.Kind); err != nil {
			return "", "", err
		}
	}
	if row["day"].Set {
		m.Day = clock.Day(row["day"].Text)
	}
	if row["agenda"].Set {
		m.Agenda = cellLines(row["agenda"].Text)
	}
	if row["people"].Set {
		if m.Seats, err = s.reseat(ctx, m, cellLines(row["people"].Text)); err != nil {
			return "", "", err
		}
	}
	if !known {
		ref, err := s.meetings.create(ctx, m, c)
		if err != nil {
			return "", "", err
		}
		m, _, err = s.meetings.book.Get(ctx, ref)
		return m.Code, record.Added, err
	}
	next := m.clean()
	if next.Joint, next.Above = was.Joint, was.Above; reflect.DeepEqual(next, was.clean()) {
		return was.Code, record.Same, nil
	}
	return was.Code, record.Changed, s.meetings.save(ctx, ref, old.N, m, c)
}

// sortNamed is the kind that a name in either language means.
func (s *Service) sortNamed(ctx context.Context, u org.Unit, name string) (string, error) {
	list, err := s.Sorts(ctx, u)
	for _, k := range list {
		if k.Name == name || k.En != "" && strings.EqualFold(k.En, name) {
			return k.Name, err
		}
	}
	return name, err
}

// reseat keeps what is known of people who stand in a cell again, and seats the others.
func (s *Service) reseat(ctx context.Context, m Meeting, lines []string) (out []Seat, err error) {
	u, err := s.rec.Home(ctx, m.Unit)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		line, came := cutCame(line)
		body, person, post := seatLine(line)
		x := Seat{Person: person, Post: post}
		for _, y := range m.Seats {
			if table.CleanText(y.Party.Name) == body && table.CleanText(y.Person) == person {
				if x = y; table.CleanText(y.Post) != post {
					x.Post = post
				}
			}
		}
		if x.Party.Name == "" {
			if x.Party, err = s.party(ctx, u, body, "people"); err != nil {
				return nil, err
			}
		}
		if came != "" {
			x.Came = came
		}
		out = append(out, x)
	}
	return out, nil
}

// cell is a seat as a cell says it. Tables drop spaces between Chinese words, so that commas stand there.
func (x Seat) cell() string {
	parts := []string{x.Party.Name, x.Person, x.Post}
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, "，")
}

// cameWords are how a cell says who came, in either language; they stand in round brackets behind a person.
var cameWords = map[string]string{"到会": "self", "代会": "deputy", "请假": "excused", "缺席": "away", "came": "self", "deputy": "deputy", "excused": "excused", "away": "away"}

func cutCame(line string) (string, string) {
	line = strings.NewReplacer("（", "(", "）", ")").Replace(strings.TrimSpace(line))
	if i := strings.LastIndex(line, "("); i > 0 && strings.HasSuffix(line, ")") {
		if came, ok := cameWords[strings.TrimSpace(line[i+1:len(line)-1])]; ok {
			return line[:i], came
		}
	}
	return line, ""
}

// export writes the meetings that a unit's subtree holds, in the order of the list.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	list, _, err := s.List(ctx, u, Filter{}, "", "", math.MaxInt32)
	if err != nil {
		return err
	}
	var ids, units []id.ID
	in := u.Range()
	for _, l := range list {
		if l.Pos >= in.From && l.Pos < in.To { // those to which it is invited are others' records
			ids, units = append(ids, l.ID), append(units, l.Unit)
		}
	}
	bodies, err := s.meetings.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	of, err := s.org.ByIDs(ctx, units)
	if err != nil {
		return err
	}
	for _, k := range ids {
		m := bodies[k]
		people := make([]string, len(m.Seats))
		for i, x := range m.Seats {
			people[i] = x.cell()
			if x.Came != "" {
				people[i] += i18n.T(ctx, "meeting.cell."+x.Came)
			}
		}
		at := of[m.Unit]
		if err := yield([]table.Value{table.OfText(m.Code), table.OfText(at.Code), table.OfText(at.Name), table.OfText(s.sort(ctx, m.Kind)), table.OfText(m.Title), table.OfDay(string(m.Day)), table.OfText(m.Time),
			table.OfText(m.Place), table.OfText(m.Host), table.OfText(m.Chair), table.OfText(strings.Join(m.Agenda, semicolon)), table.OfText(strings.Join(people, semicolon)), table.OfText(m.Note)}); err != nil {
			return err
		}
	}
	return nil
}

// takeDecision writes one row: a code that is known corrects its decision, any other row is new.
func (s *Service) takeDecision(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	ref, was, old, known, err := s.decisions.known(ctx, within, row["code"].Text, c)
	if err != nil {
		return "", "", err
	}
	d := was
	if !known || row["meeting"].Set {
		at, m, _, ok, err := s.meetings.known(ctx, within, row["meeting"].Text, record.Change{})
		if err != nil {
			return "", "", err
		}
		if !ok {
			var f errs.Fields
			f.Add("meeting", "meeting.meeting_unknown")
			return "", "", f.Err()
		}
		d.Unit, d.Meeting = m.Unit, at
	}
	if row["code"].Set {
		d.Code = row["code"].Text
	}
	if row["text"].Set {
		d.Text = row["text"].Over(d.Text)
	}
	for key, to := range map[string]*clock.Day{"due": &d.Due, "done_on": &d.DoneOn} {
		if row[key].Set {
			*to = clock.Day(row[key].Text)
		}
	}
	if row["evidence"].Set {
		d.Evidence.Text = row["evidence"].Over(d.Evidence.Text)
	}
	lead, assist := d.Lead.Name, d.helpers()
	if row["lead"].Set {
		lead = row["lead"].Text
	}
	if row["assist"].Set {
		assist = names(row["assist"].Text)
	}
	if lead != d.Lead.Name || !reflect.DeepEqual(assist, d.helpers()) {
		if err := s.name(ctx, &d, lead, assist); err != nil {
			return "", "", err
		}
	}
	if !known {
		ref, err := s.decisions.create(ctx, d, c)
		if err != nil {
			return "", "", err
		}
		d, _, err = s.decisions.book.Get(ctx, ref)
		return d.Code, record.Added, err
	}
	if reflect.DeepEqual(d.clean(), was.clean()) {
		return was.Code, record.Same, nil
	}
	return was.Code, record.Changed, s.decisions.save(ctx, ref, old.N, d, c)
}

// exportDecisions writes the decisions that a unit's subtree made, in the order of the list.
func (s *Service) exportDecisions(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	list, _, err := s.Decisions(ctx, u, DecisionFilter{}, "", "", math.MaxInt32)
	if err != nil {
		return err
	}
	var ids, of []id.ID
	in := u.Range()
	for _, l := range list {
		if l.Pos >= in.From && l.Pos < in.To {
			ids, of = append(ids, l.ID), append(of, l.Meeting)
		}
	}
	bodies, err := s.decisions.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	meetings, err := s.store.byIDsAcrossUnits(ctx, of)
	if err != nil {
		return err
	}
	codes := map[id.ID]string{}
	for _, m := range meetings {
		codes[m.ID] = m.Code
	}
	for _, k := range ids {
		d := bodies[k]
		if err := yield([]table.Value{table.OfText(d.Code), table.OfText(codes[d.Meeting.ID]), table.OfText(d.Text), table.OfText(d.Lead.Name), table.OfText(strings.Join(d.helpers(), semicolon)),
			table.OfDay(string(d.Due)), table.OfDay(string(d.DoneOn)), table.OfText(d.Evidence.Text)}); err != nil {
			return err
		}
	}
	return nil
}
