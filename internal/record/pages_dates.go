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

func (s *Service) answerBatch(w http.ResponseWriter, r *http.Request) error {
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
