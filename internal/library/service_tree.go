package library

import (
	"cmp"
	"context"
	"encoding/json"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Site tells who runs the site, and whether whoever acts may change what is the same for the whole of it.
type Site func(ctx context.Context) (unit org.Unit, may bool, err error)

// SetSite gives what tells who may change the tree of categories; without it those who administer the top of the tree of units.
func (s *Service) SetSite(f Site) { s.site = f }

func (s *Service) siteOf(ctx context.Context) (unit org.Unit, may bool, err error) {
	if s.site != nil {
		return s.site(ctx)
	}
	a := scope.From(ctx)
	unit, err = s.org.Top(ctx)
	return unit, a.System || a.May(scope.Admin, unit.Pos), err
}

// shipped is the catalogue's text of a category, which is its name while nobody has given it another.
func shipped(ctx context.Context, code, lang string) string {
	key := "library.cat." + code
	if ctx = i18n.In(ctx, lang); !i18n.Has(ctx, key) {
		return ""
	}
	return i18n.T(ctx, key)
}

// names are what a category is called in Chinese and in English; that may be "".
func (c Category) names(ctx context.Context) (zh, en string) {
	if c.Name == "" {
		return cmp.Or(shipped(ctx, c.Code, "zh"), c.Code), shipped(ctx, c.Code, "en")
	}
	return c.Name, c.En
}

// In is what a category is called in the reader's language.
func (c Category) In(ctx context.Context) string {
	zh, en := c.names(ctx)
	if i18n.Lang(ctx) == "en" && en != "" {
		return en
	}
	return zh
}

// Name is what the category of a code is called in the reader's language; the code itself where there is none.
func (t Tree) Name(ctx context.Context, code string) string {
	if c, ok := t.find(code); ok {
		return c.In(ctx)
	}
	return code
}

// Categories is the tree, which is the same for the whole site.
func (s *Service) Categories(ctx context.Context) (Tree, error) { return s.categories(ctx) }

// Named is the tree with the names of those that ship written out.
func (t Tree) Named(ctx context.Context) Tree {
	out := make(Tree, len(t))
	for i, c := range t {
		c.Name, c.En = c.names(ctx)
		out[i] = c
	}
	return out
}

// Filed is the category under which a document is filed for which somebody named one: that, or its successor. What takes no documents
// is an error beside the input category.
func (s *Service) Filed(ctx context.Context, code string) (string, error) {
	t, err := s.categories(ctx)
	if err != nil {
		return "", err
	}
	code, f := t.filed(code, "")
	return code, f.Err()
}

// within is a filter whose category stands for all below it, and for its successor.
func (s *Service) within(ctx context.Context, f Filter) (Filter, error) {
	if f.Category == "" {
		return f, nil
	}
	t, err := s.categories(ctx)
	f.under = t.Under(f.Category)
	return f, err
}

// CategoryChanges are what was done to the tree, before one of them, the newest first.
func (s *Service) CategoryChanges(ctx context.Context, before id.ID, limit int) (out []CategoryChange, err error) {
	defer errs.Wrapf(&err, "library.CategoryChanges")
	rows, err := s.categoryChanges(ctx, before, limit)
	for _, r := range rows {
		x := CategoryChange{ID: r.ID, At: r.At, ActorName: r.ActorName, ActorUnit: r.ActorUnit, Act: r.Act, Docs: r.Docs}
		if r.Was != "" {
			if err := json.Unmarshal([]byte(r.Was), &x.Was); err != nil {
				return nil, err
			}
			x.Was.Name, x.Was.En = x.Was.names(ctx)
		}
		if err := json.Unmarshal([]byte(r.Now), &x.Now); err != nil {
			return nil, err
		}
		x.Now.Name, x.Now.En = x.Now.names(ctx)
		out = append(out, x)
	}
	return out, err
}

// AddCategory puts a category into the tree and gives it a code that never changes.
func (s *Service) AddCategory(ctx context.Context, e CategoryEdit) (code string, err error) {
	defer errs.Wrapf(&err, "library.AddCategory")
	e = e.clean()
	err = s.changeTree(ctx, "library.act.category_add", "", -1, func(ctx context.Context, t Tree, _ Category) (Category, int64, error) {
		if err := t.problems("", e, t.called(ctx)).Err(); err != nil {
			return Category{}, 0, err
		}
		code = t.freeCode()
		c := Category{Code: code, Parent: e.Parent, Name: e.Name, En: e.En, Reviewed: e.Reviewed, From: clock.Today(ctx)}
		err := s.place(ctx, t, &c, e.Place)
		return c, 0, err
	})
	return code, err
}

// EditCategory changes what a category is called, under which it stands, at which place, and whether its documents are approved before
// they are issued. version is the one that was read, -1 for whoever changes single things whatever the rest says.
func (s *Service) EditCategory(ctx context.Context, code string, version int64, change func(*CategoryEdit)) (err error) {
	defer errs.Wrapf(&err, "library.EditCategory %s", code)
	return s.changeTree(ctx, "library.act.category_edit", code, version, func(ctx context.Context, t Tree, was Category) (Category, int64, error) {
		if !was.Open() {
			return was, 0, errs.New(errs.Invalid, "library.category_is_closed")
		}
		e := was.edit(ctx)
		change(&e)
		e = e.clean()
		if err := t.problems(code, e, t.called(ctx)).Err(); err != nil {
			return was, 0, err
		}
		now := was
		now.Parent, now.Name, now.En, now.Reviewed = e.Parent, e.Name, e.En, e.Reviewed
		if e.Name == shipped(ctx, code, "zh") && e.En == shipped(ctx, code, "en") {
			now.Name, now.En = "", ""
		}
		err := s.place(ctx, t, &now, e.Place)
		return now, 0, err
	})
}

// edit is what an editor may change of a category, as it stands.
func (c Category) edit(ctx context.Context) CategoryEdit {
	e := CategoryEdit{Parent: c.Parent, Place: c.Place, Reviewed: c.Reviewed}
	e.Name, e.En = c.names(ctx)
	return e
}

// called are the Chinese names by code.
func (t Tree) called(ctx context.Context) map[string]string {
	out := map[string]string{}
	for _, c := range t {
		out[c.Code], _ = c.names(ctx)
	}
	return out
}

// place gives a category its place among those beside it, and those theirs: from 1, without gaps.
func (s *Service) place(ctx context.Context, t Tree, c *Category, place int) error {
	was, known := t.find(c.Code)
	if known && was.Open() && was.Parent != c.Parent {
		for i, x := range t.without(c.Code).children(was.Parent) {
			if err := s.putPlace(ctx, x.Code, i+1); err != nil {
				return err
			}
		}
	}
	for _, x := range t.placed(c.Code, c.Parent, place) {
		if x.Code == c.Code || !known && x.Code == "" {
			c.Place = x.Place
		} else if err := s.putPlace(ctx, x.Code, x.Place); err != nil {
			return err
		}
	}
	return nil
}

// CloseCategory takes a category out of the tree from today on. Its documents are re-filed under its successor in the same transaction,
// each with a line in its history; without one it has to be empty.
func (s *Service) CloseCategory(ctx context.Context, code string, version int64, successor string) (docs int64, err error) {
	defer errs.Wrapf(&err, "library.CloseCategory %s", code)
	err = s.changeTree(ctx, "library.act.category_close", code, version, func(ctx context.Context, t Tree, was Category) (Category, int64, error) {
		docs = 0
		if !was.Open() {
			return was, 0, errs.New(errs.Invalid, "library.category_is_closed")
		}
		if n := len(t.children(code)); n > 0 {
			return was, 0, errs.New(errs.Invalid, "library.category_children", "N", n)
		}
		if len(t.without(code).Leaves()) == 0 {
			return was, 0, errs.New(errs.Invalid, "library.category_last")
		}
		filed, err := s.filedAcrossUnits(ctx, code)
		if err != nil {
			return was, 0, err
		}
		var f errs.Fields
		switch to, _ := t.find(successor); {
		case successor == "" && filed.N > 0:
			f.Add("successor", "library.category_filled", "N", filed.N)
		case successor != "" && (successor == code || !t.Takes(successor)):
			f.Add("successor", "library.category_successor")
		case to.Reviewed && filed.Unapproved > 0:
			f.Add("successor", "library.category_unapproved", "N", filed.Unapproved)
		}
		if err := f.Err(); err != nil {
			return was, 0, err
		}
		if docs, err = s.refile(ctx, code, successor); err != nil {
			return was, 0, err
		}
		for i, x := range t.without(code).children(was.Parent) {
			if err := s.putPlace(ctx, x.Code, i+1); err != nil {
				return was, 0, err
			}
		}
		now := was
		now.To, now.Successor = clock.Today(ctx), successor
		return now, docs, nil
	})
	return docs, err
}

// without is the tree as it is when a category does not stand.
func (t Tree) without(code string) (out Tree) {
	for _, c := range t {
		if c.Code != code {
			out = append(out, c)
		}
	}
	return out
}

// refile puts the documents of a category under another, whatever unit's they are; whoever does it has been asked for the right to.
func (s *Service) refile(ctx context.Context, from, to string) (n int64, err error) {
	homes := map[id.ID]org.Unit{}
	for after := id.ID(0); ; {
		list, err := s.ofCategoryAcrossUnits(ctx, from, after, filledAtOnce)
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, l := range list {
			u, ok := homes[l.Unit]
			if !ok {
				if u, err = s.rec.Home(ctx, l.Unit); err != nil {
					return n, err
				}
				homes[l.Unit] = u
			}
			wide := scope.Widened(ctx, u.Pos, true)
			v, ver, err := s.book.Get(wide, l.Ref())
			if err != nil {
				return n, err
			}
			v.Category = to
			if err := s.book.Save(wide, l.Ref(), ver.N, v, record.Change{Act: "library.act.refile"}); err != nil {
				return n, err
			}
			n++
		}
		after = list[len(list)-1].ID
	}
}

// ReopenCategory lets a category that was closed stand again, at the end of those beside it. The documents that went to its successor
// stay there.
func (s *Service) ReopenCategory(ctx context.Context, code string, version int64) (err error) {
	defer errs.Wrapf(&err, "library.ReopenCategory %s", code)
	return s.changeTree(ctx, "library.act.category_reopen", code, version, func(ctx context.Context, t Tree, was Category) (Category, int64, error) {
		if was.Open() {
			return was, 0, errs.New(errs.Invalid, "library.category_stands")
		}
		now := was
		now.To, now.Successor = clock.Open, ""
		if p, ok := t.find(was.Parent); !ok || !p.Open() || p.Parent != "" { // nowhere else to stand
			now.Parent = ""
		}
		e := now.edit(ctx)
		e.Place = 0
		if err := t.problems(code, e, t.called(ctx)).Err(); err != nil {
			return was, 0, err
		}
		err := s.place(ctx, t, &now, 0)
		return now, 0, err
	})
}

// changeTree is the only place where the tree changes: it asks for the right, lets nobody else change it meanwhile, and keeps what was
// before and after, in the tree's history and in the log. do answers the category as it will be and how many documents were re-filed.
func (s *Service) changeTree(ctx context.Context, act, code string, version int64, do func(ctx context.Context, t Tree, was Category) (now Category, docs int64, err error)) error {
	unit, may, err := s.siteOf(ctx)
	if err != nil {
		return err
	}
	if !may {
		if err := s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: "library_category"}); err != nil {
			return err
		}
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.holdCategories(ctx); err != nil {
			return err
		}
		t, err := s.categories(ctx)
		if err != nil {
			return err
		}
		was, known := t.find(code)
		if code != "" && !known {
			return errs.New(errs.NotFound, "library.no_category")
		}
		if version >= 0 && version != was.Version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		now, docs, err := do(ctx, t, was)
		if err != nil || now == was {
			return err
		}
		now.Version++
		if known {
			err = s.updateCategory(ctx, now)
		} else {
			err = s.insertCategory(ctx, now)
		}
		if err != nil {
			return err
		}
		a := scope.From(ctx)
		row := categoryRow{ID: id.New(), Code: now.Code, At: clock.Millis(ctx), Actor: a.Account, ActorName: a.Name, ActorUnit: a.Unit, Act: act, Docs: docs}
		detail := map[string]any{"now": now}
		if known {
			detail["was"] = was
			if row.Was, err = encode(was); err != nil {
				return err
			}
		}
		if docs > 0 {
			detail["docs"] = docs
		}
		if row.Now, err = encode(now); err != nil {
			return err
		}
		if err := s.insertChange(ctx, row); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: act, Subject: "library_category", Pos: unit.Pos, Unit: unit.ID, Detail: detail})
	})
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
