package base

import (
	"context"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

type matrixView struct {
	Unit   org.Unit
	Day    clock.Day
	Matrix ui.Matrix
	Gaps   int
}

// matrix shows units below by categories; a cell without a base is a gap (R99).
func (s *Service) matrix(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := matrixView{Unit: u}
	if v.Day, err = dayOf(r); err != nil {
		return err
	}
	if v.Matrix, v.Gaps, err = s.Matrix(ctx, u, v.Day); err != nil {
		return err
	}
	title := i18n.T(ctx, "base.matrix")
	p := web.Page{Title: title, Current: Kind, Crumbs: s.crumbs(ctx, u, ui.Link{Text: title})}
	return web.Render(w, r, p, matrixPage(v))
}

// Matrix counts the bases in force of each unit below by main category, with the totals of the unit itself; gaps is the
// number of empty cells of units below. Bases that hang right at the unit have a row of their own, so that the columns
// sum to the total.
func (s *Service) Matrix(ctx context.Context, u org.Unit, day clock.Day) (m ui.Matrix, gaps int, err error) {
	defer errs.Wrapf(&err, "base.Matrix")
	categories, err := s.Categories(ctx, u.Root())
	if err != nil {
		return m, 0, err
	}
	m = ui.Matrix{Caption: i18n.T(ctx, "base.matrix"), Corner: i18n.T(ctx, "base.matrix_corner")}
	for _, c := range categories {
		m.Columns = append(m.Columns, c.in(ctx))
	}
	below, err := s.org.Children(ctx, u.ID, day, "", 500)
	if err != nil {
		return m, 0, err
	}
	all, err := s.cells(ctx, u, day)
	if err != nil {
		return m, 0, err
	}
	rest := map[string]int64{}
	for k, n := range all {
		rest[k] = n
	}
	for _, n := range below {
		if n.Unit.Level.Leaf() {
			continue // schools and bodies right below stand in the unit's own row
		}
		cells, err := s.cells(ctx, n.Unit, day)
		if err != nil {
			return m, 0, err
		}
		row := matrixRow(ctx, n.Unit, n.Unit.Name, day, categories, cells, link("/base/matrix", "unit", n.Unit.ID.String(), "day", string(day)))
		for _, c := range row.Cells {
			if c.N == 0 {
				gaps++
			}
		}
		for k, n := range cells {
			rest[k] -= n
		}
		m.Rows = append(m.Rows, row)
	}
	if own := matrixRow(ctx, u, i18n.T(ctx, "base.matrix_own"), day, categories, rest, ""); own.Total != "0" {
		for i := range own.Cells { // the evidence of the unit holds its whole subtree: no link that shows another number
			own.Cells[i].Href = ""
		}
		own.TotalRef = ""
		m.Rows = append(m.Rows, own)
	}
	foot := matrixRow(ctx, u, i18n.T(ctx, "base.total"), day, categories, all, "")
	m.Foot = &foot
	return m, gaps, nil
}

func (s *Service) cells(ctx context.Context, u org.Unit, day clock.Day) (map[string]int64, error) {
	return s.ledger.ByValue(ctx, ledger.Query{Figure: "base.accredited", Unit: u.ID, Day: day, Boundary: ledger.Today}, "category")
}

func matrixRow(ctx context.Context, u org.Unit, name string, day clock.Day, categories []Category, cells map[string]int64, href string) ui.MatrixRow {
	address := func(category string) string {
		return link("/evidence/base.accredited", "unit", u.ID.String(), "day", string(day), "bounds", string(ledger.Today), "category", category)
	}
	row := ui.MatrixRow{Name: name, Href: href, TotalRef: address("")}
	var total int64
	for _, n := range cells {
		total += n
	}
	row.Total = ui.Number(total)
	for _, c := range categories {
		n := cells[c.Name]
		row.Cells = append(row.Cells, ui.MatrixCell{N: n, Href: address(c.Name), Label: i18n.T(ctx, "base.matrix_cell", "Unit", name, "Category", c.in(ctx), "N", n)})
	}
	return row
}

type rankView struct {
	Unit  org.Unit
	Day   clock.Day
	Page  Page
	Hosts map[id.ID]org.Unit
	Of    int // items of the standard
}

// rank lists the bases that stand out: by items met, then by checks passed (R102).
func (s *Service) rank(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := rankView{Unit: u}
	if v.Day, err = dayOf(r); err != nil {
		return err
	}
	if v.Page, err = s.List(ctx, Filter{Unit: u, Standing: v.Day, Order: Best, Limit: 20}); err != nil {
		return err
	}
	if v.Hosts, err = s.hosts(ctx, v.Page.Rows); err != nil {
		return err
	}
	items, err := s.Standard(ctx, u.Root())
	if err != nil {
		return err
	}
	v.Of = len(items)
	title := i18n.T(ctx, "base.rank")
	p := web.Page{Title: title, Current: Kind, Crumbs: s.crumbs(ctx, u, ui.Link{Text: title})}
	return web.Render(w, r, p, rankPage(v))
}

type settingsView struct {
	Unit       org.Unit
	Categories []group
	Standard   []group
	Faults     []ui.Fault
	Key        string
}

// cityOf is the unit that stands for a whole city: categories and the standard are its to word.
func (s *Service) cityOf(ctx context.Context, u org.Unit) (org.Unit, error) {
	above, err := s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
	if err != nil {
		return u, err
	}
	for _, a := range above {
		if a.Level == org.City {
			return a, nil
		}
	}
	return u, nil
}

func (s *Service) settings(w http.ResponseWriter, r *http.Request) error {
	return s.renderSettings(w, r, &web.Form{Values: r.URL.Query()}, web.NewKey(), nil)
}

func (s *Service) renderSettings(w http.ResponseWriter, r *http.Request, f *web.Form, key string, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if err := org.MaySetCity(ctx, u); err != nil {
		return err
	}
	if u, err = s.cityOf(ctx, u); err != nil {
		return err
	}
	categories, err := s.Categories(ctx, u.Root())
	if err != nil {
		return err
	}
	standard, err := s.Standard(ctx, u.Root())
	if err != nil {
		return err
	}
	v := settingsView{Unit: u, Key: key}
	status := 0
	at := map[string]string{}
	if failed != nil {
		if at, v.Faults, err = web.Problems(ctx, failed); err != nil {
			return err
		}
		status = errs.KindOf(failed).Status()
	}
	field := func(name string, i int, value string) ui.Input {
		full := name + "." + strconv.Itoa(i)
		preset(f, full, value)
		return ui.Input{Name: full, Label: i18n.T(ctx, "base.settings."+name), Value: f.Get(full), Error: at[full], Optional: name == "en" || name == "aliases" || name == "text"}
	}
	for i, c := range append(categories, Category{}) {
		title := c.in(ctx)
		if c.Name == "" {
			title = i18n.T(ctx, "base.settings.one_more")
		}
		v.Categories = append(v.Categories, group{Title: title, Fields: []ui.Input{field("name", i, c.Name), field("en", i, c.En), field("aliases", i, c.Aliases)}})
	}
	for i, it := range append(standard, StandardItem{}) {
		title := it.Name
		if it.Name == "" {
			title = i18n.T(ctx, "base.settings.one_more")
		}
		text := field("text", i, it.Text)
		text.Kind = ui.KindArea
		v.Standard = append(v.Standard, group{Title: title, Hint: it.Code, Fields: []ui.Input{field("item", i, it.Name), text}})
	}
	title := i18n.T(ctx, "base.settings")
	p := web.Page{Title: title, Current: Kind, Status: status, Error: failed != nil, Crumbs: s.crumbs(ctx, u, ui.Link{Text: title})}
	if r.URL.Query().Get("saved") != "" {
		p.Flash = &ui.Note{Title: i18n.T(ctx, "base.settings.saved")}
	}
	return web.Render(w, r, p, settingsPage(v))
}

// saveSettings reads the lists of the form in their order; a line whose name was emptied is left out.
func (s *Service) saveSettings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if u, err = s.cityOf(ctx, u); err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	old, err := s.Standard(ctx, u.Root())
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		done := link("/base/settings", "unit", u.ID.String(), "saved", "1")
		if f.Text("what") == "standard" {
			var list []StandardItem
			for i := 0; f.Has("item." + strconv.Itoa(i)); i++ {
				n := strconv.Itoa(i)
				it := StandardItem{Name: f.Text("item." + n), Text: f.Text("text." + n)}
				if i < len(old) {
					it.Code = old[i].Code
				}
				if it.Name != "" {
					list = append(list, it)
				}
			}
			return done, s.SetStandard(ctx, u, list)
		}
		var list []Category
		for i := 0; f.Has("name." + strconv.Itoa(i)); i++ {
			n := strconv.Itoa(i)
			if c := (Category{Name: f.Text("name." + n), En: f.Text("en." + n), Aliases: f.Text("aliases." + n)}); c.Name != "" {
				list = append(list, c)
			}
		}
		return done, s.SetCategories(ctx, u, list)
	})
	if errs.Is(err, errs.Invalid) {
		return s.renderSettings(w, r, f, f.Key(), err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
