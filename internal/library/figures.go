package library

import (
	"context"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// source publishes the documents to the ledger.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "文库文件", En: "library document"},
		Fields: map[string]any{"category": "", "format": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.idsOf(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.describedAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: numbered(l.No), Name: l.Title, Unit: l.Unit, Href: Path(l.No)}
			}
			return out, nil
		},
	}
}

// rows publishes a document that is issued, from the day on which it was. Drafts and what was withdrawn do not count, nor does a title
// without its document.
func rows(ref id.Ref, v Document) ledger.Record {
	out := ledger.Record{Ref: ref}
	if v.State == Issued && !v.TitleOnly() {
		out.Rows = []ledger.Row{{Type: Kind, From: v.Issued, To: clock.Open, Units: []id.ID{v.Unit}, Attrs: map[string]any{"category": v.Category, "format": v.File.Kind}}}
	}
	return out
}

// facts says a document in words for its history.
func (s *Service) facts(ctx context.Context, v Document) []record.Fact {
	tr := func(k string) string { return i18n.T(ctx, k) }
	unit, year, yes, category := "", "", "", v.Category
	if t, err := s.categories(ctx); err == nil {
		category = t.Name(ctx, v.Category)
	}
	if u, err := s.org.Unit(ctx, v.Unit); err == nil {
		unit = u.Name
	}
	if v.Year != 0 {
		year = numbered(int64(v.Year))
	}
	if v.ViewOnly {
		yes = tr("library.view_only_yes")
	}
	approved := ""
	if v.approved() {
		approved = i18n.T(ctx, "library.approved_line", "Day", i18n.Day(ctx, v.Approval.On), "By", v.Approval.By)
	}
	spoke := ""
	if v.Speaker.Person != "" {
		spoke = joined(ctx, []string{i18n.Day(ctx, v.Speaker.On), v.Speaker.Person})
		if u, err := s.org.AsOf(ctx, v.Speaker.Unit, v.Speaker.On); err == nil {
			spoke = joined(ctx, []string{spoke, u.Name})
		}
	}
	project := ""
	if p, err := s.projectNamed(ctx, v.Project); err == nil {
		project = p.Title
	}
	return []record.Fact{
		{Key: "library.no", Text: numbered(v.No)}, {Key: "library.unit", Text: unit}, {Key: "library.name", Text: v.Title}, {Key: "library.category", Text: category},
		{Key: "library.year", Text: year}, {Key: "library.summary", Text: v.Summary}, {Key: "library.source", Text: v.Source}, {Key: "library.visible", Text: circle(ctx, v.Visible)},
		{Key: "library.view_only", Text: yes}, {Key: "library.state", Text: tr("library.is." + string(v.State))}, {Key: "library.file", Text: v.File.Name}, {Key: "library.approval", Text: approved},
		{Key: "library.speaker", Text: spoke}, {Key: "library.issuers", Text: v.Issuers}, {Key: "library.number", Text: v.Number}, {Key: "library.dated", Text: i18n.Day(ctx, v.Dated)}, {Key: "library.project", Text: project},
	}
}

// circle is for whom a document is issued, where it stands by itself: within a sentence it begins small.
func circle(ctx context.Context, v Visible) string {
	text := i18n.T(ctx, "library.to."+string(v))
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// counted are the facets of what a search found.
func counted(list []tally) []Facet {
	n, order := map[[2]string]int64{}, [][2]string{}
	for _, t := range list {
		for _, k := range [][2]string{{"category", t.Category}, {"format", t.Format}, {"year", numbered(int64(t.Year))}} {
			if n[k] == 0 {
				order = append(order, k)
			}
			n[k]++
		}
	}
	out := make([]Facet, len(order))
	for i, k := range order {
		out[i] = Facet{k[0], k[1], n[k]}
	}
	return out
}
