package record

import (
	"context"
	"net/http"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// dateField is what the names of the inputs about days begin with; the key of the answer follows.
const dateField = "dates."

// dateInputs are the questions about doubtful days as inputs of a form, with an example of each answer.
func dateInputs(ctx context.Context, list []DateQuestion) []ui.Input {
	var out []ui.Input
	for _, q := range list {
		key := "record.dates_" + string(q.Doubt)
		in := ui.Input{Kind: ui.KindRadio, Name: dateField + q.Key, Value: q.Answer, Label: i18n.T(ctx, key, "Column", q.Column, "Cell", q.Cell),
			Hint: i18n.T(ctx, "record.dates_rows", "N", q.Rows, "Line", q.Line, "Cell", q.Cell)}
		for _, a := range q.Offers {
			text := key + "_" + a
			if len(q.Doubt.Answers()) == 0 {
				text = key + "_is"
			}
			in.Options = append(in.Options, ui.Option{Value: a, Text: i18n.T(ctx, text, "Answer", a)})
		}
		out = append(out, in)
	}
	return out
}

// answered is what a program is told after it answered: what is still asked, and what taking the table would do.
type answered struct {
	New     int        `json:"new"`
	Changed int        `json:"changed"`
	Same    int        `json:"same"`
	Bad     int        `json:"bad"`
	Dates   []question `json:"dates"`
}

type question struct {
	Key    string   `json:"key"`
	Column string   `json:"column"`
	Line   int      `json:"line"`
	Cell   string   `json:"cell"`
	Rows   int      `json:"rows"`
	Offers []string `json:"offers"`
	Answer string   `json:"answer"`
}

// answerJSON takes the answers of a program, {"year.founded_on": "2018"}.
func (s *Service) answerJSON(w http.ResponseWriter, r *http.Request) error {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	var dates Dates
	if err := web.ReadJSON(w, r, &dates); err != nil {
		return err
	}
	if err := s.Answer(r.Context(), ref, dates); err != nil {
		return err
	}
	p, err := s.Import(r.Context(), ref)
	if err != nil {
		return err
	}
	out := answered{New: p.Count(Added), Changed: p.Count(Changed), Same: p.Count(Same), Bad: p.Bad, Dates: []question{}}
	for _, q := range p.Dates {
		out.Dates = append(out.Dates, question{q.Key, q.Column, q.Line, q.Cell, q.Rows, q.Offers, q.Answer})
	}
	return web.JSON(w, http.StatusOK, out)
}

func (s *Service) answerBatch(w http.ResponseWriter, r *http.Request) error {
	if web.WantsJSON(r) {
		return s.answerJSON(w, r)
	}
	return s.batchAct(w, r, func(ctx context.Context, ref id.Ref, f *web.Form) (string, error) {
		dates := Dates{}
		for name := range f.Values {
			if key, ok := strings.CutPrefix(name, dateField); ok {
				dates[key] = f.Text(name)
			}
		}
		return "/batch/" + ref.String(), s.Answer(ctx, ref, dates)
	})
}
