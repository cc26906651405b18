package app

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/library"
	"xinhuo/internal/org"
)

// library is a document that a unit issued for itself and those above it, with a report about it, and one that everybody may see.
func (s *seeder) library(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	take := func(name, text string, as library.Document) (library.Document, error) {
		in, err := s.a.Library.Take(s.ctx, name+".txt", strings.NewReader(text))
		if err != nil {
			return library.Document{}, err
		}
		as.Category = "work.summary"
		refs, err := s.a.Library.Create(s.ctx, u.ID, []library.Incoming{in}, as)
		if err != nil {
			return library.Document{}, err
		}
		s.seeds.add("library"+string(as.Visible), u.Code, refs[0].String())
		if err := s.a.Library.Issue(s.ctx, refs[0], 1, true); err != nil {
			return library.Document{}, err
		}
		d, _, err := s.a.Library.Get(s.ctx, refs[0])
		s.seeds.add("library"+string(as.Visible)+"no", u.Code, strconv.FormatInt(d.No, 10))
		return d, err
	}
	if _, err := take("公开的文件"+u.Code, "这份文件人人都能看。"+u.Code, library.Document{Visible: library.VisiblePublic}); err != nil {
		return err
	}
	d, err := take(w("libtitle"), w("libtext")+"，这里写一写本单位的工作。《"+w("libcited")+"》", library.Document{Visible: library.VisibleAbove, Source: w("libsource"), Summary: w("libsummary"),
		Paper: library.Paper{Issuers: w("libissuers"), Number: w("libnumber")}, Speaker: library.Speaker{Person: w("libspeaker"), Unit: u.ID, On: harnessDay}})
	if err != nil {
		return err
	}
	if _, err := s.a.Library.Report(s.ctx, d.No, "wrong", w("libreport")); err != nil {
		return err
	}
	reports, err := s.a.Library.Reports(s.ctx, d.No)
	if err != nil {
		return err
	}
	s.seeds.add("libraryreport", u.Code, reports[0].Ref().String())
	set, err := s.a.Library.SaveCollection(s.ctx, library.Collection{Unit: u.ID, Title: w("libcollection"), Note: w("libnote"), Visible: library.VisibleAbove})
	if err != nil {
		return err
	}
	s.seeds.add("librarycollection", u.Code, set.String())
	if err := s.a.Library.Collect(s.ctx, set, d.No, true); err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create(w("libbulk") + ".exe"); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	sender := scope.System(w("libsender"))
	sender.Account, sender.Unit, sender.Pos = 1, u.ID, u.Pos
	up, err := s.a.Library.Part(scope.With(s.ctx, sender), "0123456789abcdef", w("libzip")+".zip", int64(b.Len()), 0, true, &b)
	if err != nil {
		return err
	}
	batch, err := s.a.Library.TakeZip(scope.With(s.ctx, sender), u.ID, up.ID, library.Document{Category: "other", Visible: library.VisibleUnit}, false)
	if err != nil {
		return err
	}
	s.seeds.add("librarybatch", u.Code, batch.String())
	if err := s.a.Library.WorkBatches(s.ctx); err != nil {
		return err
	}
	member := scope.System("member")
	member.Account, member.Unit = 1, u.ID
	if err := s.a.Library.Say(scope.With(s.ctx, member), d.No, w("libcomment")); err != nil {
		return err
	}
	doc, _, _, err := s.a.Library.Number(s.ctx, d.No)
	if err != nil {
		return err
	}
	said, err := s.a.Library.Comments(s.ctx, doc, false)
	if err == nil {
		s.seeds.add("librarycomment", u.Code, said[0].Ref().String())
	}
	return err
}
