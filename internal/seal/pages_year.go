package seal

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/docx"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// yearAsked reads which unit and year are asked for; without one the last that has ended.
func (s *Service) yearAsked(r *http.Request) (Year, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return Year{}, err
	}
	year := clock.Today(r.Context()).Year()
	if q := r.URL.Query().Get("year"); q != "" {
		if year, err = strconv.Atoi(q); err != nil {
			return Year{}, web.NotFound(r)
		}
	}
	return s.Year(r.Context(), u, year)
}

// yearParts are the parts of the yearly report, for the page and for the document alike.
func (s *Service) yearParts(ctx context.Context, y Year) []part {
	n := func(x int64) ui.Cell { return ui.Text(ui.Number(x)) }
	kinds := ui.Table{Caption: tr(ctx, "seal.year_kinds"), Columns: []ui.Column{{Text: tr(ctx, "seal.what")}, {Text: tr(ctx, "seal.year_entered"), Label: true, Right: true}, {Text: tr(ctx, "seal.year_live"), Label: true, Right: true},
		{Text: tr(ctx, "seal.year_erased"), Label: true, Right: true}, {Text: tr(ctx, "seal.year_expired"), Label: true, Right: true}, {Text: tr(ctx, "seal.year_consented"), Label: true, Right: true},
		{Text: tr(ctx, "seal.year_withdrawn"), Label: true, Right: true}, {Text: tr(ctx, "seal.year_refused"), Label: true, Right: true}, {Text: tr(ctx, "seal.f.keep"), Label: true, Right: true}}}
	for _, k := range y.Kinds {
		keep := tr(ctx, "seal.as_record")
		if k.Keep > 0 {
			keep = daysText(ctx, k.Keep)
		}
		kinds.Rows = append(kinds.Rows, ui.Row{ID: k.Kind, Cells: []ui.Cell{ui.Text(s.Label(ctx, k.Kind)), n(k.Entered), n(k.Live), n(k.Erased), n(k.Expired), n(k.Consented), n(k.Withdrawn), n(k.Refused), ui.Text(keep)}})
	}
	acts := ui.Table{Caption: tr(ctx, "seal.year_acts"), Columns: []ui.Column{{Text: tr(ctx, "seal.did_what")}, {Text: tr(ctx, "seal.year_done"), Label: true, Right: true}, {Text: tr(ctx, "seal.refused"), Label: true, Right: true}}}
	for _, a := range y.Acts {
		acts.Rows = append(acts.Rows, ui.Row{ID: a.Act, Cells: []ui.Cell{ui.Text(tr(ctx, a.Act)), n(a.Done), n(a.Refused)}})
	}
	wishes := ui.Table{Caption: tr(ctx, "seal.wishes"), Columns: []ui.Column{{Text: tr(ctx, "seal.f.kind")}, {Text: tr(ctx, "seal.year_received"), Label: true, Right: true}, {Text: tr(ctx, "seal.year_answered"), Label: true, Right: true}, {Text: tr(ctx, "seal.wish_late"), Label: true, Right: true}}}
	for _, x := range y.Wishes {
		wishes.Rows = append(wishes.Rows, ui.Row{ID: x.Kind, Cells: []ui.Cell{ui.Text(tr(ctx, "seal.wish."+x.Kind)), n(x.Received), n(x.Answered), n(x.Late)}})
	}
	how := part{ID: "how", Title: tr(ctx, "seal.year_how"), Words: []string{tr(ctx, "seal.year_how_access"), tr(ctx, "seal.year_how_log"), tr(ctx, "seal.year_how_keys"), tr(ctx, "seal.year_how_consent"), tr(ctx, "seal.year_how_erase")}}
	proof := part{ID: "proof", Title: tr(ctx, "seal.year_proof"), Lead: tr(ctx, "seal.year_proof_lead"), Facts: []ui.Fact{{Label: tr(ctx, "seal.year_rows"), Text: ui.Number(y.Log.Size)}, {Label: tr(ctx, "seal.year_head"), Text: y.Log.String()}}}
	if y.Watched.At > 0 {
		proof.Facts = append(proof.Facts, ui.Fact{Label: tr(ctx, "seal.year_watched"), Text: tr(ctx, "seal.year_watched_at", "Time", minute(y.Watched.At), "N", y.Watched.Checked)})
	}
	if y.Damaged > 0 {
		proof.Words = append(proof.Words, tr(ctx, "seal.year_damaged", "N", y.Damaged))
	}
	if y.Log.At > 0 {
		proof.Facts = append(proof.Facts, ui.Fact{Label: tr(ctx, "seal.when"), Text: minute(y.Log.At)})
	}
	if y.Keys != nil {
		proof.Facts = append(proof.Facts, ui.Fact{Label: tr(ctx, "seal.f.suite"), Text: tr(ctx, "seal.suite."+string(y.Keys.Suite))})
	}
	none := tr(ctx, "seal.year_none")
	return []part{{ID: "kinds", Title: tr(ctx, "seal.year_kinds"), Lead: tr(ctx, "seal.year_kinds_lead", "Grants", ui.Number(y.Grants)), Table: &kinds, Empty: none},
		{ID: "acts", Title: tr(ctx, "seal.year_acts"), Lead: tr(ctx, "seal.year_acts_lead"), Table: &acts, Empty: none},
		{ID: "wishes", Title: tr(ctx, "seal.wishes"), Lead: tr(ctx, "seal.wishes_lead", "N", wishDays), Table: &wishes, Empty: none}, how, proof}
}

func yearTitle(ctx context.Context, y Year) (title, under string) {
	under = tr(ctx, "seal.year_own", "Unit", y.Unit.Name)
	if y.Subtree {
		under = tr(ctx, "seal.year_below", "Unit", y.Unit.Name)
	}
	return tr(ctx, "seal.year", "Year", strconv.Itoa(y.From.Year())), under
}

func (s *Service) yearPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	y, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	title, under := yearTitle(ctx, y)
	at := func(path string, year int) string {
		return path + "?" + url.Values{"unit": {y.Unit.ID.String()}, "year": {strconv.Itoa(year)}}.Encode()
	}
	v := sheet{Heading: ui.Heading{Title: title, Under: under}, Lead: tr(ctx, "seal.year_lead", "From", i18n.Day(ctx, y.From), "To", i18n.Day(ctx, y.To)), Parts: s.yearParts(ctx, y),
		Top: []ui.Button{{Text: tr(ctx, "seal.do.docx"), Href: at("/seal/year.docx", y.From.Year()), Main: true}, {Text: tr(ctx, "seal.year_before"), Href: at("/seal/year", y.From.Year()-1)}}}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: y.Unit.Name, Href: "/unit/" + y.Unit.ID.String()}, {Text: tr(ctx, "seal.kept"), Href: "/seal?unit=" + y.Unit.ID.String()}, {Text: title}}}, sheetTempl(v))
}

// yearDocx is the same as a document that can be handed in.
func (s *Service) yearDocx(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	y, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	title, under := yearTitle(ctx, y)
	d := docx.New(docx.Meta{Title: title, Author: y.Unit.Name, Created: y.To.Time()})
	d.Title(title)
	d.Byline(under)
	d.DateLine(tr(ctx, "seal.year_lead", "From", i18n.Day(ctx, y.From), "To", i18n.Day(ctx, y.To)))
	for _, p := range s.yearParts(ctx, y) {
		d.Heading(1, p.Title)
		for _, x := range append([]string{p.Lead}, p.Words...) {
			if x != "" {
				d.Para(docx.Text(x))
			}
		}
		for _, f := range p.Facts {
			d.Labelled(f.Label+tr(ctx, "seal.colon"), f.Text)
		}
		switch {
		case p.Table == nil:
		case len(p.Table.Rows) == 0:
			d.Para(docx.Text(p.Empty))
		default:
			t := docx.Table{}
			for i, c := range p.Table.Columns {
				t.Header = append(t.Header, c.Text)
				t.Right = append(t.Right, c.Right)
				if t.Widths = append(t.Widths, 2); i == 0 {
					t.Widths[0] = 4
				}
			}
			for _, row := range p.Table.Rows {
				var line []string
				for _, c := range row.Cells {
					line = append(line, c.Text)
				}
				t.Rows = append(t.Rows, line)
			}
			d.Table(t)
		}
	}
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return err
	}
	return send(w, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", title+"-"+y.Unit.Name+".docx", out.Bytes())
}

// apiYear answers the numbers of a year.
func (s *Service) apiYear(w http.ResponseWriter, r *http.Request) error {
	y, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	type kind struct {
		Kind      string `json:"kind"`
		Entered   int64  `json:"entered"`
		Live      int64  `json:"live"`
		Erased    int64  `json:"erased"`
		Expired   int64  `json:"expired"`
		Consented int64  `json:"consented"`
		Withdrawn int64  `json:"withdrawn"`
		Refused   int64  `json:"refused"`
		Keep      int64  `json:"keep_days"`
	}
	type wish struct {
		Kind     string `json:"kind"`
		Received int64  `json:"received"`
		Answered int64  `json:"answered"`
		Late     int64  `json:"late"`
	}
	type act struct {
		Act     string `json:"act"`
		Done    int64  `json:"done"`
		Refused int64  `json:"refused"`
	}
	out := struct {
		Unit    string    `json:"unit"`
		Subtree bool      `json:"subtree"`
		From    clock.Day `json:"from"`
		To      clock.Day `json:"to"`
		Kinds   []kind    `json:"kinds"`
		Acts    []act     `json:"acts"`
		Wishes  []wish    `json:"wishes"`
		Grants  int64     `json:"grants"`
		Log     string    `json:"log_head"`
		At      string    `json:"at"` // RFC 3339, Asia/Shanghai
	}{y.Unit.ID.String(), y.Subtree, y.From, y.To, []kind{}, []act{}, []wish{}, y.Grants, fmt.Sprintf("%d %s", y.Log.Size, y.Log.Hash), clock.Now(r.Context()).In(clock.Shanghai).Format(time.RFC3339)}
	for _, k := range y.Kinds {
		out.Kinds = append(out.Kinds, kind(k))
	}
	for _, x := range y.Wishes {
		out.Wishes = append(out.Wishes, wish(x))
	}
	for _, a := range y.Acts {
		out.Acts = append(out.Acts, act{a.Act, a.Done, a.Refused})
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, out)
}

// apiWishes answers what was asked of a unit, without names.
func (s *Service) apiWishes(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.WishesOf(r.Context(), u)
	if err != nil {
		return err
	}
	type wish struct {
		Ref string `json:"ref"`
		Wish
	}
	out := struct {
		Wishes []wish `json:"wishes"`
	}{[]wish{}}
	for _, x := range list {
		out.Wishes = append(out.Wishes, wish{x.Ref().String(), x})
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, out)
}
