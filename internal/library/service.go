package library

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Service keeps the documents; right, log, versions, undo and postings are the book's.
type Service struct {
	store
	rec        *record.Service
	org        *org.Service
	led        *ledger.Service
	flow       *flow.Service
	audit      *audit.Service
	blobs      blob.Store
	book       *record.Book[Document]
	pdf        PDF
	live       func(ctx context.Context, ref id.Ref) (Standing, error)
	drawn      drawings
	opened     openings
	guests     anon.Crowd
	office     Office
	projects   Projects
	waiting    waiting
	afterOne   func(b batch) // a test stops the work here
	rare       rareWords
	guestPages int
	address    func(*http.Request) string // the network address of a request
	site       Site
}

// The acts on a document.
const (
	ActEdit     = "edit"
	ActIssue    = "issue"
	ActWithdraw = "withdraw"
	ActReplace  = "replace"
	ActSubmit   = "submit"
	ActRemove   = "remove"
	ActSpeaker  = "speaker"
	ActPaper    = "paper"
	ActProject  = "project"
)

// New opens the book and the index of words.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, au *audit.Service, blobs blob.Store) *Service {
	s := &Service{guestPages: GuestPages, address: func(r *http.Request) string { return r.RemoteAddr }, store: store{d, search.New(d, "library")}, rec: rec, led: led, org: o, flow: f, audit: au, blobs: blobs, guests: anon.Crowd{PerHour: reportsPerHour, Most: mostVisitors}}
	s.book = record.NewBook(rec, record.Kind[Document]{Name: Kind, Home: func(v Document) id.ID { return v.Unit }, Put: s.keep, Rows: rows, Facts: s.facts}, s.source())
	s.listen()
	return s
}

// SetAddress gives what tells the network address of a request, by which visitors are bounded.
func (s *Service) SetAddress(f func(*http.Request) string) { s.address = f }

// SetLive gives what tells how the numbers of a live document stand; it answers an error to whoever may not read it.
func (s *Service) SetLive(f func(ctx context.Context, ref id.Ref) (Standing, error)) { s.live = f }

// OfFile is the number of the document of a unit that has that very file.
func (s *Service) OfFile(ctx context.Context, unit id.ID, hash string) (no int64, there bool, err error) {
	list, err := s.ofFile(ctx, unit, hash)
	if err != nil || len(list) == 0 {
		return 0, false, err
	}
	return list[0], true, nil
}

func (s *Service) keep(ctx context.Context, ref id.Ref, v Document, gone bool) error {
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	was, err := s.fileOfAcrossUnits(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.put(ctx, ref, v, u.Range(), gone); err != nil {
		return err
	}
	if gone || len(was) == 0 || was[0] != v.File.Hash { // another text
		if err := s.cites(ctx, ref, v, gone); err != nil || gone {
			return err
		}
	}
	texts, err := s.searched(ctx, []Listed{{ID: ref.ID, Unit: v.Unit, Title: v.Title, Hash: v.File.Hash, Speaker: v.Speaker.Person, Number: v.Number, Issuers: v.Issuers, State: v.State, Visible: v.Visible}})
	if err != nil {
		return err
	}
	return s.index.Put(ctx, texts...)
}

func (s *Service) text(ctx context.Context, hash string) (Text, error) {
	body, err := s.textAcrossUnits(ctx, hash)
	if err != nil {
		return Text{}, err
	}
	return decodeText(body)
}

// UnitChanged keeps documents at their unit's place of today, or at its heir's.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	if err := s.moveReports(ctx, c.Unit, u.ID, u.Pos); err != nil {
		return err
	}
	if err := s.moveCollections(ctx, c.Unit, u.Range()); err != nil {
		return err
	}
	if err := s.move(ctx, c.Unit, u.Range()); err != nil {
		return err
	}
	return s.renamed(ctx, c.Unit)
}

// Create keeps what was taken in as drafts of a unit, in the order of list, each with a number of its own.
func (s *Service) Create(ctx context.Context, unit id.ID, list []Incoming, as Document) (refs []id.Ref, err error) {
	defer errs.Wrapf(&err, "library.Create")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		refs = nil
		for _, in := range list {
			v := as
			v.Unit, v.Title = unit, in.Text.title(in.Name)
			ref, err := s.create(ctx, v, in)
			if err != nil {
				return err
			}
			refs = append(refs, ref)
		}
		return nil
	})
	return refs, err
}

// create keeps a draft with its file, or without one where in has none.
func (s *Service) create(ctx context.Context, v Document, in Incoming) (ref id.Ref, err error) {
	c, a, today := record.Change{Act: "library.act.create"}, scope.From(ctx), clock.Today(ctx)
	if err := s.book.MayCreate(ctx, v, c); err != nil { // before what was typed is looked at
		return ref, err
	}
	v.State, v.Issued, v.Uploaded, v.By, v.ByName = Draft, clock.Open, today, a.Account, a.Name
	v = v.from(in).clean()
	tree, err := s.categories(ctx)
	if err != nil {
		return ref, err
	}
	f := v.problems(today.Year())
	var filed errs.Fields
	if v.Category, filed = tree.files(v, ""); len(filed) > 0 && v.Live != "" && len(tree.Leaves()) > 0 { // nobody is there to choose
		v.Category, filed = tree.Leaves()[0].Code, nil
	}
	if err := append(f, filed...).Err(); err != nil {
		return ref, err
	}
	if err := s.speakerFits(ctx, v.Speaker); err != nil {
		return ref, err
	}
	if err := s.projectFits(ctx, v); err != nil {
		return ref, err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return ref, err
	}
	if !v.TitleOnly() {
		if err := s.keepText(ctx, u.Root(), in); err != nil {
			return ref, err
		}
	}
	if v.No, err = s.freeNumber(ctx, drawn()); err != nil {
		return ref, err
	}
	if ref, err = s.book.Create(ctx, v, c); err != nil {
		return ref, err
	}
	return ref, s.bindNumber(ctx, v.No, ref)
}

// drawn draws numbers of eight digits, after ten tries of ever more.
func drawn() func() int64 {
	low, tries := int64(10_000_000), 0
	return func() int64 {
		if tries++; tries%10 == 0 {
			low *= 10
		}
		return low + rand.Int64N(9*low)
	}
}

func (s *Service) keepText(ctx context.Context, root int64, in Incoming) error {
	body, err := json.Marshal(in.Text)
	if err != nil {
		return err
	}
	sketch := Sketch(in.Text.document().Text())
	return s.putText(ctx, root, in.Hash, string(body), hex.EncodeToString(sketch.Bytes()))
}

// from takes over what a file says about itself; a year is taken from the title, where it names one.
func (d Document) from(in Incoming) Document {
	d.File, d.Pages, d.Author = in.Kept, in.Text.Pages, in.Text.Author
	if d.Summary == "" {
		d.Summary = Summary(in.Text.Blocks)
	}
	return d
}

// seen reads a document for whoever may see it by the one rule; NotFound for all others, whether it is there or not.
func (s *Service) seen(ctx context.Context, l Listed, err error) (Document, record.Version, error) {
	if err != nil {
		return Document{}, record.Version{}, errs.New(errs.NotFound, "library.not_here")
	}
	u, err := s.rec.Home(ctx, l.Unit)
	if err != nil {
		return Document{}, record.Version{}, err
	}
	v, ver, err := s.book.Get(scope.Widened(ctx, u.Pos, false), l.Ref())
	v.Pages = l.Pages // as many as are shown, where they are (L7)
	return v, ver, err
}

// Get reads a document.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Document, record.Version, error) {
	l, err := s.byRef(ctx, scope.From(ctx), ref)
	return s.seen(ctx, l, err)
}

// Number reads the document that has a number.
func (s *Service) Number(ctx context.Context, no int64) (id.Ref, Document, record.Version, error) {
	l, err := s.byNumber(ctx, scope.From(ctx), no)
	v, ver, err := s.seen(ctx, l, err)
	return l.Ref(), v, ver, err
}

// Save corrects what is said about a document; Conflict when somebody was quicker.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, v Document) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.edit"}, func(ctx context.Context, was Document) (Document, error) {
		tree, err := s.categories(ctx)
		if err != nil {
			return v, err
		}
		v.No, v.Unit, v.State, v.Issued, v.File, v.Uploaded, v.By, v.ByName, v.Approval = was.No, was.Unit, was.State, was.Issued, was.File, was.Uploaded, was.By, was.ByName, was.Approval
		if was.State == Issued && tree.Reviewed(v.Category) && tree.Now(v.Category) != was.Category && !was.approved() {
			var f errs.Fields
			f.Add("category", "library.category_reviewed")
			return v, f.Err()
		}
		if v.Visible != was.Visible && was.State == Issued { // a wider circle is looked at again
			found, err := s.found(ctx, was)
			if err != nil {
				return v, err
			}
			if found > 0 && !v.Checked {
				var f errs.Fields
				f.Add("checked", "library.unchecked", "N", found)
				return v, f.Err()
			}
		}
		return v, nil
	})
}

// Issue lets those see a draft, or what was withdrawn, for whom it is. What was found of personal data has to be looked at
// first: checked says that it was.
func (s *Service) Issue(ctx context.Context, ref id.Ref, version int64, checked bool) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.issue"}, func(ctx context.Context, v Document) (Document, error) {
		tree, err := s.categories(ctx)
		if err != nil {
			return v, err
		}
		switch {
		case v.State == Issued:
			return v, errs.New(errs.Conflict, "library.issued_already")
		case v.State == Review:
			return v, errs.New(errs.Conflict, "library.in_review")
		case tree.Reviewed(v.Category) && !v.approved():
			return v, errs.New(errs.Conflict, "library.not_approved")
		}
		found, err := s.found(ctx, v)
		if err != nil {
			return v, err
		}
		if found > 0 && !checked {
			var f errs.Fields
			f.Add("checked", "library.unchecked", "N", found)
			return v, f.Err()
		}
		v.Checked = v.Checked || checked
		v.State, v.Issued = Issued, clock.Today(ctx)
		return v, nil
	})
}

// found counts pieces of personal data in a document's text.
func (s *Service) found(ctx context.Context, v Document) (int, error) {
	t, err := s.text(ctx, v.File.Hash)
	n := 0
	for _, x := range PersonalIn(t.Blocks) {
		if !x.Weak { // an office's telephone is no reason to ask
			n++
		}
	}
	return n, err
}

// Withdraw takes a document out of list, search, related documents and download for all but those who work at its unit.
func (s *Service) Withdraw(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason == "" {
		var f errs.Fields
		f.Add("reason", "library.reason_missing")
		return f.Err()
	}
	return s.change(ctx, ref, version, record.Change{Act: "library.act.withdraw", Reason: reason}, func(_ context.Context, v Document) (Document, error) {
		if v.State != Issued {
			return v, errs.New(errs.Conflict, "library.not_issued")
		}
		v.State = Withdrawn
		return v, nil
	})
}

// Replace puts a new file in a document's place: it becomes a draft again, under its number, and the old file stays in the
// history.
func (s *Service) Replace(ctx context.Context, ref id.Ref, version int64, in Incoming) error {
	return s.change(ctx, ref, version, record.Change{Act: "library.act.replace"}, func(ctx context.Context, v Document) (Document, error) {
		if v.State == Review {
			return v, errs.New(errs.Conflict, "library.in_review")
		}
		if err := s.keepText(ctx, ref.Root, in); err != nil {
			return v, err
		}
		v.State, v.Issued, v.Checked, v.Summary, v.Live = Draft, clock.Open, false, "", ""
		return v.from(in), nil
	})
}

// Remove takes out a document that was taken in by mistake; its number is not given again.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason == "" {
		var f errs.Fields
		f.Add("reason", "library.reason_missing")
		return f.Err()
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		v, _, err := s.book.Get(ctx, ref)
		if err == nil && v.State == Review {
			err = errs.New(errs.Conflict, "library.in_review")
		}
		if err != nil {
			return err
		}
		return s.book.Remove(ctx, ref, version, record.Change{Act: "library.act.remove", Reason: reason})
	})
}

// Undo takes one's own last change back within record.UndoFor.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.book.Undo(ctx, ref, version)
}

func (s *Service) change(ctx context.Context, ref id.Ref, version int64, c record.Change, do func(ctx context.Context, was Document) (Document, error)) (err error) {
	defer errs.Wrapf(&err, "%s %s", c.Act, ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		v, err := do(ctx, was)
		if err != nil {
			return err
		}
		v = v.clean()
		f := v.problems(clock.Today(ctx).Year())
		if v.Category != was.Category {
			tree, err := s.categories(ctx)
			if err != nil {
				return err
			}
			var filed errs.Fields
			v.Category, filed = tree.files(v, was.Category)
			f = append(f, filed...)
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.book.Save(ctx, ref, version, v, c)
	})
}

// List is a page of what the reader sees of the library, the best answers first where words are looked for, and how many there
// are in all; more says that there are more than are counted, of which the newest are.
func (s *Service) List(ctx context.Context, f Filter) (list []Listed, facets []Facet, total int, more bool, err error) {
	defer errs.Wrapf(&err, "library.List")
	a := scope.From(ctx)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		f, err := s.within(ctx, f)
		if err != nil {
			return err
		}
		if f, err = s.resolved(ctx, f); err != nil {
			return err
		}
		var found []tally
		if f.Words == "" {
			if found, err = s.newest(ctx, a, f, search.Most+1); err != nil {
				return err
			}
			if more = len(found) > search.Most; more {
				found = found[:search.Most]
			}
			if list, err = s.store.list(ctx, a, f); err != nil {
				return err
			}
		} else {
			q, err := s.Query(f.Words)
			if err != nil {
				return err
			}
			hits, left, err := s.find(ctx, a, q, f)
			if err != nil {
				return err
			}
			more = left
			var page []id.ID
			for i, h := range hits {
				found = append(found, h.Row)
				if i >= f.From && (f.Limit == 0 || i < f.From+f.Limit) {
					page = append(page, h.Doc)
				}
			}
			if list, err = s.inOrderAcrossUnits(ctx, page); err != nil {
				return err
			}
		}
		total, facets = len(found), counted(found)
		if more && f.Words == "" {
			facets, err = s.uncounted(ctx, a, f, facets)
		}
		return err
	})
	return list, facets, total, more, err
}

// uncounted adds to the facets of a large library, of which the newest documents are counted alone, the categories and years of all that the
// reader sees, without a number.
func (s *Service) uncounted(ctx context.Context, a scope.Actor, f Filter, facets []Facet) ([]Facet, error) {
	add := func(facet, value string) {
		if !slices.ContainsFunc(facets, func(x Facet) bool { return x.Facet == facet && x.Value == value }) {
			facets = append(facets, Facet{facet, value, 0})
		}
	}
	if f.Year == 0 {
		years, err := s.years(ctx, a, f)
		if err != nil {
			return nil, err
		}
		for _, y := range years {
			add("year", numbered(int64(y)))
		}
	}
	tree, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, c := range tree {
		if len(f.under) == 0 || slices.Contains(f.under, c.Code) {
			codes = append(codes, c.Code)
		}
	}
	if codes, err = s.used(ctx, a, f, codes); err != nil {
		return nil, err
	}
	for _, c := range codes {
		add("category", c)
	}
	return facets, nil
}

// Query takes apart what somebody typed, with other ways of writing it.
func (s *Service) Query(words string) (search.Query, error) { return search.Parse(words, Spellings()) }

// Text is the text of a document that the reader sees.
func (s *Service) Text(ctx context.Context, v Document) (Text, error) {
	return s.text(ctx, v.File.Hash)
}

// Cited is a document that the reader sees with the words of one of its points, by its anchor ("2.3"), and where it stands; NotFound when
// it has none with that anchor. Without one it is the whole document.
func (s *Service) Cited(ctx context.Context, no int64, anchor string) (title, point, href string, err error) {
	_, v, _, err := s.Number(ctx, no)
	if err != nil || anchor == "" {
		return v.Title, "", Path(no), err
	}
	t, err := s.Text(ctx, v)
	if err != nil {
		return "", "", "", err
	}
	for _, p := range Outline(t.Blocks) {
		if p.Anchor == anchor && !p.Missing {
			return v.Title, p.Label + flowBrief(p.Text), Path(no) + "/read?from=" + numbered(int64(p.Block)) + "#p" + anchor, nil
		}
	}
	return "", "", "", errs.New(errs.NotFound, "library.not_here")
}

// unitsOf are the units of a list.
func (s *Service) unitsOf(ctx context.Context, list []Listed) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	return s.org.ByIDs(ctx, ids)
}
