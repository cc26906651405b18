package coord

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// importer takes notices from a table, one line each; what was exported comes in again without change. What has no column
// (obligations, fields, points, files, a rule, named recipients) stays as it is.
func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "coord.heading", Back: "/notice", Current: "notice", Columns: columnsOf, Take: s.take, Export: s.export}
}

var kindTitles = map[string]string{"notice": "通知", "task": "任务", "policy": "文件"}

func choices(keys []string) []table.Option {
	var out []table.Option
	for _, k := range keys {
		out = append(out, table.Option{Key: k, Titles: []string{kindTitles[k], k}})
	}
	return out
}

func columnsOf(context.Context) []table.Column {
	return []table.Column{
		{Key: "unit_code", Titles: []string{"发文单位代码", "单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"发文单位", "单位", "Unit", "unit"}},
		{Key: "code", Titles: []string{"编号", "代码", "Code", "code"}},
		{Key: "kind", Titles: []string{"类型", "Kind", "kind"}, Kind: table.Choice, Choices: choices(Kinds), Required: true},
		{Key: "title", Titles: []string{"标题", "名称", "Title", "title"}, Required: true},
		{Key: "urgency", Titles: []string{"紧急程度", "Urgency", "urgency"}, Kind: table.Choice, Choices: []table.Option{{Key: Urgencies[0], Titles: []string{"加急", Urgencies[0]}}, {Key: Urgencies[1], Titles: []string{"特急", Urgencies[1]}}}},
		{Key: "document", Titles: []string{"文号", "Document number", "document"}},
		{Key: "from", Titles: []string{"生效日期", "In force from", "from"}, Kind: table.Day},
		{Key: "until", Titles: []string{"有效期至", "In force until", "until"}, Kind: table.Day},
		{Key: "due", Titles: []string{"反馈截止", "Due", "due"}, Kind: table.Day},
		{Key: "levels", Titles: []string{"发到层级", "Levels", "levels"}},
		{Key: "kinds", Titles: []string{"乡镇类别", "Township kinds", "kinds"}},
		{Key: "issuers", Titles: []string{"共同发文单位代码", "Issued with", "issuers"}},
		{Key: "bodies", Titles: []string{"共同发文部门", "Other bodies", "bodies"}},
		{Key: "copies", Titles: []string{"抄送", "Copies to", "copies"}},
		{Key: "issued_on", Titles: []string{"发出日期", "Issued on", "issued_on"}, Kind: table.Day},
		{Key: "text", Titles: []string{"正文", "Text", "text"}},
	}
}

// take writes one line: a notice of a known code at its lead is corrected, any other is new.
func (s *Service) take(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	lead, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	var ref id.Ref
	var was Notice
	var v record.Version
	if code := row["code"].Text; code != "" {
		list, err := s.store.byCode(ctx, lead.Root(), lead.ID, code)
		if err != nil {
			return code, "", err
		}
		if len(list) > 0 {
			ref = list[0].ref()
			if was, v, err = s.Notice(ctx, ref); err != nil {
				return "", "", err
			}
			cells, err := s.cells(ctx, was)
			if err != nil {
				return "", "", err
			}
			row = record.Kept(row, columnsOf(ctx), cells)
		}
	}
	n, err := s.merge(ctx, was, lead, row)
	if err != nil {
		return "", "", err
	}
	if ref.ID == 0 {
		if ref, err = s.Create(ctx, n, ch); err != nil {
			return "", "", err
		}
		n, _, err = s.Notice(ctx, ref)
		return n.Code, record.Added, err
	}
	n.clean()
	was.clean()
	if reflect.DeepEqual(n, was) {
		return n.Code, record.Same, nil
	}
	return n.Code, record.Changed, s.Save(ctx, ref, v.N, n, ch)
}

func (s *Service) merge(ctx context.Context, was Notice, lead org.Unit, row map[string]table.Value) (Notice, error) {
	n := was
	var f errs.Fields
	day := func(key string) clock.Day { return clock.Day(row[key].Text) }
	n.Unit, n.Code, n.Kind = lead.ID, row["code"].Text, row["kind"].Text
	n.Title, n.Document, n.Text = row["title"].Over(was.Title), row["document"].Over(was.Document), row["text"].Over(was.Text)
	n.Urgency = row["urgency"].Text
	n.From, n.Until, n.Due = day("from"), day("until"), day("due")
	if n.IssuedOn == clock.Open {
		n.IssuedOn = day("issued_on")
	}
	if listed := strings.Join(was.Bodies, "、"); row["bodies"].Over(listed) != listed { // a name may hold the sign between names
		n.Bodies = table.Several(row["bodies"].Text)
	}
	if listed := strings.Join(was.Copies, "、"); row["copies"].Over(listed) != listed {
		n.Copies = table.Several(row["copies"].Text)
	}
	var levels []org.Level
	for _, word := range table.Several(row["levels"].Text) {
		if l, ok := org.LevelNamed(word); ok {
			levels = append(levels, l)
		} else {
			f.Add("levels", "coord.level_unknown", "Name", word)
		}
	}
	var kinds []org.Kind
	for _, word := range table.Several(row["kinds"].Text) {
		if k, ok := org.TownKindNamed(word); ok {
			kinds = append(kinds, k)
		} else {
			f.Add("kinds", "coord.town_kind_unknown", "Name", word)
		}
	}
	if kinds = slices.Compact(slices.Sorted(slices.Values(kinds))); !slices.Equal(ordered(levels), was.Targets.Levels) || !slices.Equal(kinds, was.Targets.Kinds) {
		n.Targets = Targets{Levels: levels, Kinds: kinds}
	}
	joined := map[id.ID]clock.Day{}
	for _, i := range was.Issuers {
		joined[i.Unit] = i.JoinedOn
	}
	n.Issuers = nil
	for _, code := range table.Several(row["issuers"].Text) {
		u, err := s.org.ByCode(ctx, code)
		if errs.Is(err, errs.NotFound) {
			f.Add("issuers", "coord.unit_unknown", "Name", code)
			continue
		}
		if err != nil {
			return n, err
		}
		n.Issuers = append(n.Issuers, dispatch.Issuer{Unit: u.ID, JoinedOn: joined[u.ID]})
	}
	return n, f.Err()
}

// export writes the notices issued by a unit and those below it.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	for _, below := range []bool{false, true} {
		for after := ""; ; {
			list, next, err := s.List(ctx, u, clock.Today(ctx), Filter{Below: below, After: after, Limit: 100})
			if err != nil {
				return err
			}
			for _, l := range list {
				if !below && l.Unit != u.ID {
					continue
				}
				n, _, err := s.Notice(ctx, l.Ref)
				if err != nil {
					return err
				}
				cells, err := s.cells(ctx, n)
				if err != nil {
					return err
				}
				if err := yield(cells); err != nil {
					return err
				}
			}
			if after = next; next == "" {
				break
			}
		}
	}
	return nil
}

func textOf(words []string) table.Value { return table.OfText(strings.Join(words, "、")) }

func dayOf(d clock.Day) table.Value { return table.OfDay(string(d)) }

func (s *Service) cells(ctx context.Context, n Notice) ([]table.Value, error) {
	us, err := s.org.ByIDs(ctx, n.Units())
	if err != nil {
		return nil, err
	}
	lead := us[n.Unit]
	var levels, kinds, issuers []string
	for _, l := range n.Targets.Levels {
		levels = append(levels, l.Word())
	}
	for _, k := range n.Targets.Kinds {
		kinds = append(kinds, k.Word())
	}
	for _, i := range n.Issuers {
		issuers = append(issuers, us[i.Unit].Code)
	}
	return []table.Value{table.OfText(lead.Code), table.OfText(lead.Name), table.OfText(n.Code), table.OfChoice(n.Kind), table.OfText(n.Title), table.OfChoice(n.Urgency), table.OfText(n.Document),
		dayOf(n.From), dayOf(n.Until), dayOf(n.Due), textOf(levels), textOf(kinds), textOf(issuers), textOf(n.Bodies), textOf(n.Copies), dayOf(n.IssuedOn), table.OfText(n.Text)}, nil
}

// boardColumns are those of the table of a notice's recipients: a column for each field, whoever answers it.
func boardColumns(ctx context.Context, n Notice) []table.Column {
	t := func(key string) []string { return []string{i18n.T(ctx, key)} }
	out := []table.Column{{Key: "unit_code", Titles: t("coord.unit_code")}, {Key: "unit", Titles: t("coord.unit")}, {Key: "state", Titles: t("coord.state_of")},
		{Key: "due", Titles: t("coord.due"), Kind: table.Day}, {Key: "received_on", Titles: t("coord.received_on"), Kind: table.Day}, {Key: "received_by", Titles: t("coord.received_by")},
		{Key: "done_on", Titles: t("coord.done_on"), Kind: table.Day}, {Key: "report", Titles: t("coord.report")}, {Key: "question", Titles: t("coord.question")}}
	for _, x := range n.Fields {
		out = append(out, table.Column{Key: fieldName(x.No), Titles: []string{x.Label}})
	}
	return out
}

// recipientRows are all recipients of a notice within a unit as lines of a table, with what each has done.
func (s *Service) recipientRows(ctx context.Context, ref id.Ref, n Notice, u org.Unit) (out [][]table.Value, err error) {
	r, err := s.reaching(ctx, ref, n, u, clock.Today(ctx), scope.From(ctx).ViewSet)
	if err != nil || n.IssuedOn == clock.Open {
		return nil, err
	}
	for from := int64(-1); ; {
		p, err := s.page(ctx, r, n, "", from, 500)
		if err != nil || len(p.Lines) == 0 {
			return out, err
		}
		var ids []id.ID
		for _, l := range p.Lines {
			ids = append(ids, l.reply)
		}
		bodies, err := s.replies.Bodies(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, l := range p.Lines {
			x := bodies[l.reply]
			line := []table.Value{table.OfText(l.Code), table.OfText(l.Name), table.OfText(stateText(ctx, l.State)), dayOf(l.Due), dayOf(x.ReceivedOn), table.OfText(x.ReceivedBy),
				dayOf(x.DoneOn), table.OfText(x.Text), table.OfText(x.Question)}
			for _, f := range n.Fields {
				cell := table.OfText(answerOf(x, f.No))
				if f.Figure != "" {
					if cell, err = s.boundCell(ctx, n, f, l.Unit); err != nil {
						return nil, err
					}
				}
				line = append(line, cell)
			}
			out = append(out, line)
		}
		if from = p.Lines[len(p.Lines)-1].pos; p.Next == "" {
			return out, nil
		}
	}
}

func (s *Service) boundCell(ctx context.Context, n Notice, x Field, unit id.ID) (table.Value, error) {
	def, err := s.ledger.Figure(x.Figure)
	if err != nil {
		return table.Value{}, err
	}
	v, err := s.ledger.Ask(ctx, s.asks(ctx, n, x, unit))
	text, unitWord := ledger.Number(ctx, def, v.Amount)
	return table.OfText(text + unitWord), err
}

func answerOf(r Reply, no int) string {
	for _, a := range r.Answers {
		if a.No == no {
			return a.Text
		}
	}
	return ""
}
