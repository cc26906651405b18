package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/table"
)

// FigureJSON is a figure's answer for programs: the pages' JSON and the command line print the same. Value is a whole
// number, money in fen; a share is in per cent with one decimal (58.0), null over nothing.
type FigureJSON struct {
	Code          string          `json:"code"`
	Name          string          `json:"name"`
	Value         json.RawMessage `json:"value"`
	UnitOfMeasure string          `json:"unit_of_measure"`
	Numerator     *int64          `json:"numerator"`
	Denominator   *int64          `json:"denominator"`
	Definition    string          `json:"definition"`
}

// FigureJSON answers a question for programs. It asks for no right: routes and the command line do.
func (s *Service) FigureJSON(ctx context.Context, q Query, lang string) (FigureJSON, error) {
	d, err := s.Figure(q.Figure)
	if err != nil {
		return FigureJSON{}, err
	}
	v, err := s.Ask(ctx, q)
	if err != nil {
		return FigureJSON{}, err
	}
	return figureJSON(d, v, lang), nil
}

func figureJSON(d Definition, v Value, lang string) FigureJSON {
	out := FigureJSON{Code: d.Code, Name: d.Name.In(lang), UnitOfMeasure: d.MeasureIn(lang), Numerator: v.Numerator, Denominator: v.Denominator,
		Definition: d.Sentence.In(lang), Value: json.RawMessage("null")}
	switch {
	case d.Unit == "fen":
		out.UnitOfMeasure = Words{Zh: "分", En: "fen"}.In(lang)
	case d.Unit == "minutes":
		out.UnitOfMeasure = Words{Zh: "分钟", En: "minutes"}.In(lang)
	}
	switch {
	case v.Amount == nil:
	case d.Unit == "percent":
		out.Value = json.RawMessage(fmt.Sprintf("%d.%d", *v.Amount/10, *v.Amount%10))
	default:
		out.Value = json.RawMessage(fmt.Sprintf("%d", *v.Amount))
	}
	return out
}

// FiguresJSON answers all figures of a unit from one snapshot; the figure named in q is ignored.
func (s *Service) FiguresJSON(ctx context.Context, q Query, lang string) ([]FigureJSON, error) {
	var out []FigureJSON
	err := s.snapshot(ctx, func(ctx context.Context) error {
		out = out[:0]
		for _, d := range s.Figures() {
			f, err := s.FigureJSON(ctx, q.of(d.Code), lang)
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

// EvidenceRow is one record of an exported list. Amount is 1 of counts and fen of money. Programs read the unit's external
// code, which no two units share; people read its name.
type EvidenceRow struct {
	Code   string    `json:"code"`
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	InUnit string    `json:"-"`
	Day    clock.Day `json:"day"`
	Amount int64     `json:"amount"`
}

// EvidenceRows is the whole list behind a figure, as every format writes it.
func (s *Service) EvidenceRows(ctx context.Context, q Query) ([]EvidenceRow, error) {
	list, err := s.Evidence(ctx, q, "", 0)
	if err != nil {
		return nil, err
	}
	out := make([]EvidenceRow, len(list.Items))
	for i, it := range list.Items {
		out[i] = EvidenceRow{Code: it.Code, Name: it.Name, Unit: it.UnitCode, InUnit: it.UnitName, Day: it.Day, Amount: it.Amount}
	}
	return out, nil
}

// WriteEvidence writes the list behind a figure: "json", "csv" (UTF-8 without a byte order mark, amounts of money in fen,
// as programs read it) or "xlsx" (money in yuan, as people read it). The rows are the same in every format.
func (s *Service) WriteEvidence(ctx context.Context, w io.Writer, q Query, format string) error {
	d, err := s.Figure(q.Figure)
	if err != nil {
		return err
	}
	rows, err := s.EvidenceRows(ctx, q)
	if err != nil {
		return err
	}
	cols := []table.Column{{Key: "code", Titles: []string{"code"}}, {Key: "name", Titles: []string{"name"}}, {Key: "unit", Titles: []string{"unit"}},
		{Key: "day", Titles: []string{"day"}, Kind: table.Day}, {Key: "amount", Titles: []string{"amount"}, Kind: table.Int}}
	amount, unit := table.OfInt, func(r EvidenceRow) string { return r.Unit }
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(rows)
	case table.CSV:
	case table.XLSX:
		for i, key := range []string{"ledger.code", "ledger.name", "ledger.unit", "ledger.day", "ledger.amount"} {
			cols[i].Titles = []string{i18n.T(ctx, key)}
		}
		unit = func(r EvidenceRow) string { return r.InUnit }
		if d.Unit == "fen" {
			cols[4].Kind, cols[4].Titles, amount = table.Money, []string{i18n.T(ctx, "ledger.amount_yuan")}, table.OfFen
		}
	default:
		return errs.New(errs.NotFound, "ledger.no_format")
	}
	return table.Write(w, format, table.Table{Title: d.Short.In(i18n.Lang(ctx)), Columns: cols,
		Rows: func(yield func([]table.Value, error) bool) {
			for _, r := range rows {
				if !yield([]table.Value{table.OfText(r.Code), table.OfText(r.Name), table.OfText(unit(r)), table.OfDay(string(r.Day)), amount(r.Amount)}, nil) {
					return
				}
			}
		}})
}
