package project

import (
	"context"
	"math"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// columns are read in either language and written in the reader's. A row is one version as one unit reported it.
var columns = []struct {
	key, zh, en string
	more        []string
	kind        table.Kind
	required    bool
	width       float64
}{
	{key: "number", zh: "合同号", en: "Contract no.", more: []string{"合同编号"}, required: true, width: 18},
	{key: "title", zh: "名称", en: "Name", more: []string{"项目名称"}, width: 26},
	{key: "kind", zh: "类别", en: "Kind", kind: table.Choice, required: true},
	{key: "unit_code", zh: "单位代码", en: "Unit code", width: 14},
	{key: "unit", zh: "单位", en: "Unit", more: []string{"上报单位"}, width: 16},
	{key: "signed_on", zh: "签订日期", en: "Signed on", more: []string{"签约日期"}, kind: table.Day, required: true},
	{key: "amount", zh: "金额(元)", en: "Amount (yuan)", more: []string{"合同金额"}, kind: table.Money, required: true},
	{key: "status", zh: "状态", en: "Status", kind: table.Choice},
	{key: "version", zh: "版本", en: "Version", kind: table.Int},
	{key: "purchaser", zh: "购买方", en: "Purchaser", width: 20},
	{key: "provider", zh: "承接方", en: "Provider", width: 20},
	{key: "audience", zh: "服务对象", en: "For whom", width: 14},
	{key: "served_by", zh: "服务到期", en: "Service ends", kind: table.Day},
	{key: "reported_on", zh: "上报日期", en: "Reported on", kind: table.Day},
	{key: "reason", zh: "变更原因", en: "Reason of change", width: 20},
	{key: "code", zh: "编号", en: "Code", width: 14},
	{key: "note", zh: "备注", en: "Note", width: 20},
}

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: "project", Title: "project.title", Back: "/project", Columns: importColumns, Take: s.take, Export: s.export}
}

func importColumns(ctx context.Context) []table.Column {
	out := make([]table.Column, len(columns))
	for i, c := range columns {
		titles := append([]string{c.zh, c.en}, c.more...)
		if i18n.Lang(ctx) == "en" {
			titles[0], titles[1] = c.en, c.zh
		}
		out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Required: c.required, Width: c.width}
		switch c.key {
		case "kind":
			out[i].Choices = []table.Option{
				{Key: string(GovPurchase), Titles: []string{kindName(ctx, GovPurchase), "政府购买服务", "政府购买", "政府购买服务项目", "gov_purchase"}},
				{Key: string(Venture), Titles: []string{kindName(ctx, Venture), "公益创投", "公益创授", "公益创投项目", "公益创授项目", "venture"}},
			}
		case "status":
			out[i].Choices = []table.Option{
				{Key: string(Signed), Titles: []string{i18n.T(ctx, "project.status.signed"), "已签", "已签订", "有效", "signed"}},
				{Key: string(Void), Titles: []string{i18n.T(ctx, "project.status.void"), "作废", "已作废", "void"}},
			}
		}
	}
	return out
}

// take writes one row. The same number from another unit, or with a higher version, joins the contract; the same unit
// and version twice in one table is a slip.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	e := Entry{Number: row["number"].Text, Title: row["title"].Text, Purchaser: row["purchaser"].Text, Provider: row["provider"].Text,
		Audience: row["audience"].Text, ServedBy: clock.Day(row["served_by"].Text), Note: row["note"].Text,
		Report: Report{Code: row["code"].Text, Unit: u.ID, Version: row["version"].Num, Kind: Kind(row["kind"].Text), SignedOn: clock.Day(row["signed_on"].Text),
			AmountFen: row["amount"].Num, Status: Status(row["status"].Text), ReportedOn: clock.Day(row["reported_on"].Text), Reason: row["reason"].Text}}.clean()
	if row["version"].Set && row["version"].Num < 1 {
		var f errs.Fields
		f.Add("version", "project.version_odd")
		return "", "", f.Err()
	}
	if known, err := s.AcrossUnitsByNumber(ctx, u.Root(), e.Number); err == nil {
		was, v, err := s.asKept(ctx, known.Ref())
		if err != nil {
			return "", "", err
		}
		e = e.over(was, row)
		if i := was.place(e.Report); i >= 0 && v.Batch != 0 && v.Batch == c.Batch {
			if twice, err := s.inBatch(ctx, known.Ref(), c.Batch, was.Reports[i]); err != nil {
				return "", "", err
			} else if twice {
				var f errs.Fields
				f.Add("number", "project.row_twice", "Number", e.Number, "Version", e.Version)
				return "", "", f.Err()
			}
		}
	} else if !errs.Is(err, errs.NotFound) {
		return "", "", err
	}
	got, err := s.report(ctx, e, c)
	return e.Number, got.Outcome, err
}

// over keeps of the words on record what a table would read as the same, with its spaces.
func (e Entry) over(was Contract, row map[string]table.Value) Entry {
	e.Title, e.Purchaser, e.Provider = row["title"].Over(was.Title), row["purchaser"].Over(was.Purchaser), row["provider"].Over(was.Provider)
	e.Audience, e.Note = row["audience"].Over(was.Audience), row["note"].Over(was.Note)
	if i := was.place(e.Report); i >= 0 {
		e.Code, e.Reason = row["code"].Over(was.Reports[i].Code), row["reason"].Over(was.Reports[i].Reason)
	}
	return e
}

// inBatch tells whether a report came with this very import: what stood before it did not have it, or had it otherwise.
func (s *Service) inBatch(ctx context.Context, ref id.Ref, batch id.ID, r Report) (bool, error) {
	before, err := s.book.Before(ctx, ref, batch)
	if errs.Is(err, errs.NotFound) {
		return true, nil
	}
	return !slices.Contains(before.Reports, r), err
}

// export writes one row for each report of a unit of the subtree, in the order of signing.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	p, err := s.List(ctx, u, Filter{}, "", "", math.MaxInt32)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(p.Contracts))
	for i, l := range p.Contracts {
		ids[i] = l.ID
	}
	all, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	seen, in := scope.From(ctx).ViewSet, u.Range()
	for _, k := range ids {
		c := all[k]
		units, err := s.org.ByIDs(ctx, c.Units())
		if err != nil {
			return err
		}
		for _, r := range c.Reports {
			at := units[r.Unit]
			if at.Pos < in.From || at.Pos >= in.To || !seen.Contains(at.Pos) {
				continue
			}
			cells := map[string]table.Value{
				"number": table.OfText(c.Number), "title": table.OfText(c.Title), "kind": table.OfChoice(string(r.Kind)), "unit_code": table.OfText(at.Code),
				"unit": table.OfText(at.Name), "signed_on": table.OfDay(string(r.SignedOn)), "amount": table.OfFen(r.AmountFen), "status": table.OfChoice(string(r.Status)),
				"version": table.OfInt(r.Version), "purchaser": table.OfText(c.Purchaser), "provider": table.OfText(c.Provider), "audience": table.OfText(c.Audience),
				"served_by": table.OfDay(string(c.ServedBy)), "reported_on": table.OfDay(string(r.ReportedOn)), "reason": table.OfText(r.Reason),
				"code": table.OfText(r.Code), "note": table.OfText(c.Note),
			}
			row := make([]table.Value, len(columns))
			for i, col := range columns {
				row[i] = cells[col.key]
			}
			if err := yield(row); err != nil {
				return err
			}
		}
	}
	return nil
}
