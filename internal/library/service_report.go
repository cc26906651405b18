package library

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// decideWithin is how many days somebody has to decide about a report, and about an appeal.
const decideWithin = 7

// mostOpen is how many undecided reports of one document are taken; it is looked at because of the first.
const mostOpen = 20

// mostOwn is how many of their own reports somebody is shown.
const mostOwn = 100

const (
	reportsPerDay  = 20 // of one account
	reportsPerHour = 5  // of visitors from one network address, at one server
)

// Receipt is what became of a report, for whoever holds its receipt, with the document's title as it was called when it could be
// seen. NotFound for all other numbers.
func (s *Service) Receipt(ctx context.Context, receipt string) (r Report, title string, err error) {
	none := errs.New(errs.NotFound, "library.receipt_unknown")
	if receipt = anon.Digits(receipt); receipt == "" {
		return r, "", none
	}
	if r, err = s.reportByReceiptAcrossUnits(ctx, receipt); err != nil {
		return r, "", none
	}
	v, _, err := s.book.Get(scope.With(ctx, scope.System("library")), id.Ref{Root: r.Root, ID: r.Doc})
	if err != nil {
		return r, "", none
	}
	return r, v.Title, nil
}

// mostVisitors is how many networks are remembered from which visitors reported.
const mostVisitors = 10_000

func auditOf(act string, ref id.Ref, v Document, pos int64) audit.Entry {
	return audit.Entry{Act: act, Subject: Kind, Ref: ref, Pos: pos, Unit: v.Unit, Detail: map[string]any{"no": v.No}}
}

// above is the unit that decides over another: the one right above it, itself where there is none.
func (s *Service) above(ctx context.Context, u org.Unit) (org.Unit, error) {
	list, err := s.org.Above(ctx, u, clock.Today(ctx))
	if err != nil {
		return u, err
	}
	return list[0], nil
}

// Report takes somebody's word that a document that they see should not stand here: the office above its unit has a week to
// decide. With the receipt they read what was decided. Throttled when somebody with an account reports more than reportsPerDay.
func (s *Service) Report(ctx context.Context, no int64, ground, words string) (receipt string, err error) {
	defer errs.Wrapf(&err, "library.Report %d", no)
	words = strings.TrimSpace(words)
	var f errs.Fields
	if !slices.Contains(Grounds, ground) {
		f.Add("ground", "library.ground_missing")
	}
	if words == "" {
		f.Add("words", "library.words_missing")
	} else if utf8.RuneCountInString(words) > maxWords {
		f.Add("words", "library.too_long", "N", maxWords)
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	if receipt, err = anon.NewReceipt(); err != nil {
		return "", err
	}
	return receipt, s.db.Tx(ctx, func(ctx context.Context) error {
		ref, v, _, err := s.Number(ctx, no)
		if err != nil {
			return err
		}
		a, now := scope.From(ctx), clock.Millis(ctx)
		if a.Account != 0 {
			if n, err := s.reportsSince(ctx, a.Account, now-24*hour); err != nil {
				return err
			} else if n >= reportsPerDay {
				return errs.New(errs.Throttled, "library.reports_many")
			}
		}
		open, err := s.openReportsAcrossUnits(ctx, ref.ID)
		if err != nil {
			return err
		}
		if open >= mostOpen { // it is being looked at
			return errs.New(errs.Conflict, "library.reported_enough")
		}
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		at, err := s.above(ctx, u)
		if err != nil {
			return err
		}
		r := Report{Root: ref.Root, ID: id.New(), Doc: ref.ID, Unit: at.ID, Pos: at.Pos, Ground: ground, Words: words, By: a.Account, ByName: a.Name, ByUnit: a.Unit, Receipt: receipt,
			At: now, Due: clock.Today(ctx).AddDays(decideWithin), State: ReportOpen}
		if err := s.insertReport(ctx, r); err != nil {
			return err
		}
		if err := s.audit.Log(ctx, auditOf("library.act.report", ref, v, u.Pos)); err != nil {
			return err
		}
		return s.task(ctx, r, v, "library.task.decide")
	})
}

// OwnReport is what the reader reported, with the document that it is about.
type OwnReport struct {
	Report
	No    int64
	Title string
}

// OwnReports are what the reader reported, the newest first: each as its receipt shows it.
func (s *Service) OwnReports(ctx context.Context) ([]OwnReport, error) {
	list, err := s.reportsBy(ctx, scope.From(ctx).Account, mostOwn)
	if err != nil {
		return nil, err
	}
	var out []OwnReport
	for _, x := range list {
		v, _, err := s.book.Get(scope.With(ctx, scope.System("library")), id.Ref{Root: x.Root, ID: x.Doc})
		if errs.Is(err, errs.NotFound) { // it was taken out
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, OwnReport{x, v.No, v.Title})
	}
	return out, nil
}

func (s *Service) task(ctx context.Context, r Report, v Document, title string) error {
	return s.flow.AddTask(ctx, flow.NewTask{Key: taskKey(r), Unit: r.Unit, Pos: r.Pos, TitleKey: title, Why: "library.task.why", Args: map[string]any{"Title": flow.Brief(v.Title), "Words": flow.Brief(r.Words)},
		Due: r.Due, Link: reportPath(r.Ref())})
}

func taskKey(r Report) string { return fmt.Sprintf("library.report:%s:%s", r.Ref(), r.State) }

// Reports are those about a document, the newest first, for whoever may view its unit.
func (s *Service) Reports(ctx context.Context, no int64) ([]Report, error) {
	ref, v, _, err := s.Number(ctx, no)
	if err != nil {
		return nil, err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil || !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, err
	}
	return s.reportsOfAcrossUnits(ctx, ref.ID, mostOpen)
}

// reported reads a report with its document for whoever may view the document's unit.
func (s *Service) reported(ctx context.Context, ref id.Ref) (r Report, doc id.Ref, v Document, ver record.Version, err error) {
	none := errs.New(errs.NotFound, "errs.not_found")
	if r, err = s.reportAcrossUnits(ctx, ref); err != nil {
		return r, doc, v, ver, none
	}
	doc = id.Ref{Root: r.Root, ID: r.Doc}
	a := scope.From(ctx)
	if v, ver, err = s.book.Get(scope.With(ctx, scope.System("library")), doc); err != nil {
		return r, doc, v, ver, none
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return r, doc, v, ver, err
	}
	if !a.May(scope.View, u.Pos) {
		return Report{}, doc, Document{}, ver, none
	}
	return r, doc, v, ver, nil
}

// Decide says whether a document that was reported stays. Withdrawn it is by the office's word, and its unit may ask the
// next office above once; what that one decides stands.
func (s *Service) Decide(ctx context.Context, ref id.Ref, keep bool, why string) (err error) {
	defer errs.Wrapf(&err, "library.Decide %s", ref)
	if why = strings.TrimSpace(why); why == "" {
		var f errs.Fields
		f.Add("why", "library.why_missing")
		return f.Err()
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		r, doc, v, ver, err := s.reported(ctx, ref)
		if err != nil {
			return err
		}
		if !scope.From(ctx).May(scope.Work, r.Pos) {
			return errs.New(errs.Forbidden, "errs.not_yours")
		}
		was := r
		switch {
		case r.State == ReportOpen && keep:
			r.State = ReportRejected
		case r.State == ReportOpen:
			r.State = ReportUpheld
		case r.State == ReportAppealed:
			r.State = ReportFinal
		default:
			return errs.New(errs.Conflict, "library.decided_already")
		}
		r.Decision, r.DecidedBy, r.DecidedAt = why, scope.From(ctx).Name, clock.Now(ctx).UnixMilli()
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		wide := scope.Widened(ctx, u.Pos, true)
		switch {
		case !keep && v.State == Issued:
			v.State = Withdrawn
			err = s.book.Save(wide, doc, ver.N, v, record.Change{Act: "library.act.upheld", Reason: why})
		case keep && was.State == ReportAppealed && v.State == Withdrawn:
			v.State = Issued
			err = s.book.Save(wide, doc, ver.N, v, record.Change{Act: "library.act.restored", Reason: why})
		}
		if err != nil {
			return err
		}
		return s.settle(ctx, was, r, v, "library.task.decided")
	})
}

// mayAppeal tells whether whoever asks speaks for the unit of a document that was taken down, and not for the office that took it down: nobody appeals against themself.
func mayAppeal(ctx context.Context, r Report, home org.Unit) bool {
	a := scope.From(ctx)
	return a.May(scope.Work, home.Pos) && !a.May(scope.Work, r.Pos)
}

// Appeal lets the document's unit ask the office above the one that had it withdrawn.
func (s *Service) Appeal(ctx context.Context, ref id.Ref, words string) (err error) {
	defer errs.Wrapf(&err, "library.Appeal %s", ref)
	var f errs.Fields
	if words = strings.TrimSpace(words); words == "" {
		f.Add("words", "library.words_missing")
	} else if utf8.RuneCountInString(words) > maxWords {
		f.Add("words", "library.too_long", "N", maxWords)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		r, _, v, _, err := s.reported(ctx, ref)
		if err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		if r.State != ReportUpheld {
			return errs.New(errs.Conflict, "library.no_appeal")
		}
		if !mayAppeal(ctx, r, u) {
			return errs.New(errs.Forbidden, "errs.not_yours")
		}
		was := r
		decider, err := s.rec.Home(ctx, r.Unit)
		if err != nil {
			return err
		}
		at, err := s.above(ctx, decider)
		if err != nil {
			return err
		}
		r.State, r.Appeal, r.Unit, r.Pos, r.Due = ReportAppealed, words, at.ID, at.Pos, clock.Today(ctx).AddDays(decideWithin)
		if err := s.settle(ctx, was, r, v, ""); err != nil {
			return err
		}
		return s.task(ctx, r, v, "library.task.appeal")
	})
}

// settle keeps a report's new state, ends the task of the old one and, with a title, tells the document's unit.
func (s *Service) settle(ctx context.Context, was, r Report, v Document, title string) error {
	ok, err := s.updateReport(ctx, r, was.State)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Conflict, "library.decided_already")
	}
	if err := s.flow.DoneTask(ctx, taskKey(was)); err != nil || title == "" {
		return err
	}
	if r.ByUnit != 0 {
		u, err := s.rec.Home(ctx, r.ByUnit)
		if err != nil {
			return err
		}
		if err := s.flow.AddTask(ctx, flow.NewTask{Key: taskKey(r) + ":by", Unit: u.ID, Pos: u.Pos, Kind: flow.KindNote, TitleKey: title, Why: "library.task.decided_why",
			Args: map[string]any{"Title": flow.Brief(v.Title), "Words": flow.Brief(r.Decision)}, Link: receiptPath(r.Receipt)}); err != nil {
			return err
		}
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	return s.flow.AddTask(ctx, flow.NewTask{Key: taskKey(r), Unit: u.ID, Pos: u.Pos, Kind: flow.KindNote, TitleKey: title, Why: "library.task.decided_why",
		Args: map[string]any{"Title": flow.Brief(v.Title), "Words": flow.Brief(r.Decision)}, Link: reportPath(r.Ref())})
}
