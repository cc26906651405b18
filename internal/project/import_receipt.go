package project

import (
	"context"
	"math"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// receiptColumns are read in either language and written in the reader's. A row is one payment under one contract (R205).
var receiptColumns = []struct {
	key, zh, en string
	more        []string
	kind        table.Kind
	required    bool
	width       float64
}{
	{key: "number", zh: "合同号", en: "Contract no.", more: []string{"合同编号"}, required: true, width: 18},
	{key: "day", zh: "到账日期", en: "Received on", more: []string{"日期", "收款日期"}, kind: table.Day, required: true},
	{key: "amount", zh: "到账金额(元)", en: "Amount received (yuan)", more: []string{"到账金额", "金额(元)", "金额"}, kind: table.Money, required: true},
	{key: "from", zh: "付款单位", en: "Paid by", more: []string{"付款方"}, width: 20},
	{key: "document", zh: "凭证号", en: "Voucher", width: 14},
	{key: "note", zh: "备注", en: "Note", width: 20},
	{key: "code", zh: "系统编号", en: "Key", width: 14},
}

// receipts is the importer of money received. What was exported comes back without change by its keys; a row without a
// key that equals a payment on record, by all that it fills in, is that payment.
func (s *Service) receipts() *record.Importer {
	return &record.Importer{Kind: "receipt", Title: "project.receipts", Back: "/project", Current: "project", Columns: receiptImport, Take: s.takeReceipt, Export: s.exportReceipts}
}

func receiptImport(ctx context.Context) []table.Column {
	out := make([]table.Column, len(receiptColumns))
	for i, c := range receiptColumns {
		titles := append([]string{c.zh, c.en}, c.more...)
		if i18n.Lang(ctx) == "en" {
			titles[0], titles[1] = c.en, c.zh
		}
		out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Required: c.required, Width: c.width}
	}
	return out
}

// takeReceipt writes one row. A contract that the reader does not see, or that no unit of the table's unit reported, is
// as unknown as one that does not exist.
func (s *Service) takeReceipt(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	number := strings.TrimSpace(row["number"].Text)
	var f errs.Fields
	ref, contract, v, err := s.ByCode(ctx, within.Root(), number)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return number, "", err
	}
	if err == nil {
		var here bool
		if here, err = s.reportedIn(ctx, contract, within); err != nil {
			return number, "", err
		} else if !here {
			ref = id.Ref{}
		}
	}
	if ref.ID == 0 || v.N == 0 {
		f.Add("number", "project.number_unknown", "Number", number, "Within", within.Name)
		return number, "", f.Err()
	}
	r := Receipt{Day: clock.Day(row["day"].Text), AmountFen: row["amount"].Num, From: strings.TrimSpace(row["from"].Text), Document: strings.TrimSpace(row["document"].Text),
		Note: strings.TrimSpace(row["note"].Text)}
	if code := strings.TrimSpace(row["code"].Text); code != "" {
		if r.ID, err = id.Parse(code); err != nil {
			f.Add("code", "project.receipt_code_odd")
			return number, "", f.Err()
		}
	}
	if err := r.problems().Err(); err != nil {
		return number, "", err
	}
	list := slices.Clone(contract.Receipts)
	i := r.among(list)
	if i < 0 {
		contract.Receipts = append(list, r)
		return number, record.Added, s.save(ctx, ref, v.N, contract, c)
	}
	if r.ID == 0 && v.Batch != 0 && v.Batch == c.Batch {
		if twice, err := s.receiptOf(ctx, ref, c.Batch, list[i].ID); err != nil {
			return number, "", err
		} else if twice {
			f.Add("amount", "project.receipt_twice", "Number", number)
			return number, "", f.Err()
		}
	}
	was := list[i]
	r.From, r.Document, r.Note = row["from"].Over(was.From), row["document"].Over(was.Document), row["note"].Over(was.Note)
	if list[i] = r.over(was); list[i] == was {
		return number, record.Same, nil
	}
	contract.Receipts = list
	return number, record.Changed, s.save(ctx, ref, v.N, contract, c)
}

// reportedIn tells whether a unit of the subtree reported the contract.
func (s *Service) reportedIn(ctx context.Context, c Contract, within org.Unit) (bool, error) {
	for _, unit := range c.Units() {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return false, err
		}
		if (scope.Set{within.Range()}).Contains(u.Pos) {
			return true, nil
		}
	}
	return false, nil
}

// receiptOf tells whether a payment came with this very import: what stood before it did not have it.
func (s *Service) receiptOf(ctx context.Context, ref id.Ref, batch, receipt id.ID) (bool, error) {
	before, err := s.book.Before(ctx, ref, batch)
	if errs.Is(err, errs.NotFound) {
		return true, nil
	}
	return !slices.ContainsFunc(before.Receipts, func(r Receipt) bool { return r.ID == receipt }), err
}

// exportReceipts writes the payments of the contracts that a unit of the subtree reported, as takeReceipt would read them.
func (s *Service) exportReceipts(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
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
	for _, k := range ids {
		for _, r := range all[k].Receipts {
			row := []table.Value{table.OfText(all[k].Number), table.OfDay(string(r.Day)), table.OfFen(r.AmountFen), table.OfText(r.From), table.OfText(r.Document),
				table.OfText(r.Note), table.OfText(r.ID.String())}
			if err := yield(row); err != nil {
				return err
			}
		}
	}
	return nil
}
