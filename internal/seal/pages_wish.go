package seal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

func wishPath(ref id.Ref, tail string) string { return "/wishes/" + ref.String() + tail }

func wishesOf(u org.Unit) ui.Link { return ui.Link{Href: "/wishes?unit=" + u.ID.String()} }

// wishes lists what guardians and minors asked of a unit; names stand on the page of each.
func (s *Service) wishes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.WishesOf(ctx, u)
	if err != nil {
		return err
	}
	title := tr(ctx, "seal.wishes")
	v := sheet{Heading: ui.Heading{Title: title, Under: u.Name}, Lead: tr(ctx, "seal.wishes_lead", "N", wishDays)}
	if keeper(ctx, u) {
		v.Top = []ui.Button{{Text: tr(ctx, "seal.do.wish"), Href: "/wishes/new?unit=" + u.ID.String(), Main: true}}
	}
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: tr(ctx, "seal.f.no")}, {Text: tr(ctx, "seal.f.kind"), Label: true}, {Text: tr(ctx, "seal.f.received"), Label: true}, {Text: tr(ctx, "seal.f.due"), Label: true}, {Text: tr(ctx, "seal.state")}}}
	today := clock.Today(ctx)
	for _, x := range list {
		no := ui.To("№"+x.No, wishPath(x.Ref(), ""))
		if !keeper(ctx, u) {
			no = ui.Text("№" + x.No)
		}
		t.Rows = append(t.Rows, ui.Row{ID: x.Ref().String(), Bad: x.Open() && x.Due < today, Cells: []ui.Cell{no, ui.Text(tr(ctx, "seal.wish."+x.Kind)), ui.Text(i18n.Day(ctx, x.Received)), ui.Text(i18n.Day(ctx, x.Due)), wishState(ctx, x)}})
	}
	v.Parts = []part{{ID: "list", Table: &t, Empty: tr(ctx, "seal.wishes_none"), Why: tr(ctx, "seal.wishes_none_why")}}
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: u.Name, Href: "/unit/" + u.ID.String()}, {Text: tr(ctx, "seal.kept"), Href: "/seal?unit=" + u.ID.String()}, {Text: title}}}, sheetTempl(v))
}

func wishState(ctx context.Context, x Wish) ui.Cell {
	switch {
	case !x.Open():
		return ui.State(tr(ctx, "seal.result."+x.Outcome), "p")
	case x.Due < clock.Today(ctx):
		return ui.State(tr(ctx, "seal.wish_late"), "w")
	}
	return ui.State(tr(ctx, "seal.wish_open"), "-")
}

func (s *Service) wishForm(w http.ResponseWriter, r *http.Request) error {
	f := blank()
	f.Set("received", string(clock.Today(r.Context())))
	return s.askWish(w, r, f, nil)
}

func (s *Service) askWish(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if err := s.tends(ctx, u); err != nil {
		return err
	}
	name, phone, words := input(ctx, f, ui.KindText, "name"), input(ctx, f, ui.KindTel, "phone"), input(ctx, f, ui.KindArea, "words")
	name.Autocomplete, phone.Autocomplete = "off", "off"
	phone.Optional, words.Optional, words.Lines = true, true, 3
	v := formView{Lead: tr(ctx, "seal.lead.wish"), Back: ui.Link{Text: tr(ctx, "seal.wishes"), Href: wishesOf(u).Href}, Fields: []ui.Input{
		choose(ctx, input(ctx, f, ui.KindRadio, "kind"), "seal.wish.", Wishes), choose(ctx, input(ctx, f, ui.KindRadio, "asker"), "seal.asker.", Askers), name, phone,
		choose(ctx, input(ctx, f, ui.KindRadio, "proof"), "seal.proof.", Proofs), input(ctx, f, ui.KindDate, "received"), words},
		Spec: ui.FormSpec{Action: "/wishes/new?unit=" + u.ID.String(), Submit: tr(ctx, "seal.do.wish"), Key: f.Key()}}
	return s.formPage(w, r, web.Page{Title: tr(ctx, "seal.do.wish")}, v, failed)
}

func (s *Service) wishAdd(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		ref, err := s.AddWish(ctx, u.ID, Wish{Kind: f.Text("kind"), Asker: f.Text("asker"), Proof: f.Text("proof"), Received: f.Day("received"), Name: f.Text("name"), Phone: f.Text("phone"), Words: f.Text("words")})
		return wishPath(ref, ""), err
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askWish(w, r, f, err)
}

func (s *Service) wishOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		err = web.NotFound(r)
	}
	return ref, err
}

// wishPage is where a wish is answered: who asks, what is kept of them and where, and what can be done about it.
func (s *Service) wishPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := s.wishOf(r)
	if err != nil {
		return err
	}
	x, found, err := s.Wish(ctx, ref)
	if err != nil {
		return err
	}
	title := tr(ctx, "seal.wish_one", "No", x.No)
	v := sheet{Heading: ui.Heading{Title: title, Under: tr(ctx, "seal.wish."+x.Kind)}}
	fact := func(key, text string) ui.Fact { return ui.Fact{Label: tr(ctx, key), Text: text} }
	facts := []ui.Fact{fact("seal.f.asker", tr(ctx, "seal.asker."+x.Asker)), fact("seal.f.name", x.Name), fact("seal.f.phone", x.Phone), fact("seal.f.proof", tr(ctx, "seal.proof."+x.Proof)),
		fact("seal.f.received", i18n.Day(ctx, x.Received)), fact("seal.f.due", i18n.Day(ctx, x.Due)), fact("seal.f.words", x.Words)}
	if !x.Open() {
		facts = append(facts, fact("seal.f.answered", i18n.Day(ctx, x.Answered)+" "+x.ByName), fact("seal.f.outcome", tr(ctx, "seal.result."+x.Outcome)))
	}
	v.Parts = append(v.Parts, part{ID: "who", Title: tr(ctx, "seal.wish_who_asks"), Facts: said(facts)})
	t := ui.Table{Caption: tr(ctx, "seal.wish_found"), Columns: []ui.Column{{Text: tr(ctx, "seal.matter")}, {Text: tr(ctx, "seal.what"), Label: true}, {Text: tr(ctx, "seal.who_opens"), Label: true}, {Text: tr(ctx, "seal.stays"), Label: true, Block: true}}}
	var erasable int
	type line struct {
		of   id.Ref
		kind string
	}
	many := map[line]int{} // the words of one matter are one line
	for _, f := range found {
		if f.Erasable() {
			erasable++
		}
		many[line{f.Of, f.Kind}]++
	}
	for _, f := range found {
		n := many[line{f.Of, f.Kind}]
		if many[line{f.Of, f.Kind}] = 0; n == 0 {
			continue
		}
		label := f.Matter.Label(ctx, f.Kind)
		if n > 1 {
			label = tr(ctx, "seal.so_many", "What", label, "N", n)
		}
		what, stays := ui.Text(label), tr(ctx, "seal.stays_not")
		if x.Kind == ToCorrect && x.Open() && s.correctable(f) {
			what = ui.To(tr(ctx, "seal.do.correct_it", "What", f.Matter.Label(ctx, f.Kind)), wishPath(ref, "/correct?record="+f.Record.String()))
		}
		if !f.Erasable() {
			stays = tr(ctx, f.Hold.Erase)
		}
		if f.Hold.Tell != "" {
			what.Sub = tr(ctx, "seal.not_told", "Why", tr(ctx, f.Hold.Tell))
		}
		t.Rows = append(t.Rows, ui.Row{ID: f.Record.String(), Cells: []ui.Cell{ui.To(f.Matter.Title, f.Matter.Href), what, ui.To(tr(ctx, "seal.see"), here(f.Of, "")), ui.Text(stays)}})
	}
	p := part{ID: "found", Title: tr(ctx, "seal.wish_found"), Lead: tr(ctx, "seal.wish_found_lead"), Table: &t, Empty: tr(ctx, "seal.wish_found_none"), Why: tr(ctx, "seal.wish_found_why")}
	if len(found) > 0 {
		p.Do = append(p.Do, ui.Button{Text: tr(ctx, "seal.do.sheet"), Href: wishPath(ref, "/sheet")})
		if x.Kind == ToErase && x.Open() && erasable > 0 {
			p.Do = append(p.Do, ui.Button{Text: tr(ctx, "seal.do.erase_named", "N", erasable), Href: wishPath(ref, "/erase")})
		}
	}
	v.Parts = append(v.Parts, p)
	looked, err := s.lookedFor(ctx, x)
	if err != nil {
		return err
	}
	v.Parts = append(v.Parts, part{ID: "looked", Title: tr(ctx, "seal.wish_looked"), Lead: tr(ctx, "seal.wish_looked_lead"), Words: []string{looked}})
	if x.Open() {
		v.Top = []ui.Button{{Text: tr(ctx, "seal.do.answer"), Href: wishPath(ref, "/answer"), Main: true}}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: tr(ctx, "seal.wishes"), Href: "/wishes?unit=" + x.Unit.String()}, {Text: title}}}, sheetTempl(v))
}

// lookedFor names who has opened a wish so far: each of them looked through what they keep.
func (s *Service) lookedFor(ctx context.Context, x Wish) (string, error) {
	rows, err := s.Readings(ctx, wishOwner(x), "open", 0, sheetReadings)
	var names []string
	for _, r := range rows {
		if r.Refused == 0 && r.ActorName != "" && !slices.Contains(names, r.ActorName) {
			names = append(names, r.ActorName)
		}
	}
	return strings.Join(names, tr(ctx, "seal.comma")), err
}

// said leaves out what nobody said.
func said(list []ui.Fact) (out []ui.Fact) {
	for _, a := range list {
		if a.Text != "" {
			out = append(out, a)
		}
	}
	return out
}

// sheetReadings bounds how many readings stand on the sheet for a matter, the latest.
const sheetReadings = 50

// wishSheet is what is kept of whom a wish is about and who has looked at it, to be printed and handed over.
func (s *Service) wishSheet(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := s.wishOf(r)
	if err != nil {
		return err
	}
	x, told, err := s.Tell(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.org.Unit(ctx, x.Unit)
	if err != nil {
		return err
	}
	title := tr(ctx, "seal.sheet")
	v := sheet{Heading: ui.Heading{Title: title, Under: u.Name}, Lead: tr(ctx, "seal.sheet_lead", "Name", x.Name+x.nameless(), "No", x.No, "Day", i18n.Day(ctx, clock.Today(ctx)))}
	for i, f := range told {
		p := part{ID: "r" + strconv.Itoa(i), Title: f.Found.Matter.Title, Lead: f.Found.Matter.Label(ctx, f.Found.Kind)}
		for _, pair := range f.Fields {
			p.Facts = append(p.Facts, ui.Fact{Label: tr(ctx, pair.Name), Text: pair.Text})
		}
		if i+1 < len(told) && told[i+1].Found.owner().Of == f.Found.owner().Of { // who has looked stands once, below all of a matter
			v.Parts = append(v.Parts, p)
			continue
		}
		rows, err := s.Readings(ctx, f.Found.owner(), "open", 0, sheetReadings)
		if err != nil {
			return err
		}
		looked, err := s.readingTable(ctx, f.Found.Matter, rows)
		if err != nil {
			return err
		}
		p.Table, p.Empty, p.Why = &looked, tr(ctx, "seal.no_reading"), tr(ctx, "seal.no_reading_why")
		v.Parts = append(v.Parts, p)
	}
	v.Parts = append(v.Parts, part{ID: "rights", Title: tr(ctx, "seal.sheet_rights"), Words: []string{tr(ctx, "seal.sheet_rights_text")}})
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: tr(ctx, "seal.wish_one", "No", x.No), Href: wishPath(ref, "")}, {Text: title}}}, sheetTempl(v))
}

// nameless is what stands for the name of somebody of whom only a telephone was said.
func (x Wish) nameless() string {
	if x.Name == "" {
		return x.Phone
	}
	return ""
}

func (s *Service) answerForm(w http.ResponseWriter, r *http.Request) error {
	return s.askAnswer(w, r, blank(), nil)
}

func (s *Service) askAnswer(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	ref, err := s.wishOf(r)
	if err != nil {
		return err
	}
	x, _, err := s.wish(ctx, ref)
	if err != nil {
		return err
	}
	ver := strconv.FormatInt(x.Ver, 10)
	words := input(ctx, f, ui.KindArea, "answer")
	words.Lines, words.MaxLength = 3, maxText
	v := formView{Lead: tr(ctx, "seal.lead.answer"), Back: ui.Link{Text: tr(ctx, "seal.wish_one", "No", x.No), Href: wishPath(ref, "")}, Fields: []ui.Input{choose(ctx, input(ctx, f, ui.KindRadio, "outcome"), "seal.result.", Results), words},
		Spec: ui.FormSpec{Action: wishPath(ref, "/answer"), Submit: tr(ctx, "seal.do.answer"), Key: f.Key(), Hidden: []ui.Pair{{Name: "_version", Value: ver}}}}
	if !x.Open() {
		v.None = tr(ctx, "seal.wish_answered")
	}
	return s.formPage(w, r, web.Page{Title: tr(ctx, "seal.do.answer")}, v, failed)
}

func (s *Service) answerDo(w http.ResponseWriter, r *http.Request) error {
	ref, err := s.wishOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return wishPath(ref, ""), s.Answer(ctx, ref, f.Version(), f.Text("outcome"), f.Text("answer"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askAnswer(w, r, f, err)
}

func (s *Service) correctForm(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Get("record") == "" { // a form that was sent is read again
		ref, err := s.wishOf(r)
		if err == nil {
			_, _, err = s.wish(r.Context(), ref)
		}
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, wishPath(ref, ""))
	}
	return s.askCorrect(w, r, nil, nil)
}

// askCorrect shows a record that was found for a wish, field by field; after a refusal with what was typed.
func (s *Service) askCorrect(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	ref, record, err := s.wrongOf(r)
	if err != nil {
		return err
	}
	x, at, fields, err := s.Wrong(ctx, ref, record)
	if err != nil {
		return err
	}
	v := formView{Lead: tr(ctx, "seal.lead.correct"), Back: ui.Link{Text: tr(ctx, "seal.wish_one", "No", x.No), Href: wishPath(ref, "")}, Spec: ui.FormSpec{Action: wishPath(ref, "/correct?record="+record.String()), Submit: tr(ctx, "seal.do.correct")}}
	if x.Words != "" {
		v.Answers = []ui.Answer{{Label: tr(ctx, "seal.f.words"), Text: x.Words}}
	}
	for _, y := range fields {
		in := ui.Input{Name: y.Name, Label: tr(ctx, y.Key), Value: y.Text, Sealed: true, Autocomplete: "off", Optional: y.Text == ""}
		if f != nil {
			in.Value = f.Get(y.Name)
		}
		if len([]rune(y.Text)) > 24 || strings.Contains(y.Text, "\n") {
			in.Kind, in.Lines = ui.KindArea, 5
		}
		v.Fields = append(v.Fields, in)
	}
	if x.Kind != ToCorrect || !x.Open() {
		v.None = tr(ctx, "seal.wish_not_correct")
	}
	return s.formPage(w, r, web.Page{Title: tr(ctx, "seal.do.correct_it", "What", at.Matter.Title)}, v, failed)
}

// wrongOf are the wish and the record of the address.
func (s *Service) wrongOf(r *http.Request) (ref, record id.Ref, err error) {
	if ref, err = s.wishOf(r); err != nil {
		return ref, record, err
	}
	if record, err = id.ParseRef(r.URL.Query().Get("record")); err == nil {
		return ref, record, nil
	}
	if _, _, err = s.wish(r.Context(), ref); err == nil { // who may not see the wish hears that first
		err = web.NotFound(r)
	}
	return ref, record, err
}

func (s *Service) correctDo(w http.ResponseWriter, r *http.Request) error {
	ref, record, err := s.wrongOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		fields := map[string]string{}
		for name := range f.Values {
			fields[name] = f.Text(name)
		}
		return wishPath(ref, ""), s.CorrectNamed(ctx, ref, record, fields)
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askCorrect(w, r, f, err)
}

func (s *Service) eraseNamedForm(w http.ResponseWriter, r *http.Request) error {
	return s.askEraseNamed(w, r, nil)
}

func (s *Service) askEraseNamed(w http.ResponseWriter, r *http.Request, failed error) error {
	ctx := r.Context()
	ref, err := s.wishOf(r)
	if err != nil {
		return err
	}
	x, found, err := s.Wish(ctx, ref)
	if err != nil {
		return err
	}
	v := formView{Lead: tr(ctx, "seal.lead.sure"), Back: ui.Link{Text: tr(ctx, "seal.leave"), Href: wishPath(ref, "")}, Spec: ui.FormSpec{Action: wishPath(ref, "/erase"), Submit: tr(ctx, "seal.do.sure")}}
	n := 0
	for _, f := range found {
		text := f.Matter.Title
		if f.Erasable() {
			n++
		} else {
			text = tr(ctx, "seal.stays_why", "Title", text, "Why", tr(ctx, f.Hold.Erase))
		}
		v.Answers = append(v.Answers, ui.Answer{Label: f.Matter.Label(ctx, f.Kind), Text: text})
	}
	if n == 0 || x.Kind != ToErase || !x.Open() {
		v.None = tr(ctx, "seal.nothing_left")
	}
	return s.formPage(w, r, web.Page{Title: tr(ctx, "seal.do.erase_named", "N", n)}, v, failed)
}

func (s *Service) eraseNamedDo(w http.ResponseWriter, r *http.Request) error {
	ref, err := s.wishOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		_, err := s.EraseNamed(ctx, ref)
		return wishPath(ref, ""), err
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askEraseNamed(w, r, err)
}
