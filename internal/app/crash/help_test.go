package crash

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"xinhuo/internal/account"
	"xinhuo/internal/app"
	"xinhuo/internal/care"
	"xinhuo/internal/casework"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// What is said of requests for help and of cases. Each line is about one of them, which its number names: of a request that of its
// receipt. A word's text is the outside name that the line has, so that it is found again.
const (
	told     = "told"   // to whoever asked
	noted    = "noted"  // among those who help
	spoken   = "spoken" // by whoever asked
	seen     = "seen"   // read by who helps
	caseNote = "casenote"
)

var ofHelp = map[string]bool{care.Kind: true, casework.Kind: true, told: true, noted: true, spoken: true, seen: true, caseNote: true}

// Those who lead the desk: one works, the other looks afterwards, so that the log tells their readings apart.
const (
	leadLogin  = "lead"
	checkLogin = "check"
)

// phrase is that of every request for help.
const phrase = "外婆家的橘子树"

func actor(ctx context.Context, a *app.App, login string) (scope.Actor, error) {
	acc, err := a.Account.ByLogin(ctx, login)
	if err != nil {
		return scope.Actor{}, err
	}
	return a.Account.Actor(ctx, acc.ID)
}

// help asks for help, opens a case, or goes on with one of either. // R166: none lost under kill -9, and nothing read that the log does not say
func (w *writer) help(ctx context.Context) (done said, err error) {
	n := w.rnd.IntN(10)
	if len(w.cares) == 0 || n == 0 {
		return w.newRequest(ctx)
	}
	if n == 1 {
		return w.newCase(ctx)
	}
	of := w.cares[w.rnd.IntN(len(w.cares))]
	done = said{"", id.Ref{Root: of.ref.Root, ID: id.New()}, of.n, false}
	text, helper := done.ref.String(), scope.With(ctx, w.lead)
	if of.kind == casework.Kind {
		if n < 5 {
			done.kind = seen
			_, err = w.a.Casework.Open(helper, of.ref)
			return done, err
		}
		done.kind = caseNote
		return done, w.a.Casework.Note(helper, of.ref, text, text)
	}
	switch {
	case n < 5:
		done.kind = seen
		_, err = w.a.Care.Open(helper, of.ref)
	case n < 7:
		done.kind = told
		err = w.a.Care.Write(helper, of.ref, care.Entry{Kind: care.Told, Text: text, Mark: text})
	case n < 9:
		done.kind = noted
		err = w.a.Care.Write(helper, of.ref, care.Entry{Kind: care.Noted, Text: text, Mark: text})
	default:
		done.kind = spoken
		visitor := scope.With(ctx, scope.Actor{})
		var out care.Answer
		if out, err = w.a.Care.Back(visitor, fmt.Sprint(of.n), phrase, fmt.Sprint("192.0.2.", of.n%250)); err == nil {
			_, err = w.a.Care.Say(visitor, out.Token, text, text)
		}
	}
	return done, err
}

// newRequest asks for help; its number is that of its receipt.
func (w *writer) newRequest(ctx context.Context) (said, error) {
	a := care.Ask{Unit: w.units[0], Kind: "mind", Asker: "young", Way: "here", Text: "想找人说说话。", Phrase: phrase}
	var err error
	if a.Receipt, a.Proof, err = w.a.Care.NewReceipt(ctx); err != nil {
		return said{}, err
	}
	q, err := w.a.Care.Ask(scope.With(ctx, scope.Actor{}), a, fmt.Sprint("192.0.2.", w.rnd.IntN(250)))
	if err != nil {
		return said{}, err
	}
	n, err := strconv.ParseInt(a.Receipt, 10, 64)
	done := said{care.Kind, q.Ref(), n, false}
	w.cares = append(w.cares, done)
	return done, err
}

// newCase opens a case, whose number is its own; the child's name is that of nobody else.
func (w *writer) newCase(ctx context.Context) (said, error) {
	name := id.New()
	ref, err := w.a.Casework.OpenCase(scope.With(ctx, w.lead), casework.Opening{Unit: w.units[0], Class: "at_risk", Lead: checkLogin, Consent: casework.Unasked, Why: "联系不上", Person: map[string]string{"name": name.String(), "birth": "2010", "narrative": "逃学。"}})
	done := said{casework.Kind, ref, int64(ref.ID), false}
	w.cares = append(w.cares, done)
	return done, err
}

// desk lets the first county take requests for help.
func desk(ctx context.Context, a *app.App, unit id.ID) error {
	d, err := a.Care.Desk(ctx, unit)
	if err != nil || d.Open {
		return err
	}
	return a.DB.Tx(ctx, func(ctx context.Context) error {
		for _, login := range []string{leadLogin, checkLogin} {
			acc, err := a.Account.Create(ctx, account.NewAccount{Login: login, Person: login, Unit: unit, Password: "xinhuo-crash-1"})
			if err != nil {
				return err
			}
			if _, err := a.Account.Grant(ctx, account.Grant{Account: acc.ID, Kind: "work", Unit: unit, From: "2000-01-01", Reason: "x"}); err != nil {
				return err
			}
		}
		return a.Care.SetDesk(ctx, care.Desk{Unit: unit, Open: true, Kinds: care.Kinds, Phone: "0500-5550126", Hours: "x", Ver: d.Ver}, []string{leadLogin, checkLogin})
	})
}

// answered looks whether every request and case that was acknowledged is there with every word that was, none without its words,
// whether whoever asked finds with their receipt what is for them, and whether the log has each reading.
func answered(t *testing.T, dsn, files string, known map[id.Ref]said) {
	t.Helper()
	a, err := app.Open(context.Background(), app.Config{DSN: dsn, Files: files})
	if err != nil {
		t.Error(err)
		return
	}
	defer a.Close()
	bad, err := unanswered(a.System(context.Background(), "check"), a, known)
	for _, b := range bad {
		t.Error(b)
	}
	if err != nil {
		t.Error(err)
	}
}

func unanswered(ctx context.Context, a *app.App, known map[id.Ref]said) (bad []string, err error) {
	wrong := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	if !slices.ContainsFunc(slices.Collect(maps.Values(known)), func(s said) bool { return ofHelp[s.kind] }) {
		return nil, nil // killed before the desk was open
	}
	lead, err := actor(ctx, a, leadLogin)
	if err != nil {
		return bad, err
	}
	check, err := actor(ctx, a, checkLogin)
	if err != nil {
		return bad, err
	}
	views, words := map[int64]int64{}, map[int64][]said{}
	for _, s := range known {
		switch s.kind {
		case seen:
			views[s.n]++
		case told, noted, spoken, caseNote:
			words[s.n] = append(words[s.n], s)
		}
	}
	for _, s := range known {
		if s.kind != care.Kind && s.kind != casework.Kind {
			continue
		}
		logged, err := db.Get[int64](ctx, a.DB, `SELECT COUNT(*) FROM audit_entry WHERE act = 'seal.act.open' AND refused = 0 AND actor = $1 AND ref_id = $2`, lead.Account, s.ref.ID)
		if err != nil {
			return bad, err
		}
		if logged < views[s.n] {
			wrong("%s %s was read %d times, the log says %d", s.kind, s.ref, views[s.n], logged)
		}
		has, theirs := map[string]bool{}, map[string]bool{}
		if s.kind == casework.Kind {
			open, err := a.Casework.Open(scope.With(ctx, check), s.ref)
			if err != nil {
				wrong("case %s was acknowledged: %v", s.ref, err)
				continue
			}
			if open.Person["name"] == "" {
				wrong("case %s does not say of whom it is", s.ref)
			}
			for _, e := range open.Entries {
				has[e.Words["text"]] = true
				if e.Kind == casework.Noted && e.Words["text"] == "" {
					wrong("a note of case %s has no words", s.ref)
				}
			}
		} else {
			open, err := a.Care.Open(scope.With(ctx, check), s.ref)
			if err != nil {
				wrong("request %s was acknowledged: %v", s.ref, err)
				continue
			}
			for _, e := range open.Entries {
				has[e.Text] = true
				if e.Kind != care.Step && e.Text == "" {
					wrong("a word of request %s is empty", s.ref)
				}
			}
			back, err := a.Care.Back(scope.With(ctx, scope.Actor{}), fmt.Sprint(s.n), phrase, fmt.Sprint("192.0.2.", s.n%250))
			if err != nil || len(back.Entries) == 0 || back.Entries[0].Text != "想找人说说话。" {
				wrong("request %s was acknowledged: %+v, %v", s.ref, back.Entries, err)
			}
			for _, e := range back.Entries {
				theirs[e.Text] = true
			}
		}
		for _, x := range words[s.n] {
			if !has[x.ref.String()] {
				wrong("%s of %s was acknowledged and is not there", x.kind, s.ref)
			}
			if mine := x.kind == told || x.kind == spoken; mine != theirs[x.ref.String()] {
				wrong("%s of %s: whoever asked finds it: %v", x.kind, s.ref, !mine)
			}
		}
	}
	return bad, nil
}

// The check itself must see what is lost: a reading that the log does not say, a word, a request, whom a case is about.
func TestCheckSeesWhatIsLost(t *testing.T) {
	dsn, files := testkit.DSN(t), t.TempDir()
	known := map[id.Ref]said{}
	for _, s := range run(t, dsn, files, 5, len(app.Migrations())+60, nil) {
		known[s.ref] = s
	}
	answered(t, dsn, files, known)
	a, err := app.Open(context.Background(), app.Config{DSN: dsn, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := a.System(context.Background(), "check")
	for _, q := range []string{
		"DELETE FROM audit_entry WHERE act = 'seal.act.open'",
		"DELETE FROM care_entry WHERE kind = 'told'",
		"DELETE FROM care_entry WHERE kind = 'noted'",
		"DELETE FROM casework_entry WHERE kind = 'noted'",
		"DELETE FROM care_request",
		"DELETE FROM seal_value WHERE record IN (SELECT id FROM seal_record WHERE kind = 'care.entry')",
		"DELETE FROM seal_value WHERE record IN (SELECT id FROM seal_record WHERE kind = 'casework.child')",
	} {
		if err := a.DB.Rehearse(ctx, func(ctx context.Context) error {
			if n, err := a.DB.Exec(ctx, q); err != nil || n == 0 {
				return fmt.Errorf("%d rows, %w", n, err)
			}
			bad, err := unanswered(ctx, a, known)
			if err == nil && len(bad) == 0 {
				t.Errorf("not seen: %s", q)
			}
			return err
		}); err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
}
