package survey

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Register is the register of bases, as far as a survey asks about it and corrects it.
type Register interface {
	// Fields are what can be asked about a base of a unit's city, in the reader's language.
	Fields(ctx context.Context, u org.Unit) ([]Field, error)
	// Of are the bases that a unit hosts, by name.
	Of(ctx context.Context, u org.Unit) ([]Subject, error)
	// Within are the bases that stand within some subtrees, whether the reader may view them or not.
	Within(ctx context.Context, within scope.Set) ([]id.ID, error)
	// Hosts are the places at which bases stand now, each once.
	Hosts(ctx context.Context, bases []id.ID) ([]int64, error)
	// Correct writes values into the fields of a base that a unit hosts, as long as these hold what was; it answers the
	// version that this made. The caller has asked for the right. Conflict, in words, when they hold something else.
	Correct(ctx context.Context, base id.Ref, host org.Unit, was, now map[string]Value, ch record.Change) (int64, error)
	// Undo takes one's own correction back, as any change of a base. Conflict when somebody changed the base since.
	Undo(ctx context.Context, base id.Ref, version int64) error
}

// Service keeps surveys, what units answer, anonymous questionnaires, and research reports.
type Service struct {
	db       *db.DB
	store    store
	rec      *record.Service
	ledger   *ledger.Service
	org      *org.Service
	flow     *flow.Service
	audit    *audit.Service
	register Register
	surveys  *record.Book[Survey]
	answers  *record.Book[Answer]
	reports  *record.Book[Report]
	polls    *record.Book[Poll]
	needs    Needs
	from     func(*http.Request) string // the network address of a request
	blobs    blob.Store                 // the files of reports
	inboxes  int                        // mostInboxes; tests lower it
}

// New makes the service: it opens its books, publishes them to the ledger, offers answers as tables, lends its box to the
// unit's page and its lines to the inbox. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service, reg Register, needs Needs, from func(*http.Request) string, blobs blob.Store) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, audit: a, register: reg, needs: needs, from: from, blobs: blobs, inboxes: mostInboxes}
	s.surveys = record.NewBook(rec, record.Kind[Survey]{Name: Kind, Home: func(v Survey) id.ID { return v.Unit }, Put: s.putSurvey, Rows: surveyRows, Facts: s.surveyFacts}, s.surveySource())
	s.answers = record.NewBook(rec, record.Kind[Answer]{Name: KindAnswer, Home: func(a Answer) id.ID { return a.Unit }, Homes: func(a Answer) []id.ID { return []id.ID{a.Unit, a.Issuer} }, Put: s.putAnswer, Rows: answerRows, Facts: s.answerFacts}, s.answerSource())
	s.reports = s.openReports()
	s.polls = s.openPolls()
	rec.AddImporter(s.answerImporter())
	rec.AddImporter(s.reportImporter())
	o.AddPanel(s.panel())
	f.Lend(s.waiting)
	return s
}

// UnitChanged hears org: surveys follow a unit to its new place, or to its heir's. Register it after the ledger's own listener.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	if err := s.store.movePolls(ctx, c.Unit, u.Pos); err != nil {
		return err
	}
	if err := s.store.moveReports(ctx, c.Unit, u.Pos); err != nil {
		return err
	}
	return s.store.moveUnit(ctx, c.Unit, u.Range())
}

func (s *Service) putSurvey(ctx context.Context, ref id.Ref, v Survey, gone bool) error {
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	return s.store.put(ctx, ref, u.Range(), v, gone)
}

func (s *Service) putAnswer(ctx context.Context, ref id.Ref, a Answer, gone bool) error {
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return err
	}
	return s.store.putAnswer(ctx, ref, u.Pos, a, gone)
}

// acted is a change by one of the module's acts.
func acted(act string) record.Change { return record.Change{Act: "survey.act." + act} }

// because is a change with a reason, which has to be said.
func because(act, reason string) (record.Change, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "survey.reason_missing")
		return record.Change{}, f.Err()
	}
	return record.Change{Act: "survey.act." + act, Reason: reason}, nil
}

// Get reads a survey. Its issuer and whoever stands above may read it at any time; once it is issued, so may every unit
// below the issuer.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Survey, record.Version, error) {
	l, err := s.store.surveyAcrossUnits(ctx, ref)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Survey{}, record.Version{}, err
	}
	if err == nil && l.IssuedOn != clock.Open && len(scope.From(ctx).ViewSet.Within(scope.Range{From: l.Pos, To: l.PosTo})) > 0 {
		return s.surveys.Get(scope.Widened(ctx, l.Pos, false), ref)
	}
	return s.surveys.Get(ctx, ref)
}

// issuerOf is the unit at which a survey is kept, and whether the reader works there.
func (s *Service) issuerOf(ctx context.Context, v Survey) (org.Unit, bool, error) {
	u, err := s.rec.Home(ctx, v.Unit)
	return u, err == nil && scope.From(ctx).May(scope.Work, u.Pos), err
}

// mayIssue refuses, and logs, whoever does not work at the issuer: others see the survey because it comes to them.
func (s *Service) mayIssue(ctx context.Context, ref id.Ref, v Survey, act string) error {
	u, works, err := s.issuerOf(ctx, v)
	if err != nil || works {
		return err
	}
	return s.refused(ctx, act, Kind, ref, u)
}

func (s *Service) refused(ctx context.Context, act, kind string, ref id.Ref, u org.Unit) error {
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "survey.act." + act, Subject: kind, Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
}

// Create begins a survey; it stays a draft until it is issued.
func (s *Service) Create(ctx context.Context, v Survey) (ref id.Ref, err error) {
	if err := s.surveys.MayCreate(ctx, v, acted("create")); err != nil {
		return ref, err
	}
	v.clean()
	questions := v.Questions
	v.IssuedOn, v.Asked, v.Questions, v.Bases = clock.Open, 0, nil, nil
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.org.Unit(ctx, v.Unit)
		if err != nil {
			return err
		}
		f := v.check(u.Level)
		if v.Due != clock.Open && v.Due < clock.Today(ctx) {
			f.Add("due", "survey.due_past")
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := s.askAll(ctx, &v, u, questions); err != nil {
			return err
		}
		ref, err = s.surveys.Create(ctx, v, acted("create"))
		return err
	})
	return ref, err
}

// askAll puts questions into a draft that has none.
func (s *Service) askAll(ctx context.Context, v *Survey, u org.Unit, questions []Question) error {
	fields, err := s.register.Fields(ctx, u)
	if err != nil {
		return err
	}
	for _, q := range questions {
		q.No = 0
		if err := v.ask(q, fields); err != nil {
			return err
		}
	}
	return v.check(u.Level).Err()
}

// change reads a survey for somebody who works at its issuer, changes it and saves it.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, ch record.Change, change func(v *Survey, u org.Unit) error) error {
	v, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayIssue(ctx, ref, v, strings.TrimPrefix(ch.Act, "survey.act.")); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		v, _, err := s.Get(ctx, ref)
		if err != nil {
			return err
		}
		v.Questions = slices.Clone(v.Questions)
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		if err := change(&v, u); err != nil {
			return err
		}
		if err := v.check(u.Level).Err(); err != nil {
			return err
		}
		return s.surveys.Save(ctx, ref, version, v, ch)
	})
}

// Save changes what a survey says of itself. Once it is issued, whom it asks and about what stay as they were; the day can
// be put off, never drawn in.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, n Survey) error {
	return s.change(ctx, ref, version, acted("save"), func(v *Survey, u org.Unit) error {
		n.clean()
		var f errs.Fields
		switch {
		case v.IssuedOn == clock.Open:
			if v.About != n.About {
				v.Questions = slices.DeleteFunc(v.Questions, func(q Question) bool { return q.Field != "" })
			}
			v.About, v.Levels = n.About, n.Levels
			if n.Due != clock.Open && n.Due < clock.Today(ctx) {
				f.Add("due", "survey.due_past")
			}
		case n.Due < v.Due:
			f.Add("due", "survey.due_drawn_in")
		}
		v.Title, v.Text, v.Document, v.Due = n.Title, n.Text, n.Document, n.Due
		return f.Err()
	})
}

// Ask adds a question to a draft, or changes the one of its number.
func (s *Service) Ask(ctx context.Context, ref id.Ref, version int64, q Question) error {
	return s.change(ctx, ref, version, acted("ask"), func(v *Survey, u org.Unit) error {
		fields, err := s.register.Fields(ctx, u)
		if err != nil {
			return err
		}
		return v.ask(q, fields)
	})
}

// AskFields asks about fields of the register, those that a draft asks about already left as they are.
func (s *Service) AskFields(ctx context.Context, ref id.Ref, version int64, keys []string) error {
	return s.change(ctx, ref, version, acted("ask"), func(v *Survey, u org.Unit) error {
		fields, err := s.register.Fields(ctx, u)
		if err != nil {
			return err
		}
		var f errs.Fields
		if len(keys) == 0 {
			f.Add("fields", "survey.fields_missing")
		}
		for _, k := range keys {
			if slices.ContainsFunc(v.Questions, func(q Question) bool { return q.Field == k }) {
				continue
			}
			if err := v.ask(Question{Field: k}, fields); err != nil {
				f.Add("fields", "survey.field_unknown")
			}
		}
		return f.Err()
	})
}

// Unask takes a question out of a draft.
func (s *Service) Unask(ctx context.Context, ref id.Ref, version int64, no int) error {
	return s.change(ctx, ref, version, acted("unask"), func(v *Survey, _ org.Unit) error { return v.unask(no) })
}

// Issue sends a survey out. It writes one row, however many units there are.
func (s *Service) Issue(ctx context.Context, ref id.Ref, version int64) error {
	return s.change(ctx, ref, version, acted("issue"), func(v *Survey, _ org.Unit) error {
		n, err := s.Addressed(ctx, *v)
		if err != nil {
			return err
		}
		if v.About == "base" && v.IssuedOn == clock.Open {
			at, err := s.asked(ctx, *v)
			if err != nil {
				return err
			}
			if v.Bases, err = s.register.Within(ctx, at); err != nil {
				return err
			}
		}
		return v.issue(clock.Today(ctx), n)
	})
}

// Remove takes a survey out that was entered by mistake; one that somebody has begun to answer stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("remove", reason)
	if err != nil {
		return err
	}
	v, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayIssue(ctx, ref, v, "remove"); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.unanswered(ctx, ref); err != nil {
			return err
		}
		return s.surveys.Remove(ctx, ref, version, ch)
	})
}

// unanswered refuses when a unit has begun to answer.
func (s *Service) unanswered(ctx context.Context, ref id.Ref) error {
	ids, err := s.store.answersWithin(ctx, ref.ID, scope.Range{To: 1 << 62}, scope.All)
	if err == nil && len(ids) > 0 {
		err = errs.New(errs.Conflict, "survey.has_answers", "N", len(ids))
	}
	return err
}

// Undo takes one's own last change back. A survey that somebody has begun to answer stays issued.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.surveys.Undo(ctx, ref, version); err != nil {
			return err
		}
		v, _, err := s.surveys.Get(ctx, ref)
		if err == nil && v.IssuedOn != clock.Open {
			return nil
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		return s.unanswered(ctx, ref)
	})
}

// mostListed bounds a list of surveys.
const mostListed = 200

// List are the surveys that come to a unit, that it issues, and that units below it issue: drafts first, then the latest.
// Needs View at the unit.
func (s *Service) List(ctx context.Context, u org.Unit) ([]Listed, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.store.listAcrossUnits(ctx, u, scope.From(ctx).ViewSet, mostListed)
}

// Fields are what a survey of a unit can ask about bases.
func (s *Service) Fields(ctx context.Context, u org.Unit) ([]Field, error) {
	return s.register.Fields(ctx, u)
}
