package assess

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

type programmeView struct {
	Ref     id.Ref
	Value   Programme
	Version int64
	Owner   org.Unit
	Edit    bool
	History []ui.Change
	At      map[string]string
	Faults  []ui.Fault
	Key     string
}

// spare is the number of empty rows for further parts (R154).
const spare = 2

func (v programmeView) action() string {
	if v.Ref.ID == 0 {
		return "/reform/programme/new?unit=" + v.Owner.ID.String()
	}
	return "/reform/programme/" + v.Ref.String() + "/edit"
}

func (v programmeView) back() string {
	if v.Ref.ID == 0 {
		return "/reform?unit=" + v.Owner.ID.String()
	}
	return "/reform/programme/" + v.Ref.String()
}

func (s *Service) programmeIn(r *http.Request) (programmeView, error) {
	v := programmeView{Key: web.NewKey(), At: map[string]string{}}
	ref, err := refIn(r)
	if err != nil {
		return v, err
	}
	p, ver, err := s.Programme(r.Context(), ref)
	if err != nil {
		return v, err
	}
	v.Ref, v.Value, v.Version = ref, p, ver.N
	v.Owner, err = s.org.Unit(r.Context(), p.Owner)
	return v, err
}

func (s *Service) showProgramme(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.programmeIn(r)
	if err != nil {
		return err
	}
	v.Edit = s.ownerWorks(ctx, v.Value)
	if v.History, err = s.ProgrammeTimeline(ctx, v.Ref); err != nil {
		return err
	}
	var undo *ui.Post
	if len(v.History) > 0 {
		undo = v.History[0].Undo
	}
	p := web.Page{Title: v.Value.Name, Current: "reform", Crumbs: []ui.Link{{Text: i18n.T(ctx, "assess.title"), Href: "/reform?programme=" + v.Ref.String()}, {Text: v.Value.Name}}}
	if r.URL.Query().Get("done") != "" {
		p.Flash = &ui.Note{Text: i18n.T(ctx, "assess.saved"), Post: undo}
	}
	return web.Render(w, r, p, programmePage(v))
}

func (s *Service) newProgramme(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := programmeView{Owner: u, Key: web.NewKey(), At: map[string]string{}, Value: Programme{Owner: u.ID, Target: org.Township}}
	return s.renderProgramme(w, r, v, 0)
}

// mayKeep refuses whoever does not work at the programme's owner: others see it, for they are to take it over.
func (s *Service) mayKeep(ctx context.Context, v programmeView) error {
	if s.ownerWorks(ctx, v.Value) {
		return nil
	}
	err := s.audit.Refuse(ctx, audit.Entry{Act: "assess.act.save_programme", Subject: "programme", Ref: v.Ref, Pos: v.Owner.Pos, Unit: v.Owner.ID})
	if err == nil {
		err = errs.New(errs.Forbidden, "record.not_your_unit", "Unit", v.Owner.Name)
	}
	return err
}

func (s *Service) editProgramme(w http.ResponseWriter, r *http.Request) error {
	v, err := s.programmeIn(r)
	if err != nil {
		return err
	}
	if err := s.mayKeep(r.Context(), v); err != nil {
		return err
	}
	return s.renderProgramme(w, r, v, 0)
}

func (s *Service) renderProgramme(w http.ResponseWriter, r *http.Request, v programmeView, status int) error {
	title := i18n.T(r.Context(), "assess.form.programme")
	return web.Render(w, r, web.Page{Title: title, Plain: true, Error: len(v.Faults) > 0, Status: status}, programmeForm(v, title))
}

// typedProgramme reads the form; codes of parts and criteria that were there stay, so that records keep their sense.
func typedProgramme(f *web.Form, was Programme) Programme {
	p := Programme{Code: f.Text("code"), Name: f.Text("name"), Goal: f.Text("goal"), Owner: was.Owner, Target: org.Level(f.Text("target")), Main: f.Text("main") != ""}
	day := func(name string) clock.Day {
		d, err := clock.ParseDay(f.Text(name))
		if err != nil && f.Text(name) != "" {
			f.Problems.Add(name, "errs.day_unreadable")
		}
		return d
	}
	p.From, p.To = day("from"), day("to")
	for i := range len(was.Parts) + spare {
		n := strconv.Itoa(i)
		q := Part{Code: f.Text("part_code_" + n), Name: f.Text("part_name_" + n), Indicators: textLines(f.Get("part_indicators_" + n))}
		keep := f.Text("part_keep_"+n) != ""
		if q.Name != "" || len(q.Indicators) > 0 || keep {
			p.Parts = append(p.Parts, q)
		}
	}
	p.Criteria = criteriaIn(textLines(f.Get("criteria")), was.Criteria)
	p.Maturity = textLines(f.Get("maturity"))
	return p
}

// criteriaIn are criteria by their names, each with the code that it had; no code stands twice.
func criteriaIn(names []string, was []Criterion) []Criterion {
	var out []Criterion
	seen := map[string]bool{}
	for i, name := range names {
		c := Criterion{Code: criterionCode(was, name, i), Name: name}
		if seen[c.Code] {
			c.Code = ""
		}
		seen[c.Code] = true
		out = append(out, c)
	}
	return out
}

// criterionCode keeps the code of a criterion that was reworded in its place, as long as its old words stand nowhere else.
func criterionCode(was []Criterion, name string, i int) string {
	if j := slices.IndexFunc(was, func(c Criterion) bool { return name != "" && c.Name == name }); j >= 0 {
		return was[j].Code
	}
	if i < len(was) {
		return was[i].Code
	}
	return ""
}

func textLines(text string) []string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func (s *Service) createProgramme(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if errs.Is(err, errs.NotFound) { // a unit that one may not know of and one that does not exist look alike
		return web.NotFound(r)
	}
	if err != nil {
		return err
	}
	a := scope.From(r.Context())
	if !a.May(scope.View, u.Pos) {
		return web.NotFound(r)
	}
	v := programmeView{Owner: u, Key: web.NewKey(), At: map[string]string{}, Value: Programme{Owner: u.ID}}
	return s.writeProgramme(w, r, v, func(ctx context.Context, p Programme, _ int64) (id.Ref, error) {
		return s.CreateProgramme(ctx, p, record.Change{})
	})
}

func (s *Service) saveProgramme(w http.ResponseWriter, r *http.Request) error {
	v, err := s.programmeIn(r)
	if err != nil {
		return err
	}
	if err := s.mayKeep(r.Context(), v); err != nil {
		return err
	}
	return s.writeProgramme(w, r, v, func(ctx context.Context, p Programme, version int64) (id.Ref, error) {
		return v.Ref, s.SaveProgramme(ctx, v.Ref, version, p, record.Change{})
	})
}

func (s *Service) writeProgramme(w http.ResponseWriter, r *http.Request, v programmeView, write func(context.Context, Programme, int64) (id.Ref, error)) error {
	ctx := r.Context()
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	p := typedProgramme(f, v.Value)
	version, _ := strconv.ParseInt(f.Text("_version"), 10, 64) // 0 meets no version
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := write(ctx, p, version)
			return "/reform/programme/" + ref.String() + "?done=1", err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	v.Value, v.Key = p, web.NewKey()
	if errs.KindOf(err) == errs.Conflict {
		v.Faults = web.Faults(ctx, err)
		return s.renderProgramme(w, r, v, http.StatusConflict)
	}
	var rest error
	if v.At, v.Faults, rest = web.Problems(ctx, err); rest != nil {
		return rest
	}
	return s.renderProgramme(w, r, v, http.StatusUnprocessableEntity)
}

func (s *Service) undoProgramme(w http.ResponseWriter, r *http.Request) error {
	v, err := s.programmeIn(r)
	if err != nil {
		return err
	}
	if err := s.mayKeep(r.Context(), v); err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("_version"), 10, 64) // 0 meets no version
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/reform/programme/" + v.Ref.String(), s.UndoProgramme(ctx, v.Ref, version)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
