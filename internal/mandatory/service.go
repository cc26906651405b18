package mandatory

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// sealedKind is the kind of sealed records: what was found, and what was reported or why it was not.
const sealedKind = "mandatory.words"

// Service keeps duties to report.
type Service struct {
	store
	seal     *seal.Service
	flow     *flow.Service
	org      *org.Service
	rec      *record.Service
	audit    *audit.Service
	subjects []Subjects
}

// New makes the service, lends its box to the pages of units and tells the pages of seal what is sealed here.
func New(d *db.DB, rec *record.Service, o *org.Service, f *flow.Service, x *seal.Service, a *audit.Service) *Service {
	s := &Service{store: store{d}, rec: rec, org: o, flow: f, seal: x, audit: a}
	x.AddMatters(s.matter)
	x.AddClass(seal.Class{Kind: sealedKind, Name: "mandatory.sealed", Since: "mandatory.kept_since", Ground: "mandatory.kept_law", Days: keepDays, Least: 1095, Most: 10950, Over: s.over})
	x.AddSubject(seal.Subject{Kind: sealedKind, Held: s.held})
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

// keepDays is how long what was reported is kept after its end, unless somebody has set it otherwise: who had to report may have to show it.
const keepDays = 10 * 365

// over is the day on which a duty ended.
func (s *Service) over(ctx context.Context, of id.Ref) (clock.Day, error) {
	d, err := s.dutyAcrossUnits(ctx, of)
	if err != nil || d.State == Open {
		return clock.Open, err
	}
	return clock.DayOf(time.UnixMilli(d.EndedAt)), nil
}

// held keeps what was found and reported from being erased by hand: nobody gets out of a duty that way, and who reported may have to show it.
func (s *Service) held(context.Context, id.Ref, seal.Wish) (seal.Hold, error) {
	return seal.Hold{Erase: "mandatory.stays", Tell: "mandatory.stays", Stays: true}, nil
}

// AddSubjects tells what a duty can be found in; call it before serving.
func (s *Service) AddSubjects(f Subjects) { s.subjects = append(s.subjects, f) }

var errNone = errs.New(errs.NotFound, "errs.not_found")

func (s *Service) subject(ctx context.Context, of id.Ref) (Subject, error) {
	for _, find := range s.subjects {
		x, err := find(ctx, of)
		if !errs.Is(err, errs.NotFound) {
			return x, err
		}
	}
	return Subject{}, errNone
}

func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.move(ctx, c.Unit, u.ID, u.Pos)
}

// Passed follows a subject that was handed over to another unit; its owner has asked MayClose before.
func (s *Service) Passed(ctx context.Context, of id.Ref, to id.ID, pos int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		list, err := s.ofAcrossUnits(ctx, of)
		if err != nil {
			return err
		}
		for _, d := range list {
			if _, err := s.seal.Pass(ctx, d.Ref(), to); err != nil {
				return err
			}
		}
		return s.pass(ctx, of, to, pos)
	})
}

// ownerOf says who reads what is sealed of a duty: exactly those who read its subject, but for guests, who were let in to that alone.
func ownerOf(d Duty, x Subject) seal.Owner {
	o := x.Owner
	o.Kind, o.Of = sealedKind, d.Ref()
	return o
}

// Known is a duty without its words, for those who work at its unit or may read it; NotFound for all others.
func (s *Service) Known(ctx context.Context, ref id.Ref) (d Duty, x Subject, reads bool, err error) {
	if d, err = seal.Near(ctx, s.seal, ref, s.dutyAcrossUnits, func(d Duty) (id.ID, int64) { return d.Unit, d.Pos }); err != nil {
		return d, x, false, err
	}
	if x, err = s.subject(ctx, d.Of()); err != nil {
		return Duty{}, x, false, err
	}
	reads, err = s.seal.May(ctx, ownerOf(d, x))
	return d, x, reads, err
}

// worksAt tells whether the reader works in this very unit.
func worksAt(ctx context.Context, unit id.ID, pos int64) bool {
	a := scope.From(ctx)
	return a.Unit == unit && a.May(scope.Work, pos)
}

// refuse notes in the log that somebody of the unit tried what they may not.
func (s *Service) refuse(ctx context.Context, log audit.Entry) error {
	if err := s.audit.Refuse(ctx, log); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "mandatory.closed")
}

// keepers lets in who reads the subject and works at its unit, once they proved who they are. Who is refused stands in the log.
func (s *Service) keepers(ctx context.Context, o seal.Owner, unit id.ID, pos int64, log audit.Entry) error {
	keeps, err := s.seal.Keeps(ctx, o)
	switch {
	case err != nil:
		return err
	case keeps:
		return s.seal.Proved(ctx)
	case !worksAt(ctx, unit, pos):
		return errNone
	}
	return s.refuse(ctx, log)
}

// Start opens a duty: from now on its subject cannot be closed, and after an hour the unit above hears of it. While one of the same
// situation is open it is that one, so that a form sent twice makes one. words may be empty.
func (s *Service) Start(ctx context.Context, of id.Ref, key, words string) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "mandatory.Start %s", of)
	var f errs.Fields
	if _, there := situation(key); !there {
		f.Add("situation", "mandatory.situation_missing")
	}
	long(&f, "words", words, maxWords)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		x, err := s.subject(ctx, of)
		if err != nil {
			return err
		}
		log := audit.Entry{Act: "mandatory.act.start", Subject: Kind, Ref: of, Pos: x.Pos, Unit: x.Unit}
		if err := s.keepers(ctx, x.Owner, x.Unit, x.Pos, log); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		switch err := s.audit.Sound(ctx); {
		case errs.Is(err, errs.Conflict): // nothing sealed can be read at the moment: a second one is better than none
		case err != nil:
			return err
		default:
			if there, err := s.running(ctx, x, key); err != nil || there != (id.Ref{}) {
				ref = there
				return err
			}
		}
		now, a := clock.Millis(ctx), scope.From(ctx)
		d := Duty{Root: of.Root, ID: id.New(), Unit: x.Unit, Pos: x.Pos, No: x.No, OfRoot: of.Root, OfID: of.ID, State: Open, OpenedAt: now, OpenedBy: a.Account, OpenedName: a.Name, DueAt: now + dueIn.Milliseconds()}
		ref = d.Ref()
		if err := s.insert(ctx, d); err != nil {
			return err
		}
		if _, err := s.seal.Seal(ctx, ownerOf(d, x), map[string]string{"situation": key, "words": words}); err != nil {
			return err
		}
		log.Ref = ref
		if err := s.audit.Log(ctx, log); err != nil {
			return err
		}
		return s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: taskKey(ref), Unit: d.Unit, Pos: d.Pos, TitleKey: "mandatory.task.report", Why: "mandatory.task.report_why",
			Args: map[string]any{"No": d.No, flow.ArgUrgency: flow.Express}, Due: clock.Today(ctx), Link: path(ref)})
	})
	return ref, err
}

// running is the open duty of a subject with a situation.
func (s *Service) running(ctx context.Context, x Subject, key string) (id.Ref, error) {
	list, err := s.ofAcrossUnits(ctx, x.Ref)
	if err != nil {
		return id.Ref{}, err
	}
	for _, d := range list {
		if d.State != Open {
			continue
		}
		said, err := s.seal.Open(ctx, ownerOf(d, x))
		if err != nil {
			return id.Ref{}, err
		}
		if slices.ContainsFunc(said, func(r seal.Record) bool { return r.Fields["situation"] == key }) {
			return d.Ref(), nil
		}
	}
	return id.Ref{}, nil
}

func taskKey(ref id.Ref) string { return "mandatory.duty:" + ref.String() }

func riseKey(ref id.Ref, level int64) string { return fmt.Sprintf("mandatory.rise:%s:%d", ref, level) }

// Open reads a duty with what is sealed of it; the reading stands in the log. Forbidden "mandatory.closed" for who works at the unit
// and may not read it, NotFound for all others.
func (s *Service) Open(ctx context.Context, ref id.Ref) (out Opened, err error) {
	defer errs.Wrapf(&err, "mandatory.Open %s", ref)
	d, x, _, err := s.Known(ctx, ref)
	if err != nil {
		return out, err
	}
	said, err := s.seal.Open(ctx, ownerOf(d, x))
	if errs.Is(err, errs.Forbidden) {
		return out, errs.New(errs.Forbidden, "mandatory.closed")
	}
	if err != nil {
		return out, err
	}
	out.Duty = d
	for _, r := range said {
		for field, p := range map[string]*string{"situation": &out.Situation, "words": &out.Words, "to": &out.Report.To, "by": &out.Report.By, "no": &out.Report.No, "reason": &out.Reason} {
			if text := r.Fields[field]; text != "" {
				*p = text
			}
		}
	}
	out.Report.Agency, out.Report.At = d.Agency, d.ReportedAt
	return out, nil
}

// end ends a duty: its row, its sealed words, its tasks here and above and its row in the log are one transaction.
func (s *Service) end(ctx context.Context, ref id.Ref, ver int64, act string, do func(ctx context.Context, d *Duty, x Subject) (map[string]string, error)) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		d, x, _, err := s.Known(ctx, ref)
		if err != nil {
			return err
		}
		log := audit.Entry{Act: "mandatory.act." + act, Subject: Kind, Ref: ref, Pos: d.Pos, Unit: d.Unit}
		o := ownerOf(d, x)
		if err := s.keepers(ctx, o, d.Unit, d.Pos, log); err != nil {
			return err
		}
		if d.State != Open {
			return errs.New(errs.Conflict, "mandatory.ended")
		}
		if ver != 0 && ver != d.Ver {
			return errs.New(errs.Conflict, "mandatory.changed")
		}
		fields, err := do(ctx, &d, x)
		if err != nil {
			return err
		}
		a := scope.From(ctx)
		d.EndedAt, d.EndedBy, d.EndedName = clock.Millis(ctx), a.Account, a.Name
		for n := range d.Risen {
			if err := s.flow.DoneTask(ctx, riseKey(ref, n+1)); err != nil {
				return err
			}
		}
		d.DueAt = 0
		if ok, err := s.update(ctx, d); err != nil {
			return err
		} else if !ok {
			return errs.New(errs.Conflict, "mandatory.changed")
		}
		if _, err := s.seal.Seal(ctx, o, fields); err != nil {
			return err
		}
		if err := s.audit.Log(ctx, log); err != nil {
			return err
		}
		return s.flow.DoneTask(ctx, taskKey(ref))
	})
}

// Report ends a duty: it was reported.
func (s *Service) Report(ctx context.Context, ref id.Ref, ver int64, r Report) (err error) {
	defer errs.Wrapf(&err, "mandatory.Report %s", ref)
	return s.end(ctx, ref, ver, "report", func(ctx context.Context, d *Duty, _ Subject) (map[string]string, error) {
		f := r.problems(d.OpenedAt, clock.Millis(ctx))
		if err := f.Err(); err != nil {
			return nil, err
		}
		d.State, d.Agency, d.ReportedAt = Reported, r.Agency, r.At
		return map[string]string{"to": strings.TrimSpace(r.To), "by": strings.TrimSpace(r.By), "no": strings.TrimSpace(r.No)}, nil
	})
}

// Waive ends a duty: it is not reported, for a reason, in the name of a lead of the subject who did not open it, if there is another.
func (s *Service) Waive(ctx context.Context, ref id.Ref, ver int64, reason string) (err error) {
	defer errs.Wrapf(&err, "mandatory.Waive %s", ref)
	return s.end(ctx, ref, ver, "waive", func(ctx context.Context, d *Duty, x Subject) (map[string]string, error) {
		if why := whyNotWaive(ctx, *d, x); why != "" {
			return nil, s.refuseLead(ctx, *d, why)
		}
		f := reasonProblems(reason)
		if err := f.Err(); err != nil {
			return nil, err
		}
		d.State = Waived
		return map[string]string{"reason": strings.TrimSpace(reason)}, nil
	})
}

// whyNotWaive is the key of the reason for which whoever acts may not say that a duty is not reported; "" when they may.
func whyNotWaive(ctx context.Context, d Duty, x Subject) string {
	a := scope.From(ctx)
	switch {
	case !slices.Contains(x.Leads, a.Account):
		return "mandatory.not_lead"
	case a.Account == d.OpenedBy && slices.ContainsFunc(x.Leads, func(l id.ID) bool { return l != a.Account }):
		return "mandatory.not_alone"
	}
	return ""
}

func (s *Service) refuseLead(ctx context.Context, d Duty, key string) error {
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "mandatory.act.waive", Subject: Kind, Ref: d.Ref(), Pos: d.Pos, Unit: d.Unit}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, key)
}

// MayClose refuses that a subject is closed or handed over while something of it has to be reported.
func (s *Service) MayClose(ctx context.Context, of id.Ref) error {
	list, err := s.ofAcrossUnits(ctx, of)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(d Duty) bool { return d.State == Open }) {
		var f errs.Fields
		f.Add("mandatory", "mandatory.first")
		return f.Err()
	}
	return nil
}

// List are a unit's duties, the open ones or those that ended, for who works in that very unit; nobody else is told of one.
func (s *Service) List(ctx context.Context, u org.Unit, open bool) ([]Duty, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	return s.ofUnitAcrossUnits(ctx, u.ID, open, 200)
}

// Late counts a unit's duties that nobody reported within the hour.
func (s *Service) Late(ctx context.Context, u org.Unit) (int64, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return 0, errNone
	}
	return s.lateAcrossUnits(ctx, u.ID, clock.Millis(ctx)-dueIn.Milliseconds())
}

// matter is a duty as the pages of sealed data need it.
func (s *Service) matter(ctx context.Context, of id.Ref) (seal.Matter, error) {
	d, x, _, err := s.Known(ctx, of)
	if err != nil {
		return seal.Matter{}, err
	}
	return seal.Matter{Owners: []seal.Owner{ownerOf(d, x)}, Title: tr(ctx, "mandatory.one", "No", d.No), Href: path(of), Hint: "mandatory.sealed_effect",
		Label: func(ctx context.Context, kind string) string { return tr(ctx, "mandatory.sealed") },
		Name:  func(string, seal.Record) string { return "" }}, nil
}

func path(ref id.Ref) string { return "/mandatory/" + ref.String() }

// NewPath is where a duty is opened from a subject.
func NewPath(of id.Ref) string { return "/mandatory/new/" + of.String() }

func tr(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

func numbered(n int64) string { return strconv.FormatInt(n, 10) }
