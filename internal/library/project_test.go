package library

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// contracts stand for the projects of units: each is seen by who views one of its units.
type contracts struct {
	w    *world
	list []Project
}

func (c *contracts) sees(ctx context.Context, p Project) bool {
	return slices.ContainsFunc(p.Units, func(unit id.ID) bool {
		u, err := c.w.org.Unit(c.w.ctx, unit)
		return err == nil && scope.From(ctx).May(scope.View, u.Pos)
	})
}

func (c *contracts) Of(ctx context.Context, unit id.ID, text string, limit int) (out []Project, err error) {
	for _, p := range c.list {
		if slices.Contains(p.Units, unit) && c.sees(ctx, p) && strings.Contains(p.Title, text) && len(out) < limit {
			out = append(out, p)
		}
	}
	return out, nil
}

func (c *contracts) Named(ctx context.Context, ref id.Ref) (Project, error) {
	for _, p := range c.list {
		if p.Ref == ref && c.sees(ctx, p) {
			return p, nil
		}
	}
	return Project{}, errs.New(errs.NotFound, "errs.not_found")
}

// R208: what was learnt is kept with its project: chosen among the unit's own, shown to those who see both, listed, searched, and written
// from the project's page.
func TestLessonsOfAProject(t *testing.T) {
	w := openWorld(t)
	town, county := w.unit("990203001"), w.unit("990203")
	project := func(title string, units ...id.ID) Project {
		p := Project{Ref: id.Ref{Root: town.Root(), ID: id.New()}, Title: title, Units: units}
		p.Href = "/project/" + p.Ref.String()
		return p
	}
	own, theirs := project("四点半课堂", town.ID), project("心理关爱", county.ID)
	c := &contracts{w: w, list: []Project{own, theirs}}
	ref, d := w.issued("990203001", "经验.txt", "先调查，再设计，后实施。", Document{Category: "research.lessons"})
	if page := w.get("990203001", Path(d.No), 200).Body.String(); strings.Contains(page, "归入项目") {
		t.Error("a form is offered where there are no projects")
	}
	w.get("990203001", actPath(ref)+"/"+ActProject, 404)
	w.s.SetProjects(c)
	form := w.get("990203001", actPath(ref)+"/"+ActProject, 200).Body.String()
	if !strings.Contains(form, own.Ref.String()) || strings.Contains(form, theirs.Ref.String()) {
		t.Error("the form does not offer the unit's own projects, or offers others")
	}
	if form := w.get("990203001", actPath(ref)+"/"+ActProject+"?q="+url.QueryEscape("没有"), 200).Body.String(); strings.Contains(form, own.Ref.String()) {
		t.Error("the search above the form finds what does not hold its words")
	}
	for _, bad := range []string{theirs.Ref.String(), id.Ref{Root: own.Ref.Root, ID: 7}.String(), "nonsense"} {
		w.post("990203001", actPath(ref)+"/"+ActProject, url.Values{"_version": {"2"}, "project": {bad}}, 422)
	}
	w.post("990203001", actPath(ref)+"/"+ActProject, url.Values{"_version": {"2"}, "project": {own.Ref.String()}}, 303)
	for who, linked := range map[string]bool{"990203001": true, "9902": true, "990204": false, "990203002": false} {
		if page := w.get(who, Path(d.No), 200).Body.String(); strings.Contains(page, own.Href) != linked || strings.Contains(page, own.Title) != linked {
			t.Errorf("%s is led to the project: %v", who, !linked)
		}
		page := w.get(who, "/library?project="+own.Ref.String(), 200).Body.String()
		if strings.Contains(page, Path(d.No)) != linked || strings.Contains(page, own.Title) != linked {
			t.Errorf("%s is told of the documents of a project: %v", who, !linked)
		}
		if got := w.numbers(who, Filter{Project: own.Ref, Words: "先调查"}); len(got) > 0 != linked {
			t.Errorf("%s finds %v", who, got)
		}
	}
	if page := w.get("990203001", Path(d.No), 200).Body.String(); !strings.Contains(page, "改了所属项目") {
		t.Error("the history does not say it")
	}
	// the box on the project's page
	hidden, h := w.issued("990203001", "内部.txt", "只给自己看的小结。", Document{Category: "research.lessons", Visible: VisibleUnit})
	w.must(w.s.SetProject(w.by("990203001"), hidden, 2, own.Ref))
	box := func(who string) string {
		t.Helper()
		v, err := w.s.ProjectPanel(w.by(who), own.Ref, own.Units)
		w.must(err)
		if v == nil {
			return ""
		}
		var b strings.Builder
		w.must(v.Render(w.by(who), &b))
		return b.String()
	}
	if got := box("990203001"); !strings.Contains(got, Path(d.No)) || !strings.Contains(got, Path(h.No)) || !strings.Contains(got, "写一份") || !strings.Contains(got, "经验做法") {
		t.Error(got)
	}
	if got := box("990203"); !strings.Contains(got, Path(d.No)) || strings.Contains(got, Path(h.No)) || strings.Contains(got, "写一份") {
		t.Error(got)
	}
	if got := box("990204"); got != "" {
		t.Error(got)
	}
	// written from there: the form is filled, and what is sent belongs to the project
	to := "/library/new?unit=" + town.ID.String() + "&category=research.lessons&project=" + own.Ref.String()
	if form := w.get("990203001", to, 200).Body.String(); !strings.Contains(form, "四点半课堂") || !strings.Contains(form, `value="research.lessons" selected`) {
		t.Error("the form is not filled")
	}
	if form := w.get("990203001", strings.Replace(to, own.Ref.String(), theirs.Ref.String(), 1), 200).Body.String(); strings.Contains(form, theirs.Title) {
		t.Error("the form names a project that its reader may not see")
	}
	w.upload("990203001", to, url.Values{"category": {"research.lessons"}, "visible": {"members"}}, map[string]string{"新经验.txt": "第二年的做法。"}, 303)
	if got := w.numbers("990203001", Filter{Project: own.Ref}); len(got) != 3 {
		t.Error(got)
	}
	w.upload("990203001", strings.Replace(to, own.Ref.String(), theirs.Ref.String(), 1), url.Values{"category": {"research.lessons"}, "visible": {"members"}}, map[string]string{"别的.txt": "第三年的做法。"}, 422)
	w.post("990203001", actPath(ref)+"/"+ActProject, url.Values{"_version": {"3"}, "project": {""}}, 303)
	if got := w.numbers("990203001", Filter{Project: own.Ref}); slices.Contains(got, d.No) {
		t.Error("taken out, and still there")
	}
}
