package app

import (
	"context"
	"reflect"
	"slices"

	"xinhuo/internal/assess"
	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/project"
	"xinhuo/internal/record"
)

// takeBases keeps each base with its plaques. A category that the city does not have yet is added to its list, in the
// files' own wording.
func (im *cityImport) takeBases(ctx context.Context, refused func(*cityRow, error) error) error {
	plaques := map[string][]*cityRow{}
	for _, r := range im.rows["accreditation.csv"] {
		if !r.bad {
			plaques[r.text("base")] = append(plaques[r.text("base")], r)
		}
	}
	if err := im.takeCategories(ctx); err != nil {
		return err
	}
	for _, r := range im.rows["base.csv"] {
		if r.bad {
			continue
		}
		host, err := im.unit(ctx, r.text("host"))
		if err != nil {
			return err
		}
		ref, was, v, err := im.a.Base.ByCode(ctx, host.Root(), r.text("id"))
		fresh := errs.Is(err, errs.NotFound)
		if err != nil && !fresh {
			return err
		}
		b := was
		b.Code, b.Name, b.Host, b.Category, b.RunMode = r.text("id"), r.text("name"), host.ID, r.text("category"), base.RunMode(r.text("run_mode"))
		b.Accreditations = append([]base.Accreditation(nil), was.Accreditations...)
		for _, p := range plaques[b.Code] {
			issuer, err := im.unit(ctx, p.text("issuer"))
			if err != nil {
				return err
			}
			b.Accreditations = setPlaque(b.Accreditations, base.Accreditation{Code: p.text("id"), Level: org.Level(p.text("level")), Issuer: base.Body{Unit: issuer.ID},
				GrantedOn: p.day("granted_on"), RevokedOn: p.day("revoked_on"), Status: base.Status(p.text("status"))})
		}
		o := record.Added
		if fresh {
			_, err = im.a.Base.Create(ctx, b, record.Change{Act: "record.act.import"})
		} else if reflect.DeepEqual(was, b) {
			o = record.Same
		} else {
			o = record.Changed
			_, err = im.a.Base.Save(ctx, ref, v.N, b, record.Change{Act: "record.act.import"})
		}
		if err := im.done(r, o, err, refused); err != nil {
			return err
		}
	}
	return nil
}

// done counts a row, or notes why it was refused.
func (im *cityImport) done(r *cityRow, o record.Outcome, err error, refused func(*cityRow, error) error) error {
	if err != nil {
		return refused(r, err)
	}
	im.count(o)
	return nil
}

// setPlaque puts a plaque of an imported list in the place of the one with its code.
func setPlaque(list []base.Accreditation, a base.Accreditation) []base.Accreditation {
	for i, old := range list {
		if old.Code == a.Code {
			a.ID, a.Title, a.Document, a.AppliedOn, a.RevokeReason, a.RevokeDoc, a.Case = old.ID, old.Title, old.Document, old.AppliedOn, old.RevokeReason, old.RevokeDoc, old.Case
			list[i] = a
			return list
		}
	}
	return append(list, a)
}

func (im *cityImport) takeCategories(ctx context.Context) error {
	wanted := map[int64][]string{}
	unit := map[int64]org.Unit{}
	for _, r := range im.rows["base.csv"] {
		if r.bad {
			continue
		}
		u, err := im.unit(ctx, r.text("host"))
		if err != nil {
			return err
		}
		if _, ok := unit[u.Root()]; !ok {
			if unit[u.Root()], err = im.city(ctx, u); err != nil {
				return err
			}
		}
		wanted[u.Root()] = append(wanted[u.Root()], r.text("category"))
	}
	for root, names := range wanted {
		list, err := im.a.Base.Categories(ctx, root)
		if err != nil {
			return err
		}
		before := slices.Clone(list)
		have, changed := map[string]bool{}, false
		for _, c := range list {
			have[c.Name] = true
		}
		for _, name := range names {
			if have[name] {
				continue
			}
			have[name], changed = true, true
			if c, ok := base.CategoryNamed(list, name); ok { // another wording of one that is listed
				for i := range list {
					if list[i].Name == c.Name {
						list[i].Name, list[i].Aliases = name, c.Name+"、"+c.Aliases
					}
				}
				continue
			}
			list = append(list, base.Category{Root: root, Name: name, En: name, Order: int64(len(list))})
		}
		if changed {
			own := slices.ContainsFunc(before, func(c base.Category) bool { return c.Root != 0 })
			im.categories = append(im.categories, keptCategories{unit[root].ID, own, before})
			if err := im.a.Base.SetCategories(ctx, unit[root], list); err != nil {
				return err
			}
		}
	}
	return nil
}

// keptCategories are a city's categories as an import found them.
type keptCategories struct {
	Unit id.ID
	Own  bool // false: the city had none of its own, and those that ship stood for it
	List []base.Category
}

// restoreCategories gives cities back the categories that an import found; a list in which a base of today has a place
// that the former one did not have stays.
func (a *App) restoreCategories(ctx context.Context, kept []keptCategories) error {
	for _, k := range kept {
		u, err := a.Org.Unit(ctx, k.Unit)
		if err != nil {
			return err
		}
		if k.Own {
			err = a.Base.SetCategories(ctx, u, k.List)
		} else {
			err = a.Base.ShippedCategories(ctx, u)
		}
		if err != nil && !errs.Is(err, errs.Invalid) {
			return err
		}
	}
	return nil
}

func (im *cityImport) takeTeams(ctx context.Context, refused func(*cityRow, error) error) error {
	for _, r := range im.rows["team.csv"] {
		if r.bad {
			continue
		}
		u, err := im.unit(ctx, r.text("unit"))
		if err != nil {
			return err
		}
		ref, was, v, err := im.a.People.ByCode(ctx, u.Root(), r.text("id"))
		fresh := errs.Is(err, errs.NotFound)
		if err != nil && !fresh {
			return err
		}
		t := was
		t.Code, t.Unit, t.Need, t.FoundedOn, t.DissolvedOn, t.Status = r.text("id"), u.ID, r.text("need"), r.day("founded_on"), r.day("dissolved_on"), people.Status(r.text("status"))
		o := record.Added
		if fresh {
			_, err = im.a.People.Create(ctx, t)
		} else if reflect.DeepEqual(t, was) {
			o = record.Same
		} else {
			o = record.Changed
			err = im.a.People.Save(ctx, ref, v.N, t, "")
		}
		if err := im.done(r, o, err, refused); err != nil {
			return err
		}
	}
	return nil
}

// takeReforms keeps one adoption a unit in the main programme of its city, which is begun when there is none. Several
// rows of one unit are several periods.
func (im *cityImport) takeReforms(ctx context.Context, refused func(*cityRow, error) error) error {
	byUnit := map[string][]*cityRow{}
	for _, r := range im.rows["reform.csv"] {
		if !r.bad {
			byUnit[r.text("unit")] = append(byUnit[r.text("unit")], r)
		}
	}
	programmes := map[int64]id.Ref{}
	for _, code := range sortedKeys(byUnit) {
		rows := byUnit[code]
		u, err := im.unit(ctx, code)
		if err != nil {
			return err
		}
		if _, ok := programmes[u.Root()]; !ok {
			if programmes[u.Root()], err = im.programme(ctx, u); err != nil {
				return err
			}
		}
		p := programmes[u.Root()]
		ref, was, v, err := im.a.Assess.AdoptionOf(ctx, p, u.ID)
		fresh := errs.Is(err, errs.NotFound)
		if err != nil && !fresh {
			return err
		}
		a := was
		a.Programme, a.Unit = p, u.ID
		a.Periods, a.SubmittedOn = nil, clock.Open
		for _, r := range rows {
			if r.text("status") == "submitted" {
				a.SubmittedOn = r.day("adopted_on")
				continue
			}
			period := assess.Period{AdoptedOn: r.day("adopted_on"), RevokedOn: r.day("revoked_on"), Status: assess.Status(r.text("status"))}
			for _, old := range was.Periods {
				if old.AdoptedOn == period.AdoptedOn {
					period.DocNo, period.Results, period.RevokeReason, period.RevokeDocNo = old.DocNo, old.Results, old.RevokeReason, old.RevokeDocNo
				}
			}
			a.Periods = append(a.Periods, period)
		}
		o := record.Added
		if fresh {
			_, err = im.a.Assess.CreateAdoption(ctx, a, record.Change{Act: "record.act.import"})
		} else if sortPeriods(a.Periods); reflect.DeepEqual(was, a) {
			o = record.Same
		} else {
			o = record.Changed
			err = im.a.Assess.SaveAdoption(ctx, ref, v.N, a, record.Change{Act: "record.act.import"})
		}
		if err := im.done(rows[0], o, err, refused); err != nil {
			return err
		}
	}
	return nil
}

func sortPeriods(p []assess.Period) {
	for i := 1; i < len(p); i++ {
		for j := i; j > 0 && p[j].AdoptedOn < p[j-1].AdoptedOn; j-- {
			p[j], p[j-1] = p[j-1], p[j]
		}
	}
}

// programme is the main programme of a unit's city.
func (im *cityImport) programme(ctx context.Context, u org.Unit) (id.Ref, error) {
	owner, err := im.city(ctx, u)
	if err != nil {
		return id.Ref{}, err
	}
	list, err := im.a.Assess.Programmes(ctx, owner)
	if err != nil {
		return id.Ref{}, err
	}
	for _, l := range list {
		if l.Main && l.Owner == owner.ID {
			return l.Ref, nil
		}
	}
	return im.a.Assess.CreateProgramme(ctx, assess.Programme{Code: "reform-" + owner.Code, Name: owner.Name + "基层关工委改革", Owner: owner.ID, Main: true, Target: org.Township,
		Parts: []assess.Part{{Code: "1"}}}, record.Change{})
}

func (im *cityImport) takeProjects(ctx context.Context, refused func(*cityRow, error) error) error {
	for _, r := range im.rows["project.csv"] {
		if r.bad {
			continue
		}
		u, err := im.unit(ctx, r.text("unit"))
		if err != nil {
			return err
		}
		out, err := im.a.Project.Report(ctx, project.Entry{Number: r.text("contract_no"), Report: project.Report{Kind: project.Kind(r.text("kind")), Unit: u.ID, Code: r.text("id"),
			Version: r.v["version"].Num, SignedOn: r.day("signed_on"), AmountFen: r.v["amount_fen"].Num, Status: project.Status(r.text("status"))}})
		if err := im.done(r, out.Outcome, err, refused); err != nil {
			return err
		}
	}
	return nil
}
